"""Places with a buddy that networks lend to each other."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.clock import today
from app.errors import Invalid
from app.forms.base import SelectChoice, names
from app.forms.loans import LoanForm, RequestedPlaceForm, RequestForm
from app.i18n import gettext as _
from app.models import Buddy
from app.queries import loans as queries
from app.queries.reach import rows
from app.security.permissions import Permission
from app.services import loan_requests as requests
from app.services import loans as services
from app.services.agreements import months_later
from app.web import explaining
from app.web.guards import guard
from app.web.viewing import the_viewer

bp = Blueprint("loans", __name__)
LISTED = 300  # more free buddies than this are not in the list of the form
MONTHS = 3


@bp.get("/<lang>/loans")
@guard(Permission.LEND_PLACES)
def index() -> ResponseReturnValue:
    """What is lent and borrowed, and the form to offer a place."""
    return _page(None), 200


@bp.post("/<lang>/loans")
@guard(Permission.LEND_PLACES)
def offer() -> ResponseReturnValue:
    """Offer a place to a neighbour."""
    form = _filled(LoanForm())
    if form.validate():
        try:
            services.offer_place(the_viewer(), form.buddy.data, to=form.to.data, until=form.until.data)
        except Invalid as refusal:
            form.refuse(refusal.field, refusal.message)
    if form.errors:
        return _page(form), 422
    flash(_("The place is offered. The other network answers."), "good")
    return redirect(url_for("loans.index"), 303)


@bp.post("/<lang>/loans/<int:loan_id>/accept")
@guard(Permission.LEND_PLACES)
def accept(loan_id: int) -> ResponseReturnValue:
    """Take the place."""
    services.accept_place(the_viewer(), loan_id)
    flash(_("The place is yours to match on. Make a new plan to use it."), "good")
    return redirect(url_for("loans.index"), 303)


@bp.post("/<lang>/loans/<int:loan_id>/decline")
@guard(Permission.LEND_PLACES)
def decline(loan_id: int) -> ResponseReturnValue:
    """Do not take the place."""
    services.decline_place(the_viewer(), loan_id)
    flash(_("Noted. The place stays with the other network."), "good")
    return redirect(url_for("loans.index"), 303)


@bp.post("/<lang>/loans/<int:loan_id>/give-back")
@guard(Permission.LEND_PLACES)
def give_back(loan_id: int) -> ResponseReturnValue:
    """End a loan on which no duo lives."""
    services.give_back(the_viewer(), loan_id)
    flash(_("The place is back with its own network."), "good")
    return redirect(url_for("loans.index"), 303)


@bp.route("/<lang>/loans/ask", methods=["GET", "POST"])
@guard(Permission.LEND_PLACES)
def ask() -> ResponseReturnValue:
    """Ask a neighbour for a place."""
    form = _with_networks(RequestForm(until=months_later(today(), MONTHS)))
    if form.validate_on_submit():
        try:
            requests.ask_for_place(
                the_viewer(),
                by=form.by.data,
                to=form.to.data,
                until=form.until.data,
                words=form.words.data or "",
            )
        except Invalid as refusal:
            form.refuse(refusal.field, refusal.message)
        else:
            flash(_("Asked. The other network sees it on its page Today."), "good")
            return redirect(url_for("loans.index"), 303)
    return render_template("loans/ask.html", form=form), 422 if form.errors else 200


@bp.route("/<lang>/loans/asked/<int:request_id>", methods=["GET", "POST"])
@guard(Permission.LEND_PLACES)
def asked(request_id: int) -> ResponseReturnValue:
    """Answer a neighbour that asks for a place: with a buddy, or that it is not possible now."""
    found = queries.request_to_answer(the_viewer(), request_id)
    form = RequestedPlaceForm()
    free = rows(queries.free_buddies(the_viewer()).where(Buddy.network_slug == found.to_slug).limit(LISTED))
    form.buddy.choices = _named(free)
    if form.validate_on_submit():
        try:
            requests.answer_with_place(the_viewer(), request_id, form.buddy.data)
        except Invalid as refusal:
            form.refuse(refusal.field, refusal.message)
        else:
            flash(_("The place is offered. The other network answers."), "good")
            return redirect(url_for("loans.index"), 303)
    page = render_template("loans/asked.html", asked=found, form=form, names=queries.network_names())
    return page, 422 if form.errors else 200


@bp.post("/<lang>/loans/asked/<int:request_id>/decline")
@guard(Permission.LEND_PLACES)
def decline_request(request_id: int) -> ResponseReturnValue:
    """No place can be lent now."""
    requests.decline_request(the_viewer(), request_id)
    flash(_("Noted. The other network reads that it is not possible now."), "good")
    return redirect(url_for("loans.index"), 303)


@bp.post("/<lang>/loans/asked/<int:request_id>/withdraw")
@guard(Permission.LEND_PLACES)
def withdraw_request(request_id: int) -> ResponseReturnValue:
    """Ask for no place any more."""
    requests.withdraw_request(the_viewer(), request_id)
    flash(_("You do not ask for this place any more."), "good")
    return redirect(url_for("loans.index"), 303)


def _named(free: list[Buddy]) -> list[SelectChoice]:
    return names((str(buddy.id), f"{buddy.municipality}: {buddy.person.called}") for buddy in free)


def _with_networks(form: RequestForm) -> RequestForm:
    """The form with the viewer's networks and their neighbours, the city or region that belongs to it first."""
    own, called = sorted(the_viewer().networks), queries.network_names()
    form.by.choices = names((slug, called[slug]) for slug in own)
    near = dict.fromkeys(slug for network in own for slug in queries.partners(network))
    form.to.choices = names((slug, called[slug]) for slug in near if slug not in own)
    return form


def _filled(form: LoanForm) -> LoanForm:
    """The form with the free buddies, and the neighbours of the viewer's networks."""
    viewer = the_viewer()
    called = queries.network_names()
    free = rows(queries.free_buddies(viewer).limit(LISTED))
    form.buddy.choices = _named(free)
    near = dict.fromkeys(slug for own in sorted(viewer.networks) for slug in queries.partners(own))
    form.to.choices = names((slug, called[slug]) for slug in near if slug not in viewer.networks)
    return form


def _page(form: LoanForm | None) -> str:
    shown = form or _filled(LoanForm(formdata=None, until=months_later(today(), MONTHS)))
    return render_template(
        "loans/index.html", page=queries.loans_page(the_viewer()), form=shown, words=explaining
    )
