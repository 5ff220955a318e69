"""Pairs who were asked whether they want to meet, and of whom one did not answer in time."""

from datetime import timedelta

from sqlalchemy import ColumnElement, and_, select, update

from app.clock import now
from app.db import lock, session, transaction
from app.models import Duo
from app.security.viewer import Viewer
from app.services.duo_letters import DuoLinks, Question, ask_one
from app.services.duos import followed_duo, stop_unanswered
from app.services.matches import ANSWER_WITHIN
from app.services.records import audit, move, record_transition
from app.vocabulary import DuoState, Role
from app.vocabulary.records import Subject

GIVEN_UP_AFTER = timedelta(
    days=7
)  # after the last day to answer: so long it is on Today, then nobody waits any more


def ask_again(actor: Viewer, duo_id: int, *, links: DuoLinks) -> None:
    """Ask whoever has not answered in time once more, with as long to answer as the first time.

    Raises NotFound or Forbidden outside the actor's reach, and Moved when they still have time or the question is
    over; so two taps ask once.
    """
    with transaction():
        duo = followed_duo(actor, duo_id)
        move(
            update(Duo).where(Duo.id == duo.id, Duo.state == DuoState.ASKED, Duo.answer_before < now())
            .values(answer_before=now() + ANSWER_WITHIN)
        )  # fmt: skip
        record_transition(
            Subject.DUO, duo.id, DuoState.ASKED, DuoState.ASKED, actor=actor, role=Role.COORDINATOR, reason="asked_again"
        )  # fmt: skip
        audit(actor, "duo-asked-again", "duo", duo.id, network=duo.network_slug)
        for side, answer in ((Role.NEWCOMER, duo.newcomer_wants), (Role.BUDDY, duo.buddy_wants)):
            if answer is None:
                ask_one(duo, side, Question.MEET, links)


def lapse_unanswered(links: DuoLinks) -> int:
    """Free the places of pairs whose question was open for long; returns how many. For the worker, each night.

    No answer is a no (DOMAIN 6c): it costs nobody anything, and both read the same words as after a no.
    """
    late = session().scalars(select(Duo.id).where(_given_up()).order_by(Duo.id)).all()
    return sum(_lapse(duo_id, links) for duo_id in late)


def _given_up() -> ColumnElement[bool]:
    return and_(Duo.state == DuoState.ASKED, Duo.answer_before < now() - GIVEN_UP_AFTER)


def _lapse(duo_id: int, links: DuoLinks) -> bool:
    with transaction() as db:
        lock(Duo, duo_id)
        wanted = select(Duo).where(Duo.id == duo_id, _given_up()).execution_options(populate_existing=True)
        duo = db.scalars(wanted).unique().one_or_none()
        if duo is None:
            return False
        stop_unanswered(duo, links=links)
        return True
