"""Duos: the own page of two people on their way to each other, and the list that coordinators follow."""

from datetime import datetime

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from app.clock import in_brussels, now, today
from app.errors import Invalid
from app.forms.duos import (
    AnswerForm,
    CheckInForm,
    EndForm,
    ExtendForm,
    LookBackForm,
    MeetingForm,
    StartForm,
    TakeBackForm,
)
from app.forms.duos_staff import EndOfOthersForm
from app.i18n import DEFAULT, active, speak
from app.i18n import gettext as _
from app.models import Duo
from app.queries import duos as queries
from app.queries.continuations import OVER
from app.queries.matches import duos_for
from app.queries.network_programmes import programme_of, told_to
from app.queries.pages import cut_rows
from app.queries.reach import one
from app.security.permissions import Permission
from app.services import continuations, unanswered
from app.services import duos as services
from app.services.agreements import MONTHS, WEEKS_BETWEEN, insurers_of
from app.services.duo_letters import DuoLinks, Question
from app.services.safety import link_for_report
from app.vocabulary import DuoState, EndReason, Mood
from app.vocabulary.endings import Went
from app.vocabulary.records import Answer
from app.web import explaining
from app.web.addresses import letter_link
from app.web.guards import guard
from app.web.viewing import the_viewer

bp = Blueprint("duos", __name__)


def duo_links() -> DuoLinks:
    """The addresses that letters about duos lead to."""
    return DuoLinks(
        answer=lambda locale, token: letter_link("duos.by_link", lang=locale, token=token),
        mine=lambda locale: letter_link("duos.mine", lang=locale),
        report=lambda locale, token: letter_link("safety.by_link", lang=locale, token=token),
        look_back=lambda locale, token: letter_link("duos.look_back_by_link", lang=locale, token=token),
    )


# --- the two people themselves


@bp.get("/<lang>/my-duo")
@guard(Permission.ANSWER_DUO)
def mine() -> ResponseReturnValue:
    """Who is proposed to me, whom I meet, and what we agreed."""
    return _mine_page()


@bp.post("/<lang>/my-duo/<int:duo_id>/answer/<question>")
@guard(Permission.ANSWER_DUO)
def answer(duo_id: int, question: str) -> ResponseReturnValue:
    """Say yes or no, in private."""
    form = AnswerForm()
    if not form.validate() or question not in tuple(Question):
        return _mine_page(refused=duo_id), 422
    services.answer(the_viewer(), duo_id, Question(question), Answer(form.says.data), links=duo_links())
    flash(_("Thank you. Your answer is kept private."), "good")
    return redirect(url_for("duos.mine"), 303)


@bp.route("/<lang>/d/<token>", methods=["GET", "POST"])
@guard(Permission.USE_LINK)
def by_link(token: str) -> ResponseReturnValue:
    """Answer through the link of a letter; signs nobody in, and looking answers nothing."""
    link, holder, question = services.link_for_answer(token)
    form = AnswerForm()
    if request.method == "POST" and form.validate():
        services.answer_by_link(token, Answer(form.says.data), links=duo_links())
        return redirect(url_for("duos.by_link", token=token), 303)
    duo = queries.my_duo(
        one(duos_for(holder, Permission.ANSWER_DUO).where(Duo.id == link.facts["duo"])), holder
    )
    status = 422 if request.method == "POST" else 200
    return render_template("duos/by_link.html", duo=duo, question=question, words=explaining), status


@bp.post("/<lang>/duos/<int:duo_id>/meeting")
@guard(Permission.SEE_DUOS)
def plan(duo_id: int) -> ResponseReturnValue:
    """Plan the first meeting; for the two and for the coordinator."""
    form = _sent_meeting(duo_id)
    if form.validate():
        try:
            services.plan_meeting(
                the_viewer(), duo_id, at=form.at, where=form.where.data or "", links=duo_links()
            )
        except Invalid as refusal:
            form.refuse(refusal.field, refusal.message)
    if form.errors:
        return (
            _show_page(duo_id, meeting=form) if _as_staff(duo_id) else _mine_page(duo_id, meeting=form)
        ), 422
    flash(_("The first meeting is planned. Both of you get a message."), "good")
    return _back(duo_id)


