"""A network with two programmes: somebody who waits and a buddy in each, and what the plans suggest for them."""

from sqlalchemy import select

from app.db import session
from app.models import Proposal
from app.services import matches, placing
from app.services.network_programmes import ProgrammeSettings
from app.vocabulary import DutchLevel, ProposalState
from tests import factories

NETWORK = "rivierenland"
FAMILIES = ProgrammeSettings("Gezinnen", 9, 1, 3, DutchLevel.A1)


def first():
    return factories.a_network().programme_id


def suggested(run_id):
    """(newcomer, buddy) of what a run suggests now."""
    session().expire_all()
    found = select(Proposal.newcomer_id, Proposal.buddy_id).where(
        Proposal.run_id == run_id, Proposal.state == ProposalState.SUGGESTED
    )
    return {tuple(row) for row in session().execute(found)}


def proposal(run_id):
    return session().scalars(select(Proposal).where(Proposal.run_id == run_id)).unique().one()


def two_plans(coordinator, families):
    """One waits in each programme, and each has a buddy of its own; the keys of both runs."""
    for programme in (None, families):
        factories.newcomer(programme_id=programme)
        buddy = factories.buddy()
        placing.place_buddy(coordinator, buddy.id, programme_ids=[programme or first()])
    return matches.start_run(coordinator, NETWORK), matches.start_run(coordinator, NETWORK, families)
