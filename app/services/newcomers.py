"""A newcomer's own acts on the own answers: change them, stop."""

from typing import Any

from sqlalchemy import update

from app.db import lock, session, transaction
from app.errors import Refusal
from app.i18n import lazy_gettext as _
from app.models import Newcomer
from app.queries.appointments import talk_of
from app.queries.newcomers import newcomers_for
from app.queries.reach import one
from app.security.permissions import Permission
from app.security.predicates import demand
from app.security.viewer import Viewer
from app.services import answers
from app.services.outbox import tell
from app.services.placing import place_by_town
from app.services.publishing import let_go_of
from app.services.records import audit, move, record_transition
from app.vocabulary import NewcomerState, Role
from app.vocabulary.records import Subject
from app.vocabulary.registrations import LeaveReason

WITH_A_BUDDY = (NewcomerState.PROPOSED, NewcomerState.IN_DUO)


def own_newcomer(actor: Viewer) -> Newcomer:
    """The record of the actor as a newcomer. Raises Forbidden or NotFound."""
    demand(actor, Permission.OWN_TRACK)
    return one(newcomers_for(actor, Permission.OWN_TRACK))


def _mine(actor: Viewer) -> Newcomer:
    """The own record, held until the transaction ends, as it is now."""
    found = own_newcomer(actor)
    lock(Newcomer, found.id)
    session().refresh(found)
    return found


def edit(actor: Viewer, **given: Any) -> None:
    """Change own answers; moving house moves to the network of the new place. Raises Invalid or Refusal."""
    with transaction():
        newcomer = _mine(actor)
        if newcomer.state is NewcomerState.LEFT:
            raise Refusal(_("You stopped. Call us if you want to begin again."), code="stopped")
        changed = answers.write(newcomer, given)
        if "network_slug" in changed:
            place_by_town([newcomer])
        if changed:
            audit(
                actor,
                "answers-changed",
                Subject.NEWCOMER,
                newcomer.id,
                network=newcomer.network_slug,
                columns=changed,
            )


def withdraw(actor: Viewer, reason: LeaveReason = LeaveReason.NONE) -> None:
    """Stop looking for a buddy; hours told stay. Raises Refusal in a duo, Moved when it happened already."""
    with transaction():
        let_go_of(own_newcomer(actor))
        newcomer = _mine(actor)
        before = newcomer.state
        if before in WITH_A_BUDDY:
            raise Refusal(
                _("You have a buddy now. Stop with your buddy first. Then you can stop here."), code="in_duo"
            )
        move(
            update(Newcomer).where(Newcomer.id == newcomer.id, Newcomer.state == before, Newcomer.state != NewcomerState.LEFT)
            .values(state=NewcomerState.LEFT)
        )  # fmt: skip
        record_transition(
            Subject.NEWCOMER,
            newcomer.id,
            before,
            NewcomerState.LEFT,
            actor=actor,
            role=Role.NEWCOMER,
            reason=reason.value,
        )
        if newcomer.person.email:
            over = talk_of(newcomer, cancelled=True)
            tell(newcomer.person, "newcomer-stopped", network=newcomer.network_slug, planned=over)
