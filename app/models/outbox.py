"""Messages to people, written in the same transaction as their cause and delivered afterwards."""

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.clock import now
from app.db import Base
from app.models.accounts import Person
from app.models.columns import CreatedAt, Facts, Instant, Key, Name, Tag, Words, choice
from app.vocabulary.records import Channel, MessageState


class Message(Base):
    """One message in the reader's language: a mail, or a task for staff to call or send to who has no e-mail."""

    __tablename__ = "message"
    __table_args__ = (
        Index("ix_message_due", "state", "next_try_at"),
        Index("ix_message_address", "to_email", "created_at"),  # how often that address was written to lately
    )

    id: Mapped[Key]
    channel: Mapped[Channel] = choice(Channel)
    state: Mapped[MessageState] = choice(MessageState, default=MessageState.QUEUED)
    kind: Mapped[str] = mapped_column(String(40))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    to_name: Mapped[Name] = mapped_column(default="")
    to_email: Mapped[str | None] = mapped_column(String(254))
    to_phone: Mapped[str | None] = mapped_column(String(20))
    network_slug: Mapped[str | None] = mapped_column(ForeignKey("network.slug"), index=True)
    locale: Mapped[Tag]
    subject: Mapped[str] = mapped_column(String(300))
    text: Mapped[Words]
    html: Mapped[Words] = mapped_column(default="")
    facts: Mapped[Facts] = mapped_column(default=dict)
    message_id: Mapped[str] = mapped_column(String(120), unique=True)
    created_at: Mapped[CreatedAt]
    next_try_at: Mapped[Instant] = mapped_column(default=now)
    tries: Mapped[int] = mapped_column(default=0)
    done_at: Mapped[Instant | None]
    done_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    failure: Mapped[str] = mapped_column(String(300), default="")

    person: Mapped[Person | None] = relationship(foreign_keys=[person_id])
