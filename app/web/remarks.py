"""A sentence that is not right: readers tell it without an account."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.extensions import limiter
from app.forms.remarks import RemarkForm
from app.i18n import gettext as _
from app.i18n import is_language
from app.security.permissions import Permission
from app.services import remarks
from app.web.addresses import active_language, safe_path
from app.web.guards import guard

bp = Blueprint("remarks", __name__)


@bp.route("/<lang>/remark", methods=["GET", "POST"])
@guard(Permission.SEE_PUBLIC)
@limiter.limit("20 per hour", methods=["POST"])
def report() -> ResponseReturnValue:
    """Say which sentence is not right; then back to the page where it stands."""
    form = RemarkForm()
    if form.validate_on_submit():
        remarks.report(
            locale=_language_of(form.page.data or ""), page=form.page.data or "", sentence=form.sentence.data,
            better=form.better.data or "", contact=form.contact.data or "",
        )  # fmt: skip
        flash(_("Thank you. Somebody looks at this sentence."), "good")
        return redirect(safe_path(form.back.data) or url_for("pages.languages"), 303)
    if request.method == "GET":
        form.page.data = form.back.data = safe_path(request.args.get("page")) or ""
    return render_template("remarks/report.html", form=form), 422 if form.errors else 200


def _language_of(page: str) -> str:
    """The language of the page that is meant: the form may be read in another one."""
    first = page.lstrip("/").partition("/")[0]
    return first if is_language(first) else active_language()
