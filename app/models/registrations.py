"""Registrations under way: kept step by step, so that nothing typed is lost."""

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from app.clock import now
from app.db import Base
from app.models.columns import CreatedAt, Facts, Instant, Key, Tag, choice
from app.vocabulary import Role


class Registration(Base):
    """A form of several steps that somebody is filling in; deleted when it is 30 days old.

    `answers` maps each finished step to its clean values, as the step's form gives them. What was handed
    in waits with its answers for the worker, who makes the person and empties them (app/services/arrivals.py); what
    remains lets the same form, sent twice, make one person and show the same page. `source` says through what it began.
    """

    __tablename__ = "registration"

    id: Mapped[Key]
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    role: Mapped[Role] = choice(Role)
    locale: Mapped[Tag]
    answers: Mapped[Facts] = mapped_column(default=dict)
    source: Mapped[str] = mapped_column(String(40), default="site")
    helped_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    network_slug: Mapped[str | None] = mapped_column(ForeignKey("network.slug"))
    finished_at: Mapped[Instant | None]
    created_at: Mapped[CreatedAt]
    touched_at: Mapped[Instant] = mapped_column(default=now)
