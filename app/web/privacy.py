"""What a person can see and do about the own data: look, take along, object, be deleted and take that back."""

import json

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.clock import in_brussels, today
from app.errors import NotFound
from app.forms.base import Form
from app.i18n import active
from app.i18n import gettext as _
from app.models import Buddy, Newcomer
from app.queries.accounts import own_person
from app.queries.erasures import law_wants_of, open_erasure
from app.queries.privacy import agreed_by, held_about, outdated_texts, own_agreement, own_records
from app.reference.agreed_texts import words_of
from app.reference.languages import language_name
from app.security.permissions import Permission
from app.services import consents, erasures, objections
from app.vocabulary import Role
from app.vocabulary.held import HELD
from app.vocabulary.registrations import AGREED_TEXTS as TEXTS
from app.vocabulary.registrations import VOLUNTEER_DUTIES, ConsentText
from app.web.addresses import letter_link
from app.web.guards import guard
from app.web.own_paper import in_words
from app.web.showing import answers_of
from app.web.viewing import the_viewer

bp = Blueprint("privacy", __name__)


@bp.get("/<lang>/my-data")
@guard(Permission.OWN_ACCOUNT)
def my_data() -> ResponseReturnValue:
    """Everything that is kept about the viewer: the answers in plain words, then all the rest in tables."""
    viewer = the_viewer()
    person = own_person(viewer)
    asked = open_erasure(person.id)
    agreed = [consent for consent in agreed_by(viewer.person_id or 0) if consent.text in TEXTS]
    return render_template(
        "privacy/my_data.html", held=held_about(viewer), words_of=words_of, labels=HELD, agreed=agreed, texts=TEXTS,
        name_of=lambda tag: language_name(tag, active()), person=person, asked=asked,
        gone_on=in_brussels(asked.due_at).date() if asked else None,
        answers=[(_correct_at(record), answers_of(record)) for record in own_records(viewer)],
        proposed=bool(viewer.roles & {Role.BUDDY, Role.NEWCOMER}),
    )  # fmt: skip


def _correct_at(record: Buddy | Newcomer) -> str:
    return url_for("buddies.home" if isinstance(record, Buddy) else "newcomers.answers")


@bp.get("/<lang>/my-data.json")
@guard(Permission.OWN_ACCOUNT)
def my_data_file() -> ResponseReturnValue:
    """The same as a file to take away (GDPR art. 15 and 20)."""
    text = json.dumps(held_about(the_viewer()), ensure_ascii=False, indent=1, default=str)
    answer = Response(text, mimetype="application/json")
    answer.headers["Content-Disposition"] = 'attachment; filename="samenspoor.json"'
    return answer


@bp.get("/<lang>/my-data/paper")
@guard(Permission.OWN_ACCOUNT)
def my_data_paper() -> ResponseReturnValue:
    """The same to read and to print, each value in words."""
    viewer = the_viewer()
    return render_template(
        "privacy/paper.html", person=own_person(viewer), today=today(), read=in_words(held_about(viewer)), labels=HELD,
        answers=[answers_of(record) for record in own_records(viewer)],
    )  # fmt: skip


@bp.post("/<lang>/my-data/proposals")
@guard(Permission.OWN_ACCOUNT)
def proposals() -> ResponseReturnValue:
    """Be left out of what the computer proposes, or no longer."""
    objects = request.form.get("objects") == "1"
    objections.set_objection(the_viewer(), objects=objects)
    flash(_("Your changes are saved."), "good")
    return redirect(url_for("privacy.my_data"), 303)


@bp.route("/<lang>/my-data/delete", methods=["GET", "POST"])
@guard(Permission.OWN_ACCOUNT)
def erase() -> ResponseReturnValue:
    """What being deleted means, and to ask for it."""
    viewer, form = the_viewer(), Form()
    if form.validate_on_submit():
        erasures.ask(viewer, page=letter_link("privacy.my_data", lang=viewer.locale or active()))
        flash(_("We wait 14 days. Until then you can take it back with one tap."), "good")
        return redirect(url_for("privacy.my_data"), 303)
    return render_template(
        "privacy/erase.html", form=form, until=law_wants_of(viewer.person_id),
        signs=Role.BUDDY in viewer.roles or Role.ORGANISATION in viewer.roles,
    )  # fmt: skip


@bp.post("/<lang>/my-data/stay")
@guard(Permission.OWN_ACCOUNT)
def stay() -> ResponseReturnValue:
    """No longer want to be deleted."""
    erasures.take_back(the_viewer())
    flash(_("You stay. Nothing is deleted."), "good")
    return redirect(url_for("privacy.my_data"), 303)


@bp.get("/<lang>/my-data/texts/<int:consent_id>")
@guard(Permission.OWN_ACCOUNT)
def agreed(consent_id: int) -> ResponseReturnValue:
    """The words to which the viewer agreed then, in the language in which they were read."""
    consent = own_agreement(the_viewer(), consent_id)
    words = words_of(consent.text, consent.version, consent.locale)
    if consent.text not in TEXTS or not words:
        raise NotFound
    return render_template("privacy/agreed.html", consent=consent, words=words, title=TEXTS[consent.text])


@bp.route("/<lang>/my-data/texts", methods=["GET", "POST"])
@guard(Permission.OWN_ACCOUNT)
def agree() -> ResponseReturnValue:
    """Texts that changed since the viewer agreed to them; nobody has to, and who wants to leave finds the way."""
    viewer, form = the_viewer(), Form()
    if form.validate_on_submit():
        consents.agree_again(viewer, locale=active())
        return redirect(url_for("accounts.home"), 303)
    changed = outdated_texts(viewer.person_id)
    return render_template(
        "privacy/agree.html", form=form, changed=[TEXTS[text.value] for text in changed],
        duties=VOLUNTEER_DUTIES if ConsentText.VOLUNTEERING in changed else (),
    )  # fmt: skip
