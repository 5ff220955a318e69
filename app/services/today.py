"""What a coordinator does by hand: messages to people whom no mail reaches."""

from sqlalchemy import update

from app.clock import now
from app.db import transaction
from app.models import Message
from app.queries.reach import one
from app.queries.today import messages_to_do
from app.security.permissions import Permission
from app.security.predicates import demand
from app.security.viewer import Viewer
from app.services.records import audit, move
from app.vocabulary.records import MessageState


def read_message(actor: Viewer, message_id: int) -> Message:
    """The message to call about or send, with the number of its reader; the look is written down (T18)."""
    with transaction():
        message = one(messages_to_do(actor).where(Message.id == message_id))
        audit(actor, "message-read", "message", message.id, network=message.network_slug)
        return message


def message_done(actor: Viewer, message_id: int) -> None:
    """Note that the person was called or the text sent. Raises Moved when somebody did it already, NotFound."""
    demand(actor, Permission.JUDGE_NEWCOMER)
    with transaction():
        message = one(messages_to_do(actor).where(Message.id == message_id))
        move(
            update(Message).where(Message.id == message.id, Message.state == message.state)
            .values(state=MessageState.DONE, done_at=now(), done_by_id=actor.person_id)
        )  # fmt: skip
        audit(actor, "message-done", "message", message.id, network=message.network_slug)
