"""Sums that are kept are what counting from the beginning gives, whatever happened in which order (R01, R02, R03)."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.clock import now, start_of_day, today
from app.db import before_commit, session, transaction
from app.models import HourEntry, Newcomer, TrajectoryReached, TrajectorySum
from app.queries.contracts import contract_of, term_of
from app.queries.hours import totals_of
from app.queries.proofs import listed, proofs_of
from app.queries.trajectories import Risk
from app.services import confirmations, contracts, hours, proofs, sums, trajectories
from app.vocabulary import EntryState, Obligation
from tests import factories
from tests.factories import viewer
from tests.hours_world import World, by_account, link_for, telling, track_for
from tests.services.test_hours_races import together

NUMBERS = ("told", "confirmed", "accepted", "held")


@pytest.fixture
def world(site) -> World:
    return World()


def kept(newcomer: Newcomer) -> tuple[int, ...]:
    session().expire_all()
    row = session().get_one(TrajectorySum, newcomer.id)
    return tuple(getattr(row, name) for name in NUMBERS)


def counted(newcomer: Newcomer) -> tuple[int, ...]:
    entries = session().query(HourEntry).filter_by(newcomer_id=newcomer.id)
    totals = totals_of(entries, term_of(contract_of(newcomer.id)))
    return tuple(getattr(totals, name) for name in NUMBERS)


def quarters(world: World, count: int, minutes: int = 15) -> list[HourEntry]:
    """That many confirmed times, one after the other, all within the term."""
    began = start_of_day(today() - timedelta(days=50)) + timedelta(hours=8)
    return [
        world.entry(EntryState.CONFIRMED, minutes=minutes, starts_at=began + timedelta(hours=6 * at))
        for at in range(count)
    ]


def accept(world: World, *entries: HourEntry) -> None:
    trajectories.accept(viewer(world.counsellor), world.newcomer.id, factories.proof(*entries).id, track_for)


def sign_and_accept(world: World, entry: HourEntry) -> None:
    """Sign the open proof, and accept the one on which that entry stands with all that is on it."""
    signer = by_account(viewer(world.buddy.person))
    for item in listed(proofs_of(signer.lines))[0]:
        seen = [line.id for line in proofs.entries_on(item.proof)]
        confirmations.sign(signer, item.proof.id, seen=seen, track_for=track_for)
    proof = proofs.standing_on(session().get_one(HourEntry, entry.id))
    trajectories.accept(viewer(world.counsellor), world.newcomer.id, proof.id, track_for)


class TestFortyHours:
    def test_160_quarters_are_exactly_forty_hours_r01(self, world):
        times = quarters(world, 160)
        accept(world, *times[:159])
        assert (kept(world.newcomer)[2], session().query(TrajectoryReached).count()) == (2385, 0)
        accept(world, times[159])
        assert kept(world.newcomer)[2] == 40 * 60
        assert session().query(TrajectoryReached).one().minutes == 40 * 60

    def test_39_59_is_never_reached_r01(self, world):
        accept(world, *quarters(world, 159), world.entry(EntryState.CONFIRMED, minutes=14))
        assert kept(world.newcomer)[2] == 40 * 60 - 1
        assert session().query(TrajectoryReached).count() == 0


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    lengths=st.lists(st.integers(1, 300), min_size=2, max_size=7),
    order=st.randoms(use_true_random=False),
    reversed_ones=st.sets(st.integers(0, 6), max_size=3),
)
def test_the_order_in_which_hours_are_confirmed_accepted_and_reversed_does_not_matter_r02(
    site, lengths, order, reversed_ones
):
    """Each order of the same events gives the same total: what was accepted, without what was taken back."""
    world = World()
    signer, counsellor = by_account(viewer(world.buddy.person)), viewer(world.counsellor)
    entries = [
        world.entry(EntryState.SUBMITTED, minutes=minutes, starts_at=now() - timedelta(days=3 + at))
        for at, minutes in enumerate(lengths)
    ]
    shuffled = list(range(len(entries)))
    order.shuffle(shuffled)
    for at in shuffled:
        confirmations.confirm(signer, [entries[at].id])
        if order.random() < 0.5:
            sign_and_accept(world, entries[at])
            if at in reversed_ones:
                trajectories.reverse(counsellor, world.newcomer.id, entries[at].id, note="Dubbel")
    for entry in sorted(entries, key=lambda _entry: order.random()):
        session().expire_all()
        if entry.state is EntryState.CONFIRMED:
            sign_and_accept(world, entry)
    for at in reversed_ones & set(range(len(entries))):
        session().expire_all()
        if entries[at].state is EntryState.ACCEPTED:
            trajectories.reverse(counsellor, world.newcomer.id, entries[at].id, note="Dubbel")
    expected = sum(minutes for at, minutes in enumerate(lengths) if at not in reversed_ones)
    assert kept(world.newcomer) == counted(world.newcomer) == (0, 0, expected, 0)


class TestInStep:
    def test_from_the_first_entry_and_without_a_contract(self, site):
        newcomer = factories.newcomer()
        offer = factories.offer(newcomer_id=newcomer.id)
        assert session().get(TrajectorySum, newcomer.id) is None
        hours.tell(viewer(newcomer.person), offer.id, telling(), link_for)
        assert kept(newcomer) == (120, 0, 0, 0)
        assert (
            session().get_one(TrajectorySum, newcomer.id).last_day
            == (today() - timedelta(days=1)).toordinal()
        )

    def test_a_new_term_holds_what_lies_outside_it_r03(self, world):
        world.entry(EntryState.CONFIRMED, starts_at=now() - timedelta(days=20))
        assert kept(world.newcomer) == (0, 120, 0, 0)
        for starts, expected in ((10, (0, 0, 0, 120)), (30, (0, 120, 0, 0))):
            contracts.write_version(
                viewer(world.counsellor), world.newcomer.id, agency="agii", obligation=Obligation.OBLIGED,
                contains_trajectory=True, starts_on=today() - timedelta(days=starts), ends_on=today(), reason="Later begonnen",
            )  # fmt: skip
            assert kept(world.newcomer) == expected == counted(world.newcomer)

    def test_nothing_is_counted_when_the_rest_is_rolled_back(self, world):
        entry = world.entry(EntryState.SUBMITTED)

        def confirm_and_fail():
            with transaction():
                confirmations.confirm(by_account(viewer(world.buddy.person)), [entry.id])
                raise RuntimeError

        with pytest.raises(RuntimeError):
            confirm_and_fail()
        assert kept(world.newcomer) == (120, 0, 0, 0)

    def test_goes_with_the_newcomer(self, site):
        newcomer = factories.newcomer()
        with transaction() as db:
            sums.count_newcomers([newcomer.id])
        with transaction() as db:
            db.delete(db.get_one(Newcomer, newcomer.id))
        assert session().query(TrajectorySum).count() == 0

    def test_two_who_confirm_at_the_same_moment_are_both_counted(self, world, site):
        first, second = (
            world.entry(EntryState.SUBMITTED, starts_at=now() - timedelta(days=day)) for day in (3, 5)
        )
        signer = by_account(viewer(world.buddy.person))
        keys = [first.id, second.id]
        session().rollback()
        together(site, 2, lambda number: confirmations.confirm(signer, [keys[number]]))
        assert kept(world.newcomer) == counted(world.newcomer) == (0, 240, 0, 0)

    def test_it_belongs_inside_a_transaction(self, site):
        with pytest.raises(RuntimeError):
            before_commit(sums.count_entries, 1)


def test_repairing_finds_what_is_wrong_and_nothing_else(world):
    world.entry(EntryState.ACCEPTED)
    assert sums.repair() == 1  # the newcomer of the other duo had no row yet
    assert sums.repair() == 0
    with transaction() as db:
        db.get_one(TrajectorySum, world.newcomer.id).accepted = 9000
    assert sums.repair() == 1
    assert kept(world.newcomer) == counted(world.newcomer) == (0, 0, 120, 0)


def test_every_standing_has_its_words():
    assert all(str(risk.label) for risk in Risk)
