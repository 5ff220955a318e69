"""The filters of lists that the viewer keeps."""

from sqlalchemy import Select, select

from app.models import SavedFilter
from app.queries.reach import rows
from app.security.viewer import Viewer
from app.vocabulary.lists import ListKind


def filters_for(viewer: Viewer) -> Select[SavedFilter]:
    """The viewer's own, by name; nobody sees those of another."""
    return select(SavedFilter).where(SavedFilter.person_id == viewer.person_id).order_by(SavedFilter.name)


def filters_of(viewer: Viewer, kind: ListKind) -> list[SavedFilter]:
    """The viewer's filters of that list."""
    return rows(filters_for(viewer).where(SavedFilter.kind == kind))
