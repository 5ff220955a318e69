"""Noticing people who stand on the block list, wherever an address or number comes in or somebody comes into the pool.

Nobody but the coordinators of the network where it happened learns of it, as a task.
"""

from app.clock import now
from app.db import transaction
from app.models import BlockHit, Person
from app.queries.blocks import block_of, hit_of, networks_of


def look_up(person: Person, network: str) -> None:
    """Write down for the coordinators of that network that somebody stands on the block list.

    Part of the transaction that registers, or changes how the person is reached; nobody who is not on the list leaves
    a trace. Who was admitted in spite of a block is not asked about for the same block again.
    """
    block = block_of(person)
    if block is None:
        return
    with transaction() as db:
        earlier = hit_of(person.id)
        if earlier is None:
            db.add(BlockHit(block_id=block.id, person_id=person.id, network_slug=network))
            db.flush()
        elif earlier.block_id != block.id:
            earlier.block_id, earlier.network_slug, earlier.at = block.id, network, now()
            earlier.outcome = earlier.decided_at = earlier.decided_by_id = None


def look_up_changed(person: Person) -> None:
    """The same after an address or number has changed, in the network where the person takes part."""
    for network in networks_of(person.id)[:1]:
        look_up(person, network)
