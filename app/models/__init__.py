"""All tables, so that importing this package is enough to know the whole schema."""

from app.models.accounts import Grant, Link, Person, SignIn
from app.models.audit import AuditEntry, Transition
from app.models.buddies import Buddy, BuddyImport
from app.models.hours import HourEntry, Proof, ProofPaper
from app.models.kept_forms import KeptForm
from app.models.matches import CheckIn, Duo, Proposal, Run
from app.models.networks import Agency, Network, Programme, ProgrammeVersion, TargetRule
from app.models.newcomers import Newcomer
from app.models.offers import ContactPerson, Offer, Organisation
from app.models.outbox import Message
from app.models.privacy import Consent
from app.models.recordings import Recording
from app.models.registrations import Registration
from app.models.remarks import Remark
from app.models.trajectories import ContractVersion, TrajectoryReached

__all__ = [
    "Agency", "AuditEntry", "Buddy", "BuddyImport", "CheckIn", "Consent", "ContactPerson", "ContractVersion", "Duo",
    "Grant", "HourEntry", "KeptForm", "Link", "Message", "Network", "Newcomer", "Offer", "Organisation", "Person", "Programme",
    "ProgrammeVersion", "Proof", "ProofPaper", "Proposal", "Recording", "Registration", "Remark", "Run", "SignIn", "TargetRule", "TrajectoryReached",
    "Transition",
]  # fmt: skip
