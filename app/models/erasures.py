"""Who wants to be erased, who was, and for how many days things are kept."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base
from app.models.columns import CreatedAt, Instant, Key, PersonKey, choice
from app.vocabulary.retention import RetentionKind

OPEN_ERASURE = "taken_back_at IS NULL AND done_at IS NULL"


class Erasure(Base):
    """Somebody asked to be erased; it is done at `due_at` unless it was taken back before. One open per person."""

    __tablename__ = "erasure"
    __table_args__ = (
        CheckConstraint("taken_back_at IS NULL OR done_at IS NULL", name="one_end"),
        Index("uq_erasure_open", "person_id", unique=True, sqlite_where=text(OPEN_ERASURE), postgresql_where=text(OPEN_ERASURE)),
        Index("ix_erasure_due", "due_at"),
    )  # fmt: skip

    id: Mapped[Key]
    person_id: Mapped[PersonKey]
    asked_at: Mapped[CreatedAt]
    due_at: Mapped[Instant]
    taken_back_at: Mapped[Instant | None]
    done_at: Mapped[Instant | None]


class Tombstone(Base):
    """A person who was erased: the key and the moment at which the record was made, and nothing about the person.

    It points to no row on purpose: after a restore it must be there before the person is erased again.
    """

    __tablename__ = "tombstone"

    person_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    made_at: Mapped[Instant]
    erased_at: Mapped[Instant]


class ContactTombstone(Base):
    """The same of a contact person without an account."""

    __tablename__ = "contact_tombstone"

    contact_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    made_at: Mapped[Instant]
    erased_at: Mapped[Instant]


class MergedPerson(Base):
    """A record of a person that went up in another one; an older backup still holds it."""

    __tablename__ = "merged_person"

    gone_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    gone_made_at: Mapped[Instant]
    kept_id: Mapped[PersonKey]


class RetentionRule(Base):
    """A dated setting: from that day on things of this kind are kept so many days."""

    __tablename__ = "retention_rule"
    __table_args__ = (
        UniqueConstraint("kind", "since"),
        CheckConstraint("days BETWEEN 1 AND 3660", name="days"),
    )

    id: Mapped[Key]
    kind: Mapped[RetentionKind] = choice(RetentionKind)
    since: Mapped[date]
    days: Mapped[int]
    by_person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[CreatedAt]
