"""Asking for help about a duo: contact stops at once, few see it, one of them decides."""

from contextlib import suppress

import pytest

from app.clock import now
from app.db import session, transaction
from app.errors import Forbidden, Invalid, Moved, NotFound
from app.models import AuditEntry, Buddy, Duo, Message, Newcomer, SafetyNote, SafetyReport, Transition
from app.queries.buddies import buddies_for
from app.queries.duos import my_duos
from app.queries.hours import offers_to_tell
from app.queries.newcomers import newcomers_for
from app.queries.privacy import held_about
from app.queries.reach import rows
from app.queries.safety import open_reports, report_lists, report_page, reports_for
from app.security.permissions import Permission
from app.security.viewer import ANONYMOUS
from app.services import duos, matches, safety
from app.services.safety import Told
from app.vocabulary import BuddyState, DuoState, NewcomerState, Role
from app.vocabulary.records import MessageState
from app.vocabulary.safety import SafetyKind
from app.vocabulary.screening import SafetyOutcome
from tests import duo_factories, factories
from tests.duets import EVENTS, LINKS, STRANGERS, Duet

TOLD = Told(SafetyKind.AFRAID, "كلام", "ar")
SHARED = (DuoState.MEETING, DuoState.ACTIVE, DuoState.PAUSED)
OVER = (DuoState.DECLINED, DuoState.COMPLETED, DuoState.ENDED)


def page_for(locale, number):
    return f"http://localhost/{locale}/safety/{number}"


def asks(duet, who="newcomer", told=TOLD):
    """That person of the duo asks for help; returns the report."""
    safety.report(duet.as_(who), duet.duo.id, told, page_for=page_for)
    session().expire_all()
    return session().query(SafetyReport).order_by(SafetyReport.id.desc()).first()


@pytest.mark.parametrize("who", ["newcomer", "buddy"])
@pytest.mark.parametrize("state", SHARED)
def test_contact_stops_at_once(site, state, who):
    duet = Duet(state)
    made = asks(duet, who)
    assert duet.fresh().state is DuoState.FROZEN
    assert (made.duo_was, made.by_role, made.words, made.words_language) == (state, Role(who), "كلام", "ar")
    for side in ("newcomer", "buddy"):
        (seen,) = my_duos(duet.as_(side))
        assert seen.contact is None
    assert rows(buddies_for(duet.as_("newcomer"), Permission.SEE_BUDDY_CONTACT)) == []
    assert rows(newcomers_for(duet.as_("buddy"), Permission.SEE_NEWCOMER_CONTACT)) == []


@pytest.mark.parametrize("event", EVENTS)
@pytest.mark.parametrize("who", ["newcomer", "buddy", "coordinator", "counsellor"])
def test_nothing_ordinary_happens_while_it_is_stopped(site, event, who):
    duet = Duet(DuoState.ACTIVE)
    asks(duet)
    before = session().query(Message).count(), session().query(Transition).count()
    with suppress(Moved, Forbidden, NotFound):  # a yes that was said already may be said again
        EVENTS[event](duet.as_(who), duet.duo.id)
    assert duet.fresh().state is DuoState.FROZEN
    assert before == (session().query(Message).count(), session().query(Transition).count())


@pytest.mark.parametrize("state", OVER)
def test_after_the_end_it_can_still_be_told(site, state):
    duet = Duet(state)
    assert asks(duet).duo_was is None
    assert duet.fresh().state is state


@pytest.mark.parametrize("who", [*STRANGERS, "coordinator", "counsellor", "nobody"])
def test_only_the_two_can_report(site, who):
    duet = Duet(DuoState.ACTIVE)
    actor = ANONYMOUS if who == "nobody" else duet.as_(who)
    with pytest.raises((Forbidden, NotFound)):
        safety.report(actor, duet.duo.id, TOLD, page_for=page_for)
    assert duet.fresh().state is DuoState.ACTIVE


def test_not_before_contact_is_shared(site):
    duet = Duet(DuoState.ASKED)
    with pytest.raises(NotFound):
        asks(duet)


def test_only_the_coordinators_of_the_network_get_a_mail_that_names_nobody(site):
    duet = Duet(DuoState.ACTIVE)
    other = factories.coordinator("kempen")
    factories.administrator()
    asks(duet)
    (mail,) = session().query(Message).filter_by(kind="safety-reported")
    assert mail.person_id == duet.coordinator.id != other.id
    assert mail.network_slug is None
    for secret in (duet.newcomer.person.full_name, duet.buddy.person.full_name, TOLD.words):
        assert secret not in mail.text + mail.html + mail.subject
    told = {message.person_id for message in session().query(Message)}
    assert told.isdisjoint({duet.newcomer.person_id, duet.buddy.person_id, duet.counsellor.id})


def test_without_another_coordinator_an_administrator_gets_the_mail(site):
    duet = Duet(DuoState.ACTIVE)
    keeper = factories.administrator()
    with transaction():
        duet.coordinator.active = False
    asks(duet)
    assert [mail.person_id for mail in session().query(Message).filter_by(kind="safety-reported")] == [
        keeper.id
    ]


