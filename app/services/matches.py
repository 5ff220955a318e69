"""What a coordinator does with the matcher and its proposals: start, stop, approve, hold, refuse."""

from datetime import datetime, timedelta

from sqlalchemy import select, update

from app.clock import in_brussels, now, today
from app.db import after_commit, lock, session, transaction
from app.errors import Moved, NotFound, Refusal
from app.extensions import queue
from app.i18n import lazy_gettext as _
from app.models import Buddy, Duo, Network, Newcomer, Proposal, Run
from app.queries.buddies import can_be_proposed
from app.queries.loans import can_take
from app.queries.matches import proposals_for, runs_for
from app.queries.network_programmes import programmes_of
from app.queries.reach import one
from app.security.permissions import Permission, Scope
from app.security.predicates import demand, not_about_oneself
from app.security.viewer import Viewer
from app.services.duo_letters import DuoLinks, ask_both
from app.services.loans import use_loan
from app.services.records import audit, move, record_transition
from app.services.taking_part import refuse_who_objects
from app.services.wishes import close_empty_wish, close_wish
from app.vocabulary import DuoState, NewcomerState, ProposalRefusal, ProposalState, Role
from app.vocabulary.records import RunState, Subject

UNDER_WAY = (RunState.QUEUED, RunState.RUNNING)
UNDECIDED = (ProposalState.SUGGESTED, ProposalState.OFFERED, ProposalState.HELD)
SILENT_FOR = timedelta(minutes=2)
ANSWER_WITHIN = timedelta(days=7)


class AlreadyRunning(Refusal):
    """A run of this network is under way; `run_id` names it."""

    code = "already_running"

    def __init__(self, run_id: int, since: datetime) -> None:
        clock = in_brussels(since).strftime("%H:%M")
        super().__init__(_("A plan for this network is already being made, since %(time)s.", time=clock))
        self.run_id = run_id


class PlaceTaken(Refusal):
    """Somebody else was first: this buddy has no free place any more."""

    code = "place_taken"
    message = _("The last place of this buddy was just taken. Nothing was changed.")


def start_run(actor: Viewer, network: str, programme_id: int | None = None) -> int:
    """Queue a run for a programme of a network, its first when none is named, and return its key.

    One at a time per network: raises AlreadyRunning. A run that gives no sign of life is taken over. Raises
    NotFound for a network outside the actor's reach, and for a programme that is not an open one of it.
    """
    demand(actor, Permission.RUN_MATCHER)
    if network not in actor.networks and Scope.ALL not in actor.scopes(Permission.RUN_MATCHER):
        raise NotFound
    with transaction() as db:
        lock(Network, network)
        offered = programmes_of(network)
        programme = next((item for item in offered if programme_id in (None, item.id)), None)
        if programme is None or actor.person_id is None:
            raise NotFound
        run = db.scalars(
            select(Run).where(Run.network_slug == network, Run.state.in_(UNDER_WAY))
        ).one_or_none()
        if run is None:
            run = Run(
                network_slug=network, programme_id=programme.id, by_person_id=actor.person_id, as_of=today(),
                weights_version=programme.weights_version, weights=programme.weights,
            )  # fmt: skip
            db.add(run)
            db.flush()
            audit(
                actor, "run-started", "run", run.id, network=network, weights=programme.weights_version,
                programme=programme.id,
            )  # fmt: skip
        else:
            _take_over(actor, run)
        run_id = run.id
        after_commit(lambda: queue.put("run_matcher", run_id))
    return run_id


def _take_over(actor: Viewer, run: Run) -> None:
    """Queue a silent run again; whoever still carries it out finds that it lost the run."""
    if now() - run.touched_at < SILENT_FOR:
        raise AlreadyRunning(run.id, run.created_at)
    run.state, run.touched_at, run.stage = RunState.QUEUED, now(), ""
    audit(actor, "run-taken-over", "run", run.id, network=run.network_slug, attempt=run.attempt)


