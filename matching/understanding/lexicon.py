"""The lexicon that the project writes: phrases per interest and language, phrases that mean none, and negations.

`data/lexicon/<language>.csv` (tag,phrase), `none/<language>.csv` (phrase) and `negation/<language>.csv`
(kind,word) beside it. A language is known when its first file exists: adding one, or a phrase, is a change of
data alone.
"""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from matching.folding import fold
from matching.interests import INTEREST_BIT
from matching.tables import TableError

FOLDER: Final = Path(__file__).resolve().parents[1] / "data" / "lexicon"
MOST_LANGUAGES: Final = 64
LANGUAGE: Final = re.compile(r"[a-z]{2,8}")
NOT: Final = "not"
BUT: Final = "but"


@dataclass(frozen=True, slots=True)
class Negation:
    """How a language says no: folded words and beginnings, ends or middles of words that negate a clause, and
    the words with which what follows is meant again.
    """

    words: frozenset[str]
    pattern: str
    turns: frozenset[str]

    def negates(self, words: Sequence[str]) -> bool:
        """Whether one of these folded words says no."""
        pattern = self.pattern
        return any(word in self.words or (pattern and re.fullmatch(pattern, word)) for word in words)


@dataclass(frozen=True, slots=True)
class Language:
    """One language: folded phrase to number of its interest, folded phrases that mean none, negations."""

    tag: str
    phrases: Mapping[str, int]
    nothing: tuple[str, ...]
    negation: Negation


def languages(folder: Path = FOLDER) -> tuple[str, ...]:
    """The languages that have a lexicon, in alphabetical order."""
    return tuple(sorted(path.stem for path in folder.glob("*.csv")))


def read(folder: Path = FOLDER) -> tuple[Language, ...]:
    """The lexicon of every language; a file that is not as described raises TableError."""
    tags = languages(folder)
    if not tags or len(tags) > MOST_LANGUAGES:
        raise TableError(str(folder), None, None, f"1 to {MOST_LANGUAGES} files such as nl.csv")
    found = tuple(_language(folder, tag) for tag in tags)
    named = {number for one in found for number in one.phrases.values()}
    if missing := [slug for slug, number in INTEREST_BIT.items() if number not in named]:
        raise TableError(str(folder), None, "tag", f"a phrase for {', '.join(missing)}")
    return found


def fingerprint(*folders: Path) -> str:
    """SHA-256 (hex) over the names and contents of all files in these folders, or of a file itself."""
    total = hashlib.sha256()
    for folder in folders:
        for path in [folder] if folder.is_file() else sorted(folder.rglob("*.csv")):
            content = path.read_bytes()
            name = "" if path == folder else path.relative_to(folder).as_posix()
            total.update(f"{name}\0{len(content)}\0".encode() + content)
    return total.hexdigest()


def _language(folder: Path, tag: str) -> Language:
    file = folder / f"{tag}.csv"
    if not LANGUAGE.fullmatch(tag):
        raise TableError(str(file), None, None, "a file named by a language tag such as nl.csv")
    phrases: dict[str, int] = {}
    for line, row in _rows(file, ("tag", "phrase")):
        if row["tag"] not in INTEREST_BIT:
            raise TableError(str(file), line, "tag", f"one of the interests, found {row['tag'][:80]!r}")
        key, number = _folded(file, line, "phrase", row["phrase"]), INTEREST_BIT[row["tag"]]
        if phrases.setdefault(key, number) != number:
            raise TableError(
                str(file), line, "phrase", f"a phrase of one interest only, found {row['phrase']!r}"
            )
    nothing = folder / "none" / f"{tag}.csv"
    return Language(
        tag,
        phrases,
        tuple(_folded(nothing, line, "phrase", row["phrase"]) for line, row in _rows(nothing, ("phrase",))),
        _negation(folder / "negation" / f"{tag}.csv"),
    )


def _negation(file: Path) -> Negation:
    found: dict[str, set[str]] = {NOT: set(), BUT: set()}
    patterns = set()
    for line, row in _rows(file, ("kind", "word")):
        if row["kind"] not in found:
            raise TableError(str(file), line, "kind", f"{NOT} or {BUT}, found {row['kind'][:80]!r}")
        word = _folded(file, line, "word", row["word"])
        if "*" in row["word"]:
            patterns.add(".*".join(re.escape(fold(part)) for part in row["word"].split("*")))
        else:
            found[row["kind"]].add(word)
    return Negation(frozenset(found[NOT]), "|".join(sorted(patterns)), frozenset(found[BUT]))


def _folded(file: Path, line: int, column: str, text: str) -> str:
    key = fold(text)
    if not key:
        raise TableError(str(file), line, column, "a phrase with letters")
    return key


def _rows(file: Path, columns: tuple[str, ...]) -> Iterator[tuple[int, dict[str, str]]]:
    """The rows of a file with their line numbers; a file that does not exist has none."""
    try:
        text = file.read_text(encoding="utf-8")
    except FileNotFoundError:
        return
    except UnicodeDecodeError as error:
        raise TableError(str(file), None, None, "text in UTF-8") from error
    reader = csv.reader(io.StringIO(text, newline=""))
    if tuple(next(reader, ())) != columns:
        raise TableError(str(file), 1, None, f"the header {','.join(columns)}")
    for cells in reader:
        if len(cells) != len(columns):
            raise TableError(str(file), reader.line_num, None, f"{len(columns)} cells")
        yield reader.line_num, dict(zip(columns, cells, strict=True))
