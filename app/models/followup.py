"""What a counsellor decides on the way: completed or not reached, passed to a colleague, announced to an offer."""

from datetime import date

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db import Base
from app.models.accounts import Person
from app.models.columns import CreatedAt, Instant, Key, Name, Words, choice
from app.vocabulary.contracts import DecisionKind


class TrajectoryDecision(Base):
    """A decision about the trajectory, taken on one version of the contract; only ever added to.

    The latest of the valid version counts, so that a new version opens the question again (R27).
    """

    __tablename__ = "trajectory_decision"

    id: Mapped[Key]
    newcomer_id: Mapped[int] = mapped_column(ForeignKey("newcomer.id"), index=True)
    version_number: Mapped[int]
    kind: Mapped[DecisionKind] = choice(DecisionKind)
    words: Mapped[Words] = mapped_column(default="")
    by_person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    on: Mapped[date]
    created_at: Mapped[CreatedAt]

    by: Mapped[Person] = relationship()


class CounsellorTransfer(Base):
    """A newcomer passed from one counsellor to a colleague of the same agency; `seen_at` = the colleague saw it."""

    __tablename__ = "counsellor_transfer"

    id: Mapped[Key]
    newcomer_id: Mapped[int] = mapped_column(ForeignKey("newcomer.id"), index=True)
    from_person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    to_person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    agency_slug: Mapped[str] = mapped_column(ForeignKey("agency.slug"))
    note: Mapped[Words]
    created_at: Mapped[CreatedAt]
    seen_at: Mapped[Instant | None]

    from_person: Mapped[Person] = relationship(foreign_keys=[from_person_id])
    to_person: Mapped[Person] = relationship(foreign_keys=[to_person_id])


class WarmHandover(Base):
    """The counsellor announces a newcomer, who agreed to it, to an organisation or contact person (R34)."""

    __tablename__ = "warm_handover"

    id: Mapped[Key]
    newcomer_id: Mapped[int] = mapped_column(ForeignKey("newcomer.id"), index=True)
    to_whom: Mapped[Name]
    agreed_on: Mapped[date]
    planned_on: Mapped[date]
    note: Mapped[Words] = mapped_column(default="")
    by_person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    done_on: Mapped[date | None]
    created_at: Mapped[CreatedAt]
