"""The tours through what staff see; see tests/browser/tours.py."""

from __future__ import annotations

from contextvars import Context
from datetime import timedelta
from typing import TYPE_CHECKING

from app.clock import now, today
from app.db import session, transaction
from app.models import Grant, Message, Person, Programme, ProgrammeVersion, Proposal, Run, VolunteerCall
from app.security.viewer import Viewer
from app.services import (
    administrators,
    attendance,
    imports,
    matches,
    network_programmes,
    programmes,
    recordings,
    remarks,
    second_factors,
    shortages,
)
from app.services.accounts import new_link
from app.services.network_programmes import ProgrammeSettings
from app.services.outbox import tell
from app.vocabulary import BuddyState, DuoState, DutchLevel, EntryState, HoursRefusal, NewcomerState, Role
from app.vocabulary.activities import OfferState
from app.vocabulary.contracts import DecisionKind
from app.vocabulary.records import Answer, LinkPurpose, MessageState, RunState
from app.vocabulary.spoken import spoken_text
from tests import factories, joining
from tests.activity_lists import lists_in_every_state
from tests.browser.tours import LONG_NAME, READERS, Ground, Stop, Tour, cookie_of, refused
from tests.factors import phone_of
from tests.hours_world import World, by_account
from tests.sounds import ogg
from tests.web.walks import NEWCOMER
from tests.weights import EVIDENCE, WEIGHTS

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.testing import FlaskClient

LIST = b"Naam;E-mail;Postcode;Talen\nJos\xc3\xa9 <b>x</b>;jose@example.be;2800;Klingon\nAn;an@example.be;2800;Frans\n=1+1;x;2800;\n"


def some_people() -> tuple[list[int], list[int]]:
    """Buddies and newcomers of Rivierenland in every state; their ids."""
    buddies, newcomers = [], []
    for state in BuddyState:
        talk = now() if state is BuddyState.INTAKE_PLANNED else None
        pause = factories.days_from_now(30) if state is BuddyState.PAUSED else None
        buddies.append(factories.buddy(state=state, name=LONG_NAME, talk_at=talk, paused_until=pause).id)
    for kind in NewcomerState:
        talk = now() if kind is NewcomerState.INTAKE_PLANNED else None
        newcomers.append(
            factories.newcomer(state=kind, talk_at=talk, words="أحب الطبخ", words_language="ar").id
        )
    return buddies, newcomers


def some_duos(by: Person) -> list[int]:
    """Duos that ask something of their coordinator; their ids."""
    past = now() - timedelta(days=1)
    return [
        factories.duo(newcomer=factories.newcomer(), buddy=factories.buddy(), approved_by=by, **values).id
        for values in (
            {"state": DuoState.ASKED, "answer_before": past},
            {"state": DuoState.MEETING, "first_meeting_at": past, "insurer": "Ethias"},
            {"state": DuoState.MEETING, "newcomer_after": Answer.YES, "buddy_after": Answer.YES},
            {"state": DuoState.ACTIVE, "starts_on": today(), "ends_on": factories.days_from_now(90)},
            {"state": DuoState.ENDED, "ended_at": past},
        )
    ]


def some_messages() -> list[int]:
    """A message to hand over, and a mail that came back; their ids."""
    for email in (False, True):
        person = factories.newcomer(email=email).person
        with transaction():
            tell(person, "sign-in-link", network="rivierenland", link="http://localhost/x")
    with transaction() as db:
        found = db.query(Message).order_by(Message.id).all()
        found[-1].state, found[-1].failure = MessageState.FAILED, "refused: 550"
        return [message.id for message in found]


def to_judge() -> tuple[int, int]:
    """An organisation to verify and an activity to check; their ids."""
    house = factories.organisation().id
    sent = factories.offer(
        organisation_id=house, state=OfferState.TO_CHECK, published_at=None, words=LONG_NAME
    )
    return factories.organisation(verified=False, name=LONG_NAME).id, sent.id


def offer_lists(viewer: Viewer) -> tuple[Stop, ...]:
    """Lists of activities that do not go on by themselves."""
    found = lists_in_every_state(viewer)
    shown = (
        Stop("offers.list_shown", f"activity-lists/{found[state]}") for state in ("ready", "done", "failed")
    )
    return Stop("offers.lists", "activity-lists"), refused("offers.lists", "activity-lists"), *shown


