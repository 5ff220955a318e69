"""Duos for tests, and what goes before and comes of them: wishes, lent places and reports, straight into the database."""

from datetime import timedelta
from typing import Any

from app.clock import now, today
from app.db import transaction
from app.models import Buddy, Duo, Loan, LoanRequest, Newcomer, Person, Proposal, SafetyReport, Wish
from app.queries.duos import LIVE
from app.vocabulary import DuoState, NewcomerState, ProposalState, Role
from app.vocabulary.following import WishState
from app.vocabulary.records import Answer
from app.vocabulary.safety import SafetyKind
from tests.factories import coordinator


def duo(
    *, newcomer: Newcomer, buddy: Buddy, approved_by: Person, state: DuoState = DuoState.ACTIVE, **values: Any
) -> Duo:
    """A duo in that state, with what must have happened before; it holds a place of the buddy while it lives."""
    live = state in LIVE
    met = state is not DuoState.ASKED
    defaults: dict[str, Any] = {
        "answer_before": now() + timedelta(days=7),
        "newcomer_wants": Answer.YES if met else None, "buddy_wants": Answer.YES if met else None,
        "contact_shared_at": now() if met else None,
    }  # fmt: skip
    with transaction() as db:
        if live:
            db.get_one(Buddy, buddy.id).places_taken += 1
            db.get_one(Newcomer, newcomer.id).state = (
                NewcomerState.PROPOSED
                if state in (DuoState.ASKED, DuoState.MEETING)
                else NewcomerState.IN_DUO
            )
        made = Duo(
            newcomer_id=newcomer.id, buddy_id=buddy.id, network_slug=newcomer.network_slug, state=state,
            approved_by_id=approved_by.id, **{**defaults, **values},
        )  # fmt: skip
        db.add(made)
    return made


def wish(
    newcomer: Newcomer, like: Proposal, by: Person, *buddies: Buddy, state: WishState = WishState.OPEN
) -> Wish:
    """A question to a newcomer about these buddies, in the run and with the reasons of another proposal."""
    chosen = state is WishState.CHOSEN
    with transaction() as db:
        made = Wish(
            newcomer_id=newcomer.id, network_slug=newcomer.network_slug, state=state, asked_by_id=by.id,
            answer_before=now() + timedelta(days=7), answered_at=None if state is WishState.OPEN else now(),
        )  # fmt: skip
        db.add(made)
        db.flush()
        db.add_all(
            Proposal(
                run_id=like.run_id, newcomer_id=newcomer.id, buddy_id=buddy.id, score=like.score, utility=0,
                explanation=like.explanation, wish_id=made.id, offered_at=now(), beside=number > 0,
                state=ProposalState.OFFERED if state is WishState.OPEN or (chosen and not number) else ProposalState.LAPSED,
                wish_rank=1 if chosen and not number else None,
            )
            for number, buddy in enumerate(buddies)
        )  # fmt: skip
    return made


def loan(buddy: Buddy, to: str, **values: Any) -> Loan:
    """A place with a buddy that its network offers to another one."""
    defaults: dict[str, Any] = {"until": today() + timedelta(days=60)}
    with transaction() as db:
        made = Loan(
            buddy_id=buddy.id, from_slug=buddy.network_slug, to_slug=to,
            **{**defaults, "offered_by_id": coordinator(buddy.network_slug).id, **values},
        )  # fmt: skip
        db.add(made)
    return made


def loan_request(to: str, by: str = "gent-stad", **values: Any) -> LoanRequest:
    """A network asks another one for a place."""
    defaults: dict[str, Any] = {"until": today() + timedelta(days=60), "words": "Tigrinya"}
    with transaction() as db:
        made = LoanRequest(
            by_slug=by, to_slug=to, **{**defaults, "asked_by_id": coordinator(by).id, **values}
        )  # fmt: skip
        db.add(made)
    return made


def safety_report(duo: Duo, by: Person, **values: Any) -> SafetyReport:
    """What somebody told about a duo in which contact is stopped; it was active before."""
    defaults: dict[str, Any] = {
        "by_role": Role.NEWCOMER,
        "duo_was": DuoState.ACTIVE,
        "kind": SafetyKind.AFRAID,
    }
    with transaction() as db:
        made = SafetyReport(
            duo_id=duo.id, network_slug=duo.network_slug, by_person_id=by.id, **{**defaults, **values}
        )
        db.add(made)
    return made
