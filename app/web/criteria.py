"""What a counsellor owes beside accepting: people to call, and activities to judge before their hours count."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.forms.trajectories import CriteriaForm
from app.i18n import gettext as _
from app.models import Offer
from app.queries.calls import calls_for
from app.queries.criteria import criteria_owed, offers_to_judge, published_to_judge
from app.queries.reach import one, rows
from app.security.permissions import Permission
from app.services.criteria import judge_criteria
from app.vocabulary.activities import KIND_ICONS
from app.web.guards import guard
from app.web.trajectories import bp
from app.web.viewing import the_viewer

AT_ONCE = 25  # activities that everybody sees; the next ones come when these are judged


@bp.get("/<lang>/caseload/to-do")
@guard(Permission.ACCEPT_HOURS)
def tasks() -> ResponseReturnValue:
    """Calls and judgements that are owed, the oldest first."""
    viewer = the_viewer()
    return render_template(
        "trajectories/tasks.html", entries=rows(calls_for(viewer)), offers=rows(criteria_owed(viewer)),
        published=rows(published_to_judge(viewer).limit(AT_ONCE)), icons=KIND_ICONS,
    )  # fmt: skip


@bp.post("/<lang>/caseload/activities/<int:offer_id>/<any(counts,no_dutch,no_meeting):verdict>")
@guard(Permission.JUDGE_CRITERIA)
def judge_at_once(offer_id: int, verdict: str) -> ResponseReturnValue:
    """Say with one tap that an activity counts, or which of the two criteria it fails."""
    judge_criteria(
        the_viewer(), offer_id, dutch_spoken=verdict != "no_dutch", people_met=verdict != "no_meeting"
    )
    flash(_judged(counts=verdict == "counts"), "good")
    return redirect(url_for("trajectories.tasks", _anchor="published"), 303)


def _judged(*, counts: bool) -> str:
    return _("This activity counts.") if counts else _("This activity does not count.")


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
        flash(_judged(counts=bool(judged.meets_criteria)), "good")
        return redirect(url_for("trajectories.tasks"), 303)
    if request.method == "GET" and offer.meets_criteria is not None:
        form.dutch_spoken.data = "yes" if offer.dutch_spoken else "no"
        form.people_met.data = "yes" if offer.people_met else "no"
    return render_template(
        "trajectories/judge_offer.html", form=form, offer=offer
    ), 422 if form.errors else 200
