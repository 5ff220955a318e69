"""What was typed is not lost: not by another language, not by a form that was open for long, not by signing in again.

A form that is sent with the field `typed` is only shown again, at the address to which it is sent. The page
answers as to a GET; what was typed is filled in afterwards, so that no view has to know of it (L7, S9).
"""

from typing import Any
from urllib.parse import urlsplit

from flask import Flask, Response, current_app, flash, g, request, session
from flask_login import current_user
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import HTTPException

from app.extensions import limiter
from app.i18n import gettext as _
from app.services import kept_forms
from app.web.filling import fill

TYPED = "typed"  # its value is where the form is sent when it is sent in earnest
OURS = {TYPED, "csrf_token", "also_dutch", "keep"}
KEPT = "kept_form"  # in the session: the secret of a kept form, its page and where it is sent


def init_app(app: Flask) -> None:
    """Hang the two hooks on the application; after those of app/web/hooks.py, which settle the language."""
    app.before_request(_before)
    app.after_request(_fill)


def _before() -> None:
    if request.method == "POST" and TYPED in request.form and (request.endpoint or from_here()):
        if "also_dutch" in request.form:
            session["also_dutch"] = request.form["also_dutch"] == "1"
        turn_into_get()
    elif KEPT in session:
        _give_back_or_let_go(session[KEPT])


def turn_into_get() -> bool:
    """Make this POST a look at the same page, with its form filled in; False when there is no page to look at."""
    adapter = current_app.create_url_adapter(request)
    try:
        assert adapter is not None
        rule, values = adapter.match(method="GET", return_rule=True)
    except HTTPException:
        return False
    g.typed, g.action = request.form, plain(urlsplit(request.form.get(TYPED) or request.path).path)
    request.method, request.url_rule, request.routing_exception = "GET", rule, None
    request.view_args = {name: value for name, value in values.items() if name != "lang"}
    return True


def from_here() -> bool:
    """Whether the browser says that this request comes from a page of this site; no sign of it means no."""
    site = request.headers.get("Sec-Fetch-Site")
    if site:
        return site == "same-origin"
    return urlsplit(request.headers.get("Origin") or request.referrer or "").netloc == request.host


def hold() -> bool:
    """Keep what this request sends until its writer has signed in; False when there is nothing to keep."""
    typed = g.get(TYPED, request.form)
    fields = {
        name: values for name, values in MultiDict(typed).lists() if name not in OURS and "password" not in name
    }  # fmt: skip
    if not fields or not (request.method == "POST" or TYPED in g):
        return False
    action = g.get("action", plain(request.path))
    page = plain(_page_of_form())
    with limiter.limit("60 per hour"):
        token = kept_forms.keep(fields, page=page, action=action, sign_in_token=session.get("_user_id"))
    if token is None:
        return False
    if KEPT in session:
        kept_forms.let_go(session[KEPT]["token"])
    session[KEPT] = {"token": token, "page": page, "action": action}
    return True


def page_held() -> str | None:
    """The page, in the language of this request, whose form is kept for this browser."""
    return f"/{g.lang}{session[KEPT]['page']}" if KEPT in session else None


def hand_over(person_id: int) -> dict[str, Any]:
    """What of the session goes along when that person comes in: the kept form, unless it is somebody else's."""
    held = session.get(KEPT)
    if held is None:
        return {}
    form = kept_forms.kept(held["token"])
    return {KEPT: held} if form and form.person_id in (None, person_id) else {}


def plain(path: str) -> str:
    """An address of this site without its language: `/ar/hours` gives `/hours`."""
    return "/" + path.lstrip("/").partition("/")[2]


def _page_of_form() -> str:
    """The page on which the form stands: the one it was sent from when that is one of ours, else where it is sent."""
    source = urlsplit(request.referrer or "")
    adapter = current_app.create_url_adapter(request)
    if source.netloc != request.host or adapter is None or not adapter.test(source.path, "GET"):
        return request.path
    return source.path


def _give_back_or_let_go(held: dict[str, str]) -> None:
    here = plain(request.path)
    if request.method == "POST" and here in (held["page"], held["action"]):
        kept_forms.let_go(held["token"])
        del session[KEPT]
    elif request.method == "GET" and here == held["page"] and current_user.is_authenticated:
        form = kept_forms.kept(held["token"])
        if form is None:
            del session[KEPT]
            return
        g.typed, g.action = MultiDict(form.fields), held["action"]
        flash(_("What you typed is still here. Look at it and send it again."), "good")


def _fill(response: Response) -> Response:
    if TYPED not in g or response.mimetype != "text/html" or response.direct_passthrough:
        return response
    here = plain(request.path)
    response.set_data(
        fill(
            response.get_data(as_text=True),
            {name: values for name, values in g.typed.lists() if name not in OURS},
            lambda action: (plain(urlsplit(action).path) if action else here) == g.action,
        )
    )
    return response
