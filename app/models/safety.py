"""When somebody of a duo asks for help: kept apart from all that is ordinary, for few eyes."""

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db import Base
from app.models.columns import CreatedAt, Instant, Key, NetworkKey, PersonKey, Tag, Words, choice
from app.models.matches import Duo
from app.vocabulary import DuoState, Role
from app.vocabulary.safety import SafetyKind
from app.vocabulary.screening import SafetyOutcome

OPEN = "decided_at IS NULL"


class SafetyReport(Base):
    """That something is not right in a duo, said by one of the two or by the coordinator for one of them.

    `duo_was` is the state that the duo had when contact was stopped; None when it was over already. One person has
    one open report about a duo; what is said later is a note of it.
    """

    __tablename__ = "safety_report"
    __table_args__ = (
        Index("uq_safety_report_open", "duo_id", "by_person_id", unique=True, sqlite_where=text(OPEN), postgresql_where=text(OPEN)),
        Index("ix_safety_report_network", "network_slug", "decided_at"),
    )  # fmt: skip

    id: Mapped[Key]
    duo_id: Mapped[int] = mapped_column(ForeignKey("duo.id"), index=True)
    network_slug: Mapped[NetworkKey]
    by_person_id: Mapped[PersonKey]
    by_role: Mapped[Role] = choice(Role)
    kind: Mapped[SafetyKind | None] = choice(SafetyKind)
    words: Mapped[Words] = mapped_column(default="")
    words_language: Mapped[Tag | None]
    duo_was: Mapped[DuoState | None] = choice(DuoState)
    created_at: Mapped[CreatedAt]
    outcome: Mapped[SafetyOutcome | None] = choice(SafetyOutcome)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[Instant | None]

    duo: Mapped[Duo] = relationship(lazy="joined")
    notes: Mapped[list["SafetyNote"]] = relationship(order_by="SafetyNote.id")


class SafetyNote(Base):
    """What was added to a report: by who made it, or by who handles it."""

    __tablename__ = "safety_note"

    id: Mapped[Key]
    report_id: Mapped[int] = mapped_column(ForeignKey("safety_report.id"), index=True)
    by_person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[CreatedAt]
    words: Mapped[Words]
