"""Who is in which programme: by the place of a newcomer at registration, and by a coordinator afterwards."""

from collections.abc import Collection, Iterable

from sqlalchemy import ColumnElement, delete, func, or_, select, update

from app.clock import now
from app.db import lock, session, transaction
from app.errors import NotFound, Refusal
from app.i18n import lazy_gettext as _
from app.models import Buddy, BuddyProgramme, Network, Newcomer, Programme, Proposal, Run
from app.queries.buddies import buddies_for
from app.queries.network_programmes import below, named_by, programmes_of
from app.queries.newcomers import newcomers_for
from app.queries.reach import one, rows
from app.security.permissions import Permission
from app.security.predicates import demand, not_about_oneself
from app.security.viewer import Viewer
from app.services.records import audit, record_transition
from app.vocabulary import ProposalState
from app.vocabulary.records import Subject

OPEN = (ProposalState.HELD, ProposalState.OFFERED)


class PairOpen(Refusal):
    """Somebody is in a pair that is not decided, so that she cannot go to another programme now."""

    code = "pair_open"
    message = _("Decide first about the pair of this person that is on hold or shown.")


def place_by_town(newcomers: Collection[Newcomer]) -> None:
    """Place newcomers in the programme that their municipality has, where they speak the Dutch that it wishes."""
    networks = {newcomer.network_slug for newcomer in newcomers}
    offered = rows(
        select(Programme).where(Programme.network_slug.in_(networks), Programme.closed_on.is_(None))
    )
    for newcomer in newcomers:
        newcomer.programme_id = next(
            (
                item.id
                for item in offered
                if item.network_slug == newcomer.network_slug
                and newcomer.municipality in item.municipalities
                and not below(item, newcomer)
            ),
            None,
        )


def place_newcomer(actor: Viewer, newcomer_id: int, *, programme_id: int) -> bool:
    """Put a newcomer in another programme of the network; what a plan suggested for her before is no longer valid.

    Returns whether she speaks less Dutch than the programme wishes, which refuses nothing (R10). Raises NotFound for a
    newcomer of others or a programme that is not an open one of the network, PairOpen.
    """
    demand(actor, Permission.JUDGE_NEWCOMER)
    with transaction() as db:
        newcomer = one(newcomers_for(actor, Permission.JUDGE_NEWCOMER).where(Newcomer.id == newcomer_id))
        not_about_oneself(actor, newcomer.person_id)
        lock(Network, newcomer.network_slug)
        lock(Newcomer, newcomer_id)
        db.refresh(newcomer)
        programmes = programmes_of(newcomer.network_slug)
        chosen = next((item for item in programmes if item.id == programme_id), None)
        if chosen is None:
            raise NotFound
        before = newcomer.programme_id
        after = None if chosen is programmes[0] else chosen.id
        if after != before:
            mine = Proposal.newcomer_id == newcomer_id
            if undecided_pairs(mine):
                raise PairOpen
            drop_suggestions(mine, Run.programme_id != programme_id, reason="programme_changed")
            newcomer.programme_id = after
            audit(
                actor, "newcomer-placed", "newcomer", newcomer_id, network=newcomer.network_slug,
                programme=programme_id, before=before,
            )  # fmt: skip
        return below(chosen, newcomer)


def place_buddy(actor: Viewer, buddy_id: int, *, programme_ids: Iterable[int]) -> None:
    """Note in which programmes of the own network a buddy takes part; none or all = in all there are and will be.

    What the plans of the others suggested is no longer valid. Raises NotFound for a buddy or programme of others.
    """
    demand(actor, Permission.JUDGE_BUDDY)
    with transaction() as db:
        buddy = one(buddies_for(actor, Permission.JUDGE_BUDDY).where(Buddy.id == buddy_id))
        not_about_oneself(actor, buddy.person_id)
        lock(Network, buddy.network_slug)
        offered = {item.id for item in programmes_of(buddy.network_slug)}
        wanted = set(programme_ids)
        if wanted - offered:
            raise NotFound
        if wanted == offered:
            wanted = set()
        before = named_by(buddy_id)
        if sorted(wanted) == before:
            return
        db.execute(delete(BuddyProgramme).where(BuddyProgramme.buddy_id == buddy_id))
        db.add_all(BuddyProgramme(buddy_id=buddy_id, programme_id=key) for key in sorted(wanted))
        if wanted:
            drop_suggestions(
                Proposal.buddy_id == buddy_id, Run.network_slug == buddy.network_slug,
                Run.programme_id.not_in(wanted), reason="programme_changed",
            )  # fmt: skip
        audit(
            actor, "buddy-placed", "buddy", buddy_id, network=buddy.network_slug,
            programmes=sorted(wanted), before=before,
        )  # fmt: skip


def undecided_pairs(condition: ColumnElement[bool]) -> int:
    """How many pairs are on hold, shown to a newcomer, or approved without anybody knowing."""
    untold = (Proposal.state == ProposalState.APPROVED) & Proposal.told_at.is_(None)
    found = select(func.count(Proposal.id)).join(Run).where(
        condition, or_(Proposal.state.in_(OPEN), untold)
    )  # fmt: skip
    return session().scalar(found) or 0


def drop_suggestions(*conditions: ColumnElement[bool], reason: str) -> None:
    """What plans suggest there is no longer valid; nobody was told of it."""
    found = select(Proposal.id).join(Run).where(Proposal.state == ProposalState.SUGGESTED, *conditions)
    gone = session().scalars(
        update(Proposal).where(Proposal.id.in_(found), Proposal.state == ProposalState.SUGGESTED)
        .values(state=ProposalState.LAPSED, decided_at=now())
        .returning(Proposal.id).execution_options(synchronize_session=False)
    ).all()  # fmt: skip
    for proposal_id in gone:
        record_transition(
            Subject.PROPOSAL, proposal_id, ProposalState.SUGGESTED, ProposalState.LAPSED, actor=None, reason=reason
        )  # fmt: skip
