"""What is planned for one person, as a calendar keeps it: the first meeting of a duo, and the first talk."""

from sqlalchemy import ColumnElement, Select, func, select

from app.calendars import FIRST_MEETING, TALK, Appointment
from app.clock import now
from app.db import session
from app.errors import NotFound
from app.models import Buddy, Duo, Network, Newcomer, Programme, Talk, Transition
from app.queries.buddies import CONTACT_SHARED
from app.queries.matches import duos_for
from app.queries.network_programmes import Offered, in_order, is_open_in_network, named_by_one
from app.queries.reach import count, one
from app.security.permissions import Permission
from app.security.viewer import Viewer
from app.vocabulary import BuddyState, NewcomerState
from app.vocabulary.intake import TalkState
from app.vocabulary.records import Subject

PLANNED = "meeting_planned"
TALK_PLANNED = (BuddyState.INTAKE_PLANNED, NewcomerState.INTAKE_PLANNED)


def first_meeting(viewer: Viewer, duo_id: int, link: str) -> Appointment:
    """The first meeting of one of the viewer's own duos. Raises NotFound before contact is shared, or without a plan."""
    own = duos_for(viewer, Permission.ANSWER_DUO).where(Duo.id == duo_id, Duo.state.in_(CONTACT_SHARED))
    duo = one(own)
    if duo.first_meeting_at is None:
        raise NotFound()
    buddy_asks = duo.buddy.person_id == viewer.person_id
    return meeting_of(duo, for_buddy=buddy_asks, link=link)


def meeting_of(duo: Duo, *, for_buddy: bool, link: str, cancelled: bool = False) -> Appointment:
    """The planned first meeting, as one of the two sees it: the other by first name, and no contact details."""
    assert duo.first_meeting_at is not None
    other = (duo.newcomer if for_buddy else duo.buddy).person
    changes = _times(Subject.DUO, duo.id, Transition.reason == PLANNED)
    return Appointment(
        kind=FIRST_MEETING, key=f"first-meeting-{duo.id}", sequence=_sequence(changes, cancelled=cancelled),
        starts_at=duo.first_meeting_at, link=link, place=duo.first_meeting_where, cancelled=cancelled,
        facts={"other": other.first_name},
    )  # fmt: skip


def talk_of(record: Buddy | Newcomer, link: str = "", *, cancelled: bool = False) -> Appointment | None:
    """The first talk of a buddy or newcomer, while it is still to come; else None."""
    if record.talk_at is None or record.talk_at <= now():
        return None
    subject = Subject.BUDDY if isinstance(record, Buddy) else Subject.NEWCOMER
    network = session().get_one(Network, record.network_slug)
    changes = _times(subject, record.id, Transition.to_state == BuddyState.INTAKE_PLANNED.value)
    held = held_talks(record)
    return Appointment(
        kind=TALK, key=f"talk-{subject.value}-{record.id}{f'-{held + 1}' if held else ''}", sequence=_sequence(changes, cancelled=cancelled),
        starts_at=record.talk_at, link=link, cancelled=cancelled,
        facts={"caller": network.caller_name, "phone": network.help_phone or ""},
    )  # fmt: skip


def talks_of(record: Buddy | Newcomer) -> Select[Talk]:
    """The talks of a person's intake, the first one first."""
    of = Talk.buddy_id if isinstance(record, Buddy) else Talk.newcomer_id
    return select(Talk).where(of == record.id).order_by(Talk.id)


def network_and_talks(record: Buddy | Newcomer) -> tuple[Network, list[Talk], list[Offered]]:
    """The network of a person with its programmes and the talks of the intake, in one query."""
    of = Talk.buddy_id if isinstance(record, Buddy) else Talk.newcomer_id
    found = session().execute(
        select(Network, Talk, Programme, named_by_one(record)).join(Programme, is_open_in_network())
        .outerjoin(Talk, of == record.id)
        .where(Network.slug == record.network_slug).order_by(Talk.id)
    ).all()  # fmt: skip
    network: Network = found[0][0]
    talks: dict[Talk | None, None] = dict.fromkeys(row[1] for row in found)
    offered = dict.fromkeys((programme, bool(named)) for _network, _talk, programme, named in found)
    held = [talk for talk in talks if talk is not None]
    return network, held, in_order((Offered(*one_) for one_ in offered), network.programme_id)


def held_talks(record: Buddy | Newcomer) -> int:
    """How many talks took place."""
    return count(talks_of(record).where(Talk.state == TalkState.HELD))


def talk_is_to_come(record: Buddy | Newcomer) -> bool:
    """Whether a first talk is planned for that person and still to come."""
    return record.state in TALK_PLANNED and record.talk_at is not None and record.talk_at > now()


def own_talk(record: Buddy | Newcomer, link: str) -> Appointment:
    """The first talk that is planned for that person. Raises NotFound when there is none to come."""
    found = talk_of(record, link) if talk_is_to_come(record) else None
    if found is None:
        raise NotFound()
    return found


def _times(subject: Subject, subject_id: int, changed: ColumnElement[bool]) -> int:
    """How often it was planned."""
    counted = select(func.count(Transition.id)).where(
        Transition.subject == subject, Transition.subject_id == subject_id, changed
    )
    return session().scalar(counted) or 0


def _sequence(times: int, *, cancelled: bool) -> int:
    """0 for the first plan, one more for each later one and for taking it back (RFC 5545, 3.8.7.4)."""
    return max(times - 1, 0) + cancelled
