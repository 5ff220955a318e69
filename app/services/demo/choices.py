"""Newcomers of the demo who choose a buddy, and places that the two cities and their regions lend to each other."""

from datetime import timedelta

from sqlalchemy import select

from app.clock import today
from app.db import session
from app.models import Proposal, Wish
from app.queries.accounts import viewer_of
from app.queries.loans import CITIES, free_buddies
from app.queries.wishes import others_of
from app.security.viewer import Viewer
from app.services import loans, wishes
from app.services.demo.staff import Staff
from app.vocabulary import ProposalState

ASKED_IN_EACH = 2  # newcomers of a network to whom buddies are shown; the first of them has chosen
LENT_FOR = timedelta(days=90)


def choose_and_lend(staff: Staff, link_for: wishes.LinkFor) -> None:
    """In every network two newcomers see three buddies; each city lends its region a place and offers another one."""
    desks = {network: viewer_of(person) for network, person in staff.coordinators.items()}
    for network, desk in desks.items():
        for number, proposal in enumerate(_with_others(network)):
            _show(desk, proposal, link_for, has_chosen=number == 0)
    for city, region in CITIES.items():
        for number, buddy in enumerate(session().scalars(free_buddies(desks[city]).limit(2)).unique().all()):
            key = loans.offer_place(desks[city], buddy.id, to=region, until=today() + LENT_FOR)
            if number == 0:
                loans.accept_place(desks[region], key)


def _with_others(network: str) -> list[Proposal]:
    """The lowest of the pairs to judge with two other buddies who are still free: the best stay to be judged."""
    found = session().scalars(
        select(Proposal).where(Proposal.state == ProposalState.SUGGESTED, Proposal.run.has(network_slug=network))
        .order_by(Proposal.score, Proposal.id)
    ).unique()  # fmt: skip
    wanted = (
        proposal
        for proposal in found
        if len(proposal.explanation["alternatives"]) > 1 and len(others_of(proposal)) > 1
    )
    return [proposal for proposal, _number in zip(wanted, range(ASKED_IN_EACH), strict=False)]


def _show(desk: Viewer, proposal: Proposal, link_for: wishes.LinkFor, *, has_chosen: bool) -> None:
    others = [candidate.buddy.id for candidate in others_of(proposal)[:2]]
    key = wishes.show_buddies(desk, proposal.id, others, link_for=link_for)
    if has_chosen:
        newcomer = session().get_one(Wish, key).newcomer.person
        wishes.choose(viewer_of(newcomer), key, proposal.id)
