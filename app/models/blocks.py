"""Who may not be registered again."""

from datetime import date

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db import Base
from app.models.columns import CreatedAt, Instant, Key, NetworkKey, Words, choice
from app.vocabulary.blocks import BlockReason, HitOutcome


class Block(Base):
    """A person who may not be registered again in any network: no name, only keyed hashes of how to reach.

    It outlives the record of the person. It holds until it is lifted; on `review_on` a coordinator looks again.
    """

    __tablename__ = "block"
    __table_args__ = (
        Index("ix_block_email_hash", "email_hash"),
        Index("ix_block_phone_hash", "phone_hash"),
    )

    id: Mapped[Key]
    network_slug: Mapped[NetworkKey]
    email_hash: Mapped[str | None] = mapped_column(String(64))
    phone_hash: Mapped[str | None] = mapped_column(String(64))
    reason: Mapped[BlockReason] = choice(BlockReason)
    note: Mapped[Words] = mapped_column(default="")
    by_person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[CreatedAt]
    review_on: Mapped[date]
    lifted_at: Mapped[Instant | None]
    lifted_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class BlockHit(Base):
    """Somebody is reached by an address or number of the block list: a task for the coordinator, and no hint to anybody.

    Noticed at registration, when that address or number is new, and before the person comes into the pool; until it
    is decided nobody is matched with this person.
    """

    __tablename__ = "block_hit"

    id: Mapped[Key]
    block_id: Mapped[int] = mapped_column(ForeignKey("block.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), unique=True)
    network_slug: Mapped[NetworkKey]
    at: Mapped[CreatedAt]
    outcome: Mapped[HitOutcome | None] = choice(HitOutcome)
    decided_at: Mapped[Instant | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    block: Mapped[Block] = relationship(lazy="joined")
