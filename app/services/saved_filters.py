"""Keeping a filter of a list under a name, opening the list with it, and taking it away; everybody for oneself."""

from sqlalchemy import func, select, update

from app.db import lock, transaction
from app.errors import Invalid
from app.i18n import lazy_gettext as _
from app.models import Person, SavedFilter
from app.queries.reach import one
from app.queries.saved_filters import filters_for
from app.security.permissions import Permission
from app.security.predicates import demand
from app.security.viewer import Viewer
from app.vocabulary.lists import ListKind

MOST = 20  # of one person and list
NEEDED = {ListKind.BUDDY: Permission.JUDGE_BUDDY, ListKind.NEWCOMER: Permission.JUDGE_NEWCOMER}


def keep(actor: Viewer, kind: ListKind, *, name: str, query: str) -> None:
    """Keep a filter; one with that name is replaced. Raises Invalid when there are too many."""
    demand(actor, NEEDED[kind])
    with transaction() as db:
        lock(Person, actor.person_id)
        own = filters_for(actor).where(SavedFilter.kind == kind)
        kept = db.scalars(own.where(SavedFilter.name == name)).one_or_none()
        if kept is not None:
            kept.query = query
            return
        if (db.scalar(select(func.count()).select_from(own.subquery())) or 0) >= MOST:
            raise Invalid("name", _("You have twenty filters of this list. Take one away first."))
        db.add(SavedFilter(person_id=actor.person_id, kind=kind, name=name, query=query))


def open_with(actor: Viewer, filter_id: int, *, start: bool) -> SavedFilter:
    """Let the list open with that filter, or with everybody again; returns it. Raises NotFound for another's."""
    with transaction() as db:
        lock(Person, actor.person_id)
        kept = one(filters_for(actor).where(SavedFilter.id == filter_id))
        db.execute(
            update(SavedFilter).where(SavedFilter.person_id == actor.person_id, SavedFilter.kind == kept.kind)
            .values(is_start=False)
        )  # fmt: skip
        db.execute(update(SavedFilter).where(SavedFilter.id == kept.id).values(is_start=start))
        return kept


def take_away(actor: Viewer, filter_id: int) -> SavedFilter:
    """Delete one of the own filters and return what it was. Raises NotFound for another's."""
    with transaction() as db:
        kept = one(filters_for(actor).where(SavedFilter.id == filter_id))
        db.delete(kept)
        return kept
