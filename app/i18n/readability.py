"""Whether the Dutch for newcomers and volunteers is plain enough (S4).

A sentence has at most 15 words and on average at most 10; words of the field are explained where somebody meets
them first (translations/jargon.csv); a button says what one does, without the passive "worden".
"""

import csv
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from babel.messages.catalog import Catalog, Message

from app.i18n.catalogues import FOLDER
from app.i18n.faults import forms_of
from app.i18n.languages import Scope
from app.i18n.placeholders import PLACEHOLDER
from app.i18n.scopes import scopes_of

MOST_WORDS = 15
MOST_ON_AVERAGE = 10.0

# The pages in the order in which somebody meets them; each is told by the beginnings of its files.
JOURNEY = (
    ("app/templates/layouts/base", "app/templates/pages/home"),
    ("app/templates/pages/how_it_works",),
    ("app/templates/registrations/", "app/forms/registrations", "app/vocabulary/registrations"),
    ("app/templates/newcomers/", "app/templates/buddies/"),
    ("app/templates/duos/", "app/forms/duos"),
    ("app/templates/hours/", "app/forms/hours"),
)

_END = re.compile(r"[.!?…]+[»”\"')]*(?=\s|$)")
_TAG = re.compile(r"<[^>]*>")
_PASSIVE = re.compile(r"\b(?:word|wordt|worden|werd|werden)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Score:
    """Lengths of the sentences of a text, in words: how many, how many words in all, the longest."""

    sentences: int
    words: int
    longest: int

    @property
    def mean(self) -> float:
        """Words in a sentence on average; 0 where there is none."""
        return self.words / self.sentences if self.sentences else 0.0


@dataclass(frozen=True, slots=True)
class Term:
    """A word of the field: `word` as its forms begin in Dutch, and the English message that explains it.

    Without an explanation the word must not be used towards newcomers and volunteers at all.
    """

    word: str
    explained: str


def sentences(text: str) -> list[str]:
    """The sentences of a text, without HTML; line breaks and blank lines make no difference.

    What is filled in counts as one word.
    """
    flat = " ".join(PLACEHOLDER.sub(" naam ", _TAG.sub(" ", text)).split())
    flat = re.sub(r"naam (?=[.,!?…:;])", "naam", flat)
    ends = [found.end() for found in _END.finditer(flat)]
    pieces = [flat[start:end].strip() for start, end in zip([0, *ends], [*ends, len(flat)], strict=True)]
    return [piece for piece in pieces if _words(piece)]


def score(texts: Iterable[str]) -> Score:
    """The lengths of all sentences of these texts together."""
    lengths = [_words(sentence) for text in texts for sentence in sentences(text)]
    return Score(len(lengths), sum(lengths), max(lengths, default=0))


def terms(folder: Path = FOLDER) -> list[Term]:
    """The words of jargon.csv, the longest first, so that a word within a longer one is not taken for it."""
    with (folder / "jargon.csv").open(encoding="utf-8", newline="") as file:
        found = [Term(row["word"], row["explained"]) for row in csv.DictReader(file)]
    return sorted(found, key=lambda term: (-len(term.word), term.word))


def for_newcomers(template: Catalog) -> list[Message]:
    """The messages that newcomers and volunteers read."""
    return [message for message in template if message.id and Scope.NEWCOMER in scopes_of(message)]


def whole_sentences(template: Catalog, dutch: Catalog) -> list[str]:
    """The Dutch sentences for newcomers and volunteers; labels without a full stop are left out."""
    return [sentence for sentence in _all_sentences(template, dutch) if _END.search(sentence)]


def long_sentences(template: Catalog, dutch: Catalog) -> Iterator[str]:
    """Sentences and labels that are too long, and an average that is; short labels do not flatter it."""
    for sentence in _all_sentences(template, dutch):
        if _words(sentence) > MOST_WORDS:
            yield f"{_words(sentence)} words in a sentence: {sentence!r}"
    mean = score(whole_sentences(template, dutch)).mean
    if mean > MOST_ON_AVERAGE:
        yield f"{mean:.1f} words in a sentence on average"


def passive_buttons(template: Catalog, dutch: Catalog, buttons: set[tuple[str | None, str]]) -> Iterator[str]:
    """Buttons for newcomers and volunteers that say what is done to something."""
    for message in for_newcomers(template):
        source = message.id if isinstance(message.id, str) else message.id[0]
        if (message.context, source) in buttons:
            for form in forms_of(dutch.get(message.id, message.context)):
                if _PASSIVE.search(form):
                    yield f"passive on a button: {form!r}"


def unexplained(template: Catalog, dutch: Catalog, words: list[Term]) -> Iterator[str]:
    """Words of the field that are used without their explanation on the page where one meets them first."""
    pattern = re.compile(rf"\b({'|'.join(re.escape(term.word) for term in words)})")
    using: dict[str, list[Message]] = {}
    for message in for_newcomers(template):
        said = " ".join(forms_of(dutch.get(message.id, message.context))).casefold()
        for word in set(pattern.findall(said)):
            using.setdefault(word, []).append(message)
    for term in words:
        yield from _unexplained(term, using.get(term.word, []))


def _unexplained(term: Term, using: list[Message]) -> Iterator[str]:
    if not term.explained:
        yield from (f"jargon for newcomers, {term.word!r}: {_english(message)!r}" for message in using)
        return
    explaining = next((message for message in using if term.explained == _english(message)), None)
    if using and explaining is None:
        yield f"not explained, {term.word!r}: no text for newcomers with this word is {term.explained!r}"
    elif explaining is not None:
        for page in JOURNEY:
            first = [message for message in using if _stands_on(message, page)]
            if first:
                if not _stands_on(explaining, page):
                    yield f"not explained on {page[-1]}, {term.word!r}: {_english(first[0])!r}"
                return


def _all_sentences(template: Catalog, dutch: Catalog) -> Iterator[str]:
    for message in for_newcomers(template):
        for form in forms_of(dutch.get(message.id, message.context)):
            yield from sentences(form)


def _stands_on(message: Message, page: tuple[str, ...]) -> bool:
    return any(name.startswith(page) for name, _ in message.locations)


def _english(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


def _words(sentence: str) -> int:
    return sum(any(letter.isalnum() for letter in word) for word in sentence.split())
