"""All tables, so that importing this package is enough to know the whole schema."""

from app.models.accounts import Grant, Link, Person, SignIn
from app.models.attendance import AttendanceName, AttendanceSheet
from app.models.audit import AuditEntry, Transition
from app.models.buddies import Buddy, BuddyImport
from app.models.exemptions import Exemption, SeenContract
from app.models.followup import CounsellorTransfer, TrajectoryDecision, WarmHandover
from app.models.hours import HourEntry, Proof, ProofPaper
from app.models.kept_forms import KeptForm
from app.models.matches import CheckIn, Duo, Proposal, Run
from app.models.networks import (
    Agency,
    ExemptionRule,
    Network,
    Programme,
    ProgrammeVersion,
    TargetRule,
    TermRule,
)
from app.models.newcomers import Newcomer
from app.models.offers import ContactPerson, Offer, Organisation
from app.models.outbox import Message
from app.models.privacy import Consent
from app.models.recordings import Recording
from app.models.registrations import Registration
from app.models.remarks import Remark
from app.models.sums import TrajectorySum
from app.models.trajectories import ContractVersion, TrajectoryReached

__all__ = [
    "Agency",
    "AttendanceName",
    "AttendanceSheet",
    "AuditEntry",
    "Buddy",
    "BuddyImport",
    "CheckIn",
    "Consent",
    "ContactPerson",
    "ContractVersion",
    "CounsellorTransfer",
    "Duo",
    "Exemption",
    "ExemptionRule",
    "Grant",
    "HourEntry",
    "KeptForm",
    "Link",
    "Message",
    "Network",
    "Newcomer",
    "Offer",
    "Organisation",
    "Person",
    "Programme",
    "ProgrammeVersion",
    "Proof",
    "ProofPaper",
    "Proposal",
    "Recording",
    "Registration",
    "Remark",
    "Run",
    "SeenContract",
    "SignIn",
    "TargetRule",
    "TermRule",
    "TrajectoryDecision",
    "TrajectoryReached",
    "TrajectorySum",
    "Transition",
    "WarmHandover",
]  # fmt: skip
