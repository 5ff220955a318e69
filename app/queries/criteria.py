"""The two criteria of R06: which activities a counsellor must still judge, and which hours are held until then (R09)."""

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select, text

from app.clock import today
from app.db import session
from app.models import HourEntry, Newcomer, Offer, Organisation
from app.queries.calls import calls_for
from app.queries.hours import STANDING
from app.queries.reach import reach
from app.security.permissions import Permission, Scope
from app.security.viewer import Viewer

MOST_COUNTED = 500  # it stands beside a word of the menu on every page
# In the words of the index that holds these alone, so that both databases find them by it.
PUBLISHED_UNJUDGED = text(
    "offer.state = 'published' AND (offer.dutch_spoken IS NULL OR offer.people_met IS NULL)"
)


def unjudged() -> ColumnElement[bool]:
    """Whether one of the two criteria of an activity was not judged yet."""
    return or_(Offer.dutch_spoken.is_(None), Offer.people_met.is_(None))


def offers_to_judge(viewer: Viewer) -> Select[Offer]:
    """Activities that a counsellor may judge: informal ones that own newcomers named, those that they told hours for,
    and those of organisations that everybody sees where own newcomers live.

    What somebody judged already is judged anew only where it is an own newcomer's.
    """
    return _judged_by(viewer, or_(_of_own_newcomers(viewer), _published_near(viewer)))


def criteria_owed(viewer: Viewer) -> Select[Offer]:
    """What nobody judged of what own newcomers named or told hours for: those hours are held until then."""
    return _judged_by(viewer, _of_own_newcomers(viewer)).where(unjudged())


def published_to_judge(viewer: Viewer) -> Select[Offer]:
    """What everybody sees where own newcomers live and nobody judged, and for which none of them told hours yet."""
    return (
        _judged_by(viewer, and_(_published_near(viewer), ~_told(viewer)))
        .outerjoin(Organisation, Organisation.id == Offer.organisation_id)
        .where(Organisation.verified_at.is_not(None), or_(Offer.ends_on.is_(None), Offer.ends_on >= today()))
    )


def _judged_by(viewer: Viewer, condition: ColumnElement[bool]) -> Select[Offer]:
    reached = reach(viewer, Permission.JUDGE_CRITERIA, {Scope.CASELOAD: condition})
    return select(Offer).where(reached).order_by(Offer.created_at, Offer.id)


def _told(viewer: Viewer) -> ColumnElement[bool]:
    return exists().where(
        HourEntry.offer_id == Offer.id, HourEntry.newcomer_id.in_(_caseload(viewer)), HourEntry.state.in_(STANDING)
    )  # fmt: skip


def _of_own_newcomers(viewer: Viewer) -> ColumnElement[bool]:
    informal = Offer.newcomer_id.in_(_caseload(viewer)) & Offer.duo_id.is_(None)
    return or_(informal, unjudged() & _told(viewer))


def _published_near(viewer: Viewer) -> ColumnElement[bool]:
    """Whether everybody sees it, it is of an organisation in a network of own newcomers, and nobody judged it."""
    networks = select(Newcomer.network_slug).where(Newcomer.counsellor_id == viewer.person_id)
    return and_(PUBLISHED_UNJUDGED, Offer.organisation_id.is_not(None), Offer.network_slug.in_(networks))


def _caseload(viewer: Viewer) -> Select[int]:
    return select(Newcomer.id).where(Newcomer.counsellor_id == viewer.person_id)


def tasks_open(viewer: Viewer) -> int:
    """How many calls and judgements the viewer owes, in one query; of each at most so many as anybody reads."""
    parts = (
        calls_for(viewer).with_only_columns(HourEntry.id),
        criteria_owed(viewer).with_only_columns(Offer.id),
        published_to_judge(viewer).with_only_columns(Offer.id),
    )
    counts = [
        select(func.count()).select_from(part.order_by(None).limit(MOST_COUNTED).subquery()).scalar_subquery()
        for part in parts
    ]
    return session().scalar(select(counts[0] + counts[1] + counts[2])) or 0
