"""The programmes of the own network: the list, one of them, its texts, and who is placed in which."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.errors import Invalid
from app.forms.base import names
from app.forms.network_programmes import PlaceForm, ProgrammeForm, TakesPartForm, TextForm
from app.i18n import LANGUAGES
from app.i18n import gettext as _
from app.models import Buddy, Newcomer, Programme
from app.queries import network_programmes as queries
from app.security.permissions import Permission
from app.services import network_programmes as services
from app.services import placing
from app.services.agreements import MONTHS, WEEKS_BETWEEN
from app.services.networks import network_of
from app.vocabulary import DutchLevel
from app.web.guards import guard
from app.web.viewing import the_viewer

bp = Blueprint("network_programmes", __name__)
TAGS = {item.tag: item for item in LANGUAGES}


@bp.get("/<lang>/network/<slug>/programmes")
@guard(Permission.SET_NETWORK)
def index(slug: str) -> ResponseReturnValue:
    """The programmes of a network, with how many newcomers are in each."""
    network = network_of(the_viewer(), slug)
    return render_template(
        "network_programmes/index.html", network=network, listed=queries.listed(slug), languages=LANGUAGES
    )


@bp.post("/<lang>/network/<slug>/programmes/own")
@guard(Permission.SET_NETWORK)
def own(slug: str) -> ResponseReturnValue:
    """Give the network a first programme of its own."""
    made = services.make_own(the_viewer(), slug)
    flash(_("This programme is yours now. Everybody is in it, and your plans stay."), "good")
    return redirect(url_for("network_programmes.programme", programme_id=made), 303)


@bp.route("/<lang>/network/<slug>/programmes/new", methods=["GET", "POST"])
@guard(Permission.SET_NETWORK)
def new(slug: str) -> ResponseReturnValue:
    """Begin a programme."""
    viewer = the_viewer()
    network = network_of(viewer, slug)
    form = ProgrammeForm(data={"months": 6, "weeks_between": 2, "refused_months": 6})
    form.offer(MONTHS, WEEKS_BETWEEN, services.towns_of(slug))
    if form.validate_on_submit():
        try:
            made = services.make_programme(viewer, slug, _wanted(form))
        except Invalid as refusal:
            form.refuse(refusal.field, refusal.message)
        else:
            flash(_("The programme has begun. Now write what it tells people."), "good")
            return redirect(url_for("network_programmes.programme", programme_id=made), 303)
    page = render_template("network_programmes/new.html", network=network, form=form)
    return page, 422 if form.errors else 200


@bp.route("/<lang>/network/programmes/<int:programme_id>", methods=["GET", "POST"])
@guard(Permission.SET_NETWORK)
def programme(programme_id: int) -> ResponseReturnValue:
    """A programme: what is decided about it, and in which languages it has a text."""
    viewer = the_viewer()
    found, slug = _own(programme_id)
    form = ProgrammeForm(obj=found).offer(MONTHS, WEEKS_BETWEEN, services.towns_of(slug))
    if form.validate_on_submit():
        try:
            services.set_programme(viewer, programme_id, _wanted(form))
        except Invalid as refusal:
            form.refuse(refusal.field, refusal.message)
        else:
            flash(_("The programme is kept. New agreements begin with this."), "good")
            return redirect(url_for("network_programmes.programme", programme_id=programme_id), 303)
    network = network_of(viewer, slug)
    page = render_template(
        "network_programmes/programme.html", programme=found, network=network, form=form,
        texts=queries.texts_of(programme_id), languages=LANGUAGES, first=network.programme_id == programme_id,
    )  # fmt: skip
    return page, 422 if form.errors else 200


@bp.route("/<lang>/network/programmes/<int:programme_id>/texts/<tag>", methods=["GET", "POST"])
@guard(Permission.SET_NETWORK)
def words(programme_id: int, tag: str) -> ResponseReturnValue:
    """What a programme tells people in one language."""
    if tag not in TAGS:
        abort(404)
    found, _slug = _own(programme_id)
    texts = queries.texts_of(programme_id)
    form = TextForm(obj=texts.get(tag))
    if form.validate_on_submit():
        try:
            services.write_text(
                the_viewer(), programme_id, tag, line=form.line.data or "", words=form.words.data or ""
            )
        except Invalid as refusal:
            form.refuse(refusal.field, refusal.message)
        else:
            flash(_("The text is kept."), "good")
            return redirect(url_for("network_programmes.programme", programme_id=programme_id), 303)
    page = render_template(
        "network_programmes/words.html", programme=found, form=form, language=TAGS[tag],
        dutch_text=texts.get("nl") if tag != "nl" else None,
    )  # fmt: skip
    return page, 422 if form.errors else 200


@bp.get("/<lang>/network/programmes/<int:programme_id>/close")
@guard(Permission.SET_NETWORK)
def ask_close(programme_id: int) -> ResponseReturnValue:
    """Ask once more before a programme is closed."""
    found, _slug = _own(programme_id)
    return render_template("network_programmes/close.html", programme=found)


@bp.post("/<lang>/network/programmes/<int:programme_id>/close")
@guard(Permission.SET_NETWORK)
def close(programme_id: int) -> ResponseReturnValue:
    """Close a programme."""
    _found, slug = _own(programme_id)
    try:
        services.close_programme(the_viewer(), programme_id)
    except services.StillDeciding as refusal:
        flash(str(refusal.message), "wait")
        return redirect(url_for("network_programmes.programme", programme_id=programme_id), 303)
    flash(_("The programme is closed. Its people are in the first programme again."), "good")
    return redirect(url_for("network_programmes.index", slug=slug), 303)


@bp.post("/<lang>/people/newcomers/<int:newcomer_id>/programme")
@guard(Permission.JUDGE_NEWCOMER)
def place_newcomer(newcomer_id: int) -> ResponseReturnValue:
    """Put a newcomer in another programme."""
    try:
        little = placing.place_newcomer(
            the_viewer(), newcomer_id, programme_id=PlaceForm(prefix="place-").programme.data or 0
        )
    except placing.PairOpen as refusal:
        flash(str(refusal.message), "wait")
    else:
        if little:
            flash(
                _("Kept. This person speaks less Dutch than the programme asks. You may decide so."), "notice"
            )
        else:
            flash(_("Kept. The next plan of this programme counts on it."), "good")
    return redirect(url_for("people.newcomer", newcomer_id=newcomer_id), 303)


@bp.post("/<lang>/people/buddies/<int:buddy_id>/programmes")
@guard(Permission.JUDGE_BUDDY)
def place_buddy(buddy_id: int) -> ResponseReturnValue:
    """Note in which programmes a buddy takes part."""
    form = TakesPartForm(prefix="place-")
    placing.place_buddy(the_viewer(), buddy_id, programme_ids=form.programmes.data or [])
    flash(_("Kept. The next plan of this programme counts on it."), "good")
    return redirect(url_for("people.buddy", buddy_id=buddy_id), 303)


@dataclass(frozen=True)
class Placing:
    """The form that places a person; `below` = she speaks less Dutch than the programme in which she is asks."""

    form: PlaceForm | TakesPartForm
    below: bool = False


def placing_of(person: Buddy | Newcomer, offered: Sequence[queries.Offered]) -> Placing | None:
    """The form that places a person, with where that is now; None where the network offers one programme."""
    if len(offered) < 2:
        return None
    programmes = [item.programme for item in offered]
    pairs = names((str(item.id), item.name) for item in programmes)
    if isinstance(person, Newcomer):
        now_in = next((item for item in programmes if item.id == person.programme_id), programmes[0])
        form = PlaceForm(formdata=None, prefix="place-", programme=now_in.id)
        form.programme.choices = pairs
        return Placing(form, queries.below(now_in, person))
    kept = TakesPartForm(
        formdata=None, prefix="place-", programmes=[item.programme.id for item in offered if item.named]
    )
    kept.programmes.choices = pairs
    return Placing(kept)


def _own(programme_id: int) -> tuple[Programme, str]:
    found = queries.own_programme(the_viewer(), programme_id)
    return found, found.network_slug or ""


def _wanted(form: ProgrammeForm) -> services.ProgrammeSettings:
    return services.ProgrammeSettings(
        name=form.name.data or "", months=form.months.data, weeks_between=form.weeks_between.data,
        refused_months=form.refused_months.data, least_dutch=DutchLevel(form.least_dutch.data),
        municipalities=tuple(form.municipalities.data or ()),
    )  # fmt: skip
