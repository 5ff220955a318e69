"""Proofs of participation: how confirmed hours come to stand on one, and what is written down when it is signed.

One open proof per newcomer, kind of offer and contact person (R14, R14b). `open` collects; with the signature it is
frozen (app/services/confirmations.py: sign); the counsellor judges it (app/services/trajectories.py). The database
refuses every change of a paper and of the hours that stand on it; a correction is a new proof that names the old one.

The `content` of a paper, all of it as it was when it was signed: newcomer, agency, counsellor, kind (a value of
OfferKind), titles, organisation, contact {name, function, phone, email}, from and until (ISO days), lines [{entry, day,
start, end, title, minutes}], signature {name, way}, remark, taken_back [ISO days], replaces (a number, or empty).
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select, update

from app.clock import in_brussels, now
from app.db import session
from app.models import Agency, HourEntry, Proof, ProofPaper
from app.queries.contracts import contract_of
from app.queries.reach import rows
from app.security.secrets import CODE_LETTERS
from app.security.viewer import Viewer
from app.services.records import audit, move, record_transition
from app.vocabulary import OfferKind, Role
from app.vocabulary.records import ProofState, Subject

PUBLIC_LETTERS = 16  # of thirty: 78 bits
GROUP = 4
CHECK = 97


@dataclass(frozen=True)
class Signature:
    """Who signed, when, and the way it came in; `person_id` of who has an account."""

    name: str
    way: str
    at: datetime
    person_id: int | None = None


def join(entry: HourEntry) -> None:
    """Put a confirmed entry on the open proof of its newcomer, kind and contact person; the caller holds the newcomer."""
    db = session()
    key = (entry.newcomer_id, entry.offer.kind, entry.contact_person_id)
    found = db.scalars(
        select(Proof.id).where(
            Proof.newcomer_id == key[0], Proof.kind == key[1], Proof.contact_person_id == key[2], Proof.state == ProofState.OPEN
        )
    ).one_or_none()  # fmt: skip
    if found is None:
        found = _new(*key).id
        record_transition(Subject.PROOF, found, None, ProofState.OPEN, actor=None)
    db.execute(update(HourEntry).where(HourEntry.id == entry.id).values(proof_id=found))


def freeze(
    proof: Proof, lines: Sequence[HourEntry], signature: Signature, *, actor: Viewer, role: Role | None, remark: str
) -> ProofPaper:  # fmt: skip
    """Give an open proof its number and its paper. Raises Moved when somebody was first; the caller holds the newcomer."""
    number = number_of(proof.id, in_brussels(signature.at).date())
    move(
        update(Proof).where(Proof.id == proof.id, Proof.state == ProofState.OPEN)
        .values(state=ProofState.SIGNED, number=number, signed_at=signature.at, signed_name=signature.name)
    )  # fmt: skip
    record_transition(
        Subject.PROOF,
        proof.id,
        ProofState.OPEN,
        ProofState.SIGNED,
        actor=actor,
        role=role,
        reason=signature.way,
    )
    content = _content(proof, lines, signature, remark)
    paper = _paper(proof.id, content, signature.person_id, replaces=_returned_before(proof), at=signature.at)
    audit(actor, "proof-signed", "proof", proof.id, minutes=paper.minutes)
    return paper


def redraw(actor: Viewer, entry: HourEntry) -> None:
    """An hour entry that stands on a signed proof was taken back: draw up the proof again without it.

    The signature holds for the lines that are left; the new paper names the old one and the day that was taken back.
    Where no line is left, the proof is returned. The caller holds the newcomer.
    """
    old = standing_on(entry)
    if old is None or old.paper is None:
        return
    lines = [line for line in old.paper.content["lines"] if line["entry"] != entry.id]
    before = old.state
    if not lines:
        move(update(Proof).where(Proof.id == old.id, Proof.state == before).values(state=ProofState.RETURNED))
        _note(actor, old.id, before, ProofState.RETURNED, "taken-back")
        return
    made = _new(old.newcomer_id, old.kind, old.contact_person_id, state=before, signed_at=old.signed_at,
                signed_name=old.signed_name, judged_at=old.judged_at, judged_by_id=old.judged_by_id)  # fmt: skip
    number = update(Proof).where(Proof.id == made.id, Proof.number == made.number)
    move(number.values(number=number_of(made.id, in_brussels(now()).date())))
    _note(actor, made.id, None, before, "redrawn")
    days = [*old.paper.content["taken_back"], entry.day.isoformat()]
    content = {
        **old.paper.content,
        "lines": lines,
        "taken_back": days,
        "replaces": old.number,
        **_period(lines),
    }
    _paper(made.id, content, old.paper.signed_by_id, replaces=old.id, at=now())
    audit(actor, "proof-redrawn", "proof", made.id, replaces=old.id)


def is_signed(entry: HourEntry) -> bool:
    """Whether an entry stands on a proof that is no longer open."""
    found = session().get(Proof, entry.proof_id) if entry.proof_id else None
    return found is not None and found.state is not ProofState.OPEN


def standing_on(entry: HourEntry) -> Proof | None:
    """The signed proof on which an entry stands now: the one that it was signed on, or the last that replaced it."""
    found = session().get(Proof, entry.proof_id) if entry.proof_id else None
    while found is not None and found.replaced_by is not None:
        found = session().get_one(Proof, found.replaced_by.proof_id)
    return found


def entries_on(proof: Proof) -> list[HourEntry]:
    """The hour entries of a proof: of an open one those that joined it, of a signed one those on its paper."""
    chosen = HourEntry.id.in_(proof.paper.entry_ids) if proof.paper else HourEntry.proof_id == proof.id
    return rows(select(HourEntry).where(chosen).order_by(HourEntry.starts_at, HourEntry.id))


def number_of(key: int, day: date) -> str:
    """The number that people read and write, such as 2026-0001234-41: year, sequence, and both modulo 97 as a check."""
    return f"{day.year}-{key:07}-{int(f'{day.year}{key:07}') % CHECK:02}"


def _new(newcomer_id: int, kind: OfferKind, contact_person_id: int, **values: Any) -> Proof:
    db = session()
    made = Proof(
        newcomer_id=newcomer_id, kind=kind, contact_person_id=contact_person_id, number=f"open-{secrets.token_hex(7)}", **values
    )  # fmt: skip
    db.add(made)
    db.flush()
    return made


def _paper(
    proof_id: int, content: dict[str, Any], signed_by: int | None, *, replaces: int | None, at: datetime
) -> ProofPaper:
    db = session()
    if replaces is not None:
        content = {**content, "replaces": db.get_one(Proof, replaces).number}
    letters = "".join(secrets.choice(CODE_LETTERS) for _ in range(PUBLIC_LETTERS))
    paper = ProofPaper(
        proof_id=proof_id, public_number="-".join(letters[at : at + GROUP] for at in range(0, PUBLIC_LETTERS, GROUP)),
        minutes=sum(line["minutes"] for line in content["lines"]), content=content, signed_by_id=signed_by, replaces_id=replaces,
        created_at=at,
    )  # fmt: skip
    db.add(paper)
    db.flush()
    for known in (proof_id, replaces):
        if known is not None:
            # It knows its paper, or what replaced it, by being read again.
            db.expire(db.get_one(Proof, known))
    return paper


def _content(proof: Proof, entries: Sequence[HourEntry], signature: Signature, remark: str) -> dict[str, Any]:
    newcomer, contact = proof.newcomer, proof.contact_person
    contract = contract_of(newcomer.id)
    agency = session().get(Agency, contract.agency_slug) if contract else None
    lines = [_line(entry) for entry in entries]
    return {
        "newcomer": newcomer.person.full_name, "agency": agency.name if agency else "",
        "counsellor": newcomer.counsellor.full_name if newcomer.counsellor else "",
        "kind": proof.kind.value, "titles": list(dict.fromkeys(entry.offer.title for entry in entries)),
        "organisation": contact.organisation.name if contact.organisation else "",
        "contact": {"name": contact.name, "function": contact.function, "phone": contact.phone or "", "email": contact.email or ""},
        "lines": lines, "signature": {"name": signature.name, "way": signature.way}, "remark": remark, "taken_back": [],
        "replaces": "", **_period(lines),
    }  # fmt: skip


def _line(entry: HourEntry) -> dict[str, Any]:
    first, last = in_brussels(entry.starts_at), in_brussels(entry.ends_at)
    return {
        "entry": entry.id, "day": entry.day.isoformat(), "start": f"{first:%H:%M}", "end": f"{last:%H:%M}",
        "title": entry.offer.title, "minutes": entry.minutes,
    }  # fmt: skip


def _period(lines: Sequence[dict[str, Any]]) -> dict[str, str]:
    days = sorted(line["day"] for line in lines)
    return {"from": days[0], "until": days[-1]}


def _returned_before(proof: Proof) -> int | None:
    """The last proof of the same key that was returned and that nothing replaces yet."""
    replaced = select(ProofPaper.replaces_id).where(ProofPaper.replaces_id.is_not(None))
    return session().scalars(
        select(Proof.id).where(
            Proof.newcomer_id == proof.newcomer_id, Proof.kind == proof.kind, Proof.contact_person_id == proof.contact_person_id,
            Proof.state == ProofState.RETURNED, Proof.id.not_in(replaced),
        ).order_by(Proof.id.desc()).limit(1)
    ).first()  # fmt: skip


def _note(actor: Viewer, proof_id: int, before: ProofState | None, after: ProofState, reason: str) -> None:
    record_transition(
        Subject.PROOF, proof_id, before, after, actor=actor, role=Role.COUNSELLOR, reason=reason
    )
