"""A buddy's own page: where one stands, who calls when, own answers, a break, and to stop."""

from datetime import timedelta

from flask import Blueprint, Response, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.clock import today
from app.errors import Invalid, NotFound
from app.forms.buddies import AvailableForm, LeaveForm, PauseForm, TrainingForm
from app.forms.registrations import EDITABLE
from app.i18n import gettext as _
from app.papers.certificate import Learned, Volunteer, certificate_pdf
from app.queries.appointments import talk_is_to_come
from app.queries.registrations import network_of
from app.queries.trainings import Service, ready_since, service_of, total_of, trainings_of
from app.security.permissions import Permission
from app.services import availability, buddies
from app.services.trainings import tell_training
from app.vocabulary import BuddyState
from app.vocabulary.records import Available
from app.vocabulary.registrations import LeaveReason
from app.web.downloads import file_answer
from app.web.editing import edit_answers
from app.web.guards import guard
from app.web.showing import answers_of, stations, who_calls
from app.web.viewing import the_viewer

bp = Blueprint("buddies", __name__)


@bp.get("/<lang>/buddy")
@guard(Permission.OWN_BUDDY)
def home() -> ResponseReturnValue:
    """The own page."""
    buddy = buddies.own_buddy(the_viewer())
    network = network_of(buddy.network_slug)
    return render_template(
        "buddies/home.html", buddy=buddy, talk_to_come=talk_is_to_come(buddy), stations=stations(buddy), state=BuddyState, steps=EDITABLE["buddy"],
        who_calls=who_calls(network, buddy.registered_at + timedelta(days=network.call_within_days)), answers=answers_of(buddy),
        answer_at=url_for("buddies.still_here"), duo_url=url_for("duos.mine") if "duos.mine" in current_app.view_functions else "",
    )  # fmt: skip


@bp.route("/<lang>/buddy/answers/<slug>", methods=["GET", "POST"])
@guard(Permission.OWN_BUDDY)
def edit(slug: str) -> ResponseReturnValue:
    """Change the answers of one step."""
    return edit_answers(
        "buddy", slug, buddies.own_buddy(the_viewer()), buddies.edit, home=url_for("buddies.home")
    )


@bp.route("/<lang>/buddy/pause", methods=["GET", "POST"])
@guard(Permission.OWN_BUDDY)
def pause() -> ResponseReturnValue:
    """Take a break until a day."""
    form = PauseForm(data={"until": today() + timedelta(days=30)})
    if form.validate_on_submit():
        try:
            buddies.pause(the_viewer(), form.until.data)
        except Invalid as refusal:
            form.refuse(refusal.field, refusal.message)
        else:
            flash(_("Your break has begun. We propose nobody to you until then."), "good")
            return redirect(url_for("buddies.home"), 303)
    page = render_template("buddies/pause.html", form=form, tomorrow=today() + timedelta(days=1))
    return page, 422 if form.errors else 200


@bp.route("/<lang>/a/<token>", methods=["GET", "POST"])
@guard(Permission.USE_LINK)
def available(token: str) -> ResponseReturnValue:
    """Still available? By the link of a letter, without signing in; looking answers nothing."""
    holder, form, said = availability.holder_of(token), AvailableForm(), ""
    if request.method == "POST" and form.validate():
        said = form.says.data
        availability.say(holder, Available(said))
    page = render_template(
        "buddies/available.html", buddy=buddies.own_buddy(holder), said=said, state=BuddyState,
        answer_at=url_for("buddies.available", token=token),
    )  # fmt: skip
    return page, 422 if form.errors else 200


@bp.post("/<lang>/buddy/available")
@guard(Permission.OWN_BUDDY)
def still_here() -> ResponseReturnValue:
    """The same, signed in."""
    form = AvailableForm()
    if form.validate():
        availability.say(the_viewer(), Available(form.says.data))
        flash(_("Thank you"), "good")
    return redirect(url_for("buddies.home"), 303)


@bp.route("/<lang>/buddy/trainings", methods=["GET", "POST"])
@guard(Permission.OWN_BUDDY)
def trainings() -> ResponseReturnValue:
    """The own trainings, and to tell one."""
    buddy, form = buddies.own_buddy(the_viewer()), TrainingForm()
    if form.validate_on_submit():
        try:
            tell_training(
                the_viewer(), title=form.title.data or "", on=form.on.data, minutes=form.length.minutes or 0
            )
        except Invalid as refusal:
            form.refuse(refusal.field, refusal.message)
        else:
            flash(_("Thank you. Your coordinator looks at it."), "good")
            return redirect(url_for("buddies.trainings"), 303)
    told = trainings_of(buddy.id)
    page = render_template(
        "buddies/trainings.html",
        form=form,
        trainings=told,
        total=total_of(told),
        certificate=ready_since(buddy) is not None,
    )
    return page, 422 if form.errors else 200


@bp.get("/<lang>/buddy/certificate.pdf")
@guard(Permission.OWN_BUDDY)
def certificate() -> ResponseReturnValue:
    """The own certificate, in Dutch."""
    own = buddies.own_buddy(the_viewer())
    return certificate_of(service_of(the_viewer(), Permission.OWN_BUDDY, own.id))


def certificate_of(service: Service | None) -> Response:
    """The certificate as a file. Raises NotFound for who was never ready to be a buddy."""
    if service is None:
        raise NotFound()
    learned = [Learned(item.on, item.title, item.minutes) for item in service.trainings]
    return file_answer("pdf", "getuigschrift", certificate_pdf(
        Volunteer(service.name, service.network, service.since, service.duos, learned, today())
    ))  # fmt: skip


@bp.post("/<lang>/buddy/resume")
@guard(Permission.OWN_BUDDY)
def resume() -> ResponseReturnValue:
    """Come back from a break."""
    buddies.resume(the_viewer())
    flash(_("Welcome back. Newcomers can be proposed to you again."), "good")
    return redirect(url_for("buddies.home"), 303)


@bp.route("/<lang>/buddy/stop", methods=["GET", "POST"])
@guard(Permission.OWN_BUDDY)
def stop() -> ResponseReturnValue:
    """Stop, after the question whether one is sure."""
    buddy = buddies.own_buddy(the_viewer())
    form = LeaveForm()
    if form.validate_on_submit():
        buddies.withdraw(the_viewer(), LeaveReason(form.reason.data))
        flash(_("You stopped. Thank you for everything."), "good")
        return redirect(url_for("buddies.home"), 303)
    page = render_template("buddies/stop.html", form=form, in_duo=bool(buddy.places_taken))
    return page, 422 if form.errors else 200