def test_a_coordinator_who_is_in_the_duo_never_sees_it(site):
    duet = Duet(DuoState.ACTIVE)
    factories.grant(duet.buddy.person, Role.COORDINATOR, network="rivierenland")
    factories.grant(duet.buddy.person, Role.ADMINISTRATOR)
    made = asks(duet)
    himself = factories.viewer(duet.buddy.person)
    assert himself.can(Permission.HANDLE_SAFETY)
    assert open_reports(himself) == 0
    with pytest.raises(NotFound):
        report_page(himself, made.id)
    with pytest.raises(NotFound):
        safety.close(himself, made.id, outcome=SafetyOutcome.GO_ON, links=LINKS)
    assert [mail.person_id for mail in session().query(Message).filter_by(kind="safety-reported")] == [
        duet.coordinator.id
    ]


SEES = {"coordinator": True, "administrator": True}


@pytest.mark.parametrize("who", [*STRANGERS, "coordinator", "counsellor", "newcomer", "buddy", "nobody"])
def test_who_sees_and_handles_it(site, who):
    duet = Duet(DuoState.ACTIVE)
    made = asks(duet)
    viewer = ANONYMOUS if who == "nobody" else duet.as_(who)
    seen = SEES.get(who, False)
    assert [found.id for found in rows(reports_for(viewer))] == ([made.id] if seen else [])
    assert open_reports(viewer) == seen
    if seen:
        assert report_page(viewer, made.id).names[made.by_person_id] == duet.newcomer.person.full_name
        return
    for act in (
        lambda: safety.add_note(viewer, made.id, words="x"),
        lambda: safety.close(viewer, made.id, outcome=SafetyOutcome.GO_ON, links=LINKS),
    ):
        with pytest.raises((Forbidden, NotFound)):
            act()
    assert duet.fresh().state is DuoState.FROZEN


@pytest.mark.parametrize("who", ["buddy", "counsellor", "other coordinator"])
def test_nothing_elsewhere_names_who_asked(site, who):
    """Not in the own data of the other, not in a history, and not in the audit log of a network."""
    duet = Duet(DuoState.ACTIVE)
    asks(duet)
    held = str(held_about(duet.as_(who)))
    assert "كلام" not in held
    assert "afraid" not in held
    turns = session().query(Transition).filter_by(to_state="frozen").all()
    assert [turn.actor_id for turn in turns] == [None]
    entries = session().query(AuditEntry).filter(AuditEntry.action.like("safety%")).all()
    assert entries
    assert {entry.network_slug for entry in entries} == {None}


def test_who_asked_finds_the_own_words_among_the_own_data(site):
    duet = Duet(DuoState.ACTIVE)
    asks(duet)
    assert "كلام" in str(held_about(duet.as_("newcomer"))["calls for help"])


def test_what_was_to_be_sent_is_not(site):
    duet = Duet(DuoState.MEETING)
    EVENTS["plan"](duet.as_("newcomer"), duet.duo.id)
    queued = session().query(Message).filter(Message.state == MessageState.QUEUED, Message.kind.like("duo%"))
    assert queued.count() == 4
    asks(duet)
    assert queued.count() == 0


def test_letters_of_another_duo_of_the_buddy_are_sent(site):
    duet = Duet(DuoState.MEETING)
    second = duo_factories.duo(
        newcomer=factories.newcomer(), buddy=duet.buddy, approved_by=duet.coordinator, state=DuoState.MEETING
    )
    EVENTS["plan"](factories.viewer(second.newcomer.person), second.id)
    before = (
        session()
        .query(Message)
        .filter(Message.state == MessageState.QUEUED, Message.kind.like("duo%"))
        .count()
    )
    asks(duet)
    after = (
        session()
        .query(Message)
        .filter(Message.state == MessageState.QUEUED, Message.kind.like("duo%"))
        .count()
    )
    assert before == after == 4


def test_hours_of_the_duo_wait_too(site):
    duet = Duet(DuoState.ACTIVE)
    contact = factories.contact(person_id=duet.buddy.person_id)
    factories.offer(contact_person=contact, duo_id=duet.duo.id, published_at=None)
    assert len(rows(offers_to_tell(duet.as_("newcomer")))) == 1
    asks(duet)
    assert rows(offers_to_tell(duet.as_("newcomer"))) == []
    assert rows(offers_to_tell(duet.as_("buddy"))) == []


def test_no_newcomer_is_given_to_a_buddy_meanwhile(site):
    duet = Duet(DuoState.ACTIVE)
    asks(duet, "newcomer")
    with pytest.raises(matches.PlaceTaken), transaction():
        matches.take_place(duet.buddy.id, "rivierenland")
    safety.close(duet.as_("coordinator"), 1, outcome=SafetyOutcome.GO_ON, links=LINKS)
    with transaction():
        matches.take_place(duet.buddy.id, "rivierenland")


