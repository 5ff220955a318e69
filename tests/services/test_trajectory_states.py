"""Where a trajectory stands (DOMAIN 6b): the table, every step with every role, and what stands under "To look at"."""

from contextlib import suppress
from datetime import timedelta

import pytest

from app.clock import now, today
from app.db import session, transaction
from app.errors import Forbidden, Invalid, NotFound, Refusal
from app.models import (
    ContractVersion,
    CounsellorTransfer,
    Exemption,
    Grant,
    HourEntry,
    Newcomer,
    TrajectoryDecision,
    TrajectoryReached,
    TrajectorySum,
    WarmHandover,
)
from app.queries.contracts import contract_of
from app.queries.followup import to_look_at
from app.queries.trajectory_states import Facts, state_of
from app.services import contracts, decisions, exemptions, handing, trajectories
from app.services.exemptions import Deciding
from app.vocabulary import EntryState, Obligation, Role
from app.vocabulary.contracts import (
    DecisionKind,
    Evidence,
    ExemptionGround,
    ExtensionCause,
    Look,
    TrajectoryState,
)
from tests import factories
from tests.factories import viewer
from tests.hours_world import World, track_for

S, D = TrajectoryState, DecisionKind
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("facts", "state"),
    [
        (Facts(None), S.NO_TRAJECTORY),
        (Facts(None, reached=True, exempt=True, ground_over=True, decision=D.COMPLETED), S.NO_TRAJECTORY),
        (Facts(True), S.RUNNING),
        (Facts(True, extended=True), S.EXTENDED),
        (Facts(False), S.NOT_INCLUDED),
        (Facts(False, exempt=True), S.EXEMPT),
        (Facts(True, exempt=True), S.EXEMPT),
        (Facts(True, exempt=True, decision=D.NOT_REACHED), S.EXEMPT),
        (Facts(True, ground_over=True), S.TO_REVIEW),
        (Facts(False, ground_over=True), S.TO_REVIEW),
        (Facts(True, reached=True), S.HOURS_REACHED),
        (Facts(True, reached=True, exempt=True), S.HOURS_REACHED),
        (Facts(True, reached=True, ground_over=True), S.HOURS_REACHED),
        (Facts(True, reached=True, decision=D.COMPLETED), S.COMPLETED),
        (Facts(True, reached=False, decision=D.COMPLETED), S.TO_REVIEW),
        (Facts(True, decision=D.NOT_REACHED), S.NOT_REACHED),
        (Facts(True, extended=True, decision=D.NOT_REACHED), S.NOT_REACHED),
        (Facts(True, reached=True, decision=D.NOT_REACHED), S.HOURS_REACHED),
        (Facts(True, decision=D.LOOKED_AT), S.RUNNING),
        (Facts(True, extended=True, decision=D.LOOKED_AT), S.EXTENDED),
    ],
)
def test_the_table(facts, state):
    assert state_of(facts) is state


def state(world) -> TrajectoryState:
    session().expire_all()
    return contracts.standing_state(world.newcomer, contract_of(world.newcomer.id))


def looks(world, person=None) -> list[Look]:
    session().expire_all()
    return [item.kind for item in to_look_at(viewer(person or world.counsellor))]


# What each step asks of the services, by who.


def version(world, who, **values):
    given = {
        "agency": "agii", "obligation": Obligation.OBLIGED, "contains_trajectory": True, "reason": "Anders",
        "starts_on": today() - 300 * DAY, "ends_on": today() - 5 * DAY, **values,
    }  # fmt: skip
    return contracts.write_version(viewer(who), world.newcomer.id, **given)


def extend(world, who):
    return contracts.extend(
        viewer(who),
        world.newcomer.id,
        ends_on=today() + 400 * DAY,
        cause=ExtensionCause.NO_OFFER,
        reason="Volzet",
    )


def exempt(world, who, **values):
    given = {
        "ground": ExemptionGround.WORK_CIVIL_SERVANT, "half_time": True, "evidence": Evidence.APPOINTMENT,
        "seen_on": today(), "valid_from": today() - 30 * DAY, **values,
    }  # fmt: skip
    return exemptions.exempt(viewer(who), world.newcomer.id, Deciding(**given))


def end_ground(world, who):
    made = (
        session()
        .query(Exemption)
        .filter_by(newcomer_id=world.newcomer.id)
        .order_by(Exemption.id.desc())
        .first()
    )
    exemptions.end_ground(
        viewer(who), world.newcomer.id, made.id if made else 999_999, ended_on=today() - DAY
    )


def accept_all(world, who):
    waiting = (
        world.entry(EntryState.CONFIRMED, minutes=1440, starts_at=now() - 20 * DAY),
        world.entry(EntryState.CONFIRMED, minutes=960, starts_at=now() - 24 * DAY),
    )
    trajectories.accept(viewer(who), world.newcomer.id, factories.proof(*waiting).id, track_for)


