"""The public tables as values with codes, for programs: P1, P2, P3 and P5 (DOMAIN 5a), small counts held back (R52)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from app.i18n import gettext
from app.queries import reports, trajectory_reports
from app.queries.disclosure import Figure
from app.queries.trajectory_reports import TOTAL, Figures, Period
from app.reference.networks import networks
from app.vocabulary import Obligation, Province


@dataclass(frozen=True)
class Line:
    """One line of a table: its code, its name in the language being spoken, and its figures by the code of the measure."""

    code: str
    label: str
    figures: Figures


@dataclass(frozen=True)
class Numbers:
    """A table: what is counted as code and name, a line each, and the line of all."""

    table: str
    title: str
    measures: dict[str, str]
    lines: list[Line]
    total: Line


def numbers(table: str, period: Period) -> Numbers:
    """A table of TABLES in a period. KeyError for another."""
    return TABLES[table](period)


def titles() -> dict[str, str]:
    """The names of the tables."""
    return {
        "provinces": gettext("Buddies per province"),
        "networks": gettext("Buddies per network"),
        "finished": gettext("Trajectories with all hours"),
        "hours": gettext("Confirmed hours by kind"),
    }


def _of_buddies(table: str, lines: list[Line], total: Figures, names: tuple[str, ...]) -> Numbers:
    measures = {
        "candidates": gettext("Candidate buddies"), "approved": gettext("Found ready"), "active": gettext("In a duo"),
        reports.WAITING: gettext("Newcomers who wait now"),
    }  # fmt: skip
    shown = {name: total[name] for name in names}
    return Numbers(
        table,
        titles()[table],
        {name: measures[name] for name in names},
        lines,
        Line(TOTAL, gettext("Total"), shown),
    )


def _provinces(period: Period) -> Numbers:
    found = reports.buddies(period)
    lines = [Line(one.value, str(one.label), found.provinces[one.value]) for one in Province]
    return _of_buddies("provinces", lines, found.total, reports.COUNTED)


def _networks(period: Period) -> Numbers:
    found = reports.buddies(period)
    lines = [Line(one.slug, one.name_nl, found.networks[one.slug]) for one in networks()]
    return _of_buddies("networks", lines, found.total, reports.MEASURES)


def _finished(period: Period) -> Numbers:
    found = trajectory_reports.finished(period)
    lines = [Line(one.value, str(one.label), {"people": found[one.value]}) for one in Obligation]
    total = Line(TOTAL, gettext("Total"), {"people": found[TOTAL]})
    return Numbers("finished", titles()["finished"], {"people": gettext("People")}, lines, total)


def _hours(period: Period) -> Numbers:
    found = trajectory_reports.hours(period)
    lines = [
        Line(
            one.kind.value, str(one.kind.label), {"hours": Figure(one.hours), "percent": Figure(one.percent)}
        )
        for one in found.kinds
    ]
    whole = {"hours": Figure(found.total), "percent": Figure(100 if found.total else found.total)}
    measures = {"hours": gettext("Hours"), "percent": gettext("Share in percent")}
    return Numbers("hours", titles()["hours"], measures, lines, Line(TOTAL, gettext("Total"), whole))


TABLES: Final[Mapping[str, Callable[[Period], Numbers]]] = MappingProxyType(
    {"provinces": _provinces, "networks": _networks, "finished": _finished, "hours": _hours}
)
