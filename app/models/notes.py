"""Notes of staff about people."""

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base
from app.models.columns import CreatedAt, Key, NetworkKey, PersonKey, Words


class StaffNote(Base):
    """What a coordinator wants colleagues of the network to know about a person; by None = from before notes had an author.

    It is never on a page of that person. It is in what the person is given who asks for all data (GDPR art. 15),
    without the name of the author.
    """

    __tablename__ = "staff_note"

    id: Mapped[Key]
    person_id: Mapped[PersonKey]
    network_slug: Mapped[NetworkKey]
    by_person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    text: Mapped[Words]
    at: Mapped[CreatedAt]
