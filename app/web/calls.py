"""Calling about hours that were refused, and hours that nobody answers."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.forms.trajectories import CallForm
from app.i18n import gettext as _
from app.security.permissions import Permission
from app.services import calls as services
from app.web.guards import guard
from app.web.trajectories import bp
from app.web.viewing import the_viewer


@bp.route("/<lang>/caseload/calls/<int:entry_id>", methods=["GET", "POST"])
@guard(Permission.ACCEPT_HOURS)
def call(entry_id: int) -> ResponseReturnValue:
    """One call: whom, about what, and what was said."""
    form = CallForm()
    entry = services.read_call(the_viewer(), entry_id)
    if form.validate_on_submit():
        services.note_call(the_viewer(), entry_id, note=form.note.data)
        flash(_("The call is noted."), "good")
        return redirect(url_for("trajectories.tasks"), 303)
    return render_template("trajectories/call.html", form=form, entry=entry), 422 if form.errors else 200
