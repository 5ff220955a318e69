"""Asking a neighbouring network for a place with a buddy: it answers with an offer, or that it is not possible now.

What comes of an offer is in app/services/loans.py: the network that asked still looks at it and takes it or not.
"""

from datetime import date

from sqlalchemy import select, update

from app.clock import now, today
from app.db import lock, session, transaction
from app.errors import Forbidden, Invalid, NotFound
from app.i18n import lazy_gettext as _
from app.models import Buddy, LoanRequest, Network
from app.queries.loans import partners, requests_for
from app.queries.reach import one
from app.security.permissions import Permission
from app.security.predicates import demand
from app.security.viewer import Viewer
from app.services.loans import LONGEST, offer_place
from app.services.records import audit, move
from app.vocabulary.loans import RequestState


def ask_for_place(actor: Viewer, *, by: str, to: str, until: date, words: str = "") -> int:
    """Ask a neighbour for a place until a day; returns the key of the question. One at a time between two networks.

    Raises NotFound for a network that is not the actor's, Invalid for one that is no neighbour or is asked already, or
    for a day out of reach.
    """
    demand(actor, Permission.LEND_PLACES)
    if by not in actor.networks:
        raise NotFound
    if to not in partners(by):
        raise Invalid("to", _("Choose a neighbouring network."))
    if not today() < until <= today() + LONGEST:
        raise Invalid("until", _("Choose a day in the next twelve months."))
    with transaction() as db:
        lock(Network, by)
        open_ones = select(LoanRequest.id).where(
            LoanRequest.by_slug == by, LoanRequest.to_slug == to, LoanRequest.state == RequestState.OPEN
        )
        if db.scalars(open_ones).first() is not None:
            raise Invalid("to", _("You asked this network already. It has not answered yet."))
        made = LoanRequest(by_slug=by, to_slug=to, until=until, words=words, asked_by_id=actor.person_id)
        db.add(made)
        db.flush()
        audit(actor, "place-asked", "loan-request", made.id, network=by, to=to)
        return made.id


def answer_with_place(actor: Viewer, request_id: int, buddy_id: int) -> int:
    """Offer a free place of a buddy of the network that is asked; returns the key of the loan.

    Raises NotFound, Forbidden for who asked it, Moved when it is answered already, Invalid for a buddy of another
    network, and all that `offer_place` raises.
    """
    with transaction() as db:
        request = _asked_of(actor, request_id)
        found = db.get(Buddy, buddy_id)
        if found is None or found.network_slug != request.to_slug:
            raise Invalid("buddy", _("Choose a buddy of the network that is asked."))
        loan_id = offer_place(actor, buddy_id, to=request.by_slug, until=request.until)
        _answer(actor, request, RequestState.OFFERED, loan_id=loan_id)
        return loan_id


def decline_request(actor: Viewer, request_id: int) -> None:
    """Say that no place can be lent now. Raises NotFound, Forbidden for who asked it, Moved when it is answered."""
    with transaction():
        _answer(actor, _asked_of(actor, request_id), RequestState.DECLINED)


def withdraw_request(actor: Viewer, request_id: int) -> None:
    """The network that asked needs no place any more. Raises NotFound, or Moved when it is answered already."""
    demand(actor, Permission.LEND_PLACES)
    with transaction():
        request = one(requests_for(actor).where(LoanRequest.id == request_id))
        if request.by_slug not in actor.networks:
            raise Forbidden()
        _close(request, state=RequestState.WITHDRAWN)
        audit(actor, "place-no-longer-asked", "loan-request", request.id, network=request.by_slug)


def end_requests() -> int:
    """Close the questions whose last day is over; returns how many. For the worker, each night."""
    with transaction() as db:
        late = select(LoanRequest).where(LoanRequest.state == RequestState.OPEN, LoanRequest.until < today())
        found = db.scalars(late).all()
        for request in found:
            _close(request, state=RequestState.WITHDRAWN)
            audit(None, "place-no-longer-asked", "loan-request", request.id, network=request.by_slug)
        return len(found)


def _asked_of(actor: Viewer, request_id: int) -> LoanRequest:
    """A question that the actor may answer: put to an own network, by somebody else."""
    demand(actor, Permission.LEND_PLACES)
    request = one(requests_for(actor).where(LoanRequest.id == request_id))
    if request.to_slug not in actor.networks or request.asked_by_id == actor.person_id:
        raise Forbidden()
    return request


def _answer(actor: Viewer, request: LoanRequest, state: RequestState, *, loan_id: int | None = None) -> None:
    _close(request, state=state, answered_by_id=actor.person_id, answered_at=now(), loan_id=loan_id)
    audit(actor, f"place-asked-{state.value}", "loan-request", request.id, network=request.to_slug)


def _close(request: LoanRequest, **values: object) -> None:
    session().flush()
    move(
        update(LoanRequest).where(LoanRequest.id == request.id, LoanRequest.state == RequestState.OPEN)
        .values(**values)
    )  # fmt: skip
