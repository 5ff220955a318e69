"""The proofs that a counsellor accepted, as an agency takes them over into its own database."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Select, exists, select

from app.db import session
from app.models import ContractVersion, HourEntry, Newcomer, Proof, Transition
from app.queries.contracts import valid_version
from app.queries.newcomers import newcomers_for
from app.queries.reach import rows
from app.security.permissions import Permission
from app.security.viewer import Viewer
from app.vocabulary import EntryState
from app.vocabulary.records import ProofState, Subject


@dataclass(frozen=True)
class AcceptedProof:
    """A proof that is accepted, or that was and no longer counts; `accepted` holds the entries on it that count."""

    proof: Proof
    accepted: frozenset[int]

    @property
    def stands(self) -> bool:
        """Whether it counts; otherwise it was returned, or another number replaced it."""
        return self.proof.state is ProofState.ACCEPTED and self.proof.replaced_by is None


def accepted_proofs(viewer: Viewer, agency: str) -> list[AcceptedProof]:
    """All proofs that were ever accepted of the newcomers in reach whose contract is with that agency, by key."""
    found = rows(_ever_accepted(viewer, agency))
    accepted = _accepted_entries(found)
    made = []
    for proof in found:
        on_it = frozenset(proof.paper.entry_ids if proof.paper else ())
        item = AcceptedProof(proof, on_it & accepted)
        made.append(item if item.stands else AcceptedProof(proof, frozenset()))
    return made


def _ever_accepted(viewer: Viewer, agency: str) -> Select[Proof]:
    of_agency = (
        newcomers_for(viewer, Permission.EXPORT_PROOFS).with_only_columns(Newcomer.id)
        .join(ContractVersion, (ContractVersion.newcomer_id == Newcomer.id) & valid_version())
        .where(ContractVersion.agency_slug == agency)
    )  # fmt: skip
    once = exists().where(
        Transition.subject == Subject.PROOF, Transition.subject_id == Proof.id,
        Transition.to_state == ProofState.ACCEPTED.value,
    )  # fmt: skip
    return select(Proof).where(Proof.newcomer_id.in_(of_agency), once).order_by(Proof.id)


def _accepted_entries(proofs: Sequence[Proof]) -> frozenset[int]:
    """The accepted hour entries of the newcomers of these proofs."""
    newcomers = {proof.newcomer_id for proof in proofs}
    found = select(HourEntry.id).where(
        HourEntry.newcomer_id.in_(newcomers), HourEntry.state == EntryState.ACCEPTED
    )
    return frozenset(session().scalars(found))
