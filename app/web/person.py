"""One buddy or newcomer: the page, and what a coordinator does for that person, each act a small form on it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask import current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.clock import today
from app.errors import Invalid, NotFound
from app.forms import people as forms
from app.i18n import LANGUAGES, Lazy, active, lazy_gettext
from app.i18n import gettext as _
from app.models import Buddy, Duo, Network, Newcomer
from app.queries.appointments import network_and_talks
from app.queries.buddies import buddies_for
from app.queries.duplicates import went_to
from app.queries.history import Happening, history_of, records_of_note
from app.queries.newcomers import newcomers_for
from app.queries.people import (
    buddy_of_network,
    duos_of,
    newcomer_of_network,
    notes_handed_over,
)
from app.queries.plans import left_out
from app.queries.privacy import agreed_by
from app.queries.reach import one
from app.queries.trainings import trainings_of
from app.reference.languages import language_name
from app.security.permissions import Permission
from app.services import blocks, intake, notes, screening, trainings
from app.services.intake import NEWCOMER_CHANGES
from app.services.screening import BUDDY_CHANGES, GONE, NOTE, missing_for_approval, note_look
from app.vocabulary import (
    BuddyState,
    DayPart,
    DuoState,
    EndReason,
    Goal,
    Interest,
    Mood,
    NewcomerState,
    ProposalRefusal,
    ProposalState,
    Weekday,
    choices,
)
from app.vocabulary.actions import ACTIONS
from app.vocabulary.lists import ListKind
from app.vocabulary.records import MessageState, Subject
from app.vocabulary.registrations import LeaveReason, MeetingWish
from app.vocabulary.screening import BuddyRefusal, LetGoReason
from app.web import explaining
from app.web.addresses import letter_link
from app.web.cards import Card
from app.web.guards import guard
from app.web.network_programmes import placing_of
from app.web.people import bp
from app.web.showing import stations
from app.web.viewing import the_viewer


@dataclass(frozen=True)
class Act:
    """A form, the use-case that takes what it gives, what is said when it is done, and in which states it can be."""

    form: type[forms.ActForm]
    do: Callable[..., object]
    done: Lazy
    states: frozenset[Any]
    page: str = ""  # the endpoint that a letter about it leads to


REVIEW_AFTER = 365  # days, unless said otherwise
BUDDY_HERE = frozenset(BuddyState) - GONE
BUDDY_ACTS: Mapping[str, Act] = {
    "plan_talk": Act(forms.TalkForm, screening.plan_talk, lazy_gettext("The talk is planned."), BUDDY_CHANGES[screening.BuddyAct.PLAN_TALK].before, "accounts.home"),
    "talk_again": Act(forms.TalkForm, screening.talk_again, lazy_gettext("Noted, and the next talk is planned."), BUDDY_CHANGES[screening.BuddyAct.TALK_AGAIN].before, "accounts.home"),
    "talk_held": Act(forms.ActForm, screening.talk_held, lazy_gettext("Noted: you talked."), BUDDY_CHANGES[screening.BuddyAct.TALK_HELD].before),
    "note_handed": Act(forms.NoteHandedForm, screening.hand_over_note, lazy_gettext("Noted: the information is handed over."), BUDDY_HERE),
    "insurer": Act(forms.InsurerForm, screening.name_insurer, lazy_gettext("The insurer is kept."), BUDDY_HERE),
    "extract": Act(forms.ExtractForm, screening.see_extract, lazy_gettext("This is kept. Nothing of the extract itself is."), BUDDY_HERE),
    "approve": Act(forms.ActForm, screening.approve, lazy_gettext("This buddy is ready. The next plan can find a newcomer."), BUDDY_CHANGES[screening.BuddyAct.APPROVE].before, "accounts.home"),
    "renew": Act(forms.ActForm, screening.renew, lazy_gettext("The screening is renewed."), BUDDY_CHANGES[screening.BuddyAct.RENEW].before, "accounts.home"),
    "refuse": Act(forms.RefuseForm, screening.refuse, lazy_gettext("Noted. The candidate gets a short message."), BUDDY_CHANGES[screening.BuddyAct.REFUSE].before),
    "training": Act(forms.TrainingForm, trainings.note_training, lazy_gettext("The training is kept."), BUDDY_HERE),
    "pause": Act(forms.PauseForm, screening.pause, lazy_gettext("The break begins. Nobody new is proposed."), BUDDY_CHANGES[screening.BuddyAct.PAUSE].before),
    "resume": Act(forms.ActForm, screening.resume, lazy_gettext("The break is over."), BUDDY_CHANGES[screening.BuddyAct.RESUME].before),
    "let_go": Act(forms.LetGoForm, screening.let_go, lazy_gettext("Noted: this buddy stopped."), BUDDY_CHANGES[screening.BuddyAct.LET_GO].before),
    "block": Act(forms.BlockForm, blocks.block_buddy, lazy_gettext("This person may not be registered again."), GONE),
    "note": Act(forms.StaffNoteForm, notes.write_on_buddy, lazy_gettext("The note is kept."), frozenset(BuddyState)),
}  # fmt: skip

NEWCOMER_HERE = frozenset(NewcomerState) - {NewcomerState.LEFT}
NEWCOMER_ACTS: Mapping[str, Act] = {
    "plan_talk": Act(forms.TalkForm, intake.plan_talk, lazy_gettext("The talk is planned."), NEWCOMER_CHANGES[intake.NewcomerAct.PLAN_TALK].before, "accounts.home"),
    "talk_again": Act(forms.TalkForm, intake.talk_again, lazy_gettext("Noted, and the next talk is planned."), NEWCOMER_CHANGES[intake.NewcomerAct.TALK_AGAIN].before, "accounts.home"),
    "talk_held": Act(forms.ActForm, intake.talk_held, lazy_gettext("Noted: you talked."), NEWCOMER_CHANGES[intake.NewcomerAct.TALK_HELD].before),
    "wait": Act(forms.ActForm, intake.wait, lazy_gettext("On the waiting list. The next plan can find a buddy."), NEWCOMER_CHANGES[intake.NewcomerAct.WAIT].before),
    "advise": Act(forms.StaffNoteForm, intake.advise, lazy_gettext("Noted. The newcomer gets a message about the activities."), NEWCOMER_CHANGES[intake.NewcomerAct.ADVISE].before, "offers.index"),
    "leave": Act(forms.LetGoForm, intake.leave, lazy_gettext("Noted: this newcomer stopped."), NEWCOMER_CHANGES[intake.NewcomerAct.LEAVE].before),
    "counsellor": Act(forms.CounsellorForm, intake.link_counsellor, lazy_gettext("The counsellor is linked."), NEWCOMER_HERE),
    "channel": Act(forms.ChannelForm, intake.note_channel, lazy_gettext("Noted: through whom this newcomer came."), frozenset(NewcomerState)),
    "block": Act(forms.BlockForm, blocks.block_newcomer, lazy_gettext("This person may not be registered again."), frozenset({NewcomerState.LEFT})),
    "note": Act(forms.StaffNoteForm, notes.write_on_newcomer, lazy_gettext("The note is kept."), frozenset(NewcomerState)),
}  # fmt: skip


def forms_of(
    acts: Mapping[str, Act], found: Buddy | Newcomer, network: Network, refused: Mapping[str, Any]
) -> dict[str, Any]:
    """The forms of what can be done for that person in this state, with what is known already."""
    known = {
        "block": {"review_on": today() + timedelta(days=REVIEW_AFTER)},
        "channel": {"channel": getattr(found, "heard_through", "")}, "plan_talk": {"day": today()}, "talk_again": {"day": today()},
        "note_handed": {"version": str(today().year)},
        "insurer": {"insurer": getattr(found, "insurer", "") or network.insurer},
        "extract": {"with_minors": getattr(found, "with_minors", False), "seen_on": getattr(found, "extract_seen_on", None)},
    }  # fmt: skip
    return {
        name: refused.get(name) or act.form(formdata=None, prefix=f"{name}-", data=known.get(name, {}))
        for name, act in acts.items()
        if found.state in act.states
    }


def _do(acts: Mapping[str, Act], name: str, key: int) -> Any:
    """Run that act. Returns None when it is done, else the form with what is wrong."""
    act = acts.get(name)
    if act is None:
        raise NotFound()
    form = act.form(prefix=f"{name}-")
    if not form.validate_on_submit():
        return form
    given = form.given()
    if act.page:
        given["page_for"] = lambda locale: letter_link(act.page, lang=locale)
    try:
        act.do(the_viewer(), key, **given)
    except Invalid as refusal:
        form.refuse(refusal.field, refusal.message)
        return form
    flash(str(act.done), "good")
    return None


@bp.get("/<lang>/people/buddies/<int:buddy_id>")
@guard(Permission.JUDGE_BUDDY)
def buddy(buddy_id: int) -> ResponseReturnValue:
    """One buddy: where she stands, what she answered, what happened, what can be done next."""
    try:
        return buddy_page(buddy_of_network(the_viewer(), buddy_id), {})
    except NotFound:
        if kept := went_to(the_viewer(), ListKind.BUDDY, buddy_id):
            return redirect(url_for("people.buddy", buddy_id=kept))
        raise


@bp.get("/<lang>/people/newcomers/<int:newcomer_id>")
@guard(Permission.JUDGE_NEWCOMER)
def newcomer(newcomer_id: int) -> ResponseReturnValue:
    """One newcomer: where she stands, what she answered, what happened, what can be done next."""
    try:
        return newcomer_page(newcomer_of_network(the_viewer(), newcomer_id), {})
    except NotFound:
        if kept := went_to(the_viewer(), ListKind.NEWCOMER, newcomer_id):
            return redirect(url_for("people.newcomer", newcomer_id=kept))
        raise


def buddy_page(found: Buddy, forms: dict[str, Any]) -> str:
    """The page of a buddy; `forms` holds those that were refused, by act."""
    network, talks, offered = network_and_talks(found)
    contact, notes = _contact_shown(found, Subject.BUDDY), notes_handed_over(found.person_id, NOTE)
    return render_template(
        "people/buddy.html", buddy=found, network=network, contact=contact, duos=duos_of(found),
        forms_here=forms_of(BUDDY_ACTS, found, network, forms), notes=notes,
        missing=missing_for_approval(found, found.insurer or network.insurer), stations=stations(found),
        promised=found.registered_at + timedelta(days=network.call_within_days), states=dict(choices(BuddyState)),
        talks=talks, placing=placing_of(found, offered), trainings=trainings_of(found.id), wish=MeetingWish(found.meeting_wish).label if found.meeting_wish else "",
        history=history_of(the_viewer(), found), **_of_a_person(),
    )  # fmt: skip


def newcomer_page(found: Newcomer, forms: dict[str, Any]) -> str:
    """The page of a newcomer; `forms` holds those that were refused, by act."""
    network, talks, offered = network_and_talks(found)
    return render_template(
        "people/newcomer.html", newcomer=found, network=network, contact=_contact_shown(found, Subject.NEWCOMER),
        forms_here=forms_of(NEWCOMER_ACTS, found, network, forms), duos=duos_of(found), goals=dict(choices(Goal)),
        promised=found.registered_at + timedelta(days=network.call_within_days), states=dict(choices(NewcomerState)),
        talks=talks, placing=placing_of(found, offered), history=history_of(the_viewer(), found), left_out=left_out(found), words=explaining,
        helped=next((consent for consent in agreed_by(found.person_id) if consent.helped_by), None), **_of_a_person(),
    )  # fmt: skip


def _contact_shown(found: Buddy | Newcomer, subject: Subject) -> bool:
    """Whether contact details are asked for and may be seen; the look is written down."""
    if request.args.get("contact") != "1" or request.method != "GET":
        return False
    if isinstance(found, Buddy):
        one(buddies_for(the_viewer(), Permission.SEE_BUDDY_CONTACT).where(Buddy.id == found.id))
    else:
        one(newcomers_for(the_viewer(), Permission.SEE_NEWCOMER_CONTACT).where(Newcomer.id == found.id))
    note_look(the_viewer(), subject, found.id, found.network_slug)
    return True


REASONS: dict[str, Lazy] = {
    **{
        member.value: member.label
        for kind in (LeaveReason, BuddyRefusal, LetGoReason, EndReason, ProposalRefusal)
        for member in kind
        if member.value
    },
    "import": lazy_gettext("Stood on a list"),
}


STATES_OF: Mapping[str, dict[str, Lazy]] = {
    "duo": dict(choices(DuoState)), "proposal": dict(choices(ProposalState)), "check-in": dict(choices(Mood)),
    "message": dict(choices(MessageState)), "act": ACTIONS,
}  # fmt: skip


def _happened(line: Happening, states: dict[str, Lazy]) -> str:
    """In words what a line of the history says of a state, an act or a mood."""
    return str(STATES_OF.get(line.kind, states).get(line.what, ""))


def _duo_url(duo: Duo) -> str:
    """The page of a duo of the viewer's networks; a duo with another network is not linked."""
    return url_for("duos.show", duo_id=duo.id) if duo.network_slug in the_viewer().networks else ""