def take_back(world, who):
    kept = next((entry for entry in entries(world) if entry.state is EntryState.ACCEPTED), None)
    trajectories.reverse(viewer(who), world.newcomer.id, kept.id if kept else 999_999, note="Dubbel")


def entries(world):
    return session().query(HourEntry).filter_by(newcomer_id=world.newcomer.id).order_by(HourEntry.id)


def decide(kind):
    return lambda world, who: decisions.decide(viewer(who), world.newcomer.id, kind, words="Vijf keer gebeld")


ENTITLED = {"obligation": Obligation.ENTITLED}
STEPS = {
    "write": version,
    "opt out": lambda world, who: version(world, who, contains_trajectory=False, **ENTITLED),
    "opt in": lambda world, who: version(world, who, **ENTITLED),
    "leave out of a duty": lambda world, who: version(world, who, contains_trajectory=False),
    "later end": lambda world, who: version(world, who, ends_on=today() + 30 * DAY),
    "extend": extend,
    "exempt": exempt,
    "end of ground": end_ground,
    "accept": accept_all,
    "take back": take_back,
    "complete": decide(D.COMPLETED),
    "not reached": decide(D.NOT_REACHED),
    "looked at": decide(D.LOOKED_AT),
}
# How each state is come to from a newcomer without a contract.
WAYS = {
    S.NO_TRAJECTORY: (),
    S.RUNNING: ("write",),
    S.NOT_INCLUDED: ("opt out",),
    S.EXTENDED: ("write", "extend"),
    S.EXEMPT: ("write", "exempt"),
    S.TO_REVIEW: ("write", "exempt", "end of ground"),
    S.HOURS_REACHED: ("write", "accept"),
    S.COMPLETED: ("write", "accept", "complete"),
    S.NOT_REACHED: ("write", "not reached"),
}
# What every step makes of every state; a step that is not here is refused there.
AFTER = {
    S.NO_TRAJECTORY: {"write": S.RUNNING, "opt out": S.NOT_INCLUDED, "opt in": S.RUNNING, "later end": S.RUNNING},
    S.RUNNING: {
        "write": S.RUNNING, "opt out": S.NOT_INCLUDED, "opt in": S.RUNNING, "extend": S.EXTENDED, "exempt": S.EXEMPT,
        "accept": S.HOURS_REACHED, "not reached": S.NOT_REACHED,
    },
    S.NOT_INCLUDED: {"write": S.RUNNING, "opt out": S.NOT_INCLUDED, "opt in": S.RUNNING, "later end": S.RUNNING},
    S.EXTENDED: {
        "write": S.RUNNING, "opt out": S.NOT_INCLUDED, "opt in": S.RUNNING, "later end": S.RUNNING, "exempt": S.EXEMPT,
        "accept": S.HOURS_REACHED,
    },
    S.EXEMPT: {
        "write": S.EXEMPT, "opt out": S.NOT_INCLUDED, "opt in": S.RUNNING, "leave out of a duty": S.EXEMPT,
        "later end": S.EXEMPT, "exempt": S.EXEMPT, "end of ground": S.TO_REVIEW, "accept": S.HOURS_REACHED,
    },
    S.TO_REVIEW: {
        "write": S.TO_REVIEW, "opt out": S.NOT_INCLUDED, "opt in": S.RUNNING, "later end": S.TO_REVIEW,
        "exempt": S.EXEMPT, "end of ground": S.TO_REVIEW, "accept": S.HOURS_REACHED, "looked at": S.RUNNING,
    },
    S.HOURS_REACHED: {
        "write": S.HOURS_REACHED, "opt out": S.NOT_INCLUDED, "opt in": S.HOURS_REACHED, "later end": S.HOURS_REACHED,
        "exempt": S.HOURS_REACHED, "accept": S.HOURS_REACHED, "take back": S.RUNNING, "complete": S.COMPLETED,
    },
    S.COMPLETED: {
        "write": S.HOURS_REACHED, "opt out": S.NOT_INCLUDED, "opt in": S.HOURS_REACHED, "later end": S.HOURS_REACHED,
        "exempt": S.COMPLETED, "accept": S.COMPLETED, "take back": S.TO_REVIEW,
    },
    S.NOT_REACHED: {
        "write": S.RUNNING, "opt out": S.NOT_INCLUDED, "opt in": S.RUNNING, "later end": S.RUNNING, "exempt": S.EXEMPT,
        "accept": S.HOURS_REACHED,
    },
}  # fmt: skip
# What stands under "To look at" in each of these states.
LOOKS = {
    S.RUNNING: [Look.TERM_OVER], S.TO_REVIEW: [Look.TERM_OVER, Look.GROUND_ENDED], S.HOURS_REACHED: [Look.TO_COMPLETE],
}  # fmt: skip


