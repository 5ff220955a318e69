"""Passing on: what opens WhatsApp, a text message or a mail with words filled in, and invitations to print.

A link to pass on carries its language and nothing about who passes it on (S10).
"""

from dataclasses import dataclass
from urllib.parse import quote

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from app.i18n import DEFAULT, active, is_language, settle_text, speak
from app.i18n import gettext as _
from app.security.permissions import Permission
from app.sms import MOST_PARTS, parts
from app.web.addresses import letter_link
from app.web.guards import guard
from app.web.qr import qr_picture

bp = Blueprint("sharing", __name__)
KIND = "<any(buddy, newcomer):kind>"
SECOND_LANGUAGE = "en"  # beside Dutch on a poster, where neither reader nor receiver reads another one


def whatsapp(text: str, number: str = "") -> str:
    """The address that opens WhatsApp with that text, to a number in E.164 or to whom the sender chooses."""
    return f"https://wa.me/{number.lstrip('+')}?text={_encoded(text)}"


def text_message(text: str, number: str = "") -> str:
    """The address that opens the messages of a telephone with that text."""
    return f"sms:{number}?&body={_encoded(text)}"


def message_with(url: str, text: str) -> str:
    """A sentence and the link. Texts of templates are markup; what is sent must hold "&", not "&amp;"."""
    return f"{_plain(text)} {url}"


def short_message(url: str, *texts: str) -> str:
    """The link with the first of these texts that makes at most two parts of a text message (M3); the last at worst."""
    messages = [message_with(url, text) for text in texts if text]
    return next(
        (message for message in messages if len(parts(settle_text(message))) <= MOST_PARTS), messages[-1]
    )


def mail(text: str, subject: str) -> str:
    """The address that begins a mail with that text; the lines of a mail end in CR LF (RFC 6068)."""
    lines = text.replace("\r\n", "\n").replace("\n", "\r\n")
    return f"mailto:?subject={_encoded(subject)}&body={_encoded(lines)}"


def _encoded(text: str) -> str:
    return quote(_plain(text), safe="")


def _plain(text: str) -> str:
    return text.unescape() if isinstance(text, Markup) else text


@dataclass(frozen=True)
class Invitation:
    """The words with which somebody is asked to come, and where the link leads: all in the receiver's language."""

    kind: str
    language: str
    title: str
    text: str
    lines: tuple[str, ...]
    link: str

    @property
    def qr(self) -> Markup:
        """The link as a picture."""
        return qr_picture(self.link)


def invitation(kind: str, language: str) -> Invitation:
    """Become a buddy, or: are you new here? In that language, whatever language the page is in."""
    link = letter_link("registrations.start", lang=language, kind=kind)
    with speak(language):
        title, text, *lines = _to_buddies() if kind == "buddy" else _to_newcomers()
    return Invitation(kind, language, title, text, tuple(lines), link)


def _to_buddies() -> list[str]:
    return [
        _("Become a buddy"),
        _("Become a buddy. You meet somebody who is new in Flanders."),
        _("A buddy knows the neighbourhood. A newcomer wants to know it. They meet and do things together."),
        _("You meet about every two weeks, for six months. You choose what you do."),
        _("A coordinator of your region looks who fits. A computer helps, but a person decides."),
    ]


def _to_newcomers() -> list[str]:
    return [
        _("New here?"),
        _("Are you new here? Find people and activities, in your language."),
        _("A buddy shows you the neighbourhood. You get to know somebody. Two hours, every two weeks, for half a year."),
        _("You tap pictures. You say when you have time. It takes five minutes."),
        _("You do not have to do this alone. Somebody helps you, also in your language where we can."),
    ]  # fmt: skip


PICTURES = {
    "buddy": ("users-round", "calendar-days", "hand-helping"),
    "newcomer": ("map-pin-house", "smile", "hand-helping"),
}


@bp.get(f"/<lang>/share/{KIND}")
@guard(Permission.SEE_PUBLIC)
def door(kind: str) -> ResponseReturnValue:
    """Invite somebody: choose the language in which the other reads, then how to send it."""
    return render_template("sharing/door.html", kind=kind, invited=invitation(kind, _receiver()))


@bp.get(f"/<lang>/share/{KIND}/poster")
@guard(Permission.SEE_PUBLIC)
def poster(kind: str) -> ResponseReturnValue:
    """The invitation on one sheet of paper, in Dutch and in one more language."""
    other = next(
        tag for tag in (_receiver(), active(), SECOND_LANGUAGE) if tag != DEFAULT and is_language(tag)
    )
    sides = [invitation(kind, tag) for tag in (DEFAULT, other)]
    return render_template("sharing/poster.html", sides=sides, pictures=PICTURES[kind])


def _receiver() -> str:
    asked = request.args.get("to", "")
    return asked if is_language(asked) else active()
