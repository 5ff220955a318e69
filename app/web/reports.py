"""Numbers, for everybody: as a page, and each table as CSV and Excel."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from io import BytesIO

from flask import Blueprint, render_template, request, send_file
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from app.charts import Bar, bars, dot_map
from app.clock import today
from app.errors import NotFound
from app.exports import Sheet, csv_file, xlsx_file
from app.forms.reports import PeriodForm
from app.i18n import gettext as _
from app.i18n import number, percent
from app.queries import matching_reports, reports, trajectory_reports
from app.queries.disclosure import LEAST, Figure
from app.queries.matching_reports import INTAKES, STEPS, Flow
from app.queries.trajectory_reports import TOTAL, Figures, Hours, Period, Running
from app.reference.networks import networks
from app.security.permissions import Permission
from app.vocabulary import Obligation, OfferKind, Province
from app.vocabulary.channels import Channel
from app.web.guards import guard

bp = Blueprint("reports", __name__)

Shown = Figure | str
NONE = "–"  # no pair, so no days
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True)
class Table:
    """One table of the page and of a file: words of the columns, rows that begin with their name, the line of totals.

    `own_names` says that the names of the rows are names, which no language translates.
    """

    slug: str
    title: str
    head: list[str]
    rows: list[list[Shown]]
    foot: list[Shown]
    own_names: bool = False

    @property
    def held_back(self) -> bool:
        """Whether a number of it is not shown."""
        cells = [cell for row in (*self.rows, self.foot) for cell in row]
        return any(cell.text for cell in cells if isinstance(cell, Figure))

    @property
    def lines(self) -> list[list[str | int | None]]:
        """All rows as a file takes them."""
        return [
            [cell if isinstance(cell, str) else cell.text or cell.value for cell in row]
            for row in (*self.rows, self.foot)
        ]


@bp.get("/<lang>/numbers")
@guard(Permission.SEE_PUBLIC)
def numbers() -> ResponseReturnValue:
    """Buddies per province and network, hours by kind, trajectories that are finished and under way."""
    form = PeriodForm(request.args)
    known = form.validate()
    period = _period(form) if known else Period(today())
    buddies, hours = reports.buddies(period), trajectory_reports.hours(period)
    tables = [
        _provinces(buddies), _networks(buddies), finished_table(trajectory_reports.finished(period)),
        running_table(trajectory_reports.running(period.last)), hours_table(hours),
        flow_table(matching_reports.flow(period)), channels_table(matching_reports.channels(period)),
    ]  # fmt: skip
    page = render_template(
        "reports/numbers.html", invented=buddies.invented, form=form, period=period, tables={table.slug: table for table in tables}, least=LEAST,
        flanders=province_map({slug: row["candidates"] for slug, row in buddies.provinces.items()}),
        bars=hours_bars(hours), held_back=any(table.held_back for table in tables),
        asked=[(key, value) for key, value in request.args.items() if known and key in ("from", "to")],
    )  # fmt: skip
    return page, 200 if known else 422


@bp.get("/<lang>/numbers.csv")
@guard(Permission.SEE_PUBLIC)
def as_csv() -> ResponseReturnValue:
    """One table, named by `table`."""
    (table,) = _asked_tables(request.args.get("table", "provinces"))
    content = csv_file(table.lines, table.head)
    return send_file(
        BytesIO(content), "text/csv", as_attachment=True, download_name=f"samenspoor-{table.slug}.csv"
    )


@bp.get("/<lang>/numbers.xlsx")
@guard(Permission.SEE_PUBLIC)
def as_xlsx() -> ResponseReturnValue:
    """One table, or all of them on a sheet each."""
    asked = request.args.get("table", "")
    content = xlsx_file(Sheet(table.title, table.head, table.lines) for table in _asked_tables(asked))
    return send_file(
        BytesIO(content), XLSX, as_attachment=True, download_name=f"samenspoor-{asked or 'numbers'}.xlsx"
    )


def province_map(candidates: Figures) -> Markup:
    """The dot map with how many people signed up as buddy in each province; what is held back has no size."""
    labels = {province.value: str(province.label) for province in Province}
    shown = {slug: figure for slug, figure in candidates.items() if slug != TOTAL}
    counts = {slug: figure.value or 0 for slug, figure in shown.items()}
    texts = {slug: figure.text or number(counts[slug]) for slug, figure in shown.items()}
    return dot_map(counts, "province", labels, _("Map: candidate buddies per province"), texts)


def _period(form: PeriodForm) -> Period:
    return Period(form.last.data or today(), form.first.data)


def _asked_tables(slug: str) -> Iterable[Table]:
    """The table with that name, or all when it is empty. Raises NotFound."""
    form = PeriodForm(request.args)
    if not form.validate():
        raise NotFound()
    period = _period(form)
    tables: dict[str, Callable[[], Table]] = {
        "provinces": lambda: _provinces(reports.buddies(period)),
        "networks": lambda: _networks(reports.buddies(period)),
        "finished": lambda: finished_table(trajectory_reports.finished(period)),
        "running": lambda: running_table(trajectory_reports.running(period.last)),
        "hours": lambda: hours_table(trajectory_reports.hours(period)),
        "flow": lambda: flow_table(matching_reports.flow(period)),
        "channels": lambda: channels_table(matching_reports.channels(period)),
    }
    if slug and slug not in tables:
        raise NotFound()
    return [make() for name, make in tables.items() if slug in ("", name)]


def _provinces(buddies: reports.Buddies) -> Table:
    return Table(
        "provinces",
        _("Buddies per province"),
        [_("Province"), *_measures()],
        [[str(province.label), *_row(buddies.provinces[province.value])] for province in Province],
        [_("Total"), *_row({name: buddies.total[name] for name in reports.COUNTED})],
    )


def _networks(buddies: reports.Buddies) -> Table:
    return Table(
        "networks",
        _("Buddies per network"),
        [_("Network"), *_measures(), _("Newcomers who wait now")],
        [[network.name_nl, *_row(buddies.networks[network.slug])] for network in networks()],
        [_("Total"), *_row(buddies.total)],
        own_names=True,
    )


def finished_table(finished: Figures) -> Table:
    """P3: the line of each status, and of all."""
    return Table(
        "finished",
        _("Trajectories with all hours"),
        [_("Status"), _("People")],
        [[str(obligation.label), finished[obligation.value]] for obligation in Obligation],
        [_("Total"), finished[TOTAL]],
    )


def running_table(running: Running) -> Table:
    """P4: a line for each status and one of all; the columns are all who began, and the bands of accepted hours."""
    rows = [[str(obligation.label), *_row(running.rows[obligation.value])] for obligation in Obligation]
    return Table(
        "running",
        _("Trajectories under way, by accepted hours"),
        [_("Status"), _("All under way"), *running.bands],
        rows,
        [_("Total"), *_row(running.rows[TOTAL])],
    )


def hours_table(hours: Hours) -> Table:
    """P5: the line of each kind of activity, and of all."""
    return Table(
        "hours",
        _("Confirmed hours by kind"),
        [_("Kind of activity"), _("Hours"), _("Share in percent")],
        [[str(line.kind.label), Figure(line.hours), Figure(line.percent)] for line in hours.kinds],
        [_("Total"), Figure(hours.total), Figure(100 if hours.total else hours.total)],
    )


def flow_table(flow: Flow) -> Table:
    """P12: the line of each quarter or year, and of the whole period."""
    rows: list[list[Shown]] = [
        [name, *(figures[step] for step in STEPS), flow.days[name] or NONE]
        for name, figures in flow.parts.items()
        if name != TOTAL
    ]
    return Table(
        "flow",
        _("The way of pairs"),
        [
            _("Period"), _("Proposed"), _("Approved"), _("Both said yes"), _("Started"), _("Did not click"),
            _("Completed"), _("Days of waiting (median)"),
        ],
        rows,
        [_("Total"), *(flow.parts[TOTAL][step] for step in STEPS), flow.days[TOTAL] or NONE],
        own_names=True,
    )  # fmt: skip


def channels_table(channels: dict[str, Figures]) -> Table:
    """P13: the line of each channel, and of all."""
    columns = ("all", *INTAKES)
    return Table(
        "channels",
        _("How newcomers came"),
        [
            _("Came through"), _("Newcomers"), _("Intake by the agency"), _("Intake by the network"),
            _("Intake by an organisation"), _("No intake yet"),
        ],
        [[str(channel.label), *(channels[channel.value][name] for name in columns)] for channel in Channel],
        [_("Total"), *(channels[TOTAL][name] for name in columns)],
    )  # fmt: skip


def _measures() -> list[str]:
    return [_("Candidate buddies"), _("Found ready"), _("In a duo")]


def _row(figures: Figures) -> list[Shown]:
    return list(figures.values())


def hours_bars(hours: Hours) -> Markup:
    """The shares of P5 drawn as bars."""
    return bars(
        Bar(
            str(line.kind.label),
            line.percent or 0,
            "…" if line.percent is None else percent(line.percent / 100),
            accent=line.kind is OfferKind.BUDDY,
        )
        for line in hours.kinds
    )
