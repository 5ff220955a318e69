"""Reports of staff: an index, each report about the people in reach, and accepted proofs for the agency's database."""

from collections.abc import Callable

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from app.clock import today
from app.errors import NotFound
from app.exports import csv_file
from app.forms.reports import PeriodForm
from app.queries import matching_reports, trajectory_reports
from app.queries.accepted_proofs import accepted_proofs
from app.queries.disclosure import LEAST
from app.queries.trajectory_reports import Period
from app.security.permissions import Permission
from app.services import proof_exports
from app.vocabulary import Agency
from app.web.downloads import file_answer, table_file
from app.web.guards import guard
from app.web.reports import (
    Table,
    channels_table,
    finished_table,
    flow_table,
    hours_table,
    running_table,
)
from app.web.viewing import the_viewer

bp = Blueprint("staff_reports", __name__)

REPORTS: dict[str, Callable[[Period], Table]] = {
    "finished": lambda period: finished_table(trajectory_reports.finished(period, the_viewer())),
    "running": lambda period: running_table(trajectory_reports.running(period.last, the_viewer())),
    "hours": lambda period: hours_table(trajectory_reports.hours(period, the_viewer())),
    "flow": lambda period: flow_table(matching_reports.flow(period, the_viewer())),
    "channels": lambda period: channels_table(matching_reports.channels(period, the_viewer())),
}


@bp.get("/<lang>/reports")
@guard(Permission.SEE_REPORT)
def index() -> ResponseReturnValue:
    """All reports: what each counts, where it is and the files of it."""
    viewer = the_viewer()
    return render_template(
        "staff_reports/index.html",
        viewer=viewer,
        reports=list(REPORTS),
        exports=viewer.can(Permission.EXPORT_PROOFS),
        least=LEAST,
    )


@bp.get("/<lang>/reports/<any(finished,running,hours,flow,channels):report>")
@guard(Permission.SEE_REPORT)
def show(report: str) -> ResponseReturnValue:
    """One report about the people in reach, for any period or reference date."""
    form = PeriodForm(request.args)
    known = form.validate()
    period = _period(form) if known else Period(today())
    page = render_template(
        "staff_reports/show.html", viewer=the_viewer(), form=form, period=period, report=report, table=REPORTS[report](period), least=LEAST,
        asked=[(key, value) for key, value in request.args.items() if known and key in ("from", "to")],
    )  # fmt: skip
    return page, 200 if known else 422


@bp.get("/<lang>/reports/<any(finished,running,hours,flow,channels):report>.<any(csv,xlsx):kind>")
@guard(Permission.SEE_REPORT)
def file(report: str, kind: str) -> ResponseReturnValue:
    """The same as a file."""
    form = PeriodForm(request.args)
    if not form.validate():
        raise NotFound()
    table = REPORTS[report](_period(form))
    return table_file(kind, f"samenspoor-own-{report}", table.title, table.head, table.lines)


@bp.get("/<lang>/reports/proofs")
@guard(Permission.EXPORT_PROOFS)
def proofs() -> ResponseReturnValue:
    """Accepted proofs of each agency that the counsellor works for, and what the files are."""
    viewer = the_viewer()
    found = [
        (agency, len(accepted_proofs(viewer, agency.value)))
        for agency in Agency
        if agency.value in viewer.agencies
    ]
    return render_template("staff_reports/proofs.html", found=found)


@bp.get("/<lang>/reports/proofs/<any(agii,atlas,amal):agency>.<any(csv,json):kind>")
@guard(Permission.EXPORT_PROOFS)
def proofs_file(agency: str, kind: str) -> ResponseReturnValue:
    """The accepted proofs of the own newcomers at one agency."""
    made = proof_exports.take(the_viewer(), agency, kind)
    content = made.as_json() if kind == "json" else csv_file(made.rows(), proof_exports.COLUMNS)
    return file_answer(kind, f"samenspoor-proofs-{agency}-{today().isoformat()}", content)


def _period(form: PeriodForm) -> Period:
    return Period(form.last.data or today(), form.first.data)
