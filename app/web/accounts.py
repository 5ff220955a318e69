"""Coming in and going out, and the own account."""

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.security.permissions import Permission
from app.web.guards import guard
from app.web.viewing import let_out

bp = Blueprint("accounts", __name__)


@bp.get("/<lang>/me")
@guard(Permission.OWN_ACCOUNT)
def home() -> ResponseReturnValue:
    """To the page where this person's day begins."""
    return redirect(url_for("pages.home"))


@bp.get("/<lang>/sign-in")
@guard(Permission.SEE_PUBLIC)
def sign_in() -> ResponseReturnValue:
    """Sign in"""
    return render_template("accounts/sign_in.html")


@bp.post("/<lang>/sign-out")
@guard(Permission.SIGN_OUT)
def sign_out() -> ResponseReturnValue:
    """Sign out of this browser."""
    let_out()
    return redirect(url_for("pages.home"))
