"""Filters of lists that people keep for themselves."""

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base
from app.models.columns import CreatedAt, Key, choice
from app.vocabulary.lists import ListKind


class SavedFilter(Base):
    """A named filter of a list, of one person; `query` is the part of the address behind `?`. One at most opens the list."""

    __tablename__ = "saved_filter"
    __table_args__ = (
        UniqueConstraint("person_id", "kind", "name"),
        Index("uq_saved_filter_start", "person_id", "kind", unique=True, sqlite_where=text("is_start"), postgresql_where=text("is_start")),
    )  # fmt: skip

    id: Mapped[Key]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    kind: Mapped[ListKind] = choice(ListKind)
    name: Mapped[str] = mapped_column(String(60))
    query: Mapped[str] = mapped_column(String(1000))
    is_start: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[CreatedAt]
