"""The plan of a run solved anew around what has been decided, and what that does to others.

What a coordinator refuses, chooses or takes back can change what is best for those who are left. All of it happens in
the transaction of the decision itself: either both are there or neither.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import select

from app.db import lock, session, transaction
from app.errors import Moved, NotFound
from app.models import Buddy, Network, Newcomer, Person, Proposal, Run
from app.queries.matches import proposals_for
from app.queries.network_programmes import last_run_of
from app.queries.reach import one
from app.security.permissions import Permission
from app.security.predicates import demand, not_about_oneself
from app.security.viewer import Viewer
from app.services import matches
from app.services.matchmaking.around import Around, Effect, NotInThePlan, Other, around, effect
from app.services.records import audit, record_transition
from app.vocabulary import ProposalRefusal, ProposalState, Role
from app.vocabulary.records import RunState, Subject


@dataclass(frozen=True)
class Consequence:
    """What a decision did: `own` tells whether its newcomer has a buddy in the plan now; others by first name."""

    own: bool
    lost: list[str]
    gained: list[str]
    moved: int


@dataclass(frozen=True)
class Prospects:
    """Before a decision: the other buddies for a newcomer with their cost, and what a refusal would do.

    `possible` tells whether the pair can still be approved. `buddies` are those of `others` by key; `names` the first
    names of the newcomers that effects speak of.
    """

    possible: bool
    others: list[Other]
    refusal: Effect
    buddies: dict[int, Buddy]
    names: dict[int, str]


def prospects(
    proposal: Proposal, run: Run, pairs: Mapping[int, int], taking_part: Collection[int]
) -> Prospects | None:
    """What could be decided about an undecided pair, against the run that stands; for a viewer who may see it.

    `pairs` are what the run suggests now (buddy by newcomer), `taking_part` all its newcomers. None when one of the two
    takes no part any more, so that nobody knows what the pair costs.
    """
    own = (proposal.newcomer_id, proposal.buddy_id)
    set_aside = proposal.state is not ProposalState.SUGGESTED
    try:
        found = around(run, taking_part, pairs.items(), deciding=own if set_aside else None)
    except NotInThePlan:
        return None
    others, refusal = found.others(*own), found.without(*own)
    spoken_of = {
        key for item in (refusal, *(other.effect for other in others)) for key in (*item.lost, *item.gained)
    }
    return Prospects(
        possible=found.possible(proposal.newcomer_id, proposal.buddy_id),
        others=others,
        refusal=refusal,
        buddies={buddy.id: buddy for buddy in found.pool.buddies},
        names={
            person.id: person.person.first_name for person in found.pool.newcomers if person.id in spoken_of
        },
    )


def refuse(actor: Viewer, proposal_id: int, *, reason: ProposalRefusal, note: str = "") -> Consequence:
    """Refuse a pair, and look for what is best now. Raises as `matches.refuse`."""
    with transaction() as db:
        proposal = db.get(Proposal, proposal_id)
        matches.refuse(actor, proposal_id, reason=reason, note=note)
        if proposal is None:
            raise NotFound()
        return _solve_again(proposal.run, proposal.newcomer_id, actor)


def choose(actor: Viewer, proposal_id: int, buddy_id: int) -> Consequence:
    """Approve another buddy for the newcomer of a proposal, and look for what is best for the others now.

    Raises PlaceTaken when that buddy has no free place or does not fit any more, Moved when the newcomer was decided
    about, NotFound outside the actor's networks, Forbidden about oneself.
    """
    demand(actor, Permission.JUDGE_PROPOSAL)
    with transaction() as db:
        proposal = one(proposals_for(actor, Permission.JUDGE_PROPOSAL).where(Proposal.id == proposal_id))
        not_about_oneself(actor, proposal.newcomer.person_id, proposal.buddy.person_id)
        if proposal.state not in matches.UNDECIDED or proposal.run.state is not RunState.DONE:
            raise Moved
        run, newcomer_id = proposal.run, proposal.newcomer_id
        lock(Network, run.network_slug)
        lock(Newcomer, newcomer_id)
        _lapse(proposal, "another_chosen", actor)
        db.flush()
        found = _around(run, newcomer_id)
        made = found.proposal(newcomer_id, buddy_id)
        if made is None:
            raise matches.PlaceTaken
        kept = _keep(run, made, actor)
        matches.reserve(actor, kept.id)
        return _solve_again(run, newcomer_id, actor)


def take_back(actor: Viewer, proposal_id: int) -> Consequence:
    """Take back an approval or a hold before anybody is told; the pair is to be judged again, if it is still the best.

    Raises Moved when it was told already or stands otherwise.
    """
    demand(actor, Permission.JUDGE_PROPOSAL)
    with transaction():
        proposal = one(proposals_for(actor, Permission.JUDGE_PROPOSAL).where(Proposal.id == proposal_id))
        not_about_oneself(actor, proposal.newcomer.person_id, proposal.buddy.person_id)
        lock(Network, proposal.run.network_slug)
        if proposal.state is ProposalState.APPROVED:
            matches.let_go(proposal, ProposalState.SUGGESTED, actor=actor, reason="taken_back")
        elif proposal.state is ProposalState.HELD:
            matches.set_state(proposal, ProposalState.SUGGESTED, actor=actor, reason="taken_back")
        else:
            raise Moved
        audit(actor, "proposal-taken-back", "proposal", proposal.id, network=proposal.run.network_slug)
        return _solve_again(proposal.run, proposal.newcomer_id, actor)


def solve_again(actor: Viewer, proposal_id: int) -> Consequence:
    """Solve the plan of a proposal anew, because somebody else changed what it rests on."""
    with transaction():
        proposal = one(proposals_for(actor, Permission.JUDGE_PROPOSAL).where(Proposal.id == proposal_id))
        return _solve_again(proposal.run, proposal.newcomer_id, actor)


def _solve_again(decided: Run, newcomer_id: int, actor: Viewer) -> Consequence:
    """Make what the plan of the programme suggests the best there is around what is decided."""
    lock(Network, decided.network_slug)
    session().flush()
    run = newest(decided)
    before = _suggested(run)
    found = _around(run, newcomer_id)
    over = {pair for pair in before.items() if found.pairs.get(pair[0]) != pair[1]}
    for proposal in _proposals(run, over):
        _lapse(proposal, "solved_again", actor)
    session().flush()
    for key, buddy_id in sorted(found.pairs.items() - before.items()):
        made = found.proposal(key, buddy_id)
        if made is not None:
            _keep(run, made, actor)
    done = effect(before, found.pairs, {newcomer_id}, 0)
    return Consequence(
        own=done.own,
        lost=_first_names(done.lost),
        gained=_first_names(done.gained),
        moved=len(done.moved),
    )


def newest(decided: Run) -> Run:
    """The plan of that run's programme that stands. Raises Moved when there is none any more."""
    found = last_run_of(decided.network_slug, decided.programme_id)
    if found is None:
        raise Moved
    return session().get_one(Run, found)


