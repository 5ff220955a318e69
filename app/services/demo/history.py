"""Gives the demo its past. Use-cases write what happens now; here those instants are moved to when it would have been.

Only instants and days are written directly, in bulk: no state is changed.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select, update

from app.clock import in_brussels, now, start_of_day, today
from app.db import session
from app.models import (
    AuditEntry,
    Buddy,
    CheckIn,
    Consent,
    Duo,
    HourEntry,
    Message,
    Newcomer,
    Offer,
    Person,
    Proof,
    Proposal,
    Run,
    TrajectoryReached,
    Transition,
)  # fmt: skip
from app.services.agreements import months_later
from app.services.demo.enrolment import Enrolled, first_steps
from app.services.demo.pairs import Pairing, Story
from app.vocabulary import BuddyState, DuoState, EntryState, NewcomerState
from app.vocabulary.records import Channel, MessageState, ProofState, RunState, Subject

TALKED_AGO = (4, 36, 12, 19)  # days since the last talk with a duo: some have been silent for too long
MAILS_LAST = timedelta(days=45)
TASKS_OPEN = timedelta(days=6)
OLDEST_RUN = timedelta(days=230)
IN_DUOS = {NewcomerState.PROPOSED.value, NewcomerState.IN_DUO.value, NewcomerState.COMPLETED.value}
AFTER = {
    EntryState.SUBMITTED.value: timedelta(hours=3), EntryState.CORRECTED.value: timedelta(days=1),
    EntryState.REFUSED.value: timedelta(days=1), EntryState.CONFIRMED.value: timedelta(days=1),
}  # fmt: skip
JUDGED_AFTER = timedelta(days=2)


def give_past(enrolled: Enrolled, pairings: list[Pairing]) -> None:
    """Move everything that was just made to its place in time."""
    session().flush()
    began = {pairing.duo_id: now() - timedelta(days=pairing.days_ago) for pairing in pairings}
    _people(Buddy, Subject.BUDDY, enrolled.buddies)
    _people(Newcomer, Subject.NEWCOMER, enrolled.newcomers)
    _duos(pairings, began)
    _runs_and_proposals(began)
    _entries()
    _offers()
    _mails({pairing.duo_id for pairing in pairings if pairing.story in (Story.MEETING, Story.MET)})
    _spread(AuditEntry, timedelta(days=400))
    session().expire_all()


def _by_day(days: int, key: int) -> datetime:
    """An instant so many days ago, between eight in the morning and ten in the evening, and never to come."""
    return min(start_of_day(today() - timedelta(days=days)) + timedelta(minutes=480 + key * 37 % 840), now())


def _write(model: type, rows: Iterable[dict[str, Any]]) -> None:
    if found := list(rows):
        session().execute(update(model), found)


def _transitions(subject: Subject) -> dict[int, list[tuple[int, str]]]:
    """(key, state) of the transitions of each subject, in their order."""
    found: dict[int, list[tuple[int, str]]] = defaultdict(list)
    for key, about, state in session().execute(
        select(Transition.id, Transition.subject_id, Transition.to_state)
        .where(Transition.subject == subject).order_by(Transition.id)
    ):  # fmt: skip
        found[about].append((key, state))
    return found


def _people(model: type[Buddy] | type[Newcomer], subject: Subject, ages: Mapping[int, int]) -> None:
    """Registration, consents, and the steps until ready; what comes of duos is dated with the duos."""
    registered = {key: _by_day(days + 1, key) for key, days in ages.items()}
    people: dict[int, int] = dict(session().execute(select(model.id, model.person_id)).all())
    _write(model, ({"id": key, "registered_at": at} for key, at in registered.items()))
    _write(Person, ({"id": people[key], "created_at": at} for key, at in registered.items()))
    by_person = {people[key]: at for key, at in registered.items()}
    consents = session().execute(
        select(Consent.id, Consent.person_id).where(Consent.person_id.in_(by_person))
    )
    _write(Consent, ({"id": key, "given_at": by_person[person]} for key, person in consents))
    rows, ready = [], {}
    for about, steps in _transitions(subject).items():
        own = [step for step in steps if step[1] not in IN_DUOS]
        length = first_steps(now() - registered[about])
        for at, (key, state) in enumerate(own):
            moment = registered[about] + length * (at / max(len(own) - 1, 1))
            rows.append({"id": key, "at": moment})
            if state == BuddyState.APPROVED.value:
                ready[about] = moment
    _write(Transition, rows)
    if model is Buddy:
        _write(
            Buddy,
            (
                {"id": key, "screened_on": in_brussels(at).date(), "talk_at": at - timedelta(days=2)}
                for key, at in ready.items()
            ),
        )


def _duos(pairings: list[Pairing], began: Mapping[int, datetime]) -> None:
    """Approval, sharing of contact, first meeting, agreement and end; and the states of the newcomer with them."""
    steps = _transitions(Subject.DUO)
    of_newcomers = _transitions(Subject.NEWCOMER)
    rows, moments = [], []
    for pairing in pairings:
        at, duo = began[pairing.duo_id], session().get_one(Duo, pairing.duo_id)
        begun = duo.starts_on is not None
        ended = now() - timedelta(days=min(3, pairing.days_ago)) if duo.ended_at else None
        first = (
            _by_day(max(pairing.days_ago - 9, 1), 0) + timedelta(hours=6)
            if begun or pairing.story is Story.MET
            else duo.first_meeting_at
        )
        starts_on = min((at + timedelta(days=12)).date(), today())
        rows.append({
            "id": duo.id, "approved_at": at, "answer_before": at + timedelta(days=7), "ended_at": ended,
            "contact_shared_at": duo.contact_shared_at and at + timedelta(days=min(4, pairing.days_ago)),
            "first_meeting_at": first, "starts_on": starts_on if begun else None,
            "ends_on": months_later(starts_on, 6 if pairing.days_ago < 150 else 8) if begun else None,
        })  # fmt: skip
        dates = {
            DuoState.ASKED: at,
            DuoState.MEETING: at + timedelta(days=min(4, pairing.days_ago)),
            DuoState.ACTIVE: at + timedelta(days=12),
        }
        for key, state in steps[duo.id]:
            moments.append({"id": key, "at": min(dates.get(DuoState(state), ended or now()), now())})
        for key, state in of_newcomers[duo.newcomer_id]:
            if state in IN_DUOS:
                late = {"in_duo": at + timedelta(days=12), "completed": ended or at}
                moments.append({"id": key, "at": min(late.get(state, at), now())})
    _write(Duo, rows)
    _write(Transition, moments)
    session().expire_all()
    talks = session().execute(
        select(CheckIn.id, CheckIn.duo_id, Duo.starts_on).join(Duo, Duo.id == CheckIn.duo_id)
    )
    _write(
        CheckIn,
        (
            {"id": key, "on": max(day, today() - timedelta(days=TALKED_AGO[duo % len(TALKED_AGO)]))}
            for key, duo, day in talks
            if day is not None
        ),
    )


def _runs_and_proposals(began: Mapping[int, datetime]) -> None:
    """The first run of a network lies before all its duos; the second was made today."""
    approved = session().execute(select(Duo.proposal_id, Duo.id).where(Duo.id.in_(began)))
    _write(
        Proposal,
        ({"id": proposal, "decided_at": began[duo]} for proposal, duo in approved if proposal is not None),
    )
    first: dict[str, int] = {}
    for key, network in session().execute(
        select(Run.id, Run.network_slug).where(Run.state == RunState.DONE).order_by(Run.id)
    ):
        first.setdefault(network, key)
    at = now() - OLDEST_RUN
    _write(
        Run,
        (
            {
                "id": key,
                "created_at": at,
                "finished_at": at + timedelta(seconds=3),
                "touched_at": at,
                "as_of": at.date(),
            }
            for key in first.values()
        ),
    )


def _entries() -> None:
    """Hours were told in the evening and confirmed the next day; they were accepted with their proof."""
    entries = {entry.id: entry for entry in session().scalars(select(HourEntry))}
    judged = _proofs()
    _write(HourEntry, (
        {
            "id": key, "entered_at": _soon(entry, timedelta(hours=1)),
            "confirmed_at": entry.confirmed_at and _soon(entry, AFTER["confirmed"]),
            "accepted_at": entry.accepted_at and judged[entry.proof_id],
        }
        for key, entry in entries.items()
    ))  # fmt: skip
    _write(Transition, (
        {
            "id": key,
            "at": judged[entries[about].proof_id] if state == EntryState.ACCEPTED
            else _soon(entries[about], AFTER.get(state, timedelta(hours=1))),
        }
        for about, steps in _transitions(Subject.HOUR_ENTRY).items()
        for key, state in steps
    ))  # fmt: skip
    last: dict[int, date] = {}
    for entry in entries.values():
        if entry.state is EntryState.ACCEPTED:
            day = in_brussels(judged[entry.proof_id]).date()
            last[entry.newcomer_id] = max(day, last.get(entry.newcomer_id, day))
    reached = session().scalars(select(TrajectoryReached.newcomer_id))
    _write(TrajectoryReached, ({"newcomer_id": newcomer, "on": last[newcomer]} for newcomer in reached))


def _proofs() -> dict[int | None, datetime]:
    """Proofs were judged two days after the signature; when each was or would be, by proof."""
    proofs = list(session().scalars(select(Proof)).unique())
    judged: dict[int | None, datetime] = {
        proof.id: min(proof.signed_at + JUDGED_AFTER, now()) for proof in proofs if proof.signed_at
    }
    _write(Proof, (
        {"id": proof.id, "created_at": min(proof.signed_at or now(), now()) - JUDGED_AFTER, "judged_at": proof.judged_at and judged[proof.id]}
        for proof in proofs
    ))  # fmt: skip
    signed = {proof.id: proof.signed_at for proof in proofs}
    moments = {ProofState.OPEN.value: -JUDGED_AFTER, ProofState.SIGNED.value: timedelta()}
    _write(Transition, (
        {"id": key, "at": min((signed[about] or now()) + moments.get(state, JUDGED_AFTER), now())}
        for about, steps in _transitions(Subject.PROOF).items()
        for key, state in steps
    ))  # fmt: skip
    return judged


def _soon(entry: HourEntry, after: timedelta) -> datetime:
    return min(entry.ends_at + after, now())


def _offers() -> None:
    published = (
        session().scalars(select(Offer.id).where(Offer.published_at.is_not(None)).order_by(Offer.id)).all()
    )
    long_ago = [now() - timedelta(days=20 + key % 40) for key in published]
    _write(
        Offer,
        (
            {"id": key, "created_at": at, "published_at": at}
            for key, at in zip(published, long_ago, strict=True)
        ),
    )


def _spread(model: Any, over: timedelta) -> None:
    """Spread the instants of all rows evenly over that time until now, in the order in which they were made."""
    keys = list(session().scalars(select(model.id).order_by(model.id)))
    _write(model, (
        {"id": key, "at": now() - over * (1 - at / len(keys))}
        for at, key in enumerate(keys, start=1)
    ))  # fmt: skip


def _mails(to_meet: set[int]) -> None:
    """Mails have been sent, also those of which no mail server knows; older tasks for staff are done.

    What is to be sent after a first meeting that is still to come waits, as in life.
    """
    messages = list(session().scalars(select(Message).order_by(Message.id)))
    for at, message in enumerate(messages, start=1):
        if message.next_try_at > now() + timedelta(hours=1) and message.facts.get("duo") in to_meet:
            continue
        message.created_at = now() - MAILS_LAST * (1 - at / len(messages))
        if message.channel is Channel.MAIL:
            message.state, message.done_at = MessageState.SENT, message.created_at + timedelta(minutes=1)
        elif now() - message.created_at > TASKS_OPEN:
            message.state, message.done_at = MessageState.DONE, message.created_at + timedelta(days=1)
    session().flush()
