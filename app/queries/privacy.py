"""Everything that is held about one person, for that person."""

from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select
from sqlalchemy.orm import joinedload

from app.db import session
from app.models import (
    AttendanceName,
    AuditEntry,
    Buddy,
    BuddyProgramme,
    CheckIn,
    Consent,
    ContactPerson,
    ContractVersion,
    CounsellorTransfer,
    Duo,
    Erasure,
    Exemption,
    Grant,
    HourEntry,
    Loan,
    LookBack,
    Message,
    MondayList,
    Newcomer,
    Person,
    Presence,
    Programme,
    Proof,
    ProofPaper,
    Recording,
    RecoveryCode,
    SafetyNote,
    SafetyReport,
    SavedFilter,
    SecondFactor,
    SeenContract,
    SignIn,
    SignUp,
    StaffNote,
    Talk,
    Training,
    TrajectoryDecision,
    Transition,
    WarmHandover,
    Wish,
)
from app.queries.reach import one
from app.security.viewer import Viewer
from app.vocabulary import Role
from app.vocabulary.records import Subject
from app.vocabulary.registrations import CONSENT_VERSIONS, ConsentText

SECRET = {
    "password_hash",
    "code_hash",
    "email_canonical",
    "token_hash",
    "salt",
    "last_step",
    "staff_note",
    "submission_key",
    "utility",
}


ASKS = (
    "confirm-address"  # not shown until it is answered: it would tell whether somebody else has that address
)


def held_about(viewer: Viewer) -> dict[str, list[dict[str, Any]]]:
    """Table by table, the rows that are about the viewer, without secrets and without what is about others."""
    return {name: rows for name, rows in tables_about(viewer).items() if rows}


def tables_about(viewer: Viewer) -> dict[str, list[dict[str, Any]]]:
    """The same with the tables in which nothing is; app/vocabulary/held.py says what each is called."""
    person, newcomer, buddy = _keys(viewer)
    confirmed = exists().where(Person.id == person, Person.email_confirmed_at.is_not(None))
    wanted = {
        "person": select(Person).where(Person.id == person),
        "contact person": select(ContactPerson).where(ContactPerson.person_id == person),
        "roles": select(Grant).where(Grant.person_id == person),
        "buddy": select(Buddy).where(Buddy.person_id == person),
        "newcomer": select(Newcomer).where(Newcomer.person_id == person),
        "contracts": select(ContractVersion).where(ContractVersion.newcomer_id == newcomer),
        "exemptions": select(Exemption).where(Exemption.newcomer_id == newcomer),
        "employment contracts seen": select(SeenContract)
        .join(Exemption, Exemption.id == SeenContract.exemption_id)
        .where(Exemption.newcomer_id == newcomer),
        "decisions": select(TrajectoryDecision).where(TrajectoryDecision.newcomer_id == newcomer),
        "warm handovers": select(WarmHandover).where(WarmHandover.newcomer_id == newcomer),
        "counsellors": select(CounsellorTransfer).where(CounsellorTransfer.newcomer_id == newcomer),
        "buddies to choose from": select(Wish).where(Wish.newcomer_id == newcomer),
        "looking back": select(LookBack)
        .join(Duo, Duo.id == LookBack.duo_id)
        .where(
            or_(
                and_(Duo.newcomer_id == newcomer, LookBack.side == Role.NEWCOMER.value),
                and_(Duo.buddy_id == buddy, LookBack.side == Role.BUDDY.value),
            )
        ),
        "places lent": select(Loan).where(Loan.buddy_id == buddy),
        "hours": select(HourEntry).where(HourEntry.newcomer_id == newcomer),
        "proofs": select(Proof).where(Proof.newcomer_id == newcomer),
        "calls for help": select(SafetyReport).where(SafetyReport.by_person_id == person),
        "notes on them": select(SafetyNote).where(SafetyNote.by_person_id == person),
        "talks": select(Talk).where(or_(Talk.newcomer_id == newcomer, Talk.buddy_id == buddy)),
        "trainings": select(Training).where(Training.buddy_id == buddy),
        "consents": select(Consent).where(Consent.person_id == person),
        "messages": select(Message).where(Message.person_id == person, or_(Message.kind != ASKS, confirmed)),
        "filters": select(SavedFilter).where(SavedFilter.person_id == person),
        "list on Monday": select(MondayList).where(MondayList.person_id == person),
        "erasures": select(Erasure).where(Erasure.person_id == person),
        "second key": select(SecondFactor).where(SecondFactor.person_id == person),
        "recovery codes": select(RecoveryCode).where(RecoveryCode.person_id == person),
        "sign-ins": select(SignIn).where(SignIn.person_id == person),
    }
    wanted |= _of_times(newcomer)
    held = {name: [_plain(row) for row in session().scalars(rows).unique()] for name, rows in wanted.items()}
    return held | _chosen(viewer)


