"""Coming in and going out, and the own account."""

from contextlib import suppress
from http import HTTPStatus

from flask import Blueprint, current_app, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from app.clock import now
from app.errors import Moved, Refusal
from app.extensions import limiter
from app.forms.accounts import (
    AccountForm,
    AskLinkForm,
    CodeForm,
    NewPasswordForm,
    OtherPasswordForm,
    SignInForm,
)
from app.i18n import gettext as _
from app.queries.accounts import has_come_in, own_person, own_sign_ins
from app.queries.privacy import outdated_texts
from app.queries.registrations import was_helped
from app.queries.second_factors import has_factor
from app.security.identity import canonical_email
from app.security.permissions import Permission
from app.services import accounts, takeover
from app.vocabulary import Role
from app.vocabulary.records import LinkPurpose
from app.web.addresses import safe_path
from app.web.devices import described
from app.web.guards import guard
from app.web.throttles import by_account, by_account_and_address, say_other_door
from app.web.typed import page_held
from app.web.viewing import come_in, let_in, let_out, the_viewer

bp = Blueprint("accounts", __name__)
HOMES = (
    (Role.NEWCOMER, "newcomers.track"), (Role.COORDINATOR, "today.index"), (Role.COUNSELLOR, "trajectories.caseload"),
    (Role.BUDDY, "buddies.home"), (Role.ADMINISTRATOR, "admin.people"), (Role.ORGANISATION, "organisations.mine"),
    (Role.HELPER, "registrations.together"),
)  # fmt: skip


def _own() -> str:
    return f"own {the_viewer().person_id}"


def _refused(response: Response) -> bool:
    return response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY


@bp.get("/<lang>/me")
@guard(Permission.OWN_ACCOUNT)
def home() -> ResponseReturnValue:
    """To the page where this person's day begins."""
    held = page_held()
    if held:
        return redirect(held)
    if outdated_texts(the_viewer().person_id) and "later" not in request.args:
        return redirect(url_for("privacy.agree"))
    roles = the_viewer().roles
    return redirect(url_for(next((page for role, page in HOMES if role in roles), "accounts.account")))


@bp.route("/<lang>/sign-in", methods=["GET", "POST"])
@guard(Permission.SEE_PUBLIC)
@limiter.limit("10 per 15 minutes", key_func=by_account, methods=["POST"], on_breach=say_other_door)
@limiter.limit("100 per 15 minutes", methods=["POST"])
def sign_in() -> ResponseReturnValue:
    """With address and password; whoever has neither goes on to the code or the link."""
    form = SignInForm()
    if form.validate_on_submit():
        person = accounts.person_by_password(canonical_email(form.email.data), form.password.data)
        if person is not None:
            there = safe_path(form.next.data) or url_for("accounts.home", lang=person.locale)
            with suppress(Moved):  # in this very moment another password was chosen
                return come_in(person.id, there, proven=person.password_hash)
        form.refuse("password", _("This address and this password do not belong together."))
    elif request.method == "GET":
        form.next.data = safe_path(request.args.get("next")) or ""
    return render_template("accounts/sign_in.html", form=form), 422 if form.errors else 200


@bp.route("/<lang>/sign-in/code", methods=["GET", "POST"])
@guard(Permission.SEE_PUBLIC)
@limiter.limit(
    "10 per 15 minutes", methods=["POST"], deduct_when=_refused
)  # a class comes in from one address
@limiter.limit("100 per 15 minutes", methods=["POST"])
def code() -> ResponseReturnValue:
    """With the personal code from the card."""
    form = CodeForm()
    if form.validate_on_submit():
        person = accounts.person_by_code(form.code.data, secret_key=current_app.config["SECRET_KEY"])
        if person is not None:
            new_here = not has_come_in(person.id)
            answer = come_in(person.id, url_for("accounts.home"))
            if new_here and was_helped(the_viewer()):
                takeover.take_over(the_viewer())
                return redirect(url_for("accounts.taken_over"), 303)
            return answer
        form.refuse("code", _("We do not know this code. Look at the card again, or ask for a new code."))
    elif request.method == "GET":
        form.code.data = request.args.get("code", "")[:40]
    return render_template("accounts/code.html", form=form), 422 if form.errors else 200


