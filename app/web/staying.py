"""Do you stay? The page behind the link of that letter, without signing in; looking at it keeps nothing."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from app.forms.base import Form
from app.security.permissions import Permission
from app.services import inactivity
from app.web.guards import guard

bp = Blueprint("staying", __name__)


@bp.route("/<lang>/k/<token>", methods=["GET", "POST"])
@guard(Permission.USE_LINK)
def by_link(token: str) -> ResponseReturnValue:
    """One tap keeps the account; a second one changes nothing more."""
    inactivity.asked_of(token)
    form, stays = Form(), False
    if form.validate_on_submit():
        inactivity.stay(token)
        stays = True
    return render_template("privacy/stay.html", form=form, stays=stays)
