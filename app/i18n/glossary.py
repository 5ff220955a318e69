"""Whether translations use the agreed words of translations/glossary.csv.

A column for each agreed language. Where the English of the code holds an agreed term, the translation must hold the
agreed word. "|" separates words that serve equally well, or forms that begin otherwise: "personne de contact|personnes
de contact". The Arabic article may stand before a word or not. `exceptions` holds, apart by "|", English phrases in
which the term means something else ("cannot offer").
"""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from babel.messages.catalog import Catalog

from app.i18n.catalogues import FOLDER
from app.i18n.faults import forms_of, has_text, source_of
from app.i18n.placeholders import PLACEHOLDER

AGREED = ("nl", "fr", "ar")


@dataclass(frozen=True, slots=True)
class Entry:
    """One agreed term: the English one, and for each language the ways in which its forms may begin."""

    english: str
    words: dict[str, tuple[str, ...]]
    exceptions: tuple[str, ...] = ()


def entries(folder: Path = FOLDER) -> list[Entry]:
    """The table, the longest English terms first: "participant in ..." before "participant"."""
    with (folder / "glossary.csv").open(encoding="utf-8", newline="") as file:
        found = [
            Entry(row["en"], {tag: _several(row[tag]) for tag in AGREED}, _several(row["exceptions"]))
            for row in csv.DictReader(file)
        ]
    return sorted(found, key=lambda entry: (-len(entry.english), entry.english))


def other_words(catalogue: Catalog, tag: str, agreed: list[Entry]) -> Iterator[str]:
    """Translations that lack an agreed word, one line each; none for languages that the table does not hold."""
    if tag not in AGREED:
        return
    patterns = [(entry, re.compile(rf"\b{re.escape(entry.english)}s?\b", re.IGNORECASE)) for entry in agreed]
    for message in catalogue:
        if not message.id or not has_text(message):
            continue
        rest = PLACEHOLDER.sub(" ", source_of(message))
        for entry, term in patterns:
            if not term.search(rest) or any(phrase in rest for phrase in entry.exceptions):
                continue
            rest = term.sub(" ", rest)
            said = forms_of(message)[-1].casefold()
            if not any(_begins(word.casefold(), said) for word in entry.words[tag]):
                yield f"not the agreed word, {'|'.join(entry.words[tag])}: {message.id!r} - {said!r}"


def _several(cell: str) -> tuple[str, ...]:
    return tuple(filter(None, (word.strip() for word in cell.split("|"))))


def _begins(word: str, text: str) -> bool:
    bare = word.removeprefix("ال")
    # Arabic writes the article, "and", "with" and "for" onto the word, and drops the alif of the article after "for".
    return re.search(r"\b[وفبلك]{0,2}(?:ال|ل)?" + re.escape(bare), text) is not None
