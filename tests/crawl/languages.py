"""Rules on the languages of a page: the menu, its addresses, fallbacks, parts in another language (L5, L6, T5, A4)."""

import re

from app.i18n import LANGUAGES, PSEUDO
from tests.crawl.basics import Rule
from tests.crawl.tree import Node, Tree

TAGS = [language.tag for language in LANGUAGES]
OWN_NAMES = {language.native_name: language.tag for language in LANGUAGES}
FLAGS = re.compile("[\U0001f1e6-\U0001f1ff\U0001f3f4\U0001f38c]")
PRIVATE_USE = re.compile("[\ue000-\uf8ff]")
PICTURES = ("img", "picture", "object", "embed")


def in_language(path: str, tag: str) -> str:
    """The address of the same page in another language."""
    return re.sub(r"^/[^/]+/", f"/{tag}/", path)


def menus(page: Tree) -> list[Node]:
    """The navs that lead to other languages."""
    return [nav for nav in page.find("nav") if any(link.has("hreflang") for link in nav.find("a"))]


def one_language_menu(page: Tree) -> list[str]:
    """L5: one nav with every language in its order, own name, lang and hreflang, the current one marked, no flag."""
    found = menus(page)
    if len(found) != 1:
        return [f"{len(found)} menus of languages"]
    links = [link for link in found[0].find("a") if link.has("hreflang")]
    faults = (
        [] if [link.get("hreflang") for link in links] == TAGS else ["not all languages, or in another order"]
    )
    for link in links:
        tag = link.get("hreflang")
        if link.get("lang") != tag or OWN_NAMES.get(link.text) != tag:
            faults.append(f"{link} says {link.text}")
        if link.has("aria-current") != (tag == page.lang):
            faults.append(f"{link} on a page in {page.lang}")
    if found[0].find(*PICTURES) or FLAGS.search(found[0].text):
        faults.append("a picture or a flag in the menu of languages")
    return faults


def menu_leads_here(page: Tree, path: str) -> list[str]:
    """L5: each link of the menu leads to the same page, at the address of this page in the other language."""
    links = [link for menu in menus(page) for link in menu.find("a") if link.has("hreflang")]
    return [
        f"{link} from {path}" for link in links if link.get("href") != in_language(path, link.get("hreflang"))
    ]


def alternates(page: Tree) -> dict[str, str]:
    """What the head of the page names as the same page in other languages."""
    return {
        link.get("hreflang"): link.get("href")
        for link in page.find("link")
        if link.get("rel") == "alternate" and link.has("hreflang")
    }


def kept_from_search(page: Tree) -> bool:
    """Whether search engines are asked to leave the page alone, such as that of one proof."""
    return any(
        meta.get("name") == "robots" and "noindex" in meta.get("content") for meta in page.find("meta")
    )


def alternates_lead_here(page: Tree, path: str) -> list[str]:
    """L6: the head names this page in every language and as default; the same list in all of them is reciprocal."""
    expected = {tag: in_language(path, tag) for tag in TAGS} | {"x-default": in_language(path, "nl")}
    named = alternates(page)
    return (
        [] if named == expected else [f"alternates {sorted(set(named.items()) ^ set(expected.items()))[:4]}"]
    )


def no_marks_left(page: Tree) -> list[str]:
    """T5: the marks of a fallback are never sent."""
    faults = [f"a mark in {node}: {text[:60]}" for text, node in page.texts if PRIVATE_USE.search(text)]
    return faults + [
        f"a mark in {node}"
        for node in page.elements
        if any(PRIVATE_USE.search(value) for value in node.attrs.values())
    ]


def fallbacks(page: Tree) -> list[Node]:
    """What stands in Dutch because a translation is missing."""
    return [node for node in page.find("span") if node.attrs == {"lang": "nl", "dir": "ltr"}]


def nothing_missing(page: Tree) -> list[str]:
    """T5: on pages of the public, newcomers and volunteers nothing falls back to Dutch."""
    return [f"not translated: {node.text[:80]}" for node in fallbacks(page)]


def names_say_language(page: Tree) -> list[str]:
    """A4: the name of another language, in that language, carries its lang; an option can hold no element but can too."""
    faults = []
    for text, node in page.texts:
        tag = OWN_NAMES.get(text.strip())
        if tag and page.lang not in (tag, PSEUDO) and node.nearest("lang") != tag:
            faults.append(f"{text.strip()} has lang {node.nearest('lang')} in {node}")
    return faults


RULES: tuple[Rule, ...] = (one_language_menu, no_marks_left, names_say_language)
