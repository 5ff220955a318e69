"""Whose tries are counted together: those at one account, wherever they come from, but not those of its owner.

A browser in which somebody signed in before is known by a cookie and has a count of its own. So who guesses at an
account from many addresses is stopped, and its owner at home is not (SECURITY, item 70).
"""

import secrets

from flask import Flask, after_this_request, current_app, g, request
from itsdangerous import BadData, URLSafeSerializer
from werkzeug.wrappers import Response

from app.i18n import gettext as _
from app.security.identity import canonical_email
from app.security.secrets import derived

KNOWN = "known_browser"
MOST_PEOPLE = 3  # who sign in by turns at one device
YEAR = 365 * 24 * 3600


def by_account() -> str:
    """The account at which this form tries; its known browser apart from all others."""
    return key_of(request.form.get("email", "")[:400])


def by_account_and_address() -> str:
    """The account for which this form asks, for each address that asks."""
    return f"{request.remote_addr} {by_account()}"


def key_of(email: str) -> str:
    """Under which name tries at that account are counted for this browser."""
    mark = _mark(email)
    nonce = dict(_known()).get(mark)
    return f"known {mark} {nonce}" if nonce else f"account {mark}"


def know_browser(email: str) -> None:
    """Let this browser be known to that account from now on."""
    mark = _mark(email)
    others = [pair for pair in _known() if pair[0] != mark]
    pairs = [(mark, secrets.token_urlsafe(9)), *others][:MOST_PEOPLE]
    value = str(_writer(current_app).dumps(pairs))

    @after_this_request
    def keep(response: Response) -> Response:
        response.set_cookie(
            KNOWN, value, max_age=YEAR, samesite="Lax", httponly=True, secure=request.is_secure
        )
        return response


def say_other_door(_limit: object) -> None:
    """What the page for too many tries says to the owner of the account."""
    g.advice = _("There were too many tries. Wait 15 minutes, or come in with a link by e-mail.")


def _mark(email: str) -> str:
    try:
        account = canonical_email(email)
    except ValueError:
        account = email.strip().casefold()
    return derived(account, b"throttle", 12).hex()


def _known() -> list[tuple[str, str]]:
    try:
        return [(mark, nonce) for mark, nonce in _writer(current_app).loads(request.cookies.get(KNOWN, ""))]
    except (BadData, TypeError, ValueError):
        return []


def _writer(app: Flask) -> URLSafeSerializer:
    return URLSafeSerializer(app.config["SECRET_KEY"], salt=KNOWN)
