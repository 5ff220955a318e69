"""The settings of a network, by its coordinators: who calls new people, within how many days, when, and who insures."""

from dataclasses import asdict, dataclass

from app.db import lock, session, transaction
from app.errors import NotFound
from app.models import Network
from app.security.permissions import Permission
from app.security.predicates import demand
from app.security.viewer import Viewer
from app.services.records import audit


@dataclass(frozen=True)
class NetworkSettings:
    """What the coordinators of a network decide; `help_phone` in E.164, `call_when` in that language."""

    caller_name: str
    deputy_name: str
    call_within_days: int
    silent_weeks: int
    check_in_weeks: int
    call_when: str
    call_when_language: str
    help_phone: str | None
    insurer: str
    newcomer_insurer: str = ""


def set_network(actor: Viewer, slug: str, wanted: NetworkSettings) -> list[str]:
    """Keep the settings of one of the actor's networks; returns which changed. Raises NotFound for another."""
    demand(actor, Permission.SET_NETWORK)
    if slug not in actor.networks:
        raise NotFound()
    with transaction() as db:
        lock(Network, slug)
        network = db.get_one(Network, slug, populate_existing=True)
        changed = [name for name, value in asdict(wanted).items() if getattr(network, name) != value]
        for name in changed:
            setattr(network, name, getattr(wanted, name))
        if changed:
            audit(actor, "network-set", "network", network=slug, columns=changed)
        return changed


def network_of(actor: Viewer, slug: str | None) -> Network:
    """One of the actor's networks, the first when none is named. Raises NotFound."""
    slug = slug or next(iter(sorted(actor.networks)), "")
    found = session().get(Network, slug) if slug in actor.networks else None
    if found is None:
        raise NotFound()
    return found
