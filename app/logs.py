"""The log of a site in service: one line of JSON for each event, with the number of its request, and no personal data.

What people type, are called or can be reached by never gets in: of an error only its kind and its place in the code
are told, not its message, which may quote a row; of what other libraries tell, only their own words and numbers.
"""

from __future__ import annotations

import json
import logging
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Final

ROOT: Final = Path(__file__).resolve().parent.parent
OURS: Final = "app"
PLACES: Final = 16  # of the code, nearest to the fault
UNTOLD: Final = "…"
# A second wall, for what a library has put into its own words: addresses, and numbers of people.
MAIL: Final = re.compile(r"[^\s@<>\"']+@[^\s@<>\"']+")
NUMBER: Final = re.compile(r"\+?\d(?:[ ./()-]?\d){7,}")

number_of_request: ContextVar[str] = ContextVar("number_of_request", default="")


class JsonLines(logging.Formatter):
    """Writes each event as one line of JSON: time, level, from, words, request, and the facts given as `facts`."""

    def format(self, record: logging.LogRecord) -> str:
        told: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "from": record.name,
            "words": masked(words_of(record)),
        }
        if number_of_request.get():
            told["request"] = number_of_request.get()
        told.update(getattr(record, "facts", {}))
        if record.exc_info and record.exc_info[0] is not None:
            told["fault"] = kinds_of(record.exc_info[1])
            told["at"] = places_of(record.exc_info[2])
        return json.dumps(told, ensure_ascii=False)


def words_of(record: logging.LogRecord) -> str:
    """What the event says; where a library says it, without anything but numbers put in."""
    if record.name == OURS or record.name.startswith(f"{OURS}."):
        return record.getMessage()
    given = record.args if isinstance(record.args, tuple) else ()
    try:
        return str(record.msg) % tuple(one if isinstance(one, int | float) else UNTOLD for one in given)
    except (TypeError, ValueError):
        return str(record.msg)


def masked(words: str) -> str:
    """The same words without mail addresses and long numbers."""
    return NUMBER.sub("<number>", MAIL.sub("<mail>", words))


def kinds_of(error: BaseException | None) -> list[str]:
    """What kind of error it is, and of what it came, without their messages."""
    kinds: list[str] = []
    while error is not None and len(kinds) < PLACES:
        kinds.append(type(error).__qualname__)
        error = error.__cause__ or error.__context__
    return kinds


def places_of(trace: TracebackType | None) -> list[str]:
    """Where in the code it happened, the innermost last."""
    found = []
    while trace is not None:
        path = Path(trace.tb_frame.f_code.co_filename)
        name = path.relative_to(ROOT).as_posix() if path.is_relative_to(ROOT) else path.name
        found.append(f"{name}:{trace.tb_lineno} {trace.tb_frame.f_code.co_name}")
        trace = trace.tb_next
    return found[-PLACES:]


def begin() -> None:
    """From now on everything that this process logs is written to its error output as lines of JSON."""
    root = logging.getLogger()
    if any(isinstance(handler.formatter, JsonLines) for handler in root.handlers):
        return
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    logging.getLogger("alembic").setLevel(
        logging.WARNING
    )  # nothing is left of its words, and commands have their own


@contextmanager
def about(number: str) -> Iterator[None]:
    """What is logged inside belongs to that request or job."""
    before = number_of_request.set(number)
    try:
        yield
    finally:
        number_of_request.reset(before)
