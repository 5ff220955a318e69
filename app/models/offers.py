"""Organisations, their contact persons, and what can be joined or told hours for."""

import hashlib
from datetime import date
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, event, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.clock import now
from app.db import Base
from app.models.columns import CreatedAt, Instant, Key, Name, NetworkKey, Tag, Tags, Words, choice
from app.models.gatherings import Gathering
from app.vocabulary import OfferKind
from app.vocabulary.activities import OfferState, OrganisationKind, OrganisationState, TextMaker, TextState

UNJUDGED = "state = 'published' AND (dutch_spoken IS NULL OR people_met IS NULL)"


class Organisation(Base):
    """A club, school, service or company. It can be shown and can sign once a coordinator has verified it.

    `confirmed_at` is when the one who registered it opened the link in the mail; `refused_at` when a coordinator
    did not accept it, or took back that it was verified, for the reason in `refusal`.
    """

    __tablename__ = "organisation"
    __table_args__ = (
        CheckConstraint("verified_at IS NULL OR refused_at IS NULL", name="one_decision"),
        Index("ix_organisation_decided", "network_slug", "verified_at", "refused_at"),
    )

    id: Mapped[Key]
    name: Mapped[Name]
    kind: Mapped[OrganisationKind | None] = choice(OrganisationKind)
    network_slug: Mapped[NetworkKey]
    postcode: Mapped[str] = mapped_column(String(4), default="")
    locality: Mapped[Name] = mapped_column(default="")
    municipality: Mapped[Name] = mapped_column(default="")
    words: Mapped[Words] = mapped_column(default="")
    words_language: Mapped[Tag] = mapped_column(default="nl")
    website: Mapped[str] = mapped_column(String(300), default="")
    insurer: Mapped[Name] = mapped_column(default="")
    confirmed_at: Mapped[Instant | None]
    verified_at: Mapped[Instant | None]
    verified_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    refused_at: Mapped[Instant | None]
    refusal: Mapped[Words] = mapped_column(default="")
    created_at: Mapped[CreatedAt]

    @property
    def state(self) -> OrganisationState:
        """Where it stands; a row without any of the moments waits for its own mail to be opened."""
        if self.verified_at is not None:
            return OrganisationState.VERIFIED
        if self.refused_at is not None:
            return OrganisationState.REFUSED
        return OrganisationState.TO_VERIFY if self.confirmed_at else OrganisationState.REGISTERED


