"""Texts that are read aloud: how one is recorded, sent and written down."""

from io import BytesIO

from app.db import session
from app.models import AuditEntry
from app.services import recordings
from app.vocabulary.spoken import SCREENS, spoken_text
from tests import factories, sounds

MESSAGES = [message for screens in SCREENS for message in screens.messages]
QUESTION = "What do you like to do?"


def kept(person, language="ti", message=QUESTION, content=None):
    """That text, recorded."""
    return recordings.keep_recording(
        factories.viewer(person), language, spoken_text(message, language).digest, content or sounds.ogg()
    )


def written():
    """What the audit log says of recordings, in order."""
    entries = session().query(AuditEntry).filter_by(subject="recording").order_by(AuditEntry.id)
    return [entry.action for entry in entries]


def address(language="ti", message=QUESTION, page="nl"):
    """Where that text is recorded."""
    return f"/{page}/recordings/{language}/{spoken_text(message, language).digest}"


def send(browser, content, path=None, name="opname.ogg", kind="audio/ogg", status=200):
    """Send those bytes as a file of that name and declared type."""
    data = {"sound": (BytesIO(content), name, kind)}
    return browser.post(path or address(), data, status=status, content_type="multipart/form-data")
