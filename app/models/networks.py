"""The 18 networks with their settings, the three agencies, and the programmes that networks run."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.clock import now
from app.db import Base
from app.models.columns import CreatedAt, Facts, Instant, Key, Name, NetworkKey, Tag, Tags, Words, choice
from app.vocabulary import DutchLevel
from app.vocabulary.contracts import ExemptionGround
from app.vocabulary.records import RunState

OPEN_PROGRAMME = "closed_on IS NULL"


class Network(Base):
    """A regional organisation network; its coordinators set who calls new people, within how many days, and when.

    A duo without hours or talk for `duo_silent_weeks` is silent; a coordinator talks with it every `check_in_weeks`.
    """

    __tablename__ = "network"
    __table_args__ = (
        CheckConstraint("call_within_days BETWEEN 1 AND 60", name="call_within_days"),
        CheckConstraint("duo_silent_weeks BETWEEN 1 AND 26", name="duo_silent_weeks"),
        CheckConstraint("check_in_weeks BETWEEN 1 AND 26", name="check_in_weeks"),
        CheckConstraint("buddy_ask_weeks BETWEEN 2 AND 52", name="buddy_ask_weeks"),
    )

    slug: Mapped[str] = mapped_column(String(40), primary_key=True)
    name: Mapped[Name]
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id"))
    caller_name: Mapped[Name] = mapped_column(default="")
    deputy_name: Mapped[Name] = mapped_column(default="")
    call_within_days: Mapped[int] = mapped_column(default=7)
    duo_silent_weeks: Mapped[int] = mapped_column(default=4)
    check_in_weeks: Mapped[int] = mapped_column(default=8)
    call_when: Mapped[str] = mapped_column(String(200), default="")
    call_when_language: Mapped[Tag] = mapped_column(default="nl")
    help_phone: Mapped[str | None] = mapped_column(String(20))
    insurer: Mapped[Name] = mapped_column(default="")
    newcomer_insurer: Mapped[Name] = mapped_column(default="")
    buddy_ask_weeks: Mapped[int] = mapped_column(
        default=8
    )  # after which a ready buddy is asked: still available?


class ScreeningRule(Base):
    """A dated setting of a network: who is screened from that day on is screened for so many months."""

    __tablename__ = "screening_rule"
    __table_args__ = (
        UniqueConstraint("network_slug", "since"),
        CheckConstraint("months BETWEEN 3 AND 60", name="months"),
    )

    id: Mapped[Key]
    network_slug: Mapped[NetworkKey]
    since: Mapped[date]
    months: Mapped[int]
    by_person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))


class Agency(Base):
    """AgII, Atlas or Amal: where trajectory counsellors work."""

    __tablename__ = "agency"

    slug: Mapped[str] = mapped_column(String(20), primary_key=True)
    name: Mapped[Name]


class Programme(Base):
    """A way of bringing people together: its weights, whose version each run stores, and how a duo meets in it.

    `network_slug` None = the one that all networks share and begin with. A duo has an agreement of `months` and meets
    every `weeks_between` weeks (R39). `least_dutch` is a wish about who is placed in it, never a refusal (R10). Who
    registers in one of `municipalities` is placed in it. A refused pair is not suggested again for `refused_months`.
    """

    __tablename__ = "programme"
    __table_args__ = (
        CheckConstraint("months BETWEEN 6 AND 12", name="months"),
        CheckConstraint("weeks_between BETWEEN 1 AND 2", name="weeks_between"),
        CheckConstraint("refused_months BETWEEN 0 AND 24", name="refused_months"),
        Index("uq_programme_open_name", "network_slug", "name", unique=True, sqlite_where=text(OPEN_PROGRAMME), postgresql_where=text(OPEN_PROGRAMME)),
    )  # fmt: skip

    id: Mapped[Key]
    network_slug: Mapped[str | None] = mapped_column(ForeignKey("network.slug", use_alter=True), index=True)
    name: Mapped[Name]
    months: Mapped[int] = mapped_column(default=6)
    weeks_between: Mapped[int] = mapped_column(default=2)
    least_dutch: Mapped[DutchLevel] = choice(DutchLevel, default=DutchLevel.NONE)
    municipalities: Mapped[Tags] = mapped_column(default=list)
    weights_version: Mapped[str] = mapped_column(String(40))
    weights: Mapped[Facts]
    refused_months: Mapped[int] = mapped_column(default=6)
    created_at: Mapped[CreatedAt]
    closed_on: Mapped[date | None]


class ProgrammeText(Base):
    """What a programme tells people in one language: one line, and if wished a few sentences."""

    __tablename__ = "programme_text"

    programme_id: Mapped[int] = mapped_column(
        ForeignKey("programme.id", ondelete="CASCADE"), primary_key=True
    )
    language: Mapped[Tag] = mapped_column(primary_key=True)
    line: Mapped[Name]
    words: Mapped[Words] = mapped_column(default="")


class BuddyProgramme(Base):
    """A buddy takes part in this programme; who has no row for the network takes part in all of its programmes."""

    __tablename__ = "buddy_programme"

    buddy_id: Mapped[int] = mapped_column(ForeignKey("buddy.id", ondelete="CASCADE"), primary_key=True)
    programme_id: Mapped[int] = mapped_column(
        ForeignKey("programme.id", ondelete="CASCADE"), primary_key=True, index=True
    )


class ProgrammeVersion(Base):
    """A version of a programme's setting: proposed with its evidence, compared, and adopted from `since` on, or not.

    `evidence` and `comparison` are what the matcher wrote, counts only; empty where there is none. `state` is that of
    the comparison, which solved `compared` of `to_compare` plans and last gave a sign of life at `touched_at`.
    """

    __tablename__ = "programme_version"
    __table_args__ = (UniqueConstraint("programme_id", "version"),)

    id: Mapped[Key]
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id"))
    version: Mapped[str] = mapped_column(String(40))
    weights: Mapped[Facts]
    evidence: Mapped[Facts] = mapped_column(default=dict)
    created_at: Mapped[CreatedAt]
    by_person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    state: Mapped[RunState] = choice(RunState, default=RunState.QUEUED)
    attempt: Mapped[int] = mapped_column(default=0)
    compared: Mapped[int] = mapped_column(default=0)
    to_compare: Mapped[int] = mapped_column(default=0)
    touched_at: Mapped[Instant] = mapped_column(default=now)
    comparison: Mapped[Facts] = mapped_column(default=dict)
    since: Mapped[date | None]
    adopted_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class TargetRule(Base):
    """A dated rule of law: from that day on a trajectory needs this many minutes (R01: 40 hours)."""

    __tablename__ = "target_rule"
    __table_args__ = (CheckConstraint("minutes > 0", name="minutes"),)

    id: Mapped[Key]
    since: Mapped[date] = mapped_column(unique=True)
    minutes: Mapped[int]
    source: Mapped[str] = mapped_column(String(300))


class ExemptionRule(Base):
    """A dated rule of law about one ground of exemption: whether it counts, and for how many months at least (R20)."""

    __tablename__ = "exemption_rule"
    __table_args__ = (
        UniqueConstraint("ground", "since"),
        CheckConstraint("least_months BETWEEN 0 AND 120", name="least_months"),
    )

    id: Mapped[Key]
    ground: Mapped[ExemptionGround] = choice(ExemptionGround)
    since: Mapped[date]
    counts: Mapped[bool]
    least_months: Mapped[int] = mapped_column(default=0)
    source: Mapped[str] = mapped_column(String(300))


class TermRule(Base):
    """A dated rule about the term of a contract: the most months that one version may run (R05)."""

    __tablename__ = "term_rule"
    __table_args__ = (CheckConstraint("longest_months BETWEEN 1 AND 240", name="longest_months"),)

    id: Mapped[Key]
    since: Mapped[date] = mapped_column(unique=True)
    longest_months: Mapped[int]
    source: Mapped[str] = mapped_column(String(300))
