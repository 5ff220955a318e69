"""Lending a place with a buddy to a neighbouring network: offered by one side, accepted by the other.

A place that is offered or lent is kept from the own network's matching; on a lent place only the other network
matches. Nobody is lent without a coordinator of each side, and these are two people.
"""

from datetime import date, timedelta

from sqlalchemy import ColumnElement, func, select, update

from app.clock import now, today
from app.db import lock, session, transaction
from app.errors import Forbidden, Invalid, Moved
from app.i18n import lazy_gettext as _
from app.models import Buddy, Duo, Loan
from app.queries.loans import OPEN, free_buddies, is_lent, loans_for, partners
from app.queries.reach import one
from app.security.permissions import Permission
from app.security.predicates import demand, not_about_oneself
from app.security.viewer import Viewer
from app.services.records import audit, move
from app.vocabulary.loans import LoanState

LONGEST = timedelta(days=366)


def offer_place(actor: Viewer, buddy_id: int, *, to: str, until: date) -> int:
    """Offer a free place of a buddy of one's own network to a neighbour; returns the key of the loan.

    Raises NotFound for a buddy of others or without a free place, Forbidden about oneself, Invalid for a network
    that is no neighbour or a day out of reach.
    """
    demand(actor, Permission.LEND_PLACES)
    if not today() < until <= today() + LONGEST:
        raise Invalid("until", _("Choose a day in the next twelve months."))
    with transaction() as db:
        lock(Buddy, buddy_id)
        buddy = one(free_buddies(actor).where(Buddy.id == buddy_id))
        not_about_oneself(actor, buddy.person_id)
        if to not in partners(buddy.network_slug):
            raise Invalid("to", _("Choose a neighbouring network."))
        loan = Loan(
            buddy_id=buddy.id, from_slug=buddy.network_slug, to_slug=to, until=until, offered_by_id=actor.person_id
        )  # fmt: skip
        db.add(loan)
        db.flush()
        audit(actor, "place-offered", "loan", loan.id, network=buddy.network_slug, to=to)
        return loan.id


def accept_place(actor: Viewer, loan_id: int) -> None:
    """Take a place that a neighbour offers; from now on the own matching counts on it. Raises Moved when it is gone."""
    _answer(actor, loan_id, LoanState.LENT)


def decline_place(actor: Viewer, loan_id: int) -> None:
    """Do not take a place that a neighbour offers."""
    _answer(actor, loan_id, LoanState.DECLINED)


def give_back(actor: Viewer, loan_id: int) -> None:
    """End a loan on which no duo lives, by either side. Raises Moved when a duo uses it or it is over."""
    demand(actor, Permission.LEND_PLACES)
    with transaction():
        loan = one(loans_for(actor).where(Loan.id == loan_id))
        lock(Buddy, loan.buddy_id)
        not_about_oneself(actor, loan.buddy.person_id)
        _close(Loan.id == loan.id, Loan.state.in_(OPEN))
        audit(actor, "place-given-back", "loan", loan.id, network=loan.from_slug, to=loan.to_slug)


def use_loan(duo: Duo) -> None:
    """Note that a duo over the border lives on a lent place; for the approval. Raises Moved when none is lent."""
    if duo.buddy.network_slug == duo.network_slug:
        return
    first = select(func.min(Loan.id)).where(
        Loan.buddy_id == duo.buddy_id, Loan.to_slug == duo.network_slug, is_lent(today())
    )
    move(
        update(Loan).where(Loan.id == first.scalar_subquery(), Loan.state == LoanState.LENT)
        .values(state=LoanState.USED, duo_id=duo.id)
    )  # fmt: skip


def return_loan(duo: Duo) -> None:
    """The place goes back to its own network when the duo on it is over."""
    session().execute(
        update(Loan).where(Loan.duo_id == duo.id, Loan.state == LoanState.USED)
        .values(state=LoanState.RETURNED, closed_at=now())
    )  # fmt: skip


def end_loans() -> int:
    """Give back what was offered or lent until a day that is over; returns how many. For the worker, each night."""
    with transaction() as db:
        late = db.scalars(select(Loan.id).where(Loan.state.in_(OPEN), Loan.until < today())).all()
        for loan_id in late:
            _close(Loan.id == loan_id, Loan.state.in_(OPEN))
            audit(None, "place-given-back", "loan", loan_id)
        return len(late)


def _answer(actor: Viewer, loan_id: int, after: LoanState) -> None:
    """What the network says to which a place is offered; never the person who offered it."""
    demand(actor, Permission.LEND_PLACES)
    with transaction():
        loan = one(loans_for(actor).where(Loan.id == loan_id))
        lock(Buddy, loan.buddy_id)
        if loan.to_slug not in actor.networks or loan.offered_by_id == actor.person_id:
            raise Forbidden()
        not_about_oneself(actor, loan.buddy.person_id)
        if loan.until < today():
            raise Moved
        move(
            update(Loan).where(Loan.id == loan.id, Loan.state == LoanState.OFFERED)
            .values(
                state=after, answered_by_id=actor.person_id, answered_at=now(),
                closed_at=now() if after is LoanState.DECLINED else None,
            )
        )  # fmt: skip
        audit(actor, f"place-{after.value}", "loan", loan.id, network=loan.to_slug, by=loan.from_slug)


def _close(*conditions: ColumnElement[bool]) -> None:
    move(update(Loan).where(*conditions).values(state=LoanState.RETURNED, closed_at=now()))
