"""Where the built model lies: beside the source, else in the user's cache, or where MATCHING_CACHE_DIR says.

Its name holds the fingerprint of the lexicon and of the code that learns from it, so that a changed lexicon asks
for a new model by itself. Building may be done by several processes at once: one does it, the others wait.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import lru_cache
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Final

from matching.understanding import lexicon
from matching.understanding.lookup import without_training
from matching.understanding.model import Model, NotAModelError, from_file, to_bytes

VARIABLE: Final = "MATCHING_CACHE_DIR"
HERE: Final = Path(__file__).resolve().parent
BESIDE = HERE / "__pycache__"
LEARNING: Final = (
    HERE.parent / "folding.py", HERE.parent / "interests.py",
    *(HERE / name for name in ("features.py", "lexicon.py", "model.py", "training.py")),
)  # fmt: skip


def folders() -> tuple[Path, ...]:
    """Where a model is looked for, and where it is written when that is allowed, in this order."""
    if chosen := os.environ.get(VARIABLE):
        return (Path(chosen),)
    try:
        cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    except RuntimeError:  # a user without a home
        return (BESIDE,)
    return BESIDE, cache / "samenspoor-matching"


@lru_cache(maxsize=8)
def file_name(folder: Path = lexicon.FOLDER) -> str:
    """The name of the model of that lexicon, as it was when this process first asked."""
    mark = lexicon.fingerprint(folder, *LEARNING)
    return f"interests-{mark[:20]}.model"


def find(folder: Path = lexicon.FOLDER) -> Path | None:
    """The file of the model of that lexicon, when it has been built."""
    for place in folders():
        path = place / file_name(folder)
        with suppress(OSError):  # a folder that may not be looked into
            if path.is_file():
                return path
    return None


def current(folder: Path = lexicon.FOLDER) -> Model:
    """The model of that lexicon; until it is built, or when its file is damaged, one that looks up exactly only.

    Takes milliseconds, later calls microseconds; never trains.
    """
    path = find(folder)
    if path is not None:
        with suppress(NotAModelError, OSError):
            return _loaded(path)
    return _exact(folder)


def build(folder: Path = lexicon.FOLDER) -> Path:
    """The file of the model of that lexicon, built if need be in the first folder that can be written.

    Takes seconds when it has to train. Raises TableError for a wrong lexicon, OSError when no folder can be written.
    """
    if (path := _whole(folder)) is not None:
        return path
    place = _writable()
    with _alone(place):
        if (path := _whole(folder)) is not None:
            return path
        from matching.understanding.training import train  # noqa: PLC0415 - answering never loads scipy

        content = to_bytes(train(lexicon.read(folder)))
        path = place / file_name(folder)
        with NamedTemporaryFile(dir=place, prefix=".interests-", delete=False) as draft:
            try:
                draft.write(content)
                draft.close()
                Path(draft.name).chmod(0o644)
                Path(draft.name).replace(path)
            except BaseException:
                Path(draft.name).unlink(missing_ok=True)
                raise
        if place == BESIDE:  # nobody else's models lie there
            for older in set(place.glob("interests-*.model")) - {path}:
                older.unlink()
    return path


def _whole(folder: Path) -> Path | None:
    path = find(folder)
    if path is not None:
        with suppress(NotAModelError):
            _loaded(path)
            return path
    return None


_loaded = lru_cache(maxsize=4)(from_file)


@lru_cache(maxsize=4)
def _exact(folder: Path) -> Model:
    return without_training(lexicon.read(folder))


def _writable() -> Path:
    """The first folder in which a file can be made; raises the OSError of the last when there is none."""
    *others, last = folders()
    for place in others:
        with suppress(OSError):
            return _tried(place)
    return _tried(last)


def _tried(place: Path) -> Path:
    place.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=place, prefix=".interests-"):
        return place


@contextmanager
def _alone(place: Path) -> Iterator[None]:
    with (place / "interests.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
