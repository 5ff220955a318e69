"""Which messages stand on buttons, tabs and heads of tables, and which translations are too long for one.

The templates say it: the label of a button, the text within <button>, <th> or a link that looks like a button, and
the `label` of a column or a station. At 320 px (the narrowest page, WCAG 1.4.10) a button has 320 - 2×16 of margin
- 2×24 of padding - 28 for its picture = 212 px for its words, which is 26 letters of 16 px at 8 px each: up to
there they stay on one line. A text that is longer in Dutch, English or French too was laid out on more lines; at
1.8 times the longest of these three a line more is needed than the page was looked at with.
"""

import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message

from app.i18n.faults import forms_of, has_text
from app.i18n.placeholders import PLACEHOLDER

ONE_LINE = 26
STRETCH = 1.8
MEASURES = ("nl", "en", "fr")

_ELEMENT = re.compile(
    r"""<(button|th)\b[^>]*>(?P<inside>.*?)</\1>
    | <(a|label|span|summary)\s[^>]*class="(?:[^"]*\s)?(?:btn|pill|tab|back)(?:\s[^"]*)?"[^>]*>(?P<link>.*?)</\3>
    """,
    re.VERBOSE | re.DOTALL,
)
_CALL = re.compile(r"\b(?:buttons|confirm)\.\w+\(|\b(?:confirm_\w+|post_button)\(")
_LABEL = re.compile(r"""(?:['"]label['"]:|\blabel\s+or|\b(?:label|yes)=)\s*(?=_\(|pgettext\()""")
_STRING = r"""(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)")"""
_TEXT = re.compile(
    rf"(?<!\w)(?:_\(\s*{_STRING}|n?pgettext\(\s*{_STRING}\s*,\s*{_STRING}|ngettext\(\s*{_STRING})"
)
_HIDDEN = re.compile(r"""(?:aria[-_]label|title|description|text)=(?:"\{\{\s*)?_\([^)]*\)""")
_TAG = re.compile(r"<[^>]*>")


def on_buttons(folder: Path) -> set[tuple[str | None, str]]:
    """Context and English text of what stands on a button somewhere in this folder of templates."""
    found: set[tuple[str | None, str]] = set()
    for path in sorted(folder.rglob("*.html")):
        for piece in _pieces(path.read_text(encoding="utf-8")):
            found.update(_texts(piece))
    return found


def length(text: str) -> int:
    """Letters as one sees them: what is filled in counts as three, marks above or under a letter as none."""
    visible = PLACEHOLDER.sub("000", text)
    return sum(
        not unicodedata.combining(letter) and unicodedata.category(letter) != "Cf" for letter in visible
    )


def limit(message: Message, measures: list[Catalog]) -> int:
    """The most letters for a message on a button: from its Dutch, English and French."""
    sources = [message.id] if isinstance(message.id, str) else message.id
    texts = [*sources]
    for catalogue in measures:
        texts += forms_of(catalogue.get(message.id, message.context))
    return max(ONE_LINE, int(STRETCH * max(length(text) for text in texts)))


def too_long(
    template: Catalog, catalogue: Catalog, measures: list[Catalog], buttons: set[tuple[str | None, str]]
) -> Iterator[str]:
    """Translations that break the button they stand on, one line each."""
    for message in template:
        source = message.id if isinstance(message.id, str) else message.id[0]
        if not source or (message.context, source) not in buttons:
            continue
        held = catalogue.get(message.id, message.context)
        most = limit(message, measures)
        longest = max(forms_of(held), key=length)
        if has_text(held) and length(longest) > most:
            yield f"too long for a button, {length(longest)} letters of at most {most}: {source!r} - {longest!r}"


def _pieces(template: str) -> Iterator[str]:
    for element in _ELEMENT.finditer(template):
        yield _TAG.sub("", element["inside"] or element["link"] or "")
    for label in _LABEL.finditer(template):
        yield _first_call(template, label.end())
    for call in _CALL.finditer(template):
        # The label comes first, or after the words of a question (confirm: title, text); these have full stops.
        yield _HIDDEN.sub("", _arguments(template, call.end()))


def _texts(piece: str) -> Iterator[tuple[str | None, str]]:
    for found in _TEXT.finditer(piece):
        plain, context, text, plural = (
            _unescaped(found[number] if found[number] is not None else found[number + 1])
            for number in (1, 3, 5, 7)
        )
        source = text if context is not None else plain if plain is not None else plural
        if source and not source.endswith((".", "?", "!")):
            yield context, source


def _unescaped(text: str | None) -> str | None:
    return None if text is None else re.sub(r"\\(.)", r"\1", text)


def _first_call(text: str, start: int) -> str:
    opened = text.index("(", start) + 1
    return text[start:opened] + _arguments(text, opened) + ")"


def _arguments(text: str, start: int) -> str:
    """What stands between a bracket that opened just before `start` and the one that closes it."""
    depth = 1
    quote = ""
    for place in range(start, len(text)):
        letter = text[place]
        if quote:
            quote = "" if letter == quote and text[place - 1] != "\\" else quote
        elif letter in "'\"":
            quote = letter
        else:
            depth += (letter == "(") - (letter == ")")
            if not depth:
                return text[start:place]
    return text[start:]
