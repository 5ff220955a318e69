"""What a counsellor can do for several newcomers at once: proofs to accept, and contact persons to ask again."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from app.clock import in_brussels
from app.db import session
from app.models import ContactPerson, HourEntry, Newcomer, Proof, TrajectorySum
from app.queries.hours import AWAITING, entries_for
from app.queries.newcomers import newcomers_for
from app.queries.proofs import proofs_for
from app.queries.reach import rows
from app.security.permissions import Permission
from app.security.viewer import Viewer
from app.vocabulary import EntryState
from app.vocabulary.records import ProofState


@dataclass(frozen=True)
class Acceptable:
    """A signed proof and how many of its minutes count now; the others lie outside the term or are not judged to count (R03, R06)."""

    proof: Proof
    minutes: int
    held: int


@dataclass(frozen=True)
class WaitingContact:
    """A contact person who has not answered: how many times of how many newcomers, told since when."""

    contact: ContactPerson
    newcomer_ids: frozenset[int]
    times: int
    since: date


def chosen(viewer: Viewer, newcomer_ids: Collection[int]) -> list[Newcomer]:
    """Of these newcomers those of the own caseload, by name."""
    found = rows(newcomers_for(viewer, Permission.ACCEPT_HOURS).where(Newcomer.id.in_(newcomer_ids)))
    return sorted(found, key=lambda newcomer: newcomer.person.full_name.casefold())


def acceptable(viewer: Viewer, newcomer_ids: Collection[int]) -> list[Acceptable]:
    """The signed proofs of these newcomers with something to accept; those in doubt are judged one by one."""
    proofs = rows(
        proofs_for(viewer, Permission.ACCEPT_HOURS)
        .where(Proof.newcomer_id.in_(newcomer_ids), Proof.state == ProofState.SIGNED)
        .order_by(Proof.newcomer_id, Proof.id)
    )
    terms = {
        row.newcomer_id: row
        for row in session().scalars(
            select(TrajectorySum).where(
                TrajectorySum.newcomer_id.in_(newcomer_ids), TrajectorySum.in_contract.is_(True)
            )
        )
    }
    lines: dict[int | None, list[HourEntry]] = defaultdict(list)
    standing = HourEntry.proof_id.in_([proof.id for proof in proofs])
    for entry in rows(select(HourEntry).where(standing, HourEntry.state == EntryState.CONFIRMED)):
        lines[entry.proof_id].append(entry)
    weighed = [_weighed(proof, lines[proof.id], terms.get(proof.newcomer_id)) for proof in proofs]
    return [item for item in weighed if item.minutes]


def _weighed(proof: Proof, lines: list[HourEntry], term: TrajectorySum | None) -> Acceptable:
    counting = 0
    for line in lines:
        day = line.day.toordinal()
        inside_term = term is not None and (term.starts_day or 0) <= day <= (term.ends_day or 0)
        if inside_term and line.offer.meets_criteria:
            counting += line.minutes
    return Acceptable(proof, counting, sum(line.minutes for line in lines) - counting)


def waiting_contacts(viewer: Viewer, newcomer_ids: Collection[int]) -> list[WaitingContact]:
    """The contact persons for whom hours of these newcomers wait, who waits longest first."""
    found = session().execute(
        entries_for(viewer, Permission.ACCEPT_HOURS)
        .where(HourEntry.newcomer_id.in_(newcomer_ids), HourEntry.state.in_(AWAITING))
        .with_only_columns(HourEntry.contact_person_id, HourEntry.newcomer_id, func.count(), func.min(HourEntry.entered_at))
        .group_by(HourEntry.contact_person_id, HourEntry.newcomer_id)
    ).all()  # fmt: skip
    grouped: dict[int, list[tuple[int, int, date]]] = defaultdict(list)
    for contact_id, newcomer_id, times, told_at in found:
        grouped[contact_id].append((newcomer_id, times, in_brussels(told_at).date()))
    contacts = rows(select(ContactPerson).where(ContactPerson.id.in_(grouped)))
    waiting = [
        WaitingContact(
            contact,
            frozenset(newcomer for newcomer, _times, _day in grouped[contact.id]),
            sum(times for _newcomer, times, _day in grouped[contact.id]),
            min(day for _newcomer, _times, day in grouped[contact.id]),
        )
        for contact in contacts
    ]
    return sorted(waiting, key=lambda one: (one.since, one.contact.name.casefold()))
