"""Numbers, for everybody."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from app.security.permissions import Permission
from app.web.guards import guard

bp = Blueprint("reports", __name__)


@bp.get("/<lang>/numbers")
@guard(Permission.SEE_PUBLIC)
def numbers() -> ResponseReturnValue:
    """Numbers"""
    return render_template("reports/numbers.html")
