"""What goes quiet comes to Today by itself, and leaves when the thing is done, through the use-case that does it."""

from datetime import timedelta

import pytest

from app.clock import now, start_of_day, today
from app.db import transaction
from app.models import CheckIn, Duo, Message
from app.queries.today import today_of
from app.services import calls, duos, screening
from app.services import today as tasks
from app.services.outbox import tell
from app.vocabulary import BuddyState, DuoState, EndReason, EntryState, HoursRefusal, Mood, Role
from app.vocabulary.records import Answer, Channel, MessageState
from app.vocabulary.today import Owing
from tests import duo_factories, factories
from tests.duets import LINKS

AGO = {days: timedelta(days=days) for days in (6, 8, 13, 15, 29, 57)}


@pytest.fixture
def els(site):
    return factories.coordinator("rivierenland")


def owed(els):
    return {item.kind: item for item in today_of(factories.viewer(els)).owed}


def a_duo(els, days_ago=0, *, lasts=90, **values):
    starts = {"starts_on": factories.days_from_now(-days_ago), "ends_on": factories.days_from_now(lasts)}
    return duo_factories.duo(
        newcomer=factories.newcomer(), buddy=factories.buddy(), approved_by=els,
        **{"insurer": "Ethias", **starts, **values},
    )  # fmt: skip


def page_for(locale):
    return f"http://localhost/{locale}/account"


@pytest.mark.parametrize("state", [BuddyState.REGISTERED, BuddyState.VERIFIED])
def test_a_candidate_without_talk_for_fourteen_days(els, state):
    buddy = factories.buddy(state=state, registered_at=now() - AGO[13])
    assert set(owed(els)) == {Owing.CALL_BUDDY}
    with transaction() as db:
        db.get_one(type(buddy), buddy.id).registered_at = now() - AGO[15]
    assert set(owed(els)) == {Owing.NO_TALK}
    assert owed(els)[Owing.NO_TALK].late
    screening.plan_talk(factories.viewer(els), buddy.id, at=now() + AGO[6], page_for=page_for)
    assert owed(els) == {}


def test_a_silent_duo_comes_after_the_weeks_of_its_network_and_leaves_with_hours(els):
    duo = a_duo(els, 27)
    assert owed(els) == {}
    with transaction():
        factories.a_network().duo_silent_weeks = 3
    item = owed(els)[Owing.SILENT]
    assert (item.since + timedelta(weeks=3), item.since.date()) == (item.due, duo.starts_on)
    factories.entry(duo.newcomer, factories.offer(), starts_at=now() - AGO[6])
    assert set(owed(els)) == {Owing.SILENT}  # hours with somebody else say nothing of the duo
    factories.entry(duo.newcomer, factories.offer(duo_id=duo.id), duo_id=duo.id, starts_at=now() - AGO[8])
    assert owed(els) == {}


def test_a_silent_duo_leaves_with_a_talk_and_comes_again(els):
    duo = a_duo(els, 50)
    assert set(owed(els)) == {Owing.SILENT}
    duos.check_in(factories.viewer(els), duo.id, on=today() - AGO[6], mood=Mood.GOOD)
    assert owed(els) == {}
    with transaction() as db:
        db.query(CheckIn).update({"on": today() - AGO[29]})
    assert owed(els)[Owing.SILENT].since.date() == today() - AGO[29]


def test_the_last_sign_of_life_counts_whichever_it_was(els):
    duo = a_duo(els, 100)
    with transaction() as db:
        db.add(CheckIn(duo_id=duo.id, on=today() - timedelta(days=60), by_person_id=els.id))
    day = today() - timedelta(days=40)
    noon = start_of_day(day) + timedelta(hours=12)
    factories.entry(duo.newcomer, factories.offer(), duo_id=duo.id, starts_at=noon)
    assert owed(els)[Owing.SILENT].since.date() == day


def test_a_talk_is_due_though_hours_are_told(els):
    duo = a_duo(els, 57)
    factories.entry(duo.newcomer, factories.offer(), duo_id=duo.id, starts_at=now() - AGO[6])
    item = owed(els)[Owing.CHECK_IN]
    assert (item.due.date(), item.late) == (duo.starts_on + timedelta(weeks=8), True)
    with transaction():
        factories.a_network().check_in_weeks = 9
    assert owed(els) == {}
    with transaction():
        factories.a_network().check_in_weeks = 8
    duos.check_in(factories.viewer(els), duo.id, on=today(), mood=Mood.GOOD)
    assert owed(els) == {}


