"""The tours through what staff see; see tests/browser/tours.py."""

from __future__ import annotations

from contextvars import Context
from typing import TYPE_CHECKING

from app.db import session, transaction
from app.models import Grant, Programme, ProgrammeVersion
from app.services import administrators, attendance, matches, programmes, remarks, second_factors
from app.services.accounts import new_link
from app.vocabulary import EntryState, HoursRefusal, Role
from app.vocabulary.contracts import DecisionKind
from app.vocabulary.records import LinkPurpose, RunState
from tests import factories, joining
from tests.browser.coordinator_tours import coordinator, matching, new_coordinator, some_messages
from tests.browser.tours import LONG_NAME, READERS, Ground, Stop, Tour, cookie_of, refused
from tests.factors import phone_of
from tests.hours_world import World, by_account
from tests.web.walks import NEWCOMER
from tests.weights import EVIDENCE, WEIGHTS

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.testing import FlaskClient


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