def coordinator(ground: Ground) -> Tour:
    """People, duos, messages, an import: a full morning."""
    els = factories.coordinator()
    viewer = factories.viewer(els)
    buddies, newcomers = some_people()
    duos, messages = some_duos(els), some_messages()
    stopped = factories.duo(
        newcomer=factories.newcomer(), buddy=factories.buddy(), approved_by=els, state=DuoState.FROZEN
    )
    asks = factories.safety_report(stopped, stopped.newcomer.person, words="أخاف", words_language="ar").id
    said, unsaid = spoken_text("My track", "ti").digest, spoken_text("My hours", "ti").digest
    heard = recordings.keep_recording(viewer, "ti", said, ogg()).id
    preview, done = (
        imports.keep_list(viewer, network="rivierenland", data=LIST + more, text="") for more in (b"", b"\n")
    )
    imports.take_over(
        viewer, done, invite=False, link_for=lambda locale, token: f"http://localhost/{locale}/{token}"
    )
    hit = factories.blocked(els, factories.buddy(name=LONG_NAME, state=BuddyState.REGISTERED), note=LONG_NAME)
    families = network_programmes.make_programme(
        viewer, "rivierenland", ProgrammeSettings("Gezinnen", 9, 1, 3, DutchLevel.B1, ("Lier",))
    )
    network_programmes.write_text(viewer, families, "ar", line="مع عائلتك، كل أسبوع", words="")
    new, sent = to_judge()
    return ground.of(
        els,
        Stop("organisations.mine", "my-activities"), Stop("organisations.check", f"organisations/{new}/check"),
        Stop("quality.index", "quality"), Stop("quality.missing", "quality/rivierenland/missing?show=all"),
        Stop("quality.languages", "reports/languages"),
        Stop("activities.check", f"activities/{sent}/check"), refused("activities.check", f"activities/{sent}/check"),
        Stop("people.duplicates", "people/duplicates/buddy"),
        Stop("people.compare", f"people/duplicates/buddy/{buddies[0]}/{buddies[1]}"),
        Stop("people.block_list", "people/blocks"), Stop("people.block_hit", f"people/blocks/people/{hit.id}"),
        Stop("today.index", "today"), Stop("today.index", "today?kind=send"),
        *(Stop("today.message", f"today/messages/{key}") for key in messages),
        Stop("people.buddies", "people/buddies"), Stop("people.buddies", "people/buddies?q=nobody-has-this-name"),
        *(Stop("people.buddy", f"people/buddies/{key}") for key in buddies),
        Stop("people.newcomers", "people/newcomers"),
        *(Stop("people.newcomer", f"people/newcomers/{key}") for key in newcomers),
        Stop("people.import_list", "people/import"), refused("people.import_list", "people/import"),
        *offer_lists(viewer),
        Stop("people.import_preview", f"people/import/{preview}"), Stop("people.import_preview", f"people/import/{done}"),
        Stop("duos.index", "duos"), *(Stop("duos.show", f"duos/{key}") for key in duos),
        Stop("safety.index", "safety"), Stop("safety.show", f"safety/{asks}"),
        Stop("safety.note", f"safety/{asks}/note"), refused("safety.close", f"safety/{asks}/close"),
        Stop("safety.stop_contact", f"duos/{duos[3]}/stop-contact"), refused("safety.stop_contact", f"duos/{duos[3]}/stop-contact"),
        Stop("duos.sheet", f"duos/{duos[3]}/sheet"), Stop("duos.end", f"duos/{duos[3]}/end"),
        Stop("networks.settings", "network"), refused("networks.settings", "network", call_within_days="x"),
        Stop("network_programmes.index", "network/rivierenland/programmes"),
        Stop("network_programmes.new", "network/rivierenland/programmes/new"),
        refused("network_programmes.new", "network/rivierenland/programmes/new"),
        Stop("network_programmes.programme", f"network/programmes/{families}"),
        Stop("network_programmes.words", f"network/programmes/{families}/texts/ar"),
        refused("network_programmes.words", f"network/programmes/{families}/texts/ar", line="", words="x"),
        Stop("network_programmes.ask_close", f"network/programmes/{families}/close"),
        Stop("networks.settings", "network/rivierenland"), Stop("admin.audit", "audit"), Stop("accounts.account", "account"),
        Stop("recordings.index", "recordings?language=ti"), Stop("recordings.text", f"recordings/ti/{said}"),
        refused("recordings.text", f"recordings/ti/{unsaid}"), Stop("recordings.remove", f"recordings/{heard}/remove"),
    )  # fmt: skip


