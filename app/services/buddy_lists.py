"""Reading a list of buddies or newcomers: whatever bytes a spreadsheet gives become rows with right letters, or a refusal
that names the line. Nothing here raises for what stands in a file, and nothing touches the database (SECURITY 57-63).
"""

import csv
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from app.i18n import Lazy
from app.i18n import lazy_gettext as _
from app.reference.folding import fold
from app.services.workbooks import Unreadable, text_of_workbook
from app.vocabulary.lists import ListKind

LARGEST = 2 * 1024 * 1024
MOST_ROWS = 5_000
MOST_COLUMNS = 60
LONGEST_CELL = 2_000
DELIMITERS = ";,\t"

# What a list may tell of a person, and how its columns are called in Dutch and English, folded.
COLUMNS: Mapping[str, tuple[str, ...]] = MappingProxyType({
    "name": ("naam", "volledige naam", "voornaam en naam", "voornaam en achternaam", "name", "full name"),
    "first_name": ("voornaam", "first name", "firstname", "given name"),
    "last_name": ("achternaam", "familienaam", "last name", "lastname", "surname", "family name"),
    "call_name": ("roepnaam", "aanspreeknaam", "nickname", "call name", "called"),
    "email": ("email", "e mail", "mail", "e mailadres", "emailadres", "mailadres", "e mail address", "email address"),
    "phone": ("telefoon", "telefoonnummer", "tel", "gsm", "gsm nummer", "mobiel", "phone", "phone number", "telephone",
              "telephone number", "mobile"),
    "postcode": ("postcode", "postnummer", "postal code", "zip", "zip code", "post code"),
    "place": ("gemeente", "plaats", "woonplaats", "stad", "deelgemeente", "town", "city", "place", "municipality"),
    "languages": ("talen", "gesproken talen", "taal", "languages", "spoken languages", "language"),
    "interests": ("interesses", "hobby s", "hobbys", "hobby", "interests", "hobbies", "vrije tijd"),
    "max_km": ("km", "max km", "maximum km", "afstand", "maximale afstand", "distance", "max distance"),
    "capacity": ("aantal nieuwkomers", "plaatsen", "places", "number of newcomers", "capacity"),
    "words": ("motivatie", "waarom", "motivation", "why"),
    "dutch_level": ("nederlands", "niveau nederlands", "taalniveau", "dutch", "level of dutch", "dutch level"),
    "waiting_since": ("wacht sinds", "aangemeld op", "datum aanmelding", "waiting since", "registered on"),
    "letters_in": ("taal van berichten", "contacttaal", "language of messages", "contact language"),
})  # fmt: skip
ONLY_OF = {
    ListKind.BUDDY: frozenset({"capacity"}),
    ListKind.NEWCOMER: frozenset({"dutch_level", "waiting_since", "letters_in"}),
}
HEADINGS = {heading: column for column, headings in COLUMNS.items() for heading in headings}

_MARKS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
_OTHER_FILES = ((b"\xd0\xcf\x11\xe0", "excel"), (b"%PDF", "other"), (b"{\\rtf", "other"))
_PAGE = re.compile(r"\s*<[!?a-zA-Z]")
_SEPARATOR_LINE = re.compile(r'"?sep=(.)"?', re.IGNORECASE)
_APOSTROPHE_BEFORE_SIGN = re.compile(r"'(?=[=+\-@])")
_TYPOGRAPHY = frozenset("–—‘’‚“”„…•«»°·ªº€\u00a0\u00ad")


@dataclass(frozen=True)
class Trouble:
    """What is wrong, at which line and in which column, and what to do about it."""

    line: int
    column: str
    message: Lazy


@dataclass(frozen=True)
class Row:
    """One line of the list: its number in the file, its cells by our names, and as they stood there."""

    line: int
    cells: Mapping[str, str]
    raw: tuple[str, ...]
    too_wide: bool = False


@dataclass(frozen=True)
class Reading:
    """A list as it was read; `read_text(text)` gives it again. With `refused` nothing of it can be used."""

    text: str = ""
    header: tuple[str, ...] = ()
    rows: tuple[Row, ...] = ()
    ignored: tuple[str, ...] = ()
    refused: Trouble | None = None


@dataclass
class _Refusal(Exception):
    trouble: Trouble = field()


