"""Places with a buddy that one network lends to a neighbour."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db import Base
from app.models.buddies import Buddy
from app.models.columns import CreatedAt, Instant, Key, Words, choice
from app.vocabulary.loans import LoanState, RequestState

OPEN_REQUEST = "state = 'open'"


class Loan(Base):
    """One place with a buddy, lent by its network to another one until a day.

    It takes two people: a coordinator of the buddy's network offers it, one of the other network accepts it. Until
    then, and after `until`, nobody is matched on it.
    """

    __tablename__ = "loan"
    __table_args__ = (
        CheckConstraint("from_slug <> to_slug", name="two_networks"),
        CheckConstraint("answered_by_id <> offered_by_id", name="two_people"),
    )

    id: Mapped[Key]
    buddy_id: Mapped[int] = mapped_column(ForeignKey("buddy.id"), index=True)
    from_slug: Mapped[str] = mapped_column(ForeignKey("network.slug"), index=True)
    to_slug: Mapped[str] = mapped_column(ForeignKey("network.slug"), index=True)
    state: Mapped[LoanState] = choice(LoanState, default=LoanState.OFFERED)
    until: Mapped[date]
    offered_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    offered_at: Mapped[CreatedAt]
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    answered_at: Mapped[Instant | None]
    closed_at: Mapped[Instant | None]
    duo_id: Mapped[int | None] = mapped_column(ForeignKey("duo.id"), index=True)

    buddy: Mapped[Buddy] = relationship(lazy="joined")


class LoanRequest(Base):
    """A network asks a neighbour for a place with a buddy, until a day; `words` say what for.

    Answered, it has become an offer (`loan_id`) that the asking network accepts or not, as every offer.
    """

    __tablename__ = "loan_request"
    __table_args__ = (
        CheckConstraint("by_slug <> to_slug", name="two_networks"),
        CheckConstraint("answered_by_id <> asked_by_id", name="two_people"),
        Index("uq_loan_request_open", "by_slug", "to_slug", unique=True, sqlite_where=text(OPEN_REQUEST), postgresql_where=text(OPEN_REQUEST)),
    )  # fmt: skip

    id: Mapped[Key]
    by_slug: Mapped[str] = mapped_column(ForeignKey("network.slug"), index=True)
    to_slug: Mapped[str] = mapped_column(ForeignKey("network.slug"), index=True)
    state: Mapped[RequestState] = choice(RequestState, default=RequestState.OPEN)
    until: Mapped[date]
    words: Mapped[Words] = mapped_column(default="")
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    asked_at: Mapped[CreatedAt]
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    answered_at: Mapped[Instant | None]
    loan_id: Mapped[int | None] = mapped_column(ForeignKey("loan.id"), index=True)