def test_a_break_is_no_silence_but_its_talk_comes_due(els):
    duo = a_duo(els, 57)
    duos.pause(factories.viewer(els), duo.id)
    assert set(owed(els)) == {Owing.CHECK_IN}
    duos.check_in(factories.viewer(els), duo.id, on=today(), mood=Mood.SO_SO)
    assert owed(els) == {}


def test_a_first_meeting_that_nobody_plans(els):
    duo = a_duo(els, state=DuoState.MEETING, contact_shared_at=now() - AGO[6])
    assert owed(els) == {}
    with transaction() as db:
        db.get_one(Duo, duo.id).contact_shared_at = now() - AGO[8]
    assert set(owed(els)) == {Owing.FIRST_MEETING}
    duos.plan_meeting(factories.viewer(els), duo.id, at=now() + AGO[6], where="", links=LINKS)
    assert owed(els) == {}


@pytest.mark.parametrize("lasts", [-3, 10])
def test_a_period_that_ends(els, lasts):
    duo = a_duo(els, 20, lasts=lasts)
    item = owed(els)[Owing.PERIOD_ENDS]
    assert (item.due.date(), item.late) == (duo.ends_on, lasts < 0)
    duos.end(factories.viewer(els), duo.id, reason=EndReason.COMPLETED, links=LINKS)
    assert owed(els) == {}


def test_a_duo_that_does_not_answer_leaves_when_it_answers_or_is_taken_back(els):
    past = {"state": DuoState.ASKED, "answer_before": now() - AGO[6], "insurer": ""}
    answers, silent = a_duo(els, **past), a_duo(els, **past)
    assert today_of(factories.viewer(els)).counts == {Owing.NO_ANSWER: 2}
    for person in (answers.newcomer.person, answers.buddy.person):
        duos.answer(factories.viewer(person), answers.id, duos.Question.MEET, Answer.YES, links=LINKS)
    duos.take_back(factories.viewer(els), silent.id, links=LINKS)
    assert owed(els) == {}


def test_after_a_first_meeting_both_answer(els):
    duo = a_duo(els, state=DuoState.MEETING, first_meeting_at=now() - AGO[6])
    assert set(owed(els)) == {Owing.AFTER_MEETING}
    for person in (duo.newcomer.person, duo.buddy.person):
        duos.answer(factories.viewer(person), duo.id, duos.Question.GO_ON, Answer.YES, links=LINKS)
    assert owed(els) == {}


def test_both_want_to_go_on_and_nobody_insures(els):
    duo = a_duo(
        els, state=DuoState.MEETING, insurer="", first_meeting_at=now() - AGO[6], newcomer_after=Answer.YES,
        buddy_after=Answer.YES,
    )  # fmt: skip
    assert set(owed(els)) == {Owing.INSURER}
    duos.start(
        factories.viewer(els), duo.id, insurer="Ethias", newcomer_insurer="Ethias", starts_on=today(), months=6,
        weeks_between=2, links=LINKS
    )  # fmt: skip
    assert owed(els) == {}


def test_a_mail_that_came_back_leaves_when_the_person_was_reached(els):
    newcomer = factories.newcomer()
    with transaction():
        message = tell(newcomer.person, "sign-in-link", network="rivierenland", link="http://localhost/x")
    with transaction() as db:
        db.query(Message).filter_by(channel=Channel.MAIL).update({"state": MessageState.FAILED})
    assert set(owed(els)) == {Owing.MAIL_FAILED}
    tasks.message_done(factories.viewer(els), message.id)
    assert owed(els) == {}


def test_duos_of_another_network_are_its_own(els):
    duo_factories.duo(
        newcomer=factories.newcomer("2300"), buddy=factories.buddy("2300"), approved_by=els,
        starts_on=factories.days_from_now(-90), ends_on=factories.days_from_now(5), insurer="Ethias",
    )  # fmt: skip
    assert owed(els) == {}


@pytest.mark.parametrize("lang", ["x-pseudo", "nl", "ar"])
def test_a_coordinator_who_is_a_counsellor_too_is_led_to_the_hours(els, signed_in, lang):
    factories.grant(els, Role.COUNSELLOR, agency="agii")
    browser = signed_in(els)
    assert not browser.get(f"/{lang}/today").soup.select("main a[href$='caseload/to-do']")
    newcomer = factories.newcomer(counsellor=els)
    factories.contract(newcomer, els)
    entry = factories.entry(newcomer, factories.offer(), state=EntryState.REFUSED, refusal=HoursRefusal.OTHER)
    assert today_of(factories.viewer(els)).about_hours == 1
    assert browser.get(f"/{lang}/today").soup.select("main a[href$='caseload/to-do']")
    calls.note_call(factories.viewer(els), entry.id, note="Belde")
    assert today_of(factories.viewer(els)).about_hours == 0
