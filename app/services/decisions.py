"""What a counsellor decides about a trajectory as a whole: completed, not reached in the term, looked at."""

from app.clock import today
from app.db import lock, transaction
from app.errors import Invalid, Refusal
from app.i18n import lazy_gettext as _
from app.models import Newcomer, TrajectoryDecision
from app.queries.contracts import contract_of
from app.queries.trajectory_states import possible
from app.security.permissions import Permission
from app.security.viewer import Viewer
from app.services.contracts import own_newcomer, standing_state
from app.services.records import audit
from app.vocabulary.contracts import DecisionKind


def decide(actor: Viewer, newcomer_id: int, kind: DecisionKind, *, words: str) -> TrajectoryDecision:
    """Take a decision on the valid version of the contract.

    Completed needs that the hours are reached. Not reached needs that the term is over, that the newcomer is
    obliged, and the counsellor's account of the effort (R26); the trajectory stays open (R27), and nothing follows
    from it here. Looked at needs something to look at (R23). Raises NotFound, Forbidden, Refusal when the state is
    another, or Invalid with the field `words`.
    """
    with transaction() as db:
        newcomer = own_newcomer(actor, newcomer_id, Permission.SET_CONTRACT)
        lock(Newcomer, newcomer.id)
        contract = contract_of(newcomer.id)
        state = standing_state(newcomer, contract)
        if contract is None or kind not in possible(contract, state):
            raise Refusal(_("This does not fit with where the trajectory stands now. Look at the page again."), code="not-now")  # fmt: skip
        if kind is not DecisionKind.COMPLETED and not words:
            raise Invalid("words", _("Write what you saw and why you decide this."))
        made = TrajectoryDecision(
            newcomer_id=newcomer.id, version_number=contract.number, kind=kind, words=words,
            by_person_id=actor.person_id, on=today(),
        )  # fmt: skip
        db.add(made)
        db.flush()
        audit(
            actor,
            f"trajectory-{kind.value.replace('_', '-')}",
            "newcomer",
            newcomer.id,
            number=contract.number,
        )
        return made
