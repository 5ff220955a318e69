"""Something is not right in a duo: the page to say so, with or without signing in, and the pages of who handles it."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.errors import Invalid
from app.forms.safety import ReportForm
from app.forms.safety_staff import CloseForm, SafetyNoteForm, StopContactForm
from app.i18n import active
from app.i18n import gettext as _
from app.queries import safety as queries
from app.queries.registrations import network_of
from app.security.permissions import Permission
from app.security.viewer import Viewer
from app.services import safety as services
from app.services.safety import Told
from app.vocabulary import Role
from app.vocabulary.safety import SafetyKind
from app.vocabulary.screening import SafetyOutcome
from app.web.addresses import letter_link
from app.web.duos import duo_links
from app.web.guards import guard
from app.web.viewing import the_viewer

bp = Blueprint("safety", __name__)


@bp.route("/<lang>/my-duo/<int:duo_id>/report", methods=["GET", "POST"])
@guard(Permission.REPORT_DUO)
def report(duo_id: int) -> ResponseReturnValue:
    """Say that something is not right in an own duo."""
    return _report(the_viewer(), duo_id, url_for("duos.mine"), url_for("safety.report", duo_id=duo_id))


@bp.route("/<lang>/d/<token>/report", methods=["GET", "POST"])
@guard(Permission.USE_LINK)
def by_link(token: str) -> ResponseReturnValue:
    """The same through the link of a letter: it opens this page and nothing else, and looking reports nothing."""
    link, holder = services.link_for_report(token)
    return _report(holder, int(link.facts["duo"]), "", url_for("safety.by_link", token=token))


def _report(holder: Viewer, duo_id: int, back: str, here: str) -> ResponseReturnValue:
    duo, _role = services.duo_to_report(holder, duo_id)
    form = ReportForm()
    if form.validate_on_submit():
        kind = SafetyKind(form.kind.data) if form.kind.data else None
        services.report(
            holder, duo_id, Told(kind, form.words.data or "", active()),
            page_for=_report_link,
        )  # fmt: skip
        flash(_("Your coordinator will call you."), "good")
        return redirect(here, 303)
    return render_template(
        "safety/report.html", form=form, back=back, told=queries.told_already(holder, duo_id) is not None,
        phone=network_of(duo.network_slug).help_phone,
    ), 422 if form.errors else 200  # fmt: skip


@bp.route("/<lang>/duos/<int:duo_id>/stop-contact", methods=["GET", "POST"])
@guard(Permission.HANDLE_SAFETY)
def stop_contact(duo_id: int) -> ResponseReturnValue:
    """Stop contact for one of the two, who told it to the coordinator."""
    duo = services.duo_to_stop(the_viewer(), duo_id)
    form = StopContactForm().offer(duo.newcomer.person.first_name, duo.buddy.person.first_name)
    if form.validate_on_submit():
        told = Told(SafetyKind(form.kind.data) if form.kind.data else None, form.words.data or "")
        try:
            number = services.stop_contact(
                the_viewer(), duo_id, Role(form.side.data), told, page_for=_report_link
            )
        except Invalid as refusal:
            form.refuse(refusal.field, refusal.message)
        else:
            flash(_("Contact is stopped. Call both people."), "good")
            if queries.is_for(the_viewer(), number):
                return redirect(url_for("safety.show", report_id=number), 303)
            return redirect(url_for("duos.show", duo_id=duo_id), 303)  # the other network handles it
    return render_template("safety/stop.html", duo=duo, form=form), 422 if form.errors else 200


def _report_link(locale: str, number: int) -> str:
    return letter_link("safety.show", lang=locale, report_id=number)


@bp.get("/<lang>/safety")
@guard(Permission.HANDLE_SAFETY)
def index() -> ResponseReturnValue:
    """What waits, the oldest first, and what was closed."""
    waiting, closed = queries.report_lists(the_viewer())
    return render_template("safety/index.html", waiting=waiting, closed=closed)


@bp.get("/<lang>/safety/<int:report_id>")
@guard(Permission.HANDLE_SAFETY)
def show(report_id: int) -> ResponseReturnValue:
    """One call for help: what was said, the notes, and what can be decided."""
    return _page(report_id)


@bp.route("/<lang>/safety/<int:report_id>/note", methods=["GET", "POST"])
@guard(Permission.HANDLE_SAFETY)
def note(report_id: int) -> ResponseReturnValue:
    """Keep what was said or done."""
    form = SafetyNoteForm()
    if form.validate_on_submit():
        try:
            services.add_note(the_viewer(), report_id, words=form.words.data or "")
        except Invalid as refusal:
            form.refuse(refusal.field, refusal.message)
        else:
            flash(_("The note is kept."), "good")
            return redirect(url_for("safety.show", report_id=report_id), 303)
    return _page(report_id, noting=form), 422 if form.errors else 200


@bp.route("/<lang>/safety/<int:report_id>/close", methods=["GET", "POST"])
@guard(Permission.HANDLE_SAFETY)
def close(report_id: int) -> ResponseReturnValue:
    """Decide."""
    form = CloseForm()
    if form.validate_on_submit():
        services.close(the_viewer(), report_id, outcome=SafetyOutcome(form.outcome.data), links=duo_links())
        flash(_("It is decided."), "good")
        return redirect(url_for("safety.index"), 303)
    return _page(report_id, closing=form), 422 if form.errors else 200


def _page(report_id: int, *, noting: SafetyNoteForm | None = None, closing: CloseForm | None = None) -> str:
    if request.method == "GET":
        services.note_look(the_viewer(), report_id)
    page = queries.report_page(the_viewer(), report_id)
    duo = page.report.duo
    return render_template(
        "safety/show.html", page=page, report=page.report, people=((duo.newcomer, _("Newcomer")), (duo.buddy, _("Buddy"))),
        noting=noting or SafetyNoteForm(formdata=None), closing=closing or CloseForm(formdata=None),
    )  # fmt: skip
