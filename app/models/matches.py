"""Runs of the matcher as they were, the proposals they made, and the duos that came of them."""

from datetime import date

from sqlalchemy import JSON, BigInteger, CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.clock import now
from app.db import Base
from app.models.buddies import Buddy
from app.models.columns import CreatedAt, Facts, Instant, Key, Name, NetworkKey, Words, choice
from app.models.newcomers import Newcomer
from app.vocabulary import DuoState, EndReason, ProposalRefusal, ProposalState
from app.vocabulary.endings import Went
from app.vocabulary.records import Answer, RunState

LIVE_DUO = "state IN ('asked', 'meeting', 'active', 'paused', 'frozen')"
RUN_UNDER_WAY = "state IN ('queued', 'running')"


class Run(Base):
    """One run of the matcher for one programme of a network, frozen: weights, counts, idf, objective and the proof of it.

    One at a time per network. `report` is what the matcher wrote; scores are integer millionths. `attempt` counts
    who took it up (a run whose worker died is taken up again), `touched_at` is its last sign of life. A plan that was
    taken back as a whole stands as stopped, with `undone_at`; `replaced` = keys of the proposals that it put aside.
    """

    __tablename__ = "run"
    __table_args__ = (
        Index("uq_run_under_way", "network_slug", unique=True, sqlite_where=text(RUN_UNDER_WAY), postgresql_where=text(RUN_UNDER_WAY)),
    )  # fmt: skip

    id: Mapped[Key]
    network_slug: Mapped[NetworkKey]
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id"), index=True)
    state: Mapped[RunState] = choice(RunState, default=RunState.QUEUED)
    by_person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[CreatedAt]
    finished_at: Mapped[Instant | None]
    as_of: Mapped[date]
    weights_version: Mapped[str] = mapped_column(String(40))
    weights: Mapped[Facts]
    newcomers: Mapped[int] = mapped_column(default=0)
    places: Mapped[int] = mapped_column(default=0)
    matched: Mapped[int] = mapped_column(default=0)
    objective: Mapped[int] = mapped_column(BigInteger, default=0)
    bound: Mapped[int] = mapped_column(BigInteger, default=0)
    proved: Mapped[bool] = mapped_column(default=False)
    stage: Mapped[str] = mapped_column(String(40), default="")
    attempt: Mapped[int] = mapped_column(default=0)
    touched_at: Mapped[Instant] = mapped_column(default=now)
    idf: Mapped[Facts] = mapped_column(default=dict)
    prices: Mapped[Facts] = mapped_column(default=dict)
    report: Mapped[Facts] = mapped_column(default=dict)
    failure: Mapped[str] = mapped_column(String(200), default="")
    undone_at: Mapped[Instant | None]
    replaced: Mapped[list[int]] = mapped_column(JSON, default=list)

    proposals: Mapped[list["Proposal"]] = relationship(back_populates="run")


class Proposal(Base):
    """A pair that a run suggests, with its score, parts and facts as they were then.

    `utility` betrays contract facts and is seen by nobody but the run; staff see the score and `priority`. `wish_id`
    names the last question in which it was shown to the newcomer; `beside` = not of the plan, shown as another choice.
    Approved, both people are kept for each other; they are told at `tell_at`, once that is set, and were at `told_at`.
    """

    __tablename__ = "proposal"
    __table_args__ = (
        UniqueConstraint("run_id", "newcomer_id", "buddy_id"),
        CheckConstraint("score BETWEEN 0 AND 1000000", name="score"),
    )

    id: Mapped[Key]
    run_id: Mapped[int] = mapped_column(ForeignKey("run.id", ondelete="CASCADE"), index=True)
    newcomer_id: Mapped[int] = mapped_column(ForeignKey("newcomer.id"), index=True)
    buddy_id: Mapped[int] = mapped_column(ForeignKey("buddy.id"), index=True)
    state: Mapped[ProposalState] = choice(ProposalState, default=ProposalState.SUGGESTED)
    score: Mapped[int]
    utility: Mapped[int]
    priority: Mapped[bool] = mapped_column(default=False)
    explanation: Mapped[Facts]
    offered_at: Mapped[Instant | None]
    wish_rank: Mapped[int | None]
    wish_id: Mapped[int | None] = mapped_column(ForeignKey("wish.id"), index=True)
    beside: Mapped[bool] = mapped_column(default=False)
    refusal: Mapped[ProposalRefusal | None] = choice(ProposalRefusal)
    note: Mapped[Words] = mapped_column(default="")
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[Instant | None]
    tell_at: Mapped[Instant | None] = mapped_column(index=True)
    told_at: Mapped[Instant | None]

    run: Mapped[Run] = relationship(back_populates="proposals")
    newcomer: Mapped[Newcomer] = relationship(lazy="joined")
    buddy: Mapped[Buddy] = relationship(lazy="joined")


