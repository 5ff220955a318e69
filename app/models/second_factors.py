"""The second factor of who works here: codes of a phone, and recovery codes for when it is lost."""

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base
from app.models.columns import CreatedAt, Instant, Key


class SecondFactor(Base):
    """The phone of a person, from the first code that was right.

    What the phone counts with is not kept: it is made of `salt` and the secret of the site. `last_step` is the time
    step of the newest code that was taken, so that no code is taken twice. An administrator who wants it taken away
    stands in `asked_by_id` until a second one agrees.
    """

    __tablename__ = "second_factor"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    salt: Mapped[str] = mapped_column(String(64))
    last_step: Mapped[int]
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    asked_at: Mapped[Instant | None]
    created_at: Mapped[CreatedAt]


class RecoveryCode(Base):
    """A code that stands in once for the phone; only its hash is kept."""

    __tablename__ = "recovery_code"

    id: Mapped[Key]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    code_hash: Mapped[str] = mapped_column(String(64), unique=True)
    used_at: Mapped[Instant | None]
