"""A newcomer's own track, and the counsellor who sees it."""

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.clock import today
from app.errors import Invalid
from app.extensions import limiter
from app.forms.trajectories import CounsellorCodeForm
from app.i18n import active
from app.i18n import gettext as _
from app.queries.appointments import talk_is_to_come
from app.queries.newcomers import track_of
from app.queries.sign_ups import joined_by
from app.queries.waiting import STILL_WAITING, waiting_in
from app.security.permissions import Permission
from app.services import trajectories
from app.services.matchmaking.activities import starting_soon
from app.vocabulary.activities import KIND_ICONS
from app.vocabulary.searches import fit_sentence, waiting_sentence
from app.web import explaining
from app.web.guards import guard
from app.web.viewing import the_viewer

bp = Blueprint("newcomers", __name__)
ENTRIES_SHOWN = 5
DAYS_A_MONTH = 30.44


@bp.get("/<lang>/my-track")
@guard(Permission.OWN_TRACK)
def track() -> ResponseReturnValue:
    """The line of 40 hours, one next step, my people, and what can start this week."""
    found = track_of(the_viewer())
    newcomer = found.newcomer
    joined = joined_by(newcomer.id, active())
    taken = {one.offer.id for one in joined}
    fits = [fit for fit in starting_soon(newcomer, active()) if fit.hit.offer.id not in taken]
    # With the last day, as the counsellor sees it; months are rounded down, so that nobody counts on days that are not there.
    days_left = (found.term.ends_on - today()).days + 1 if found.term else 0
    return render_template(
        "newcomers/track.html", track=found, shown=found.entries[:ENTRIES_SHOWN], days_left=days_left,
        months_left=int(days_left / DAYS_A_MONTH), words=explaining, talk_to_come=talk_is_to_come(newcomer),
        activities=[(fit.hit, fit.reasons) for fit in fits], fit_sentence=fit_sentence, kind_icons=KIND_ICONS, joined=joined,
        waiting=waiting_in(newcomer.network_slug) if newcomer.state in STILL_WAITING else None, waiting_sentence=waiting_sentence,
    )  # fmt: skip


@bp.route("/<lang>/my-track/counsellor", methods=["GET", "POST"])
@guard(Permission.OWN_TRACK)
@limiter.limit("10 per 15 minutes", methods=["POST"])
def counsellor() -> ResponseReturnValue:
    """Fill in the code of a counsellor, see who it is, and say yes. Opening the page changes nothing."""
    form = CounsellorCodeForm()
    person = None
    if request.method == "GET":
        form.code.data = request.args.get("code", "")[:40]
    elif form.validate():
        try:
            person = trajectories.counsellor_of_code(
                form.code.data, secret_key=current_app.config["SECRET_KEY"]
            )
            if request.form.get("answer") == "yes":
                trajectories.link_counsellor(
                    the_viewer(), form.code.data, secret_key=current_app.config["SECRET_KEY"]
                )
                flash(_("Your counsellor can see your hours now."), "good")
                return redirect(url_for("newcomers.track"), 303)
        except Invalid as refusal:
            form.refuse(refusal.field, refusal.message)
    return render_template("newcomers/counsellor.html", form=form, person=person), 422 if form.errors else 200
