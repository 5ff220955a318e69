"""The participation and networking trajectory: contract versions, and what is decided on them."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db import Base
from app.models.columns import CreatedAt, Key, Words, choice
from app.models.newcomers import Newcomer
from app.vocabulary import Obligation


class ContractVersion(Base):
    """One version of the integration contract, written by the counsellor and never edited (R03, R24).

    The valid version is the one with the highest number; opting in or out and a new term are new versions.
    """

    __tablename__ = "contract_version"
    __table_args__ = (
        UniqueConstraint("newcomer_id", "number"),
        CheckConstraint("starts_on <= ends_on", name="term"),
        CheckConstraint("number > 0", name="number"),
    )

    id: Mapped[Key]
    newcomer_id: Mapped[int] = mapped_column(ForeignKey("newcomer.id"), index=True)
    number: Mapped[int]
    agency_slug: Mapped[str] = mapped_column(ForeignKey("agency.slug"))
    obligation: Mapped[Obligation] = choice(Obligation)
    contains_trajectory: Mapped[bool] = mapped_column(default=True)
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    reason: Mapped[Words] = mapped_column(default="")
    by_person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[CreatedAt]

    newcomer: Mapped[Newcomer] = relationship()


class TrajectoryReached(Base):
    """The moment at which the accepted minutes within the term first came to the target (R01); found by the system."""

    __tablename__ = "trajectory_reached"

    newcomer_id: Mapped[int] = mapped_column(ForeignKey("newcomer.id"), primary_key=True)
    obligation: Mapped[Obligation] = choice(Obligation)
    on: Mapped[date]
    minutes: Mapped[int]
