"""What a counsellor decides about a trajectory as a whole: contract, not reached, looking back, and handing over."""

from contextlib import suppress

import pytest
import time_machine
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from app.clock import now, today
from app.db import session, transaction
from app.errors import Forbidden, Invalid, NotFound, Refusal
from app.models import (
    ContractVersion,
    CounsellorTransfer,
    TrajectoryDecision,
    TrajectoryReached,
    WarmHandover,
)
from app.queries.contracts import contract_of
from app.services import contracts, decisions, exemptions, handing, trajectories
from app.vocabulary import EntryState
from app.vocabulary.contracts import (
    DecisionKind,
    Evidence,
    ExemptionGround,
    ExtensionCause,
    Look,
    TrajectoryState,
)
from app.vocabulary.terms import Span
from tests import factories
from tests.factories import viewer
from tests.hours_world import World, track_for
from tests.trajectory_steps import DAY, STEPS, bring, exempt, looks, state, take_back, version

S, D = TrajectoryState, DecisionKind


@pytest.fixture
def world(site) -> World:
    return World(contracted=False)


class TestContract:
    def test_r24_opting_in_and_out_are_versions_and_none_is_edited(self, world):
        for step in ("opt out", "opt in", "opt out"):
            STEPS[step].does(world, world.counsellor)
        found = session().query(ContractVersion).order_by(ContractVersion.number).all()
        assert [(item.number, item.kind.value, item.contains_trajectory) for item in found] == [
            (1, "first", False), (2, "change", True), (3, "change", False),
        ]  # fmt: skip

    def test_r17_a_duty_is_not_left_out(self, world):
        bring(world, S.RUNNING)
        with pytest.raises(Invalid) as refusal:
            STEPS["leave out of a duty"].does(world, world.counsellor)
        assert refusal.value.field == "contains_trajectory"

    def test_r31_r32_without_a_contract_there_is_no_target_and_nothing_to_decide(self, world):
        assert state(world) is S.NO_TRAJECTORY
        assert looks(world) == []
        for step in ("extend", "exempt", "completed", "not_reached", "looked_at"):
            with pytest.raises(Refusal):
                STEPS[step].does(world, world.counsellor)

    @pytest.mark.parametrize("days", [-400, 0])
    def test_r25_an_extension_ends_later(self, world, days):
        bring(world, S.RUNNING)
        with pytest.raises(Invalid) as refusal:
            contracts.extend(
                viewer(world.counsellor), world.newcomer.id, ends_on=today() + (days - 5) * DAY,
                cause=ExtensionCause.OTHER, reason="Zo",
            )  # fmt: skip
        assert refusal.value.field == "ends_on"

    def test_r30_an_extension_without_cause_or_words_is_refused(self, world):
        bring(world, S.RUNNING)
        with pytest.raises(Invalid) as refusal:
            STEPS["later end"].does(world, world.counsellor)
        assert refusal.value.field == "ends_on"
        with pytest.raises(Invalid) as refusal:
            contracts.extend(
                viewer(world.counsellor),
                world.newcomer.id,
                ends_on=today() + DAY,
                cause=ExtensionCause.OTHER,
                reason="",
            )
        assert refusal.value.field == "reason"

    def test_r25_who_extended_and_why_is_kept(self, world):
        bring(world, S.EXTENDED)
        made = contract_of(world.newcomer.id)
        assert (made.kind.value, made.cause, made.reason, made.by_person_id) == (
            "extension", ExtensionCause.NO_OFFER, "Volzet", world.counsellor.id,
        )  # fmt: skip

    def test_r27_not_reached_goes_on_with_a_new_term(self, world):
        bring(world, S.NOT_REACHED)
        accepted = world.entry(EntryState.CONFIRMED, minutes=60, starts_at=now() - 20 * DAY)
        trajectories.accept(
            viewer(world.counsellor), world.newcomer.id, factories.proof(accepted).id, track_for
        )
        assert state(world) is S.NOT_REACHED
        STEPS["later end"].does(world, world.counsellor)
        assert contract_of(world.newcomer.id).kind.value == "continued"
        assert state(world) is S.RUNNING


class TestNotReached:
    def test_r26_the_account_of_effort_is_asked(self, world):
        bring(world, S.RUNNING)
        with pytest.raises(Invalid) as refusal:
            decisions.decide(viewer(world.counsellor), world.newcomer.id, D.NOT_REACHED, words="")
        assert refusal.value.field == "words"

    def test_r26_not_before_the_end_of_the_term(self, world):
        bring(world, S.EXTENDED)
        with pytest.raises(Refusal):
            STEPS["not_reached"].does(world, world.counsellor)

    def test_r28_only_of_who_is_obliged(self, world):
        STEPS["opt in"].does(world, world.counsellor)
        with pytest.raises(Refusal):
            STEPS["not_reached"].does(world, world.counsellor)


