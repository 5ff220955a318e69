"""Selections of what readers say about sentences; only administrators see them."""

from sqlalchemy import Select, select

from app.models import Remark
from app.queries.reach import count, reach
from app.security.permissions import Permission
from app.security.viewer import Viewer
from app.vocabulary.remarks import RemarkState


def remarks_for(viewer: Viewer, *, language: str = "", state: RemarkState | None = None) -> Select[Remark]:
    """Remarks, the oldest first; narrowed to a language of the site and to a state when given."""
    found = select(Remark).where(reach(viewer, Permission.ADMINISTER, {})).order_by(Remark.id)
    if language:
        found = found.where(Remark.locale == language)
    return found.where(Remark.state == state) if state else found


def open_remarks(viewer: Viewer) -> int:
    """How many remarks wait for somebody to look at them."""
    return count(remarks_for(viewer, state=RemarkState.NEW))
