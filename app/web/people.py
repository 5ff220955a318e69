"""The people of the own networks: lists, and the same lists as files."""

from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Select
from werkzeug import Response

from app.errors import NotFound, Refusal
from app.exports import Cell
from app.forms.people import KeepFilterForm
from app.i18n import active
from app.i18n import gettext as _
from app.models import Buddy, Newcomer
from app.queries.people import (
    Wanted,
    buddies_wanted,
    municipalities_of,
    newcomers_wanted,
    page_of,
)
from app.queries.reach import count, rows
from app.queries.saved_filters import filters_of
from app.reference.languages import SPOKEN, language_name
from app.reference.sorting import in_order
from app.security.permissions import Permission
from app.services.screening import note_export
from app.vocabulary import BuddyState, Interest, NewcomerState, choices
from app.vocabulary.exports import ExportReason
from app.vocabulary.lists import ListKind
from app.web.addresses import query_kept
from app.web.downloads import TABLES, table_file
from app.web.guards import guard
from app.web.viewing import the_viewer

bp = Blueprint("people", __name__)

MOST_ROWS_OF_A_FILE = 20_000
FILTERS = ("state", "municipality", "language", "interest")
KEPT = ("q", *FILTERS, "sort", "down")  # what a saved filter holds


def _wanted() -> Wanted:
    args = request.args
    chosen = {name: args.get(name, "")[:100] for name in (*FILTERS, "sort")}
    words = args.get("q", "").strip()[:100]
    return Wanted(words=words, descending=args.get("down") == "1", reader=active(), **chosen)


def _options(states: type[BuddyState | NewcomerState]) -> dict[str, Any]:
    names = [(tag, language_name(tag, active())) for tag in SPOKEN]
    spoken = in_order(names, active(), lambda pair: pair[1])
    return {
        "states": choices(states), "interests": choices(Interest), "languages_spoken": spoken,
        "municipalities": municipalities_of(the_viewer(), active()),
    }  # fmt: skip


def _sorting(wanted: Wanted, name: str) -> dict[str, str | None]:
    """What the head of a column needs: where a click leads, and how the list is sorted by it now."""
    now_by_it = wanted.sort == name
    kept = {key: value for key, value in query_kept().items() if key not in ("page", "sort", "down", "why")}
    down = {"down": "1"} if now_by_it and not wanted.descending else {}
    return {
        "url": url_for(request.endpoint or "people.buddies", **{**kept, "sort": name, **down}),
        "sorted": ("descending" if wanted.descending else "ascending") if now_by_it else None,
    }


def _list(template: str, wanted: Wanted, states: type[BuddyState | NewcomerState]) -> ResponseReturnValue:
    kind = ListKind.BUDDY if states is BuddyState else ListKind.NEWCOMER
    saved = filters_of(the_viewer(), kind)
    if not request.args and (start := next((one for one in saved if one.is_start), None)):
        return redirect(f"{request.path}?{start.query or 'all=1'}")
    on = urlencode([(name, request.args[name]) for name in KEPT if request.args.get(name)])
    kept = {key: value for key, value in request.args.items() if key not in ("page", "why")}
    files = {kind: url_for(f"{request.endpoint}_file", kind=kind) for kind in TABLES}
    unsaid = (
        _("Choose first what the file is for.")
        if "why" in request.args and "page" not in request.args
        else ""
    )
    page = render_template(
        template, saved=saved, filter_on=on, keep_form=KeepFilterForm(formdata=None), list_kind=kind.value,
        cut=page_of(the_viewer(), kind, wanted, request.args.get("page", 1, type=int)), wanted=wanted, files=files,
        kept=kept, export_reasons=choices(ExportReason), unsaid=unsaid,
        sorting=lambda name: _sorting(wanted, name), language_name=lambda tag: language_name(tag, active()),
        together=url_for("registrations.together"),
        filtered=any((wanted.words, *(getattr(wanted, name) for name in FILTERS))), **_options(states),
    )  # fmt: skip
    return page, 422 if unsaid else 200


