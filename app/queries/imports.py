"""Lists of buddies that were brought in, and who of a list is here already."""

from collections.abc import Collection

from sqlalchemy import Select, select
from sqlalchemy.orm import InstrumentedAttribute

from app.db import session
from app.models import BuddyImport, Person
from app.queries.reach import one, reach
from app.security.permissions import Permission, Scope
from app.security.viewer import Viewer

AT_ONCE = 500


def lists_for(viewer: Viewer) -> Select[BuddyImport]:
    """The lists of the viewer's networks, newest first."""
    own = BuddyImport.network_slug.in_(viewer.networks)
    return (
        select(BuddyImport).where(reach(viewer, Permission.IMPORT_BUDDIES, {Scope.NETWORK: own}))
        .order_by(BuddyImport.id.desc())
    )  # fmt: skip


def list_of(viewer: Viewer, import_id: int) -> BuddyImport:
    """One list of the viewer's networks, as it is now. Raises NotFound."""
    wanted = lists_for(viewer).where(BuddyImport.id == import_id)
    return one(wanted.execution_options(populate_existing=True))


def taken_over_before(network: str, digest: str) -> BuddyImport | None:
    """The list with that content that the network took over."""
    return session().scalar(
        select(BuddyImport).where(
            BuddyImport.network_slug == network, BuddyImport.digest == digest, BuddyImport.done_at.is_not(None)
        )
    )  # fmt: skip


def known_addresses(canonical: Collection[str]) -> set[str]:
    """Which of these canonical addresses belong to somebody, in any network."""
    return _known(list(canonical), Person.email_canonical)


def known_phones(phones: Collection[str]) -> set[str]:
    """Which of these numbers belong to somebody, in any network."""
    return _known(list(phones), Person.phone)


def _known(values: list[str], column: InstrumentedAttribute[str | None]) -> set[str]:
    found: set[str] = set()
    for start in range(0, len(values), AT_ONCE):
        some = select(column).where(column.in_(values[start : start + AT_ONCE]))
        found.update(value for value in session().scalars(some) if value)
    return found
