"""What a counsellor owes beside accepting: people to call, and activities to judge before their hours count."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.forms.trajectories import CriteriaForm
from app.i18n import gettext as _
from app.models import Offer
from app.queries.calls import calls_for
from app.queries.criteria import criteria_owed, offers_to_judge
from app.queries.reach import one, rows
from app.security.permissions import Permission
from app.services.criteria import judge_criteria
from app.web.guards import guard
from app.web.trajectories import bp
from app.web.viewing import the_viewer


@bp.get("/<lang>/caseload/to-do")
@guard(Permission.ACCEPT_HOURS)
def tasks() -> ResponseReturnValue:
    """Calls and judgements that are owed, the oldest first."""
    viewer = the_viewer()
    return render_template(
        "trajectories/tasks.html", entries=rows(calls_for(viewer)), offers=rows(criteria_owed(viewer))
    )


@bp.route("/<lang>/caseload/activities/<int:offer_id>", methods=["GET", "POST"])
@guard(Permission.JUDGE_CRITERIA)
def judge_offer(offer_id: int) -> ResponseReturnValue:
    """Judge the two criteria of one activity."""
    viewer, form = the_viewer(), CriteriaForm()
    offer = one(offers_to_judge(viewer).where(Offer.id == offer_id))
    if form.validate_on_submit():
        judged = judge_criteria(
            viewer,
            offer_id,
            dutch_spoken=form.dutch_spoken.data == "yes",
            people_met=form.people_met.data == "yes",
        )
        flash(
            _("This activity counts.") if judged.meets_criteria else _("This activity does not count."),
            "good",
        )
        return redirect(url_for("trajectories.tasks"), 303)
    if request.method == "GET" and offer.meets_criteria is not None:
        form.dutch_spoken.data = "yes" if offer.dutch_spoken else "no"
        form.people_met.data = "yes" if offer.people_met else "no"
    return render_template(
        "trajectories/judge_offer.html", form=form, offer=offer
    ), 422 if form.errors else 200
