"""What people agreed to, in which words and which language."""

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db import Base
from app.models.accounts import Person
from app.models.columns import CreatedAt, Key, PersonKey, Tag


class Consent(Base):
    """An agreement to one version of a text (privacy, or the five information duties of R42), as read.

    `locale` is the language of the text on the screen. With a helper, `spoken` is the language in which both
    talked about it, and `asked_aloud` says that the helper asked and the newcomer said yes (S7).
    """

    __tablename__ = "consent"

    id: Mapped[Key]
    person_id: Mapped[PersonKey]
    text: Mapped[str] = mapped_column(String(40))
    version: Mapped[str] = mapped_column(String(20))
    locale: Mapped[Tag]
    helped_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    spoken: Mapped[Tag | None]
    asked_aloud: Mapped[bool] = mapped_column(default=False)
    given_at: Mapped[CreatedAt]

    helped_by: Mapped[Person | None] = relationship(foreign_keys=[helped_by_id])
