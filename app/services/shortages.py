"""Calls for volunteers: made from the last plan in one click, ended, and what is counted of them."""

from sqlalchemy import select, update

from app.clock import now
from app.db import lock, session, transaction
from app.errors import Moved, NotFound
from app.models import Network, VolunteerCall
from app.queries.reach import one
from app.queries.shortages import calls_for, last_plans, waiting_left_out, wanted
from app.security.permissions import Permission
from app.security.predicates import demand
from app.security.secrets import new_token
from app.security.viewer import Viewer
from app.services.records import audit, move

SITE = "site"


def make_call(actor: Viewer, network: str) -> int:
    """Ask the public for whom the network misses; returns the key of the call, the same for the same plan.

    Raises NotFound for a network outside the actor's reach, Moved when there is no plan to ask from.
    """
    demand(actor, Permission.CALL_VOLUNTEERS)
    if network not in actor.networks or actor.person_id is None:
        raise NotFound
    with transaction() as db:
        lock(Network, network)
        plans = last_plans(actor, network)
        if not plans:
            raise Moved
        run = plans[0]
        made = db.scalars(
            select(VolunteerCall).where(VolunteerCall.run_id == run.id, VolunteerCall.closed_at.is_(None))
        ).one_or_none()
        if made is not None:
            return made.id
        asks = wanted(plans, waiting_left_out(actor, plans))
        call = VolunteerCall(
            network_slug=network, run_id=run.id, code=new_token()[:16], languages=asks.languages, moments=asks.moments,
            towns=asks.towns, wish=asks.wish, waiting=asks.waiting, by_person_id=actor.person_id,
        )  # fmt: skip
        db.add(call)
        db.flush()
        audit(actor, "call-made", "volunteer-call", call.id, network=network, run=run.id)
        return call.id


def close_call(actor: Viewer, call_id: int) -> None:
    """End a call: its page says so from now on. Raises Moved when it is over already, NotFound."""
    demand(actor, Permission.CALL_VOLUNTEERS)
    with transaction():
        call = one(calls_for(actor).where(VolunteerCall.id == call_id))
        move(
            update(VolunteerCall).where(VolunteerCall.id == call_id, VolunteerCall.closed_at.is_(None))
            .values(closed_at=now())
        )  # fmt: skip
        audit(actor, "call-closed", "volunteer-call", call_id, network=call.network_slug)


def count_visit(call_id: int) -> None:
    """Somebody looked at the page of a call: one more, and nothing else is kept."""
    with transaction() as db:
        db.execute(
            update(VolunteerCall).where(VolunteerCall.id == call_id).values(visits=VolunteerCall.visits + 1)
        )


def source_of(code: str) -> str:
    """What a registration keeps as its source: the call with that code, or the site itself when there is none."""
    if not code:
        return SITE
    call = session().scalars(select(VolunteerCall).where(VolunteerCall.code == code)).one_or_none()
    return call.source if call else SITE
