"""What people agreed to, in which words and which language."""

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base
from app.models.columns import CreatedAt, Key, PersonKey, Tag


class Consent(Base):
    """An agreement to one version of a text (privacy, or the five information duties of R42), as read."""

    __tablename__ = "consent"

    id: Mapped[Key]
    person_id: Mapped[PersonKey]
    text: Mapped[str] = mapped_column(String(40))
    version: Mapped[str] = mapped_column(String(20))
    locale: Mapped[Tag]
    helped_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    given_at: Mapped[CreatedAt]
