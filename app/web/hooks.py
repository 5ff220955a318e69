"""What happens around every request: its language, the session of the database, and the last touch to the answer."""

import gzip
from typing import Any

from flask import Flask, Response, abort, current_app, g, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from app import db, i18n
from app.web.viewing import the_viewer

LANGUAGE_COOKIE = "language"
YEAR = 365 * 24 * 3600
WORTH_COMPRESSING = 1000  # bytes
COMPRESSIBLE = {"image/svg+xml", "application/json", "text/javascript"}
NOT_IN_HTML = dict.fromkeys(
    set(range(32)) - set(map(ord, "\t\n\r"))
)  # refused when typed, and not to be sent back


def init_app(app: Flask) -> None:
    """Hang the hooks on the application, in the order in which they run."""
    app.url_value_preprocessor(_take_language)
    app.url_defaults(_give_language)
    app.before_request(settle_language)
    app.after_request(_compress)  # runs after the one below: hooks run from the last to the first
    app.after_request(_settle_answer)
    app.teardown_request(lambda _error: db.release())


def _take_language(endpoint: str | None, values: dict[str, Any] | None) -> None:
    g.asked_language = values.pop("lang", None) if values else None


def _give_language(endpoint: str, values: dict[str, Any]) -> None:
    if "lang" not in values and _has_language(endpoint):
        values["lang"] = g.get("lang", i18n.DEFAULT)


def _has_language(endpoint: str) -> bool:
    return bool(current_app.url_map.is_endpoint_expecting(endpoint, "lang"))


def settle_language() -> AnyResponse | None:
    """Address, then the person's own choice, then cookie, then header, then Dutch (L3)."""
    address = g.get("asked_language")
    choice = _choice(address)
    # Dutch may be the address only because nothing else was asked for: then the reader is shown all languages.
    wish = _choice(None) if address == i18n.DEFAULT else choice
    g.lang, g.language_known = choice.tag, wish.source is not i18n.Source.DEFAULT
    i18n.use(choice.tag)
    if address is None or address == choice.tag:
        return None
    if i18n.nearest(address) is None or request.method not in ("GET", "HEAD"):
        g.language_known = False
        abort(404)
    return redirect(
        url_for(request.endpoint or "pages.home", **{**(request.view_args or {}), "lang": choice.tag}), 301
    )


def _choice(address: str | None) -> i18n.Choice:
    return i18n.choose(
        address=address, preference=None if address else the_viewer().locale,
        cookie=request.cookies.get(LANGUAGE_COOKIE), header=request.headers.get("Accept-Language"), pseudo=i18n.pseudo_on(),
    )  # fmt: skip


def _compress(response: Response) -> Response:
    """Pages, styles and scripts travel as gzip where the browser takes it: phones on poor connections (S11)."""
    small = (response.content_length or 0) < WORTH_COMPRESSING
    if (
        small
        or response.status_code != 200
        or not request.accept_encodings["gzip"]
        or response.content_encoding
    ):
        return response
    if not (response.mimetype.startswith("text/") or response.mimetype in COMPRESSIBLE):
        return response
    response.direct_passthrough = False
    response.set_data(gzip.compress(response.get_data(), compresslevel=6))
    response.content_encoding = "gzip"
    response.vary.add("Accept-Encoding")
    return response


def _settle_answer(response: Response) -> Response:
    response.headers.setdefault("Content-Language", g.get("lang", i18n.DEFAULT))
    if response.mimetype == "text/html" and not response.direct_passthrough:
        page = response.get_data(as_text=True).translate(NOT_IN_HTML)
        response.set_data(i18n.settle_html(page, g.get("lang", i18n.DEFAULT)))
    if request.endpoint == "static":
        response.headers["Cache-Control"] = (
            f"public, max-age={YEAR}, immutable" if request.args.get("v") else "no-cache"
        )
        return response
    if (
        response.cache_control.immutable or response.cache_control.public
    ):  # a recording, or the open API: the same for everybody
        return response
    response.headers["Cache-Control"] = (
        "no-store" if the_viewer().signed_in or response.status_code >= 400 else "private, no-cache"
    )
    if (
        g.get("asked_language")
        and response.status_code == 200
        and request.cookies.get(LANGUAGE_COOKIE) != g.lang
    ):
        response.set_cookie(
            LANGUAGE_COOKIE, g.lang, max_age=YEAR, samesite="Lax", httponly=True, secure=request.is_secure
        )
    return response