def matching(ground: Ground) -> Tour:
    """A plan that is made, one under way, one that failed, and judging."""
    els = factories.coordinator()
    for number in range(3):
        factories.newcomer(
            name=f"Amina {number}", words="أحب الطبخ", words_language="ar", interests=["cooking", "chess"]
        )
        factories.buddy(name=f"Marleen {number}", words="Ik kook graag.", words_language="nl")
    factories.newcomer(name="Yonas Ver", wished_gender="m", max_km=1)
    run = matches.start_run(factories.viewer(els), "rivierenland")
    with transaction() as db:
        reserved = db.query(Proposal.id).order_by(Proposal.id.desc()).first()[0]
    matches.reserve(factories.viewer(els), reserved)
    with transaction() as db:
        proposals = list(db.query(Proposal).order_by(Proposal.id))
        for proposal in proposals:
            proposal.priority = True
        proposals[0].wish_rank = 1
        others = [
            Run(
                network_slug="rivierenland", programme_id=1, state=state, by_person_id=els.id, as_of=today(), weights_version="1",
                weights={}, failure="out of time" if state is RunState.FAILED else "",
            )
            for state in (RunState.FAILED, RunState.RUNNING)
        ]  # fmt: skip
        db.add_all(others)
        db.flush()
        keys = [other.id for other in others]
    made = shortages.make_call(factories.viewer(els), "rivierenland")
    code = session().get_one(VolunteerCall, made).code
    key = proposals[0].id
    factories.wish(factories.newcomer(), proposals[1], els, factories.buddy(), factories.buddy())
    asked = factories.loan_request("rivierenland").id
    refuse = f"matching/proposals/{key}/refuse"
    return ground.of(
        els, Stop("matches.index", "matching"), Stop("matches.run", f"matching/runs/{run}"),
        *(Stop("matches.run", f"matching/runs/{other}") for other in keys),
        Stop("matches.judge", f"matching/proposals/{key}"), Stop("matches.ask_refusal", refuse),
        refused("matches.ask_refusal", refuse), Stop("matches.judge", f"matching/proposals/{reserved}"),
        Stop("publishing.decided", "matching/networks/rivierenland"), Stop("publishing.ask_undo", f"matching/runs/{run}/undo"),
        Stop("wishes.show", f"matching/proposals/{key}/show"), Stop("wishes.index", "matching/choices"),
        Stop("loans.index", "loans"), refused("loans.index", "loans", until="x"),
        Stop("loans.ask", "loans/ask"), refused("loans.ask", "loans/ask", until="x"),
        Stop("loans.asked", f"loans/asked/{asked}"), refused("loans.asked", f"loans/asked/{asked}", buddy="x"),
        Stop("shortages.index", "shortages"),
        Stop("shortages.call", f"shortages/calls/{made}"), Stop("shortages.wanted", f"wanted/{code}"),
        Stop("shortages.poster", f"wanted/{code}/poster"),
    )  # fmt: skip


def new_coordinator(ground: Ground) -> Tour:
    """A network in which nothing happened yet."""
    paths = {
        "today.index": "today", "people.buddies": "people/buddies", "people.newcomers": "people/newcomers",
        "duos.index": "duos", "matches.index": "matching", "shortages.index": "shortages", "admin.audit": "audit", "people.import_list": "people/import",
    }  # fmt: skip
    return ground.of(
        factories.coordinator("kempen"), *(Stop(endpoint, path) for endpoint, path in paths.items())
    )


