"""Organisations, their contact persons, and what can be joined or told hours for."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db import Base
from app.models.columns import CreatedAt, Instant, Key, Name, NetworkKey, Tag, Words, choice
from app.vocabulary import OfferKind


class Organisation(Base):
    """A club, school, service or company. It can be shown and can sign once a coordinator has verified it."""

    __tablename__ = "organisation"

    id: Mapped[Key]
    name: Mapped[Name]
    network_slug: Mapped[NetworkKey]
    verified_at: Mapped[Instant | None]
    verified_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[CreatedAt]


class ContactPerson(Base):
    """Who confirms hours: named by an organisation, or by a newcomer for an informal setting; needs no account.

    `person_id` is set when the contact person has an account (a buddy is the contact person of a duo).
    """

    __tablename__ = "contact_person"
    __table_args__ = (
        CheckConstraint("email IS NOT NULL OR phone IS NOT NULL OR person_id IS NOT NULL", name="reachable"),
    )

    id: Mapped[Key]
    name: Mapped[Name]
    function: Mapped[Name] = mapped_column(default="")
    email: Mapped[str | None] = mapped_column(String(254))
    phone: Mapped[str | None] = mapped_column(String(20))
    locale: Mapped[Tag] = mapped_column(default="nl")
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    named_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[CreatedAt]

    organisation: Mapped[Organisation | None] = relationship()


class Offer(Base):
    """Something that hours can be spent on: an activity of an organisation, a duo, or an informal setting.

    The two criteria of R06 are judged before the start: Dutch is spoken, and people meet (R07).
    A `published` offer is shown to everybody; the others only to whom they concern.
    """

    __tablename__ = "offer"

    id: Mapped[Key]
    kind: Mapped[OfferKind] = choice(OfferKind, index=True)
    title: Mapped[Name]
    words: Mapped[Words] = mapped_column(default="")
    words_language: Mapped[Tag] = mapped_column(default="nl")
    network_slug: Mapped[NetworkKey]
    municipality: Mapped[Name] = mapped_column(default="")
    place: Mapped[Name] = mapped_column(default="")
    when_words: Mapped[Name] = mapped_column(default="")
    slot: Mapped[str | None] = mapped_column(String(20))
    price_words: Mapped[Name] = mapped_column(default="")
    dutch_level: Mapped[str] = mapped_column(String(4), default="none")
    interest: Mapped[str | None] = mapped_column(String(40))
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    contact_person_id: Mapped[int] = mapped_column(ForeignKey("contact_person.id"), index=True)
    duo_id: Mapped[int | None] = mapped_column(ForeignKey("duo.id"), unique=True)
    newcomer_id: Mapped[int | None] = mapped_column(ForeignKey("newcomer.id"), index=True)
    dutch_spoken: Mapped[bool | None]
    people_met: Mapped[bool | None]
    criteria_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    criteria_on: Mapped[date | None]
    insurer: Mapped[Name] = mapped_column(default="")
    published_at: Mapped[Instant | None]
    ends_on: Mapped[date | None]
    created_at: Mapped[CreatedAt]

    organisation: Mapped[Organisation | None] = relationship(lazy="joined")
    contact_person: Mapped[ContactPerson] = relationship(lazy="joined")

    @property
    def meets_criteria(self) -> bool | None:
        """Whether it meets both criteria of R06; None = not judged yet."""
        if self.dutch_spoken is None or self.people_met is None:
            return None
        return self.dutch_spoken and self.people_met
