"""What readers say about a sentence that is not right."""

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base
from app.models.columns import CreatedAt, Instant, Key, Name, Tag, Words, choice
from app.vocabulary.remarks import RemarkState


class Remark(Base):
    """A sentence of the site in one language that a reader finds wrong, and what became of the remark.

    `page` is an address on this site without secrets; `contact` is what the reader chose to tell, and is
    emptied when the remark is settled.
    """

    __tablename__ = "remark"
    __table_args__ = (Index("ix_remark_open", "state", "locale"),)

    id: Mapped[Key]
    locale: Mapped[Tag]
    page: Mapped[str] = mapped_column(String(300), default="")
    sentence: Mapped[Words]
    better: Mapped[Words] = mapped_column(default="")
    contact: Mapped[Name] = mapped_column(default="")
    state: Mapped[RemarkState] = choice(RemarkState, default=RemarkState.NEW)
    reason: Mapped[Words] = mapped_column(default="")
    created_at: Mapped[CreatedAt]
    settled_at: Mapped[Instant | None]
    settled_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
