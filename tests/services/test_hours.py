"""Telling, confirming and accepting: every event in every state by every role, clocks that change, and races."""

import threading
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta

import pytest
import time_machine

from app import db
from app.clock import now, today
from app.db import session, transaction
from app.errors import Forbidden, Gone, Invalid, Moved, NotFound, Refusal
from app.models import Grant, HourEntry, Link, Message, Person, Transition
from app.queries.hours import overlapping
from app.security.viewer import ANONYMOUS, Viewer
from app.services import confirmations, hours, trajectories
from app.services.accounts import new_link
from app.services.hours import Occasion, Telling
from app.vocabulary import DuoState, EntryState, HoursRefusal, OfferKind, Role
from app.vocabulary.records import LinkPurpose, Subject
from tests import factories
from tests.factories import viewer

DRAFT, SUBMITTED, CORRECTED, CONFIRMED = (
    EntryState.DRAFT,
    EntryState.SUBMITTED,
    EntryState.CORRECTED,
    EntryState.CONFIRMED,
)
REFUSED, ACCEPTED, REVERSED, OVERDUE = (
    EntryState.REFUSED,
    EntryState.ACCEPTED,
    EntryState.REVERSED,
    EntryState.OVERDUE,
)


def link_for(locale: str, token: str) -> str:
    return f"http://localhost/{locale}/c/{token}"


def track_for(locale: str) -> str:
    return f"http://localhost/{locale}/my-track"


def telling(key: str = "form", **values) -> Telling:
    return Telling(
        **{
            "day": today() - timedelta(days=1),
            "at": time(10),
            "minutes": 120,
            "dutch_company": True,
            "key": key,
            **values,
        }
    )


class World:
    """A duo with a contract, and everybody who could want something of its hours."""

    def __init__(self) -> None:
        self.counsellor = factories.counsellor()
        self.newcomer = factories.newcomer(name="Sami", counsellor=self.counsellor)
        self.buddy = factories.buddy(name="Marleen")
        self.coordinator = factories.coordinator()
        self.duo = factories.duo(newcomer=self.newcomer, buddy=self.buddy, approved_by=self.coordinator)
        self.contract = factories.contract(self.newcomer, self.counsellor)
        self.contact = factories.contact(name="Marleen", person_id=self.buddy.person_id)
        self.offer = factories.offer(
            kind=OfferKind.BUDDY, contact_person=self.contact, duo_id=self.duo.id, published_at=None
        )
        other_duo = factories.duo(
            newcomer=factories.newcomer(), buddy=factories.buddy(), approved_by=self.coordinator
        )
        self.people: dict[str, Person] = {
            "newcomer": self.newcomer.person, "buddy": self.buddy.person, "counsellor": self.counsellor,
            "coordinator": self.coordinator, "administrator": factories.administrator(),
            "other newcomer": other_duo.newcomer.person, "other buddy": other_duo.buddy.person,
            "other counsellor": factories.counsellor(),
        }  # fmt: skip

    def entry(self, state: EntryState, **values) -> HourEntry:
        asked = 90 if state is CORRECTED else None
        return factories.entry(
            self.newcomer, self.offer, state=state, duo_id=self.duo.id, asked_minutes=asked, **values
        )

    def link(self, **facts) -> str:
        return new_link(LinkPurpose.CONFIRM_HOURS, locale="nl", contact_person_id=self.contact.id, **facts)


@pytest.fixture
def world(site) -> World:
    return World()


def by_account(actor: Viewer) -> confirmations.Signer:
    return confirmations.signer_by_account(actor)