def without_contract() -> World:
    """A newcomer with a counsellor, and no contract yet."""
    made = World()
    with transaction() as inside:
        inside.delete(inside.get(TrajectorySum, made.newcomer.id))
        inside.flush()
        inside.delete(inside.get(ContractVersion, made.contract.id))
    return made


@pytest.fixture
def world(site) -> World:
    return without_contract()


def bring(world, wanted):
    for step in WAYS[wanted]:
        STEPS[step](world, world.counsellor)
    assert state(world) is wanted


@pytest.mark.parametrize("wanted", list(S))
def test_every_step_in_every_state(world, wanted):
    """R23-R27, R30: what each step makes of each state, and that all others are refused and change nothing."""
    for name, step in STEPS.items():
        fresh = without_contract()
        bring(fresh, wanted)
        if name in AFTER[wanted]:
            step(fresh, fresh.counsellor)
            assert state(fresh) is AFTER[wanted][name], name
        else:
            with pytest.raises((Refusal, NotFound, Invalid)):
                step(fresh, fresh.counsellor)
            assert state(fresh) is wanted, name


@pytest.mark.parametrize("wanted", list(S))
def test_no_other_role_takes_any_step(world, wanted):
    """3a: contract, exemption, extension and decisions are of the own counsellor only; nobody decides for himself."""
    bring(world, wanted)
    for name, human in world.people.items():
        if name == "counsellor":
            continue
        for step in STEPS.values():
            with pytest.raises((Forbidden, NotFound)):
                step(world, human)
    session().rollback()
    assert state(world) is wanted


@pytest.mark.parametrize("wanted", list(S))
def test_what_stands_to_look_at(world, wanted):
    bring(world, wanted)
    assert sorted(looks(world)) == sorted(LOOKS.get(wanted, []))
    assert looks(world, world.people["other counsellor"]) == []


def test_nobody_decides_about_oneself(world):
    bring(world, S.HOURS_REACHED)
    with transaction() as inside:
        inside.get(Newcomer, world.newcomer.id).counsellor_id = world.newcomer.person_id
        inside.add(Grant(person_id=world.newcomer.person_id, role=Role.COUNSELLOR, agency_slug="agii"))
    for step in STEPS.values():
        with pytest.raises(Forbidden):
            step(world, world.newcomer.person)


class TestContract:
    def test_r24_opting_in_and_out_are_versions_and_none_is_edited(self, world):
        for step in ("opt out", "opt in", "opt out"):
            STEPS[step](world, world.counsellor)
        found = session().query(ContractVersion).order_by(ContractVersion.number).all()
        assert [(item.number, item.kind.value, item.contains_trajectory) for item in found] == [
            (1, "first", False), (2, "change", True), (3, "change", False),
        ]  # fmt: skip

    def test_r17_a_duty_is_not_left_out(self, world):
        bring(world, S.RUNNING)
        with pytest.raises(Invalid) as refusal:
            STEPS["leave out of a duty"](world, world.counsellor)
        assert refusal.value.field == "contains_trajectory"

    def test_r31_r32_without_a_contract_there_is_no_target_and_nothing_to_decide(self, world):
        assert state(world) is S.NO_TRAJECTORY
        assert looks(world) == []
        for step in ("extend", "exempt", "complete", "not reached", "looked at"):
            with pytest.raises(Refusal):
                STEPS[step](world, world.counsellor)

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
            STEPS["later end"](world, world.counsellor)
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
        STEPS["later end"](world, world.counsellor)
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
            STEPS["not reached"](world, world.counsellor)

    def test_r28_only_of_who_is_obliged(self, world):
        STEPS["opt in"](world, world.counsellor)
        with pytest.raises(Refusal):
            STEPS["not reached"](world, world.counsellor)


class TestLookingBack:
    def test_completed_is_opened_again_by_hours_taken_back(self, world):
        bring(world, S.COMPLETED)
        take_back(world, world.counsellor)
        assert looks(world) == [Look.BELOW_AGAIN]
        STEPS["looked at"](world, world.counsellor)
        assert state(world) is S.RUNNING

    def test_r23_the_end_of_a_ground_changes_nothing(self, world):
        """The exemption that runs out by itself makes something to look at; contract and decisions stay as they are."""
        bring(world, S.RUNNING)
        exempt(world, world.counsellor, valid_to=today())
        before = session().query(ContractVersion).count(), session().query(TrajectoryDecision).count()
        assert state(world) is S.EXEMPT
        assert Look.GROUND_ENDED not in looks(world)
        with transaction() as inside:
            inside.query(Exemption).one().valid_to = today() - DAY
        assert state(world) is S.TO_REVIEW
        assert Look.GROUND_ENDED in looks(world)
        assert (
            session().query(ContractVersion).count(),
            session().query(TrajectoryDecision).count(),
        ) == before

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
        STEPS["looked at"](world, world.counsellor)
    assert state(world) is S.HOURS_REACHED
