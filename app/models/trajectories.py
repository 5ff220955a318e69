"""The participation and networking trajectory: contract versions, and when the hours were reached."""

from datetime import date
from typing import cast

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.engine.default import DefaultExecutionContext
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db import Base
from app.models.columns import CreatedAt, Key, Words, choice
from app.models.newcomers import Newcomer
from app.vocabulary import Obligation
from app.vocabulary.contracts import ExtensionCause, VersionKind


def _own_first_day(context: DefaultExecutionContext) -> date:
    return cast("date", context.get_current_parameters()["starts_on"])  # type: ignore[no-untyped-call]


class ContractVersion(Base):
    """One version of the integration contract, written by the counsellor and never edited (R03, R24).

    The valid version is the one with the highest number; opting in or out and a new term are new versions. The
    dated rules of the day `rules_on` hold for all of them: the first day of the first version. An extension names
    a cause outside the will of the newcomer (R25, R30).
    """

    __tablename__ = "contract_version"
    __table_args__ = (
        UniqueConstraint("newcomer_id", "number"),
        CheckConstraint("starts_on <= ends_on", name="term"),
        CheckConstraint("number > 0", name="number"),
        CheckConstraint("kind <> 'extension' OR cause IS NOT NULL", name="extension_has_cause"),
    )

    id: Mapped[Key]
    newcomer_id: Mapped[int] = mapped_column(ForeignKey("newcomer.id"), index=True)
    number: Mapped[int]
    agency_slug: Mapped[str] = mapped_column(ForeignKey("agency.slug"))
    obligation: Mapped[Obligation] = choice(Obligation)
    contains_trajectory: Mapped[bool] = mapped_column(default=True)
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    kind: Mapped[VersionKind] = choice(VersionKind, default=VersionKind.CHANGE)
    cause: Mapped[ExtensionCause | None] = choice(ExtensionCause)
    rules_on: Mapped[date] = mapped_column(default=_own_first_day)
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