EVENTS: dict[str, Callable[[World, Viewer, int], object]] = {
    "send": lambda world, actor, key: hours.send(actor, key, link_for),
    "take back": lambda world, actor, key: hours.take_back(actor, key),
    "agree": lambda world, actor, key: hours.agree(actor, key),
    "disagree": lambda world, actor, key: hours.disagree(actor, key, link_for),
    "confirm": lambda world, actor, key: confirmations.confirm(by_account(actor), [key]),
    "correct": lambda world, actor, key: confirmations.correct(
        by_account(actor), key, minutes=60, note="", track_for=track_for
    ),
    "refuse": lambda world, actor, key: confirmations.refuse(
        by_account(actor), key, reason=HoursRefusal.NOT_PRESENT, note="", track_for=track_for
    ),
    "confirm by link": lambda world, actor, key: confirmations.confirm(
        confirmations.signer_by_link(world.link(), actor), [key]
    ),
    "accept": lambda world, actor, key: trajectories.accept(actor, world.newcomer.id, [key], track_for),
    "give back": lambda world, actor, key: trajectories.give_back(
        actor, world.newcomer.id, key, note="?", track_for=track_for
    ),
    "reverse": lambda world, actor, key: trajectories.reverse(actor, world.newcomer.id, key, note="wrong"),
}
# event -> (who may, state before -> state after); everything else is refused and changes nothing
EVERYBODY_ELSE = {
    "buddy",
    "counsellor",
    "coordinator",
    "administrator",
    "other newcomer",
    "other buddy",
    "other counsellor",
    "nobody",
}
ALLOWED: dict[str, tuple[set[str], dict[EntryState, EntryState]]] = {
    "send": ({"newcomer", "buddy"}, {DRAFT: SUBMITTED, SUBMITTED: SUBMITTED, OVERDUE: OVERDUE}),
    "take back": ({"newcomer", "buddy"}, {DRAFT: REVERSED, SUBMITTED: REVERSED, OVERDUE: REVERSED, CORRECTED: REVERSED}),
    "agree": ({"newcomer"}, {CORRECTED: CONFIRMED}),
    "disagree": ({"newcomer"}, {CORRECTED: SUBMITTED}),
    "confirm": ({"buddy"}, {SUBMITTED: CONFIRMED, OVERDUE: CONFIRMED}),
    "correct": ({"buddy"}, {SUBMITTED: CORRECTED, OVERDUE: CORRECTED}),
    "refuse": ({"buddy"}, {SUBMITTED: REFUSED, OVERDUE: REFUSED}),
    # the holder of the link, whoever is signed in there, but for the newcomer
    "confirm by link": (EVERYBODY_ELSE, {SUBMITTED: CONFIRMED, OVERDUE: CONFIRMED}),
    "accept": ({"counsellor"}, {CONFIRMED: ACCEPTED}),
    "give back": ({"counsellor"}, {CONFIRMED: SUBMITTED}),
    "reverse": ({"counsellor"}, {ACCEPTED: REVERSED}),
}  # fmt: skip


@pytest.mark.parametrize("event", EVENTS)
def test_every_event_in_every_state_by_every_role(world, event):
    who_may, moves = ALLOWED[event]
    actors = {name: viewer(person) for name, person in world.people.items()} | {"nobody": ANONYMOUS}
    for before in EntryState:
        for name, actor in actors.items():
            entry = world.entry(before)
            case = f"{event} of {before} by {name}"
            if name in who_may and before in moves:
                EVENTS[event](world, actor, entry.id)
                session().expire_all()
                assert entry.state is moves[before], case
                last = (
                    session()
                    .query(Transition)
                    .filter_by(subject=Subject.HOUR_ENTRY, subject_id=entry.id)
                    .first()
                )
                assert (last is not None) == (before is not moves[before]), case
                assert last is None or (last.from_state, last.to_state, last.actor_id) == (
                    before,
                    moves[before],
                    actor.person_id,
                ), case
            else:
                with pytest.raises((Forbidden, NotFound, Moved)):
                    EVENTS[event](world, actor, entry.id)
                session().expire_all()
                assert entry.state is before, case
                assert (
                    not session()
                    .query(Transition)
                    .filter_by(subject_id=entry.id, subject=Subject.HOUR_ENTRY)
                    .count()
                ), case


