"""The counsellor's decisions: versions, what counts within the term, exactly 2 400 minutes, and taking back."""

from datetime import timedelta

import pytest

from app.clock import now, start_of_day, today
from app.db import session, transaction
from app.errors import Forbidden, Invalid, Moved, NotFound, Refusal
from app.models import (
    ContractVersion,
    Grant,
    Message,
    Newcomer,
    TargetRule,
    TrajectoryReached,
)
from app.queries.caseload import Asked, caseload_of
from app.queries.contracts import contract_of
from app.queries.newcomers import track_of
from app.services import contracts, trajectories
from app.vocabulary import EntryState, Obligation, Role
from tests import factories
from tests.factories import viewer
from tests.hours_world import World, track_for

SECRET = "for-tests-only-0123456789-abcdefghij"


@pytest.fixture
def world(site) -> World:
    return World()


def version(world, **values):
    defaults = {
        "agency": "agii", "obligation": Obligation.ENTITLED, "contains_trajectory": True, "reason": "Verlengd",
        "starts_on": today() - timedelta(days=60), "ends_on": today() + timedelta(days=300),
    }  # fmt: skip
    actor = values.pop("actor", None) or viewer(world.counsellor)
    return contracts.write_version(actor, world.newcomer.id, **{**defaults, **values})


def accept(world, *entries):
    return trajectories.accept(
        viewer(world.counsellor), world.newcomer.id, factories.proof(*entries).id, track_for
    )


def reached():
    session().expire_all()
    return session().query(TrajectoryReached).one_or_none()


class TestVersions:
    def test_a_change_is_the_next_version_and_the_first_stays(self, world):
        """R24."""
        made = version(world)
        first = session().query(ContractVersion).filter_by(number=1).one()
        assert (made.number, first.obligation, made.obligation) == (
            2,
            Obligation.OBLIGED,
            Obligation.ENTITLED,
        )
        assert contract_of(world.newcomer.id).id == made.id

    @pytest.mark.parametrize(
        ("values", "field"),
        [
            ({"reason": ""}, "reason"),
            ({"agency": "atlas"}, "agency"),
            ({"ends_on": today() - timedelta(days=61)}, "ends_on"),
            ({"ends_on": today() + timedelta(days=4000)}, "ends_on"),
        ],
    )
    def test_what_is_refused(self, world, values, field):
        """R30 among them: a new term needs its reason."""
        with pytest.raises(Invalid) as refusal:
            version(world, **values)
        assert refusal.value.field == field

    def test_first_version_needs_no_reason(self, world):
        world.newcomer = factories.newcomer(counsellor=world.counsellor)
        assert version(world, reason="").number == 1

    def test_only_the_own_counsellor(self, world):
        for name in ("other counsellor",):
            with pytest.raises(NotFound):
                version(world, actor=viewer(world.people[name]))
        for name in ("coordinator", "administrator", "buddy", "newcomer"):
            with pytest.raises(Forbidden):
                version(world, actor=viewer(world.people[name]))

    def test_nobody_writes_the_own_contract(self, world):
        with transaction() as inside:
            inside.get(Newcomer, world.newcomer.id).counsellor_id = world.newcomer.person_id
            inside.add(Grant(person_id=world.newcomer.person_id, role=Role.COUNSELLOR, agency_slug="agii"))
        with pytest.raises(Forbidden):
            version(world, actor=viewer(world.newcomer.person))


class TestTerm:
    def test_days_of_the_term_count_and_the_days_around_it_are_held(self, world):
        """R03."""
        starts, ends = today() - timedelta(days=40), today() - timedelta(days=20)
        version(world, starts_on=starts, ends_on=ends)
        noon = timedelta(hours=12)
        inside = [
            world.entry(EntryState.CONFIRMED, starts_at=start_of_day(day) + noon) for day in (starts, ends)
        ]
        outside = [
            world.entry(EntryState.CONFIRMED, starts_at=start_of_day(day) + noon)
            for day in (starts - timedelta(days=1), ends + timedelta(days=1))
        ]
        assert accept(world, *inside) == 2
        for entry in outside:
            with pytest.raises(Refusal) as refusal:
                accept(world, entry)
            assert refusal.value.code == "outside-term"
        totals = track_of(viewer(world.newcomer.person)).totals
        assert (totals.accepted, totals.held) == (240, 240)

    def test_a_line_outside_the_term_is_held_until_the_term_changes(self, world):
        """R03, R25: what is held counts as soon as a new version holds a longer term."""
        good = world.entry(EntryState.CONFIRMED)
        bad = world.entry(EntryState.CONFIRMED, starts_at=now() - timedelta(days=300))
        proof_id = factories.proof(good, bad).id
        again = lambda: trajectories.accept(  # noqa: E731
            viewer(world.counsellor), world.newcomer.id, proof_id, track_for
        )
        assert again() == 1
        session().expire_all()
        assert (good.state, bad.state) == (EntryState.ACCEPTED, EntryState.CONFIRMED)
        with pytest.raises(Refusal) as refusal:
            again()
        assert refusal.value.code == "outside-term"
        version(world, starts_on=today() - timedelta(days=310))
        assert again() == 1
        session().expire_all()
        assert bad.state is EntryState.ACCEPTED
        with pytest.raises(Moved):
            again()

    def test_without_a_contract_nothing_is_accepted_and_the_line_has_no_end(self, world):
        """R31, R32: without a contract there is no term, and nothing counts."""
        world.newcomer = factories.newcomer(counsellor=world.counsellor)
        entry = world.entry(EntryState.CONFIRMED)
        with pytest.raises(Refusal):
            accept(world, entry)
        track = track_of(viewer(world.newcomer.person))
        assert (track.term, track.target, track.totals.confirmed, track.totals.held) == (None, 2400, 120, 0)

    def test_a_contract_without_the_trajectory_counts_nothing(self, world):
        """R24, R18."""
        version(world, contains_trajectory=False)
        with pytest.raises(Refusal):
            accept(world, world.entry(EntryState.CONFIRMED))


