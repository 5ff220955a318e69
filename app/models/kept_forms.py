"""Forms that could not be taken because the sign-in had ended, kept until their writer is back."""

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base
from app.models.columns import CreatedAt, Facts, Key


class KeptForm(Base):
    """What was typed in one form, for the browser that holds the secret; deleted when it is a day old.

    `page` and `action` are addresses without their language: where the form stands, and where it is sent.
    `fields` maps each name to its list of values. `person_id` is whose sign-in had ended: nobody else gets it.
    """

    __tablename__ = "kept_form"

    id: Mapped[Key]
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    page: Mapped[str] = mapped_column(String(300))
    action: Mapped[str] = mapped_column(String(300))
    fields: Mapped[Facts]
    created_at: Mapped[CreatedAt]
