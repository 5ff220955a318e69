"""What can follow the agreed end of a duo: a longer period, the same pair once more, and looking back."""

from datetime import date

from sqlalchemy import update

from app.clock import now, today
from app.db import lock, transaction
from app.errors import Invalid, Moved, NotFound
from app.i18n import lazy_gettext as _
from app.models import Duo, LookBack, Newcomer
from app.queries.continuations import OVER, own_look_back
from app.queries.matches import duos_for
from app.queries.reach import one
from app.security.permissions import Permission
from app.security.predicates import demand
from app.security.viewer import Viewer
from app.services.agreements import MONTHS, close_offer, months_later
from app.services.duo_letters import DuoLinks, tell_active
from app.services.duos import followed_duo
from app.services.loans import use_loan
from app.services.matches import take_place
from app.services.records import audit, move, record_transition
from app.vocabulary import DuoState, NewcomerState, Role
from app.vocabulary.endings import Went
from app.vocabulary.records import Subject

UNDER_WAY = (DuoState.ACTIVE, DuoState.PAUSED)
LOOKS_BACK = (DuoState.COMPLETED, DuoState.ENDED)


def extend(actor: Viewer, duo_id: int, *, months: int, links: DuoLinks) -> None:
    """A coordinator makes the period longer, counted from the first day: twelve months in all at most (R39).

    Also after the end as planned: then the place is taken again. Raises Invalid, Moved when the duo is elsewhere or
    the newcomer has begun with somebody else, PlaceTaken when the buddy has no place any more.
    """
    with transaction():
        duo = followed_duo(actor, duo_id)
        before = duo.state
        if before not in (*UNDER_WAY, DuoState.COMPLETED) or duo.starts_on is None or duo.ends_on is None:
            raise Moved
        ends_on = months_later(duo.starts_on, months)
        if months not in MONTHS or ends_on <= max(duo.ends_on, today()):
            raise Invalid("months", _("Choose a longer period, of twelve months in all at most."))
        if before is DuoState.COMPLETED:
            _begin_again(actor, duo)
        move(update(Duo).where(Duo.id == duo.id, Duo.ends_on == duo.ends_on).values(ends_on=ends_on))
        close_offer(duo, ends_on)
        audit(actor, "duo-extended", "duo", duo.id, network=duo.network_slug, months=months)
        tell_active(duo, links)


def propose_again(actor: Viewer, duo_id: int) -> None:
    """Somebody asked that the matcher may propose this pair once more; without that it never does."""
    with transaction():
        duo = followed_duo(actor, duo_id)
        move(
            update(Duo).where(Duo.id == duo.id, Duo.state.in_(OVER), Duo.may_again.is_(False))
            .values(may_again=True)
        )  # fmt: skip
        audit(actor, "pair-again", "duo", duo.id, network=duo.network_slug)


def look_back(actor: Viewer, duo_id: int, *, went: Went, words: str = "") -> None:
    """How it was, told by one of the two after the end; the other never sees it. The last answer counts."""
    demand(actor, Permission.ANSWER_DUO)
    with transaction() as db:
        lock(Duo, duo_id)
        duo = one(duos_for(actor, Permission.ANSWER_DUO).where(Duo.id == duo_id))
        if duo.state not in LOOKS_BACK:
            raise Moved
        side = _side(actor, duo)
        said = own_look_back(duo.id, side)
        if said is None:
            db.add(LookBack(duo_id=duo.id, side=side.value, went=went, words=words))
        else:
            said.went, said.words, said.at = went, words, now()
        audit(actor, "duo-looked-back", "duo", duo.id, network=duo.network_slug)


def longer_periods(duo: Duo) -> list[int]:
    """The periods, in months from the first day, that are longer than what is agreed and not over yet."""
    if duo.starts_on is None or duo.ends_on is None:
        return []
    least: date = max(duo.ends_on, today())
    return [months for months in MONTHS if months_later(duo.starts_on, months) > least]


def _begin_again(actor: Viewer, duo: Duo) -> None:
    take_place(duo.buddy_id, duo.network_slug)
    use_loan(duo)
    move(
        update(Newcomer).where(Newcomer.id == duo.newcomer_id, Newcomer.state == NewcomerState.COMPLETED)
        .values(state=NewcomerState.IN_DUO)
    )  # fmt: skip
    move(
        update(Duo).where(Duo.id == duo.id, Duo.state == DuoState.COMPLETED)
        .values(state=DuoState.ACTIVE, ended_at=None, end_reason=None, goes_on=None)
    )  # fmt: skip
    for subject, key, before, after in (
        (Subject.NEWCOMER, duo.newcomer_id, NewcomerState.COMPLETED, NewcomerState.IN_DUO),
        (Subject.DUO, duo.id, DuoState.COMPLETED, DuoState.ACTIVE),
    ):
        record_transition(
            subject, key, before, after, actor=actor, role=Role.COORDINATOR, reason="extended"
        )  # fmt: skip


def _side(actor: Viewer, duo: Duo) -> Role:
    if actor.newcomer_id == duo.newcomer_id:
        return Role.NEWCOMER
    if actor.buddy_id == duo.buddy_id:
        return Role.BUDDY
    raise NotFound
