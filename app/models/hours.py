"""Hour entries, the proofs of participation they stand on, and the papers that proofs are once they are signed."""

from datetime import date, datetime, timedelta

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.clock import in_brussels
from app.db import Base
from app.models.columns import CreatedAt, Facts, Instant, Key, Name, Tag, Words, choice
from app.models.newcomers import Newcomer
from app.models.offers import ContactPerson, Offer
from app.vocabulary import EntryState, HoursRefusal, OfferKind
from app.vocabulary.records import ProofState

OPEN_PROOF = "state = 'open'"


class Proof(Base):
    """A proof of participation: one per newcomer, kind of offer and contact person (R14, R14b); frozen when signed."""

    __tablename__ = "proof"
    __table_args__ = (
        Index("uq_proof_open", "newcomer_id", "kind", "contact_person_id", unique=True, sqlite_where=text(OPEN_PROOF), postgresql_where=text(OPEN_PROOF)),
    )  # fmt: skip

    id: Mapped[Key]
    number: Mapped[str] = mapped_column(String(20), unique=True)
    newcomer_id: Mapped[int] = mapped_column(ForeignKey("newcomer.id"), index=True)
    kind: Mapped[OfferKind] = choice(OfferKind)
    contact_person_id: Mapped[int] = mapped_column(ForeignKey("contact_person.id"), index=True)
    state: Mapped[ProofState] = choice(ProofState, default=ProofState.OPEN)
    signed_at: Mapped[Instant | None]
    signed_name: Mapped[Name] = mapped_column(default="")
    judged_at: Mapped[Instant | None]
    judged_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[CreatedAt]

    contact_person: Mapped[ContactPerson] = relationship(lazy="joined")
    newcomer: Mapped[Newcomer] = relationship(lazy="joined")
    paper: Mapped["ProofPaper | None"] = relationship(
        primaryjoin="ProofPaper.proof_id == Proof.id", foreign_keys="ProofPaper.proof_id", viewonly=True, lazy="joined"
    )  # fmt: skip
    replaced_by: Mapped["ProofPaper | None"] = relationship(
        primaryjoin="ProofPaper.replaces_id == Proof.id", foreign_keys="ProofPaper.replaces_id", viewonly=True, lazy="joined",
        uselist=False,
    )  # fmt: skip

    @property
    def holds(self) -> bool:
        """Whether the signed paper is good: neither returned nor replaced by a later one."""
        good = (ProofState.SIGNED, ProofState.IN_VERIFICATION, ProofState.ACCEPTED)
        return self.state in good and self.replaced_by is None


class ProofPaper(Base):
    """What was signed: written once with the signature, and never changed (the database refuses it).

    `public_number` is what the QR code leads to: random, so that nobody comes upon another one by trying. `minutes`
    is the total of the lines in `content`, whose shape app/services/proofs.py describes. A correction after the
    signature is a new proof whose paper names the old one in `replaces_id`.
    """

    __tablename__ = "proof_paper"
    __table_args__ = (CheckConstraint("minutes > 0", name="minutes"),)

    proof_id: Mapped[int] = mapped_column(ForeignKey("proof.id"), primary_key=True)
    public_number: Mapped[str] = mapped_column(String(24), unique=True)
    minutes: Mapped[int]
    content: Mapped[Facts]
    signed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("proof.id"), unique=True)
    created_at: Mapped[CreatedAt]

    @property
    def entry_ids(self) -> list[int]:
        """The hour entries that stand on it, in the order of the paper."""
        return [line["entry"] for line in self.content["lines"]]


class HourEntry(Base):
    """Some time that a newcomer spent on an offer. Whole minutes; never edited once confirmed (R50).

    A correction after confirmation is an entry of its own: `reverses_id` names what it takes back, and its
    minutes are negative. Entries of one newcomer do not overlap (R49); the newcomer's row is locked to see to it.
    """

    __tablename__ = "hour_entry"
    __table_args__ = (
        CheckConstraint("(minutes BETWEEN 1 AND 1440 AND reverses_id IS NULL) OR (minutes BETWEEN -1440 AND -1 AND reverses_id IS NOT NULL)", name="minutes"),
        CheckConstraint("starts_at < ends_at", name="order"),
        Index("ix_hour_entry_time", "newcomer_id", "starts_at"),
    )  # fmt: skip

    id: Mapped[Key]
    newcomer_id: Mapped[int] = mapped_column(ForeignKey("newcomer.id"), index=True)
    offer_id: Mapped[int] = mapped_column(ForeignKey("offer.id"), index=True)
    contact_person_id: Mapped[int] = mapped_column(ForeignKey("contact_person.id"), index=True)
    duo_id: Mapped[int | None] = mapped_column(ForeignKey("duo.id"), index=True)
    starts_at: Mapped[Instant]
    ends_at: Mapped[Instant]
    minutes: Mapped[int]
    asked_minutes: Mapped[int | None]
    dutch_company: Mapped[bool]
    words: Mapped[Words] = mapped_column(default="")
    words_language: Mapped[Tag | None]
    state: Mapped[EntryState] = choice(EntryState, default=EntryState.DRAFT)
    entered_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    entered_at: Mapped[CreatedAt]
    submission_key: Mapped[str] = mapped_column(String(64), unique=True)
    confirmed_at: Mapped[Instant | None]
    confirmed_name: Mapped[Name] = mapped_column(default="")
    confirmed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    refusal: Mapped[HoursRefusal | None] = choice(HoursRefusal)
    contact_note: Mapped[Words] = mapped_column(default="")
    contact_note_language: Mapped[Tag | None]
    accepted_at: Mapped[Instant | None]
    accepted_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    proof_id: Mapped[int | None] = mapped_column(ForeignKey("proof.id"), index=True)
    reverses_id: Mapped[int | None] = mapped_column(ForeignKey("hour_entry.id"), unique=True)

    newcomer: Mapped[Newcomer] = relationship()
    offer: Mapped[Offer] = relationship(lazy="joined")
    contact_person: Mapped[ContactPerson] = relationship(lazy="joined")

    @property
    def day(self) -> date:
        """The day in Brussels on which it began."""
        return in_brussels(self.starts_at).date()

    @staticmethod
    def end(starts_at: datetime, minutes: int) -> datetime:
        """When it was over: minutes really passed, also in a night when the clock is changed."""
        return starts_at + timedelta(minutes=abs(minutes))
