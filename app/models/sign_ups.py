"""Newcomers who come to activities, or wait for a place, and whether they were there."""

from datetime import date

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db import Base
from app.models.columns import CreatedAt, Instant, Key, choice
from app.models.gatherings import Gathering, Occurrence
from app.models.newcomers import Newcomer
from app.models.offers import Offer
from app.vocabulary.sign_ups import PresenceState, SignUpState

LIVE = "state <> 'stopped'"


class SignUp(Base):
    """That a newcomer comes to an activity, each time until further notice, or waits for a place in it.

    It is for one `gathering`, or for all of them where that is None. `entered_by_id` is who did it: the newcomer, or
    somebody for or with the newcomer. `joined_at` is when the place was taken, `stopped_at` when it was given back;
    `reminded_on` is the last day about which was written, and `told` whether the newcomer was told of the place. One newcomer has one sign-up that is not stopped.
    """

    __tablename__ = "sign_up"
    __table_args__ = (
        Index("uq_sign_up_live", "offer_id", "newcomer_id", unique=True, sqlite_where=text(LIVE), postgresql_where=text(LIVE)),
        Index("ix_sign_up_queue", "offer_id", "state", "id"),
    )  # fmt: skip

    id: Mapped[Key]
    offer_id: Mapped[int] = mapped_column(ForeignKey("offer.id"))
    gathering_id: Mapped[int | None] = mapped_column(
        ForeignKey("gathering.id", ondelete="SET NULL"), index=True
    )
    newcomer_id: Mapped[int] = mapped_column(ForeignKey("newcomer.id"), index=True)
    state: Mapped[SignUpState] = choice(SignUpState)
    entered_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    joined_at: Mapped[Instant | None]
    stopped_at: Mapped[Instant | None]
    reminded_on: Mapped[date | None]
    told: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[CreatedAt]

    offer: Mapped[Offer] = relationship(lazy="joined")
    gathering: Mapped[Gathering | None] = relationship()
    newcomer: Mapped[Newcomer] = relationship()


class Presence(Base):
    """What is known of one sign-up at one time of the activity; `entry_id` are the hours of who came."""

    __tablename__ = "presence"
    __table_args__ = (UniqueConstraint("sign_up_id", "occurrence_id"),)

    id: Mapped[Key]
    sign_up_id: Mapped[int] = mapped_column(ForeignKey("sign_up.id"))
    occurrence_id: Mapped[int] = mapped_column(ForeignKey("occurrence.id"), index=True)
    state: Mapped[PresenceState] = choice(PresenceState)
    entry_id: Mapped[int | None] = mapped_column(ForeignKey("hour_entry.id"), unique=True)
    created_at: Mapped[CreatedAt]

    sign_up: Mapped[SignUp] = relationship()
    occurrence: Mapped[Occurrence] = relationship()
