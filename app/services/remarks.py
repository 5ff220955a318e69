"""Remarks of readers about sentences: taking them in from anybody, and settling them."""

from sqlalchemy import update

from app.clock import now
from app.db import transaction
from app.errors import Invalid
from app.i18n import lazy_gettext as _
from app.models import Remark
from app.queries.reach import one
from app.queries.remarks import remarks_for
from app.security.permissions import Permission
from app.security.predicates import demand
from app.security.viewer import Viewer
from app.services.records import audit, move
from app.vocabulary.remarks import RemarkState

LONGEST_PAGE = 300


def report(*, locale: str, page: str, sentence: str, better: str = "", contact: str = "") -> int:
    """Keep a remark of anybody about a sentence in that language, and return its id.

    Who wrote it is not kept, but for what the reader chose to give as `contact`.
    """
    with transaction() as db:
        remark = Remark(
            locale=locale, page=page[:LONGEST_PAGE], sentence=sentence, better=better, contact=contact
        )
        db.add(remark)
        db.flush()
        return remark.id


def settle(actor: Viewer, remark_id: int, state: RemarkState, *, reason: str = "") -> None:
    """Say what became of a remark; its contact is forgotten. Raises NotFound, Invalid, Moved when it was settled."""
    demand(actor, Permission.ADMINISTER)
    if state is RemarkState.NEW:
        raise Invalid("state", _("Choose what you did with it."))
    if state is RemarkState.NOT_TAKEN and not reason:
        raise Invalid("reason", _("Write why it is not taken over."))
    with transaction():
        remark = one(remarks_for(actor).where(Remark.id == remark_id))
        move(
            update(Remark).where(Remark.id == remark.id, Remark.state == RemarkState.NEW)
            .values(state=state, reason=reason, contact="", settled_at=now(), settled_by_id=actor.person_id)
        )  # fmt: skip
        audit(actor, "remark-settled", "remark", remark.id, state=state.value, language=remark.locale)


def note_export(actor: Viewer) -> None:
    """Write down that the remarks were taken as a file."""
    demand(actor, Permission.ADMINISTER)
    with transaction():
        audit(actor, "remarks-exported")
