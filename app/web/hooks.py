"""What happens around every request: its language, the session of the database, and the last touch to the answer."""

from typing import Any

from flask import Flask, Response, abort, current_app, g, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from app import db, i18n
from app.web.viewing import the_viewer

LANGUAGE_COOKIE = "language"
YEAR = 365 * 24 * 3600
NOT_IN_HTML = dict.fromkeys(
    set(range(32)) - set(map(ord, "\t\n\r"))
)  # refused when typed, and not to be sent back


def init_app(app: Flask) -> None:
    """Hang the hooks on the application, in the order in which they run."""
    app.url_value_preprocessor(_take_language)
    app.url_defaults(_give_language)
    app.before_request(_settle_language)
    app.after_request(_settle_answer)
    app.teardown_request(lambda _error: db.release())


def _take_language(endpoint: str | None, values: dict[str, Any] | None) -> None:
    g.asked_language = values.pop("lang", None) if values else None


def _give_language(endpoint: str, values: dict[str, Any]) -> None:
    if "lang" not in values and _has_language(endpoint):
        values["lang"] = g.get("lang", i18n.DEFAULT)


def _has_language(endpoint: str) -> bool:
    return bool(current_app.url_map.is_endpoint_expecting(endpoint, "lang"))


def _settle_language() -> AnyResponse | None:
    """Address, then the person's own choice, then cookie, then header, then Dutch (L3)."""
    address = g.get("asked_language")
    pseudo = i18n.pseudo_on()
    preference = None if address else the_viewer().locale
    choice = i18n.choose(
        address=address, preference=preference, cookie=request.cookies.get(LANGUAGE_COOKIE),
        header=request.headers.get("Accept-Language"), pseudo=pseudo,
    )  # fmt: skip
    g.lang, g.language_known = choice.tag, choice.source is not i18n.Source.DEFAULT
    i18n.use(choice.tag)
    if address is None or address == choice.tag:
        return None
    if i18n.nearest(address) is None or request.method not in ("GET", "HEAD"):
        g.language_known = False
        abort(404)
    return redirect(
        url_for(request.endpoint or "pages.home", **{**(request.view_args or {}), "lang": choice.tag}), 301
    )


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