class TestTelling:
    def test_roles_that_tell(self, world):
        for name, person in world.people.items():

            def tell(person=person, name=name):
                return hours.tell(
                    viewer(person), world.offer.id, telling(name, day=today() - timedelta(days=5)), link_for
                )

            if name in ("newcomer", "buddy"):
                state = tell().state
                assert state is (DRAFT if name == "newcomer" else SUBMITTED)
                hours.take_back(viewer(person), session().query(HourEntry).filter_by(state=state).one().id)
            else:
                with pytest.raises((Forbidden, NotFound)):
                    tell()

    def test_something_else_is_told_by_newcomers_only(self, world):
        occasion = Occasion(OfferKind.SPORT, "Voetbal", "Piet", "piet@example.be", None, "nl")
        with pytest.raises(Forbidden):
            hours.tell_other(viewer(world.buddy.person), occasion, telling())

    def test_not_when_it_is_not_over_and_not_too_long_ago(self, world):
        actor = viewer(world.newcomer.person)
        with time_machine.travel(datetime(2026, 3, 10, 12, 0, tzinfo=UTC), tick=False):
            hours.tell(
                actor, world.offer.id, telling("a", day=date(2026, 3, 10), at=time(11), minutes=120), link_for
            )
            for day, at, field in (
                (date(2026, 3, 10), time(11, 1), "at"), (date(2026, 3, 11), time(0), "day"), (date(9999, 12, 31), time(9), "day"),
                (date(1, 1, 1), time(9), "day"), (date(2022, 1, 1), time(9), "day"),
            ):  # fmt: skip
                with pytest.raises(Invalid) as refusal:
                    hours.tell(actor, world.offer.id, telling("b", day=day, at=at), link_for)
                assert refusal.value.field == field
        assert session().query(HourEntry).count() == 1

    @pytest.mark.parametrize("minutes", [0, -1, 1441, 10**9])
    def test_lengths_that_are_none(self, world, minutes):
        with pytest.raises(Invalid, match="invalid"):
            hours.tell(viewer(world.newcomer.person), world.offer.id, telling(minutes=minutes), link_for)

    def test_whole_day_is_asked_back(self, world):
        actor = viewer(world.newcomer.person)
        day = today() - timedelta(days=3)
        with pytest.raises(Invalid) as refusal:
            hours.tell(actor, world.offer.id, telling(day=day, at=time(0), minutes=1440), link_for)
        assert refusal.value.field == "sure"
        hours.tell(actor, world.offer.id, telling(day=day, at=time(0), minutes=1440, sure=True), link_for)

    def test_ten_hours_are_not_asked_back_and_a_minute_more_is(self, world):
        actor = viewer(world.newcomer.person)
        hours.tell(actor, world.offer.id, telling("a", at=time(8), minutes=300), link_for)
        hours.tell(actor, world.offer.id, telling("b", at=time(13), minutes=300), link_for)
        with pytest.raises(Invalid) as refusal:
            hours.tell(actor, world.offer.id, telling("c", at=time(18), minutes=1), link_for)
        assert refusal.value.code == "long-day"

    @pytest.mark.parametrize(
        ("at", "minutes", "overlaps"),
        [(time(8), 120, False), (time(8), 121, True), (time(10), 120, True), (time(10, 30), 15, True), (time(11, 59), 60, True),
         (time(12), 60, False), (time(9), 300, True)],
    )  # fmt: skip
    def test_overlaps(self, world, at, minutes, overlaps):
        actor = viewer(world.newcomer.person)
        hours.tell(actor, world.offer.id, telling("a"), link_for)
        if overlaps:
            with pytest.raises(Invalid) as refusal:
                hours.tell(actor, world.offer.id, telling("b", at=at, minutes=minutes), link_for)
            assert refusal.value.code == "overlap"
        else:
            hours.tell(actor, world.offer.id, telling("b", at=at, minutes=minutes), link_for)

    def test_overlap_across_midnight(self, world):
        actor = viewer(world.newcomer.person)
        evening, morning = today() - timedelta(days=3), today() - timedelta(days=2)
        hours.tell(actor, world.offer.id, telling("a", day=evening, at=time(23), minutes=120), link_for)
        with pytest.raises(Invalid):
            hours.tell(actor, world.offer.id, telling("b", day=morning, at=time(0, 30), minutes=60), link_for)

    def test_two_newcomers_may_be_there_together(self, world):
        offer = factories.offer()
        for person in (world.newcomer.person, factories.newcomer().person):
            hours.tell(viewer(person), offer.id, telling(), link_for)
        assert session().query(HourEntry).count() == 2

    def test_after_the_duo_ended(self, world):
        with transaction() as inside:
            duo = inside.get(type(world.duo), world.duo.id)
            duo.state, duo.ended_at = DuoState.ENDED, now() - timedelta(days=3)
        earlier = world.entry(ACCEPTED, starts_at=now() - timedelta(days=20))
        assert earlier.id
        actor = viewer(world.newcomer.person)
        with pytest.raises(Forbidden):
            hours.tell(actor, world.offer.id, telling("a"), link_for)
        hours.tell(actor, world.offer.id, telling("b", day=today() - timedelta(days=10)), link_for)
        with pytest.raises(NotFound):
            hours.tell(
                viewer(world.buddy.person),
                world.offer.id,
                telling("c", day=today() - timedelta(days=11)),
                link_for,
            )
        late = world.entry(SUBMITTED, starts_at=now() - timedelta(days=1))
        with pytest.raises(Forbidden):
            confirmations.confirm(by_account(viewer(world.buddy.person)), [late.id])

    def test_a_key_of_somebody_else_is_another_key(self, world):
        first = hours.tell(viewer(world.newcomer.person), world.offer.id, telling("same"), link_for)
        other = world.people["other newcomer"]
        second = hours.tell(viewer(other), factories.offer().id, telling("same"), link_for)
        assert first.id != second.id