def counsellor(ground: Ground) -> Tour:
    """A caseload with every risk, and one newcomer with hours to judge."""
    world = World()
    confirmed, accepted = world.entry(EntryState.CONFIRMED), world.entry(EntryState.ACCEPTED)
    call = f"caseload/calls/{world.entry(EntryState.REFUSED, refusal=HoursRefusal.OTHER).id}"
    unjudged = factories.offer(
        title=LONG_NAME, newcomer_id=world.newcomer.id, dutch_spoken=None, people_met=None
    )
    judging = f"caseload/activities/{unjudged.id}"
    paper = factories.proof(world.entry(EntryState.CONFIRMED, confirmed_name="Marleen"))
    for days in (-3, 10, 200):
        other = factories.newcomer(counsellor=world.counsellor, name=LONG_NAME)
        factories.contract(other, world.counsellor, days=days)
    without = factories.newcomer(counsellor=world.counsellor)
    own, contract = f"caseload/{world.newcomer.id}", f"caseload/{without.id}/contract"
    ground_end = f"{own}/exemption/{factories.exemption(world.newcomer, world.counsellor).id}/end"
    several = f"caseload/several/{{}}?newcomer={world.newcomer.id}"
    return ground.of(
        world.counsellor,
        Stop("trajectories.caseload", "caseload"), Stop("trajectories.caseload", "caseload?q=nobody-has-this-name"),
        *(Stop("trajectories.several", several.format(what)) for what in ("accept", "remind")),
        Stop("trajectories.history", f"{own}/history"), Stop("trajectories.tasks", "caseload/to-do"),
        Stop("trajectories.call", call), refused("trajectories.call", call),
        Stop("trajectories.judge_offer", judging), refused("trajectories.judge_offer", judging),
        Stop("trajectories.extend", f"{own}/extend"), refused("trajectories.extend", f"{own}/extend"),
        Stop("trajectories.exempt", f"{own}/exemption"), refused("trajectories.exempt", f"{own}/exemption"),
        Stop("trajectories.end_ground", ground_end), refused("trajectories.end_ground", ground_end),
        *(Stop("trajectories.decide", f"{own}/decide/{kind.value}") for kind in DecisionKind),
        Stop("trajectories.transfer", f"{own}/transfer"), refused("trajectories.transfer", f"{own}/transfer"),
        Stop("trajectories.handover", f"{own}/handover"), refused("trajectories.handover", f"{own}/handover"),
        Stop("sign_ups.of_newcomer", f"{own}/activities"), Stop("sign_ups.of_newcomer", f"{own}/activities?q=taal"),
        Stop("trajectories.show", own), Stop("trajectories.show", f"caseload/{without.id}"),
        Stop("trajectories.contract", f"{own}/contract"), Stop("trajectories.contract", contract),
        refused("trajectories.contract", contract, starts_on="x"),
        Stop("trajectories.proof", f"{own}/proofs/{paper.id}"), Stop("trajectories.judge_proof", f"{own}/proofs/{paper.id}/check"),
        refused("trajectories.judge_proof", f"{own}/proofs/{paper.id}/back"),
        Stop("trajectories.judge", f"{own}/hours/{confirmed.id}/back"),
        refused("trajectories.judge", f"{own}/hours/{confirmed.id}/back"),
        Stop("trajectories.judge", f"{own}/hours/{accepted.id}/reverse"), Stop("trajectories.code", "caseload/code"),
        Stop("trajectories.code", "caseload/code", 0, {}),
        Stop("staff_reports.index", "reports"), Stop("staff_reports.proofs", "reports/proofs"),
        *(Stop("staff_reports.show", f"reports/{report}") for report in ("finished", "running", "hours", "flow", "channels")),
    )  # fmt: skip


def new_counsellor(ground: Ground) -> Tour:
    """An empty caseload."""
    return ground.of(factories.counsellor("atlas"), Stop("trajectories.caseload", "caseload"))


