"""What can be done with a trajectory as a whole (DOMAIN 6b): every step, and how each state is come to."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from app.clock import now, today
from app.db import session
from app.models import Exemption, HourEntry, Person
from app.queries.contracts import contract_of
from app.queries.followup import to_look_at
from app.security.viewer import ANONYMOUS, Viewer
from app.services import contracts, decisions, exemptions, handing, trajectories
from app.services.exemptions import Deciding
from app.vocabulary import EntryState, Obligation
from app.vocabulary.contracts import (
    DecisionKind,
    Evidence,
    ExemptionGround,
    ExtensionCause,
    Look,
    TrajectoryState,
)
from tests import factories
from tests.hours_world import World, link_for, track_for

S = TrajectoryState
DAY = timedelta(days=1)
NOT_THERE = 999_999


def viewer(who: Person | None) -> Viewer:
    """Who that is at this moment; None = nobody is signed in."""
    return factories.viewer(who) if who is not None else ANONYMOUS


def state(world: World) -> TrajectoryState:
    session().expire_all()
    return contracts.standing_state(world.newcomer, contract_of(world.newcomer.id))


def looks(world: World, person: Person | None = None) -> list[Look]:
    session().expire_all()
    return [item.kind for item in to_look_at(viewer(person or world.counsellor))]


def version(world, who, **values):
    given = {
        "agency": "agii", "obligation": Obligation.OBLIGED, "contains_trajectory": True, "reason": "Anders",
        "starts_on": today() - 300 * DAY, "ends_on": today() - 5 * DAY, **values,
    }  # fmt: skip
    return contracts.write_version(viewer(who), world.newcomer.id, **given)


def extend(world, who):
    return contracts.extend(
        viewer(who), world.newcomer.id, ends_on=today() + 400 * DAY, cause=ExtensionCause.NO_OFFER, reason="Volzet"
    )  # fmt: skip


def exempt(world, who, **values):
    given = {
        "ground": ExemptionGround.WORK_CIVIL_SERVANT, "half_time": True, "evidence": Evidence.APPOINTMENT,
        "seen_on": today(), "valid_from": today() - 30 * DAY, **values,
    }  # fmt: skip
    return exemptions.exempt(viewer(who), world.newcomer.id, Deciding(**given))


def end_ground(world, who):
    own = session().query(Exemption).filter_by(newcomer_id=world.newcomer.id)
    made = own.order_by(Exemption.id.desc()).first()
    exemptions.end_ground(
        viewer(who), world.newcomer.id, made.id if made else NOT_THERE, ended_on=today() - DAY
    )


def signed(world: World, *lengths: int) -> int:
    """A signed proof on which times of these lengths stand, each on a day of its own; its key."""
    lines = [
        world.entry(EntryState.CONFIRMED, minutes=minutes, starts_at=now() - (20 + 4 * at) * DAY)
        for at, minutes in enumerate(lengths)
    ]
    return factories.proof(*lines).id


def accept_all(world, who):
    trajectories.accept(viewer(who), world.newcomer.id, signed(world, 1440, 960), track_for)


def doubt(world, who):
    trajectories.doubt(viewer(who), world.newcomer.id, signed(world, 60), note="Bel eerst")


def return_proof(world, who):
    key = signed(world, 60)
    trajectories.return_proof(
        viewer(who), world.newcomer.id, key, note="Welke dag?", track_for=track_for, link_for=link_for
    )


def give_back(world, who):
    line = world.entry(EntryState.CONFIRMED, starts_at=now() - 40 * DAY)
    trajectories.give_back(
        viewer(who), world.newcomer.id, line.id, note="Wie was erbij?", track_for=track_for
    )


def take_back(world, who):
    own = session().query(HourEntry).filter_by(newcomer_id=world.newcomer.id, state=EntryState.ACCEPTED)
    kept = own.order_by(HourEntry.id).first()
    trajectories.reverse(viewer(who), world.newcomer.id, kept.id if kept else NOT_THERE, note="Dubbel")


def announce(world, who):
    handing.plan_handover(
        viewer(who), world.newcomer.id, to_whom="Club Doel", agreed=True, planned_on=today() + DAY
    )


def pass_on(world, who):
    handing.transfer(viewer(who), world.newcomer.id, world.people["other counsellor"].id, note="Andere wijk")


@dataclass(frozen=True)
class Step:
    """One way to use a use-case; `does` takes the world, and who tries it (None = nobody)."""

    of: Callable[..., Any]
    does: Callable[[World, Person | None], object]


def _versions(**values: Any) -> Step:
    return Step(contracts.write_version, lambda world, who: version(world, who, **values))


def _decision(kind: DecisionKind) -> Step:
    return Step(
        decisions.decide,
        lambda world, who: decisions.decide(viewer(who), world.newcomer.id, kind, words="Vijf keer gebeld"),
    )


ENTITLED = {"obligation": Obligation.ENTITLED}
STEPS = {
    "write": _versions(),
    "opt out": _versions(contains_trajectory=False, **ENTITLED),
    "opt in": _versions(**ENTITLED),
    "leave out of a duty": _versions(contains_trajectory=False),
    "later end": _versions(ends_on=today() + 30 * DAY),
    "extend": Step(contracts.extend, extend),
    "exempt": Step(exemptions.exempt, exempt),
    "end of ground": Step(exemptions.end_ground, end_ground),
    "accept": Step(trajectories.accept, accept_all),
    "doubt": Step(trajectories.doubt, doubt),
    "return": Step(trajectories.return_proof, return_proof),
    "give back": Step(trajectories.give_back, give_back),
    "take back": Step(trajectories.reverse, take_back),
    "announce": Step(handing.plan_handover, announce),
    "announced": Step(
        handing.handover_done,
        lambda world, who: handing.handover_done(viewer(who), world.newcomer.id, NOT_THERE),
    ),
    "pass on": Step(handing.transfer, pass_on),
    "seen": Step(
        handing.transfer_seen, lambda world, who: handing.transfer_seen(viewer(who), world.newcomer.id)
    ),
    **{kind.value: _decision(kind) for kind in DecisionKind},
}
# How each state is come to from a newcomer without a contract.
WAYS: dict[TrajectoryState, tuple[str, ...]] = {
    S.NO_TRAJECTORY: (),
    S.RUNNING: ("write",),
    S.NOT_INCLUDED: ("opt out",),
    S.EXTENDED: ("write", "extend"),
    S.EXEMPT: ("write", "exempt"),
    S.TO_REVIEW: ("write", "exempt", "end of ground"),
    S.HOURS_REACHED: ("write", "accept"),
    S.COMPLETED: ("write", "accept", "completed"),
    S.NOT_REACHED: ("write", "not_reached"),
}


def bring(world: World, wanted: TrajectoryState) -> None:
    """Come to that state, by the steps of the own counsellor."""
    for name in WAYS[wanted]:
        STEPS[name].does(world, world.counsellor)
    assert state(world) is wanted
