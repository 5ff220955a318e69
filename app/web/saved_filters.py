"""Filters of the lists of people that somebody keeps under a name."""

from urllib.parse import parse_qsl, urlencode

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from app.errors import Invalid
from app.forms.people import KeepFilterForm
from app.i18n import gettext as _
from app.security.permissions import Permission
from app.services import saved_filters
from app.vocabulary.lists import ListKind
from app.web.guards import guard
from app.web.people import KEPT, bp
from app.web.viewing import the_viewer

LISTS = {ListKind.BUDDY: "people.buddies", ListKind.NEWCOMER: "people.newcomers"}
LONGEST_QUERY = 1000


def only_filters(query: str) -> str:
    """The part of an address that filters a list, and nothing else of it."""
    given = dict(parse_qsl(query[:LONGEST_QUERY]))
    kept = urlencode([(name, given[name]) for name in KEPT if given.get(name)])
    return kept if len(kept) <= LONGEST_QUERY else ""


def _list(kind: ListKind, query: str) -> ResponseReturnValue:
    return redirect(f"{url_for(LISTS[kind])}?{query or 'all=1'}", 303)


@bp.post("/<lang>/people/<any(buddy,newcomer):people>/filters")
@guard(Permission.JUDGE_BUDDY)
def keep_filter(people: str) -> ResponseReturnValue:
    """Keep the filter that is on, under a name."""
    form, query = KeepFilterForm(), only_filters(request.form.get("query", ""))
    if not form.validate_on_submit():
        flash(_("Give the filter a name of at most 60 characters."), "notice")
        return _list(ListKind(people), query)
    try:
        saved_filters.keep(the_viewer(), ListKind(people), name=form.name.data, query=query)
    except Invalid as refusal:
        flash(str(refusal.message), "notice")
    else:
        flash(_("The filter is kept."), "good")
    return _list(ListKind(people), query)


@bp.post("/<lang>/people/filters/<int:filter_id>/<any(start,everybody):how>")
@guard(Permission.JUDGE_BUDDY)
def start_filter(filter_id: int, how: str) -> ResponseReturnValue:
    """Open the list with that filter from now on, or with everybody again."""
    kept = saved_filters.open_with(the_viewer(), filter_id, start=how == "start")
    flash(_("The list opens so from now on."), "good")
    return _list(kept.kind, kept.query if how == "start" else "")


@bp.post("/<lang>/people/filters/<int:filter_id>/take-away")
@guard(Permission.JUDGE_BUDDY)
def take_filter_away(filter_id: int) -> ResponseReturnValue:
    """Take a filter away; nobody of the list is."""
    kept = saved_filters.take_away(the_viewer(), filter_id)
    flash(_("The filter is gone. The people are still there."), "good")
    return _list(kept.kind, "")