def _suggested(run: Run) -> dict[int, int]:
    """The buddy of each newcomer in the pairs that a run suggests now."""
    found = select(Proposal.newcomer_id, Proposal.buddy_id).where(
        Proposal.run_id == run.id, Proposal.state == ProposalState.SUGGESTED
    )
    return dict(session().execute(found).all())


def _proposals(run: Run, pairs: Collection[tuple[int, int]]) -> list[Proposal]:
    newcomers = {newcomer_id for newcomer_id, _buddy_id in pairs}
    found = select(Proposal).where(
        Proposal.run_id == run.id,
        Proposal.state == ProposalState.SUGGESTED,
        Proposal.newcomer_id.in_(newcomers),
    )
    return list(session().scalars(found).unique())


def _around(run: Run, newcomer_id: int) -> Around:
    taking_part = {newcomer_id} | set(
        session().scalars(select(Proposal.newcomer_id).where(Proposal.run_id == run.id))
    )
    taking_part |= {row["newcomer_id"] for row in run.report["unmatched"]}
    return around(run, taking_part, _suggested(run).items())


def _keep(run: Run, made: Proposal, actor: Viewer) -> Proposal:
    """Suggest a pair in a run; one that the run had suggested before is suggested again."""
    earlier = session().scalars(
        select(Proposal).where(
            Proposal.run_id == run.id, Proposal.newcomer_id == made.newcomer_id, Proposal.buddy_id == made.buddy_id
        )
    ).unique().one_or_none()  # fmt: skip
    if earlier is not None:
        matches.set_state(earlier, ProposalState.SUGGESTED, actor=actor, reason="solved_again")
        return earlier
    session().add(made)
    session().flush()
    record_transition(
        Subject.PROPOSAL, made.id, None, ProposalState.SUGGESTED, actor=actor, role=Role.COORDINATOR, reason="solved_again"
    )  # fmt: skip
    return made


def _lapse(proposal: Proposal, reason: str, actor: Viewer) -> None:
    matches.set_state(proposal, ProposalState.LAPSED, actor=actor, reason=reason)


def _first_names(keys: Iterable[int]) -> list[str]:
    people = select(Person).join(Newcomer, Newcomer.person_id == Person.id).where(Newcomer.id.in_(list(keys)))
    return sorted(person.first_name for person in session().scalars(people))