class TestClocks:
    @pytest.mark.parametrize(
        ("day", "at", "minutes", "starts", "ends"),
        [
            (
                date(2026, 3, 29),
                time(1, 30),
                60,
                "2026-03-29T00:30",
                "2026-03-29T01:30",
            ),  # 1:30 to 3:30 on the wall
            (date(2026, 3, 29), time(3, 0), 60, "2026-03-29T01:00", "2026-03-29T02:00"),
            (
                date(2025, 10, 26),
                time(2, 30),
                60,
                "2025-10-26T00:30",
                "2025-10-26T01:30",
            ),  # the first half past two
            (
                date(2025, 10, 26),
                time(1, 0),
                180,
                "2025-10-25T23:00",
                "2025-10-26T02:00",
            ),  # 1:00 to 3:00 on the wall
            (date(2026, 1, 5), time(10, 0), 90, "2026-01-05T09:00", "2026-01-05T10:30"),
            (date(2026, 7, 6), time(10, 0), 90, "2026-07-06T08:00", "2026-07-06T09:30"),
        ],
    )
    def test_minutes_really_passed(self, world, day, at, minutes, starts, ends):
        with time_machine.travel(datetime(2026, 8, 1, tzinfo=UTC), tick=False):
            entry = hours.tell(
                viewer(world.newcomer.person),
                world.offer.id,
                telling(day=day, at=at, minutes=minutes),
                link_for,
            )
            assert (f"{entry.starts_at:%Y-%m-%dT%H:%M}", f"{entry.ends_at:%Y-%m-%dT%H:%M}") == (starts, ends)
            assert entry.day == day

    @pytest.mark.parametrize("at", [time(2, 0), time(2, 30), time(2, 59)])
    def test_hour_that_did_not_exist(self, world, at):
        with (
            time_machine.travel(datetime(2026, 8, 1, tzinfo=UTC), tick=False),
            pytest.raises(Invalid) as refusal,
        ):
            hours.tell(
                viewer(world.newcomer.person), world.offer.id, telling(day=date(2026, 3, 29), at=at), link_for
            )
        assert refusal.value.field == "at"

    def test_both_hours_of_the_long_night_are_different(self, world):
        actor = viewer(world.newcomer.person)
        with time_machine.travel(datetime(2026, 8, 1, tzinfo=UTC), tick=False):
            hours.tell(
                actor,
                world.offer.id,
                telling("a", day=date(2025, 10, 26), at=time(2, 0), minutes=60),
                link_for,
            )
            hours.tell(
                actor,
                world.offer.id,
                telling("b", day=date(2025, 10, 26), at=time(3, 0), minutes=60),
                link_for,
            )