def stop_run(actor: Viewer, run_id: int) -> None:
    """Stop a run under way; its worker finds so at its next sign of life. Raises Moved when it is over."""
    demand(actor, Permission.RUN_MATCHER)
    with transaction():
        run = one(runs_for(actor, Permission.RUN_MATCHER).where(Run.id == run_id))
        move(
            update(Run).where(Run.id == run_id, Run.state.in_(UNDER_WAY))
            .values(state=RunState.STOPPED, finished_at=now(), stage="")
        )  # fmt: skip
        audit(actor, "run-stopped", "run", run_id, network=run.network_slug)


def reserve(actor: Viewer, proposal_id: int) -> None:
    """Approve a pair: the place is reserved by the database. Both are told when the plan is published.

    Raises PlaceTaken when the buddy's last place went to somebody else, Moved when the proposal was decided or
    the newcomer no longer waits, NotFound outside the actor's networks, Forbidden about oneself, Objected when one of
    both wants no proposals by the matcher (GDPR art. 21).
    """
    with transaction():
        proposal = _undecided(actor, proposal_id)
        lock(Newcomer, proposal.newcomer_id)
        refuse_who_objects(proposal)
        _decide(actor, proposal, ProposalState.APPROVED)
        _reserve_newcomer(actor, proposal)
        close_wish(actor, proposal.newcomer_id)
        take_place(proposal.buddy_id, proposal.run.network_slug)
        audit(actor, "proposal-approved", "proposal", proposal.id, network=proposal.run.network_slug)


def approve(actor: Viewer, proposal_id: int, *, links: DuoLinks) -> int:
    """Reserve a pair and ask both at once, without waiting for the others of the plan. Returns the duo's key."""
    with transaction() as db:
        reserve(actor, proposal_id)
        return make_duo(actor, db.get_one(Proposal, proposal_id), links=links)


def make_duo(actor: Viewer, proposal: Proposal, *, links: DuoLinks) -> int:
    """Ask the two of an approved pair whether they want to meet, once; the key of their duo. Raises Moved."""
    db = session()
    move(
        update(Proposal)
        .where(Proposal.id == proposal.id, Proposal.state == ProposalState.APPROVED, Proposal.told_at.is_(None))
        .values(told_at=now())
    )  # fmt: skip
    duo = Duo(
        newcomer_id=proposal.newcomer_id, buddy_id=proposal.buddy_id, proposal_id=proposal.id,
        network_slug=proposal.newcomer.network_slug, approved_by_id=actor.person_id,
        answer_before=now() + ANSWER_WITHIN,
    )  # fmt: skip
    db.add(duo)
    db.flush()
    use_loan(duo)
    record_transition(Subject.DUO, duo.id, None, DuoState.ASKED, actor=actor, role=Role.COORDINATOR)
    audit(actor, "duo-asked", "duo", duo.id, network=duo.network_slug, proposal=proposal.id)
    ask_both(duo, links=links)
    return duo.id


def hold(actor: Viewer, proposal_id: int) -> None:
    """Put a proposal on hold: later runs leave both people alone until it is decided, and nothing is left to choose."""
    with transaction():
        proposal = _undecided(actor, proposal_id)
        if proposal.state is not ProposalState.HELD:
            _decide(actor, proposal, ProposalState.HELD)
            close_wish(actor, proposal.newcomer_id)


def refuse(actor: Viewer, proposal_id: int, *, reason: ProposalRefusal, note: str = "") -> None:
    """Do not put these two together; the reason is for staff only. They are not suggested again for some months."""
    with transaction():
        proposal = _undecided(actor, proposal_id)
        _decide(actor, proposal, ProposalState.REFUSED, refusal=reason, note=note)
        close_empty_wish(actor, proposal)
        audit(
            actor, "proposal-refused", "proposal", proposal.id, network=proposal.run.network_slug, reason=reason.value
        )  # fmt: skip