def test_said_twice_is_one_report_and_more_words_are_a_note(site):
    duet = Duet(DuoState.ACTIVE)
    asks(duet)
    asks(duet)
    asks(duet, told=Told(words="more"))
    asks(duet, told=Told(words="more"))
    assert session().query(SafetyReport).count() == 1
    assert [note.words for note in session().query(SafetyNote)] == ["more"]
    assert session().query(Message).filter_by(kind="safety-reported").count() == 1


@pytest.mark.parametrize("state", SHARED)
def test_it_goes_on_where_it_was(site, state):
    duet = Duet(state, **({"first_meeting_at": now()} if state is DuoState.MEETING else {}))
    first = asks(duet, "newcomer")
    second = asks(duet, "buddy")
    assert second.duo_was is state
    safety.close(duet.as_("coordinator"), first.id, outcome=SafetyOutcome.GO_ON, links=LINKS)
    assert duet.fresh().state is state
    assert session().query(SafetyReport).filter(SafetyReport.decided_at.is_(None)).count() == 0
    kinds = [message.kind for message in session().query(Message).order_by(Message.id)]
    assert kinds.count("duo-contact-again") == 2
    assert kinds.count("duo-ask-go-on") == (2 if state is DuoState.MEETING else 0)
    with pytest.raises(Moved):
        safety.close(duet.as_("coordinator"), second.id, outcome=SafetyOutcome.END, links=LINKS)


@pytest.mark.parametrize("by", ["coordinator", "administrator"])
def test_it_ends_and_the_newcomer_waits_since_the_same_day(site, by):
    duet = Duet(DuoState.ACTIVE)
    since = duet.newcomer.waiting_since
    made = asks(duet)
    safety.close(duet.as_(by), made.id, outcome=SafetyOutcome.END, links=LINKS)
    assert duet.fresh().state is DuoState.ENDED
    newcomer = session().get_one(Newcomer, duet.newcomer.id)
    assert (newcomer.state, newcomer.waiting_since) == (NewcomerState.WAITING, since)
    assert session().get_one(Buddy, duet.buddy.id).places_taken == 0
    ended = session().query(Message).filter_by(kind="duo-ended").all()
    assert len(ended) == 2
    assert "safety" not in str([(turn.reason, turn.note) for turn in session().query(Transition)])


def test_a_buddy_who_takes_part_no_more_leaves_every_duo(site):
    duet = Duet(DuoState.ACTIVE)
    other = factories.newcomer()
    second = duo_factories.duo(
        newcomer=other, buddy=duet.buddy, approved_by=duet.coordinator, state=DuoState.MEETING
    )
    made = asks(duet)
    assert report_page(duet.as_("coordinator"), made.id).other_duos == 1
    safety.close(duet.as_("coordinator"), made.id, outcome=SafetyOutcome.BLOCK_BUDDY, links=LINKS)
    session().expire_all()
    buddy = session().get_one(Buddy, duet.buddy.id)
    assert (buddy.state, buddy.places_taken) == (BuddyState.REJECTED, 0)
    assert session().get_one(Duo, second.id).state is DuoState.ENDED
    assert session().get_one(Newcomer, other.id).state is NewcomerState.WAITING


def test_a_newcomer_who_gets_no_buddy_any_more(site):
    duet = Duet(DuoState.PAUSED)
    made = asks(duet, "buddy")
    safety.close(duet.as_("coordinator"), made.id, outcome=SafetyOutcome.BLOCK_NEWCOMER, links=LINKS)
    session().expire_all()
    assert session().get_one(Newcomer, duet.newcomer.id).state is NewcomerState.LEFT
    assert session().get_one(Buddy, duet.buddy.id).state is BuddyState.APPROVED


def test_notes_stand_with_who_wrote_them(site):
    duet = Duet(DuoState.ACTIVE)
    made = asks(duet)
    els = duet.as_("coordinator")
    with pytest.raises(Invalid):
        safety.add_note(els, made.id, words="")
    safety.add_note(els, made.id, words="Called both.")
    page = report_page(els, made.id)
    assert [(note.words, page.names[note.by_person_id]) for note in page.report.notes] == [
        ("Called both.", duet.coordinator.full_name)
    ]
    safety.close(els, made.id, outcome=SafetyOutcome.END, links=LINKS)
    waiting, closed = report_lists(els)
    assert (waiting, [found.id for found in closed]) == ([], [made.id])


def test_the_link_of_a_letter_opens_this_and_nothing_else(site):
    duet = Duet(DuoState.MEETING)
    EVENTS["plan"](duet.as_("newcomer"), duet.duo.id)
    token = next(
        message.text.rpartition("/d/")[2].partition("/report")[0]
        for message in session()
        .query(Message)
        .filter_by(kind="duo-meeting-planned", person_id=duet.buddy.person_id)
    )
    link, holder = safety.link_for_report(token)
    assert (holder.person_id, link.facts["duo"]) == (duet.buddy.person_id, duet.duo.id)
    with pytest.raises(NotFound):
        duos.link_for_answer(token)
