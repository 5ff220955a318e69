"""Rules that hold for every page that any test fetches; `tests/client` asks them each time.

A rule takes a page and gives its faults as sentences, none when the page is right.
"""

import re
from collections import Counter
from collections.abc import Callable

from tests.crawl.tree import Node, Tree

Rule = Callable[[Tree], list[str]]

RIGHT_TO_LEFT = {"ar", "fa", "ps"}
UNLABELLED = {"hidden", "submit", "button", "image", "reset"}
NOTHING_CHOSEN = {"", "0"}
MARKED = re.compile(r"⟦[^⟦⟧]*⟧", re.DOTALL)
LETTERS = re.compile(r"[^\W\d_]{2,}")
TRANSLATED_ATTRIBUTES = ("title", "alt", "aria-label", "placeholder", "aria-description")
OWN_WORDS = {"bdi", "textarea", "time", "kbd", "code", "data"}
# What a browser loads by itself: these attributes of any element, drawings that are used, and links but for these.
LOADED = ("src", "srcset", "poster", "data", "background")
DRAWN = ("use", "image", "feimage")
ONLY_NAMED = {"canonical", "alternate", "author", "help", "license", "next", "prev"}
ELSEWHERE_IN_STYLES = re.compile(r"@import|url\(\s*[\"']?(?!data:|#|/(?!/))", re.IGNORECASE)
# What no letter holds at all, whatever it names.
RUN = {"script", "link", "iframe", "frame", "object", "embed", "video", "audio", "img", "picture"}
FETCHED_IN_STYLE = re.compile(r"url\([^)]*|image-set\([^)]*", re.IGNORECASE)


def direction(page: Tree) -> list[str]:
    """L1: right to left in Arabic, Persian and Pashto, and in no other language."""
    asked = "rtl" if page.lang in RIGHT_TO_LEFT else "ltr"
    return [] if page.root.get("dir") == asked else [f"dir is {page.root.get('dir')}, not {asked}"]


def one_heading(page: Tree) -> list[str]:
    """One h1 and a title, both with words."""
    faults = [] if len(page.find("h1")) == 1 else [f"{len(page.find('h1'))} h1"]
    faults += [f"{node} is empty" for node in page.find("h1", "title") if not node.text]
    return faults if page.find("title") else [*faults, "no title"]


def nested(page: Tree) -> list[str]:
    """Every element is closed inside the element in which it was opened."""
    return page.misnested


def names_found(page: Tree) -> list[str]:
    """No id twice, and what aria and labels point at is there."""
    ids = Counter(node.get("id") for node in page.elements if node.has("id"))
    faults = [f"id {name} is used {times} times" for name, times in ids.items() if times > 1]
    for node in page.elements:
        for attribute in ("aria-describedby", "aria-labelledby"):
            faults += [
                f"{attribute} names {name}, which is not there"
                for name in node.get(attribute).split()
                if name not in ids
            ]
    return faults


def labelled(page: Tree) -> list[str]:
    """Every field has a label, and every button and link something to read."""
    named = {node.get("for") for node in page.find("label")}
    faults = [
        f"no label: {field}"
        for field in page.find("input", "select", "textarea")
        if field.get("type") not in UNLABELLED
        and field.get("id") not in named
        and not field.get("aria-label")
        and not field.get("aria-labelledby")
        and not any(node.tag == "label" for node in field.upward())
    ]
    for node in page.elements:
        acts = node.tag == "button" or (node.tag == "a" and node.has("href"))
        if acts and not (node.text or node.get("aria-label") or _drawn_name(node)):
            faults.append(f"nothing to read on {node}")
    return faults


def skippable(page: Tree) -> list[str]:
    """A list of which no field says that it may be skipped, unless one of its lines stands for nothing."""
    may = {label.get("for") for label in page.find("label") if label.find(cls="optional")}
    return [
        f"may not be skipped: {field}"
        for field in page.find("select")
        if field.get("id") in may
        and not any(line.get("value") in NOTHING_CHOSEN for line in field.find("option"))
    ]


def _drawn_name(node: Node) -> bool:
    return any(part.has("aria-label") or part.tag == "title" for part in node.walk())


def own_origin(page: Tree) -> list[str]:
    """Nothing is loaded from elsewhere, and nothing stands in the page that its policy would block."""
    faults = []
    for node in page.elements:
        faults += [
            f"third party {target}" for target in _loaded(node) if not re.match(r"/(?!/)|data:|#", target)
        ]
        if node.has("style"):
            faults.append(f"inline style: {node}")
        if any(name.startswith("on") for name in node.attrs):
            faults.append(f"inline script: {node}")
    return faults


def loads_nothing(page: Tree) -> list[str]:
    """A letter: opening it asks nothing of anybody, this site included, so that nobody learns when it is read."""
    return [
        f"loads {target}"
        for node in page.elements
        for target in [
            *_loaded(node),
            *FETCHED_IN_STYLE.findall(node.get("style")),
            *([str(node)] if node.tag in RUN else []),
        ]
    ]


def _loaded(node: Node) -> list[str]:
    """What a browser fetches because of that element, without anybody choosing it."""
    found = [node.get(name) for name in LOADED if node.has(name)]
    if node.tag == "link" and not ONLY_NAMED.issuperset(node.get("rel").lower().split()):
        found.append(node.get("href"))
    if node.tag in DRAWN:
        found += [node.get("href"), node.get("xlink:href")]
    if node.tag == "meta" and node.get("http-equiv").lower() == "refresh":
        found.append(node.get("content").lower().partition("url=")[2])
    if node.tag == "style" and ELSEWHERE_IN_STYLES.search(node.text):
        found.append(f"style {node.text[:100]}")
    return [target for target in found if target]


def translated(page: Tree) -> list[str]:
    """T1: in the pseudo-language every text carries its marks, but for what people wrote themselves."""
    if page.lang != "x-pseudo":
        return []
    bare = [
        f"{name}={node.get(name)}"
        for node in page.elements
        for name in TRANSLATED_ATTRIBUTES
        if LETTERS.search(without_marked(node.get(name)))
        and not any(outer.get("translate") == "no" for outer in node.upward())
    ]
    # a mark may span several text nodes, as a sentence with a link inside does
    written = without_marked("\x00".join(text for text, node in page.texts if not _own_words(node)))
    bare += [
        part.strip()
        for part in written.split("\x00")
        if LETTERS.search(part) and part.strip(" ·–—|\n") != "Samenspoor"
    ]
    return [f"never reaches the translators: {text}" for text in bare]


def _own_words(node: Node) -> bool:
    return any(
        outer.tag in OWN_WORDS
        or outer.get("translate") == "no"
        or (outer.has("lang") and outer.tag != "html")
        for outer in node.upward()
    )


def without_marked(text: str) -> str:
    """The text outside of all marks; a translated sentence may hold translated words."""
    found = 1
    while found:
        text, found = MARKED.subn("", text)
    return text


RULES: tuple[Rule, ...] = (
    direction,
    one_heading,
    nested,
    names_found,
    labelled,
    skippable,
    own_origin,
    translated,
)


def faults_of(page: Tree, rules: tuple[Rule, ...] = RULES) -> list[str]:
    """What is wrong with the page, each with the name of the rule that it breaks."""
    return [f"{rule.__name__}: {fault}" for rule in rules for fault in rule(page)]
