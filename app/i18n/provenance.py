"""Where each translation comes from: made by whom, of which version of its source, checked by whom (T8).

Beside each catalogue stands provenance.csv with one row for each translated message. A state is computed from it
and from the texts as they stand; it is stored nowhere, so that no two marks can contradict each other:

missing          there is no text
made by a person the text is not the one on record: somebody changed it, looking at the source as it stands
outdated         the source has changed since the text was made or checked; wins over all that follows
checked          a native speaker read exactly this text
machine-made, made by a person   by the record; a text without a record counts as machine-made, the lesser claim
"""

import csv
import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache
from io import StringIO
from pathlib import Path

from babel.messages.catalog import Catalog

from app.i18n.catalogues import FOLDER, po_file, read_catalogue
from app.i18n.faults import forms_of, has_text
from app.i18n.languages import DEFAULT, LANGUAGES, SOURCE

COLUMNS = ("message", "source", "text", "made", "checked_by", "checked_on")
_APART = "\x04"


class Made(StrEnum):
    """Who made a translation."""

    MACHINE = "machine"
    PERSON = "person"


class State(StrEnum):
    """How a translation stands."""

    MISSING = "missing"
    OUTDATED = "outdated"
    MACHINE = "machine-made"
    PERSON = "made by a person"
    CHECKED = "checked"


class BadRecord(ValueError):
    """A provenance.csv that cannot be read; the text names the file and the line."""


