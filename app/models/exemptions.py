"""Exemptions of obliged newcomers: what the counsellor saw and decided. No copies, and no medical facts."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db import Base
from app.models.accounts import Person
from app.models.columns import CreatedAt, Key, Words, choice
from app.vocabulary.contracts import Evidence, ExemptionGround


class Exemption(Base):
    """A decision that a newcomer is exempt from one day to another, both included (R18-R23).

    `valid_to` None = until the ground ends; then the counsellor writes `ended_on`, the last day. Nothing else is
    ever changed. `half_time` = at least half-time, which work must be (R19).
    """

    __tablename__ = "exemption"
    __table_args__ = (
        CheckConstraint("valid_to IS NULL OR valid_from <= valid_to", name="validity"),
        CheckConstraint("ended_on IS NULL OR valid_from <= ended_on", name="ended"),
        CheckConstraint("ground NOT LIKE 'work%' OR half_time", name="half_time"),
    )

    id: Mapped[Key]
    newcomer_id: Mapped[int] = mapped_column(ForeignKey("newcomer.id"), index=True)
    ground: Mapped[ExemptionGround] = choice(ExemptionGround)
    half_time: Mapped[bool]
    evidence: Mapped[Evidence] = choice(Evidence)
    seen_on: Mapped[date]
    note: Mapped[Words] = mapped_column(default="")
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    decided_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    decided_on: Mapped[date]
    ended_on: Mapped[date | None]
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    created_at: Mapped[CreatedAt]

    decided_by: Mapped[Person] = relationship(foreign_keys=[decided_by_id])
    contracts: Mapped[list["SeenContract"]] = relationship(order_by="SeenContract.starts_on")

    @property
    def last_day(self) -> date:
        """The last day on which it holds, far away when no end is known."""
        return min(self.valid_to or date.max, self.ended_on or date.max)

    def holds_on(self, day: date) -> bool:
        """Whether the newcomer is exempt on that day."""
        return self.valid_from <= day <= self.last_day


class SeenContract(Base):
    """The first and last day of an employment contract that was shown (R20); None = without an end."""

    __tablename__ = "seen_contract"
    __table_args__ = (CheckConstraint("ends_on IS NULL OR starts_on <= ends_on", name="order"),)

    id: Mapped[Key]
    exemption_id: Mapped[int] = mapped_column(ForeignKey("exemption.id"), index=True)
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
