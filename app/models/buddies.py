"""Volunteers: from candidate to buddy."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db import Base
from app.models.accounts import Person
from app.models.columns import CreatedAt, Instant, Key, Liking, Name, Placed, Words, choice
from app.vocabulary import BuddyState
from app.vocabulary.lists import ListKind


class Buddy(Placed, Liking, Base):
    """A volunteer. `places_taken` counts the newcomers this buddy has now; the database keeps it within `capacity`.

    `screened_until` is the last day on which the screening holds (None = no end); `heard_at` the last time that the
    buddy or the coordinator said so; `asked_at` and `reminded_at` belong to a question that has no answer yet.
    """

    __tablename__ = "buddy"
    __table_args__ = (
        CheckConstraint("capacity BETWEEN 0 AND 9", name="capacity"),
        CheckConstraint("places_taken BETWEEN 0 AND capacity", name="places"),
        Index("ix_buddy_pool", "network_slug", "state"),
        Index("ix_buddy_recent", "network_slug", "registered_at"),
        Index("ix_buddy_source", "source"),
        Index("ix_buddy_place", "network_slug", "municipality"),
    )

    id: Mapped[Key]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), unique=True)
    state: Mapped[BuddyState] = choice(BuddyState, default=BuddyState.REGISTERED)
    capacity: Mapped[int] = mapped_column(default=1)
    places_taken: Mapped[int] = mapped_column(default=0)
    source: Mapped[str] = mapped_column(String(40), default="site")
    heard_through: Mapped[str] = mapped_column(String(40), default="")
    meeting_wish: Mapped[str] = mapped_column(String(20), default="")
    talk_at: Mapped[Instant | None]
    screened_on: Mapped[date | None]
    screened_until: Mapped[date | None]
    insurer: Mapped[Name] = mapped_column(default="")
    with_minors: Mapped[bool] = mapped_column(default=False)
    extract_seen_on: Mapped[date | None]
    paused_until: Mapped[date | None]
    registered_at: Mapped[CreatedAt]
    heard_at: Mapped[CreatedAt]
    asked_at: Mapped[Instant | None]
    reminded_at: Mapped[Instant | None]

    person: Mapped[Person] = relationship(lazy="joined")


class BuddyImport(Base):
    """A list of buddies or newcomers brought in by a coordinator. Once it is taken over, `content` is the rows given back."""

    __tablename__ = "buddy_import"
    __table_args__ = (Index("uq_buddy_import_file", "network_slug", "digest", unique=True, sqlite_where=text("done_at IS NOT NULL"), postgresql_where=text("done_at IS NOT NULL")),)  # fmt: skip

    id: Mapped[Key]
    network_slug: Mapped[str] = mapped_column(ForeignKey("network.slug"), index=True)
    kind: Mapped[ListKind] = choice(ListKind, default=ListKind.BUDDY)
    by_person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    digest: Mapped[str] = mapped_column(String(64))
    content: Mapped[Words]
    created_at: Mapped[CreatedAt]
    done_at: Mapped[Instant | None]
    added: Mapped[int] = mapped_column(default=0)
    given_back: Mapped[int] = mapped_column(default=0)
