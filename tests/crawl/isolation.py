"""Rules on what people wrote, on figures and on dates (LANGUAGES B1, B2, B5, D1)."""

import re
from collections.abc import Iterable
from datetime import UTC, datetime

from tests.crawl.basics import RIGHT_TO_LEFT, Rule
from tests.crawl.tree import Node, Tree

# People of the crawl are called so, and write this, as LANGUAGES B1 asks: mixed scripts, brackets and figures.
NEWCOMER = "أحمد (Gent) 3"
VOLUNTEER = "Zoë O'Brien-ሰላም"
WORDS = "Vrije wörden እንታይ 3 (kókerén)"
ARABIC = "أحمد"
OWN = re.compile(f"{ARABIC}|Zoë|wörden")

# What holds plain text only, where no element can stand.
PLAIN = {"title", "option", "textarea"}
SPAN = re.compile(r"\u2066[^\u2069]*\u2069|\u2068[^\u2069]*\u2069")
LEFT_TO_RIGHT = re.compile(
    r"\+\d[\d ]{7,}"  # a telephone number
    r"|[\w.+-]+@[\w-]+(?:\.[\w-]+)+"
    r"|https?://\S+"
    r"|\b[A-Z0-9]{4,5}-[A-Z0-9]{4,5}\b"  # a code
    r"|\d+(?::\d\d)? ?/ ?\d+"  # 12/40
    r"|\d\d:\d\d ?– ?\d\d:\d\d"
)
AGO_AND_AHEAD = 2  # years around today in which the world of the crawl lives
TYPED_LEFT_TO_RIGHT = {"email", "tel", "password", "url", "number", "date", "time", "datetime-local"}
TYPED_FREELY = {"", "text", "search"}


def own_words_isolated(page: Tree) -> list[str]:
    """B1: names, places and free text stand in `bdi` or in an element with dir=auto."""
    return [
        f"not isolated in {node}: {text.strip()[:80]}"
        for text, node in page.texts
        for found in OWN.findall(SPAN.sub("", text))
        if not _plain(node) and not _isolated(node) and not _undisturbed(found, node)
    ]


def _undisturbed(found: str, node: Node) -> bool:
    """A letter is plain text: there only words that run otherwise than their sentence are kept apart."""
    in_letter = any({"letter", "mail"} & set(outer.classes) for outer in node.upward())
    return in_letter and (found == ARABIC) == (node.nearest("lang") in RIGHT_TO_LEFT)


def _isolated(node: Node) -> bool:
    return any(outer.tag == "bdi" or outer.get("dir") == "auto" for outer in node.upward())


def _plain(node: Node) -> bool:
    return node.tag in PLAIN


def figures_left_to_right(page: Tree) -> list[str]:
    """B2: on a page from right to left, telephone, e-mail, address, code and 12/40 keep their own order."""
    if page.lang not in RIGHT_TO_LEFT:
        return []
    return [
        f"not left to right in {node}: {found}"
        for text, node in page.texts
        if not _plain(node) and node.nearest("dir") != "ltr"
        for found in LEFT_TO_RIGHT.findall(SPAN.sub("", text))
    ]


def fields_know_direction(page: Tree) -> list[str]:
    """B5: free text follows what is typed, telephone, e-mail and password go from left to right."""
    faults = []
    for field in page.find("input", "textarea"):
        kind, way = field.get("type"), field.get("dir")
        if field.tag == "textarea":
            right: Iterable[str] = ("auto",)
        elif kind in TYPED_LEFT_TO_RIGHT:
            right = ("ltr",)
        elif kind in TYPED_FREELY:
            right = ("auto", "ltr")
        else:
            continue
        if way not in right and not field.has("hidden"):
            faults.append(f"dir is {way!r}: {field}")
    return faults


def dates_marked(page: Tree) -> list[str]:
    """D1: a date stands in `<time datetime>`, which machines can read."""
    year = datetime.now(UTC).year
    years = "|".join(str(year + more) for more in range(-AGO_AND_AHEAD, AGO_AND_AHEAD + 1))
    dated = re.compile(rf"(?<![\d.-])(?:{years})(?![\d-])")
    faults = [
        f"a date outside of time: {text.strip()[:80]}"
        for text, node in page.texts
        if dated.search(text) and not _plain(node) and not _marked_as_time(node)
    ]
    return faults + [
        f"{node} has no moment" for node in page.find("time") if not _moment(node.get("datetime"))
    ]


def _marked_as_time(node: Node) -> bool:
    """In a `time`, or in words that are kept as they were written: a letter, a file, a version."""
    return any(
        outer.tag in ("time", "code") or outer.get("translate") == "no" or "letter" in outer.classes
        for outer in node.upward()
    )


def _moment(text: str) -> bool:
    return bool(re.fullmatch(r"\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d)?([+-]\d\d:\d\d|Z))?|\d\d:\d\d", text))


RULES: tuple[Rule, ...] = (own_words_isolated, figures_left_to_right, fields_know_direction, dates_marked)