def columns_of(kind: ListKind) -> Mapping[str, tuple[str, ...]]:
    """The columns that a list of those people may have."""
    others = {name for other, names in ONLY_OF.items() if other is not kind for name in names}
    return {name: headings for name, headings in COLUMNS.items() if name not in others}


def _refuse(line: int, message: Lazy, column: str = "") -> _Refusal:
    return _Refusal(Trouble(line, column, message))


def read_list(data: bytes) -> Reading:
    """The rows of a CSV in any usual encoding and with any usual separator, or of an Excel file. Never raises."""
    try:
        return _read(text_of(data))
    except _Refusal as refusal:
        return Reading(refused=refusal.trouble)


def read_text(text: str) -> Reading:
    """The rows of a list that was pasted. Never raises."""
    try:
        return _read(_checked(text))
    except _Refusal as refusal:
        return Reading(refused=refusal.trouble)


def text_of(data: bytes) -> str:
    """The text of a file. Raises a refusal that names the line when its letters cannot be known for sure."""
    if len(data) > LARGEST:
        raise _refuse(0, _("This file is larger than 2 MB. Send it in parts."))
    if data.startswith(b"PK"):
        try:
            return _checked(text_of_workbook(data))
        except Unreadable:
            raise _refuse(1, _EXCEL) from None
    for start, kind in _OTHER_FILES:
        if data.startswith(start):
            raise _refuse(1, _EXCEL if kind == "excel" else _NO_LIST)
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _checked(_strict(data[len(mark) :], encoding))
    if _looks_like_utf_16(data):
        return _checked(_strict(data, "utf-16-be" if data[0] == 0 else "utf-16-le"))
    try:
        return _checked(data.decode("utf-8"))
    except UnicodeDecodeError:
        return _checked(_western(data))


_EXCEL = _("We cannot read this Excel file. Open it and choose Save as, then CSV UTF-8.")
_NO_LIST = _("This is not a list. Save your list as CSV UTF-8 and send that file.")
_LETTERS = _(
    "We cannot read the letters of this line for sure. Save the list as CSV UTF-8 and send it again."
)


