"""Newcomers: what they like, when they are free, and since when they wait."""

from datetime import date

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db import Base
from app.models.accounts import Person
from app.models.columns import CreatedAt, Instant, Key, Liking, Placed, Tags, choice
from app.vocabulary import DutchLevel, NewcomerState


class Newcomer(Placed, Liking, Base):
    """A newcomer. `waiting_since` is kept when a duo ends early: who leaves a duo keeps the waiting place.

    `programme_id` None = the first programme of the network. `records_emptied_at`: the time of the law was over then,
    and hours and proofs lost their words, names and papers; days and minutes stay.
    """

    __tablename__ = "newcomer"
    __table_args__ = (
        Index("ix_newcomer_pool", "network_slug", "state"),
        Index("ix_newcomer_recent", "network_slug", "registered_at"),
        Index("ix_newcomer_place", "network_slug", "municipality"),
    )

    id: Mapped[Key]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), unique=True)
    state: Mapped[NewcomerState] = choice(NewcomerState, default=NewcomerState.REGISTERED)
    dutch_level: Mapped[DutchLevel] = choice(DutchLevel, default=DutchLevel.NONE)
    goals: Mapped[Tags] = mapped_column(default=list)
    waiting_since: Mapped[date]
    talk_at: Mapped[Instant | None]
    counsellor_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    helped_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    programme_id: Mapped[int | None] = mapped_column(ForeignKey("programme.id"), index=True)
    heard_through: Mapped[str] = mapped_column(String(40), default="")
    registered_at: Mapped[CreatedAt]
    records_emptied_at: Mapped[Instant | None]

    person: Mapped[Person] = relationship(lazy="joined", foreign_keys=[person_id])
    counsellor: Mapped[Person | None] = relationship(foreign_keys=[counsellor_id])
