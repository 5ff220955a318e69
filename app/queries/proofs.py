"""Selections of proofs of participation, each limited to what the viewer may see."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import Select, func, select

from app.db import session
from app.models import HourEntry, Newcomer, Proof, ProofPaper, Transition
from app.queries.reach import reach, rows
from app.security.permissions import Permission, Scope
from app.security.secrets import CODE_LETTERS
from app.security.viewer import Viewer
from app.vocabulary import EntryState
from app.vocabulary.records import ProofState, Subject


class Validity(StrEnum):
    """What the public page says of a number, and all that it says."""

    VALID = "valid"
    REPLACED = "replaced"  # or returned: this paper no longer counts
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Collected:
    """An open proof and what stands on it: the number of times, and their minutes."""

    proof: Proof
    times: int
    minutes: int


def proofs_for(viewer: Viewer, permission: Permission) -> Select[Proof]:
    """The proofs of a newcomer's own track (OWN_TRACK), or of a counsellor's caseload (ACCEPT_HOURS)."""
    caseload = select(Newcomer.id).where(Newcomer.counsellor_id == viewer.person_id)
    return select(Proof).where(
        reach(viewer, permission, {
            Scope.OWN: Proof.newcomer_id == (viewer.newcomer_id or 0), Scope.CASELOAD: Proof.newcomer_id.in_(caseload),
        })
    )  # fmt: skip


def proofs_of(lines: Select[HourEntry]) -> Select[Proof]:
    """The proofs of the newcomers and contact persons of these lines: with a signer's lines, what she can sign or signed."""
    same = lines.where(
        HourEntry.newcomer_id == Proof.newcomer_id, HourEntry.contact_person_id == Proof.contact_person_id
    )
    return select(Proof).where(same.with_only_columns(HourEntry.id).order_by(None).correlate(Proof).exists())


def listed(
    proofs: Select[Proof], entries: Iterable[HourEntry] | None = None
) -> tuple[list[Collected], list[Proof]]:
    """Of these proofs the open ones with something on them, the oldest first, and the signed ones, the latest first.

    `entries` are all that stand on them, where they are known already.
    """
    found = rows(proofs.order_by(Proof.signed_at.desc(), Proof.id.desc()))
    opened = [proof for proof in reversed(found) if proof.state is ProofState.OPEN]
    if entries is None and opened:
        entries = rows(select(HourEntry).where(HourEntry.proof_id.in_([proof.id for proof in opened])))
    lengths: dict[int | None, list[int]] = defaultdict(list)
    for entry in entries or ():
        if entry.state is EntryState.CONFIRMED:
            lengths[entry.proof_id].append(entry.minutes)
    collecting = [
        Collected(proof, len(lengths[proof.id]), sum(lengths[proof.id]))
        for proof in opened
        if lengths[proof.id]
    ]
    return collecting, [proof for proof in found if proof.state is not ProofState.OPEN]


def number_of_replacement(proof: Proof) -> str:
    """The number of the proof that replaced this one; empty when none did."""
    return session().get_one(Proof, proof.replaced_by.proof_id).number if proof.replaced_by else ""


def to_judge(viewer: Viewer, newcomer_ids: Collection[int]) -> dict[int, int]:
    """How many proofs of these newcomers wait for a counsellor's decision, by newcomer."""
    waiting = (
        proofs_for(viewer, Permission.ACCEPT_HOURS)
        .where(Proof.newcomer_id.in_(newcomer_ids), Proof.state.in_((ProofState.SIGNED, ProofState.IN_VERIFICATION)))
        .with_only_columns(Proof.newcomer_id, func.count().label("times")).group_by(Proof.newcomer_id)
    )  # fmt: skip
    return {row.newcomer_id: row.times for row in session().execute(waiting)}


def validity_of(public_number: str) -> Validity:
    """What may be told to everybody about a public number, however it is written."""
    letters = "".join(letter for letter in public_number.upper()[:64] if letter in CODE_LETTERS)
    written = "-".join(letters[at : at + 4] for at in range(0, len(letters), 4))
    found = session().scalars(
        select(Proof).join(ProofPaper, ProofPaper.proof_id == Proof.id).where(ProofPaper.public_number == written)
    ).unique().one_or_none()  # fmt: skip
    if found is None:
        return Validity.UNKNOWN
    return Validity.VALID if found.holds else Validity.REPLACED


def decisions_on(proof_id: int) -> list[Transition]:
    """What happened to a proof, the latest first: who, when, from which state to which, and the note for staff."""
    return rows(
        select(Transition).where(Transition.subject == Subject.PROOF, Transition.subject_id == proof_id)
        .order_by(Transition.id.desc())
    )  # fmt: skip
