"""How well phrases are understood, on labelled phrases that are kept apart from the lexicon.

`data/labelled/<language>.csv` (set,phrase,tags): people wrote and labelled them without seeing the lexicon. Those of
the set `tune` were looked at while the model was made; those of `judge` only by this count.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import Final

from matching.interests import INTERESTS
from matching.tables import TableError
from matching.understanding.meaning import UNKNOWN, understand
from matching.understanding.model import Model

FOLDER: Final = Path(__file__).resolve().parents[1] / "data" / "labelled"
SETS: Final = ("tune", "judge")
COLUMNS: Final = ("set", "phrase", "tags")
HEAD: Final = (
    "| language | phrases | right tag first | with `und` | tags found | wrong tags per phrase | two wrong tags | "
    "left alone that mean none | tune: right first | tune: wrong per phrase |"
)


@dataclass(frozen=True, slots=True)
class Labelled:
    """A phrase with the interests that a reader finds in it; none is empty."""

    group: str
    phrase: str
    tags: frozenset[str]


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts over phrases: `meaning` name an interest, `empty` none; the others count what was answered."""

    meaning: int
    empty: int
    first: int
    named: int
    found: int
    wrong: int
    twice_wrong: int
    left_alone: int


def languages(folder: Path = FOLDER) -> tuple[str, ...]:
    """The languages with labelled phrases, in alphabetical order."""
    return tuple(sorted(path.stem for path in folder.glob("*.csv")))


def labelled(language: str, folder: Path = FOLDER) -> list[Labelled]:
    """The labelled phrases of a language; raises TableError when the file is not as described."""
    file = folder / f"{language}.csv"
    with file.open(encoding="utf-8", newline="") as lines:
        reader = csv.reader(lines)
        if tuple(next(reader, ())) != COLUMNS:
            raise TableError(str(file), 1, None, f"the header {','.join(COLUMNS)}")
        found = []
        for cells in reader:
            tags = frozenset(filter(None, cells[-1].split(";")))
            if len(cells) != len(COLUMNS) or cells[0] not in SETS or not tags <= set(INTERESTS):
                raise TableError(str(file), reader.line_num, None, "tune or judge, a phrase, known interests")
            found.append(Labelled(cells[0], cells[1], tags))
    return found


def tally(model: Model, language: str, phrases: Iterable[Labelled]) -> Tally:
    """Count how the model answers these phrases of a language."""
    counts = [
        _counts(one.tags, [item.tag for item in understand(model, one.phrase, language)]) for one in phrases
    ]
    return added(Tally(*one) for one in counts)


def _counts(tags: frozenset[str], answers: list[str]) -> tuple[int, ...]:
    wrong = len(set(answers) - tags)
    return (
        bool(tags), not tags, bool(answers) and answers[0] in tags, len(tags), len(tags & set(answers)), wrong,
        wrong > 1, not tags and not answers,
    )  # fmt: skip


def table(model: Model, folder: Path = FOLDER) -> str:
    """The table of README.md: a row for each language and one for all, in Markdown."""
    rows, everything = [], []
    for language in languages(folder):
        phrases = labelled(language, folder)
        judge, tune = ([one for one in phrases if one.group == name] for name in ("judge", "tune"))
        tallies = tally(model, language, judge), tally(model, UNKNOWN, judge), tally(model, language, tune)
        everything.append(tallies)
        rows.append(_row(language, *tallies))
    rows.append(_row("all", *(added(column) for column in zip(*everything, strict=True))))
    return "\n".join([HEAD, "|" + " --- |" * (HEAD.count("|") - 1), *rows]) + "\n"


def added(tallies: Iterable[Tally]) -> Tally:
    """The sum of several counts."""
    return Tally(*map(sum, zip(*map(astuple, tallies), strict=True)))


def _row(name: str, judge: Tally, unknown: Tally, tune: Tally) -> str:
    cells = [
        name, str(judge.meaning + judge.empty), f"{judge.first / judge.meaning:.1%}",
        f"{unknown.first / unknown.meaning:.1%}",
        f"{judge.found / judge.named:.1%}", f"{judge.wrong / (judge.meaning + judge.empty):.2f}",
        str(judge.twice_wrong), f"{judge.left_alone}/{judge.empty}", f"{tune.first / tune.meaning:.1%}",
        f"{tune.wrong / (tune.meaning + tune.empty):.2f}",
    ]  # fmt: skip
    return f"| {' | '.join(cells)} |"
