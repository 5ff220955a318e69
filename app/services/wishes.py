"""Showing a newcomer up to three buddies to choose from (EXPERIENCE, from proposal to duo).

The choice is a wish: it reserves nothing and a coordinator decides. Buddies who are not chosen hear nothing of it and
lose nothing. An answer that does not come in time lapses, and the pair of the plan can be decided directly.
"""

from collections.abc import Callable, Collection
from datetime import timedelta

from sqlalchemy import select, update

from app.clock import now
from app.db import lock, session, transaction
from app.errors import Invalid, Moved, NotFound
from app.i18n import lazy_gettext as _
from app.models import Buddy, Link, Newcomer, Person, Proposal, Wish
from app.queries.accounts import viewer_of
from app.queries.matches import proposals_for
from app.queries.network_programmes import last_runs
from app.queries.reach import one, rows
from app.queries.wishes import others_of, own_wish, shown_in, wishes_for
from app.security.permissions import Permission
from app.security.predicates import demand, not_about_oneself
from app.security.viewer import Viewer
from app.services import matchmaking
from app.services.accounts import new_link, open_link
from app.services.outbox import tell
from app.services.records import audit, move, record_transition
from app.services.taking_part import refuse_who_objects
from app.vocabulary import NewcomerState, ProposalRefusal, ProposalState, Role
from app.vocabulary.following import WishState
from app.vocabulary.records import LinkPurpose, Subject
from app.vocabulary.wishes import NoneReason

MOST_SHOWN = 3
ANSWER_WITHIN = timedelta(days=7)
OWN_STATES = (ProposalState.SUGGESTED, ProposalState.HELD)
LinkFor = Callable[[str, str], str]
"""(locale, token) -> the absolute address of the page where a newcomer chooses."""


def show_buddies(actor: Viewer, proposal_id: int, also: Collection[int], *, link_for: LinkFor) -> int:
    """Show the newcomer of a proposal its buddy, and beside that up to two others that the run found; returns the wish.

    `also` = keys of those buddies. Raises NotFound, Forbidden about oneself, Objected, Moved when the pair is decided or the
    newcomer does not wait or chooses already, Invalid for too many or for a buddy without a free place.
    """
    demand(actor, Permission.JUDGE_PROPOSAL)
    with transaction() as db:
        own = one(proposals_for(actor, Permission.JUDGE_PROPOSAL).where(Proposal.id == proposal_id))
        not_about_oneself(actor, own.newcomer.person_id, own.buddy.person_id)
        lock(Newcomer, own.newcomer_id)
        refuse_who_objects(own)
        others = {candidate.buddy.id: candidate.buddy for candidate in others_of(own)}
        if len(set(also)) >= MOST_SHOWN or not others.keys() >= set(also):
            raise Invalid("also", _("Choose at most two of the buddies shown here."))
        _demand_free(db.get_one(Newcomer, own.newcomer_id, populate_existing=True))
        wish = Wish(
            newcomer_id=own.newcomer_id, network_slug=own.run.network_slug, asked_by_id=actor.person_id,
            answer_before=now() + ANSWER_WITHIN,
        )  # fmt: skip
        db.add(wish)
        db.flush()
        _show(actor, own, wish, OWN_STATES)
        shown = [own, *(_beside(actor, own, others[key], wish) for key in dict.fromkeys(also))]
        for proposal in shown:
            not_about_oneself(actor, proposal.buddy.person_id)
        audit(actor, "buddies-shown", "wish", wish.id, network=wish.network_slug, buddies=len(shown))
        _tell(wish, shown, link_for)
        return wish.id


