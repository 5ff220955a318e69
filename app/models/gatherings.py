"""Where and when an activity is: its gatherings, the days that follow from them, and what a search goes by."""

from datetime import date

from sqlalchemy import BigInteger, CheckConstraint, Float, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base
from app.models.columns import CreatedAt, Instant, Key, Name, NetworkKey, Tags, Words, choice
from app.rhythms import Rhythm, slots_of
from app.vocabulary import OfferKind


class Gathering(Base):
    """One place of an activity with its dates or its rhythm; an activity has one or several, in order of `position`.

    `rule` is the value of an RRULE (RFC 5545), empty where there are only `dates` or nothing is fixed. It runs from
    `first_on`, begins at `start` (HH:MM on a clock in Brussels) and lasts `minutes`. `dates` come on top of the rule
    and `except_dates` go off it (ISO dates). Where nothing is fixed, `slots` say in which parts of the week it is.
    `route` is for a walk: along where, or how to get there. The point is that of the locality in the gazetteer.
    """

    __tablename__ = "gathering"
    __table_args__ = (CheckConstraint("minutes IS NULL OR minutes BETWEEN 5 AND 1440", name="minutes"),)

    id: Mapped[Key]
    offer_id: Mapped[int] = mapped_column(ForeignKey("offer.id", ondelete="CASCADE"), index=True)
    position: Mapped[int] = mapped_column(default=0)
    place: Mapped[Name] = mapped_column(default="")
    address: Mapped[Name] = mapped_column(default="")
    postcode: Mapped[str] = mapped_column(String(4), default="")
    locality: Mapped[Name] = mapped_column(default="")
    municipality: Mapped[Name] = mapped_column(default="")
    route: Mapped[Words] = mapped_column(default="")
    rule: Mapped[str] = mapped_column(String(200), default="")
    first_on: Mapped[date | None]
    start: Mapped[str] = mapped_column(String(5), default="")
    minutes: Mapped[int | None]
    dates: Mapped[Tags] = mapped_column(default=list)
    except_dates: Mapped[Tags] = mapped_column(default=list)
    skips_public_holidays: Mapped[bool] = mapped_column(default=False)
    skips_school_holidays: Mapped[bool] = mapped_column(default=False)
    slots: Mapped[Tags] = mapped_column(default=list)

    @property
    def rhythm(self) -> Rhythm:
        """Its dates and its rule as a plain value."""
        return Rhythm(
            self.rule, self.first_on, self.start, self.minutes, tuple(self.dates), tuple(self.except_dates),
            self.skips_public_holidays, self.skips_school_holidays,
        )  # fmt: skip

    @property
    def moments(self) -> list[str]:
        """The moments of the week in which it takes place, as far as they are known."""
        return slots_of(self.rhythm) or list(self.slots)


class Occurrence(Base):
    """One time that an activity takes place, for the weeks that lie ahead; a job keeps them in step.

    A day that no longer follows from its gathering is cancelled, not deleted: somebody may count on it. `told_at` is
    when that was told to who would come; `announced_at` when the contact person was told who comes, and `asked_at` when
    that one was asked who was there.
    """

    __tablename__ = "occurrence"
    __table_args__ = (
        Index("uq_occurrence_gathering", "gathering_id", "starts_at", unique=True),
        Index("ix_occurrence_offer", "offer_id", "starts_at"),
    )

    id: Mapped[Key]
    offer_id: Mapped[int] = mapped_column(ForeignKey("offer.id", ondelete="CASCADE"))
    gathering_id: Mapped[int | None] = mapped_column(ForeignKey("gathering.id", ondelete="SET NULL"))
    starts_at: Mapped[Instant] = mapped_column(index=True)
    ends_at: Mapped[Instant]
    cancelled_at: Mapped[Instant | None]
    told_at: Mapped[Instant | None]
    announced_at: Mapped[Instant | None]
    asked_at: Mapped[Instant | None]
    created_at: Mapped[CreatedAt]


class Listing(Base):
    """What a search goes by, one row for each gathering that everybody may see; made from the offer, never typed in.

    Sets of tags are bits (app/vocabulary/masks.py). `lat` and `lon` are degrees in WGS84. `next_at` is the next time
    it takes place, None where nothing is fixed. `joinable` says whether somebody can still come in. `search_key` is
    the folded title, organisation, place and municipality. Only published activities of verified organisations have rows.
    """

    __tablename__ = "listing"
    __table_args__ = (
        Index("ix_listing_network", "network_slug", "kind"),
        Index("ix_listing_point", "lat", "lon"),
        Index("ix_listing_next", "joinable", "next_at"),
    )

    id: Mapped[Key]
    offer_id: Mapped[int] = mapped_column(ForeignKey("offer.id", ondelete="CASCADE"), index=True)
    gathering_id: Mapped[int] = mapped_column(ForeignKey("gathering.id", ondelete="CASCADE"), unique=True)
    network_slug: Mapped[NetworkKey]
    municipality: Mapped[Name]
    lat: Mapped[float | None] = mapped_column(Float)
    lon: Mapped[float | None] = mapped_column(Float)
    kind: Mapped[OfferKind] = choice(OfferKind)
    level: Mapped[int]
    goal_bits: Mapped[int]
    interest_bits: Mapped[int] = mapped_column(BigInteger)
    slot_bits: Mapped[int]
    suited_bits: Mapped[int]
    price_cents: Mapped[int | None]
    joinable: Mapped[bool]
    next_at: Mapped[Instant | None]
    ends_on: Mapped[date | None]
    search_key: Mapped[Words]
