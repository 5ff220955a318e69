"""A counsellor's caseload as a list: filtered, as a file, and what can be done for several newcomers at once."""

from datetime import date
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.errors import NotFound, Refusal
from app.i18n import gettext as _
from app.i18n import ngettext
from app.queries.caseload import BANDS, Asked, Case, caseload_of
from app.queries.caseload_acts import acceptable, chosen, waiting_contacts
from app.queries.followup import to_look_at
from app.queries.trajectories import Risk
from app.security.permissions import Permission
from app.services import caseload as acts
from app.vocabulary import Obligation, choices
from app.web.downloads import TABLES, table_file
from app.web.guards import guard
from app.web.hours import link_for, track_for
from app.web.trajectories import bp
from app.web.viewing import the_viewer

MOST_ROWS_OF_A_FILE = 20_000
MOST_AT_ONCE = 50
HOURS_A_BAND = 10
IDLE_WEEKS = (2, 4, 8, 12)
FILTERS = ("q", "risk", "band", "obligation", "ends", "waits", "idle")


@bp.get("/<lang>/caseload")
@guard(Permission.ACCEPT_HOURS)
def caseload() -> ResponseReturnValue:
    """Who is on track and who runs out of term, the most urgent first."""
    asked = _asked()
    found = caseload_of(the_viewer(), asked, request.args.get("page", 1, type=int))
    files = {kind: url_for("trajectories.caseload_file", kind=kind, **_kept()) for kind in TABLES}
    return render_template(
        "trajectories/caseload.html", found=found, asked=asked, kept=_kept(), files=files, filtered=asked != Asked(),
        to_look_at=to_look_at(the_viewer()),
        Risk=Risk, bands=_bands(), weeks=IDLE_WEEKS, obligations=choices(Obligation), everybody=sum(found.counts.values()),
        page_of=lambda number: url_for("trajectories.caseload", **_kept(), page=number),
    )  # fmt: skip


@bp.get("/<lang>/caseload/list.<kind>")
@guard(Permission.ACCEPT_HOURS)
def caseload_file(kind: str) -> ResponseReturnValue:
    """The list as it is filtered, all pages of it; that it was taken is written down (T18)."""
    if kind not in TABLES:
        raise NotFound()
    viewer = the_viewer()
    found = caseload_of(viewer, _asked(), size=MOST_ROWS_OF_A_FILE)
    if found.total > MOST_ROWS_OF_A_FILE:
        raise Refusal(_("This list is too long for one file. Filter it first."))
    acts.note_export(viewer, found.total)
    header = [
        _("Name"), _("How it stands"), _("State"), _("Accepted"), _("Confirmed"), _("Told"), _("Still to do"), _("Lacks at this pace"),
        _("Days left"), _("Term ends"), _("Last activity"), _("Proofs to judge"),
    ]  # fmt: skip
    return table_file(kind, "caseload", _("Caseload"), header, (_cells(case) for case in found.cases))


def _cells(case: Case) -> list[Any]:
    has_term = case.ends_on is not None
    hours = [round(minutes / 60, 2) for minutes in (case.accepted, case.confirmed, case.told)]
    due = [round(case.owed / 60, 2), round(case.short / 60, 2), case.days_left] if has_term else [None] * 3
    return [
        case.newcomer.person.full_name, str(case.risk.label), str(case.state.label), *hours, *due, case.ends_on, case.last_on, case.to_judge,
    ]  # fmt: skip


@bp.get("/<lang>/caseload/several/<any(accept,remind):what>")
@guard(Permission.ACCEPT_HOURS)
def several(what: str) -> ResponseReturnValue:
    """What would be done for the newcomers that were ticked, before it is done."""
    viewer, keys = the_viewer(), request.args.getlist("newcomer", type=int)[:MOST_AT_ONCE]
    people = chosen(viewer, keys)
    if not people:
        flash(_("Tick the newcomers first."), "wait")
        return redirect(url_for("trajectories.caseload", **_kept()), 303)
    own = [newcomer.id for newcomer in people]
    if what == "accept":
        items = acceptable(viewer, own)
        with_something = {item.proof.newcomer_id for item in items}
        return render_template(
            "trajectories/accept_several.html", items=items, kept=_kept(), minutes=sum(item.minutes for item in items),
            without=[newcomer for newcomer in people if newcomer.id not in with_something],
        )  # fmt: skip
    return render_template(
        "trajectories/remind_several.html", people=people, waiting=waiting_contacts(viewer, own), kept=_kept()
    )


@bp.post("/<lang>/caseload/several/accept")
@guard(Permission.ACCEPT_HOURS)
def accept_several() -> ResponseReturnValue:
    """Accept the proofs of the summary that are still ticked."""
    keys = request.form.getlist("proof", type=int)[: MOST_AT_ONCE * 10]
    if not keys:
        flash(_("Tick the proofs that you accept."), "wait")
        return redirect(url_for("trajectories.caseload", **_kept()), 303)
    result = acts.accept_proofs(the_viewer(), keys, track_for)
    if result.done:
        flash(ngettext("%(num)s proof is accepted.", "%(num)s proofs are accepted.", result.done), "good")
    if result.left:
        flash(
            ngettext(
                "%(num)s proof is not accepted. Look at it on the page of the newcomer.",
                "%(num)s proofs are not accepted. Look at them on the pages of the newcomers.",
                len(result.left),
            ),
            "wait",
        )
    return redirect(url_for("trajectories.caseload", **_kept()), 303)


@bp.post("/<lang>/caseload/several/remind")
@guard(Permission.ACCEPT_HOURS)
def remind_several() -> ResponseReturnValue:
    """Ask the contact persons of the summary again."""
    keys = request.form.getlist("newcomer", type=int)[:MOST_AT_ONCE]
    asked = acts.remind_contacts(the_viewer(), keys, link_for)
    flash(
        ngettext("%(num)s contact person is asked again.", "%(num)s contact persons are asked again.", asked),
        "good",
    )
    return redirect(url_for("trajectories.caseload", **_kept()), 303)


def _asked() -> Asked:
    """The filters of the address; what makes no sense filters nothing."""
    args = request.args
    risk = args.get("risk", "").upper()
    band, idle = args.get("band", type=int), args.get("idle", 0, type=int)
    obligation = args.get("obligation", "")
    return Asked(
        words=args.get("q", "").strip()[:100], risk=Risk[risk] if risk in Risk.__members__ else None,
        band=band if band in range(BANDS) else None, obligation=obligation if obligation in set(Obligation) else "",
        ends_before=_day(args.get("ends", "")), waits=args.get("waits") == "1", idle_weeks=idle if idle in IDLE_WEEKS else 0,
    )  # fmt: skip


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _kept() -> dict[str, str]:
    """The filters, to be kept in addresses."""
    return {name: value[:100] for name in FILTERS if (value := request.args.get(name, ""))}


def _bands() -> list[tuple[str, str]]:
    between = [
        (
            str(band),
            _("%(first)s to %(last)s hours", first=(band - 1) * HOURS_A_BAND, last=band * HOURS_A_BAND),
        )
        for band in range(1, BANDS - 1)
    ]
    return [
        ("0", _("No accepted hours yet")), *between,
        (str(BANDS - 1), _("%(num)s hours and more", num=(BANDS - 2) * HOURS_A_BAND)),
    ]  # fmt: skip
