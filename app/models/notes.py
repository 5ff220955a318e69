"""Notes of staff about people."""

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base
from app.models.columns import CreatedAt, Key, NetworkKey, PersonKey, Words


class StaffNote(Base):
    """What a coordinator wants colleagues of the network to know about a person; by None = from before notes had an author.

    That person reads it among all that is kept, on My data, its paper and its file (GDPR art. 15), without the name of
    the author, and on no other page.
    """

    __tablename__ = "staff_note"

    id: Mapped[Key]
    person_id: Mapped[PersonKey]
    network_slug: Mapped[NetworkKey]
    by_person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    text: Mapped[Words]
    at: Mapped[CreatedAt]