class TestLookingBack:
    def test_completed_is_opened_again_by_hours_taken_back(self, world):
        bring(world, S.COMPLETED)
        take_back(world, world.counsellor)
        assert looks(world) == [Look.BELOW_AGAIN]
        STEPS["looked_at"].does(world, world.counsellor)
        assert state(world) is S.RUNNING

    def test_r23_the_end_of_a_ground_changes_nothing(self, world):
        """The exemption that runs out by itself makes something to look at; contract and decisions stay as they are."""
        bring(world, S.RUNNING)
        exempt(world, world.counsellor, valid_to=today())
        written = lambda: [session().query(kind).count() for kind in (ContractVersion, TrajectoryDecision)]  # noqa: E731
        before = written()
        assert state(world) is S.EXEMPT
        assert Look.GROUND_ENDED not in looks(world)
        with time_machine.travel(now() + DAY):
            assert state(world) is S.TO_REVIEW
            assert Look.GROUND_ENDED in looks(world)
        assert written() == before

    def test_a_ground_that_follows_is_no_end(self, world):
        bring(world, S.TO_REVIEW)
        exempt(world, world.counsellor, valid_from=today() - DAY)
        assert state(world) is S.EXEMPT
        assert looks(world) == []


class TestHanding:
    def test_transfer_and_loss_of_sight(self, world):
        bring(world, S.RUNNING)
        colleague = world.people["other counsellor"]
        handing.transfer(viewer(world.counsellor), world.newcomer.id, colleague.id, note="Andere wijk")
        assert looks(world) == []
        assert Look.HANDED_TO_YOU in looks(world, colleague)
        with pytest.raises(NotFound):
            version(world, world.counsellor)
        version(world, colleague)
        with pytest.raises(NotFound):
            handing.transfer_seen(viewer(world.counsellor), world.newcomer.id)
        handing.transfer_seen(viewer(colleague), world.newcomer.id)
        assert Look.HANDED_TO_YOU not in looks(world, colleague)
        assert session().query(CounsellorTransfer).one().note == "Andere wijk"

    def test_only_to_a_colleague_of_the_same_agency(self, world):
        bring(world, S.RUNNING)
        away = factories.counsellor(active=False)
        others = [factories.counsellor("atlas"), away, world.people["coordinator"], world.counsellor]
        for human in [*others, world.newcomer.person]:
            with pytest.raises(Invalid) as refusal:
                handing.transfer(viewer(world.counsellor), world.newcomer.id, human.id)
            assert refusal.value.field == "to"

    def test_nobody_else_hands_over(self, world):
        colleague = world.people["other counsellor"]
        for name, human in world.people.items():
            if name != "counsellor":
                with pytest.raises((Forbidden, NotFound)):
                    handing.transfer(viewer(human), world.newcomer.id, colleague.id)
                with pytest.raises((Forbidden, NotFound)):
                    handing.plan_handover(
                        viewer(human), world.newcomer.id, to_whom="Club", agreed=True, planned_on=today()
                    )

    def test_r34_a_warm_handover_needs_the_yes_of_the_newcomer(self, world):
        counsellor = viewer(world.counsellor)
        for values, field in (({"agreed": False}, "agreed"), ({"to_whom": ""}, "to_whom")):
            given = {"to_whom": "Club Doel", "agreed": True, "planned_on": today() + DAY, **values}
            with pytest.raises(Invalid) as refusal:
                handing.plan_handover(counsellor, world.newcomer.id, **given)
            assert refusal.value.field == field
        made = handing.plan_handover(
            counsellor, world.newcomer.id, to_whom="Club Doel", agreed=True, planned_on=today() + DAY
        )
        assert looks(world) == [Look.HANDOVER_PLANNED]
        handing.handover_done(counsellor, world.newcomer.id, made.id)
        assert looks(world) == []
        assert session().query(WarmHandover).one().done_on == today()
        with pytest.raises(Refusal):
            handing.handover_done(counsellor, world.newcomer.id, made.id)


def test_the_row_of_the_target_is_not_the_state(world):
    """Completed is the counsellor's own decision: the system only finds that the hours are reached (R01)."""
    bring(world, S.HOURS_REACHED)
    assert session().query(TrajectoryReached).count() == 1
    assert session().query(TrajectoryDecision).count() == 0
    with suppress(Refusal):
        STEPS["looked_at"].does(world, world.counsellor)
    assert state(world) is S.HOURS_REACHED


EDITED = {
    "contract_version": "UPDATE contract_version SET ends_on = '2040-01-01'",
    "obligation": "UPDATE contract_version SET obligation = 'entitled'",
    "decision": "UPDATE trajectory_decision SET words = ''",
    "exemption": "UPDATE exemption SET valid_to = '2040-01-01'",
    "contract that was seen": "UPDATE seen_contract SET ends_on = '2040-01-01'",
    "target": "UPDATE target_rule SET minutes = 600",
    "term": "UPDATE term_rule SET longest_months = 1",
    "ground": "UPDATE exemption_rule SET least_months = 1",
}


@pytest.mark.parametrize("what", EDITED)
def test_r24_the_database_refuses_to_edit_what_was_decided(world, what):
    bring(world, S.NOT_REACHED)
    work = {"ground": ExemptionGround.WORK_EMPLOYEE, "evidence": Evidence.EMPLOYMENT_CONTRACT}
    made = exempt(world, world.counsellor, contracts=(Span(today() - 30 * DAY),), **work)
    with pytest.raises(IntegrityError, match="what was decided is not changed"), transaction() as inside:
        inside.execute(text(EDITED[what]))
    exemptions.end_ground(viewer(world.counsellor), world.newcomer.id, made.id, ended_on=today())
    assert made.ended_on == today()
