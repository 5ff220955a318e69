"""Text that had to be shown in Dutch: marked where it is translated, made visible where it is shown (T5).

A translation knows nothing of the place where it will stand. It therefore comes back between two characters of
the private use area, and once per response `settle_html` turns these into elements where an element may stand.
"""

import re

OPEN = "\ue0d1"
CLOSE = "\ue0d2"

_SPAN = '<span lang="nl" dir="ltr">'
_END = "</span>"

# The marks as they look after json.dumps and after percent-encoding, inside scripts and addresses.
_WRITTEN_OTHERWISE = re.compile(r"\\u[eE]0[dD][12]|%[eE][eE]%83%9[12]")
_MARKS = re.compile(f"[{OPEN}{CLOSE}]")

# Elements whose content is plain text, or (svg) may hold no span.
_PLAIN = "title|option|textarea|script|style|svg"
_TOKEN = re.compile(
    rf"""(?P<plain><(?P<name>{_PLAIN})\b(?:[^"'<>]++|"[^"]*+"|'[^']*+')*+(?<!/)>.*?</(?P=name)\s*>)"""
    r"""|(?P<quiet><!--.*?-->|<[!?][^>]*+>)"""
    r"""|<(?P<slash>/?)(?P<tag>[A-Za-z][^\s/>]*+)(?:[^"'<>]++|"[^"]*+"|'[^']*+')*+>"""
    rf"""|(?P<mark>[{OPEN}{CLOSE}])""",
    re.DOTALL | re.IGNORECASE,
)
_VOID = frozenset(
    {"br", "hr", "img", "input", "wbr", "area", "col", "embed", "link", "meta", "source", "track"}
)


def mark(text: str) -> str:
    """The text as a fallback: between the two marks."""
    return f"{OPEN}{text}{CLOSE}"


def settle_text(text: str) -> str:
    """The text without marks: for mails, headers, files and addresses."""
    text = _MARKS.sub("", text)
    return _WRITTEN_OTHERWISE.sub("", text) if "\\u" in text or "%" in text else text


def settle_html(html: str, lang: str) -> str:
    """The page, written in `lang`, with each fallback in `<span lang="nl" dir="ltr">`.

    Marks inside tags, and in elements that hold plain text only, are taken away. A mark without its partner
    (a cut text, or typed by somebody) closes with the element around it, so that elements stay nested.
    """
    if OPEN not in html and CLOSE not in html and not _WRITTEN_OTHERWISE.search(html):
        return html
    if lang == "nl":
        return settle_text(html)
    return _Settler().settle(html)


class _Settler:
    """One walk through a page; `depth` counts the elements opened since the span, None outside of one."""

    def __init__(self) -> None:
        self.depth: int | None = None
        self.nested = 0
        self.out: list[str] = []

    def settle(self, html: str) -> str:
        position = 0
        for token in _TOKEN.finditer(html):
            self.out.append(html[position : token.start()])
            position = token.end()
            if token["mark"]:
                self._mark(token["mark"])
            else:
                self._element(token)
        self.out.append(html[position:])
        self._close()
        return "".join(self.out)

    def _mark(self, character: str) -> None:
        if character == OPEN and self.depth is None:
            self.out.append(_SPAN)
            self.depth = 0
        elif character == OPEN:
            self.nested += 1
        elif self.nested:
            self.nested -= 1
        else:
            self._close()

    def _element(self, token: re.Match[str]) -> None:
        text = settle_text(token.group())
        if self.depth is not None and token["tag"]:
            if token["slash"] and self.depth == 0:
                self._close()
            elif token["slash"]:
                self.depth -= 1
            elif token["tag"].lower() not in _VOID and not text.endswith("/>"):
                self.depth += 1
        self.out.append(text)

    def _close(self) -> None:
        if self.depth is not None:
            self.out.append(_END)
        self.depth = None
        self.nested = 0
