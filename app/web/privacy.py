"""What a person can see and do about the own data."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from app.security.permissions import Permission
from app.web.guards import guard

bp = Blueprint("privacy", __name__)


@bp.get("/<lang>/my-data")
@guard(Permission.OWN_ACCOUNT)
def my_data() -> ResponseReturnValue:
    """My data"""
    return render_template("privacy/my_data.html")
