"""Organisations: register, the page that everybody sees, the own page with who speaks for it, and the coordinator's check."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.clock import today
from app.errors import Invalid
from app.extensions import limiter
from app.forms.organisations import ContactForm, OrganisationForm, RefusalForm, RegisterForm
from app.i18n import active
from app.i18n import gettext as _
from app.models import ContactPerson, Organisation
from app.queries import offers as shown
from app.queries import organisations as queries
from app.queries.reach import count, one, rows
from app.security.permissions import Permission, Scope
from app.services import arrivals
from app.services import organisations as services
from app.services.organisations import About, Contact
from app.vocabulary import choices
from app.vocabulary.activities import KIND_ICONS, OfferState, OrganisationState
from app.vocabulary.rhythms import rhythm_lines
from app.web.activities import LEVELS
from app.web.addresses import letter_link
from app.web.guards import guard
from app.web.viewing import the_viewer

bp = Blueprint("organisations", __name__)

SHOWN = 24
PAGE = 50


def home_for(locale: str) -> str:
    """The own activities, for a letter."""
    return letter_link("organisations.mine", lang=locale)


@bp.route("/<lang>/register/organisation", methods=["GET", "POST"])
@guard(Permission.REGISTER)
@limiter.limit("20 per hour", methods=["POST"])
def register() -> ResponseReturnValue:
    """An organisation registers itself, with the person who does it."""
    form = RegisterForm()
    if form.validate_on_submit():
        contact = Contact(
            form.contact_name.data,
            form.function.data or "",
            form.email.data,
            form.phone.data or None,
            active(),
        )
        arrivals.hand_in_organisation(About(**form.about()), contact)
        return redirect(url_for("organisations.registered"), 303)
    return render_template("organisations/register.html", form=form), 422 if form.errors else 200


@bp.get("/<lang>/register/organisation/done")
@guard(Permission.REGISTER)
def registered() -> ResponseReturnValue:
    """What happens next; the same for a new and for a known address."""
    return render_template("organisations/registered.html")


@bp.get("/<lang>/organisations/<int:organisation_id>")
@guard(Permission.SEE_PUBLIC)
def show(organisation_id: int) -> ResponseReturnValue:
    """An organisation that a coordinator verified, with what can be joined there."""
    found = one(queries.shown_organisations().where(Organisation.id == organisation_id))
    offers = rows(shown.of_organisation(organisation_id).limit(SHOWN))
    return render_template(
        "organisations/show.html", organisation=found, offers=offers, icons=KIND_ICONS, levels=LEVELS
    )


@bp.get("/<lang>/my-activities")
@guard(Permission.EDIT_OFFER)
def mine() -> ResponseReturnValue:
    """The own organisations with their activities; for a coordinator those of the network."""
    viewer = the_viewer()
    state = request.args.get("state", "")
    state = state if state in set(OfferState) else ""
    found = queries.desk(viewer, state)
    pages = max(1, -(-count(found) // PAGE))
    page = min(max(request.args.get("page", 1, int), 1), pages)
    houses = rows(queries.organisations_for(viewer).limit(SHOWN)) if viewer.organisations else []
    offers = rows(found.limit(PAGE).offset((page - 1) * PAGE))
    times = {
        offer.id: [
            line for place in offer.gatherings for line in rhythm_lines(place.rhythm, place.slots, on=today())
        ]
        for offer in offers
    }
    return render_template(
        "organisations/mine.html", offers=offers, page=page, pages=pages, houses=houses, state=state, times=times,
        own=viewer.organisations, waits=OrganisationState, states=choices(OfferState),
    )  # fmt: skip


@bp.route("/<lang>/my-activities/organisation/<int:organisation_id>", methods=["GET", "POST"])
@guard(Permission.EDIT_OFFER)
def edit(organisation_id: int) -> ResponseReturnValue:
    """What stands on the page of the organisation, and who speaks for it."""
    found = _own(organisation_id)
    form = OrganisationForm(data=_recalled(found))
    if form.validate_on_submit():
        try:
            services.change(the_viewer(), organisation_id, About(**form.about()))
        except Invalid as refusal:
            form.refuse(refusal.field, refusal.message)
        else:
            flash(_("Your changes are saved."), "good")
            return redirect(url_for("organisations.edit", organisation_id=organisation_id), 303)
    return _page(found, form=form)


@bp.post("/<lang>/my-activities/organisation/<int:organisation_id>/contacts")
@guard(Permission.EDIT_OFFER)
def add_contact(organisation_id: int) -> ResponseReturnValue:
    """Name one more person who speaks for the organisation."""
    found, form = _own(organisation_id), ContactForm(prefix="contact")
    if form.validate():
        contact = Contact(
            form.name.data,
            form.function.data or "",
            form.email.data or None,
            form.phone.data or None,
            form.locale.data,
        )
        try:
            services.add_contact(the_viewer(), organisation_id, contact)
        except Invalid as refusal:
            form.refuse(refusal.field, refusal.message)
        else:
            flash(_("This person can sign for hours now, by a link."), "good")
            return redirect(url_for("organisations.edit", organisation_id=organisation_id), 303)
    return _page(found, contact_form=form)


@bp.post("/<lang>/my-activities/organisation/<int:organisation_id>/contacts/<int:contact_id>/invite")
@guard(Permission.EDIT_OFFER)
def invite_contact(organisation_id: int, contact_id: int) -> ResponseReturnValue:
    """Give that person an account."""
    services.invite_contact(
        the_viewer(), organisation_id, contact_id, page_for=home_for,
        invitation_for=lambda locale, token: letter_link("accounts.new_password", lang=locale, token=token),
    )  # fmt: skip
    flash(_("We sent a mail with which this person can sign in."), "good")
    return redirect(url_for("organisations.edit", organisation_id=organisation_id), 303)


@bp.route(
    "/<lang>/my-activities/organisation/<int:organisation_id>/contacts/<int:contact_id>/remove",
    methods=["GET", "POST"],
)
@guard(Permission.EDIT_OFFER)
def remove_contact(organisation_id: int, contact_id: int) -> ResponseReturnValue:
    """Ask, then note that that person no longer speaks for the organisation."""
    viewer, found = the_viewer(), _own(organisation_id)
    contact = one(queries.contacts_of(found.id).where(ContactPerson.id == contact_id))
    if request.method == "GET":
        return render_template("organisations/remove_contact.html", organisation=found, contact=contact)
    left_oneself = contact.person_id == viewer.person_id and not viewer.networks
    services.remove_contact(viewer, organisation_id, contact_id)
    flash(_("This person no longer speaks for the organisation."), "good")
    here = url_for("organisations.edit", organisation_id=organisation_id)
    return redirect(url_for("pages.home") if left_oneself else here, 303)


@bp.get("/<lang>/organisations/<int:organisation_id>/check")
@guard(Permission.PUBLISH_OFFER)
def check(organisation_id: int) -> ResponseReturnValue:
    """What the organisation said of itself, for the coordinator to verify."""
    return _check_page(organisation_id)


@bp.post("/<lang>/organisations/<int:organisation_id>/verify")
@guard(Permission.PUBLISH_OFFER)
def verify(organisation_id: int) -> ResponseReturnValue:
    """The network knows this organisation."""
    services.verify(the_viewer(), organisation_id, page_for=home_for, seen=_seen())
    flash(_("The organisation is verified. It can be shown and can sign for hours."), "good")
    return redirect(url_for("organisations.check", organisation_id=organisation_id), 303)


@bp.post("/<lang>/organisations/<int:organisation_id>/refuse")
@guard(Permission.PUBLISH_OFFER)
def refuse(organisation_id: int) -> ResponseReturnValue:
    """Do not accept the organisation, or no longer."""
    form = RefusalForm()
    if form.validate():
        try:
            services.refuse(
                the_viewer(), organisation_id, reason=form.reason.data or "", page_for=home_for, seen=_seen()
            )
        except Invalid as refusal:
            form.refuse(refusal.field, refusal.message)
        else:
            flash(_("The organisation is told why. Nothing of it is shown."), "good")
            return redirect(url_for("organisations.check", organisation_id=organisation_id), 303)
    return _check_page(organisation_id, form)


def _seen() -> OrganisationState | None:
    """The state in which the page showed the organisation."""
    said = request.form.get("seen")
    return OrganisationState(said) if said in set(OrganisationState) else None


def _own(organisation_id: int) -> Organisation:
    return one(queries.organisations_for(the_viewer()).where(Organisation.id == organisation_id))


def _recalled(found: Organisation) -> dict[str, Any]:
    return {
        "name": found.name, "kind": found.kind or "", "words": found.words, "website": found.website,
        "insurer": found.insurer, "place": f"{found.postcode} {found.locality}".strip() or found.municipality,
    }  # fmt: skip


def _page(
    found: Organisation, *, form: OrganisationForm | None = None, contact_form: ContactForm | None = None
) -> ResponseReturnValue:
    """The own page, with what was typed in one of its two forms."""
    form = form or OrganisationForm(formdata=None, data=_recalled(found))
    contact_form = contact_form or ContactForm(formdata=None, prefix="contact")
    return render_template(
        "organisations/edit.html", organisation=found, form=form, contact_form=contact_form,
        contacts=rows(queries.contacts_of(found.id)), State=OrganisationState,
    ), 422 if form.errors or contact_form.errors else 200  # fmt: skip


def _check_page(organisation_id: int, form: RefusalForm | None = None) -> ResponseReturnValue:
    found = one(
        queries.organisations_for(the_viewer(), Permission.PUBLISH_OFFER).where(
            Organisation.id == organisation_id
        )
    )
    form, viewer = form or RefusalForm(formdata=None), the_viewer()
    reached, contacts = viewer.scopes(Permission.PUBLISH_OFFER), rows(queries.contacts_of(found.id))
    return render_template(
        "organisations/check.html", organisation=found, form=form, contacts=contacts,
        doubles=queries.likely_doubles(found, contacts), weight=queries.weight_of(found.id), State=OrganisationState,
        decides=lambda other: Scope.ALL in reached or other.network_slug in viewer.networks,
    ), 422 if form.errors else 200  # fmt: skip