@bp.post("/<lang>/duos/<int:duo_id>/pause")
@guard(Permission.PAUSE_DUO)
def pause(duo_id: int) -> ResponseReturnValue:
    """Take a break."""
    services.pause(the_viewer(), duo_id)
    flash(_("The duo takes a break."), "good")
    return _back(duo_id)


@bp.post("/<lang>/duos/<int:duo_id>/resume")
@guard(Permission.PAUSE_DUO)
def resume(duo_id: int) -> ResponseReturnValue:
    """Go on after a break."""
    services.resume(the_viewer(), duo_id)
    flash(_("The duo goes on."), "good")
    return _back(duo_id)


@bp.route("/<lang>/duos/<int:duo_id>/end", methods=["GET", "POST"])
@guard(Permission.END_DUO)
def end(duo_id: int) -> ResponseReturnValue:
    """End a duo, with a reason; asked in words first."""
    duo = one(duos_for(the_viewer(), Permission.END_DUO).where(Duo.id == duo_id))
    staff = _as_staff(duo_id)
    form = EndOfOthersForm() if staff else EndForm()
    if request.method == "POST" and form.validate():
        services.end(
            the_viewer(),
            duo_id,
            reason=EndReason(form.reason.data),
            note=form.note.data or "",
            goes_on=form.sees_each_other,
            links=duo_links(),
        )
        flash(_("The duo has ended."), "good")
        return redirect(url_for("duos.index" if staff else "duos.mine"), 303)
    status = 422 if request.method == "POST" else 200
    if staff:
        return render_template("duos/end_for_them.html", duo=duo, form=form), status
    other = duo.buddy if the_viewer().person_id == duo.newcomer.person_id else duo.newcomer
    return render_template("duos/end.html", other=other.person.first_name, form=form), status


@bp.post("/<lang>/my-duo/<int:duo_id>/look-back")
@guard(Permission.ANSWER_DUO)
def look_back(duo_id: int) -> ResponseReturnValue:
    """Say how it was, after the end, in private."""
    form = LookBackForm()
    if not form.validate():
        return _mine_page(looking=form), 422
    continuations.look_back(the_viewer(), duo_id, went=Went(form.went.data), words=form.words.data or "")
    flash(_("Thank you. Your answer is kept private."), "good")
    return redirect(url_for("duos.mine"), 303)


@bp.route("/<lang>/d/<token>/look-back", methods=["GET", "POST"])
@guard(Permission.USE_LINK)
def look_back_by_link(token: str) -> ResponseReturnValue:
    """The same through the link of the letter about the end; signs nobody in, and looking tells nothing."""
    link, holder = link_for_report(token)
    form = LookBackForm()
    key = int(link.facts["duo"])
    if request.method == "POST" and form.validate():
        continuations.look_back(holder, key, went=Went(form.went.data), words=form.words.data or "")
        return redirect(url_for("duos.look_back_by_link", token=token), 303)
    duo = queries.ended_duo(holder, key)
    return render_template("duos/look_back.html", duo=duo, looking=form), 422 if form.errors else 200


@bp.get("/<lang>/duos/<int:duo_id>/sheet")
@guard(Permission.SEE_DUOS)
def sheet(duo_id: int) -> ResponseReturnValue:
    """One page to print for the first meeting, in the newcomer's language and in the buddy's."""
    page = queries.meeting_sheet(the_viewer(), duo_id)
    first, second = page.languages
    sides = []
    for tag in dict.fromkeys((first, DEFAULT if second == first else second)):
        with speak(tag):
            reasons = explaining.said_to_people(page.reasons)
            side = render_template("duos/sheet_side.html", page=page, reasons=reasons)
        sides.append((tag, Markup(side)))  # noqa: S704 - our own template, which escapes
    return render_template("duos/sheet.html", page=page, sides=sides)