def choose(actor: Viewer, wish_id: int, proposal_id: int) -> None:
    """The newcomer wants to meet this buddy. The same choice twice is one.

    Raises NotFound for a question of others, Moved when it is over or that buddy has no place any more.
    """
    demand(actor, Permission.CHOOSE_BUDDY)
    with transaction() as db:
        wish = _own(actor, wish_id)
        chosen = db.get(Proposal, proposal_id, populate_existing=True)
        if chosen is None or chosen.wish_id != wish.id:
            raise NotFound
        if wish.state is WishState.CHOSEN and chosen.wish_rank is not None:
            return
        if chosen not in rows(shown_in(wish)) or wish.newcomer.state is not NewcomerState.WAITING:
            raise Moved
        _answer(wish, WishState.CHOSEN)
        move(
            update(Proposal).where(Proposal.id == chosen.id, Proposal.state == ProposalState.OFFERED)
            .values(wish_rank=1)
        )  # fmt: skip
        _end_others(actor, wish, ProposalState.LAPSED, reason="not_chosen", but=chosen.id)
        audit(actor, "buddy-chosen", "wish", wish.id, network=wish.network_slug)


def choose_none(actor: Viewer, wish_id: int, reason: NoneReason | None = None) -> None:
    """The newcomer wants to meet none of them. No buddy hears it, and the newcomer waits on since the same day."""
    demand(actor, Permission.CHOOSE_BUDDY)
    with transaction():
        wish = _own(actor, wish_id)
        if wish.state is WishState.NONE:
            return
        _answer(wish, WishState.NONE, reason)
        _end_others(actor, wish, ProposalState.REFUSED, reason="none_chosen")
        audit(actor, "no-buddy-chosen", "wish", wish.id, network=wish.network_slug)


def take_back(actor: Viewer, wish_id: int) -> None:
    """A coordinator takes the question back; the pair of the plan can be judged again."""
    demand(actor, Permission.JUDGE_PROPOSAL)
    with transaction():
        wish = one(wishes_for(actor, Permission.JUDGE_PROPOSAL).where(Wish.id == wish_id))
        buddies = (shown.buddy.person_id for shown in _shown(wish))
        not_about_oneself(actor, wish.newcomer.person_id, *buddies)
        lock(Newcomer, wish.newcomer_id)
        _end(actor, wish, WishState.WITHDRAWN)


def close_wish(actor: Viewer, newcomer_id: int) -> None:
    """A coordinator decided directly, or about the wish: nothing is left to choose. Inside that transaction."""
    open_ones = select(Wish).where(Wish.newcomer_id == newcomer_id, Wish.state == WishState.OPEN)
    for wish in rows(open_ones):
        _close(wish, WishState.WITHDRAWN)
        _end_others(actor, wish, ProposalState.LAPSED, reason="decided")


def close_empty_wish(actor: Viewer, refused: Proposal) -> None:
    """A coordinator refused a buddy whom a newcomer could choose: without another the question ends. In that transaction."""
    shown = Wish.id == refused.wish_id, Wish.state == WishState.OPEN
    for wish in rows(select(Wish).where(*shown)):
        if not _shown(wish):
            _close(wish, WishState.WITHDRAWN)


def lapse_wishes() -> int:
    """End the questions that nobody answered in time; returns how many. For the worker, each night."""
    late = select(Wish.id).where(Wish.state == WishState.OPEN, Wish.answer_before <= now())
    keys = list(session().scalars(late))
    return sum(_lapse(wish_id) for wish_id in keys)


def link_to_choose(token: str) -> tuple[Link, Viewer]:
    """Who holds the link of such a letter; opening it answers nothing. Raises NotFound or Gone."""
    link = open_link(token, LinkPurpose.ANSWER_DUO)
    if "wish" not in link.facts:
        raise NotFound
    return link, viewer_of(session().get_one(Person, link.person_id))


def _lapse(wish_id: int) -> bool:
    with transaction() as db:
        lock(Newcomer, db.get_one(Wish, wish_id).newcomer_id)
        wish = db.get_one(Wish, wish_id, populate_existing=True)
        if wish.state is not WishState.OPEN:
            return False
        _end(None, wish, WishState.LAPSED)
        return True


def _demand_free(newcomer: Newcomer) -> None:
    """Somebody who waits and has no other question to answer."""
    asked = select(Wish.id).where(Wish.newcomer_id == newcomer.id, Wish.state == WishState.OPEN)
    wished = select(Proposal.id).where(
        Proposal.newcomer_id == newcomer.id, Proposal.state == ProposalState.OFFERED
    )
    if newcomer.state is not NewcomerState.WAITING or session().scalars(asked.union(wished)).first():
        raise Moved


