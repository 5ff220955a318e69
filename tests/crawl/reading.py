"""Rules for people who read little: Dutch beside, read aloud, icon and word, help at one spot (S1, S2, S5, A3)."""

from tests.crawl.basics import Rule
from tests.crawl.tree import Node, Tree

WITH_WORDS = {"a", "button", "label", "summary", "li", "p", "h1", "h2", "h3"}
HELP_AT = 1  # after the mark of the site


def in_dutch(node: Node) -> bool:
    """Whether something inside it stands in Dutch, marked as such and as read from left to right."""
    return any(part.get("lang") == "nl" and part.get("dir") == "ltr" and part.text for part in node.walk())


def helped(page: Tree) -> bool:
    """Whether somebody helps: then both languages stand there whatever the switch was."""
    return bool(page.find("aside", cls="helping"))


def main_action(page: Tree) -> Node | None:
    """The one next step of the page."""
    return next((node for node in page.main.find("a", "button", cls="next")), None)


def dutch_beside(page: Tree) -> list[str]:
    """S1: with "Also in Dutch" on, the question of the page and its main action stand in Dutch too.

    A heading in somebody's own words, such as the title of an activity, is left as it was written.
    """
    action = main_action(page)
    asked = [node for node in page.find("h1") if node.get("dir") != "auto" and not node.find("bdi")]
    faults = [f"no Dutch beside the h1: {node.text}" for node in asked if not in_dutch(node)]
    return faults + ([f"no Dutch beside {action}: {action.text}"] if action and not in_dutch(action) else [])


def no_dutch_beside(page: Tree) -> list[str]:
    """S1: with it off, no Dutch stands beside."""
    if helped(page):
        return []
    return [f"{node} with the switch off" for node in page.main.find(cls="dutch")]


def dutch_switch(page: Tree) -> list[str]:
    """S1: the switch stands on the page, and says whether it is on; while somebody helps it cannot be off."""
    if helped(page):
        return []
    found = [
        button for form in page.find("form") if form.get("action").endswith("/also-in-dutch")
        for button in form.find("button") if button.get("aria-pressed") in ("true", "false")
    ] + [button for button in page.find("button") if button.get("name") == "also_dutch"]  # fmt: skip
    return [] if len(found) == 1 else [f"{len(found)} switches"]


def read_aloud(page: Tree) -> list[str]:
    """S2: the question of the page has a button that reads it, silent until a voice is found."""
    ids = {node.get("id") for node in page.elements}
    buttons = page.main.find("button", cls="say")
    faults = [f"{button} reads nothing" for button in buttons if button.get("data-say") not in ids]
    faults += [f"{button} has no language" for button in buttons if not button.get("data-lang")]
    return faults if buttons else [*faults, "no button that reads the page aloud"]


def icons_hidden(page: Tree) -> list[str]:
    """S5: to who listens, a picture says nothing of itself, unless it has a name."""
    return [
        f"{node} is not aria-hidden"
        for node in page.find("svg")
        if not any(outer.get("aria-hidden") == "true" for outer in node.upward())
        and not (node.get("role") == "img" and (node.get("aria-label") or node.find("title")))
    ]


def icons_with_words(page: Tree) -> list[str]:
    """S5: an icon never stands alone: words stand beside it."""
    faults = []
    for node in page.find("svg", cls="icon"):
        holder = next((outer for outer in node.upward() if outer.tag in WITH_WORDS), node.outer)
        beside = holder.outer if holder is not None and holder.tag == "p" and not holder.text else holder
        if beside is not None and not beside.text:
            faults.append(f"{node} stands alone in {beside}")
    return faults


def help_in_place(page: Tree) -> list[str]:
    """A3: help is the same link at the same spot of every page: the second of the head."""
    links = [node for head in page.find("header", cls="masthead") for node in head.find("a")]
    at = [
        index
        for index, link in enumerate(links)
        if link.get("href") == f"/{page.lang}/help" and not link.has("hreflang")
    ]
    return [] if at == [HELP_AT] else [f"help at {at} in the head"]


RULES: tuple[Rule, ...] = (icons_hidden, icons_with_words, help_in_place)