# --- coordinators


@bp.get("/<lang>/duos")
@guard(Permission.FOLLOW_DUO)
def index() -> ResponseReturnValue:
    """The duos of the own networks: those that need somebody first, then the silent ones."""
    wanted = request.args.get("state", "")
    chosen = next((state for state in DuoState if state.value == wanted), None)
    states = (chosen,) if chosen else OVER if wanted == "over" else queries.LIVE
    found = cut_rows(queries.followed(the_viewer(), states), request.args.get("page", 1, type=int))
    return render_template("duos/index.html", found=found, wanted=wanted, states=DuoState)


@bp.get("/<lang>/duos/<int:duo_id>")
@guard(Permission.FOLLOW_DUO)
def show(duo_id: int) -> ResponseReturnValue:
    """A duo: where it stands, what happened, the talks with it."""
    return _show_page(duo_id)


@bp.post("/<lang>/duos/<int:duo_id>/check-ins")
@guard(Permission.FOLLOW_DUO)
def check_in(duo_id: int) -> ResponseReturnValue:
    """Note a talk."""
    form = CheckInForm()
    if form.validate():
        try:
            services.check_in(
                the_viewer(), duo_id, on=form.on.data, mood=Mood(form.mood.data), note=form.note.data or ""
            )
        except Invalid as refusal:
            form.refuse(refusal.field, refusal.message)
    if form.errors:
        return _show_page(duo_id, talk=form), 422
    flash(_("The talk is noted."), "good")
    return _back(duo_id)


@bp.post("/<lang>/duos/<int:duo_id>/start")
@guard(Permission.FOLLOW_DUO)
def start(duo_id: int) -> ResponseReturnValue:
    """Start the duo: name the insurer and the agreement."""
    form = StartForm().offer(MONTHS, WEEKS_BETWEEN)
    if form.validate():
        try:
            services.start(
                the_viewer(), duo_id, insurer=form.insurer.data or "",
                newcomer_insurer=form.newcomer_insurer.data or "", starts_on=form.starts_on.data,
                months=form.months.data, weeks_between=form.weeks_between.data, links=duo_links(),
            )  # fmt: skip
        except Invalid as refusal:
            form.refuse(refusal.field, refusal.message)
    if form.errors:
        return _show_page(duo_id, agreement=form), 422
    flash(_("The duo has started."), "good")
    return _back(duo_id)


@bp.post("/<lang>/duos/<int:duo_id>/take-back")
@guard(Permission.FOLLOW_DUO)
def take_back(duo_id: int) -> ResponseReturnValue:
    """Stop what has not become a duo yet."""
    form = TakeBackForm()
    if not form.validate():
        return _show_page(duo_id, stop=form), 422
    services.take_back(the_viewer(), duo_id, note=form.why.data or "", links=duo_links())
    flash(_("Stopped. Both of them are told, and the place is free again."), "good")
    return _back(duo_id)


@bp.post("/<lang>/duos/<int:duo_id>/ask-again")
@guard(Permission.FOLLOW_DUO)
def ask_again(duo_id: int) -> ResponseReturnValue:
    """Ask whoever has not answered once more; from Today back to Today."""
    unanswered.ask_again(the_viewer(), duo_id, links=duo_links())
    flash(_("Asked again. They have seven days to answer."), "good")
    if request.form.get("back") == "today":
        return redirect(url_for("today.index"), 303)
    return _back(duo_id)


