"""What can be done with an hour entry and with a proof (DOMAIN 6d): every act, by whoever tries."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from app.clock import in_brussels, today
from app.db import session
from app.errors import Moved
from app.models import HourEntry, Proof
from app.security.viewer import ANONYMOUS, Viewer
from app.services import attendance, calls, caseload, confirmations, hours, proofs, trajectories
from app.services.accounts import new_link
from app.services.attendance import Signature
from app.services.confirmations import Signer
from app.services.hours import Telling
from app.vocabulary import HoursRefusal
from app.vocabulary.records import LinkPurpose, ProofState
from tests import factories
from tests.factories import viewer
from tests.hours_world import SUBMITTED, World, by_account, link_for, track_for


@dataclass(frozen=True)
class Act:
    """One way to use a use-case; `does` takes the world, who tries it, and the key of the entry or proof."""

    of: Callable[..., Any]
    does: Callable[[World, Viewer, int], object]


Who = Callable[[World, Viewer], Signer]


def by_link(world: World, actor: Viewer) -> Signer:
    return confirmations.signer_by_link(world.link(), actor)


def signed_in(_world: World, actor: Viewer) -> Signer:
    return by_account(actor)


def _confirm(who: Who) -> Act:
    return Act(
        confirmations.confirm, lambda world, actor, key: confirmations.confirm(who(world, actor), [key])
    )


def _correct(who: Who) -> Act:
    return Act(
        confirmations.correct,
        lambda world, actor, key: confirmations.correct(
            who(world, actor), key, minutes=60, note="", track_for=track_for
        ),
    )


def _refuse(who: Who) -> Act:
    return Act(
        confirmations.refuse,
        lambda world, actor, key: confirmations.refuse(
            who(world, actor), key, reason=HoursRefusal.NOT_PRESENT, note="", track_for=track_for
        ),
    )


def enter(world: World, actor: Viewer, key: int) -> None:
    """Enter the same time from a sheet of paper that the newcomer printed."""
    entry = session().get_one(HourEntry, key)
    sheet = attendance.sheet_for_oneself(viewer(world.newcomer.person), entry.offer_id, entry.day)
    at = in_brussels(entry.starts_at).time()
    telling = Telling(day=entry.day, at=at, minutes=entry.minutes, dutch_company=True, key="paper")
    lengths = {name.id: entry.minutes for name in sheet.names}
    attendance.enter(actor, sheet, telling, lengths, Signature("Marleen", today()), track_for=track_for)


def give_back(world: World, actor: Viewer, key: int) -> None:
    trajectories.give_back(actor, world.newcomer.id, key, note="?", track_for=track_for)


def reverse(world: World, actor: Viewer, key: int) -> None:
    trajectories.reverse(actor, world.newcomer.id, key, note="Dubbel")


ENTRY_ACTS = {
    "send": Act(hours.send, lambda _world, actor, key: hours.send(actor, key, link_for)),
    "take back": Act(hours.take_back, lambda _world, actor, key: hours.take_back(actor, key)),
    "agree": Act(hours.agree, lambda _world, actor, key: hours.agree(actor, key)),
    "disagree": Act(hours.disagree, lambda _world, actor, key: hours.disagree(actor, key, link_for)),
    "confirm": _confirm(signed_in),
    "confirm by link": _confirm(by_link),
    "correct": _correct(signed_in),
    "correct by link": _correct(by_link),
    "refuse": _refuse(signed_in),
    "refuse by link": _refuse(by_link),
    "enter from paper": Act(attendance.enter, enter),
    "look whom to call": Act(calls.read_call, lambda _world, actor, key: calls.read_call(actor, key)),
    "note a call": Act(
        calls.note_call, lambda _world, actor, key: calls.note_call(actor, key, note="Gebeld")
    ),
    "give back": Act(trajectories.give_back, give_back),
    "reverse": Act(trajectories.reverse, reverse),
}


def link_to(contact_id: int) -> str:
    """A link for that contact person."""
    return new_link(LinkPurpose.CONFIRM_HOURS, locale="nl", contact_person_id=contact_id)


def confirm(*entries: HourEntry) -> None:
    """Confirm them by a link to their contact person."""
    signer = confirmations.signer_by_link(link_to(entries[0].contact_person_id), ANONYMOUS)
    confirmations.confirm(signer, [entry.id for entry in entries])


def sign(proof: Proof, actor: Viewer = ANONYMOUS, **values: Any) -> Proof:
    """Sign that proof by a link to its contact person, with all that stands on it."""
    seen = [entry.id for entry in proofs.entries_on(proof)]
    signer = confirmations.signer_by_link(link_to(proof.contact_person_id), actor)
    return confirmations.sign(signer, proof.id, **{"seen": seen, "track_for": track_for, **values})


def all_proofs() -> list[Proof]:
    session().expire_all()
    return session().query(Proof).order_by(Proof.id).all()


def line_on(key: int) -> HourEntry:
    """The first time on a proof."""
    return proofs.entries_on(session().get_one(Proof, key))[0]


def accept(world: World, actor: Viewer, key: int) -> int:
    return trajectories.accept(actor, world.newcomer.id, key, track_for)


def accept_several(_world: World, actor: Viewer, key: int) -> None:
    """Accept it as one of several, where what cannot be accepted is left and nothing is raised."""
    if caseload.accept_proofs(actor, [key], track_for).left:
        raise Moved()


def doubt(world: World, actor: Viewer, key: int) -> None:
    trajectories.doubt(actor, world.newcomer.id, key, note="Bel eerst")


def return_proof(world: World, actor: Viewer, key: int) -> None:
    trajectories.return_proof(
        actor, world.newcomer.id, key, note="Welke dag?", track_for=track_for, link_for=link_for
    )


def _sign(who: Who) -> Act:
    def does(world: World, actor: Viewer, key: int) -> None:
        seen = [entry.id for entry in proofs.entries_on(session().get_one(Proof, key))]
        confirmations.sign(who(world, actor), key, seen=seen, track_for=track_for)

    return Act(confirmations.sign, does)


PROOF_ACTS = {
    "ask to sign": Act(hours.ask_to_sign, lambda _world, actor, key: hours.ask_to_sign(actor, key, link_for)),
    "sign": _sign(signed_in),
    "sign by link": _sign(by_link),
    "accept": Act(trajectories.accept, accept),
    "accept several": Act(caseload.accept_proofs, accept_several),
    "doubt": Act(trajectories.doubt, doubt),
    "return": Act(trajectories.return_proof, return_proof),
    "give a line back": Act(
        trajectories.give_back, lambda world, actor, key: give_back(world, actor, line_on(key).id)
    ),
    "take a line back": Act(
        trajectories.reverse, lambda world, actor, key: reverse(world, actor, line_on(key).id)
    ),
}
WAYS = {
    ProofState.OPEN: (),
    ProofState.SIGNED: ("sign",),
    ProofState.ACCEPTED: ("sign", "accept"),
    ProofState.IN_VERIFICATION: ("sign", "doubt"),
    ProofState.RETURNED: ("sign", "return"),
}


def proof_in(world: World, state: ProofState) -> Proof:
    """A proof of one line in that state, by the use-cases of the people of that world."""
    confirm(world.entry(SUBMITTED))
    proof = all_proofs()[-1]
    for name in WAYS[state]:
        human = world.buddy.person if name == "sign" else world.counsellor
        PROOF_ACTS[name].does(world, factories.viewer(human), proof.id)
    session().expire_all()
    assert proof.state is state
    return proof
