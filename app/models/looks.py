"""How often an activity was shown and opened: counted by the day, and nothing is kept of who looked."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base


class OfferLook(Base):
    """One day of one activity: how often a search showed it, and how often its own page was opened.

    The day is that of Brussels. A day on which nobody saw the activity has no row. Each night the days before
    yesterday are added to the Monday of their week.
    """

    __tablename__ = "offer_look"
    __table_args__ = (
        CheckConstraint("shown >= 0 AND opened >= 0", name="counts"),
        Index("ix_offer_look_day", "day"),
    )

    offer_id: Mapped[int] = mapped_column(ForeignKey("offer.id", ondelete="CASCADE"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    shown: Mapped[int] = mapped_column(default=0)
    opened: Mapped[int] = mapped_column(default=0)
