"""Sums that are kept are what counting from the beginning gives, whatever happened in which order (R01, R02, R03)."""

import threading
from datetime import timedelta

import pytest

from app.clock import now, today
from app.db import before_commit, session, transaction
from app.models import HourEntry, Newcomer, TrajectorySum
from app.queries.contracts import contract_of, term_of
from app.queries.hours import totals_of
from app.queries.trajectories import Risk
from app.services import confirmations, contracts, hours, sums
from app.vocabulary import EntryState, Obligation
from tests import factories
from tests.factories import viewer
from tests.hours_world import World, by_account, link_for, telling
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

    def test_this_test_would_see_a_sum_that_is_added_to(self, world, site):
        """Reading a sum and writing more than that loses what the other wrote in between."""
        world.entry(EntryState.SUBMITTED)
        key, looked = world.newcomer.id, threading.Barrier(2)
        session().rollback()

        def careless(_number):
            before = session().get_one(TrajectorySum, key).confirmed
            session().rollback()
            looked.wait(timeout=20)
            with transaction() as inside:
                inside.get_one(TrajectorySum, key).confirmed = before + 120

        together(site, 2, careless)
        assert kept(world.newcomer)[1] == 120

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
