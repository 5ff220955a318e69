"""Who comes to which activity: for the newcomer, for the counsellor, and for the organisation."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, ScalarSelect, Select, func, or_, select
from sqlalchemy.orm import aliased, joinedload

from app.clock import days_ago, now
from app.db import session
from app.models import ContactPerson, Newcomer, Occurrence, Offer, OfferText, Presence, SignUp
from app.queries.organisations import offers_for
from app.queries.reach import reach, rows
from app.security.permissions import Permission, Scope
from app.security.viewer import Viewer
from app.vocabulary.activities import OfferState
from app.vocabulary.sign_ups import PresenceState, SignUpState

LIVE = (SignUpState.JOINED, SignUpState.WAITING)
TIMES_TO_MARK_DAYS = 60
TIMES_SHOWN = 8
TIMES_AHEAD = 4


@dataclass(frozen=True)
class Joined:
    """A sign-up as the newcomer sees it: the activity's own title, its text in another language, and the next time.

    `ahead` is how many wait before her. Of who may come each time, `skips` says that she cannot come the next time.
    """

    sign_up: SignUp
    text: OfferText | None
    time: Occurrence | None
    ahead: int
    skips: bool

    @property
    def offer(self) -> Offer:
        """The activity."""
        return self.sign_up.offer

    @property
    def waits(self) -> bool:
        """Whether there is no place yet."""
        return self.sign_up.state is SignUpState.WAITING

    @property
    def goes_on(self) -> bool:
        """Whether it can be come to: what is checked again, or whose organisation is not known any more, cannot."""
        house = self.offer.organisation
        return self.offer.state is OfferState.PUBLISHED and (house is None or house.verified_at is not None)

    @property
    def title(self) -> str:
        """What it is called, in the language of the reader where there is a text."""
        return self.text.title if self.text else self.offer.title

    @property
    def language(self) -> str:
        """The language of the title."""
        return self.text.language if self.text else self.offer.words_language


def there(sign_up: type[SignUp] = SignUp, time: type[Occurrence] = Occurrence) -> ColumnElement[bool]:
    """Whether that time is one of those that the sign-up is for."""
    return (time.offer_id == sign_up.offer_id) & or_(
        sign_up.gathering_id.is_(None), time.gathering_id == sign_up.gathering_id
    )


def sign_ups_for(viewer: Viewer, permission: Permission = Permission.JOIN_OFFER) -> Select[SignUp]:
    """The sign-ups that the permission reaches: the own ones, or those of the own caseload."""
    return select(SignUp).join(Newcomer, Newcomer.id == SignUp.newcomer_id).where(
        reach(viewer, permission, {
            Scope.OWN: Newcomer.person_id == viewer.person_id,
            Scope.CASELOAD: Newcomer.counsellor_id == viewer.person_id,
        })
    )  # fmt: skip


def joined_by(newcomer_id: int, language: str, *conditions: ColumnElement[bool]) -> list[Joined]:
    """What that newcomer comes to or waits for, the soonest first; for who may see the newcomer. One statement."""
    earlier = aliased(SignUp)
    ahead = (
        select(func.count(earlier.id))
        .where(
            earlier.offer_id == SignUp.offer_id, earlier.state == SignUpState.WAITING, earlier.id < SignUp.id
        )
        .correlate(SignUp)
        .scalar_subquery()
    )
    skips = select(Presence.id).where(
        Presence.sign_up_id == SignUp.id, Presence.occurrence_id == Occurrence.id, Presence.state == PresenceState.EXCUSED
    ).exists()  # fmt: skip
    found = session().execute(
        select(SignUp, OfferText, Occurrence, ahead, skips)
        .join(Offer, Offer.id == SignUp.offer_id)
        .outerjoin(OfferText, (OfferText.offer_id == SignUp.offer_id) & (OfferText.language == language))
        .outerjoin(Occurrence, Occurrence.id == _next_time())
        .where(
            SignUp.newcomer_id == newcomer_id, SignUp.state.in_(LIVE),
            Offer.state.in_((OfferState.PUBLISHED, OfferState.TO_CHECK)), *conditions,
        )
        .order_by(Occurrence.starts_at.asc().nulls_last(), SignUp.id)
    ).unique()  # fmt: skip
    return [Joined(*row) for row in found]


def joined_to(newcomer_id: int, offer_id: int, language: str) -> Joined | None:
    """The same of one activity."""
    return next(iter(joined_by(newcomer_id, language, SignUp.offer_id == offer_id)), None)


def _next_time() -> ScalarSelect[int]:
    """The key of the next time that a sign-up is for; one that is going on counts."""
    time = aliased(Occurrence)
    return (
        select(time.id)
        .where(there(time=time), time.ends_at > now(), time.cancelled_at.is_(None))
        .order_by(time.starts_at, time.id).limit(1).correlate(SignUp).scalar_subquery()
    )  # fmt: skip


@dataclass(frozen=True)
class Meeting:
    """One time of an activity, with how many come or came: `marked` of them were looked at already."""

    time: Occurrence
    people: int
    marked: int

    @property
    def over(self) -> bool:
        """Whether it can be said who was there."""
        return self.time.ends_at <= now()


def meetings_of(offer_id: int) -> list[Meeting]:
    """The times of an activity to mark, the last first, and then those to come; for who may see who comes."""
    begins = days_ago(TIMES_TO_MARK_DAYS)
    marked = Presence.state != PresenceState.EXCUSED
    found = session().execute(
        select(Occurrence, func.count(SignUp.id), func.count(Presence.id))
        .join(SignUp, there() & was_to_come())
        .outerjoin(Presence, (Presence.sign_up_id == SignUp.id) & (Presence.occurrence_id == Occurrence.id) & marked)
        .where(Occurrence.offer_id == offer_id, Occurrence.cancelled_at.is_(None), Occurrence.ends_at > begins)
        .group_by(Occurrence.id).order_by(Occurrence.starts_at, Occurrence.id)
    )  # fmt: skip
    every = [Meeting(*row) for row in found]
    past = [meeting for meeting in every if meeting.over]
    return [*reversed(past[-TIMES_SHOWN:]), *[meeting for meeting in every if not meeting.over][:TIMES_AHEAD]]


def was_to_come(sign_up: type[SignUp] = SignUp, time: type[Occurrence] = Occurrence) -> ColumnElement[bool]:
    """Whether who signed up had a place at that time: taken before it ended, and not given back before it began."""
    return (sign_up.joined_at < time.ends_at) & or_(
        sign_up.stopped_at.is_(None), sign_up.stopped_at > time.starts_at
    )


@dataclass(frozen=True)
class Expected:
    """Somebody on the list of one time, and what is known of it."""

    sign_up: SignUp
    presence: Presence | None

    @property
    def state(self) -> PresenceState | None:
        """What is known, if anything."""
        return self.presence.state if self.presence else None


def expected_at(time: Occurrence) -> list[Expected]:
    """Who was to come at that time, by name; for who may see who comes. One statement."""
    found = session().execute(
        select(SignUp, Presence).select_from(SignUp)
        .join(Occurrence, Occurrence.id == time.id)
        .outerjoin(Presence, (Presence.sign_up_id == SignUp.id) & (Presence.occurrence_id == time.id))
        .where(there(), was_to_come())
        .options(joinedload(SignUp.newcomer).joinedload(Newcomer.person))
    ).unique()  # fmt: skip
    people = [Expected(*row) for row in found]
    return sorted(people, key=lambda one: (one.sign_up.newcomer.person.first_name.casefold(), one.sign_up.id))


def coming_to(offer_id: int) -> list[SignUp]:
    """Who has a place now or waits for one, those with a place first; for who may see who comes."""
    return rows(
        select(SignUp).where(SignUp.offer_id == offer_id, SignUp.state.in_(LIVE))
        .options(joinedload(SignUp.newcomer).joinedload(Newcomer.person)).order_by(SignUp.state, SignUp.id)
    )  # fmt: skip


def hosted_by(viewer: Viewer) -> Select[Offer]:
    """The activities of the viewer's own organisations, of which she may see who comes."""
    return offers_for(viewer, Permission.SEE_SIGN_UPS)


def hosted_by_contact(contact: ContactPerson, offer_id: int) -> Select[Offer]:
    """That activity, while this contact person speaks and signs for it."""
    return select(Offer).where(
        Offer.id == offer_id, Offer.contact_person_id == contact.id, Offer.organisation_id == contact.organisation_id
    )  # fmt: skip


def going_on_at(sign_up_ids: Iterable[int], after: datetime) -> dict[int, Occurrence]:
    """The first time after that instant of each of these sign-ups."""
    found = session().execute(
        select(SignUp.id, Occurrence).join(Occurrence, there())
        .where(SignUp.id.in_(sign_up_ids), Occurrence.starts_at > after, Occurrence.cancelled_at.is_(None))
        .order_by(Occurrence.starts_at)
    )  # fmt: skip
    first: dict[int, Occurrence] = {}
    for key, time in found:
        first.setdefault(key, time)
    return first
