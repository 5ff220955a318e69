"""Addresses: the language in front, absolute links for letters, and the one safe redirect."""

import hashlib
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

from flask import current_app, g, request, url_for
from werkzeug.routing import BuildError

from app.i18n import DEFAULT

TAKEN = frozenset({"endpoint", "lang", "_anchor", "_external", "_method", "_scheme"})
"""Names that mean something else to url_for than a part of the query."""


def safe_path(target: str | None) -> str | None:
    """The target when it is a path on this site, else None. The only judge of where a redirect may lead."""
    if not target or len(target) > 2000 or not target.startswith("/") or target.startswith("//"):
        return None
    if any(ord(letter) < 33 or letter == "\\" for letter in target):
        return None
    parts = urlsplit(target)
    return None if parts.scheme or parts.netloc else target


def query_kept() -> dict[str, list[str]]:
    """The query of the page being shown, for an address like it; what a visitor wrote there cannot change that address."""
    mine = TAKEN | set(request.view_args or {})
    return {name: values for name, values in request.args.to_dict(flat=False).items() if name not in mine}


def page_url(language: str) -> str:
    """The page being shown, in another language; its home page where this one has no address of its own.

    What answers a form that cannot be opened by its address has none either.
    """
    if request.url_rule is not None and "GET" not in (request.url_rule.methods or ()):
        return url_for("pages.home", lang=language)
    values = {**(request.view_args or {}), **query_kept(), "lang": language}
    try:
        return url_for(request.endpoint or "pages.home", **values)
    except BuildError:
        return url_for("pages.home", lang=language)


def address_without_secret() -> str | None:
    """The path of the page being shown, to be written down: without its query, and without the secret of a link.

    None on a page that refuses: one for what is not there looks like one for what may not be seen.
    """
    if g.get("refused"):
        return None
    secret = (request.view_args or {}).get("token")
    return request.path.replace(secret, "…") if secret else request.path


def page_address(number: int) -> str:
    """The address of another page of the list being shown, with its filters kept."""
    values = {**(request.view_args or {}), **query_kept(), "page": number}
    return url_for(request.endpoint or "pages.home", **values)


def absolute(path: str) -> str:
    """A link for letters and cards, made from the configured address alone, never from a request's Host."""
    return current_app.extensions["settings"].address + path


def letter_link(endpoint: str, *, lang: str, **values: object) -> str:
    """The absolute address of a page in that language."""
    return absolute(url_for(endpoint, lang=lang, **values))


def active_language() -> str:
    """The language of this request's page."""
    return g.get("lang", DEFAULT)


def static_url(path: str) -> str:
    """The address of a static file with a mark of its content, so that it may be kept for ever."""
    folder = Path(current_app.static_folder or "")
    return url_for("static", filename=path, v=_mark(folder / path))


@cache
def _mark(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:10]