def _undecided(actor: Viewer, proposal_id: int) -> Proposal:
    """A proposal that the actor may judge and that nobody has decided. Raises NotFound, Forbidden or Moved.

    What is decided in a network happens in turn: a decision about one pair can move others.
    """
    demand(actor, Permission.JUDGE_PROPOSAL)
    proposal = one(proposals_for(actor, Permission.JUDGE_PROPOSAL).where(Proposal.id == proposal_id))
    not_about_oneself(actor, proposal.newcomer.person_id, proposal.buddy.person_id)
    lock(Network, proposal.run.network_slug)
    session().refresh(proposal)
    if proposal.state not in UNDECIDED:
        raise Moved
    return proposal


def _decide(
    actor: Viewer, proposal: Proposal, after: ProposalState, *, refusal: ProposalRefusal | None = None, note: str = ""
) -> None:  # fmt: skip
    before = proposal.state
    move(
        update(Proposal).where(Proposal.id == proposal.id, Proposal.state == before)
        .values(state=after, refusal=refusal, note=note, decided_by_id=actor.person_id, decided_at=now())
    )  # fmt: skip
    record_transition(
        Subject.PROPOSAL, proposal.id, before, after, actor=actor, role=Role.COORDINATOR,
        reason=refusal.value if refusal else "", note=note,
    )  # fmt: skip


def _reserve_newcomer(actor: Viewer, proposal: Proposal) -> None:
    """The newcomer is still waiting, and still lives where this coordinator decides."""
    network = proposal.run.network_slug
    move(
        update(Newcomer)
        .where(
            Newcomer.id == proposal.newcomer_id, Newcomer.state == NewcomerState.WAITING,
            Newcomer.network_slug == network,
        )
        .values(state=NewcomerState.PROPOSED)
    )  # fmt: skip
    record_transition(
        Subject.NEWCOMER, proposal.newcomer_id, NewcomerState.WAITING, NewcomerState.PROPOSED, actor=actor,
        role=Role.COORDINATOR,
    )  # fmt: skip


def set_state(proposal: Proposal, after: ProposalState, *, actor: Viewer | None, reason: str) -> None:
    """Put a proposal into another state because of something else than a decision about it. Raises Moved."""
    before = proposal.state
    move(
        update(Proposal).where(Proposal.id == proposal.id, Proposal.state == before, Proposal.told_at.is_(None))
        .values(state=after, tell_at=None, refusal=None, decided_at=now() if after is ProposalState.LAPSED else None)
    )  # fmt: skip
    record_transition(
        Subject.PROPOSAL, proposal.id, before, after, actor=actor, role=Role.COORDINATOR if actor else None, reason=reason
    )  # fmt: skip


def let_go(proposal: Proposal, after: ProposalState, *, actor: Viewer | None, reason: str) -> None:
    """Take back an approval of which nobody knows: the newcomer waits again since the same day, the place is free."""
    set_state(proposal, after, actor=actor, reason=reason)
    move(
        update(Newcomer)
        .where(Newcomer.id == proposal.newcomer_id, Newcomer.state == NewcomerState.PROPOSED)
        .values(state=NewcomerState.WAITING)
    )  # fmt: skip
    record_transition(
        Subject.NEWCOMER, proposal.newcomer_id, NewcomerState.PROPOSED, NewcomerState.WAITING, actor=actor,
        role=Role.COORDINATOR if actor else None, reason=reason,
    )  # fmt: skip
    move(
        update(Buddy).where(Buddy.id == proposal.buddy_id, Buddy.places_taken > 0)
        .values(places_taken=Buddy.places_taken - 1)
    )  # fmt: skip


def take_place(buddy_id: int, network: str) -> None:
    """Reserve a place of a buddy of that network, or one lent to it: the database decides who is first.

    Raises PlaceTaken.
    """
    lock(Buddy, buddy_id)
    taken = session().execute(
        update(Buddy)
        .where(Buddy.id == buddy_id, can_be_proposed(), can_take(network))
        .values(places_taken=Buddy.places_taken + 1)
        .returning(Buddy.id)
    )  # fmt: skip
    if taken.first() is None:
        raise PlaceTaken
