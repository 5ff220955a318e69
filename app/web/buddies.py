"""A buddy's own page: where one stands, who calls when, own answers, a break, and to stop."""

from datetime import timedelta

from flask import Blueprint, current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.clock import today
from app.errors import Invalid
from app.forms.buddies import LeaveForm, PauseForm
from app.forms.registrations import EDITABLE
from app.i18n import gettext as _
from app.queries.appointments import talk_is_to_come
from app.queries.registrations import network_of
from app.security.permissions import Permission
from app.services import buddies
from app.vocabulary import BuddyState
from app.vocabulary.registrations import LeaveReason
from app.web.editing import edit_answers
from app.web.guards import guard
from app.web.showing import answers_of, stations, who_calls
from app.web.viewing import the_viewer

bp = Blueprint("buddies", __name__)


@bp.get("/<lang>/buddy")
@guard(Permission.OWN_BUDDY)
def home() -> ResponseReturnValue:
    """The own page."""
    buddy = buddies.own_buddy(the_viewer())
    network = network_of(buddy.network_slug)
    return render_template(
        "buddies/home.html", buddy=buddy, talk_to_come=talk_is_to_come(buddy), stations=stations(buddy), state=BuddyState, steps=EDITABLE["buddy"],
        who_calls=who_calls(network, buddy.registered_at + timedelta(days=network.call_within_days)), answers=answers_of(buddy),
        duo_url=url_for("duos.mine") if "duos.mine" in current_app.view_functions else "",
    )  # fmt: skip


@bp.route("/<lang>/buddy/answers/<slug>", methods=["GET", "POST"])
@guard(Permission.OWN_BUDDY)
def edit(slug: str) -> ResponseReturnValue:
    """Change the answers of one step."""
    return edit_answers(
        "buddy", slug, buddies.own_buddy(the_viewer()), buddies.edit, home=url_for("buddies.home")
    )


@bp.route("/<lang>/buddy/pause", methods=["GET", "POST"])
@guard(Permission.OWN_BUDDY)
def pause() -> ResponseReturnValue:
    """Take a break until a day."""
    form = PauseForm(data={"until": today() + timedelta(days=30)})
    if form.validate_on_submit():
        try:
            buddies.pause(the_viewer(), form.until.data)
        except Invalid as refusal:
            form.refuse(refusal.field, refusal.message)
        else:
            flash(_("Your break has begun. We propose nobody to you until then."), "good")
            return redirect(url_for("buddies.home"), 303)
    page = render_template("buddies/pause.html", form=form, tomorrow=today() + timedelta(days=1))
    return page, 422 if form.errors else 200


@bp.post("/<lang>/buddy/resume")
@guard(Permission.OWN_BUDDY)
def resume() -> ResponseReturnValue:
    """Come back from a break."""
    buddies.resume(the_viewer())
    flash(_("Welcome back. Newcomers can be proposed to you again."), "good")
    return redirect(url_for("buddies.home"), 303)


@bp.route("/<lang>/buddy/stop", methods=["GET", "POST"])
@guard(Permission.OWN_BUDDY)
def stop() -> ResponseReturnValue:
    """Stop, after the question whether one is sure."""
    buddy = buddies.own_buddy(the_viewer())
    form = LeaveForm()
    if form.validate_on_submit():
        buddies.withdraw(the_viewer(), LeaveReason(form.reason.data))
        flash(_("You stopped. Thank you for everything."), "good")
        return redirect(url_for("buddies.home"), 303)
    page = render_template("buddies/stop.html", form=form, in_duo=bool(buddy.places_taken))
    return page, 422 if form.errors else 200
