"""Letters become mails in the reader's language; queued mails are handed to the mail server."""

import smtplib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from email.message import EmailMessage
from email.utils import make_msgid
from typing import Any
from urllib.parse import unquote, urlsplit

from flask import current_app
from sqlalchemy import select

from app.calendars import Appointment, calendar_file
from app.clock import now
from app.config import Settings
from app.db import session, transaction
from app.i18n import DEFAULT, direction, figures_text, own_words_text, settle_html, settle_text, speak
from app.letters import LETTERS, Letter
from app.models import Message
from app.sms import MOST_PARTS, NAME_UNITS, parts, shortened
from app.vocabulary.records import Channel, MessageState

RETRY_MINUTES = (1, 5, 15, 60, 180, 360)
TIMEOUT_SECONDS = 20
NAMES = ("name", "other", "contact", "caller", "activity")
NAME_LENGTHS = (40, NAME_UNITS, 12, 8)
# Facts of letters that somebody wrote, and those that are read from left to right in every language (B1, B2).
OWN_WORDS = (
    "name", "other", "municipality", "where", "what", "activity", "organisation", "contact", "caller", "insurer", "newcomer_insurer", "network_name", "note",
)  # fmt: skip
FIGURES = ("phone", "email")


@dataclass(frozen=True)
class Composed:
    """A letter in its final words: subject, plain text, HTML, and what a text message says instead of it."""

    subject: str
    text: str
    html: str
    short: str


def compose(kind: str, *, locale: str, facts: dict[str, Any], also_dutch: bool) -> Composed:
    """Write that kind of letter in that language; for newcomers the Dutch text stands below (M2)."""
    letter = _spoken(kind, locale, facts)
    dutch_letter = _spoken(kind, DEFAULT, facts) if also_dutch and locale != DEFAULT else None
    with speak(locale):
        html = current_app.jinja_env.get_template("letters/letter.html").render(
            letter=letter, dutch_letter=dutch_letter, subject=letter.subject,
            lang=locale, dir=direction(locale),
        )  # fmt: skip
    text = "\n\n----\n\n".join(_plain(part) for part in (letter, dutch_letter) if part)
    return Composed(
        settle_text(letter.subject), settle_text(text), settle_html(html, locale), _short(kind, locale, facts)
    )


def _spoken(kind: str, locale: str, facts: dict[str, Any]) -> Letter:
    with speak(locale):
        apart = {key: own_words_text(facts[key]) for key in OWN_WORDS if facts.get(key)}
        apart |= {key: figures_text(facts[key]) for key in FIGURES if facts.get(key)}
        return LETTERS[kind]({**facts, **apart})


def _short(kind: str, locale: str, facts: dict[str, Any]) -> str:
    """One sentence and the link: at most two parts of a text message, with names cut only as far as that needs (M3)."""
    text = ""
    for most in NAME_LENGTHS:
        cut = {key: shortened(value, most) if key in NAMES else value for key, value in facts.items()}
        letter = _spoken(kind, locale, cut)
        text = settle_text("\n".join(filter(None, [letter.short or letter.subject, letter.link])))
        if len(parts(text)) <= MOST_PARTS:
            break
    return text


def _plain(letter: Letter) -> str:
    action = [f"{letter.action}:\n{letter.link}"] if letter.link else []
    aside = ["{}:\n{}".format(*letter.aside)] if letter.aside else []
    return "\n\n".join([*letter.paragraphs, *action, *letter.closing, *aside])


def deliver_due(limit: int = 50) -> int:
    """Hand queued mails to the mail server, oldest first; returns how many went out.

    At least once, with a stable Message-ID: a crash between sending and noting sends the same mail again.
    Without SMTP_URL nothing is sent and the mails stay readable for administrators.
    """
    settings: Settings = current_app.extensions["settings"]
    if not settings.smtp_url:
        return 0
    due = select(Message.id).where(
        Message.channel == Channel.MAIL, Message.state == MessageState.QUEUED, Message.next_try_at <= now()
    ).order_by(Message.next_try_at, Message.id).limit(limit)  # fmt: skip
    ids = list(session().scalars(due))
    if not ids:
        return 0
    sent = 0
    with server_of(settings) as server:
        for message_id in ids:
            sent += _deliver(server, message_id, settings.mail_from)
    return sent


def _deliver(server: smtplib.SMTP, message_id: int, sender: str) -> bool:
    message = session().get(Message, message_id)
    if message is None or message.state is not MessageState.QUEUED:
        return False
    failure = ""
    try:
        server.send_message(_as_email(message, sender))
    except smtplib.SMTPRecipientsRefused as error:
        failure = f"refused: {next(iter(error.recipients.values()))[0]}"
    except (smtplib.SMTPException, OSError) as error:
        failure = type(error).__name__
    with transaction() as db:
        row = db.get(Message, message_id)
        if row is None:
            return False
        row.tries += 1
        row.failure = failure
        if not failure:
            row.state, row.done_at = MessageState.SENT, now()
        elif failure.startswith("refused: 5") or row.tries > len(RETRY_MINUTES):
            row.state = MessageState.FAILED
        else:
            row.next_try_at = now() + timedelta(minutes=RETRY_MINUTES[row.tries - 1])
    return not failure


def _as_email(message: Message, sender: str) -> EmailMessage:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = sender, message.to_email, message.subject
    mail["Message-ID"], mail["Content-Language"] = message.message_id, message.locale
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(message.text)
    mail.add_alternative(message.html, subtype="html")
    calendar = message.facts.get("calendar")
    if calendar:
        method = "CANCEL" if "\r\nMETHOD:CANCEL\r\n" in calendar else "PUBLISH"
        mail.add_attachment(
            calendar, subtype="calendar", filename="samenspoor.ics", params={"method": method}
        )
    return mail


def file_of(planned: Appointment, *, locale: str, also_dutch: bool) -> str:
    """The calendar file of this site for what is planned, in that language."""
    settings: Settings = current_app.extensions["settings"]
    return calendar_file(
        planned, locale=locale, also_dutch=also_dutch, sender=settings.mail_from, address=settings.address, stamp=now()
    )  # fmt: skip


def new_message_id() -> str:
    """A Message-ID that stays with the mail through every try."""
    settings: Settings = current_app.extensions["settings"]
    return make_msgid(domain=urlsplit(settings.address).hostname or "samenspoor.example")


@contextmanager
def server_of(settings: Settings) -> Iterator[smtplib.SMTP]:
    """The mail server of this deployment, ready to take mail. Raises OSError or SMTPException when it is not."""
    address = urlsplit(settings.smtp_url)
    host = address.hostname or "localhost"
    if address.scheme == "smtps":
        server: smtplib.SMTP = smtplib.SMTP_SSL(host, address.port or 465, timeout=TIMEOUT_SECONDS)
    else:
        server = smtplib.SMTP(host, address.port or 25, timeout=TIMEOUT_SECONDS)
    with server:
        if address.scheme == "smtp" and address.username:
            server.starttls()
        if address.username:
            server.login(unquote(address.username), unquote(address.password or ""))
        yield server
