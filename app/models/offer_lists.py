"""Lists of activities that are brought in."""

from sqlalchemy import ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db import Base
from app.models.columns import CreatedAt, Facts, Instant, Key, Name, NetworkKey, PersonKey, choice
from app.models.offers import Organisation
from app.vocabulary.offer_lists import OfferListKind, OfferListState


class OfferList(Base):
    """A list of activities from a file or an address, for an organisation that stands for those without one of their own.

    `content` is compressed: the bytes as they came while it is read, then its rows; empty when it is done. `report` holds
    what is said of rows and which sorts were found, `answers` what was chosen when it was taken over. `attempt` counts the
    workers that took it up: who finds another number gives up. `address` has no query, which may hold a key.
    """

    __tablename__ = "offer_list"
    __table_args__ = (Index("ix_offer_list_network_state", "network_slug", "state"),)

    id: Mapped[Key]
    network_slug: Mapped[NetworkKey]
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    by_person_id: Mapped[PersonKey]
    kind: Mapped[OfferListKind] = choice(OfferListKind)
    state: Mapped[OfferListState] = choice(OfferListState)
    address: Mapped[str] = mapped_column(String(1000), default="")
    content: Mapped[bytes] = mapped_column(LargeBinary, default=b"")
    report: Mapped[Facts] = mapped_column(default=dict)
    answers: Mapped[Facts] = mapped_column(default=dict)
    failure: Mapped[Name] = mapped_column(default="")
    attempt: Mapped[int] = mapped_column(default=0)
    rows_done: Mapped[int] = mapped_column(default=0)
    rows_all: Mapped[int] = mapped_column(default=0)
    added: Mapped[int] = mapped_column(default=0)
    changed: Mapped[int] = mapped_column(default=0)
    same: Mapped[int] = mapped_column(default=0)
    ended: Mapped[int] = mapped_column(default=0)
    left_out: Mapped[int] = mapped_column(default=0)
    touched_at: Mapped[Instant | None]
    done_at: Mapped[Instant | None]
    created_at: Mapped[CreatedAt]

    organisation: Mapped[Organisation] = relationship(lazy="joined")
