"""Matching: make a plan for a network, see for whom it works, and judge it pair by pair."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.forms.matches import RefuseForm
from app.i18n import gettext as _
from app.queries import matches as queries
from app.security.permissions import Permission
from app.services import matches as services
from app.vocabulary import ProposalRefusal
from app.vocabulary.records import RunState
from app.web import explaining
from app.web.duos import duo_links
from app.web.guards import guard
from app.web.viewing import the_viewer

bp = Blueprint("matches", __name__)


@bp.get("/<lang>/matching")
@guard(Permission.SEE_PROPOSALS)
def index() -> ResponseReturnValue:
    """The matching of each own network: the last plan and what is left to judge."""
    return render_template("matches/index.html", rows=queries.matching_of(the_viewer()))


@bp.post("/<lang>/matching/runs")
@guard(Permission.RUN_MATCHER)
def start() -> ResponseReturnValue:
    """Make a plan for one network; where one is being made already, show that."""
    try:
        run_id = services.start_run(the_viewer(), request.form.get("network", ""))
    except services.AlreadyRunning as busy:
        flash(str(busy.message), "notice")
        run_id = busy.run_id
    return redirect(url_for("matches.run", run_id=run_id), 303)


@bp.get("/<lang>/matching/runs/<int:run_id>")
@guard(Permission.SEE_PROPOSALS)
def run(run_id: int) -> ResponseReturnValue:
    """A run: how far it is, or its result."""
    page = queries.run_page(the_viewer(), run_id, request.args.get("page", 1, type=int))
    busy = page.run.state in (RunState.QUEUED, RunState.RUNNING)
    return render_template(
        "matches/progress.html" if busy else "matches/run.html", page=page, words=explaining
    )


@bp.post("/<lang>/matching/runs/<int:run_id>/stop")
@guard(Permission.RUN_MATCHER)
def stop(run_id: int) -> ResponseReturnValue:
    """Stop a run under way."""
    services.stop_run(the_viewer(), run_id)
    flash(_("The plan is no longer being made. Nothing was changed."), "good")
    return redirect(url_for("matches.index"), 303)


@bp.get("/<lang>/matching/proposals/<int:proposal_id>")
@guard(Permission.SEE_PROPOSALS)
def judge(proposal_id: int) -> ResponseReturnValue:
    """Judge a pair: two people side by side, the score, reasons, other possibilities."""
    page = queries.judging(the_viewer(), proposal_id)
    return render_template("matches/judge.html", page=page, refuse_form=RefuseForm(), words=explaining)


@bp.post("/<lang>/matching/proposals/<int:proposal_id>/approve")
@guard(Permission.JUDGE_PROPOSAL)
def approve(proposal_id: int) -> ResponseReturnValue:
    """Approve a pair: both are asked."""
    following = _following(proposal_id)
    services.approve(the_viewer(), proposal_id, links=duo_links())
    flash(_("Approved. Both people are asked whether they want to meet."), "good")
    return _go_on(following)


@bp.post("/<lang>/matching/proposals/<int:proposal_id>/hold")
@guard(Permission.JUDGE_PROPOSAL)
def hold(proposal_id: int) -> ResponseReturnValue:
    """Put a pair on hold."""
    following = _following(proposal_id)
    services.hold(the_viewer(), proposal_id)
    flash(_("On hold. New plans leave these two people alone until you decide."), "good")
    return _go_on(following)


@bp.get("/<lang>/matching/proposals/<int:proposal_id>/refuse")
@guard(Permission.JUDGE_PROPOSAL)
def ask_refusal(proposal_id: int) -> ResponseReturnValue:
    """Ask why these two are not put together."""
    page = queries.judging(the_viewer(), proposal_id)
    return render_template("matches/refuse.html", page=page, refuse_form=RefuseForm())


@bp.post("/<lang>/matching/proposals/<int:proposal_id>/refuse")
@guard(Permission.JUDGE_PROPOSAL)
def refuse(proposal_id: int) -> ResponseReturnValue:
    """Do not put these two together."""
    form = RefuseForm()
    if not form.validate():
        page = queries.judging(the_viewer(), proposal_id)
        return render_template("matches/refuse.html", page=page, refuse_form=form), 422
    following = _following(proposal_id)
    reason = ProposalRefusal(form.reason.data)
    services.refuse(the_viewer(), proposal_id, reason=reason, note=form.note.data or "")
    flash(_("Noted. These two are not proposed to each other for some months."), "good")
    return _go_on(following)


def _following(proposal_id: int) -> int | None:
    return queries.judging(the_viewer(), proposal_id).following


def _go_on(following: int | None) -> ResponseReturnValue:
    """To the next pair, or to the overview when all are judged."""
    if following is None:
        return redirect(url_for("matches.index"), 303)
    return redirect(url_for("matches.judge", proposal_id=following), 303)