def _strict(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        before = data[: error.start].decode(encoding, "ignore")
        raise _refuse(_line_of(before), _LETTERS) from None


def _looks_like_utf_16(data: bytes) -> bool:
    """Whether nearly every other byte of the beginning is NUL, as in Latin text in UTF-16 without a mark."""
    start = data[:200]
    if len(start) < 4 or len(data) % 2:
        return False
    even, odd = start[0::2].count(0), start[1::2].count(0)
    return max(even, odd) > 0.7 * (len(start) // 2) and min(even, odd) == 0


def _western(data: bytes) -> str:
    """Text in cp1252. A file that mixes encodings, or has signs where letters belong, is refused at that line."""
    lines = re.split(rb"\r\n|\r|\n", data)
    for number, line in enumerate(lines, start=1):
        if not line.isascii() and _is_utf_8(line):
            raise _refuse(number, _LETTERS)
        try:
            words = line.decode("cp1252")
        except UnicodeDecodeError:
            raise _refuse(number, _LETTERS) from None
        if any(
            not letter.isascii() and not letter.isalpha() and letter not in _TYPOGRAPHY for letter in words
        ):
            raise _refuse(number, _LETTERS)
    return data.decode("cp1252")


def _is_utf_8(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _line_of(before: str) -> int:
    return _one_kind_of_line_end(before).count("\n") + 1


def _one_kind_of_line_end(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _checked(text: str) -> str:
    """The text with one kind of line end. Raises a refusal for pages, NUL, broken letters and what is too large."""
    text = _one_kind_of_line_end(text.removeprefix("\ufeff"))
    if len(text) > LARGEST:
        raise _refuse(0, _("This list is too long. Send it in parts."))
    if _PAGE.match(text):
        raise _refuse(1, _("This is a web page or a picture, not a list. Save your list as CSV UTF-8."))
    for number, line in enumerate(text.split("\n"), start=1):
        if any(unicodedata.category(letter) in ("Cc", "Cs", "Co") and letter != "\t" for letter in line):
            raise _refuse(number, _("This line has a character that we cannot keep. Type the line again."))
        if "\ufffd" in line or _damaged(line):
            raise _refuse(number, _LETTERS)
    return text


def _damaged(line: str) -> bool:
    """Whether letters of this line are UTF-8 that somebody read as Western text before, as in `AndrÃ©`."""
    return any(_is_twice_encoded(part) for part in re.findall(r"[\u0080-\uffff]{2,4}", line))


def _is_twice_encoded(part: str) -> bool:
    try:
        back = part.encode("cp1252").decode("utf-8")
    except UnicodeError:
        return False
    return len(back) < len(part)


def _read(text: str) -> Reading:
    lines = text.split("\n")
    first = _next_filled(lines, 0)
    asked = _SEPARATOR_LINE.fullmatch(lines[first].strip())
    if asked:
        first = _next_filled(lines, first + 1)
    delimiter = asked[1] if asked and asked[1] in DELIMITERS else _delimiter(lines[first])
    records = _records(lines, first, delimiter)
    line, heading = next(records)
    names = _names_of(line, heading)
    rows: list[Row] = []
    for number, cells in records:
        if not any(cell.strip() for cell in cells):
            continue
        if len(rows) == MOST_ROWS:
            raise _refuse(number, _("A list has at most 5 000 rows. Send the rest as a second list."))
        rows.append(_row(number, cells, heading, names))
    ignored = tuple(
        words.strip() for words, name in zip(heading, names, strict=True) if not name and words.strip()
    )
    return Reading(text=text, header=tuple(heading), rows=tuple(rows), ignored=ignored)


def _next_filled(lines: list[str], start: int) -> int:
    for number in range(start, len(lines)):
        if lines[number].strip():
            return number
    raise _refuse(1, _("This list is empty."))


def _delimiter(line: str) -> str:
    """The separator that gives the most columns that we know; a tie goes to the one that gives the most columns."""

    def worth(delimiter: str) -> tuple[int, int]:
        parts = line.split(delimiter)
        return sum(fold(part) in HEADINGS for part in parts), len(parts)

    return max(DELIMITERS, key=worth)


def _records(lines: list[str], first: int, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """(number of its first line, cells) of each record from the header on. Raises a refusal for stray quotes."""
    reader = csv.reader((f"{line}\n" for line in lines[first:]), delimiter=delimiter, strict=True)
    while True:
        number = first + reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            message = _("A quotation mark of this line is not closed. Close it or take it out.")
            raise _refuse(number, message) from None
        if len(cells) > MOST_COLUMNS:
            raise _refuse(
                number, _("This line has more than 60 columns. Check which sign separates the columns.")
            )
        if any(len(cell) > LONGEST_CELL for cell in cells):
            raise _refuse(number, _("A cell of this line is longer than 2 000 characters. Make it shorter."))
        yield number, cells


def _names_of(line: int, heading: list[str]) -> list[str]:
    names = [HEADINGS.get(fold(words), "") for words in heading]
    for position, name in enumerate(names):
        if name and name in names[:position]:
            message = _("Two columns have the same meaning. Keep one of them.")
            raise _refuse(line, message, heading[position].strip())
    if "name" not in names and "first_name" not in names:
        raise _refuse(line, _("The first line must name the columns. We miss a column Naam or Name."))
    if "postcode" not in names and "place" not in names:
        raise _refuse(line, _("The first line must name the columns. We miss a column Postcode."))
    if "email" not in names and "phone" not in names:
        raise _refuse(line, _("The first line must name the columns. We miss a column E-mail or Telefoon."))
    return names


def _row(number: int, cells: list[str], heading: list[str], names: list[str]) -> Row:
    """The row; what stands beyond the last column is kept in the last cell, for its owner to put right."""
    width = len(heading)
    beyond = [cell for cell in cells[width:] if cell.strip()]
    raw = (
        (*cells[: width - 1], " ".join([*cells[width - 1 : width], *beyond]))
        if beyond
        else tuple(cells[:width])
    )
    named = zip(names, cells, strict=False)
    return Row(number, {name: _bare(cell) for name, cell in named if name}, raw, too_wide=bool(beyond))


def _bare(cell: str) -> str:
    """A cell without blanks around it and without the apostrophe that our own files put before `+32`."""
    return (
        _APOSTROPHE_BEFORE_SIGN.sub("", cell.strip(), count=1)
        if cell.lstrip().startswith("'")
        else cell.strip()
    )
