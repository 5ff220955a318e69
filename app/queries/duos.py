"""The pages of duos: the own one of a newcomer or buddy, and those that staff follow."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload

from app.clock import in_brussels, now, today
from app.db import session
from app.errors import NotFound
from app.models import Buddy, CheckIn, Duo, HourEntry, LookBack, Network, Newcomer, Person, Transition
from app.queries.buddies import CONTACT_SHARED
from app.queries.continuations import Ending, ending_of, look_backs, own_look_back
from app.queries.matches import duos_for
from app.queries.reach import one, rows
from app.security.permissions import Permission
from app.security.viewer import Viewer
from app.vocabulary import DuoState, Role
from app.vocabulary.endings import Went
from app.vocabulary.records import Answer, Subject

LIVE = (DuoState.ASKED, DuoState.MEETING, DuoState.ACTIVE, DuoState.PAUSED, DuoState.FROZEN)
TALKS = 2  # at least two in the period (DOMAIN 6c)
SILENT_AFTER_DAYS = 28  # twice the two weeks of R39
Reasons = list[tuple[str, dict[str, Any]]]


def reasons_of(duo: Duo) -> Reasons:
    """Why these two: criteria with their facts as the run saw them, else from what both tell now."""
    if duo.proposal and "criteria" in duo.proposal.explanation:
        return [(row["code"], row["facts"]) for row in duo.proposal.explanation["criteria"]]
    one_, other = duo.newcomer, duo.buddy
    return [
        ("interests", {"common": [tag for tag in one_.interests if tag in other.interests]}),
        ("availability", {"common": [slot for slot in one_.availability if slot in other.availability]}),
        ("languages", {"common": [tag for tag in one_.languages if tag in other.languages]}),
    ]


@dataclass(frozen=True)
class Contact:
    """How to reach somebody; made only when contact is shared."""

    name: str
    phone: str | None
    email: str | None


@dataclass(frozen=True)
class MyDuo:
    """What one of the two may see: of the other a first name, a municipality and what they share.

    `contact` is filled from the first meeting on, as long as the duo lives and nobody stopped contact. The other's
    answer is in nothing, until both want to go on (`agreed`). `knows_other` stays true after the end: then too something can be told to the coordinator.
    """

    id: int
    state: DuoState
    role: Role
    other: str
    municipality: str
    reasons: Reasons
    answer_before: datetime
    wants: Answer | None
    after: Answer | None
    contact: Contact | None
    meeting_at: datetime | None
    meeting_where: str
    starts_on: date | None
    ends_on: date | None
    weeks_between: int
    insurer: str
    newcomer_insurer: str
    agreed: bool = False
    knows_other: bool = False
    looked_back: Went | None = None


def my_duos(viewer: Viewer) -> list[MyDuo]:
    """The living duos of the viewer, and of those that are over the last one, newest first."""
    found = rows(
        duos_for(viewer, Permission.ANSWER_DUO).options(joinedload(Duo.proposal)).order_by(Duo.id.desc())
    )  # fmt: skip
    living = [duo for duo in found if duo.state in LIVE]
    over = [duo for duo in found if duo.state not in LIVE][:1]
    return [my_duo(duo, viewer) for duo in living] or [_looked_back(my_duo(duo, viewer)) for duo in over]


def ended_duo(viewer: Viewer, duo_id: int) -> MyDuo:
    """An own duo with how the viewer looked back on it, if the viewer did. Raises NotFound."""
    return _looked_back(my_duo(one(duos_for(viewer, Permission.ANSWER_DUO).where(Duo.id == duo_id)), viewer))


def _looked_back(duo: MyDuo) -> MyDuo:
    """A duo that is over, with how the viewer looked back on it."""
    said = own_look_back(duo.id, duo.role)
    return replace(duo, looked_back=said.went) if said else duo


def my_duo(duo: Duo, viewer: Viewer) -> MyDuo:
    """A duo as one of its two people may see it."""
    role = Role.NEWCOMER if duo.newcomer.person_id == viewer.person_id else Role.BUDDY
    other: Newcomer | Buddy = duo.buddy if role is Role.NEWCOMER else duo.newcomer
    shared = duo.state in CONTACT_SHARED and duo.contact_shared_at is not None
    return MyDuo(
        id=duo.id, state=duo.state, role=role, other=other.person.first_name, municipality=other.municipality,
        reasons=reasons_of(duo), answer_before=duo.answer_before,
        wants=duo.newcomer_wants if role is Role.NEWCOMER else duo.buddy_wants,
        after=duo.newcomer_after if role is Role.NEWCOMER else duo.buddy_after,
        contact=_contact(other.person) if shared else None,
        meeting_at=duo.first_meeting_at, meeting_where=duo.first_meeting_where, starts_on=duo.starts_on,
        ends_on=duo.ends_on, weeks_between=duo.weeks_between, insurer=duo.insurer,
        newcomer_insurer=duo.newcomer_insurer,
        agreed=duo.newcomer_after is Answer.YES and duo.buddy_after is Answer.YES,
        knows_other=duo.contact_shared_at is not None,
    )  # fmt: skip


def is_mine(viewer: Viewer, duo_id: int) -> bool:
    """Whether the viewer is one of the two people of that duo."""
    if not viewer.can(Permission.ANSWER_DUO):
        return False
    return bool(rows(duos_for(viewer, Permission.ANSWER_DUO).where(Duo.id == duo_id)))


def _contact(person: Person) -> Contact:
    return Contact(person.called, person.phone, person.email)


@dataclass(frozen=True)
class Followed:
    """A duo in the list of staff: its last sign of life, and whether it has been silent for too long."""

    duo: Duo
    last_sign: date
    talks: int = 0

    @property
    def days(self) -> int:
        """How long ago that was."""
        return (today() - self.last_sign).days

    @property
    def silent(self) -> bool:
        """Whether somebody should call."""
        return self.duo.state in (DuoState.MEETING, DuoState.ACTIVE) and self.days >= SILENT_AFTER_DAYS

    @property
    def talk_before(self) -> date | None:
        """The day before which the next talk is due: two are spread over the period; None when none is owed."""
        duo = self.duo
        if duo.state is not DuoState.ACTIVE or self.talks >= TALKS or not (duo.starts_on and duo.ends_on):
            return None
        days = (duo.ends_on - duo.starts_on).days
        return duo.starts_on + timedelta(days=days * (self.talks + 1) // (TALKS + 1))

    @property
    def talk_due(self) -> bool:
        """Whether that day has come."""
        return self.talk_before is not None and self.talk_before <= today()

    @property
    def overdue(self) -> bool:
        """Whether the time to answer is over."""
        return self.duo.state is DuoState.ASKED and self.duo.answer_before < now()

    @property
    def met(self) -> bool:
        """Whether the day of the first meeting is over and somebody has not said yet whether to go on."""
        duo = self.duo
        over = duo.first_meeting_at is not None and duo.first_meeting_at < now()
        return duo.state is DuoState.MEETING and over and not self.to_start

    @property
    def to_start(self) -> bool:
        """Whether both want to go on and the insurer is still to be named (R43)."""
        duo = self.duo
        return (
            duo.state is DuoState.MEETING
            and duo.newcomer_after is Answer.YES
            and duo.buddy_after is Answer.YES
        )


def followed(viewer: Viewer, states: Iterable[DuoState] = LIVE) -> list[Followed]:
    """The duos that the viewer follows in those states: first those that need somebody, then the silent ones."""
    found = _with_signs(duos_for(viewer, Permission.FOLLOW_DUO).where(Duo.state.in_(tuple(states))))
    return sorted(
        found,
        key=lambda row: (
            not (row.to_start or row.overdue or row.duo.state is DuoState.FROZEN),
            not row.met,
            not row.silent,
            not row.talk_due,
            row.last_sign,
            row.duo.id,
        ),
    )


def _with_signs(found: Select[Duo]) -> list[Followed]:
    """Those duos with their last sign of life: approval, a check-in, hours told, or a change of state."""
    talks = select(func.count(CheckIn.id)).where(CheckIn.duo_id == Duo.id).scalar_subquery()
    checked = select(func.max(CheckIn.on)).where(CheckIn.duo_id == Duo.id).scalar_subquery()
    told = select(func.max(HourEntry.entered_at)).where(HourEntry.duo_id == Duo.id).scalar_subquery()
    moved = (
        select(func.max(Transition.at))
        .where(Transition.subject == Subject.DUO, Transition.subject_id == Duo.id).scalar_subquery()
    )  # fmt: skip
    return [
        Followed(
            duo, max(sign for sign in (_day(duo.approved_at), on, _day(entered), _day(at)) if sign), count
        )
        for duo, on, entered, at, count in session()
        .execute(found.add_columns(checked, told, moved, talks))
        .unique()
    ]


def _day(instant: datetime | None) -> date | None:
    return in_brussels(instant).date() if instant else None


@dataclass(frozen=True)
class DuoPage:
    """A duo for staff: what happened, the check-ins, and who would insure it."""

    row: Followed
    network: Network
    history: list[Transition]
    check_ins: list[CheckIn]
    actors: dict[int, str]
    ending: Ending | None
    said: list[tuple[Role, LookBack]]


def duo_page(viewer: Viewer, duo_id: int) -> DuoPage:
    """A duo that the viewer follows. Raises NotFound."""
    wanted_duo = duos_for(viewer, Permission.FOLLOW_DUO).where(Duo.id == duo_id)
    found = _with_signs(wanted_duo.options(joinedload(Duo.proposal)))
    if not found:
        raise NotFound()
    duo = found[0].duo
    history = rows(
        select(Transition).where(Transition.subject == Subject.DUO, Transition.subject_id == duo.id).order_by(Transition.id)
    )  # fmt: skip
    check_ins = rows(
        select(CheckIn).where(CheckIn.duo_id == duo.id).order_by(CheckIn.on.desc(), CheckIn.id.desc())
    )
    wanted = {row.actor_id for row in history if row.actor_id} | {row.by_person_id for row in check_ins}
    people = rows(select(Person).where(Person.id.in_(wanted)))
    return DuoPage(
        row=found[0],
        network=session().get_one(Network, duo.network_slug),
        history=history,
        check_ins=check_ins,
        actors={person.id: person.called for person in people},
        ending=ending_of(duo, history),
        said=look_backs(duo.id) if duo.ended_at else [],
    )


@dataclass(frozen=True)
class Sheet:
    """What stands on the sheet of the first meeting: two first names, their languages, when, where, and what they share."""

    newcomer: str
    buddy: str
    languages: tuple[str, str]
    at: datetime | None
    where: str
    reasons: Reasons
    dutch_level: str


def meeting_sheet(viewer: Viewer, duo_id: int) -> Sheet:
    """The sheet of the first meeting, for the two and for staff, once contact is shared. Raises NotFound."""
    reached = duos_for(viewer, Permission.SEE_DUOS).where(Duo.id == duo_id, Duo.state.in_(CONTACT_SHARED))
    duo = one(reached.options(joinedload(Duo.proposal)))
    return Sheet(
        newcomer=duo.newcomer.person.first_name, buddy=duo.buddy.person.first_name,
        languages=(duo.newcomer.person.locale, duo.buddy.person.locale), at=duo.first_meeting_at,
        where=duo.first_meeting_where, reasons=reasons_of(duo), dutch_level=duo.newcomer.dutch_level.value,
    )  # fmt: skip