class TestReached:
    def entries(self, world, total):
        made = [
            world.entry(EntryState.CONFIRMED, minutes=800, starts_at=now() - timedelta(days=day))
            for day in (3, 5)
        ]
        return [
            *made,
            world.entry(EntryState.CONFIRMED, minutes=total - 1600, starts_at=now() - timedelta(days=7)),
        ]

    def test_2399_minutes_are_not_enough_and_2400_are(self, world):
        """R01."""
        accept(world, *self.entries(world, 2399))
        assert reached() is None
        accept(world, world.entry(EntryState.CONFIRMED, minutes=1, starts_at=now() - timedelta(days=9)))
        row = reached()
        assert (row.minutes, row.obligation, row.on) == (2400, Obligation.OBLIGED, today())
        assert session().query(Message).filter_by(kind="target-reached").count() == 1

    def test_once(self, world):
        accept(world, *self.entries(world, 2400))
        accept(world, world.entry(EntryState.CONFIRMED, starts_at=now() - timedelta(days=11)))
        assert reached().minutes == 2400
        assert session().query(Message).filter_by(kind="target-reached").count() == 1

    def test_taking_back_makes_it_unreached_and_both_entries_stay(self, world):
        """R50."""
        entries = self.entries(world, 2400)
        accept(world, *entries)
        counter = trajectories.reverse(
            viewer(world.counsellor), world.newcomer.id, entries[0].id, note="Dubbel"
        )
        assert (counter.minutes, counter.reverses_id, counter.state) == (
            -800,
            entries[0].id,
            EntryState.REVERSED,
        )
        session().expire_all()
        assert (entries[0].state, entries[0].minutes) == (EntryState.REVERSED, 800)
        assert reached() is None
        assert track_of(viewer(world.newcomer.person)).totals.accepted == 1600
        with pytest.raises((NotFound, Refusal)):
            trajectories.reverse(viewer(world.counsellor), world.newcomer.id, entries[0].id, note="Nog eens")
        with pytest.raises(NotFound):
            trajectories.reverse(viewer(world.counsellor), world.newcomer.id, counter.id, note="Terug")

    def test_r01_the_rule_of_the_day_on_which_the_first_contract_began(self, world):
        with transaction() as inside:
            inside.add(TargetRule(since=today() - timedelta(days=30), minutes=600, source="test"))
        version(world, starts_on=today() - timedelta(days=30))
        assert track_of(viewer(world.newcomer.person)).target == 2400  # who had begun keeps the rule
        assert caseload_of(viewer(world.counsellor), Asked()).cases[0].owed == 2400
        world.newcomer = factories.newcomer(counsellor=world.counsellor)
        version(world, starts_on=today() - timedelta(days=30))
        assert track_of(viewer(world.newcomer.person)).target == 600
        accept(world, world.entry(EntryState.CONFIRMED, minutes=600, starts_at=now() - timedelta(days=3)))
        assert reached().minutes == 600

    def test_a_contract_from_before_all_rules_has_the_first(self, world):
        world.newcomer = factories.newcomer(counsellor=world.counsellor)
        version(world, starts_on=today().replace(year=2022), ends_on=today() + timedelta(days=30))
        assert track_of(viewer(world.newcomer.person)).target == 2400
        assert caseload_of(viewer(world.counsellor), Asked()).cases[0].owed == 2400

    def test_a_new_term_is_looked_at_again(self, world):
        accept(world, *self.entries(world, 2400))
        version(world, starts_on=today() - timedelta(days=4))
        assert reached() is None
        version(world)
        assert reached().obligation is Obligation.ENTITLED


class TestReturning:
    def test_the_note_reaches_who_must_look(self, world, site):
        entry = world.entry(EntryState.CONFIRMED, confirmed_name="Marleen", confirmed_at=now())
        trajectories.give_back(
            viewer(world.counsellor), world.newcomer.id, entry.id, note="Wie was erbij?", track_for=track_for
        )
        session().expire_all()
        assert (entry.state, entry.confirmed_name, entry.confirmed_at) == (EntryState.SUBMITTED, "", None)
        assert "Wie was erbij?" in session().query(Message).filter_by(kind="hours-returned").one().text

    @pytest.mark.parametrize("act", ["give_back", "reverse"])
    def test_no_decision_without_words(self, world, act):
        entry = world.entry(EntryState.CONFIRMED if act == "give_back" else EntryState.ACCEPTED)
        more = {"track_for": track_for} if act == "give_back" else {}
        with pytest.raises(Invalid):
            getattr(trajectories, act)(viewer(world.counsellor), world.newcomer.id, entry.id, note="", **more)

    def test_an_entry_of_another_newcomer_is_none(self, world):
        other = factories.newcomer(counsellor=world.counsellor)
        proof_id = factories.proof(world.entry(EntryState.CONFIRMED)).id
        for key in (proof_id, 999_999):
            with pytest.raises(NotFound):
                trajectories.accept(viewer(world.counsellor), other.id, key, track_for)
