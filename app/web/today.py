"""Today: what a coordinator owes, oldest promise first."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.i18n import gettext as _
from app.i18n import language
from app.models import Message
from app.queries.today import Owed, monday_list, today_of
from app.security.permissions import Permission
from app.services import monday
from app.services import today as services
from app.sms import parts
from app.vocabulary.today import Owing
from app.web.guards import guard
from app.web.sharing import text_message, whatsapp
from app.web.viewing import the_viewer

bp = Blueprint("today", __name__)

DUTCH_BELOW = "\n\n----\n\n"  # what app/mailer puts between the reader's language and the Dutch

# kind -> (endpoint, name of its value, icon); the page leads to where the thing is done
DOORS: dict[Owing, tuple[str, str, str]] = {
    Owing.SAFETY: ("safety.show", "report_id", "life-buoy"),
    Owing.RENEW_SCREENING: ("people.buddy", "buddy_id", "refresh-cw"),
    Owing.TRAINING: ("people.buddy", "buddy_id", "graduation-cap"),
    Owing.CALL_BUDDY: ("people.buddy", "buddy_id", "phone"),
    Owing.NO_TALK: ("people.buddy", "buddy_id", "phone"),
    Owing.CALL_NEWCOMER: ("people.newcomer", "newcomer_id", "phone"),
    Owing.TALK_BUDDY: ("people.buddy", "buddy_id", "messages-square"),
    Owing.TALK_NEWCOMER: ("people.newcomer", "newcomer_id", "messages-square"),
    Owing.SCREENING: ("people.buddy", "buddy_id", "user-check"),
    Owing.DECIDE_NEWCOMER: ("people.newcomer", "newcomer_id", "user-check"),
    Owing.WISH: ("matches.judge", "proposal_id", "heart"),
    Owing.PROPOSALS: ("matches.judge", "proposal_id", "git-merge"),
    Owing.PUBLISH: ("publishing.decided", "slug", "send"),
    Owing.LOAN_ASKED: ("loans.asked", "request_id", "handshake"),
    Owing.LOAN_OFFERED: ("loans.index", "look", "handshake"),
    Owing.LOAN_LENT: ("matches.index", "look", "git-merge"),
    Owing.NO_ANSWER: ("duos.show", "duo_id", "users"),
    Owing.FIRST_MEETING: ("duos.show", "duo_id", "calendar-plus"),
    Owing.AFTER_MEETING: ("duos.show", "duo_id", "coffee"),
    Owing.INSURER: ("duos.show", "duo_id", "shield-check"),
    Owing.SILENT: ("duos.show", "duo_id", "bell-off"),
    Owing.CHECK_IN: ("duos.show", "duo_id", "messages-square"),
    Owing.PERIOD_ENDS: ("duos.show", "duo_id", "calendar-clock"),
    Owing.VERIFY_ORGANISATION: ("organisations.check", "organisation_id", "house"),
    Owing.CHECK_ACTIVITY: ("activities.check", "offer_id", "calendar-check"),
    Owing.CARE: ("quality.index", "slug", "calendar-sync"),
    Owing.SEND: ("today.message", "message_id", "message-circle"),
    Owing.BLOCKED: ("people.block_hit", "hit_id", "ban"),
    Owing.REVIEW_BLOCK: ("people.block_list", "look", "ban"),
    Owing.MAIL_FAILED: ("today.message", "message_id", "mail-x"),
}


def _door(item: Owed) -> dict[str, Any]:
    endpoint, key, icon = DOORS[item.kind]
    return {"url": url_for(endpoint, **{key: item.network if key == "slug" else item.id}), "icon": icon}


@bp.get("/<lang>/today")
@guard(Permission.JUDGE_PROPOSAL)
def index() -> ResponseReturnValue:
    """What is owed."""
    kind = request.args.get("kind", "")
    kind = kind if kind in set(Owing) else ""
    return render_template(
        "today/index.html", today=today_of(the_viewer(), kind), kind=kind, door=_door, Owing=Owing,
        by_mail=monday_list(the_viewer()),
    )  # fmt: skip


@bp.post("/<lang>/today/by-mail")
@guard(Permission.JUDGE_PROPOSAL)
def by_mail() -> ResponseReturnValue:
    """Get the list of the week by mail on Monday, or no longer."""
    wanted = request.form.get("on") == "1"
    monday.want_list(the_viewer(), wanted=wanted)
    flash(
        _("You get the list by mail on Monday.")
        if wanted
        else _("You do not get the list by mail any more."),
        "good",
    )
    return redirect(url_for("today.index"), 303)


@bp.get("/<lang>/today/messages/<int:message_id>")
@guard(Permission.JUDGE_NEWCOMER)
def message(message_id: int) -> ResponseReturnValue:
    """A message to call about or to send, with its reader's number; the look is written down."""
    found = services.read_message(the_viewer(), message_id)
    text, _line, dutch_text = found.text.partition(DUTCH_BELOW)
    return render_template(
        "today/message.html", message=found, text=text, dutch_text=dutch_text, links=_links(found, text),
        short=_short(found), parts=len(parts(_short(found))), native=language(found.locale).native_name,
    )  # fmt: skip


def _links(found: Message, text: str) -> dict[str, str]:
    """Addresses that open WhatsApp, with the whole letter, or the messages of a telephone, with its one sentence."""
    if not found.to_phone:
        return {}
    return {
        "whatsapp": whatsapp(f"{found.subject}\n\n{text}", found.to_phone),
        "sms": text_message(_short(found), found.to_phone),
    }


def _short(found: Message) -> str:
    return str(found.facts.get("sms") or found.subject)


@bp.post("/<lang>/today/messages/<int:message_id>/done")
@guard(Permission.JUDGE_NEWCOMER)
def message_done(message_id: int) -> ResponseReturnValue:
    """The person was called, or the text sent."""
    services.message_done(the_viewer(), message_id)
    flash(_("Noted: this is done."), "good")
    return redirect(url_for("today.index"), 303)
