"""The table of the bars as SECURITY.md shows it: what was measured last, each row with its day and its machine."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import NamedTemporaryFile

BEGIN = "<!-- bars: begin; `python -m tests.soak --write` writes what stands between -->"
END = "<!-- bars: end -->"
HEAD = ("bar", "what has to hold", "measured", "kept", "when, on")
NEVER = "quick form only"


class NoTable(Exception):
    """The file has no place for the table; the text is one line that says what to do."""


@dataclass(frozen=True)
class Row:
    """One bar: number, what has to hold, the figure in words, whether it is kept, and when on what it was measured."""

    number: str
    words: str
    figure: str = NEVER
    kept: str = ""
    when: str = ""

    def line(self) -> str:
        """The row as a line of the table."""
        return line((self.number, self.words, self.figure, self.kept, self.when))


def line(cells: Iterable[str]) -> str:
    """One line of a table; what would break it is written otherwise."""
    return "| " + " | ".join(re.sub(r"\s+", " ", cell).replace("|", "\\|") for cell in cells) + " |"


def when(day: date, cores: int | None = None) -> str:
    """A day and the machine of the measurement."""
    count = cores or os.cpu_count() or 1
    return f"{day.isoformat()}, {count} {'core' if count == 1 else 'cores'}"


def lines(rows: Sequence[Row]) -> list[str]:
    """The whole table."""
    return [line(HEAD), line(["---"] * len(HEAD)), *(row.line() for row in rows)]


def standing(text: str) -> dict[str, Row]:
    """The rows that stand in the marked part of that text, by number. Raises NoTable when there is no such part."""
    found = {}
    for written in _part(text).splitlines():
        cells = [cell.strip().replace("\\|", "|") for cell in re.split(r"(?<!\\)\|", written)[1:-1]]
        if len(cells) == len(HEAD) and re.fullmatch(r"B\d+", cells[0]):
            found[cells[0]] = Row(*cells)
    return found


def write(file: Path, bars: Sequence[tuple[str, str]], measured: Sequence[Row]) -> None:
    """Put the table of these bars (number, words) into the file: new rows where measured, the others as they stand.

    Everything or nothing; what stands around the marks is left as it is. Raises NoTable.
    """
    try:
        text = file.read_text(encoding="utf-8")
    except OSError as error:
        raise NoTable(f"{file.name} cannot be read ({error.strerror}).") from error
    old, new = standing(text), {row.number: row for row in measured}
    rows = []
    for number, words in bars:
        before = old.get(number, Row(number, words))
        rows.append(new.get(number) or Row(number, words, before.figure, before.kept, before.when))
    part = "\n".join(["", "", *lines(rows), "", ""])
    with NamedTemporaryFile("w", encoding="utf-8", dir=file.parent, delete=False) as kept:
        kept.write(text.replace(_part(text), part, 1))
    Path(kept.name).chmod(file.stat().st_mode)
    Path(kept.name).replace(file)


def _part(text: str) -> str:
    _before, begun, rest = text.partition(BEGIN)
    part, ended, _after = rest.partition(END)
    if not begun or not ended:
        raise NoTable(f"There is no place for the table: it goes between the lines {BEGIN} and {END}.")
    return part
