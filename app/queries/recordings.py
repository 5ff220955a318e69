"""What can be heard, and how far the recordings of a language are."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import joinedload, undefer

from app.db import session
from app.models import Recording
from app.queries.reach import one, reach, rows
from app.security.permissions import Permission
from app.security.viewer import Viewer
from app.vocabulary.spoken import (
    AudioKind,
    Screens,
    SpokenText,
    languages_to_record,
    spoken_texts,
)


@dataclass(frozen=True, slots=True)
class TextToRecord:
    """A text with its recording; `outdated` is one of an earlier wording, which is not played."""

    spoken: SpokenText
    recording: Recording | None
    outdated: Recording | None


@dataclass(frozen=True, slots=True)
class Progress:
    """How many of the texts of a language are recorded."""

    language: str
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class Board:
    """The texts of one language screen by screen, recordings of texts that are gone, and how far each language is."""

    language: str
    screens: list[tuple[Screens, list[TextToRecord]]]
    gone: list[Recording]
    progress: list[Progress]

    @property
    def texts(self) -> list[TextToRecord]:
        """All texts, in the order of the page."""
        return [text for _screens, texts in self.screens for text in texts]

    @property
    def own(self) -> Progress:
        """How far this language is."""
        return next(item for item in self.progress if item.language == self.language)

    def after(self, digest: str = "") -> TextToRecord | None:
        """The next text without a recording behind that one, from the top again at the end; None when all have one."""
        texts = self.texts
        at = next((number for number, text in enumerate(texts, 1) if text.spoken.digest == digest), 0)
        return next(
            (text for text in texts[at:] + texts[:at] if text.spoken.digest and not text.recording), None
        )


def heard_in(language: str) -> dict[str, tuple[str, AudioKind]]:
    """Digest of a text -> (digest of the sound, its kind), of all recordings in a language."""
    found = select(Recording.text_digest, Recording.content_digest, Recording.kind).where(
        Recording.language == language
    )
    return {text: (sound, kind) for text, sound, kind in session().execute(found)}


def sound(language: str, content_digest: str) -> Recording:
    """A recording with its bytes, for anybody. Raises NotFound."""
    return one(
        select(Recording)
        .where(Recording.language == language, Recording.content_digest == content_digest)
        .options(undefer(Recording.content)).order_by(Recording.id).limit(1)
    )  # fmt: skip


def recordings_for(viewer: Viewer, *conditions: ColumnElement[bool]) -> Select[Recording]:
    """The recordings that the viewer may replace and remove, with who made them and without their bytes."""
    return (
        select(Recording).where(reach(viewer, Permission.RECORD_TEXTS, {}), *conditions)
        .options(joinedload(Recording.by)).order_by(Recording.id)
    )  # fmt: skip


def board(viewer: Viewer, language: str) -> Board:
    """Everything on the page of one language."""
    kept = rows(recordings_for(viewer))
    own = [recording for recording in kept if recording.language == language]
    by_digest = {recording.text_digest: recording for recording in own}
    screens = [
        (screen, [_with_recording(spoken, by_digest, own) for spoken in texts])
        for screen, texts in spoken_texts(language)
    ]
    shown = {
        recording.id for _screen, texts in screens for text in texts
        for recording in (text.recording, text.outdated) if recording
    }  # fmt: skip
    recorded = {(recording.language, recording.text_digest) for recording in kept}
    return Board(
        language, screens, [recording for recording in own if recording.id not in shown],
        [_progress(tag, recorded) for tag in languages_to_record()],
    )  # fmt: skip


def _with_recording(
    spoken: SpokenText, by_digest: dict[str, Recording], own: list[Recording]
) -> TextToRecord:
    recording = by_digest.get(spoken.digest)
    earlier = [item for item in own if item.message == spoken.message and item is not recording]
    return TextToRecord(spoken, recording, None if recording or not earlier else earlier[-1])


def _progress(language: str, recorded: set[tuple[str, str]]) -> Progress:
    texts = [text for _screen, texts in spoken_texts(language) for text in texts]
    return Progress(language, sum((language, text.digest) in recorded for text in texts), len(texts))
