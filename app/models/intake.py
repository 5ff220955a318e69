"""The dated talks with somebody who wants to take part, and what a volunteer learned."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base
from app.models.columns import CreatedAt, Instant, Key, Name, choice
from app.vocabulary.intake import TalkState

ONE_PLANNED = "state = 'planned'"


class Talk(Base):
    """One talk of the intake of a buddy or a newcomer; there can be several, of which at most one is still to come."""

    __tablename__ = "intake_talk"
    __table_args__ = (
        CheckConstraint("(buddy_id IS NULL) <> (newcomer_id IS NULL)", name="of_one_person"),
        Index("uq_intake_talk_buddy", "buddy_id", unique=True, sqlite_where=text(ONE_PLANNED), postgresql_where=text(ONE_PLANNED)),
        Index("uq_intake_talk_newcomer", "newcomer_id", unique=True, sqlite_where=text(ONE_PLANNED), postgresql_where=text(ONE_PLANNED)),
    )  # fmt: skip

    id: Mapped[Key]
    buddy_id: Mapped[int | None] = mapped_column(ForeignKey("buddy.id"), index=True)
    newcomer_id: Mapped[int | None] = mapped_column(ForeignKey("newcomer.id"), index=True)
    at: Mapped[Instant]
    state: Mapped[TalkState] = choice(TalkState, default=TalkState.PLANNED)
    by_person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[CreatedAt]


class Training(Base):
    """Something a buddy learned, and how long it took. It counts once a coordinator has said that it was so."""

    __tablename__ = "training"
    __table_args__ = (CheckConstraint("minutes BETWEEN 15 AND 1440", name="minutes"),)

    id: Mapped[Key]
    buddy_id: Mapped[int] = mapped_column(ForeignKey("buddy.id"), index=True)
    on: Mapped[date]
    minutes: Mapped[int]
    title: Mapped[Name]
    told_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[CreatedAt]
    checked_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    checked_at: Mapped[Instant | None]
