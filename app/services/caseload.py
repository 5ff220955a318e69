"""What a counsellor does for several newcomers at once: each decision is still one of its own, and written down as such."""

from collections.abc import Collection
from dataclasses import dataclass

from app.db import transaction
from app.errors import NotFound, Refusal
from app.models import Proof
from app.queries.caseload_acts import waiting_contacts
from app.queries.proofs import proofs_for
from app.queries.reach import rows
from app.security.permissions import Permission
from app.security.predicates import demand
from app.security.viewer import Viewer
from app.services import trajectories
from app.services.hours import LinkFor, ask_contact
from app.services.records import audit
from app.services.trajectories import TrackFor


@dataclass(frozen=True)
class Accepted:
    """How many proofs were accepted, and which were not: somebody was first, or this counsellor may not judge them."""

    done: int
    left: list[Proof]


def accept_proofs(actor: Viewer, proof_ids: Collection[int], track_for: TrackFor) -> Accepted:
    """Accept these signed proofs as `trajectories.accept` does, each for itself (R15).

    Raises Forbidden, or NotFound when one of them is not of the own caseload: then none is accepted.
    """
    demand(actor, Permission.ACCEPT_HOURS)
    wanted = set(proof_ids)
    found = rows(
        proofs_for(actor, Permission.ACCEPT_HOURS).where(Proof.id.in_(wanted)).order_by(Proof.newcomer_id, Proof.id)
    )  # fmt: skip
    if not wanted or len(found) != len(wanted):
        raise NotFound()
    left = []
    for proof in found:
        try:
            trajectories.accept(actor, proof.newcomer_id, proof.id, track_for)
        except Refusal:
            left.append(proof)
    return Accepted(len(found) - len(left), left)


def remind_contacts(actor: Viewer, newcomer_ids: Collection[int], link_for: LinkFor) -> int:
    """Ask the contact persons of these newcomers again, each once; returns how many have an address to be asked at.

    To no address more than a few times an hour (T21). Raises Forbidden.
    """
    demand(actor, Permission.ACCEPT_HOURS)
    with transaction():
        asked = [one for one in waiting_contacts(actor, newcomer_ids) if one.contact.email]
        for one in asked:
            ask_contact(one.contact, link_for)
            for newcomer_id in sorted(one.newcomer_ids):
                audit(actor, "contact-asked-again", "newcomer", newcomer_id, times=one.times)
        return len(asked)


def note_export(actor: Viewer, rows_taken: int) -> None:
    """Write down that the caseload was taken as a file, and how long it was (T18)."""
    with transaction():
        audit(actor, "caseload-exported", rows=rows_taken)
