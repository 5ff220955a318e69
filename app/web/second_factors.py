"""The second factor: set up and taken away by its owner, and asked for at sign-in."""

from flask import Blueprint, current_app, flash, redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue

from app.errors import Invalid
from app.extensions import limiter
from app.forms.second_factors import DigitsForm, FactorForm
from app.i18n import gettext as _
from app.queries.accounts import DEMANDED_OF, own_person
from app.queries.second_factors import Factor, own_factor
from app.security.one_time import app_address, factor_secret
from app.security.permissions import Permission
from app.security.secrets import new_token
from app.services import second_factors
from app.web.addresses import safe_path
from app.web.guards import guard
from app.web.qr import qr_picture
from app.web.viewing import HALF, let_in, person_half_in, the_viewer

bp = Blueprint("second_factors", __name__)
SALT = "factor_salt"  # in the session, until the phone has shown that it counts as we do
TRIES = "5 per 15 minutes"
TRIES_AT_HOME = "20 per 15 minutes"  # of a phone that is being set up, which opens nothing yet


def _person() -> str:
    half = session.get(HALF, {})
    return f"factor {the_viewer().person_id or half.get('person')} {half.get('key', '')}"


@bp.route("/<lang>/account/second-factor", methods=["GET", "POST"])
@guard(Permission.OWN_FACTOR)
@limiter.limit(TRIES_AT_HOME, key_func=_person, methods=["POST"])
def own() -> ResponseReturnValue:
    """Set up one's second factor, or see how it stands. The recovery codes are shown once."""
    viewer = the_viewer()
    factor = own_factor(viewer)
    if factor is not None:
        return _standing(FactorForm(), factor)
    form = DigitsForm()
    if form.validate_on_submit() and SALT in session:
        try:
            codes = second_factors.turn_on(viewer, salt=session[SALT], digits=form.code.data)
        except Invalid as refusal:
            form.refuse(refusal.field, refusal.message)
        else:
            del session[SALT]
            return render_template("second_factors/recovery.html", codes=codes)
    return _setting_up(form)


@bp.post("/<lang>/account/second-factor/off")
@guard(Permission.OWN_FACTOR)
@limiter.limit(TRIES, key_func=_person)
def turn_off() -> ResponseReturnValue:
    """Take one's second factor away, to begin again with another phone."""
    viewer, form = the_viewer(), FactorForm()
    factor = own_factor(viewer)
    if factor is not None and form.validate_on_submit():
        try:
            second_factors.turn_off(viewer, form.code.data)
        except Invalid as refusal:
            form.refuse(refusal.field, refusal.message)
        else:
            flash(_("Your second key is taken away."), "good")
            return redirect(url_for("second_factors.own"), 303)
    return _standing(form, factor) if factor is not None else redirect(url_for("second_factors.own"), 303)


@bp.route("/<lang>/sign-in/second-factor", methods=["GET", "POST"])
@guard(Permission.USE_LINK)
@limiter.limit(TRIES, key_func=_person, methods=["POST"])
def ask() -> ResponseReturnValue:
    """The second step of signing in: a code of the phone, or a recovery code."""
    person_id = person_half_in()
    if person_id is None:
        flash(_("That took too long. Sign in again."), "wait")
        return redirect(url_for("accounts.sign_in"), 303)
    form = FactorForm()
    if form.validate_on_submit():
        if second_factors.passes(person_id, form.code.data):
            wanted = safe_path(session[HALF]["then"])
            let_in(person_id)
            return redirect(wanted or url_for("accounts.home"), 303)
        form.refuse("code", second_factors.WRONG)
    return render_template("second_factors/ask.html", form=form), 422 if form.errors else 200


def _setting_up(form: DigitsForm) -> ResponseReturnValue:
    viewer = the_viewer()
    salt = session.setdefault(SALT, new_token())
    secret = factor_secret(salt)
    link = app_address(secret, own_person(viewer).email or viewer.name)
    return render_template(
        "second_factors/set_up.html", form=form, link=link, picture=qr_picture(link), owed=viewer.owes_factor,
        letters=" ".join(secret[at : at + 4] for at in range(0, len(secret), 4)),
    ), 422 if form.errors else 200  # fmt: skip


def _standing(form: FactorForm, factor: Factor) -> ResponseReturnValue:
    settings = current_app.extensions["settings"]
    demanded = settings.demands_second_factor and not the_viewer().roles.isdisjoint(DEMANDED_OF)
    page = render_template("second_factors/standing.html", form=form, factor=factor, demanded=demanded)
    return page, 422 if form.errors else 200
