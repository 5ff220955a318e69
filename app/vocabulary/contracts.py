"""Contracts and exemptions: why a version was written, grounds, evidence, causes, decisions, and where it stands."""

from collections.abc import Mapping
from types import MappingProxyType

from app.i18n import lazy_pgettext
from app.vocabulary.labels import Labelled


class VersionKind(Labelled):
    """Why a version of the contract was written (DOMAIN 6b)."""

    FIRST = "first", lazy_pgettext("version of a contract", "First contract")
    CHANGE = "change", lazy_pgettext("version of a contract", "Changed")
    EXTENSION = "extension", lazy_pgettext("version of a contract", "Term extended")
    CONTINUED = "continued", lazy_pgettext("version of a contract", "Goes on with a new term")


class ExtensionCause(Labelled):
    """What lies outside the will of the newcomer and makes the term longer (R25, R30); no medical facts."""

    NO_OFFER = "no_offer", lazy_pgettext("cause of an extension", "No fitting activity was free")
    OFFER_STOPPED = "offer_stopped", lazy_pgettext("cause of an extension", "The activity stopped")
    COURSE_MOVED = "course_moved", lazy_pgettext("cause of an extension", "The Dutch course ends later")
    MOVED_HOUSE = "moved_house", lazy_pgettext("cause of an extension", "Had to move to another place")
    LIFE_EVENT = "life_event", lazy_pgettext("cause of an extension", "Something in life that nobody chose")
    OTHER = "other", lazy_pgettext("cause of an extension", "Another cause outside the own will")


class ExemptionGround(Labelled):
    """Why an obliged newcomer is exempt (R18, R19, R21); no ground is medical."""

    WORK_EMPLOYEE = "work_employee", lazy_pgettext("ground of exemption", "Works as an employee")
    WORK_SELF_EMPLOYED = "work_self_employed", lazy_pgettext("ground of exemption", "Is self-employed")
    WORK_CIVIL_SERVANT = "work_civil_servant", lazy_pgettext("ground of exemption", "Works as a civil servant")  # fmt: skip
    STUDY = "study", lazy_pgettext("ground of exemption", "Studies")
    OTHER_BY_COUNSELLOR = (
        "other_by_counsellor",
        lazy_pgettext("ground of exemption", "Another ground, decided by the counsellor"),
    )

    @property
    def is_work(self) -> bool:
        """Whether it must be at least half-time (R19)."""
        return self.value.startswith("work_")


class Evidence(Labelled):
    """What was shown to the counsellor; it is seen, never kept (R20, R21)."""

    EMPLOYMENT_CONTRACT = "employment_contract", lazy_pgettext("evidence", "Employment contract")
    PROOF_OF_ACTIVITY = "proof_of_activity", lazy_pgettext("evidence", "Proof of self-employed activity")
    APPOINTMENT = "appointment", lazy_pgettext("evidence", "Decision of appointment")
    ENROLMENT = "enrolment", lazy_pgettext("evidence", "Proof of enrolment")
    OTHER_PAPER = "other_paper", lazy_pgettext("evidence", "Another paper")


# What proves which ground (R20).
EVIDENCE_OF: Mapping[ExemptionGround, tuple[Evidence, ...]] = MappingProxyType(
    {
        ExemptionGround.WORK_EMPLOYEE: (Evidence.EMPLOYMENT_CONTRACT,),
        ExemptionGround.WORK_SELF_EMPLOYED: (Evidence.PROOF_OF_ACTIVITY,),
        ExemptionGround.WORK_CIVIL_SERVANT: (Evidence.APPOINTMENT,),
        ExemptionGround.STUDY: (Evidence.ENROLMENT, Evidence.OTHER_PAPER),
        ExemptionGround.OTHER_BY_COUNSELLOR: tuple(Evidence),
    }
)


class DecisionKind(Labelled):
    """What a counsellor decides about a trajectory, beside its contract and its hours (DOMAIN 6b)."""

    COMPLETED = "completed", lazy_pgettext("decision about a trajectory", "Completed")
    NOT_REACHED = "not_reached", lazy_pgettext("decision about a trajectory", "Not reached in the term")
    LOOKED_AT = "looked_at", lazy_pgettext("decision about a trajectory", "Looked at, goes on as it is")


class TrajectoryState(Labelled):
    """Where a trajectory stands (DOMAIN 6b); always computed from what is written down, never stored."""

    NO_TRAJECTORY = "no_trajectory", lazy_pgettext("state of a trajectory", "No contract, no target")
    NOT_INCLUDED = "not_included", lazy_pgettext("state of a trajectory", "Not in the contract")
    RUNNING = "running", lazy_pgettext("state of a trajectory", "Under way")
    EXTENDED = "extended", lazy_pgettext("state of a trajectory", "Under way, term extended")
    EXEMPT = "exempt", lazy_pgettext("state of a trajectory", "Exempt")
    TO_REVIEW = "to_review", lazy_pgettext("state of a trajectory", "To look at")
    HOURS_REACHED = "hours_reached", lazy_pgettext("state of a trajectory", "Hours reached, to be completed")
    COMPLETED = "completed", lazy_pgettext("state of a trajectory", "Completed")
    NOT_REACHED = "not_reached", lazy_pgettext("state of a trajectory", "Not reached, stays open")


class Look(Labelled):
    """Why a newcomer stands under "To look at" on the caseload."""

    GROUND_ENDED = "ground_ended", lazy_pgettext("to look at", "The ground of the exemption has ended")
    TERM_OVER = "term_over", lazy_pgettext("to look at", "The term is over, hours are missing")
    TO_COMPLETE = "to_complete", lazy_pgettext("to look at", "All hours are accepted: decide")
    BELOW_AGAIN = "below_again", lazy_pgettext("to look at", "Completed, but hours were taken back")
    HANDED_TO_YOU = "handed_to_you", lazy_pgettext("to look at", "Handed to you by a colleague")
    HANDOVER_PLANNED = "handover_planned", lazy_pgettext("to look at", "Warm handover planned")