def _back_to_the_list(kind: str) -> Response | None:
    """To the list as it was, with the question at its field, where it was not said what the file is for. Raises NotFound."""
    if kind not in TABLES:
        raise NotFound()
    if request.args.get("why", "") in list(ExportReason):
        return None
    kept = [(name, value) for name, value in request.args.items() if name in (*KEPT, "all")]
    there = url_for((request.endpoint or "").removesuffix("_file"))
    return redirect(f"{there}?{urlencode([*kept, ('why', '')])}#why")


@bp.get("/<lang>/people/buddies")
@guard(Permission.JUDGE_BUDDY)
def buddies() -> ResponseReturnValue:
    """The buddies of the own networks."""
    wanted = _wanted()
    return _list("people/buddies.html", wanted, BuddyState)


@bp.get("/<lang>/people/newcomers")
@guard(Permission.JUDGE_NEWCOMER)
def newcomers() -> ResponseReturnValue:
    """The newcomers of the own networks."""
    wanted = _wanted()
    return _list("people/newcomers.html", wanted, NewcomerState)


@bp.get("/<lang>/people/buddies.<kind>")
@guard(Permission.JUDGE_BUDDY)
def buddies_file(kind: str) -> ResponseReturnValue:
    """The list of buddies as it is filtered and sorted, all pages of it."""
    if back := _back_to_the_list(kind):
        return back
    found = _all_of(buddies_wanted(the_viewer(), _wanted()), "buddies-exported")
    header = [
        *_contact_header(), _("State"), _("Languages"), _("Likes"), _("Places taken"), _("Places"), _("Travels at most (km)"),
        _("Registered"), _("Ready since"), _("Insurer"), _("Source"),
    ]  # fmt: skip
    lines = (
        [
            *_contact(item), str(item.state.label), _spoken(item), _liked(item), item.places_taken, item.capacity,
            item.max_km, item.registered_at, item.screened_on, item.insurer, item.source,
        ]
        for item in found
    )  # fmt: skip
    return table_file(kind, "buddies", _("Buddies"), header, lines)


@bp.get("/<lang>/people/newcomers.<kind>")
@guard(Permission.JUDGE_NEWCOMER)
def newcomers_file(kind: str) -> ResponseReturnValue:
    """The list of newcomers as it is filtered and sorted, all pages of it."""
    if back := _back_to_the_list(kind):
        return back
    found = _all_of(newcomers_wanted(the_viewer(), _wanted()), "newcomers-exported")
    header = [
        *_contact_header(), _("State"), _("Dutch"), _("Languages"), _("Likes"), _("Travels at most (km)"), _("Registered"),
        _("Waiting since"),
    ]  # fmt: skip
    lines = (
        [
            *_contact(item), str(item.state.label), str(item.dutch_level.label), _spoken(item), _liked(item), item.max_km,
            item.registered_at, item.waiting_since,
        ]
        for item in found
    )  # fmt: skip
    return table_file(kind, "newcomers", _("Newcomers"), header, lines)


def _all_of(statement: Select[Any], action: str) -> list[Any]:
    """Every row of a filtered list, and the export written down with its length. Raises Refusal."""
    total = count(statement)
    if total > MOST_ROWS_OF_A_FILE:
        raise Refusal(_("This list is too long for one file. Choose a municipality or a state first."))
    note_export(the_viewer(), action, total, the_viewer().networks, why=ExportReason(request.args["why"]))
    return rows(statement)


def _contact_header() -> list[str]:
    return [_("Name"), _("Called"), _("E-mail"), _("Phone"), _("Postcode"), _("Place"), _("Municipality")]


def _contact(item: Buddy | Newcomer) -> list[Cell]:
    person = item.person
    return [
        person.full_name, person.call_name, person.email, person.phone, item.postcode, item.locality, item.municipality
    ]  # fmt: skip


def _spoken(item: Buddy | Newcomer) -> str:
    return ", ".join(language_name(tag, active()) for tag in item.languages)


def _liked(item: Buddy | Newcomer) -> str:
    return ", ".join(str(Interest(slug).label) for slug in item.interests if slug in set(Interest))