@bp.get("/<lang>/account/yours")
@guard(Permission.OWN_TRACK)
def taken_over() -> ResponseReturnValue:
    """After the first time with the card: the page is hers alone now; keep the code, or add an address."""
    return render_template("accounts/taken_over.html", person=own_person(the_viewer()))


@bp.route("/<lang>/account/address", methods=["GET", "POST"])
@guard(Permission.OWN_ACCOUNT)
@limiter.limit("5 per 15 minutes", methods=["POST"])
def add_address() -> ResponseReturnValue:
    """Add an e-mail address to an account, or another one while none is confirmed; with it a password can be chosen."""
    person = own_person(the_viewer())
    if person.email_confirmed_at:
        return redirect(url_for("accounts.account"))
    form = AskLinkForm()
    if form.validate_on_submit():
        takeover.add_address(the_viewer(), form.email.data)
        flash(_("We sent a mail. Open it, and tell us that the address is yours."), "good")
        return redirect(url_for("accounts.home"), 303)
    return render_template("accounts/add_address.html", form=form), 422 if form.errors else 200


@bp.route("/<lang>/sign-in/link", methods=["GET", "POST"])
@guard(Permission.SEE_PUBLIC)
@limiter.limit("5 per 15 minutes", key_func=by_account_and_address, methods=["POST"])
@limiter.limit("60 per 15 minutes", methods=["POST"])
def ask_link() -> ResponseReturnValue:
    """Send a link that signs in; the answer is the same for an unknown address."""
    form = AskLinkForm()
    if form.validate_on_submit():
        accounts.ask_link(canonical_email(form.email.data), LinkPurpose.SIGN_IN)
        return render_template("accounts/link_sent.html", email=form.email.data)
    return render_template("accounts/ask_link.html", form=form), 422 if form.errors else 200


@bp.route("/<lang>/sign-in/link/<token>", methods=["GET", "POST"])
@guard(Permission.USE_LINK)
def use_link(token: str) -> ResponseReturnValue:
    """Come in with a link. Opening it does nothing yet: mail scanners open links too."""
    if request.method == "POST":
        link = accounts.use_link(token, LinkPurpose.SIGN_IN)
        assert link.person_id is not None
        return come_in(link.person_id, url_for("accounts.home"))
    accounts.open_link(token, LinkPurpose.SIGN_IN)
    return render_template("accounts/use_link.html")


@bp.route("/<lang>/password", methods=["GET", "POST"])
@guard(Permission.SEE_PUBLIC)
@limiter.limit("5 per 15 minutes", key_func=by_account_and_address, methods=["POST"])
@limiter.limit("60 per 15 minutes", methods=["POST"])
def ask_password() -> ResponseReturnValue:
    """Send a link to choose a new password; the answer is the same for an unknown address."""
    form = AskLinkForm()
    if form.validate_on_submit():
        accounts.ask_link(canonical_email(form.email.data), LinkPurpose.RESET_PASSWORD)
        return render_template("accounts/link_sent.html", email=form.email.data)
    return render_template("accounts/ask_password.html", form=form), 422 if form.errors else 200


@bp.route("/<lang>/password/<token>", methods=["GET", "POST"])
@guard(Permission.USE_LINK)
def new_password(token: str) -> ResponseReturnValue:
    """Choose a password with the link of a reset or of an invitation."""
    person = accounts.person_of_password_link(token)
    form = NewPasswordForm(about=(person.full_name, person.email or ""))
    if form.validate_on_submit():
        accounts.set_password_by_link(token, form.password.data)
        answer = come_in(person.id, url_for("accounts.home"))
        if the_viewer().signed_in:
            flash(_("Your password is changed. You are signed in."), "good")
        return answer
    return render_template(
        "accounts/new_password.html", form=form, email=person.email
    ), 422 if form.errors else 200


