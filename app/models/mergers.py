"""Records that turned out to be the same person."""

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base
from app.models.columns import CreatedAt, Key, NetworkKey, choice
from app.vocabulary.lists import ListKind


class Merger(Base):
    """One buddy or newcomer whose record went up in another; the address of the record that is gone leads on by it.

    Both ids are of `kind`. What was written down about the record that is gone keeps its id.
    """

    __tablename__ = "merger"
    __table_args__ = (UniqueConstraint("kind", "gone_id"),)

    id: Mapped[Key]
    kind: Mapped[ListKind] = choice(ListKind)
    gone_id: Mapped[int]
    kept_id: Mapped[int]
    network_slug: Mapped[NetworkKey]
    by_person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[CreatedAt]
