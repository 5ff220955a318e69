"""What can be joined now."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from app.security.permissions import Permission
from app.web.guards import guard

bp = Blueprint("offers", __name__)


@bp.get("/<lang>/activities")
@guard(Permission.SEE_PUBLIC)
def index() -> ResponseReturnValue:
    """Activities"""
    return render_template("offers/index.html")
