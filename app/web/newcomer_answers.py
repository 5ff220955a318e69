"""A newcomer's own answers: change them, or stop looking for a buddy."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.forms.buddies import LeaveForm
from app.forms.registrations import EDITABLE
from app.i18n import gettext as _
from app.security.permissions import Permission
from app.services import newcomers
from app.vocabulary import NewcomerState
from app.vocabulary.registrations import LeaveReason
from app.web.editing import edit_answers
from app.web.guards import guard
from app.web.newcomers import bp
from app.web.showing import answers_of
from app.web.viewing import the_viewer


@bp.get("/<lang>/my-answers")
@guard(Permission.OWN_TRACK)
def answers() -> ResponseReturnValue:
    """The own answers, each with a way to change it."""
    newcomer = newcomers.own_newcomer(the_viewer())
    return render_template(
        "newcomers/answers.html",
        newcomer=newcomer,
        answers=answers_of(newcomer),
        steps=EDITABLE["newcomer"],
        state=NewcomerState,
    )


@bp.route("/<lang>/my-answers/<slug>", methods=["GET", "POST"])
@guard(Permission.OWN_TRACK)
def edit(slug: str) -> ResponseReturnValue:
    """Change the answers of one step."""
    return edit_answers(
        "newcomer",
        slug,
        newcomers.own_newcomer(the_viewer()),
        newcomers.edit,
        home=url_for("newcomers.answers"),
    )


@bp.route("/<lang>/my-answers/stop", methods=["GET", "POST"])
@guard(Permission.OWN_TRACK)
def stop() -> ResponseReturnValue:
    """Stop looking for a buddy, after the question whether one is sure."""
    newcomer = newcomers.own_newcomer(the_viewer())
    form = LeaveForm()
    if form.validate_on_submit():
        newcomers.withdraw(the_viewer(), LeaveReason(form.reason.data))
        flash(_("You stopped. You can always ask us to begin again."), "good")
        return redirect(url_for("newcomers.answers"), 303)
    page = render_template(
        "newcomers/stop.html", form=form, with_a_buddy=newcomer.state in newcomers.WITH_A_BUDDY
    )
    return page, 422 if form.errors else 200
