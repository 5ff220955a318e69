"""The question to a newcomer with whom of up to three buddies the newcomer wants to meet."""

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db import Base
from app.models.columns import CreatedAt, Instant, Key, NetworkKey, choice
from app.models.newcomers import Newcomer
from app.vocabulary.following import WishState
from app.vocabulary.wishes import NoneReason

OPEN_WISH = "state = 'open'"


class Wish(Base):
    """Buddies shown to a newcomer, to choose from until `answer_before`; those are the proposals that name this row.

    A newcomer has one open question at most. The answer is a wish: a coordinator decides.
    """

    __tablename__ = "wish"
    __table_args__ = (
        Index("uq_wish_open_newcomer", "newcomer_id", unique=True, sqlite_where=text(OPEN_WISH), postgresql_where=text(OPEN_WISH)),
    )  # fmt: skip

    id: Mapped[Key]
    newcomer_id: Mapped[int] = mapped_column(ForeignKey("newcomer.id"), index=True)
    network_slug: Mapped[NetworkKey]
    state: Mapped[WishState] = choice(WishState, default=WishState.OPEN)
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    asked_at: Mapped[CreatedAt]
    answer_before: Mapped[Instant]
    answered_at: Mapped[Instant | None]
    reason: Mapped[NoneReason | None] = choice(NoneReason)

    newcomer: Mapped[Newcomer] = relationship(lazy="joined")
