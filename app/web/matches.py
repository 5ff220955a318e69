"""Matching: make a plan for a network, see for whom it works, and judge it pair by pair."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from app.errors import Moved
from app.forms.matches import RefuseForm
from app.i18n import gettext as _
from app.queries import judging
from app.queries import matches as queries
from app.queries.judging import network_of
from app.security.permissions import Permission
from app.services import matches as services
from app.services import replanning
from app.services.taking_part import Objected
from app.vocabulary import ProposalRefusal
from app.vocabulary.effects import consequence_sentences
from app.vocabulary.records import RunState
from app.web import explaining
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
    """Make a plan for a programme of a network; where one is being made already, show that."""
    network, programme_id = request.form.get("network", ""), request.form.get("programme", None, type=int)
    try:
        run_id = services.start_run(the_viewer(), network, programme_id)
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
    """Judge a pair: two people side by side, the score, reasons, other possibilities with their cost."""
    return _judge_page(proposal_id)


def _judge_page(proposal_id: int) -> str:
    page = judging.judging(the_viewer(), proposal_id)
    choices = alternatives = None
    if page.solvable and the_viewer().can(Permission.JUDGE_PROPOSAL):
        choices = replanning.prospects(page.proposal, page.run, page.suggested, page.taking_part)
    if choices is None:
        alternatives = judging.alternatives_of(page.proposal)
    return render_template(
        "matches/judge.html", page=page, choices=choices, alternatives=alternatives, refuse_form=RefuseForm(), words=explaining,
    )  # fmt: skip


@bp.post("/<lang>/matching/proposals/<int:proposal_id>/approve")
@guard(Permission.JUDGE_PROPOSAL)
def approve(proposal_id: int) -> ResponseReturnValue:
    """Approve a pair: both are kept for each other, and told when the plan is published."""
    try:
        services.reserve(the_viewer(), proposal_id)
    except (Moved, Objected) as moved:
        return _decided_already(proposal_id, moved)
    except services.PlaceTaken as taken:
        return _solved_again(proposal_id, taken.message)
    flash(_("Approved. Nobody is told before you publish."), "good")
    return _go_on(proposal_id)


@bp.post("/<lang>/matching/proposals/<int:proposal_id>/instead")
@guard(Permission.JUDGE_PROPOSAL)
def choose(proposal_id: int) -> ResponseReturnValue:
    """Approve another buddy for this newcomer."""
    buddy_id = request.form.get("buddy", 0, type=int)
    try:
        done = replanning.choose(the_viewer(), proposal_id, buddy_id)
    except (Moved, Objected) as moved:
        return _decided_already(proposal_id, moved)
    except services.PlaceTaken as taken:
        return _solved_again(proposal_id, taken.message)
    flash(_("Approved with another buddy. Nobody is told before you publish."), "good")
    _tell_others(done, own=False)
    return _go_on(proposal_id)


@bp.post("/<lang>/matching/proposals/<int:proposal_id>/hold")
@guard(Permission.JUDGE_PROPOSAL)
def hold(proposal_id: int) -> ResponseReturnValue:
    """Put a pair on hold."""
    try:
        services.hold(the_viewer(), proposal_id)
    except Moved as moved:
        return _decided_already(proposal_id, moved)
    flash(_("On hold. New plans leave these two people alone until you decide."), "good")
    return _go_on(proposal_id)


@bp.get("/<lang>/matching/proposals/<int:proposal_id>/refuse")
@guard(Permission.JUDGE_PROPOSAL)
def ask_refusal(proposal_id: int) -> ResponseReturnValue:
    """Ask why these two are not put together."""
    page = judging.judging(the_viewer(), proposal_id)
    if page.at is None:
        return redirect(url_for("matches.judge", proposal_id=proposal_id))
    return render_template("matches/refuse.html", page=page, refuse_form=RefuseForm())


@bp.post("/<lang>/matching/proposals/<int:proposal_id>/refuse")
@guard(Permission.JUDGE_PROPOSAL)
def refuse(proposal_id: int) -> ResponseReturnValue:
    """Do not put these two together."""
    form = RefuseForm()
    if not form.validate():
        page = judging.judging(the_viewer(), proposal_id)
        return render_template("matches/refuse.html", page=page, refuse_form=form), 422
    reason = ProposalRefusal(form.reason.data)
    try:
        done = replanning.refuse(the_viewer(), proposal_id, reason=reason, note=form.note.data or "")
    except Moved as moved:
        return _decided_already(proposal_id, moved)
    flash(_("Noted. These two are not proposed to each other for some months."), "good")
    _tell_others(done)
    return _go_on(proposal_id)


@bp.post("/<lang>/matching/proposals/<int:proposal_id>/back")
@guard(Permission.JUDGE_PROPOSAL)
def take_back(proposal_id: int) -> ResponseReturnValue:
    """Take back an approval or a hold; the pair is to be judged again."""
    done = replanning.take_back(the_viewer(), proposal_id)
    flash(_("Taken back. This pair can be judged again."), "good")
    _tell_others(done, own=False)
    return redirect(url_for("matches.judge", proposal_id=proposal_id), 303)


@bp.post("/<lang>/matching/proposals/<int:proposal_id>/again")
@guard(Permission.JUDGE_PROPOSAL)
def again(proposal_id: int) -> ResponseReturnValue:
    """Solve the plan again: one of these two is not available any more."""
    done = replanning.solve_again(the_viewer(), proposal_id)
    flash(_("The plan is made to fit again."), "good")
    _tell_others(done)
    return _go_on(proposal_id)


def _tell_others(done: replanning.Consequence, *, own: bool = True) -> None:
    """What a decision did to the rest of the plan; whoever lost a buddy by it is named first."""
    said = consequence_sentences(own and done.own, done.lost, done.gained, done.moved)
    if said:
        flash(Markup("<br>").join(said), "wait" if done.lost else "info")


def _decided_already(proposal_id: int, moved: Moved | Objected) -> ResponseReturnValue:
    """A colleague was first, the button was pressed twice, or somebody objects: the pair as it stands, in the midst of the morning."""
    flash(str(moved.message), "wait")
    return _judge_page(proposal_id), moved.status


def _solved_again(proposal_id: int, message: object) -> ResponseReturnValue:
    """Somebody else was first: the plan is solved around that, and the newcomer's new pair is shown, if there is one."""
    done = replanning.solve_again(the_viewer(), proposal_id)
    flash(str(message), "wait")
    _tell_others(done)
    return _go_on(proposal_id)


def _go_on(proposal_id: int) -> ResponseReturnValue:
    """To the next pair, or to what is decided when all are judged."""
    viewer = the_viewer()
    following = judging.next_to_judge(viewer, proposal_id)
    if following is None:
        return redirect(url_for("publishing.decided", slug=network_of(viewer, proposal_id)), 303)
    return redirect(url_for("matches.judge", proposal_id=following), 303)