class TestOwnHours:
    """Nobody confirms the own time, under whatever name (R13)."""

    def occasion(self, **values) -> Occasion:
        return Occasion(
            **{
                "kind": OfferKind.SPORT,
                "title": "Voetbal",
                "contact_name": "Piet",
                "contact_email": None,
                "contact_phone": None,
                "language": "nl",
                **values,
            }
        )

    def test_own_address_and_number_are_refused(self, world):
        person = world.newcomer.person
        for field, value in (
            ("contact_email", person.email.upper()),
            ("contact_email", person.email.replace("@", "+x@")),
            ("contact_phone", person.phone),
        ):
            with pytest.raises(Invalid) as refusal:
                hours.tell_other(viewer(person), self.occasion(**{field: value}), telling())
            assert refusal.value.field == field

    @pytest.mark.parametrize("same", ["email", "phone", "person_id"])
    def test_contact_person_who_is_the_newcomer(self, world, same):
        person = world.newcomer.person
        value = person.id if same == "person_id" else getattr(person, same)
        contact = factories.contact(**{"email": None, "phone": None, same: value})
        entry = factories.entry(world.newcomer, factories.offer(contact_person=contact), state=SUBMITTED)
        token = new_link(LinkPurpose.CONFIRM_HOURS, locale="nl", contact_person_id=contact.id)
        with pytest.raises(Forbidden):
            confirmations.confirm(confirmations.signer_by_link(token, ANONYMOUS), [entry.id])

    def test_newcomer_with_the_link_in_the_own_browser(self, world):
        entry = world.entry(DRAFT)
        actor = viewer(world.newcomer.person)
        token = hours.send(actor, entry.id, link_for)
        with pytest.raises(Forbidden):
            confirmations.signer_by_link(token, actor)
        with pytest.raises(Forbidden):
            confirmations.confirm(confirmations.signer_by_link(world.link(), actor), [entry.id])

    def test_newcomer_who_is_contact_of_an_organisation(self, world):
        club = factories.organisation()
        contact = factories.contact(organisation_id=club.id)
        entry = factories.entry(world.newcomer, factories.offer(contact_person=contact), state=SUBMITTED)
        with transaction() as inside:
            inside.add(
                Grant(person_id=world.newcomer.person_id, role=Role.ORGANISATION, organisation_id=club.id)
            )
        with pytest.raises(Forbidden):
            confirmations.confirm(by_account(viewer(world.newcomer.person)), [entry.id])

    def test_counsellor_who_confirmed_does_not_accept(self, world):
        by_person = world.entry(CONFIRMED, confirmed_by_id=world.counsellor.id)
        contact = factories.contact(email=world.counsellor.email)
        by_address = factories.entry(world.newcomer, factories.offer(contact_person=contact), state=CONFIRMED)
        for entry in (by_person, by_address):
            with pytest.raises(Forbidden):
                trajectories.accept(viewer(world.counsellor), world.newcomer.id, [entry.id], track_for)


