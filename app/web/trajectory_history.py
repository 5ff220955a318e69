"""The history of one trajectory, with a filter."""

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.queries.trajectories import caseload_newcomer
from app.queries.trajectory_history import history_of
from app.security.permissions import Permission
from app.vocabulary import choices
from app.vocabulary.actions import ACTIONS
from app.vocabulary.trajectories import Part
from app.web.guards import guard
from app.web.trajectories import bp
from app.web.viewing import the_viewer


@bp.get("/<lang>/caseload/<int:newcomer_id>/history")
@guard(Permission.ACCEPT_HOURS)
def history(newcomer_id: int) -> ResponseReturnValue:
    """All that happened, newest first: contract, hours, answers, decisions, messages, and the buddy side."""
    newcomer = caseload_newcomer(the_viewer(), newcomer_id)
    asked = request.args.get("part", "")
    part = Part(asked) if asked in set(Part) else None
    found = history_of(newcomer, part, request.args.get("page", 1, type=int))
    return render_template(
        "trajectories/history.html", newcomer=newcomer, found=found, part=part.value if part else "", parts=choices(Part),
        actions=ACTIONS, page_of=lambda number: url_for(
            "trajectories.history", newcomer_id=newcomer_id, part=part.value if part else None, page=number
        ),
    )  # fmt: skip
