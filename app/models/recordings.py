"""Texts read aloud by staff, for readers whose device has no voice of their language."""

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db import Base
from app.models.accounts import Person
from app.models.columns import CreatedAt, Key, Tag, Words, choice
from app.vocabulary.spoken import AudioKind


class Recording(Base):
    """One text, read aloud in one language.

    `text` is what was read, word for word, and `text_digest` its name: a recording is played only where exactly this
    text is shown. `message` is the text in the code, by which staff see that its translation has changed since.
    """

    __tablename__ = "recording"
    __table_args__ = (
        UniqueConstraint("language", "text_digest"),
        CheckConstraint("length(content) BETWEEN 1 AND 200000", name="content"),
        CheckConstraint("milliseconds > 0", name="milliseconds"),
    )

    id: Mapped[Key]
    language: Mapped[Tag]
    message: Mapped[Words]
    text: Mapped[Words]
    text_digest: Mapped[str] = mapped_column(String(64))
    kind: Mapped[AudioKind] = choice(AudioKind)
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    content_digest: Mapped[str] = mapped_column(String(64), index=True)
    size: Mapped[int]
    milliseconds: Mapped[int]
    by_person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    created_at: Mapped[CreatedAt]

    by: Mapped[Person] = relationship()
