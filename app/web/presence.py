"""Who comes to an activity and who was there, for its contact person: with a link and no account, or signed in."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.errors import Invalid, Moved, NotFound
from app.forms.presence import MarkForm
from app.i18n import gettext as _
from app.i18n import ngettext
from app.models import Occurrence
from app.queries.sign_ups import coming_to, expected_at, meetings_of
from app.security.permissions import Permission
from app.services import presence as services
from app.services.presence import Host
from app.vocabulary.sign_ups import PresenceState, SignUpState
from app.web.guards import guard
from app.web.viewing import the_viewer

bp = Blueprint("presence", __name__)


@bp.get("/<lang>/t/<token>")
@guard(Permission.USE_LINK)
def by_link(token: str) -> ResponseReturnValue:
    """Who comes, and which times wait to be marked; first names alone."""
    here = url_for("presence.by_link", token=token)
    return _people(services.host_by_link(token, the_viewer()), here)


@bp.route("/<lang>/t/<token>/<int:time_id>", methods=["GET", "POST"])
@guard(Permission.USE_LINK)
def mark_by_link(token: str, time_id: int) -> ResponseReturnValue:
    """Tick who was there at one time."""
    host = services.host_by_link(token, the_viewer())
    return _mark(host, time_id, url_for("presence.by_link", token=token))


@bp.get("/<lang>/my-activities/<int:offer_id>/people")
@guard(Permission.SEE_SIGN_UPS)
def people(offer_id: int) -> ResponseReturnValue:
    """The same, signed in; how to reach who comes is shown when it is asked for, and that is written down."""
    host = services.host_by_account(the_viewer(), offer_id)
    asked = request.args.get("contact") == "1"
    if asked:
        services.contacts_seen(host)
    return _people(host, url_for("presence.people", offer_id=offer_id), contact=asked, signed_in=True)


@bp.route("/<lang>/my-activities/<int:offer_id>/people/<int:time_id>", methods=["GET", "POST"])
@guard(Permission.SEE_SIGN_UPS)
def mark(offer_id: int, time_id: int) -> ResponseReturnValue:
    """Tick who was there at one time, signed in."""
    host = services.host_by_account(the_viewer(), offer_id)
    return _mark(host, time_id, url_for("presence.people", offer_id=offer_id))


def _people(host: Host, here: str, *, contact: bool = False, signed_in: bool = False) -> ResponseReturnValue:
    coming = coming_to(host.offer.id)
    meetings = meetings_of(host.offer.id)
    return render_template(
        "presence/people.html", offer=host.offer, here=here, contact=contact, signed_in=signed_in,
        placed=[one for one in coming if one.state is SignUpState.JOINED],
        waiting=[one for one in coming if one.state is SignUpState.WAITING],
        over=[meeting for meeting in meetings if meeting.over], ahead=[meeting for meeting in meetings if not meeting.over],
    )  # fmt: skip


def _mark(host: Host, time_id: int, back: str) -> ResponseReturnValue:
    time, form = services.meeting_at(host, time_id), MarkForm()
    here = f"{back}/{time_id}"
    if form.validate_on_submit():
        try:
            done = services.mark(host, time_id, _ticked(), form.minutes.minutes or 0)
            flash(_thanks(done), "good")
            return redirect(back, 303)
        except Moved as moved:
            flash(moved.message, "wait")
            return redirect(back, 303)
        except Invalid as refusal:
            form.refuse("minutes" if refusal.field in ("at", "day") else refusal.field, refusal.message)
    if request.method == "GET":
        form.minutes.data = _length(time)
    expected = [(one, services.is_own(host, one)) for one in expected_at(time)]
    return render_template(
        "presence/mark.html", offer=host.offer, time=time, form=form, here=here, back=back, expected=expected,
        State=PresenceState, ticked=request.form.getlist("came"),
    ), 422 if form.errors else 200  # fmt: skip


def _thanks(done: int) -> str:
    if not done:
        return _("Thank you. Nobody gets hours for this time.")
    return ngettext("Thank you. You confirmed %(num)s time.", "Thank you. You confirmed %(num)s times.", done)


def _length(time: Occurrence) -> str:
    minutes = int((time.ends_at - time.starts_at).total_seconds()) // 60
    return f"{minutes // 60}:{minutes % 60:02d}"


def _ticked() -> list[int]:
    texts = request.form.getlist("came")
    if not all(text.isascii() and text.isdigit() and len(text) < 10 for text in texts):
        raise NotFound()
    return [int(text) for text in texts]
