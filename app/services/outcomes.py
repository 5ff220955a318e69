"""Files for learning and replay, without names: what became of decided pairs, and who takes part in matching now.

People stand there under names drawn for one file, so that two files cannot be laid side by side. Copies of people are
not kept for runs that are over: what can be played back is who waits now.
"""

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from secrets import token_hex

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.db import session, transaction
from app.errors import NotFound
from app.models import Duo, Proposal, Run
from app.services import matchmaking
from app.services.records import audit
from app.vocabulary import DuoState, EndReason, ProposalRefusal, ProposalState
from app.vocabulary.facts import Criterion
from app.vocabulary.records import Answer, RunState

HEADER = ("newcomer_id", "buddy_id", *(item.value for item in Criterion), "outcome")


class DrawnNames:
    """A name for everybody, drawn when first asked for and the same afterwards."""

    def __init__(self) -> None:
        self._names: dict[tuple[str, str], str] = {}

    def __call__(self, side: str, key: str) -> str:
        """The name of a newcomer or buddy in this file."""
        return self._names.setdefault((side, key), f"{side[0]}{token_hex(6)}")


def record_run(run_id: int, folder: Path) -> tuple[int, int]:
    """Write the files of a replay for a run: who waits in its network now, with its setting and interest counts.

    Returns how many newcomers and buddies. Raises NotFound for a run that is not done.
    """
    with transaction() as db:
        run = db.get(Run, run_id)
        if run is None or run.state is not RunState.DONE:
            raise NotFound()
        newcomers, buddies = matchmaking.record(run, folder, DrawnNames())
        audit(None, "run-recorded", "run", run_id, network=run.network_slug, people=newcomers + buddies)
    return newcomers, buddies


def outcomes_csv() -> tuple[str, int]:
    """What became of each decided pair, as `python -m matching learn` reads it, and how many pairs there are.

    The values of the criteria are those that the run saw. Of a pair proposed twice the last outcome counts. What says
    nothing about how two people fit is left out: refused for another plan, taken back, moved, no time.
    """
    names = DrawnNames()
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(HEADER)
    rows = {(newcomer, buddy): (values, outcome) for newcomer, buddy, values, outcome in _decided()}
    lines = [
        (
            names("newcomer", str(newcomer)),
            names("buddy", str(buddy)),
            *(values[item] for item in Criterion),
            outcome,
        )
        for (newcomer, buddy), (values, outcome) in rows.items()
    ]
    writer.writerows(sorted(lines))
    with transaction():
        audit(None, "outcomes-exported", rows=len(lines))
    return text.getvalue(), len(lines)


def _decided() -> Iterator[tuple[int, int, dict[str, int], str]]:
    """Newcomer, buddy, values of the criteria and outcome of each decided proposal, in the order they were made."""
    refused = select(Proposal).where(
        Proposal.state == ProposalState.REFUSED, Proposal.refusal == ProposalRefusal.NOT_A_FIT
    )
    duos = select(Duo).where(Duo.proposal_id.is_not(None)).options(joinedload(Duo.proposal))
    found = [(proposal, "refused") for proposal in session().scalars(refused).unique()]
    for duo in session().scalars(duos).unique():
        outcome = _outcome_of(duo)
        if duo.proposal is not None and outcome:
            found.append((duo.proposal, outcome))
    for proposal, outcome in sorted(found, key=lambda item: item[0].id):
        values = {item["code"]: item["value"] for item in proposal.explanation["criteria"]}
        yield proposal.newcomer_id, proposal.buddy_id, values, outcome


def _outcome_of(duo: Duo) -> str:
    """How a duo went, by what the two said themselves; empty where nothing follows from it."""
    if duo.state in {DuoState.ACTIVE, DuoState.PAUSED}:
        return "accepted"
    if duo.state is DuoState.COMPLETED:
        return "went_well"
    if duo.state is DuoState.ENDED and duo.end_reason is EndReason.MISMATCH:
        return "ended_early"
    answers = (duo.newcomer_wants, duo.buddy_wants, duo.newcomer_after, duo.buddy_after)
    return "refused" if duo.state is DuoState.DECLINED and Answer.NO in answers else ""
