"""The list that a coordinator gets by mail on Monday: whether it is wanted, and for which week it went out."""

from datetime import date

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base


class MondayList(Base):
    """One row for each reader; `sent_for` is the Monday of the last week for which it was written."""

    __tablename__ = "monday_list"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    wanted: Mapped[bool] = mapped_column(default=True)
    sent_for: Mapped[date | None]
