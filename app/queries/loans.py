"""Places lent between networks: what was offered, what is lent, and whom a network could lend."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, ScalarSelect, Select, and_, exists, func, or_, select

from app.clock import today
from app.models import Buddy, Loan, LoanRequest, Network, Person
from app.queries.reach import one, reach, rows
from app.reference import networks
from app.security.permissions import Permission, Scope
from app.security.viewer import Viewer
from app.vocabulary import BuddyState
from app.vocabulary.loans import LoanState, RequestState

OPEN = (LoanState.OFFERED, LoanState.LENT)
CITIES = {"antwerpen-stad": "regio-antwerpen", "gent-stad": "regio-gent"}
MOST_SHOWN = 300
ANSWERS_SHOWN = 5


def loans_for(viewer: Viewer) -> Select[Loan]:
    """The loans of which one side is the viewer's network."""
    own = or_(Loan.from_slug.in_(viewer.networks), Loan.to_slug.in_(viewer.networks))
    return select(Loan).where(reach(viewer, Permission.LEND_PLACES, {Scope.NETWORK: own}))


def requests_for(viewer: Viewer) -> Select[LoanRequest]:
    """The questions for a place of which one side is the viewer's network."""
    own = or_(LoanRequest.by_slug.in_(viewer.networks), LoanRequest.to_slug.in_(viewer.networks))
    return select(LoanRequest).where(reach(viewer, Permission.LEND_PLACES, {Scope.NETWORK: own}))


def request_to_answer(viewer: Viewer, request_id: int) -> LoanRequest:
    """An open question to a network of the viewer, asked by somebody else. Raises NotFound."""
    return one(
        requests_for(viewer).where(
            LoanRequest.id == request_id, LoanRequest.state == RequestState.OPEN,
            LoanRequest.to_slug.in_(viewer.networks), LoanRequest.asked_by_id != viewer.person_id,
        )
    )  # fmt: skip


def is_lent(on: date) -> ColumnElement[bool]:
    """The places on which the other network can match on that day."""
    return (Loan.state == LoanState.LENT) & (Loan.until >= on)


def places_given_away(states: tuple[LoanState, ...] = (LoanState.LENT,)) -> ScalarSelect[int]:
    """How many places of the buddy of the row around it are lent and not used yet."""
    return (
        select(func.count(Loan.id))
        .where(Loan.buddy_id == Buddy.id, Loan.state.in_(states), Loan.until >= today())
        .correlate(Buddy).scalar_subquery()
    )  # fmt: skip


def lent_to(slug: str) -> Select[int, int]:
    """(buddy, places) of what other networks lend to this one now."""
    return (
        select(Loan.buddy_id, func.count(Loan.id).label("places"))
        .where(Loan.to_slug == slug, is_lent(today())).group_by(Loan.buddy_id)
    )  # fmt: skip


def can_take(network: str) -> ColumnElement[bool]:
    """The buddies of whom that network may take a place: its own free ones, and places lent to it."""
    own = and_(Buddy.network_slug == network, Buddy.places_taken + places_given_away(OPEN) < Buddy.capacity)
    lent = and_(
        Buddy.network_slug != network,
        Buddy.places_taken < Buddy.capacity,
        exists().where(Loan.buddy_id == Buddy.id, Loan.to_slug == network, is_lent(today())),
    )
    return or_(own, lent)


def partners(slug: str) -> tuple[str, ...]:
    """The networks to which this one can lend: a city and its region first, then the other neighbours by distance."""
    pairs = CITIES | {region: city for city, region in CITIES.items()}
    near = networks.neighbours(slug)
    return tuple(sorted(near, key=lambda other: other != pairs.get(slug)))


def free_buddies(viewer: Viewer) -> Select[Buddy]:
    """The buddies of the viewer's networks with a place that is neither taken nor promised to another network."""
    own = reach(viewer, Permission.LEND_PLACES, {Scope.NETWORK: Buddy.network_slug.in_(viewer.networks)})
    return (
        select(Buddy).join(Person, Person.id == Buddy.person_id)
        .where(
            own, Buddy.state == BuddyState.APPROVED, Person.active,
            Buddy.places_taken + places_given_away(OPEN) < Buddy.capacity,
        )
        .order_by(Buddy.municipality, Person.full_name, Buddy.id)
    )  # fmt: skip


@dataclass(frozen=True)
class LoansPage:
    """The loans of the viewer's networks, newest first, by what they ask of the viewer."""

    to_answer: list[Loan]
    borrowed: list[Loan]
    lent: list[Loan]
    over: list[Loan]
    asked_of_us: list[LoanRequest]
    asked_by_us: list[LoanRequest]
    names: dict[str, str]


def loans_page(viewer: Viewer) -> LoansPage:
    """All loans of the viewer's networks."""
    found = rows(loans_for(viewer).order_by(Loan.id.desc()).limit(MOST_SHOWN))
    asked = rows(requests_for(viewer).order_by(LoanRequest.id.desc()).limit(MOST_SHOWN))
    waiting = [request for request in asked if request.state is RequestState.OPEN]
    answered = [request for request in asked if request.state is RequestState.DECLINED][:ANSWERS_SHOWN]
    living = [loan for loan in found if loan.state in (*OPEN, LoanState.USED)]
    received = [loan for loan in living if loan.to_slug in viewer.networks]
    return LoansPage(
        to_answer=[loan for loan in received if loan.state is LoanState.OFFERED],
        borrowed=[loan for loan in received if loan.state is not LoanState.OFFERED],
        lent=[loan for loan in living if loan.from_slug in viewer.networks],
        over=[loan for loan in found if loan not in living][:10],
        asked_of_us=[request for request in waiting if request.to_slug in viewer.networks],
        asked_by_us=[request for request in (*waiting, *answered) if request.by_slug in viewer.networks],
        names=network_names(),
    )


def network_names() -> dict[str, str]:
    """The name of each network by its slug."""
    return {network.slug: network.name for network in rows(select(Network).order_by(Network.slug))}