def _chosen(viewer: Viewer) -> dict[str, list[dict[str, Any]]]:
    """What is about the viewer in tables that hold things about others too: of those only some columns."""
    person, newcomer, buddy = _keys(viewer)
    held: dict[str, list[dict[str, Any]]] = {}
    of_person = or_(Duo.newcomer_id == newcomer, Duo.buddy_id == buddy)
    duos = select(Duo.id, Duo.state, Duo.approved_at, Duo.starts_on, Duo.ends_on).where(of_person)
    held["duos"] = [dict(row) for row in session().execute(duos).mappings()]
    programmes = select(Programme.name, Programme.network_slug).where(
        or_(
            Programme.id.in_(select(BuddyProgramme.programme_id).where(BuddyProgramme.buddy_id == buddy)),
            Programme.id.in_(select(Newcomer.programme_id).where(Newcomer.id == newcomer)),
        )
    )
    held["programmes"] = [dict(row) for row in session().execute(programmes).mappings()]
    read_aloud = select(
        Recording.language, Recording.text, Recording.milliseconds, Recording.created_at
    ).where(Recording.by_person_id == person)
    held["recordings"] = [dict(row) for row in session().execute(read_aloud).mappings()]
    held["steps"] = _dicts(
        select(Transition.at, Transition.subject, Transition.from_state, Transition.to_state, Transition.reason)
        .where(_own(Transition, viewer)).order_by(Transition.id)
    )  # fmt: skip
    held["looks"] = _dicts(
        select(AuditEntry.at, AuditEntry.network_slug)
        .where(_own(AuditEntry, viewer), AuditEntry.action == "contact-seen").order_by(AuditEntry.id)
    )  # fmt: skip
    held["notes of staff"] = _notes_on(viewer, of_person)
    return held


def _of_times(newcomer: int | None) -> dict[str, Select[Any]]:
    own = select(SignUp).where(SignUp.newcomer_id == newcomer)
    there = (
        select(Presence).join(SignUp, SignUp.id == Presence.sign_up_id).where(SignUp.newcomer_id == newcomer)
    )
    sheets = select(AttendanceName).where(AttendanceName.newcomer_id == newcomer)
    papers = (
        select(ProofPaper).join(Proof, Proof.id == ProofPaper.proof_id).where(Proof.newcomer_id == newcomer)
    )
    return {"activities": own, "times there": there, "sheets": sheets, "papers": papers}


def _keys(viewer: Viewer) -> tuple[int, int, int]:
    """The viewer as a person, as a newcomer and as a buddy; 0, a key of nobody, where that is none.

    Compared with None a column would be asked to be empty, and a talk with a newcomer has no buddy.
    """
    return viewer.person_id or 0, viewer.newcomer_id or 0, viewer.buddy_id or 0


def _own(table: type[Transition] | type[AuditEntry], viewer: Viewer) -> ColumnElement[bool]:
    """What is about the viewer as a newcomer or as a buddy."""
    _person, newcomer, buddy = _keys(viewer)
    return or_(
        and_(table.subject == Subject.NEWCOMER.value, table.subject_id == newcomer),
        and_(table.subject == Subject.BUDDY.value, table.subject_id == buddy),
    )


def _notes_on(viewer: Viewer, of_person: ColumnElement[bool]) -> list[dict[str, Any]]:
    """What staff wrote down about the viewer, wherever it stands (GDPR art. 15)."""
    duos = select(Duo.id).where(of_person)
    wanted = (
        select(StaffNote.at, StaffNote.network_slug, StaffNote.text).where(
            StaffNote.person_id == viewer.person_id
        ),
        select(Transition.at, Transition.note.label("text")).where(
            _own(Transition, viewer), Transition.note != ""
        ),
        select(CheckIn.on, CheckIn.note.label("text")).where(CheckIn.duo_id.in_(duos), CheckIn.note != ""),
        select(Duo.approved_at, Duo.staff_note.label("text")).where(of_person, Duo.staff_note != ""),
    )
    return [row for found in wanted for row in _dicts(found)]


def _dicts(found: Select[*tuple[Any, ...]]) -> list[dict[str, Any]]:
    return [dict(row) for row in session().execute(found).mappings()]


def own_records(viewer: Viewer) -> list[Buddy | Newcomer]:
    """The viewer as a newcomer and as a buddy, as far as one is."""
    newcomers = select(Newcomer).where(Newcomer.id == viewer.newcomer_id)
    buddies = select(Buddy).where(Buddy.id == viewer.buddy_id)
    return [*session().scalars(newcomers).unique(), *session().scalars(buddies).unique()]


def outdated_texts(person_id: int | None) -> list[ConsentText]:
    """The texts to which a person agreed in an earlier version only; what nobody ever asked is not among them."""
    wanted = select(Consent.text, Consent.version).where(Consent.person_id == person_id)
    agreed = {(text, version) for text, version in session().execute(wanted)}
    known = {text for text, _version in agreed}
    return [
        text for text, version in CONSENT_VERSIONS.items() if text in known and (text, version) not in agreed
    ]


def own_agreement(viewer: Viewer, consent_id: int) -> Consent:
    """One agreement of the viewer. Raises NotFound for those of others."""
    return one(select(Consent).where(Consent.id == consent_id, Consent.person_id == viewer.person_id))


def agreed_by(person_id: int) -> list[Consent]:
    """What a person agreed to, newest first, with who helped."""
    wanted = select(Consent).where(Consent.person_id == person_id).options(joinedload(Consent.helped_by))
    return list(session().scalars(wanted.order_by(Consent.id.desc())))


def _plain(row: Any) -> dict[str, Any]:
    return {
        column.key: getattr(row, column.key)
        for column in row.__mapper__.column_attrs
        if column.key not in SECRET
    }