class Duo(Base):
    """A newcomer and a buddy whom a coordinator approved. The order of its states is in app/services/duos.py.

    While it lives it holds one place of the buddy; a newcomer has one living duo at most. `goes_on` = the two still see
    each other after the end (None = not told); `may_again` = somebody asked that this pair can be proposed once more.
    """

    __tablename__ = "duo"
    __table_args__ = (
        Index("uq_duo_live_newcomer", "newcomer_id", unique=True, sqlite_where=text(LIVE_DUO), postgresql_where=text(LIVE_DUO)),
    )  # fmt: skip

    id: Mapped[Key]
    newcomer_id: Mapped[int] = mapped_column(ForeignKey("newcomer.id"), index=True)
    buddy_id: Mapped[int] = mapped_column(ForeignKey("buddy.id"), index=True)
    proposal_id: Mapped[int | None] = mapped_column(ForeignKey("proposal.id"), unique=True)
    network_slug: Mapped[NetworkKey]
    state: Mapped[DuoState] = choice(DuoState, default=DuoState.ASKED)
    approved_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    approved_at: Mapped[CreatedAt]
    answer_before: Mapped[Instant]
    newcomer_wants: Mapped[Answer | None] = choice(Answer, check="newcomer_wants")
    buddy_wants: Mapped[Answer | None] = choice(Answer, check="buddy_wants")
    contact_shared_at: Mapped[Instant | None]
    first_meeting_at: Mapped[Instant | None]
    first_meeting_where: Mapped[Name] = mapped_column(default="")
    newcomer_after: Mapped[Answer | None] = choice(Answer, check="newcomer_after")
    buddy_after: Mapped[Answer | None] = choice(Answer, check="buddy_after")
    insurer: Mapped[Name] = mapped_column(default="")
    newcomer_insurer: Mapped[Name] = mapped_column(default="")
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    weeks_between: Mapped[int] = mapped_column(default=2)
    ended_at: Mapped[Instant | None]
    end_reason: Mapped[EndReason | None] = choice(EndReason)
    goes_on: Mapped[bool | None]
    may_again: Mapped[bool] = mapped_column(default=False)
    staff_note: Mapped[Words] = mapped_column(default="")

    newcomer: Mapped[Newcomer] = relationship(lazy="joined")
    buddy: Mapped[Buddy] = relationship(lazy="joined")
    proposal: Mapped[Proposal | None] = relationship()


class CheckIn(Base):
    """A talk of the coordinator with a duo while it is under way (at least two, DOMAIN 6c)."""

    __tablename__ = "check_in"

    id: Mapped[Key]
    duo_id: Mapped[int] = mapped_column(ForeignKey("duo.id"), index=True)
    on: Mapped[date]
    by_person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    mood: Mapped[str] = mapped_column(String(20), default="")
    note: Mapped[Words] = mapped_column(default="")


class LookBack(Base):
    """What one of the two says after the end of a duo, in private; `side` is the role."""

    __tablename__ = "look_back"
    __table_args__ = (UniqueConstraint("duo_id", "side"),)

    id: Mapped[Key]
    duo_id: Mapped[int] = mapped_column(ForeignKey("duo.id"))
    side: Mapped[str] = mapped_column(String(20))
    went: Mapped[Went] = choice(Went)
    words: Mapped[Words] = mapped_column(default="")
    at: Mapped[CreatedAt]