def _of_a_person() -> dict[str, Any]:
    return {
        "language_name": lambda tag: language_name(tag, active()), "interest_words": dict(choices(Interest)),
        "days": choices(Weekday), "parts": choices(DayPart), "happened": _happened, "reasons": REASONS, "duo_url": _duo_url,
        "languages_of_site": {item.tag: item.native_name for item in LANGUAGES},
    }  # fmt: skip


@bp.post("/<lang>/people/buddies/<int:buddy_id>/<act>")
@guard(Permission.JUDGE_BUDDY)
def act_on_buddy(buddy_id: int, act: str) -> ResponseReturnValue:
    """Do that for the buddy."""
    found = buddy_of_network(the_viewer(), buddy_id)
    refused = _do(BUDDY_ACTS, act, buddy_id)
    if refused is not None:
        return buddy_page(found, {act: refused}), 422
    return redirect(url_for("people.buddy", buddy_id=buddy_id), 303)


@bp.post("/<lang>/people/newcomers/<int:newcomer_id>/<act>")
@guard(Permission.JUDGE_NEWCOMER)
def act_on_newcomer(newcomer_id: int, act: str) -> ResponseReturnValue:
    """Do that for the newcomer."""
    found = newcomer_of_network(the_viewer(), newcomer_id)
    refused = _do(NEWCOMER_ACTS, act, newcomer_id)
    if refused is not None:
        return newcomer_page(found, {act: refused}), 422
    return redirect(url_for("people.newcomer", newcomer_id=newcomer_id), 303)


@bp.post("/<lang>/people/notes/<int:note_id>/take-away")
@guard(Permission.JUDGE_BUDDY)
def take_note_away(note_id: int) -> ResponseReturnValue:
    """Delete a note that should not stand there; then back to the person."""
    buddy_id, newcomer_id = records_of_note(the_viewer(), note_id)
    notes.take_away(the_viewer(), note_id)
    flash(_("The note is gone."), "good")
    if buddy_id is not None:
        return redirect(url_for("people.buddy", buddy_id=buddy_id), 303)
    return redirect(url_for("people.newcomer", newcomer_id=newcomer_id), 303)


@bp.post("/<lang>/people/newcomers/<int:newcomer_id>/code")
@guard(Permission.JUDGE_NEWCOMER)
def new_code(newcomer_id: int) -> ResponseReturnValue:
    """A new personal code, shown in this answer and never again: so there is no redirect to a page that shows it."""
    found = newcomer_of_network(the_viewer(), newcomer_id)
    code = intake.new_code(the_viewer(), newcomer_id, secret_key=current_app.config["SECRET_KEY"])
    card = Card(code, found.person.locale, found.network_slug)
    return render_template("people/code.html", newcomer=found, card=card)
