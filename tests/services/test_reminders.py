"""Contact persons who do not answer: two reminders, then a task that leaves when it is done (DOMAIN 6d, R16)."""

from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from app.clock import now
from app.db import release, session
from app.errors import Forbidden, Invalid, NotFound
from app.extensions import queue
from app.models import HourEntry, Message, Transition
from app.queries.calls import calls_for
from app.queries.hours import last_notes
from app.queries.reach import rows
from app.security.viewer import ANONYMOUS
from app.services import calls, confirmations, hours, trajectories
from app.services.accounts import new_link
from app.services.reminders import remind_contacts
from app.vocabulary import EntryState, HoursRefusal
from app.vocabulary.records import LinkPurpose
from tests import factories
from tests.factories import viewer
from tests.hours_world import OVERDUE, REFUSED, SUBMITTED, link_for, telling, track_for

BEGIN = datetime(2026, 3, 2, 12, tzinfo=UTC)


class People:
    """A newcomer with a counsellor, and hours at a club whose contact person was asked on the first day."""

    def __init__(self, **contact) -> None:
        self.counsellor = factories.counsellor()
        self.newcomer = factories.newcomer(name="Sami", counsellor=self.counsellor)
        self.contact = factories.contact(name="Olena", locale="fr", **contact)
        self.offer = factories.offer(contact_person=self.contact)

    def told(self, key="a", **values) -> int:
        actor = viewer(self.newcomer.person)
        entry = hours.tell(actor, self.offer.id, telling(key, **values), link_for)
        hours.send(actor, entry.id, link_for)
        return entry.id

    def signer(self):
        token = new_link(LinkPurpose.CONFIRM_HOURS, locale="fr", contact_person_id=self.contact.id)
        return confirmations.signer_by_link(token, ANONYMOUS)

    def to_call(self) -> list[int]:
        session().expire_all()
        return [entry.id for entry in rows(calls_for(viewer(self.counsellor)))]


@contextmanager
def after(days, **more):
    with time_machine.travel(BEGIN + timedelta(days=days, **more), tick=False):
        yield


def night() -> int:
    return remind_contacts(link_for, lambda locale, entry_id: f"http://localhost/{locale}/hours/{entry_id}")


def mails(kind="remind-hours") -> list[Message]:
    return session().query(Message).filter_by(kind=kind).order_by(Message.id).all()


def state_of(entry_id) -> EntryState:
    session().expire_all()
    return session().get_one(HourEntry, entry_id).state


@pytest.fixture
def people(site):
    with after(0):
        return People()


def test_two_reminders_and_then_a_task(people):
    with after(0):
        entry = people.told()
    for days, more, sent, state in (
        (6, {"hours": 23}, 0, SUBMITTED), (7, {}, 1, SUBMITTED), (8, {}, 1, SUBMITTED), (13, {"hours": 23}, 1, SUBMITTED),
        (14, {}, 2, OVERDUE), (15, {}, 2, OVERDUE), (40, {}, 2, OVERDUE),
    ):  # fmt: skip
        with after(days, **more):
            night()
            assert (len(mails()), state_of(entry)) == (sent, state), days
            assert night() == 0  # twice is once
            assert len(mails()) == sent
            assert people.to_call() == ([entry] if state is OVERDUE else [])
    assert {mail.locale for mail in mails()} == {"fr"}
    assert "http://localhost/fr/c/" in mails()[0].text


def test_the_worker_does_it_with_addresses_that_exist(people, browser):
    with after(0):
        people.told()
    with after(7):
        queue.put("remind_contacts")
        release()
        (mail,) = mails()
        path = next(word for word in mail.text.split() if "/fr/c/" in word).removeprefix("http://localhost")
        assert browser.send("GET", path).status_code == 200


def test_one_mail_for_many_times_and_many_people(people):
    with after(0):
        people.told("a")
        people.told("b", day=BEGIN.date() - timedelta(days=2))
        people.newcomer = factories.newcomer(counsellor=people.counsellor)
        people.told("c")
    with after(7):
        assert night() == 3
        assert len(mails()) == 1


@pytest.mark.parametrize("days", [3, 8, 15])
def test_no_reminder_after_an_answer(people, days):
    with after(0):
        entry = people.told()
    for day in range(1, days):
        with after(day):
            night()
    before = len(mails())
    with after(days):
        confirmations.confirm(people.signer(), [entry])
    with after(days + 20):
        assert night() == 0
        assert len(mails()) == before
        assert people.to_call() == []


