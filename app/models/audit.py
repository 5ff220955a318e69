"""What happened, append-only: changes of state, and who decided or looked at what."""

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base
from app.models.columns import CreatedAt, Facts, Key, Words, choice
from app.vocabulary import Role
from app.vocabulary.records import Subject


class Transition(Base):
    """One change of state of a buddy, newcomer, duo, proposal, activity and the like: who, in which role, when, from, to, why."""

    __tablename__ = "transition"
    __table_args__ = (Index("ix_transition_subject", "subject", "subject_id"),)

    id: Mapped[Key]
    subject: Mapped[Subject] = choice(Subject)
    subject_id: Mapped[int]
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    actor_role: Mapped[Role | None] = choice(Role)
    at: Mapped[CreatedAt]
    from_state: Mapped[str | None] = mapped_column(String(40))
    to_state: Mapped[str] = mapped_column(String(40))
    reason: Mapped[str] = mapped_column(String(40), default="")
    note: Mapped[Words] = mapped_column(default="")


class AuditEntry(Base):
    """A decision, or a look at somebody's contact details. Facts hold codes and numbers, never personal data."""

    __tablename__ = "audit_entry"
    __table_args__ = (Index("ix_audit_entry_subject", "subject", "subject_id"),)

    id: Mapped[Key]
    at: Mapped[CreatedAt]
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    action: Mapped[str] = mapped_column(String(60), index=True)
    subject: Mapped[str] = mapped_column(String(40), default="")
    subject_id: Mapped[int | None]
    network_slug: Mapped[str | None] = mapped_column(String(40), index=True)
    facts: Mapped[Facts] = mapped_column(default=dict)