class TestLinks:
    def test_a_link_opens_exactly_the_lines_addressed_to_it(self, world):
        mine, elsewhere = (
            world.entry(SUBMITTED),
            factories.entry(world.newcomer, factories.offer(), state=SUBMITTED),
        )
        another = factories.entry(factories.newcomer(), world.offer, state=SUBMITTED)
        everybody = confirmations.signer_by_link(world.link(), ANONYMOUS)
        passed_on = confirmations.signer_by_link(world.link(newcomer=world.newcomer.id), ANONYMOUS)
        ids = lambda signer: {entry.id for entry in session().scalars(signer.lines).unique()}  # noqa: E731
        assert ids(everybody) == {mine.id, another.id}
        assert ids(passed_on) == {mine.id}
        for signer, foreign in ((everybody, elsewhere), (passed_on, another)):
            for answer in (
                lambda s, e: confirmations.confirm(s, [mine.id, e.id]),
                lambda s, e: confirmations.correct(s, e.id, minutes=30, note="", track_for=track_for),
                lambda s, e: confirmations.refuse(
                    s, e.id, reason=HoursRefusal.NOT_OURS, note="", track_for=track_for
                ),
            ):
                with pytest.raises(NotFound):
                    answer(signer, foreign)
        session().expire_all()
        assert {mine.state, elsewhere.state, another.state} == {SUBMITTED}

    def test_what_is_no_link_any_more(self, world):
        token = world.link()
        with pytest.raises(NotFound):
            confirmations.signer_by_link(token + "x", ANONYMOUS)
        with pytest.raises(NotFound):
            confirmations.signer_by_link(
                new_link(LinkPurpose.SIGN_IN, locale="nl", person_id=world.buddy.person_id), ANONYMOUS
            )
        with pytest.raises(NotFound):
            confirmations.signer_by_link(new_link(LinkPurpose.CONFIRM_HOURS, locale="nl"), ANONYMOUS)
        with time_machine.travel(now() + timedelta(days=31)), pytest.raises(Gone):
            confirmations.signer_by_link(token, ANONYMOUS)

    def test_second_answer_hears_who_was_first(self, world):
        entry = world.entry(SUBMITTED)
        first = confirmations.signer_by_link(world.link(), ANONYMOUS)
        confirmations.confirm(first, [entry.id])
        for again in (
            lambda: confirmations.confirm(first, [entry.id]),
            lambda: confirmations.correct(
                by_account(viewer(world.buddy.person)), entry.id, minutes=30, note="", track_for=track_for
            ),
        ):
            with pytest.raises(Moved) as refusal:
                again()
            assert "Marleen" in str(refusal.value.message)

    def test_one_line_answered_meanwhile_does_not_hold_up_the_others(self, world):
        answered, open_one = world.entry(SUBMITTED), world.entry(SUBMITTED)
        signer = confirmations.signer_by_link(world.link(), ANONYMOUS)
        confirmations.confirm(signer, [answered.id])
        assert confirmations.confirm(signer, [answered.id, open_one.id]) == 1

    def test_unverified_organisation_cannot_sign(self, world):
        contact = factories.contact(organisation_id=factories.organisation(verified=False).id)
        factories.entry(world.newcomer, factories.offer(contact_person=contact), state=SUBMITTED)
        with pytest.raises(Forbidden):
            confirmations.signer_by_link(
                new_link(LinkPurpose.CONFIRM_HOURS, locale="nl", contact_person_id=contact.id), ANONYMOUS
            )

    def test_no_address_is_flooded(self, world):
        contact = factories.contact(email="olena@example.be")
        offer = factories.offer(contact_person=contact)
        entry = factories.entry(world.newcomer, offer)
        for _ in range(6):
            hours.send(viewer(world.newcomer.person), entry.id, link_for)
        assert session().query(Message).filter_by(to_email="olena@example.be").count() == 3

    def test_no_mail_and_no_task_without_an_address(self, world):
        contact = factories.contact(email=None, phone="+32470998877")
        entry = factories.entry(world.newcomer, factories.offer(contact_person=contact))
        assert hours.send(viewer(world.newcomer.person), entry.id, link_for)
        assert session().query(Message).count() == 0

    def test_the_way_is_kept(self, world):
        entries = [world.entry(SUBMITTED) for _ in range(3)]
        signers = [
            confirmations.signer_by_link(world.link(), ANONYMOUS),
            confirmations.signer_by_link(world.link(newcomer=world.newcomer.id), ANONYMOUS),
            by_account(viewer(world.buddy.person)),
        ]
        for signer, entry in zip(signers, entries, strict=True):
            confirmations.confirm(signer, [entry.id])
        kept = [
            row.reason
            for row in session().query(Transition).filter_by(to_state="confirmed").order_by(Transition.id)
        ]
        assert kept == ["mailed-link", "passed-link", "account"]


