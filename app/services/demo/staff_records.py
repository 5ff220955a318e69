"""What staff keep beside the records of people: notes, filters, the block list, somebody registered twice; and a network
that asks for a place.
"""

from datetime import timedelta
from itertools import islice

from sqlalchemy import select

from app.clock import today
from app.db import session
from app.models import Buddy, Duo, Newcomer
from app.queries.accounts import viewer_of
from app.queries.loans import partners
from app.security.viewer import Viewer
from app.services import blocks, loan_requests, notes, saved_filters
from app.services.demo.people_to_try import NETWORK
from app.services.demo.staff import Staff
from app.vocabulary import BuddyState, NewcomerState
from app.vocabulary.blocks import BlockReason
from app.vocabulary.lists import ListKind

NOTES = ("Belt liefst na zes uur 's avonds.", "Kent de bibliotheek goed en kan daar afspreken.")
ABOUT_NEWCOMERS = ("Komt met de trein en stapt liever niet ver.", "De zus tolkt aan de telefoon.")
FILTERS = (
    (ListKind.BUDDY, "Klaar en spreekt Frans", "state=approved&language=fr"),
    (ListKind.NEWCOMER, "Wacht en kookt graag", "state=waiting&interest=cooking"),
)
WANTED = "Iemand die Tigrinya of Arabisch spreekt, in het weekend."
BLOCK_NOTE = "Hield zich niet aan de afspraken. Bel ons eerst."


def keep_records(staff: Staff, tried: Duo) -> None:
    """In the network that is tried, a little of each."""
    els = viewer_of(staff.coordinators[NETWORK])
    notes.write_on_buddy(els, tried.buddy_id, note=NOTES[1])
    for newcomer, note in zip(_newcomers(NewcomerState.WAITING), ABOUT_NEWCOMERS, strict=False):
        notes.write_on_newcomer(els, newcomer.id, note=note)
    for buddy, note in zip(_buddies(BuddyState.APPROVED), NOTES[:1], strict=False):
        notes.write_on_buddy(els, buddy.id, note=note)
    for kind, name, query in FILTERS:
        saved_filters.keep(els, kind, name=name, query=query)
    _register_twice()
    _block(els)
    asking = partners(NETWORK)[0]
    loan_requests.ask_for_place(
        viewer_of(staff.coordinators[asking]), by=asking, to=NETWORK, until=today() + timedelta(days=90), words=WANTED
    )  # fmt: skip


def _newcomers(state: NewcomerState) -> list[Newcomer]:
    found = select(Newcomer).where(Newcomer.network_slug == NETWORK, Newcomer.state == state)
    return list(session().scalars(found.order_by(Newcomer.id)).unique())


def _buddies(state: BuddyState) -> list[Buddy]:
    found = select(Buddy).where(Buddy.network_slug == NETWORK, Buddy.state == state)
    return list(session().scalars(found.order_by(Buddy.id)).unique())


def _register_twice() -> None:
    """A newcomer who did not remember having registered, and wrote the name in another order."""
    pair = list(islice(_newcomers(NewcomerState.REGISTERED), 2))
    if len(pair) == 2:
        first, second = (newcomer.person for newcomer in pair)
        second.full_name = " ".join(reversed(first.full_name.split()))
        second.call_name, second.phone = first.call_name, first.phone
        session().flush()


def _block(els: Viewer) -> None:
    """A buddy who may not come back, and somebody who registered with the same number."""
    gone = [buddy for buddy in _buddies(BuddyState.REJECTED) if buddy.person.phone]
    new = _buddies(BuddyState.REGISTERED)
    if gone and new:
        new[0].person.phone = gone[0].person.phone
        session().flush()
        blocks.block_buddy(
            els,
            gone[0].id,
            reason=BlockReason.RULES,
            review_on=today() + timedelta(days=365),
            note=BLOCK_NOTE,
        )