def administrator(ground: Ground) -> Tour:
    """People and roles, mails, weights in each state, the log."""
    keeper = factories.administrator(full_name=LONG_NAME)
    factories.coordinator()
    for _ in range(3):
        factories.newcomer("9000", interests=["chess"], languages=["ti"], dutch_level="a1")
        factories.newcomer("9000", interests=["cooking"], languages=["fr"], dutch_level="none")
    factories.buddy("9000", interests=["chess"], languages=["fr"], capacity=3)
    matches.start_run(factories.viewer(factories.coordinator("gent-stad")), "gent-stad")
    viewer, programme = factories.viewer(keeper), session().query(Programme).order_by(Programme.id).first().id
    ready = programmes.propose(viewer, programme, weights=WEIGHTS, evidence=EVIDENCE)
    with transaction() as db:
        busy = ProgrammeVersion(
            programme_id=programme, version="2026-3", weights=db.get_one(ProgrammeVersion, ready).weights,
            state=RunState.RUNNING, to_compare=4, compared=1,
        )  # fmt: skip
        db.add(busy)
        db.flush()
        under_way = busy.id
    message = some_messages()[1]
    remark = remarks.report(locale="ar", page="/ar/help", sentence="جملة غير صحيحة", contact="Sara")
    return ground.of(
        keeper, Stop("remarks.index", "admin/remarks"), Stop("remarks.show", f"admin/remarks/{remark}"),
        Stop("retention.index", "admin/retention"), Stop("retention.add", "admin/retention/new"), refused("retention.add", "admin/retention/new"),
        Stop("second_factors.own", "account/second-factor"), refused("second_factors.own", "account/second-factor"),
        Stop("rules.index", "admin/rules"),
        *(Stop("rules.add", f"admin/rules/new/{kind}") for kind in ("target", "term", "ground")),
        *(refused("rules.add", f"admin/rules/new/{kind}") for kind in ("target", "term", "ground")),
        Stop("admin.people", "admin/people"), Stop("admin.invite", "admin/people/new"),
        refused("admin.invite", "admin/people/new"), Stop("admin.messages", "admin/messages"),
        Stop("admin.message", f"admin/messages/{message}"), Stop("admin.audit", "audit"),
        Stop("programmes.weights", "admin/weights"), refused("programmes.weights", "admin/weights"),
        Stop("programmes.version", f"admin/weights/{ready}"), Stop("programmes.version", f"admin/weights/{under_way}"),
        Stop("programmes.ask_adopt", f"admin/weights/{ready}/adopt"), Stop("matches.index", "matching"),
    )  # fmt: skip


def with_a_key(ground: Ground) -> Tour:
    """An administrator with a second factor, and one of whom it was asked to take it away."""
    keeper, other = (factories.administrator(full_name=LONG_NAME) for _ in range(2))
    for person, salt in ((keeper, "a salt"), (other, "another salt")):
        phone_of(person, salt=salt)
    second_factors.ask_reset(factories.viewer(factories.administrator(full_name=LONG_NAME)), other.id)
    for actor in (keeper, other):
        administrators.ask(
            factories.viewer(actor), full_name=LONG_NAME, email=f"new{actor.id}@example.be", locale="nl", link_for="{}{}".format
        )  # fmt: skip
    return ground.of(
        keeper, Stop("second_factors.own", "account/second-factor"), Stop("admin.people", "admin/people"),
        Stop("accounts.account", "account"),
    )  # fmt: skip


def half_in(ground: Ground) -> Tour:
    """Between the password and the code of the phone."""
    person = factories.counsellor()
    phone_of(person)
    client = ground.signed_in(person)
    token = new_link(LinkPurpose.SECOND_FACTOR, locale="nl", person_id=person.id)
    half = {"token": token, "person": person.id, "key": "", "then": "/"}
    Context().run(keep_only, client.browser, half_in=half)
    here = "sign-in/second-factor"
    return Tour((Stop("second_factors.ask", here), refused("second_factors.ask", here)), cookie_of(client))


def keep_only(browser: FlaskClient, **values: object) -> None:
    """Let this be all that is in the session of a browser; run it in a context of its own."""
    with browser.session_transaction() as kept:
        kept.clear()
        kept.update(values)


