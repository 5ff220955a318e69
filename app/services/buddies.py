"""A buddy's own acts: change answers, take a break and come back, stop."""

from datetime import date
from typing import Any

from sqlalchemy import select, update

from app.clock import now, today
from app.db import lock, session, transaction
from app.errors import Invalid, Refusal
from app.i18n import lazy_gettext as _
from app.models import Buddy
from app.queries.appointments import talk_of
from app.queries.buddies import buddies_for
from app.queries.reach import one
from app.security.permissions import Permission
from app.security.predicates import demand
from app.security.viewer import Viewer
from app.services import answers
from app.services.availability import HEARD
from app.services.outbox import tell
from app.services.publishing import let_go_of
from app.services.records import audit, move, record_transition
from app.vocabulary import BuddyState, Role
from app.vocabulary.records import Subject
from app.vocabulary.registrations import LeaveReason

GONE = (BuddyState.LEFT, BuddyState.REJECTED)


def own_buddy(actor: Viewer) -> Buddy:
    """The record of the actor as a buddy. Raises Forbidden or NotFound."""
    demand(actor, Permission.OWN_BUDDY)
    return one(buddies_for(actor, Permission.OWN_BUDDY))


def _mine(actor: Viewer) -> Buddy:
    """The own record, held until the transaction ends, as it is now."""
    found = own_buddy(actor)
    lock(Buddy, found.id)
    session().refresh(found)
    return found


def edit(actor: Viewer, **given: Any) -> None:
    """Change own answers; moving house moves to the network of the new place. Raises Invalid or Refusal."""
    with transaction():
        buddy = _mine(actor)
        if buddy.state in GONE:
            raise Refusal(_("You stopped. Call the coordinator if you want to begin again."), code="stopped")
        if given.get("capacity", buddy.places_taken) < buddy.places_taken:
            raise Invalid("capacity", _("You meet more newcomers than that now."), code="capacity")
        changed = answers.write(buddy, given)
        if changed:
            buddy.heard_at, buddy.asked_at, buddy.reminded_at = now(), None, None
            audit(
                actor, "answers-changed", Subject.BUDDY, buddy.id, network=buddy.network_slug, columns=changed
            )


def pause(actor: Viewer, until: date) -> None:
    """Take a break until that day: no new newcomer is proposed before it. Raises Invalid, or Moved unless ready."""
    with transaction():
        buddy = _mine(actor)
        if until <= today():
            raise Invalid("until", _("Choose a day after today."), code="past")
        before = buddy.state
        move(
            update(Buddy)
            .where(Buddy.id == buddy.id, Buddy.state == before, Buddy.state.in_((BuddyState.APPROVED, BuddyState.AWAY)))
            .values(state=BuddyState.PAUSED, paused_until=until, heard_at=now(), **HEARD)
        )  # fmt: skip
        record_transition(Subject.BUDDY, buddy.id, before, BuddyState.PAUSED, actor=actor, role=Role.BUDDY)


def resume(actor: Viewer) -> None:
    """Come back from a break before its day. Raises Moved unless the actor takes one."""
    with transaction():
        _end_pause(_mine(actor).id, actor)


def end_pauses() -> int:
    """Let everybody come back whose break is over; returns how many. For the worker, once a day."""
    with transaction() as db:
        over = list(db.scalars(
            select(Buddy.id).where(Buddy.state == BuddyState.PAUSED, Buddy.paused_until <= today()).with_for_update(of=Buddy)
        ))  # fmt: skip
        for buddy_id in over:
            _end_pause(buddy_id, None)
    return len(over)


def lapse_screenings() -> int:
    """Whose screening is over is no longer ready, until the coordinator renews it; returns how many. For the worker, once a day."""
    over = select(Buddy.id).where(Buddy.state == BuddyState.APPROVED, Buddy.screened_until < today())
    with transaction() as db:
        lapsed = list(db.scalars(over.order_by(Buddy.id).with_for_update(of=Buddy)))
        for buddy_id in lapsed:
            move(
                update(Buddy).where(Buddy.id == buddy_id, Buddy.state == BuddyState.APPROVED)
                .values(state=BuddyState.LAPSED, **HEARD)
            )  # fmt: skip
            record_transition(
                Subject.BUDDY,
                buddy_id,
                BuddyState.APPROVED,
                BuddyState.LAPSED,
                actor=None,
                reason="screening-over",
            )
    return len(lapsed)


def _end_pause(buddy_id: int, actor: Viewer | None) -> None:
    move(
        update(Buddy).where(Buddy.id == buddy_id, Buddy.state == BuddyState.PAUSED)
        .values(state=BuddyState.APPROVED, paused_until=None, heard_at=now(), **HEARD)
    )  # fmt: skip
    role = Role.BUDDY if actor else None
    record_transition(Subject.BUDDY, buddy_id, BuddyState.PAUSED, BuddyState.APPROVED, actor=actor, role=role)


def withdraw(actor: Viewer, reason: LeaveReason = LeaveReason.NONE) -> None:
    """Stop being a buddy. Raises Refusal while a newcomer counts on this buddy, Moved when it happened already."""
    with transaction():
        let_go_of(own_buddy(actor))
        buddy = _mine(actor)
        before = buddy.state
        if buddy.places_taken:
            raise Refusal(
                _("A newcomer counts on you now. End that duo first, then you can stop here."), code="in_duo"
            )
        move(
            update(Buddy).where(Buddy.id == buddy.id, Buddy.state == before, Buddy.state.not_in(GONE), Buddy.places_taken == 0)
            .values(state=BuddyState.LEFT, paused_until=None)
        )  # fmt: skip
        record_transition(
            Subject.BUDDY,
            buddy.id,
            before,
            BuddyState.LEFT,
            actor=actor,
            role=Role.BUDDY,
            reason=reason.value,
        )
        if buddy.person.email:
            over = talk_of(buddy, cancelled=True)
            tell(buddy.person, "buddy-stopped", network=buddy.network_slug, planned=over)
