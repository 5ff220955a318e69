"""Lists of activities, for staff: bring one in, see what it would do, take it over; and take the own ones away."""

import json

from flask import current_app, flash, redirect, render_template, request, url_for
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue

from app.clock import today
from app.errors import Invalid
from app.exchange import COLUMNS, csv_rows, document
from app.exports import csv_file
from app.forms.offer_lists import OfferListForm, TakeOffersForm
from app.i18n import gettext as _
from app.models import OfferList
from app.queries.offer_lists import houses_for, list_of, lists_for
from app.queries.reach import rows
from app.security.permissions import Permission
from app.services import offer_lists
from app.services.offer_lists.exporting import take_away
from app.services.offer_lists.fetching import hosts_of
from app.services.offer_lists.reading import LARGEST
from app.services.offer_lists.taking import Answers
from app.services.offer_lists.uitdatabank import CONVERSATION, KINDS
from app.vocabulary import OfferKind, choices
from app.vocabulary.interests import Interest
from app.vocabulary.offer_lists import BUSY, WHOLE, OfferListKind, OfferListState, row_sentence
from app.web.api import own_source
from app.web.bodies import permit_more
from app.web.downloads import file_answer
from app.web.guards import guard
from app.web.offers import LEVELS, bp
from app.web.viewing import the_viewer

EARLIER = 20
FORM_BESIDE = 1024 * 1024  # bytes of a request beside the file in it
MOST_SENT = LARGEST + FORM_BESIDE
LISTS = "offers.lists"


@bp.record
def tell_the_door(state: BlueprintSetupState) -> None:
    """A list is taken in whole before the site reads it."""
    permit_more(state.app, LISTS, MOST_SENT)


@bp.url_value_preprocessor
def permit_large_lists(endpoint: str | None, _values: object) -> None:
    """A list may be larger than what else is sent; said before anything reads the request."""
    if endpoint == LISTS:
        request.max_content_length = MOST_SENT


@bp.route("/<lang>/activity-lists", methods=["GET", "POST"])
@guard(Permission.MOVE_OFFERS)
def lists() -> ResponseReturnValue:
    """Send a list, or name its address; below it the lists of before, and the own activities as a file."""
    viewer = the_viewer()
    hosts = hosts_of(current_app.extensions["settings"].feed_hosts)
    houses = rows(houses_for(viewer))
    form = OfferListForm(houses=[(house.id, house.name) for house in houses])
    if form.validate_on_submit():
        try:
            kept = offer_lists.keep_list(
                viewer, organisation_id=form.organisation.data, kind=OfferListKind(form.kind.data),
                data=form.data_of_file(), address=form.address.data or "", hosts=hosts,
            )  # fmt: skip
        except Invalid as refusal:
            form.refuse(refusal.field, refusal.message)
        else:
            return redirect(url_for("offers.list_shown", list_id=kept), 303)
    page = render_template(
        "offer_lists/index.html", form=form, hosts=sorted(hosts), houses=houses, earlier=rows(lists_for(viewer).limit(EARLIER)),
        most=f"{LARGEST // 1024 // 1024} MB",
    )  # fmt: skip
    return page, 422 if form.errors else 200


@bp.get("/<lang>/activity-lists/<int:list_id>")
@guard(Permission.MOVE_OFFERS)
def list_shown(list_id: int) -> ResponseReturnValue:
    """How far a list is, what it would do, or what became of it."""
    kept = list_of(the_viewer(), list_id)
    form = TakeOffersForm(None, insurer=kept.organisation.insurer)
    return _page(kept, form)


@bp.post("/<lang>/activity-lists/<int:list_id>")
@guard(Permission.MOVE_OFFERS)
def take_offers(list_id: int) -> ResponseReturnValue:
    """Take a list over."""
    form = TakeOffersForm()
    kept = list_of(the_viewer(), list_id)
    if form.validate():
        answers = Answers(
            _kinds_chosen(kept), form.fluent_speakers.data, form.meeting_words.data or "", form.insurer.data or "",
            bool(form.publish.data),
        )  # fmt: skip
        try:
            offer_lists.take_over(the_viewer(), list_id, answers)
        except Invalid as refusal:
            form.refuse(refusal.field, refusal.message)
        else:
            return redirect(url_for("offers.list_shown", list_id=list_id), 303)
    return _page(kept, form), 422