class TestCorrections:
    def test_a_longer_time_that_runs_into_the_next_is_not_agreed(self, world):
        actor = viewer(world.newcomer.person)
        start = (now() - timedelta(days=5)).replace(hour=9, minute=0)
        entry = world.entry(SUBMITTED, starts_at=start, minutes=60)
        world.entry(DRAFT, starts_at=start + timedelta(minutes=90), minutes=60)
        confirmations.correct(
            by_account(viewer(world.buddy.person)), entry.id, minutes=120, note="", track_for=track_for
        )
        with pytest.raises(Invalid):
            hours.agree(actor, entry.id)

    @pytest.mark.parametrize("minutes", [0, 1441, 120])
    def test_lengths_that_are_none_or_the_same(self, world, minutes):
        entry = world.entry(SUBMITTED)
        with pytest.raises(Invalid):
            confirmations.correct(
                by_account(viewer(world.buddy.person)),
                entry.id,
                minutes=minutes,
                note="",
                track_for=track_for,
            )

    def test_not_into_the_future(self, world):
        entry = world.entry(SUBMITTED, starts_at=now() - timedelta(hours=3))
        with pytest.raises(Invalid):
            confirmations.correct(
                by_account(viewer(world.buddy.person)), entry.id, minutes=200, note="", track_for=track_for
            )

    def test_no_agreement_asks_the_contact_person_again(self, world):
        entry = world.entry(SUBMITTED)
        confirmations.correct(
            by_account(viewer(world.buddy.person)), entry.id, minutes=60, note="", track_for=track_for
        )
        hours.disagree(viewer(world.newcomer.person), entry.id, link_for)
        session().expire_all()
        assert (entry.state, entry.minutes, entry.confirmed_name) == (SUBMITTED, 120, "")
        assert (
            session().query(Message).filter_by(to_email=world.contact.email, kind="confirm-hours").count()
            == 1
        )

    def test_another_reason_needs_words(self, world):
        entry = world.entry(SUBMITTED)
        signer = by_account(viewer(world.buddy.person))
        with pytest.raises(Invalid):
            confirmations.refuse(signer, entry.id, reason=HoursRefusal.OTHER, note="", track_for=track_for)
        confirmations.refuse(
            signer, entry.id, reason=HoursRefusal.OTHER, note="Het was iemand anders", track_for=track_for
        )

    def test_staff_of_the_network_hear_nothing_when_the_newcomer_has_no_address(self, world):
        lost = factories.newcomer(email=False)
        entry = factories.entry(lost, world.offer, state=SUBMITTED)
        signer = confirmations.signer_by_link(world.link(), ANONYMOUS)
        confirmations.refuse(signer, entry.id, reason=HoursRefusal.NOT_PRESENT, note="", track_for=track_for)
        assert session().query(Message).count() == 0


