"""Who is looking: the sign-in cookie becomes a Viewer, anew at each request."""

from datetime import datetime, timedelta
from typing import cast

from flask import Flask, current_app, flash, g, redirect, request, session, url_for
from flask_login import UserMixin, current_user, login_user, logout_user
from sqlalchemy.exc import OperationalError
from werkzeug.wrappers import Response

from app import db
from app.clock import now
from app.errors import Moved, Refusal
from app.extensions import login_manager
from app.i18n import DEFAULT
from app.i18n import gettext as _
from app.queries.accounts import person_of, sign_in_by_token
from app.queries.second_factors import has_factor
from app.security.viewer import ANONYMOUS, Viewer
from app.services import accounts
from app.vocabulary.records import LinkPurpose
from app.web import throttles, typed
from app.web.addresses import safe_path
from app.web.devices import device_of

HALF = "half_in"  # in the session: who still has to show the second factor, and where to go then
SEEN_EVERY = timedelta(minutes=5)


class SignedIn(UserMixin):
    """What Flask-Login keeps of a signed-in browser: the token of its sign-in row, the viewer it stands for, and its end."""

    def __init__(self, token: str, viewer: Viewer, ends_at: datetime) -> None:
        self.token = token
        self.viewer = viewer
        self.ends_at = ends_at

    def get_id(self) -> str:
        return self.token


def init_app(app: Flask) -> None:
    """Teach Flask-Login to find sign-ins in the database."""
    login_manager.init_app(app, add_context_processor=False)  # pages ask the_viewer(), and need no database
    login_manager.session_protection = (
        None  # the row in the database is the session; addresses of phones change
    )

    @login_manager.user_loader
    def load(token: str) -> SignedIn | None:
        demanded = current_app.extensions["settings"].demands_second_factor
        found = sign_in_by_token(token, demand_factor=demanded)
        if found is None:
            return None
        sign_in, viewer = found
        if now() - sign_in.seen_at <= SEEN_EVERY:
            return SignedIn(token, viewer, sign_in.expires_at)
        until = sign_in.expires_at
        try:
            return SignedIn(token, viewer, accounts.seen(viewer))
        except Moved:  # it ended in this very moment
            return None
        except OperationalError:  # full, or held by somebody for long: who only reads needs no more
            db.release()
            return SignedIn(token, viewer, until)


def the_viewer() -> Viewer:
    """Who sent this request."""
    if "viewer" not in g:
        g.viewer = cast("SignedIn", current_user).viewer if current_user.is_authenticated else ANONYMOUS
    return cast("Viewer", g.viewer)


def seconds_left() -> int | None:
    """How long this sign-in still lasts; None for an anonymous visitor."""
    if not the_viewer().signed_in:
        return None
    return max(0, int((cast("SignedIn", current_user).ends_at - now()).total_seconds()))


def let_in(person_id: int, *, proven: str | None = None) -> None:
    """Sign that person in here, under a new session id; what an earlier visitor left is dropped.

    Raises Moved when `proven`, the hash of the password that was right, is no longer the person's.
    """
    token = accounts.sign_in(person_id, device=device_of(request.user_agent.string), proven=proven)
    kept = {key: session[key] for key in ("also_dutch",) if key in session} | typed.hand_over(person_id)
    session.clear()
    session.update(kept)
    g.pop("viewer", None)
    demanded = current_app.extensions["settings"].demands_second_factor
    found = sign_in_by_token(token, demand_factor=demanded)
    if found is None:
        return
    sign_in, viewer = found
    if sign_in.person.email_canonical and sign_in.person.password_hash:
        throttles.know_browser(sign_in.person.email_canonical)
    login_user(SignedIn(token, viewer, sign_in.expires_at))


def come_in(person_id: int, then: str, *, proven: str | None = None) -> Response:
    """Let that person in and go on to that page; who has a second factor is asked for it first. Raises as `let_in`."""
    if not has_factor(person_id):
        let_in(person_id, proven=proven)
        return redirect(then, 303)
    key = throttles.key_of(person_of(person_id).email_canonical or "")
    token = accounts.half_sign_in(person_id, locale=g.get("lang", DEFAULT), proven=proven)
    session[HALF] = {"token": token, "person": person_id, "key": key, "then": then}
    return redirect(url_for("second_factors.ask"), 303)


def person_half_in() -> int | None:
    """Who showed the first factor in this browser some minutes ago, and still has to show the second."""
    try:
        return accounts.open_link(session.get(HALF, {}).get("token", ""), LinkPurpose.SECOND_FACTOR).person_id
    except Refusal:
        session.pop(HALF, None)
        return None


def let_out() -> None:
    """End this sign-in, in the database too."""
    viewer = the_viewer()
    if viewer.sign_in_id is not None:
        accounts.sign_out(viewer, viewer.sign_in_id)
    logout_user()
    session.clear()
    g.pop("viewer", None)


def ask_to_sign_in() -> Response:
    """Lead an anonymous visitor to the sign-in page, and back to where she wanted to be with what she typed."""
    if typed.hold():
        flash(_("You are signed out, because it took long. Sign in again: what you typed is kept."), "wait")
        return redirect(url_for("accounts.sign_in", next=typed.page_held()), 303)
    flash(_("Sign in first, then you can see this page."), "notice")
    wanted = safe_path(request.full_path.rstrip("?")) if request.method == "GET" else None
    return redirect(url_for("accounts.sign_in", next=wanted))
