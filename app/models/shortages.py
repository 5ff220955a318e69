"""Calls for volunteers: what a network asked the public for, and how many looked."""

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base
from app.models.columns import CreatedAt, Instant, Key, NetworkKey, Tags


class VolunteerCall(Base):
    """One call, as it went public: nothing in it is about fewer than five people (R52).

    `code` stands in its public address. `wish` is `f` or `m` where many ask for a woman or a man, else empty;
    `waiting` is how many the last plan left without a buddy, None when that is too few to say. One open call for
    each plan. `visits` counts looks at its page; of the visitors nothing is kept.
    """

    __tablename__ = "volunteer_call"
    __table_args__ = (
        CheckConstraint("visits >= 0", name="visits"),
        CheckConstraint("waiting >= 5", name="waiting"),
        Index("uq_volunteer_call_open", "run_id", unique=True, sqlite_where=text("closed_at IS NULL"), postgresql_where=text("closed_at IS NULL")),
    )  # fmt: skip

    id: Mapped[Key]
    network_slug: Mapped[NetworkKey]
    run_id: Mapped[int | None] = mapped_column(ForeignKey("run.id", ondelete="SET NULL"))
    code: Mapped[str] = mapped_column(String(24), unique=True)
    languages: Mapped[Tags] = mapped_column(default=list)
    moments: Mapped[Tags] = mapped_column(default=list)
    towns: Mapped[Tags] = mapped_column(default=list)
    wish: Mapped[str] = mapped_column(String(1), default="")
    waiting: Mapped[int | None]
    visits: Mapped[int] = mapped_column(default=0)
    by_person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    created_at: Mapped[CreatedAt]
    closed_at: Mapped[Instant | None]

    @property
    def source(self) -> str:
        """What a registration that began on its page keeps as its source."""
        return f"call-{self.id}"