def _show(actor: Viewer, proposal: Proposal, wish: Wish, before: Collection[ProposalState]) -> None:
    was = proposal.state
    move(
        update(Proposal).where(Proposal.id == proposal.id, Proposal.state.in_(before))
        .values(state=ProposalState.OFFERED, wish_id=wish.id, offered_at=now(), wish_rank=None)
    )  # fmt: skip
    record_transition(
        Subject.PROPOSAL, proposal.id, was, ProposalState.OFFERED, actor=actor, role=Role.COORDINATOR
    )  # fmt: skip


def _beside(actor: Viewer, own: Proposal, buddy: Buddy, wish: Wish) -> Proposal:
    """The proposal of another buddy of the same run: a new one, or the one that was shown and lapsed before."""
    earlier = select(Proposal).where(
        Proposal.run_id == own.run_id, Proposal.newcomer_id == own.newcomer_id, Proposal.buddy_id == buddy.id
    )
    found = session().scalars(earlier).unique().one_or_none()
    if found is None:
        found = matchmaking.beside(own, buddy)
        found.beside, found.state = True, ProposalState.LAPSED
        session().add(found)
        session().flush()
    _show(actor, found, wish, (ProposalState.LAPSED,))
    return found


def _own(actor: Viewer, wish_id: int) -> Wish:
    """One of the actor's own questions, locked by its newcomer, as it is now."""
    wish = own_wish(actor, wish_id)
    lock(Newcomer, wish.newcomer_id)
    session().refresh(wish)
    return wish


def _answer(wish: Wish, after: WishState, reason: NoneReason | None = None) -> None:
    if wish.answer_before <= now():
        raise Moved
    _close(wish, after, reason)


def _close(wish: Wish, after: WishState, reason: NoneReason | None = None) -> None:
    move(
        update(Wish).where(Wish.id == wish.id, Wish.state == WishState.OPEN)
        .values(state=after, reason=reason, answered_at=now())
    )  # fmt: skip


def _end(actor: Viewer | None, wish: Wish, after: WishState) -> None:
    """Nobody chose: the pair of the plan goes back to be judged while its run is the last one of its programme."""
    _close(wish, after)
    standing = set(session().scalars(last_runs(wish.network_slug)))
    for proposal in _shown(wish):
        again = not proposal.beside and proposal.run_id in standing
        _put(actor, proposal, ProposalState.SUGGESTED if again else ProposalState.LAPSED, after.value)


def _end_others(
    actor: Viewer, wish: Wish, after: ProposalState, *, reason: str, but: int | None = None
) -> None:
    for proposal in _shown(wish):
        if proposal.id != but:
            _put(actor, proposal, after, reason)


def _shown(wish: Wish) -> list[Proposal]:
    return rows(select(Proposal).where(Proposal.wish_id == wish.id, Proposal.state == ProposalState.OFFERED))


def _put(actor: Viewer | None, proposal: Proposal, after: ProposalState, reason: str) -> None:
    """End the showing of one buddy; after none of these the pair is left alone for some months."""
    refusal = ProposalRefusal.WISH_NOT_MET if after is ProposalState.REFUSED else None
    move(
        update(Proposal).where(Proposal.id == proposal.id, Proposal.state == ProposalState.OFFERED)
        .values(state=after, refusal=refusal, decided_at=now())
    )  # fmt: skip
    own = actor is not None and actor.newcomer_id == proposal.newcomer_id
    role = None if actor is None else Role.NEWCOMER if own else Role.COORDINATOR
    record_transition(
        Subject.PROPOSAL, proposal.id, ProposalState.OFFERED, after, actor=actor, role=role, reason=reason
    )  # fmt: skip


def _tell(wish: Wish, shown: list[Proposal], link_for: LinkFor) -> None:
    person = wish.newcomer.person
    token = new_link(LinkPurpose.ANSWER_DUO, locale=person.locale, person_id=person.id, wish=wish.id)
    tell(
        person, "wish-choose", network=wish.network_slug, buddies=len(shown),
        before=wish.answer_before.date().isoformat(), link=link_for(person.locale, token),
    )  # fmt: skip
