"""The shape that all kinds of things to do share, so that one statement asks for all of them."""

from typing import Any

from sqlalchemy import Select, literal, select

from app.models import Buddy, Duo, Newcomer, Person
from app.queries.matches import duos_for
from app.security.permissions import Permission
from app.security.viewer import Viewer

NOTHING = literal("")
Found = Select[Any]


def columns(
    found: Found,
    key: Any,
    name: Any,
    at: Any,
    *,
    other: Any = NOTHING,
    network: Any = NOTHING,
    number: Any = None,
) -> Found:
    """A selection with the columns that all kinds share, so that one statement asks for all of them."""
    return found.with_only_columns(
        key.label("id"), name.label("name"), other.label("other"), at.label("at"), network.label("network"),
        (literal(0) if number is None else number).label("number"),
    ).order_by(at)  # fmt: skip


def owing_duos(viewer: Viewer, at: Any, *conditions: Any) -> Found:
    """The duos that the viewer follows and for which this holds, with both names."""
    found = duos_for(viewer, Permission.FOLLOW_DUO).where(*conditions)
    return columns(found, Duo.id, _person_of(Newcomer), at, other=_person_of(Buddy), network=Duo.network_slug)


def _person_of(kind: type[Buddy | Newcomer]) -> Any:
    of_duo = Duo.buddy_id if kind is Buddy else Duo.newcomer_id
    return (
        select(Person.full_name).join(kind, kind.person_id == Person.id).where(kind.id == of_duo)
        .correlate(Duo).scalar_subquery()
    )  # fmt: skip