@bp.post("/<lang>/duos/<int:duo_id>/extend")
@guard(Permission.FOLLOW_DUO)
def extend(duo_id: int) -> ResponseReturnValue:
    """Make the period longer."""
    duo = one(duos_for(the_viewer(), Permission.FOLLOW_DUO).where(Duo.id == duo_id))
    form = ExtendForm().offer(continuations.longer_periods(duo))
    if not form.validate():
        return _show_page(duo_id, longer=form), 422
    continuations.extend(the_viewer(), duo_id, months=form.months.data, links=duo_links())
    flash(_("The duo goes on for longer. Both of them are told."), "good")
    return _back(duo_id)


@bp.post("/<lang>/duos/<int:duo_id>/again")
@guard(Permission.FOLLOW_DUO)
def again(duo_id: int) -> ResponseReturnValue:
    """Let the matcher propose this pair once more."""
    continuations.propose_again(the_viewer(), duo_id)
    flash(_("New plans can propose these two to each other again."), "good")
    return _back(duo_id)


def _as_staff(duo_id: int) -> bool:
    """Whether the viewer follows this duo, and is not one of the two."""
    return the_viewer().can(Permission.FOLLOW_DUO) and not queries.is_mine(the_viewer(), duo_id)


def _back(duo_id: int) -> ResponseReturnValue:
    if _as_staff(duo_id):
        return redirect(url_for("duos.show", duo_id=duo_id), 303)
    return redirect(url_for("duos.mine"), 303)


def _sent_meeting(duo_id: int) -> MeetingForm:
    return MeetingForm(prefix=_prefix(duo_id))


def _meeting_form(duo_id: int, at: datetime | None, where: str) -> MeetingForm:
    """The form as it opens: with the meeting that is planned, so that one answer can be changed alone."""
    clock = in_brussels(at) if at else None
    return MeetingForm(
        formdata=None,
        prefix=_prefix(duo_id),
        day=clock and clock.date(),
        time=clock and clock.time(),
        where=where,
    )


def _prefix(duo_id: int) -> str:
    """Several duos can be on one page, so the fields are named after their duo."""
    return f"meeting-{duo_id}-"


def _mine_page(
    refused: int | None = None, meeting: MeetingForm | None = None, looking: LookBackForm | None = None
) -> str:
    mine_ = queries.my_duos(the_viewer())
    meetings = {duo.id: _meeting_form(duo.id, duo.meeting_at, duo.meeting_where) for duo in mine_}
    if refused and meeting:
        meetings[refused] = meeting
    return render_template(
        "duos/mine.html", duos=mine_, refused=refused, meetings=meetings, moment_now=now(), words=explaining,
        looking=looking or LookBackForm(formdata=None), told=told_to(the_viewer(), active()),
    )  # fmt: skip


def _show_page(
    duo_id: int, *, talk: CheckInForm | None = None, agreement: StartForm | None = None,
    meeting: MeetingForm | None = None, stop: TakeBackForm | None = None, longer: ExtendForm | None = None,
) -> str:  # fmt: skip
    page = queries.duo_page(the_viewer(), duo_id)
    insurer, newcomer_insurer = insurers_of(page.row.duo)
    programme = programme_of(page.row.duo.newcomer)
    return render_template(
        "duos/show.html",
        page=page,
        talk=talk or CheckInForm(formdata=None, on=today()),
        agreement=agreement
        or StartForm(
            formdata=None,
            insurer=insurer,
            newcomer_insurer=newcomer_insurer,
            starts_on=today(),
            months=programme.months,
            weeks_between=programme.weeks_between,
        ).offer(MONTHS, WEEKS_BETWEEN),
        meeting=meeting
        or _meeting_form(duo_id, page.row.duo.first_meeting_at, page.row.duo.first_meeting_where),
        stop=stop or TakeBackForm(formdata=None),
        given_up_on=page.row.duo.answer_before + unanswered.GIVEN_UP_AFTER,
        longer=longer or ExtendForm(formdata=None).offer(continuations.longer_periods(page.row.duo)),
        words=explaining,
    )