class ContactPerson(Base):
    """Who confirms hours: named by an organisation, or by a newcomer for an informal setting; needs no account.

    `person_id` is set when the contact person has an account (a buddy is the contact person of a duo);
    `left_at` when the person no longer speaks for the organisation: what was signed before stays.
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
    left_at: Mapped[Instant | None]
    created_at: Mapped[CreatedAt]

    organisation: Mapped[Organisation | None] = relationship()


class Offer(Base):
    """Something that hours can be spent on: an activity of an organisation, a duo, or an informal setting.

    The two criteria of R06 are judged before the start: Dutch is spoken, and people meet (R07).
    An activity of an organisation has a `state` and stands in gatherings (where and when); the text here is its
    source, other languages are in OfferText. It is shown to everybody while published; the rest only to whom it
    concerns. What an organisation answers to the criteria is `fluent_speakers` (people there who speak Dutch well)
    and `meeting_words`; what a counsellor judged is `dutch_spoken` and `people_met`. Prices are in cents, None =
    not told. `places` None = no end of places. `source` and `source_id` name where an imported one comes from.
    `kept_mark` is its `text_mark` at the last change, for the database to compare with those of its texts.
    """

    __tablename__ = "offer"
    __table_args__ = (
        CheckConstraint(
            "state IS NULL OR (duo_id IS NULL AND newcomer_id IS NULL)", name="state_of_activity"
        ),
        CheckConstraint(
            "state IS NULL OR state <> 'published' OR published_at IS NOT NULL", name="published"
        ),
        CheckConstraint("places_taken >= 0 AND (places IS NULL OR places_taken <= places)", name="places"),
        CheckConstraint("waiting_taken >= 0 AND waiting_taken <= waiting_places", name="waiting"),
        CheckConstraint("price_cents >= 0 AND reduced_cents >= 0", name="price"),
        CheckConstraint("fluent_speakers >= 0", name="speakers"),
        Index("ix_offer_state", "state", "network_slug"),
        Index("uq_offer_source", "source", "source_id", unique=True),
        Index("ix_offer_unjudged", "network_slug", sqlite_where=text(UNJUDGED), postgresql_where=text(UNJUDGED)),
    )  # fmt: skip

    id: Mapped[Key]
    kind: Mapped[OfferKind] = choice(OfferKind, index=True)
    title: Mapped[Name]
    words: Mapped[Words] = mapped_column(default="")
    words_language: Mapped[Tag] = mapped_column(default="nl")
    network_slug: Mapped[NetworkKey]
    state: Mapped[OfferState | None] = choice(OfferState)
    check_note: Mapped[Words] = mapped_column(default="")
    municipality: Mapped[Name] = mapped_column(default="")
    place: Mapped[Name] = mapped_column(default="")
    when_words: Mapped[Name] = mapped_column(default="")
    price_words: Mapped[Name] = mapped_column(default="")
    price_cents: Mapped[int | None]
    reduced_cents: Mapped[int | None]
    dutch_level: Mapped[str] = mapped_column(String(4), default="none")
    goals: Mapped[Tags] = mapped_column(default=list)
    interests: Mapped[Tags] = mapped_column(default=list)
    suited: Mapped[Tags] = mapped_column(default=list)
    places: Mapped[int | None]
    places_taken: Mapped[int] = mapped_column(default=0)
    waiting_places: Mapped[int] = mapped_column(default=0)
    waiting_taken: Mapped[int] = mapped_column(default=0)
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    contact_person_id: Mapped[int] = mapped_column(ForeignKey("contact_person.id"), index=True)
    duo_id: Mapped[int | None] = mapped_column(ForeignKey("duo.id"), unique=True)
    newcomer_id: Mapped[int | None] = mapped_column(ForeignKey("newcomer.id"), index=True)
    dutch_spoken: Mapped[bool | None]
    people_met: Mapped[bool | None]
    fluent_speakers: Mapped[int | None]
    meeting_words: Mapped[Words] = mapped_column(default="")
    criteria_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    criteria_on: Mapped[date | None]
    insurer: Mapped[Name] = mapped_column(default="")
    published_at: Mapped[Instant | None]
    ends_on: Mapped[date | None]
    asked_at: Mapped[Instant | None]
    link: Mapped[str] = mapped_column(String(500), default="")
    source: Mapped[str | None] = mapped_column(String(40))
    source_id: Mapped[str | None] = mapped_column(String(200))
    changed_at: Mapped[Instant] = mapped_column(default=now)
    kept_mark: Mapped[str] = mapped_column(String(64), default="")
    created_at: Mapped[CreatedAt]

    organisation: Mapped[Organisation | None] = relationship(lazy="joined")
    contact_person: Mapped[ContactPerson] = relationship(lazy="joined")
    gatherings: Mapped[list[Gathering]] = relationship(
        order_by=Gathering.position, cascade="all, delete-orphan"
    )
    texts: Mapped[list["OfferText"]] = relationship(back_populates="offer", cascade="all, delete-orphan")

    @property
    def meets_criteria(self) -> bool | None:
        """Whether it meets both criteria of R06; None = not judged yet."""
        if self.dutch_spoken is None or self.people_met is None:
            return None
        return self.dutch_spoken and self.people_met

    @property
    def text_mark(self) -> str:
        """A mark of the title and words, which differs as soon as one of them does: 64 hexadecimal digits."""
        # what a new row leaves out has its default only once it is written
        language, words = self.words_language or "nl", self.words or ""
        return hashlib.sha256(f"{language}\0{self.title}\0{words}".encode()).hexdigest()

    @property
    def free_places(self) -> int | None:
        """How many places are free; None = there is no end of them."""
        return None if self.places is None else self.places - self.places_taken

    @property
    def is_taken_over(self) -> bool:
        """Whether it was taken over from another place, where people sign up for it; from a file it is one of ours."""
        return self.source is not None and not self.source.startswith("file:")

    @property
    def can_be_joined(self) -> bool:
        """Whether somebody can still come in, on the waiting list if need be."""
        return self.free_places != 0 or self.waiting_taken < self.waiting_places


@event.listens_for(Offer, "before_insert")
@event.listens_for(Offer, "before_update")
def _keep_mark(_mapper: Any, _connection: Any, offer: Offer) -> None:
    offer.kept_mark = offer.text_mark


class OfferText(Base):
    """The title and words of an activity in one language, with the mark of the text that it was made from.

    Its state is computed: when the source has changed since, the mark differs and the text is outdated.
    """

    __tablename__ = "offer_text"
    __table_args__ = (Index("uq_offer_text_language", "offer_id", "language", unique=True),)

    id: Mapped[Key]
    offer_id: Mapped[int] = mapped_column(ForeignKey("offer.id", ondelete="CASCADE"))
    language: Mapped[Tag]
    title: Mapped[Name]
    words: Mapped[Words] = mapped_column(default="")
    made_by: Mapped[TextMaker] = choice(TextMaker)
    source_mark: Mapped[str] = mapped_column(String(64))
    checked_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    checked_at: Mapped[Instant | None]
    created_at: Mapped[CreatedAt]

    offer: Mapped[Offer] = relationship(back_populates="texts")

    @property
    def state(self) -> TextState:
        """Outdated before all else; then checked by a person, made by a machine, or fresh."""
        if self.source_mark != self.offer.text_mark:
            return TextState.OUTDATED
        if self.checked_at is not None:
            return TextState.CHECKED
        return TextState.MACHINE_MADE if self.made_by is TextMaker.MACHINE else TextState.FRESH
