"""The tours through what coordinators see; see tests/browser/tours.py."""

from __future__ import annotations

from datetime import timedelta

from app.clock import now, today
from app.db import session, transaction
from app.models import Message, Person, Proposal, Run, VolunteerCall
from app.security.viewer import Viewer
from app.services import imports, matches, network_programmes, recordings, shortages
from app.services.network_programmes import ProgrammeSettings
from app.services.outbox import tell
from app.vocabulary import BuddyState, DuoState, DutchLevel, NewcomerState
from app.vocabulary.activities import OfferState
from app.vocabulary.records import Answer, MessageState, RunState
from app.vocabulary.spoken import spoken_text
from tests import duo_factories, factories
from tests.activity_lists import lists_in_every_state
from tests.browser.tours import LONG_NAME, Ground, Stop, Tour, refused
from tests.sounds import ogg

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
        duo_factories.duo(newcomer=factories.newcomer(), buddy=factories.buddy(), approved_by=by, **values).id
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
    stopped = duo_factories.duo(
        newcomer=factories.newcomer(), buddy=factories.buddy(), approved_by=els, state=DuoState.FROZEN
    )
    asks = duo_factories.safety_report(stopped, stopped.newcomer.person, words="أخاف", words_language="ar").id
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
    duo_factories.wish(factories.newcomer(), proposals[1], els, factories.buddy(), factories.buddy())
    asked = duo_factories.loan_request("rivierenland").id
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
