"""What a counsellor does twice at the same moment, as in two windows, is written down once."""

import threading
from datetime import timedelta

import pytest

from app.clock import today
from app.db import session, transaction
from app.errors import Refusal
from app.models import ContractVersion, CounsellorTransfer, TrajectoryDecision
from app.queries.contracts import contract_of
from app.services import contracts, decisions, handing
from app.vocabulary import Obligation
from app.vocabulary.contracts import DecisionKind, ExtensionCause, TrajectoryState
from tests import factories
from tests.factories import viewer
from tests.hours_world import World
from tests.services.test_hours_races import together
from tests.trajectory_steps import bring

THREADS = 6
LATER = today() + timedelta(days=400)


@pytest.fixture
def world(site) -> World:
    return World(contracted=False)


def alone(site, act) -> None:
    """Of those who act at the same moment one succeeds, and the others are refused."""
    results = together(site, THREADS, lambda _number: act() and "done")
    assert results.count("done") == 1
    assert sum(isinstance(result, Refusal) for result in results) == THREADS - 1


@pytest.mark.parametrize(
    ("wanted", "kind"),
    [
        (TrajectoryState.HOURS_REACHED, DecisionKind.COMPLETED),
        (TrajectoryState.RUNNING, DecisionKind.NOT_REACHED),
    ],
)
def test_one_decision(world, site, wanted, kind):
    """R26: the account of effort stands once."""
    bring(world, wanted)
    actor, key = viewer(world.counsellor), world.newcomer.id
    alone(site, lambda: decisions.decide(actor, key, kind, words="Vijf keer gebeld"))
    assert session().query(TrajectoryDecision).count() == 1


def test_one_extension(world, site):
    """R25: the second finds the later end already there."""
    bring(world, TrajectoryState.RUNNING)
    actor, key = viewer(world.counsellor), world.newcomer.id
    alone(
        site,
        lambda: contracts.extend(actor, key, ends_on=LATER, cause=ExtensionCause.NO_OFFER, reason="Volzet"),
    )
    assert [version.number for version in session().query(ContractVersion)] == [1, 2]


def test_versions_are_numbered_one_after_the_other(world, site):
    """R24: all are kept, each with a number of its own."""
    actor, key = viewer(world.counsellor), world.newcomer.id

    def write(number: int) -> int:
        return contracts.write_version(
            actor, key, agency="agii", obligation=Obligation.OBLIGED, contains_trajectory=True, reason=f"{number}",
            starts_on=today(), ends_on=today() + timedelta(days=30),
        ).number  # fmt: skip

    assert sorted(together(site, THREADS, write)) == list(range(1, THREADS + 1))


def test_one_colleague(world, site):
    bring(world, TrajectoryState.RUNNING)
    actor, key, colleagues = (
        viewer(world.counsellor),
        world.newcomer.id,
        [factories.counsellor().id for _ in range(2)],
    )
    results = together(site, 2, lambda number: handing.transfer(actor, key, colleagues[number]).to_person_id)
    assert sum(isinstance(result, Refusal) for result in results) == 1
    made = session().query(CounsellorTransfer).one()
    assert made.to_person_id in results


def test_this_test_would_see_a_decision_without_a_lock(world, site):
    bring(world, TrajectoryState.HOURS_REACHED)
    key, by = world.newcomer.id, world.counsellor.id
    looked = threading.Barrier(THREADS)

    def careless() -> bool:
        number = contract_of(key).number
        found = session().query(TrajectoryDecision).count()
        session().rollback()
        looked.wait(timeout=20)
        assert not found
        with transaction() as inside:
            inside.add(
                TrajectoryDecision(
                    newcomer_id=key,
                    version_number=number,
                    kind=DecisionKind.COMPLETED,
                    by_person_id=by,
                    on=today(),
                )
            )
        return True

    with pytest.raises(AssertionError):
        alone(site, careless)
    assert session().query(TrajectoryDecision).count() == THREADS
