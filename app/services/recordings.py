"""Staff read the texts aloud: keep a recording, replace it, take it away."""

from hashlib import sha256
from typing import Any

from sqlalchemy import delete, or_
from sqlalchemy.exc import IntegrityError

from app.db import transaction
from app.errors import Moved
from app.i18n import lazy_gettext as _
from app.models import Recording
from app.queries.reach import one
from app.queries.recordings import recordings_for
from app.security.permissions import Permission
from app.security.predicates import demand
from app.security.viewer import Viewer
from app.services.audio import judge
from app.services.records import audit
from app.vocabulary.spoken import SpokenText, spoken_texts


def keep_recording(actor: Viewer, language: str, text_digest: str, content: bytes) -> Recording:
    """Keep the sound of a text as it is shown in that language now, in the place of what was there before.

    `content` is judged by its bytes. Raises Invalid for what is no sound that can be kept, Moved when the text is no
    longer the one that was read, or when somebody else keeps a recording of it at the same moment.
    """
    demand(actor, Permission.RECORD_TEXTS)
    assert actor.person_id is not None
    spoken = text_with(language, text_digest)
    if spoken is None:
        raise Moved(_("This text was changed in the meantime. Go back to the list and read the new text."))
    heard = judge(content)
    try:
        with transaction() as db:
            before = delete(Recording).where(
                Recording.language == language,
                or_(Recording.text_digest == text_digest, Recording.message == spoken.message),
            )
            replaced = bool(db.execute(before.returning(Recording.id)).all())
            made = Recording(
                language=language, message=spoken.message, text=spoken.text, text_digest=text_digest, kind=heard.kind,
                content=heard.content, content_digest=sha256(heard.content).hexdigest(), size=len(heard.content),
                milliseconds=heard.milliseconds, by_person_id=actor.person_id,
            )  # fmt: skip
            db.add(made)
            db.flush()
            facts: dict[str, Any] = {
                "language": language,
                "bytes": made.size,
                "milliseconds": made.milliseconds,
            }
            if replaced:
                audit(actor, "recording-replaced", "recording", made.id, **facts)
            else:
                audit(actor, "recording-kept", "recording", made.id, **facts)
    except IntegrityError as error:
        raise Moved from error
    return made


def remove_recording(actor: Viewer, recording_id: int) -> str:
    """Take a recording away for good; returns its language. Raises NotFound."""
    demand(actor, Permission.RECORD_TEXTS)
    with transaction() as db:
        gone = one(recordings_for(actor, Recording.id == recording_id))
        audit(actor, "recording-removed", "recording", gone.id, language=gone.language)
        db.delete(gone)
        return gone.language


def text_with(language: str, text_digest: str) -> SpokenText | None:
    """The text that has this digest in that language, if it is still shown."""
    texts = (text for _screens, texts in spoken_texts(language) for text in texts)
    return next((text for text in texts if text.digest == text_digest), None) if text_digest else None