def test_hours_that_were_taken_back_leave_the_list(people):
    with after(0):
        entry = people.told()
    with after(14):
        night()
        assert people.to_call() == [entry]
        hours.take_back(viewer(people.newcomer.person), entry)
        assert people.to_call() == []


def test_asked_anew_counts_from_then(people):
    """When the newcomer does not agree with a correction, the two weeks begin again."""
    with after(0):
        entry = people.told()
    with after(5):
        confirmations.correct(people.signer(), entry, minutes=60, note="", track_for=track_for)
    with after(10):
        hours.disagree(viewer(people.newcomer.person), entry, link_for)
    with after(16):
        assert night() == 0
    with after(17):
        assert night() == 1
        assert state_of(entry) is SUBMITTED


def test_no_mail_known_newcomer_passes_it_on_and_counsellor_calls(site):
    with after(0):
        people = People(email=None, phone="+32470000009")
        entry = people.told()
    with after(7):
        night()
        night()
        assert not mails()
        (mail,) = mails("hours-waiting")
        assert mail.person_id == people.newcomer.person_id
        assert f"/hours/{entry}" in mail.text
        assert people.to_call() == [entry]
        calls.note_call(viewer(people.counsellor), entry, note="Belt zaterdag terug")
        assert people.to_call() == []
    with after(14):
        night()
        assert people.to_call() == [entry]  # still no answer: overdue, and to be called once more


def test_newcomer_without_mail_gets_no_mail_and_no_task_of_the_network(site):
    with after(0):
        people = People(email=None, phone="+32470000009")
        people.newcomer = factories.newcomer(email=False, counsellor=people.counsellor)
        entry = people.told()
    with after(7):
        night()
        assert session().query(Message).count() == 0
        assert people.to_call() == [entry]


class TestRefused:
    """R16: who refuses to sign is called for the reason; the hours stay unconfirmed meanwhile."""

    @pytest.fixture
    def entry(self, people):
        with after(0):
            entry = people.told()
        with after(1):
            confirmations.refuse(
                people.signer(), entry, reason=HoursRefusal.NOT_PRESENT, note="", track_for=track_for
            )
        return entry

    def test_r16_refusal_is_a_call_until_it_is_noted(self, people, entry):
        actor = viewer(people.counsellor)
        with after(2):
            assert people.to_call() == [entry]
            with pytest.raises(Invalid):
                calls.note_call(actor, entry, note="")
            calls.read_call(actor, entry)
            calls.note_call(actor, entry, note="Hij was er wel, maar korter")
            assert people.to_call() == []
            assert state_of(entry) is REFUSED
            with pytest.raises(NotFound):
                calls.note_call(actor, entry, note="again")
        last = session().query(Transition).order_by(Transition.id.desc()).first()
        assert (last.reason, last.from_state, last.to_state) == ("called", "refused", "refused")

    def test_r16_call_is_settled_when_the_hours_are_told_anew(self, people, entry):
        with after(3):
            assert people.to_call() == [entry]
            people.told("anew", day=BEGIN.date() - timedelta(days=1), minutes=60)
            assert people.to_call() == []

    def test_r16_only_the_own_counsellor_calls(self, people, entry):
        with after(2):
            for stranger in (factories.counsellor(), factories.counsellor("atlas")):
                assert rows(calls_for(viewer(stranger))) == []
                with pytest.raises(NotFound):
                    calls.note_call(viewer(stranger), entry, note="x")
            for other in (people.newcomer.person, factories.coordinator(), factories.administrator()):
                with pytest.raises(Forbidden):
                    calls.note_call(viewer(other), entry, note="x")
            assert people.to_call() == [entry]


def test_a_note_of_the_counsellor_stays_after_a_reminder(people, browser):
    """What was asked when hours came back is still shown when the reminder has been sent."""

    with after(0):
        entry = people.told()
        confirmations.confirm(people.signer(), [entry])
        trajectories.give_back(
            viewer(people.counsellor), people.newcomer.id, entry, note="Hoe lang?", track_for=track_for
        )
    with after(7):
        night()
        assert last_notes([entry]) == {entry: "Hoe lang?"}
    with after(14):
        night()
        assert last_notes([entry]) == {entry: "Hoe lang?"}
        assert state_of(entry) is OVERDUE
        assert now() == BEGIN + timedelta(days=14)
