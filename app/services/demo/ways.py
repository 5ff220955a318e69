"""What happens on the way of a buddy beside duos: screenings that end, silence, trainings; and one call for help."""

from datetime import timedelta
from itertools import islice

from sqlalchemy import Select, select

from app.clock import now, today
from app.db import session
from app.models import Buddy, Duo, Proposal, Training
from app.queries.accounts import viewer_of
from app.queries.matches import proposals_for
from app.security.permissions import Permission
from app.security.viewer import Viewer
from app.services import availability, buddies, objections, replanning, safety, trainings
from app.services.agreements import months_later
from app.services.demo.links import DemoLinks
from app.services.demo.people_to_try import NETWORK
from app.services.demo.staff import Staff
from app.services.networks import SCREENING_MONTHS
from app.services.safety import Told
from app.vocabulary import BuddyState, DuoState, ProposalState
from app.vocabulary.safety import SafetyKind

EACH = 2
EVENINGS = (
    ("Startavond voor nieuwe buddy's", 150, 200),
    ("Praten in eenvoudig Nederlands", 180, 90),
    ("Terugkomavond", 120, 20),
)
WORDS = "Ze vraagt me telkens om geld te lenen. Ik weet niet hoe ik nee moet zeggen."


def show_ways(staff: Staff, tried: Duo, links: DemoLinks) -> None:
    """Let screenings end in time, and in the network that is tried some of everything that asks for a coordinator."""
    for buddy in session().scalars(select(Buddy).where(Buddy.screened_on.is_not(None))).unique():
        until = months_later(buddy.screened_on, SCREENING_MONTHS) if buddy.screened_on else None
        buddy.screened_until = max(until, today() + timedelta(days=40)) if until else None
    session().flush()
    free = iter(list(session().scalars(_free()).unique()))
    for buddy in islice(free, EACH):
        buddy.screened_until = today() - timedelta(days=3)
    for buddy in islice(free, EACH):
        buddy.screened_until = today() + timedelta(days=12)
    for buddy in islice(free, EACH):
        buddy.asked_at, buddy.reminded_at = now() - timedelta(days=15), now() - timedelta(days=8)
    for buddy in islice(free, EACH):
        buddy.heard_at = now() - timedelta(days=80)
    for buddy in islice(free, 1):
        objections.set_objection(viewer_of(buddy.person), objects=True)
    session().flush()
    buddies.lapse_screenings()
    availability.ask_the_silent(links.available)
    _let_the_plan_fit(viewer_of(staff.coordinators[NETWORK]))
    _learn(staff, tried)
    _ask_for_help(tried, links)


def _free() -> Select[Buddy]:
    return (
        select(Buddy)
        .where(Buddy.network_slug == NETWORK, Buddy.state == BuddyState.APPROVED, Buddy.places_taken == 0)
        .order_by(Buddy.id)
    )


def _let_the_plan_fit(desk: Viewer) -> None:
    """Some of the buddies above stood in the plan: without this a visitor would first meet pairs that cannot be."""
    suggested = proposals_for(desk, Permission.JUDGE_PROPOSAL).where(
        Proposal.state == ProposalState.SUGGESTED
    )
    first = session().scalars(suggested.order_by(Proposal.id).limit(1)).unique().first()
    if first is not None:
        replanning.solve_again(desk, first.id)


def _learn(staff: Staff, tried: Duo) -> None:
    """The volunteer who is tried followed two evenings, and told a third one."""
    desk, volunteer = viewer_of(staff.coordinators[NETWORK]), viewer_of(tried.buddy.person)
    *seen, (title, minutes, days) = EVENINGS
    for name, length, ago in seen:
        trainings.note_training(
            desk, tried.buddy_id, title=name, on=today() - timedelta(days=ago), minutes=length
        )
    trainings.tell_training(volunteer, title=title, on=today() - timedelta(days=days), minutes=minutes)
    for training in session().query(Training).filter_by(buddy_id=tried.buddy_id):
        training.created_at = now() - timedelta(days=1)


def _ask_for_help(tried: Duo, links: DemoLinks) -> None:
    other = session().scalars(
        select(Duo).where(Duo.network_slug == NETWORK, Duo.state == DuoState.ACTIVE, Duo.id != tried.id).order_by(Duo.id).limit(1)
    ).unique().one_or_none()  # fmt: skip
    if other is not None:
        told = Told(SafetyKind.MONEY, WORDS, "nl")
        safety.report(viewer_of(other.buddy.person), other.id, told, page_for=links.safety)
