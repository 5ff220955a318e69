"""The two criteria of R06: which activities a counsellor must still judge, and which hours are held until then (R09)."""

from sqlalchemy import ColumnElement, Select, exists, func, or_, select

from app.db import session
from app.models import HourEntry, Newcomer, Offer
from app.queries.calls import calls_for
from app.queries.hours import STANDING
from app.queries.reach import reach
from app.security.permissions import Permission, Scope
from app.security.viewer import Viewer

MOST_COUNTED = 500  # it stands beside a word of the menu on every page


def unjudged() -> ColumnElement[bool]:
    """Whether one of the two criteria of an activity was not judged yet."""
    return or_(Offer.dutch_spoken.is_(None), Offer.people_met.is_(None))


def offers_to_judge(viewer: Viewer) -> Select[Offer]:
    """Activities that a counsellor may judge: informal ones that own newcomers named, and those that they told hours for.

    What somebody judged already is judged anew only where it is an own newcomer's.
    """
    caseload = select(Newcomer.id).where(Newcomer.counsellor_id == viewer.person_id)
    told = exists().where(
        HourEntry.offer_id == Offer.id, HourEntry.newcomer_id.in_(caseload), HourEntry.state.in_(STANDING)
    )
    informal = Offer.newcomer_id.in_(caseload) & Offer.duo_id.is_(None)
    return (
        select(Offer)
        .where(reach(viewer, Permission.JUDGE_CRITERIA, {Scope.CASELOAD: or_(informal, unjudged() & told)}))
        .order_by(Offer.created_at, Offer.id)
    )  # fmt: skip


def criteria_owed(viewer: Viewer) -> Select[Offer]:
    """Of these the ones that nobody judged."""
    return offers_to_judge(viewer).where(unjudged())


def tasks_open(viewer: Viewer) -> int:
    """How many calls and judgements the viewer owes, in one query; of each at most so many as anybody reads."""
    parts = (
        calls_for(viewer).with_only_columns(HourEntry.id),
        criteria_owed(viewer).with_only_columns(Offer.id),
    )
    counts = [
        select(func.count()).select_from(part.order_by(None).limit(MOST_COUNTED).subquery()).scalar_subquery()
        for part in parts
    ]
    return session().scalar(select(counts[0] + counts[1])) or 0
