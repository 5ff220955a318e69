"""Attendance sheets of paper: one meeting each, with a code by which staff find it again when it is signed."""

from datetime import date

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db import Base
from app.models.columns import CreatedAt, Instant, Key, Name
from app.models.hours import HourEntry
from app.models.newcomers import Newcomer
from app.models.offers import Offer


class AttendanceSheet(Base):
    """One meeting of an activity. `signed_name` and `signed_on` are what stands on the paper under the lines.

    The code is printed on the sheet, so it is no secret: entering hours needs the permission beside it.
    """

    __tablename__ = "attendance_sheet"

    id: Mapped[Key]
    code: Mapped[str] = mapped_column(String(20), unique=True)
    offer_id: Mapped[int] = mapped_column(ForeignKey("offer.id"), index=True)
    day: Mapped[date]
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    signed_name: Mapped[Name] = mapped_column(default="")
    signed_on: Mapped[date | None]
    entered_at: Mapped[Instant | None]
    entered_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[CreatedAt]

    offer: Mapped[Offer] = relationship(lazy="joined")
    names: Mapped[list["AttendanceName"]] = relationship(order_by="AttendanceName.id")


class AttendanceName(Base):
    """A newcomer whose name stands on a sheet, and the hours that were entered from it."""

    __tablename__ = "attendance_name"

    id: Mapped[Key]
    sheet_id: Mapped[int] = mapped_column(ForeignKey("attendance_sheet.id"), index=True)
    newcomer_id: Mapped[int] = mapped_column(ForeignKey("newcomer.id"), index=True)
    entry_id: Mapped[int | None] = mapped_column(ForeignKey("hour_entry.id"), unique=True)

    newcomer: Mapped[Newcomer] = relationship(lazy="joined")
    entry: Mapped[HourEntry | None] = relationship()