@bp.post("/<lang>/activity-lists/<int:list_id>/stop")
@guard(Permission.MOVE_OFFERS)
def stop_list(list_id: int) -> ResponseReturnValue:
    """Stop reading or taking over."""
    offer_lists.stop_list(the_viewer(), list_id)
    flash(_("Stopped. Nothing of this list was taken over."), "good")
    return redirect(url_for("offers.lists"), 303)


@bp.post("/<lang>/activity-lists/<int:list_id>/again")
@guard(Permission.MOVE_OFFERS)
def list_again(list_id: int) -> ResponseReturnValue:
    """Go on where a worker died."""
    offer_lists.begin_again(the_viewer(), list_id)
    return redirect(url_for("offers.list_shown", list_id=list_id), 303)


@bp.get("/<lang>/activity-lists/<int:list_id>/rows.csv")
@guard(Permission.MOVE_OFFERS)
def list_rows(list_id: int) -> ResponseReturnValue:
    """What is said of the rows, as a file."""
    kept = list_of(the_viewer(), list_id)
    said = sorted(
        (row["line"], row["title"], row_sentence(row["code"], row["facts"]))
        for row in (*kept.report.get("left_out", []), *kept.report.get("notes", []))
    )
    return file_answer("csv", "rows", csv_file(said, [_("Row"), _("Activity"), _("What we say of it")]))


@bp.get("/<lang>/activity-lists/activities.<any(csv,json):kind>")
@guard(Permission.MOVE_OFFERS)
def offers_file(kind: str) -> ResponseReturnValue:
    """The activities of the own networks, in every state."""
    source = own_source()
    found = take_away(the_viewer(), source=source, kind=kind)
    if kind == "json":
        content = json.dumps(document(source, found), ensure_ascii=False, indent=1).encode() + b"\n"
    else:
        content = csv_file((line for activity in found for line in csv_rows(activity)), COLUMNS)
    return file_answer(kind, f"samenspoor-own-activities-{today().isoformat()}", content)


def _terms(kept: OfferList) -> list[tuple[str, str, int]]:
    """(term, its name, how many) of the sorts that a list has, the most first."""
    found = [
        (
            term,
            name or (_("Conversation group, by its title") if term == CONVERSATION else _("No sort named")),
            count,
        )
        for term, (name, count) in kept.report.get("terms", {}).items()
    ]
    return sorted(found, key=lambda one: (-one[2], one[0]))


def _kinds_chosen(kept: OfferList) -> dict[str, str]:
    return {term: request.form.get(f"kind-{at}", "") for at, (term, _name, _count) in enumerate(_terms(kept))}


def _page(kept: OfferList, form: TakeOffersForm) -> str:
    if kept.state in BUSY:
        return render_template("offer_lists/progress.html", kept=kept, dead=offer_lists.seems_dead(kept))
    if kept.state is not OfferListState.READY:
        return render_template(
            "offer_lists/result.html",
            kept=kept,
            why=WHOLE.get(kept.failure),
            said=row_sentence,
            shown=offer_lists.SHOWN,
        )
    usual = {term: kind.value for term, kind in KINDS.items()}
    chosen = {
        term: request.form.get(f"kind-{at}", usual.get(term, ""))
        for at, (term, _name, _count) in enumerate(_terms(kept))
    }
    return render_template(
        "offer_lists/preview.html", kept=kept, form=form, report=kept.report, counts=kept.report["counts"], terms=_terms(kept),
        chosen=chosen, kinds=[one for one in choices(OfferKind) if one[0] != OfferKind.BUDDY], said=row_sentence,
        shown=offer_lists.SHOWN, levels=LEVELS, liking=lambda tag: Interest(tag).label,
    )  # fmt: skip
