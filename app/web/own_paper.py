"""The own data as somebody reads it on paper: each value in words, in the language of the page."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from markupsafe import Markup

from app import i18n
from app.i18n import Lazy
from app.i18n.scopes import STAFF_PATHS
from app.reference.languages import language_name
from app.reference.networks import network
from app.vocabulary import (
    BuddyState,
    DuoState,
    EntryState,
    Labelled,
    NewcomerState,
    choices,
)
from app.vocabulary.own_words import IN_THE_ANSWERS, ONLY_IN_THE_FILE, WORDS_OF
from app.vocabulary.records import Subject
from app.vocabulary.registrations import AGREED_TEXTS
from app.vocabulary.sign_ups import SignUpState

ANSWERED = ("buddy", "newcomer")
SPOKEN = ("locale", "spoken", "language")
STATES: dict[str, dict[str, Lazy]] = {
    Subject.BUDDY.value: dict(choices(BuddyState)), Subject.NEWCOMER.value: dict(choices(NewcomerState)),
    Subject.DUO.value: dict(choices(DuoState)), Subject.HOUR_ENTRY.value: dict(choices(EntryState)),
    Subject.SIGN_UP.value: dict(choices(SignUpState)),
}  # fmt: skip

Line = tuple[Lazy, str]


def in_words(held: Mapping[str, Sequence[Mapping[str, Any]]]) -> dict[str, list[list[Line]]]:
    """Table by table, the rows as (what it is, value); a row of which nothing is to read is left out."""
    read = {name: [_row(name, row) for row in rows] for name, rows in held.items()}
    return {name: [row for row in rows if row] for name, rows in read.items() if any(rows)}


def _row(table: str, row: Mapping[str, Any]) -> list[Line]:
    left_out = ONLY_IN_THE_FILE | (IN_THE_ANSWERS if table in ANSWERED else frozenset())
    said = (
        (key, _said(key, value, row)) for key, value in row.items() if key in WORDS_OF and key not in left_out
    )
    lines = [(WORDS_OF[key], words) for key, words in said if words]
    return lines + [(WORDS_OF["text"], words) for words in _on_paper(row.get("content"))]


def _said(key: str, value: Any, row: Mapping[str, Any]) -> str:
    if value is None or value == "":
        return ""
    if isinstance(value, Labelled):
        return "" if _only_staff_read(value) else str(value.label)
    if isinstance(value, date):
        return i18n.moment(value) if isinstance(value, datetime) else i18n.day(value)
    return _of_code(key, str(value), row)


def _only_staff_read(value: Labelled) -> bool:
    """Whether words are those of staff, in a language in which these need not be there: the file has what they stand for."""
    own = i18n.active()
    everything = not i18n.is_language(own) or i18n.Scope.STAFF in i18n.language(own).complete
    return not everything and type(value).__module__.replace(".", "/") in STAFF_PATHS


def _of_code(key: str, value: str, row: Mapping[str, Any]) -> str:
    """A text, or what a code of ours stands for."""
    if key in SPOKEN:
        return language_name(value, i18n.active())
    if key == "network_slug":
        return network(value).name_nl
    if key == "to_state":
        return str(STATES.get(row["subject"], {}).get(value, value))
    return str(AGREED_TEXTS.get(value, value)) if key == "text" else value


def _on_paper(content: Any) -> list[str]:
    """The times on a signed proof: day, from, until, and what it was."""
    lines = content.get("lines", []) if isinstance(content, dict) else []
    return [
        Markup("{} · {} · {} · {}").format(
            i18n.day(date.fromisoformat(line["day"])), line["start"], line["end"], line["title"]
        )
        for line in lines
    ]