@dataclass(frozen=True, slots=True)
class Record:
    """One row: digests of the source and of the text it is about, who made it, who checked it and when.

    `checked_on` is a date as YYYY-MM-DD; both are empty when nobody has checked it.
    """

    source: str
    text: str
    made: Made = Made.MACHINE
    checked_by: str = ""
    checked_on: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One message in one language as it stands: digests of what it says there and of what it is made from.

    `text` is empty for a message that is not translated. `english` is the message as the code has it.
    """

    english: str
    source: str
    text: str


@dataclass(frozen=True, slots=True)
class Reading:
    """How many texts of a language a native speaker has read, of how many."""

    checked: int
    total: int

    @property
    def whole(self) -> bool:
        """Whether all of them are read."""
        return 0 < self.total == self.checked


def digest(*parts: str) -> str:
    """Twelve hexadecimal digits that change when one of the texts does, or their number."""
    return hashlib.sha256(_APART.join((str(len(parts)), *parts)).encode()).hexdigest()[:12]


def key_of(identity: str | list[str] | tuple[str, ...], context: str | None) -> str:
    """What a message is called in provenance.csv. As in a catalogue, a plural is known by its first form."""
    return digest(context or "", identity if isinstance(identity, str) else identity[0])


def state(entry: Entry, record: Record | None) -> State:
    """How a translation stands, see the head of this module."""
    if not entry.text:
        return State.MISSING
    if record is None:
        return State.MACHINE
    if record.text != entry.text:
        return State.PERSON
    if record.source != entry.source:
        return State.OUTDATED
    if record.checked_by:
        return State.CHECKED
    return State.PERSON if record.made is Made.PERSON else State.MACHINE


def up_to_date(entry: Entry, record: Record | None) -> Record | None:
    """The record that holds now: none without text, a person's where the text was changed by hand.

    Never changes the state. An outdated record stays as it is.
    """
    if not entry.text:
        return None
    if record is None:
        return Record(entry.source, entry.text)
    if record.text != entry.text:
        return Record(entry.source, entry.text, Made.PERSON)
    return record


def made_now(entry: Entry, made: Made) -> Record | None:
    """The record of a text made today from the source as it stands, not yet checked."""
    return Record(entry.source, entry.text, made) if entry.text else None


def checked_now(entry: Entry, record: Record | None, by: str, on: str) -> Record | None:
    """The record of a text that a native speaker has compared with the source as it stands."""
    held = up_to_date(entry, record)
    return held and replace(held, source=entry.source, checked_by=by, checked_on=on)


def entries(catalogue: Catalog, dutch: Catalog, template: Catalog, tag: str) -> dict[str, Entry]:
    """Every message of the template as it stands in this language, by its key.

    The source is the English of the code with the Dutch text, which translators see beside it; for Dutch and
    English themselves it is the English alone. English that is not written out says what the code says.
    """
    found = {}
    for message in template:
        if not message.id:
            continue
        english = (message.id,) if isinstance(message.id, str) else tuple(message.id)
        held = catalogue.get(message.id, message.context)
        forms = forms_of(held) if has_text(held) else english if tag == SOURCE else ()
        beside = dutch.get(message.id, message.context) if tag not in (DEFAULT, SOURCE) else None
        found[key_of(message.id, message.context)] = Entry(
            english[0],
            digest(*english, *(forms_of(beside) if beside else ())),
            digest(*forms) if forms else "",
        )
    return found


def standing(folder: Path, tag: str) -> dict[str, Entry]:
    """`entries` from the files of a folder."""
    template = read_catalogue(folder / "messages.pot")
    dutch = read_catalogue(po_file(folder, DEFAULT), DEFAULT)
    return entries(read_catalogue(po_file(folder, tag), tag), dutch, template, tag)


def record_file(folder: Path, tag: str) -> Path:
    """Where the records of a language stand."""
    return folder / tag / "provenance.csv"


def read_records(path: Path) -> dict[str, Record]:
    """The records of a file; none when there is no file. Raises BadRecord."""
    if not path.exists():
        return {}
    records: dict[str, Record] = {}
    with path.open(encoding="utf-8", newline="") as file:
        for number, row in enumerate(csv.reader(file), start=1):
            if number == 1 and tuple(row) == COLUMNS:
                continue
            if number == 1 or len(row) != len(COLUMNS) or row[0] in records or row[3] not in set(Made):
                raise BadRecord(f"{path}, line {number}: this is not a record of a translation")
            records[row[0]] = Record(row[1], row[2], Made(row[3]), row[4], row[5])
    return records


def as_csv(records: Mapping[str, Record]) -> str:
    """The records as they are written: sorted by key, a line each, so that a change shows only what changed."""
    buffer = StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(COLUMNS)
    for key, record in sorted(records.items()):
        writer.writerow(
            (key, record.source, record.text, record.made, record.checked_by, record.checked_on),
        )
    return buffer.getvalue()


def write_records(path: Path, found: Iterable[tuple[str, Record | None]]) -> None:
    """Writes the records that there are; a file that would say the same is left alone."""
    text = as_csv({key: record for key, record in found if record})
    if not path.exists() or path.read_text(encoding="utf-8") != text:
        path.write_text(text, encoding="utf-8", newline="\n")


def bring_up_to_date(folder: Path = FOLDER) -> None:
    """Brings provenance.csv of each language up to its catalogue."""
    for item in LANGUAGES:
        path = record_file(folder, item.tag)
        records = read_records(path)
        write_records(
            path,
            [(key, up_to_date(entry, records.get(key))) for key, entry in standing(folder, item.tag).items()],
        )


def record_made(folder: Path, tag: str, made: Made, only: frozenset[str] | None) -> int:
    """Records texts as made from the source as it stands; returns how many.

    `only`: English sentences or keys. Without it: what has no record yet, was changed or is outdated.
    """

    def renewed(key: str, entry: Entry, record: Record | None) -> Record | None:
        current = record is not None and (record.source, record.text) == (entry.source, entry.text)
        wanted = not current if only is None else _named(key, entry, only)
        return made_now(entry, made) if wanted else record

    return _rewrite(folder, tag, renewed)


def record_checked(folder: Path, tag: str, by: str, on: str, only: frozenset[str] | None) -> int:
    """Records that a native speaker read the texts of a language; returns how many records changed.

    `by` is a name, `on` a date as YYYY-MM-DD. `only`: English sentences or keys; without it everything.
    """

    def read(key: str, entry: Entry, record: Record | None) -> Record | None:
        wanted = only is None or _named(key, entry, only)
        return checked_now(entry, record, by, on) if wanted else record

    return _rewrite(folder, tag, read)


def states(folder: Path, tag: str) -> Iterator[State]:
    """The state of each message of a language."""
    records = read_records(record_file(folder, tag))
    for key, entry in standing(folder, tag).items():
        yield state(entry, records.get(key))


def reading(tag: str, folder: Path = FOLDER) -> Reading:
    """How much of a language a native speaker has read, by the files as they stand.

    Without any check on record the texts are not compared: then it is 0 of as many as are recorded.
    """
    records = read_records(record_file(folder, tag))
    if not any(record.checked_by for record in records.values()):
        return Reading(0, len(records))
    found = [each for each in states(folder, tag) if each is not State.MISSING]
    return Reading(found.count(State.CHECKED), len(found))


@cache
def shipped_reading(tag: str) -> Reading:
    """`reading` of the translations that come with the code, looked up once: they do not change while we run."""
    return reading(tag)


def _rewrite(folder: Path, tag: str, renewed: Callable[[str, Entry, Record | None], Record | None]) -> int:
    path = record_file(folder, tag)
    before = read_records(path)
    after = {
        key: renewed(key, entry, before.get(key))
        for key, entry in standing(folder, tag).items()
        if entry.text
    }
    write_records(path, after.items())
    return sum(record != before.get(key) for key, record in after.items())


def _named(key: str, entry: Entry, only: frozenset[str]) -> bool:
    return key in only or entry.english in only
