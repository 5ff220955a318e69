"""All tables, so that importing this package is enough to know the whole schema."""

from app.models.accounts import AdministratorRequest, Grant, Link, Person, SignIn
from app.models.attendance import AttendanceName, AttendanceSheet
from app.models.audit import AuditEntry, Transition
from app.models.blocks import Block, BlockHit
from app.models.buddies import Buddy, BuddyImport
from app.models.erasures import ContactTombstone, Erasure, MergedPerson, RetentionRule, Tombstone
from app.models.exemptions import Exemption, SeenContract
from app.models.followup import CounsellorTransfer, TrajectoryDecision, WarmHandover
from app.models.gatherings import Gathering, Listing, Occurrence
from app.models.hours import HourEntry, Proof, ProofPaper
from app.models.intake import Talk, Training
from app.models.kept_forms import KeptForm
from app.models.loans import Loan, LoanRequest
from app.models.looks import OfferLook
from app.models.matches import CheckIn, Duo, LookBack, Proposal, Run
from app.models.mergers import Merger
from app.models.networks import (
    Agency,
    BuddyProgramme,
    ExemptionRule,
    Network,
    Programme,
    ProgrammeText,
    ProgrammeVersion,
    ScreeningRule,
    TargetRule,
    TermRule,
)
from app.models.newcomers import Newcomer
from app.models.notes import StaffNote
from app.models.offer_lists import OfferList
from app.models.offers import ContactPerson, Offer, OfferText, Organisation
from app.models.outbox import Message
from app.models.privacy import Consent
from app.models.recordings import Recording
from app.models.registrations import Registration
from app.models.remarks import Remark
from app.models.safety import SafetyNote, SafetyReport
from app.models.saved_filters import SavedFilter
from app.models.second_factors import RecoveryCode, SecondFactor
from app.models.shortages import VolunteerCall
from app.models.sign_ups import Presence, SignUp
from app.models.sums import TrajectorySum
from app.models.today import MondayList
from app.models.trajectories import ContractVersion, TrajectoryReached
from app.models.wishes import Wish

__all__ = [
    "AdministratorRequest",
    "Agency",
    "AttendanceName",
    "AttendanceSheet",
    "AuditEntry",
    "Block",
    "BlockHit",
    "Buddy",
    "BuddyImport",
    "BuddyProgramme",
    "CheckIn",
    "Consent",
    "ContactPerson",
    "ContactTombstone",
    "ContractVersion",
    "CounsellorTransfer",
    "Duo",
    "Erasure",
    "Exemption",
    "ExemptionRule",
    "Gathering",
    "Grant",
    "HourEntry",
    "KeptForm",
    "Link",
    "Listing",
    "Loan",
    "LoanRequest",
    "LookBack",
    "MergedPerson",
    "Merger",
    "Message",
    "MondayList",
    "Network",
    "Newcomer",
    "Occurrence",
    "Offer",
    "OfferList",
    "OfferLook",
    "OfferText",
    "Organisation",
    "Person",
    "Presence",
    "Programme",
    "ProgrammeText",
    "ProgrammeVersion",
    "Proof",
    "ProofPaper",
    "Proposal",
    "Recording",
    "RecoveryCode",
    "Registration",
    "Remark",
    "RetentionRule",
    "Run",
    "SafetyNote",
    "SafetyReport",
    "SavedFilter",
    "ScreeningRule",
    "SecondFactor",
    "SeenContract",
    "SignIn",
    "SignUp",
    "StaffNote",
    "Talk",
    "TargetRule",
    "TermRule",
    "Tombstone",
    "Training",
    "TrajectoryDecision",
    "TrajectoryReached",
    "TrajectorySum",
    "Transition",
    "VolunteerCall",
    "WarmHandover",
    "Wish",
]  # fmt: skip
