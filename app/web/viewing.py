"""Who is looking: the sign-in cookie becomes a Viewer, anew at each request."""

from datetime import datetime, timedelta
from typing import cast

from flask import Flask, flash, g, redirect, request, session, url_for
from flask_login import UserMixin, current_user, login_user, logout_user
from werkzeug.wrappers import Response

from app.clock import now
from app.extensions import login_manager
from app.i18n import gettext as _
from app.queries.accounts import sign_in_by_token
from app.security.viewer import ANONYMOUS, Viewer
from app.services import accounts
from app.web import typed
from app.web.addresses import safe_path

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
    login_manager.init_app(app)
    login_manager.session_protection = (
        None  # the row in the database is the session; addresses of phones change
    )

    @login_manager.user_loader
    def load(token: str) -> SignedIn | None:
        found = sign_in_by_token(token)
        if found is None:
            return None
        sign_in, viewer = found
        if now() - sign_in.seen_at > SEEN_EVERY:
            accounts.seen(sign_in.id)
        return SignedIn(token, viewer, sign_in.expires_at)


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


def let_in(person_id: int) -> None:
    """Sign that person in here, under a new session id; what an earlier visitor left is dropped."""
    token = accounts.sign_in(person_id, device=request.user_agent.string[:200])
    kept = {key: session[key] for key in ("also_dutch",) if key in session} | typed.hand_over(person_id)
    session.clear()
    session.update(kept)
    g.pop("viewer", None)
    found = sign_in_by_token(token)
    if found is None:
        return
    sign_in, viewer = found
    login_user(SignedIn(token, viewer, sign_in.expires_at))


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
