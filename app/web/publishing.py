"""What is decided and not told yet: look at it once more, publish, and take it back until people are told."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.i18n import gettext as _
from app.i18n import ngettext
from app.queries import publishing as queries
from app.queries.matches import run_page
from app.security.permissions import Permission
from app.services import publishing as services
from app.web import explaining
from app.web.guards import guard
from app.web.viewing import the_viewer

bp = Blueprint("publishing", __name__)
MINUTES = int(services.TELL_AFTER.total_seconds()) // 60


@bp.get("/<lang>/matching/networks/<slug>")
@guard(Permission.JUDGE_PROPOSAL)
def decided(slug: str) -> ResponseReturnValue:
    """The approved pairs of a network that nobody knows of, for whom they work, and the button that publishes them."""
    return render_template(
        "matches/decided.html", page=queries.decided(the_viewer(), slug), words=explaining, minutes=MINUTES
    )


@bp.post("/<lang>/matching/networks/<slug>/publish")
@guard(Permission.JUDGE_PROPOSAL)
def publish(slug: str) -> ResponseReturnValue:
    """Have the people of the approved pairs told in some minutes."""
    pairs = services.publish(the_viewer(), slug)
    flash(ngettext("%(num)s pair is published.", "%(num)s pairs are published.", pairs), "good")
    return redirect(url_for("publishing.decided", slug=slug), 303)


@bp.post("/<lang>/matching/networks/<slug>/unpublish")
@guard(Permission.JUDGE_PROPOSAL)
def unpublish(slug: str) -> ResponseReturnValue:
    """Nobody is told."""
    services.unpublish(the_viewer(), slug)
    flash(_("Taken back. Nobody has been told. The pairs stay approved."), "good")
    return redirect(url_for("publishing.decided", slug=slug), 303)


@bp.post("/<lang>/matching/networks/<slug>/tell")
@guard(Permission.JUDGE_PROPOSAL)
def tell(slug: str) -> ResponseReturnValue:
    """Tell them now."""
    told = services.tell_now(the_viewer(), slug)
    flash(
        ngettext(
            "The people of %(num)s pair are asked now.", "The people of %(num)s pairs are asked now.", told
        ),
        "good",
    )
    return redirect(url_for("publishing.decided", slug=slug), 303)


@bp.get("/<lang>/matching/runs/<int:run_id>/undo")
@guard(Permission.JUDGE_PROPOSAL)
def ask_undo(run_id: int) -> ResponseReturnValue:
    """Ask once more before a plan is undone as a whole."""
    return render_template("matches/undo.html", page=run_page(the_viewer(), run_id))


@bp.post("/<lang>/matching/runs/<int:run_id>/undo")
@guard(Permission.JUDGE_PROPOSAL)
def undo(run_id: int) -> ResponseReturnValue:
    """Undo a plan as a whole."""
    services.undo_run(the_viewer(), run_id)
    flash(_("The plan is undone. Everybody waits as before."), "good")
    return redirect(url_for("matches.index"), 303)
