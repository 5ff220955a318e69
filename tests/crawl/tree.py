"""A page as a tree, made by the parser of the standard library: a tenth of the time of a full HTML5 parser.

It takes only what is nested rightly; whether a page is valid HTML in every other way is asked in `tests/client`.
"""

from collections.abc import Iterator
from functools import cached_property
from html.parser import HTMLParser

VOID = frozenset({
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr",
    "path", "circle", "rect", "line", "polyline", "polygon", "ellipse", "use",
})  # fmt: skip
# Whose content is not text that somebody reads.
MUTE = frozenset({"script", "style", "template"})


class Node:
    """An element: its tag, attributes, the element around it, and what is inside it in order."""

    __slots__ = ("attrs", "inside", "outer", "tag")

    def __init__(self, tag: str, attrs: dict[str, str], outer: "Node | None") -> None:
        self.tag, self.attrs, self.outer = tag, attrs, outer
        self.inside: list[Node | str] = []

    def get(self, name: str, default: str = "") -> str:
        """The value of an attribute."""
        return self.attrs.get(name, default)

    def has(self, name: str) -> bool:
        """Whether the attribute is there at all."""
        return name in self.attrs

    @property
    def classes(self) -> list[str]:
        """The classes of the element."""
        return self.get("class").split()

    def upward(self) -> Iterator["Node"]:
        """The element itself, and those around it from the inside out."""
        at: Node | None = self
        while at is not None:
            yield at
            at = at.outer

    def nearest(self, attribute: str) -> str:
        """The value of the attribute on the closest element that has it."""
        return next((node.attrs[attribute] for node in self.upward() if attribute in node.attrs), "")

    def walk(self) -> Iterator["Node"]:
        """The element itself and all elements inside it, in the order of the page."""
        waiting: list[Node] = [self]
        while waiting:
            node = waiting.pop()
            yield node
            waiting += [part for part in reversed(node.inside) if isinstance(part, Node)]

    def texts(self) -> Iterator[tuple[str, "Node"]]:
        """Each piece of text inside it, with the element that holds it."""
        waiting: list[tuple[Node | str, Node]] = [(part, self) for part in reversed(self.inside)]
        while waiting:
            part, holder = waiting.pop()
            if isinstance(part, str):
                yield part, holder
            elif part.tag not in MUTE:
                waiting += [(piece, part) for piece in reversed(part.inside)]

    @property
    def text(self) -> str:
        """Its words, blanks folded."""
        return " ".join(" ".join(part for part, _holder in self.texts()).split())

    def find(self, *tags: str, cls: str = "") -> list["Node"]:
        """The elements inside it with one of those tags (any when none is named), and with that class."""
        return [
            node
            for node in self.walk()
            if node is not self and (not tags or node.tag in tags) and (not cls or cls in node.classes)
        ]

    def __repr__(self) -> str:
        """Its start tag, as the faults of a page name it."""
        return "<" + " ".join([self.tag, *(f'{key}="{value}"' for key, value in self.attrs.items())]) + ">"


class Tree(HTMLParser):
    """A page: its elements in order; `misnested` names what is not closed where it was opened."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.html = html
        self.top = Node("", {}, None)
        self.misnested: list[str] = []
        self._at = self.top
        self.feed(html)
        self.close()
        self.misnested += [f"{node} is not closed" for node in self._at.upward() if node is not self.top]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        node = Node(tag, {name: value or "" for name, value in attrs}, self._at)
        self._at.inside.append(node)
        if tag not in VOID:
            self._at = node

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._at.inside.append(Node(tag, {name: value or "" for name, value in attrs}, self._at))

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            return
        if self._at.tag == tag and self._at.outer is not None:
            self._at = self._at.outer
        else:
            self.misnested.append(f"</{tag}> inside {self._at}")

    def handle_data(self, data: str) -> None:
        self._at.inside.append(data)

    @cached_property
    def elements(self) -> list[Node]:
        """All elements, in the order of the page."""
        return [node for node in self.top.walk() if node is not self.top]

    @cached_property
    def texts(self) -> list[tuple[str, Node]]:
        """All text that somebody reads, with the element that holds it, blank pieces left out."""
        return [(text, node) for text, node in self.top.texts() if text and not text.isspace()]

    def find(self, *tags: str, cls: str = "") -> list[Node]:
        """The elements of the page with one of those tags, and with that class."""
        return [
            node
            for node in self.elements
            if (not tags or node.tag in tags) and (not cls or cls in node.classes)
        ]

    @cached_property
    def root(self) -> Node:
        """The html element."""
        return self.find("html")[0]

    @cached_property
    def main(self) -> Node:
        """The part between head and foot of the page."""
        return self.find("main")[0]

    @property
    def lang(self) -> str:
        """The language of the page."""
        return self.root.get("lang")
