"""Text of others made plain: without markup, control characters and tricks with direction. Pure; never raises."""

import html
import re
import unicodedata
from html.parser import HTMLParser

BLOCKS = frozenset(
    {"p", "br", "div", "li", "ul", "ol", "tr", "h1", "h2", "h3", "h4", "h5", "h6", "table", "section"}
)
SILENT = frozenset({"script", "style", "template", "svg", "iframe", "object"})
MARKUP = re.compile(r"<[a-zA-Z!/?]|&[a-zA-Z#][a-zA-Z0-9]{1,31};")
_TRICKS = dict.fromkeys(map(ord, "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff\u00ad"))
_DAMAGED = re.compile(r"[\u0080-\uffff]{2,4}")
DEPTH = 3  # markup that was escaped, and escaped again


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.silent += tag in SILENT
        if tag in BLOCKS:
            self.parts.append("\n")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in BLOCKS:
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        self.silent = max(0, self.silent - (tag in SILENT))
        if tag in BLOCKS:
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.parts.append(data)


def plain(text: str) -> str:
    """The words of a text that may hold HTML, escaped or not; paragraphs on lines of their own."""
    text = tidy_words(text)  # first, so that nothing invisible hides a tag
    for _ in range(DEPTH):
        if not MARKUP.search(text):
            break
        parser = _Words()
        parser.feed(text)
        parser.close()
        text = "".join(parser.parts)
    if re.search(r"<[a-zA-Z!/?]", text):
        text = html.unescape(text).replace("<", " ").replace(">", " ")
    return tidy_words(text)


def tidy_words(text: str) -> str:
    """The text in one form of letters, without what no page can show, blanks folded, at most one empty line at once."""
    text = unicodedata.normalize("NFC", text).translate(_TRICKS).replace("\r\n", "\n").replace("\r", "\n")
    kept = "".join(
        letter
        for letter in text
        if letter in "\n\t" or unicodedata.category(letter) not in ("Cc", "Cs", "Co", "Cn")
    )
    lines = [" ".join(line.split()) for line in kept.split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def one_line(text: str) -> str:
    """The same on one line."""
    return " ".join(plain(text).split())


def cut(text: str, longest: int) -> str:
    """The text when it is short enough, else its beginning up to a blank, with dots."""
    if len(text) <= longest:
        return text
    head = text[: longest - 1]
    return f"{head.rpartition(' ')[0] or head}…"


def is_damaged(text: str) -> bool:
    """Whether letters were lost, or UTF-8 was read as Western text before, as in `AndrÃ©`."""
    return "\ufffd" in text or any(_is_twice_encoded(part) for part in _DAMAGED.findall(text))


def _is_twice_encoded(part: str) -> bool:
    try:
        return len(part.encode("cp1252").decode("utf-8")) < len(part)
    except UnicodeError:
        return False