def together(site, count: int, act: Callable[[int], object]) -> list[object]:
    """Let `count` threads act at the same moment, each with its own session; what each returned or refused."""
    ready, results = threading.Barrier(count), [None] * count

    def run(number: int) -> None:
        with site.app_context():
            ready.wait(timeout=20)
            try:
                results[number] = act(number)
            except Refusal as refusal:
                results[number] = refusal
            finally:
                db.release()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    session().rollback()  # what was read before is an older picture
    return results


class TestAtTheSameMoment:
    THREADS = 8

    def test_overlapping_hours_are_kept_once(self, world, site):
        actor, offer_id = viewer(world.newcomer.person), world.offer.id
        for turn in range(5):
            day = today() - timedelta(days=turn + 2)
            results = together(
                site, self.THREADS,
                lambda number, day=day, turn=turn: hours.tell(
                    actor, offer_id, telling(f"{turn}-{number}", day=day, at=time(10, number)), link_for
                ).id,
            )  # fmt: skip
            assert sum(isinstance(result, int) for result in results) == 1
            assert {result.code for result in results if isinstance(result, Invalid)} == {"overlap"}
        session().expire_all()
        assert session().query(HourEntry).count() == 5

    def test_this_test_would_see_a_check_without_a_lock(self, world, site):
        newcomer_id, offer_id, contact_id = world.newcomer.id, world.offer.id, world.contact.id
        person_id = world.newcomer.person_id
        start = now() - timedelta(days=2)
        checked = threading.Barrier(self.THREADS)

        def careless(number: int) -> int:
            starts, ends = start, start + timedelta(hours=2)
            found = session().scalars(overlapping(newcomer_id, starts, ends)).first()
            session().rollback()
            checked.wait(timeout=20)
            assert found is None
            with transaction() as inside:
                inside.add(
                    HourEntry(
                        newcomer_id=newcomer_id, offer_id=offer_id, contact_person_id=contact_id, starts_at=starts, ends_at=ends,
                        minutes=120, dutch_company=True, entered_by_id=person_id, submission_key=f"careless-{number}",
                    )
                )  # fmt: skip
            return number

        results = together(site, self.THREADS, careless)
        assert sum(isinstance(result, int) for result in results) > 1

    def test_the_same_form_is_one_entry(self, world, site):
        actor, offer_id = viewer(world.newcomer.person), world.offer.id
        results = together(
            site, self.THREADS, lambda number: hours.tell(actor, offer_id, telling("one form"), link_for).id
        )
        assert len(set(results)) == 1
        assert isinstance(results[0], int)

    def test_one_answer_to_one_line(self, world, site):
        entry_id = world.entry(SUBMITTED).id
        token, buddy = world.link(), viewer(world.buddy.person)

        def answer(number: int) -> object:
            signer = confirmations.signer_by_link(token, ANONYMOUS) if number % 2 else by_account(buddy)
            return confirmations.confirm(signer, [entry_id])

        results = together(site, self.THREADS, answer)
        assert results.count(1) == 1
        assert sum(isinstance(result, Moved) for result in results) == self.THREADS - 1
        assert session().query(Transition).filter_by(to_state="confirmed").count() == 1

    def test_one_acceptance(self, world, site):
        entry_id, newcomer_id = world.entry(CONFIRMED, minutes=1440).id, world.newcomer.id
        actor = viewer(world.counsellor)
        results = together(
            site, self.THREADS, lambda _: trajectories.accept(actor, newcomer_id, [entry_id], track_for)
        )
        assert results.count(1) == 1
        assert session().query(Transition).filter_by(to_state="accepted").count() == 1

    def test_a_code_links_one_newcomer(self, world, site):
        code = trajectories.new_counsellor_code(viewer(world.counsellor), secret_key="x" * 40)
        actors = [viewer(factories.newcomer().person) for _ in range(4)]
        results = together(
            site, 4, lambda number: trajectories.link_counsellor(actors[number], code, secret_key="x" * 40)
        )
        assert results.count(None) == 1
        assert session().query(Link).filter_by(purpose=LinkPurpose.LINK_COUNSELLOR).one().used_at
