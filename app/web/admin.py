"""Administration: people and roles, mails, audit log."""

from datetime import date

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.errors import Invalid
from app.forms.admin import StaffForm
from app.i18n import gettext as _
from app.i18n import language
from app.models import Message
from app.queries.admin import AuditWanted, audit_for, messages_for, requests_for, staff_for
from app.queries.pages import cut
from app.queries.reach import one, rows
from app.queries.second_factors import factors_of
from app.security.permissions import Permission
from app.services import administrators, second_factors, staff
from app.vocabulary import Role, choices
from app.vocabulary.actions import ACTIONS, SUBJECTS
from app.vocabulary.exports import LookReason
from app.web.addresses import letter_link
from app.web.guards import guard
from app.web.viewing import the_viewer

bp = Blueprint("admin", __name__)


def _page() -> int:
    return request.args.get("page", 1, type=int)


@bp.get("/<lang>/admin/people")
@guard(Permission.SET_STAFF)
def people() -> ResponseReturnValue:
    """Who works here, and as what."""
    words = request.args.get("q", "").strip()[:100]
    shown = cut(staff_for(the_viewer(), words), _page())
    keys = factors_of([person.id for person in shown.rows])
    return render_template(
        "admin/people.html", cut=shown, words=words, keys=keys, has_key=second_factors.STAFF,
        requests=rows(requests_for(the_viewer())),
    )  # fmt: skip


@bp.route("/<lang>/admin/people/new", methods=["GET", "POST"])
@guard(Permission.SET_STAFF)
def invite() -> ResponseReturnValue:
    """Make an account for somebody of staff, or give one more role."""
    form = StaffForm()
    if form.validate_on_submit():
        try:
            text, kind = _given(form)
        except Invalid as refusal:
            form.refuse(refusal.field, refusal.message)
        else:
            flash(text, kind)
            return redirect(url_for("admin.people"), 303)
    return render_template("admin/invite.html", form=form), 422 if form.errors else 200


def _given(form: StaffForm) -> tuple[str, str]:
    """Give the role, or ask for a second administrator; what happened, in words. Raises Invalid."""
    role = Role(form.role.data)
    who = {"full_name": form.full_name.data, "email": form.email.data, "locale": form.locale.data}
    done = _("The role is given. A new person gets a mail to choose a password.")
    if role is not Role.ADMINISTRATOR:
        staff.invite(
            the_viewer(), **who, role=role, network=form.network.data or None, agency=form.agency.data or None,
            link_for=invitation_for,
        )  # fmt: skip
    elif not administrators.ask(the_viewer(), **who, link_for=invitation_for):
        return _("Noted. A second administrator has to agree within seven days."), "wait"
    return done, "good"


def invitation_for(locale: str, token: str) -> str:
    """The page where a new person chooses a password, for a letter."""
    return letter_link("accounts.new_password", lang=locale, token=token)


@bp.post("/<lang>/admin/administrators/<int:request_id>/agree")
@guard(Permission.SET_STAFF)
def agree(request_id: int) -> ResponseReturnValue:
    """Make an administrator together with the one who asked for it."""
    if administrators.agree(the_viewer(), request_id, link_for=invitation_for):
        flash(_("The role is given. A new person gets a mail to choose a password."), "good")
    else:
        flash(_("You asked for this yourself. A second administrator has to agree."), "wait")
    return redirect(url_for("admin.people"), 303)


@bp.post("/<lang>/admin/administrators/<int:request_id>/refuse")
@guard(Permission.SET_STAFF)
def refuse(request_id: int) -> ResponseReturnValue:
    """Say no to a new administrator, or take back what one asked."""
    administrators.refuse(the_viewer(), request_id)
    flash(_("Noted. This person does not become an administrator."), "good")
    return redirect(url_for("admin.people"), 303)


@bp.post("/<lang>/admin/roles/<int:grant_id>/take")
@guard(Permission.SET_STAFF)
def take_role(grant_id: int) -> ResponseReturnValue:
    """Take a role away."""
    staff.revoke(the_viewer(), grant_id)
    flash(_("The role is taken away."), "good")
    return redirect(url_for("admin.people"), 303)


@bp.post("/<lang>/admin/people/<int:person_id>/second-factor")
@guard(Permission.SET_STAFF)
def reset_factor(person_id: int) -> ResponseReturnValue:
    """Take the second factor of who lost the phone away; two administrators have to say so."""
    if second_factors.ask_reset(the_viewer(), person_id):
        flash(_("The second key is taken away. This person gets a mail."), "good")
    else:
        flash(_("Noted. A second administrator has to say the same within a day."), "wait")
    return redirect(url_for("admin.people"), 303)


@bp.get("/<lang>/admin/messages")
@guard(Permission.ADMINISTER)
def messages() -> ResponseReturnValue:
    """The mails that were written; without a mail server this is where they can be read."""
    return render_template(
        "admin/messages.html", readable=_readable(), cut=cut(messages_for(the_viewer()), _page()),
        native=lambda tag: language(tag).native_name,
    )  # fmt: skip


@bp.get("/<lang>/admin/messages/<int:message_id>")
@guard(Permission.ADMINISTER)
def message(message_id: int) -> ResponseReturnValue:
    """One mail: without a mail server as its reader gets it, else how it went, and the address for a reason (T18).

    With a mail server nobody but its reader sees what it says: it can hold a secret link, or how others are reached.
    """
    found = one(messages_for(the_viewer()).where(Message.id == message_id))
    why = request.args.get("why", "")
    if seen := not _readable() and why in list(LookReason):
        staff.note_address_seen(the_viewer(), found, LookReason(why))
    asked = "why" in request.args and not seen and not _readable()
    page = render_template(
        "admin/message.html", message=found, readable=_readable(), seen=seen, reasons=choices(LookReason),
        unsaid=_("Choose first why you look at the address.") if asked else "",
    )  # fmt: skip
    return page, 422 if asked else 200


def _readable() -> bool:
    return not current_app.extensions["settings"].smtp_url


@bp.get("/<lang>/audit")
@guard(Permission.READ_AUDIT)
def audit() -> ResponseReturnValue:
    """What was decided and looked at, and looking for it: by whom, what, about which number, on which days."""
    given = {
        name: request.args.get(name, "").strip()[:100]
        for name in ("who", "action", "about", "since", "until")
    }
    wanted = AuditWanted(
        who=given["who"], action=given["action"] if given["action"] in ACTIONS else "",
        about=int(given["about"]) if given["about"].isascii() and given["about"].isdigit() and len(given["about"]) < 10 else None,
        since=_day(given["since"]), until=_day(given["until"]),
    )  # fmt: skip
    options = sorted(((code, str(words)) for code, words in ACTIONS.items()), key=lambda option: option[1])
    return render_template(
        "admin/audit.html", cut=cut(audit_for(the_viewer(), wanted), _page()), actions=ACTIONS, subjects=SUBJECTS,
        given=given, options=[("", _("Everything")), *options], looked=any(given.values()),
    )  # fmt: skip


def _day(text: str) -> date | None:
    """A day as a browser sends it; nothing for anything else."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