def organisation(ground: Ground) -> Tour:
    """The contact person of a club with an account."""
    club, person = factories.organisation(), factories.person()
    with transaction() as db:
        db.add(Grant(person_id=person.id, role=Role.ORGANISATION, organisation_id=club.id))
    contact = factories.contact(person_id=person.id, organisation_id=club.id)
    offer = factories.offer(
        contact_person=contact,
        organisation_id=club.id,
        ends_on=factories.days_from_now(9),
        gatherings=[factories.weekly()],
    )
    entry = factories.entry(factories.newcomer(), offer, state=EntryState.SUBMITTED)
    signer = by_account(factories.viewer(person))
    sheet = attendance.sheet_for_group(signer, offer.id, factories.days_from_now(-1)).code
    here = f"my-activities/{offer.id}"
    factories.text(offer, "ar")
    token = new_link(LinkPurpose.GOES_ON, locale="nl", contact_person_id=contact.id, offer=offer.id)
    for name in (LONG_NAME, "Selam"):
        joining.comes_to(offer, name=name)
    time, people = joining.yesterday_at(offer).id, f"t/{joining.link_to(offer)}"
    house = f"my-activities/organisation/{club.id}"
    return ground.of(
        person,
        Stop("organisations.show", f"organisations/{club.id}"),
        Stop("organisations.mine", "my-activities"),
        Stop("organisations.edit", house),
        refused("organisations.edit", house, name=""),
        Stop("organisations.remove_contact", f"{house}/contacts/{contact.id}/remove"),
        Stop("activities.new", f"{house}/new"),
        refused("activities.new", f"{house}/new"),
        Stop("activities.show", here),
        Stop("activities.words", f"{here}/words"),
        refused("activities.words", f"{here}/words", title=""),
        Stop("activities.where", f"{here}/where/1"),
        refused("activities.where", f"{here}/where/1", town="qqqq"),
        Stop("activities.terms", f"{here}/terms"),
        refused("activities.terms", f"{here}/terms", price="duur"),
        Stop("activities.text", f"{here}/texts/ar"),
        refused("activities.text", f"{here}/texts/ar", title=""),
        Stop("presence.people", f"{here}/people"),
        Stop("presence.people", f"{here}/people?contact=1"),
        Stop("presence.mark", f"{here}/people/{time}"),
        refused("presence.mark", f"{here}/people/{time}", minutes="x"),
        Stop("presence.by_link", people),
        Stop("presence.mark_by_link", f"{people}/{time}"),
        refused("presence.mark_by_link", f"{people}/{time}", minutes="x"),
        Stop("activities.goes_on", f"g/{token}"),
        refused("activities.goes_on", f"g/{token}", until="2020-01-01"),
        Stop("confirmations.mine", "to-confirm"),
        Stop("confirmations.differ_mine", f"to-confirm/{entry.id}"),
        Stop("attendance.mine", "to-confirm/sheet"),
        Stop("attendance.code", "sheets"),
        refused("attendance.code", "sheets", code="x"),
        Stop("attendance.enter", f"sheets/{sheet}"),
        refused("attendance.enter", f"sheets/{sheet}", at="x"),
    )


def helper(ground: Ground) -> Tour:
    """A librarian beside a newcomer: the choice of a language, every step, and the card."""
    client = ground.signed_in(factories.person(roles=(Role.HELPER,)))
    client.send("POST", "/nl/together/begin/register", data={"language": ground.lang})
    for slug, answers in NEWCOMER[:-1]:
        client.send("POST", f"/{ground.lang}/together/{slug}", data=answers)
    offer = factories.offer(title=LONG_NAME)
    return Tour((
        Stop("registrations.together", "together"), Stop("registrations.together_begin", "together/begin/search"),
        Stop("registrations.together_activities", "together/activities?place=2800"),
        Stop("sign_ups.together", f"together/activities/{offer.id}/join"),
        refused("sign_ups.together", f"together/activities/{offer.id}/join", code="x"),
        *(Stop("registrations.together_step", f"together/{slug}") for slug, _answers in NEWCOMER),
        refused("registrations.together_step", f"together/{NEWCOMER[-1][0]}"),
    ), cookie_of(client))  # fmt: skip


def helped(ground: Ground) -> Tour:
    """The card that the newcomer takes along."""
    client = ground.signed_in(factories.person(roles=(Role.HELPER,)))
    client.send("POST", "/nl/together/begin/register", data={"language": ground.lang})
    aloud = {"asked_aloud": "y", "spoken": "ar"}
    for slug, answers in NEWCOMER:
        client.send(
            "POST",
            f"/{ground.lang}/together/{slug}",
            data={**answers, **(aloud if slug == "consent" else {})},
        )
    return Tour((Stop("registrations.together_card", "together/card"),), cookie_of(client))


STAFF: dict[str, Callable[[Ground], Tour]] = {
    "coordinator": coordinator,
    "matching": matching,
    "new coordinator": new_coordinator,
    "counsellor": counsellor,
    "new counsellor": new_counsellor,
    "administrator": administrator,
    "with a key": with_a_key,
    "half in": half_in,
    "organisation": organisation,
    "helper": helper,
    "helped": helped,
}
"""The tours through what staff see."""
TOURS = READERS | STAFF