@bp.route("/<lang>/confirm-address/<token>", methods=["GET", "POST"])
@guard(Permission.USE_LINK)
def confirm_address(token: str) -> ResponseReturnValue:
    """Say that the address is one's own; the button does it, not the opening."""
    if request.method == "POST":
        person_id = accounts.confirm_address(token)
        there = url_for("accounts.home")
        answer = redirect(there, 303) if the_viewer().signed_in else come_in(person_id, there)
        flash(_("Thank you. Your address is confirmed."), "good")
        return answer
    accounts.open_link(token, LinkPurpose.CONFIRM_ADDRESS)
    return render_template("accounts/confirm_address.html")


@bp.post("/<lang>/sign-out")
@guard(Permission.SIGN_OUT)
def sign_out() -> ResponseReturnValue:
    """Sign out of this browser."""
    let_out()
    flash(_("You are signed out."), "good")
    return redirect(url_for("pages.home"), 303)


@bp.post("/<lang>/stay")
@guard(Permission.OWN_ACCOUNT)
def stay() -> ResponseReturnValue:
    """Stay signed in. A script gets how many seconds that is; without one it is back to the page."""
    left = int((accounts.stay(the_viewer()) - now()).total_seconds())
    if request.accept_mimetypes.best == "application/json":
        return jsonify(seconds=left)
    flash(_("You stay signed in."), "good")
    return redirect(safe_path(request.form.get("next")) or url_for("accounts.home"), 303)


@bp.route("/<lang>/account", methods=["GET", "POST"])
@guard(Permission.OWN_ACCOUNT)
def account() -> ResponseReturnValue:
    """Name, telephone, language, and where this person is signed in."""
    viewer = the_viewer()
    person = own_person(viewer)
    form = AccountForm(obj=person)
    if form.validate_on_submit():
        accounts.change_account(
            viewer, full_name=form.full_name.data, call_name=form.call_name.data or "", phone=form.phone.data or None,
            locale=form.locale.data, latin_name=form.latin_name.data or "",
        )  # fmt: skip
        flash(_("Your changes are saved."), "good")
        return redirect(url_for("accounts.account", lang=form.locale.data), 303)
    page = render_template(
        "accounts/account.html", form=form, person=person, sign_ins=own_sign_ins(viewer), described=described, has_factor=has_factor(person.id),
    )  # fmt: skip
    return page, 422 if form.errors else 200


@bp.route("/<lang>/account/password", methods=["GET", "POST"])
@guard(Permission.OWN_ACCOUNT)
@limiter.limit("10 per 15 minutes", key_func=_own, methods=["POST"])
def change_password() -> ResponseReturnValue:
    """Choose another password, with the one of now where there is one; all other browsers are signed out."""
    viewer = the_viewer()
    person = own_person(viewer)
    if person.email and not person.email_confirmed_at and not person.password_hash:
        flash(
            _("We sent a mail. Open it, and tell us that the address is yours."),
            "wait",
        )
        return redirect(url_for("accounts.account"), 303)
    kind = OtherPasswordForm if person.password_hash else NewPasswordForm
    form = kind(about=(person.full_name, person.email or ""))
    if form.validate_on_submit():
        if accounts.is_password_of(viewer, form.password_now.data if "password_now" in form else None):
            accounts.set_password(person.id, form.password.data)
            let_in(person.id)
            flash(_("Your password is changed. Other devices are signed out."), "good")
            return redirect(url_for("accounts.account"), 303)
        form.refuse("password_now", _("This is not your password of now."))
    page = render_template("accounts/new_password.html", form=form, email=person.email)
    return page, 422 if form.errors else 200


@bp.post("/<lang>/account/sign-ins/end-others")
@guard(Permission.OWN_ACCOUNT)
def end_other_sign_ins() -> ResponseReturnValue:
    """Sign out of every other device at once."""
    accounts.end_other_sign_ins(the_viewer())
    flash(_("All other devices are signed out."), "good")
    return redirect(url_for("accounts.account"), 303)


@bp.post("/<lang>/account/sign-ins/<int:sign_in_id>/end")
@guard(Permission.OWN_ACCOUNT)
def end_sign_in(sign_in_id: int) -> ResponseReturnValue:
    """Sign out of another device."""
    try:
        accounts.sign_out(the_viewer(), sign_in_id)
        flash(_("That device is signed out."), "good")
    except Refusal:
        flash(_("That device was signed out already."), "wait")
    return redirect(url_for("accounts.account"), 303)
