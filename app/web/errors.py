"""When something is refused or goes wrong: a page in the reader's language that says what to do."""

import errno
import secrets
import sqlite3
from contextlib import suppress
from typing import Any

from flask import Flask, Response, current_app, flash, g, make_response, render_template, request
from flask_wtf.csrf import CSRFError
from redis.exceptions import RedisError
from sqlalchemy.exc import DataError, DBAPIError, InterfaceError, NotSupportedError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionFree
from werkzeug.exceptions import HTTPException, MethodNotAllowed, SecurityError

from app import db
from app.errors import NoSpace, NotFound, Refusal
from app.i18n import lazy_gettext as _
from app.security.viewer import ANONYMOUS
from app.web import problems, typed
from app.web.hooks import settle_language
from app.web.viewing import the_viewer

WORDS = {
    400: (_("Something is wrong with this request"), _("Go back, look at the page again and try once more.")),
    403: (_("You do not have the right to do this"), _("Ask the coordinator of your network if you think that you should have it.")),
    404: (_("We cannot find this page"), _("The address may have changed. Start again from the first page, or choose your language.")),
    405: (_("Something is wrong with this request"), _("Go back, look at the page again and try once more.")),
    409: (_("This changed in the meantime"), _("Look at the page again: somebody else was first.")),
    410: (_("This link no longer works"), _("It was used already, or it is too old. Ask for a new one.")),
    413: (_("This is too much at once"), _("Send a shorter text or a smaller file.")),
    422: (_("Something is not filled in as it should be"), _("Go back and look at what you filled in.")),
    429: (_("That was too often"), _("Wait a few minutes, then try again.")),
    500: (_("Something went wrong here"), _("It is not your fault. What you had already saved is kept. Try again in a moment.")),
    503: (_("We are busy for a moment"), _("Try again in a minute. What you had already saved is kept.")),
}  # fmt: skip
# What we need is not there for the moment: the database, a free connection to it, or the queue.
# A plan that PostgreSQL kept from before a migration is not supported once.
AWAY = (
    OperationalError, InterfaceError, NotSupportedError, NoConnectionFree, sqlite3.Error, RedisError, NoSpace,
)  # fmt: skip
# The same of the machine: no file can be opened any more, or nothing fits on the disk.
EXHAUSTED = {errno.EMFILE, errno.ENFILE, errno.ENOSPC, errno.EDQUOT}
HELD = "55P03"
"""PostgreSQL: somebody holds the row or the table for longer than we wait, such as a migration."""
RETRY_SECONDS = "5"
STALE = _("This page was open for a long time. What you typed is still here. Look at it and send it again.")


def init_app(app: Flask) -> None:
    """Answer every refusal and fault with a page of ours."""
    app.register_error_handler(Refusal, _refused)
    app.register_error_handler(CSRFError, _stale_form)
    app.register_error_handler(SecurityError, _other_host)
    app.register_error_handler(HTTPException, _http)
    for kind in AWAY:
        app.register_error_handler(kind, _away)
    app.register_error_handler(DBAPIError, _of_the_database)
    app.register_error_handler(DataError, _beyond_the_database)
    app.register_error_handler(OverflowError, _beyond_the_database)
    app.register_error_handler(Exception, _fault)


def _page(status: int, message: object = None, reference: str = "") -> tuple[str | Response, int]:
    g.refused = True
    title, advice = WORDS.get(status, WORDS[400 if status < 500 else 500])
    if problems.wanted():
        return problems.problem(status, title, message or advice, reference=reference), status
    page = render_template(
        "errors/error.html", status=status, title=title, advice=message or advice, reference=reference,
    )  # fmt: skip
    return page, status


def _refused(refusal: Refusal) -> tuple[str | Response, int]:
    own = None if type(refusal).message is refusal.message and refusal.status in WORDS else refusal.message
    return _page(refusal.status, own)


def _settle_language() -> None:
    if "lang" not in g:  # the check of forms comes before the language is settled
        with suppress(HTTPException):
            settle_language()


def _stale_form(_error: CSRFError) -> Response | tuple[str | Response, int]:
    """A form whose secret is no longer known: shown again with all that was typed, when it came from our own page.

    What another site sends is never shown with a button to send it after all.
    """
    _settle_language()
    if not typed.from_here() or not typed.turn_into_get():
        return _page(400, _("This page was open for too long. Go back, load it again and send it once more."))
    view: Any = current_app.view_functions[request.endpoint or ""]
    if the_viewer().can(view.permission):  # who is asked to sign in is told something else
        flash(str(STALE), "wait")
    try:
        answer = make_response(view(**(request.view_args or {})))
    except Refusal as refusal:
        return _refused(refusal)
    answer.status_code = 400 if answer.status_code == 200 else answer.status_code
    return answer


def _http(error: HTTPException) -> tuple[str | Response, int] | HTTPException:
    code = error.code or 500
    if code < 400:
        return error
    if code == 413:
        _settle_language()
    if code == 404:
        return _refused(NotFound())
    answer, status = _page(code, g.pop("advice", None))
    if isinstance(answer, Response) and isinstance(error, MethodNotAllowed):
        answer.headers["Allow"] = ", ".join(sorted(error.valid_methods or ()))
    return answer, status


def _other_host(_error: SecurityError) -> Response:
    """A request for a host that is not this site: a few words, because a page would need addresses of that host."""
    return Response(str(WORDS[400][0]), 400, content_type="text/plain; charset=utf-8")


def _of_the_database(
    error: DBAPIError,
) -> Response | tuple[str | Response, int] | tuple[str | Response, int, dict[str, str]]:
    """The database went away in the middle of something, or we asked it for what cannot be."""
    return _away(error) if error.connection_invalidated else _fault(error)


def _away(error: Exception) -> Response | tuple[str | Response, int, dict[str, str]]:
    """Ask for a little patience, in the reader's language, without needing what is away."""
    cause = getattr(error, "orig", None) or error
    current_app.logger.warning("away on %s: %s", request.endpoint, type(cause).__name__)
    db.release()
    headers = {"Retry-After": RETRY_SECONDS}
    if "viewer" not in g and getattr(cause, "sqlstate", None) == HELD:
        g.viewer = ANONYMOUS  # to ask again who it is would be to wait as long once more
    try:
        the_viewer()
        return *_page(503), headers
    except Exception:  # noqa: BLE001 - whatever it is, it comes of what is away
        db.release()
    g.viewer = ANONYMOUS  # who it is cannot be asked now
    try:
        if "lang" not in g:
            settle_language()
        return *_page(503), headers
    except Exception:  # noqa: BLE001 - not even the page can be read from the disk
        return Response(
            "\n".join(map(str, WORDS[503])), 503, headers, content_type="text/plain; charset=utf-8"
        )


def _beyond_the_database(_error: Exception) -> tuple[str | Response, int]:
    """A NUL in what is searched, or an id larger than any: no such thing can be there."""
    db.release()
    return _refused(NotFound())


def _fault(
    error: Exception,
) -> Response | tuple[str | Response, int] | tuple[str | Response, int, dict[str, str]]:
    if isinstance(error, OSError) and error.errno in EXHAUSTED:
        return _away(error)
    if current_app.testing and not current_app.config.get("SHOW_FAULT_PAGE"):
        raise error
    reference = secrets.token_hex(4)
    current_app.logger.error("fault %s on %s", reference, request.endpoint, exc_info=error)
    db.release()
    return _page(500, reference=reference)
