"""Registrations under way: kept step by step, so that nothing typed is lost."""

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from app.clock import now
from app.db import Base
from app.models.columns import CreatedAt, Facts, Instant, Key, Tag, choice
from app.vocabulary import Role


class Registration(Base):
    """A form of several steps that somebody is filling in; deleted when it is finished or 30 days old.

    `answers` maps each finished step to its clean values, as the step's form gives them.
    """

    __tablename__ = "registration"

    id: Mapped[Key]
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    role: Mapped[Role] = choice(Role)
    locale: Mapped[Tag]
    answers: Mapped[Facts] = mapped_column(default=dict)
    created_at: Mapped[CreatedAt]
    touched_at: Mapped[Instant] = mapped_column(default=now)
