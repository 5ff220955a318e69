"""Letters become mails in the reader's language; queued mails are handed to the mail server."""

import logging
import smtplib
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from email.message import EmailMessage
from email.utils import make_msgid
from time import monotonic
from typing import Any
from urllib.parse import unquote, urlsplit

from flask import current_app
from sqlalchemy import select

from app.calendars import Appointment, calendar_file
from app.clock import now
from app.config import Settings
from app.db import only_one, session, transaction
from app.i18n import DEFAULT, direction, figures_text, own_words_text, settle_html, settle_text, speak
from app.letters import LETTERS, Letter
from app.models import Message
from app.sms import MOST_PARTS, NAME_UNITS, parts, shortened
from app.vocabulary.records import Channel, MessageState

RETRY_MINUTES = (1, 5, 15, 60, 180, 360)
# A server may take a minute for each answer, and whoever does not wait for the last one sends that mail twice; but one
# that will never answer again is not waited for so long that the mails are late when the next one is there.
ANSWER_SECONDS = 90
# Who only looks whether it is there does not wait that long.
TIMEOUT_SECONDS = 20
ROUND_SECONDS = 50
# So many connections to a server that breaks off each time, in one round.
MOST_VISITS = 5
CLOSING, TOO_LARGE = 421, 552
NAMES = ("name", "other", "contact", "caller", "activity")
NAME_LENGTHS = (40, NAME_UNITS, 12, 8)
# Facts of letters that somebody wrote, and those that are read from left to right in every language (B1, B2).
OWN_WORDS = (
    "name", "other", "municipality", "where", "what", "activity", "organisation", "contact", "caller", "insurer", "newcomer_insurer", "network_name", "note",
)  # fmt: skip
FIGURES = ("phone", "email")
log = logging.getLogger(__name__)
# Set when the program is asked to end: the mail under way is the last one.
stopping = threading.Event()


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
    """Hand all queued mails to the mail server, oldest first, for a minute at most; returns how many went out.

    At least once, with a stable Message-ID: a crash between sending and noting sends that one mail again. One process
    at a time does it, so that nothing else sends a mail twice. While the mail server is away or takes nothing, no mail
    is counted as tried: all go out as soon as it is back. One at which it breaks off again, while others go out, is.
    Without SMTP_URL nothing is sent and the mails stay readable for administrators.
    """
    settings: Settings = current_app.extensions["settings"]
    if not settings.smtp_url or not _due(1):
        return 0
    with only_one("mail") as alone:
        if not alone:
            return 0
        so_far = _Round()
        while _visit(settings, limit, so_far) and so_far.goes_on():
            pass
        return so_far.sent


@dataclass
class _Round:
    """What came of the connections to the mail server so far: how many mails went out, and at which ones it broke off."""

    sent: int = 0
    broke_at: list[int] = field(default_factory=list)
    until: float = field(default_factory=lambda: monotonic() + ROUND_SECONDS)

    def goes_on(self) -> bool:
        """That one connection broke says little of the next one, until one breaks at the same mail again."""
        many = len(self.broke_at)
        return many < 2 or (many == len(set(self.broke_at)) < MOST_VISITS and monotonic() < self.until)


def _visit(settings: Settings, limit: int, so_far: _Round) -> bool:
    """Hand over what is due by one connection; whether it broke off at a mail."""
    before = len(so_far.broke_at)
    try:
        with server_of(settings, ANSWER_SECONDS) as server:
            _hand_over(server, settings.mail_from, limit, so_far)
    except (smtplib.SMTPException, OSError) as error:
        log.warning("mail server away: %s", type(error).__name__)
    return len(so_far.broke_at) > before


def _due(limit: int) -> list[int]:
    found = select(Message.id).where(
        Message.channel == Channel.MAIL, Message.state == MessageState.QUEUED, Message.next_try_at <= now()
    ).order_by(Message.next_try_at, Message.id).limit(limit)  # fmt: skip
    ids = list(session().scalars(found))
    session().rollback()
    return ids


def _hand_over(server: smtplib.SMTP, sender: str, limit: int, so_far: _Round) -> None:
    until = monotonic() + ROUND_SECONDS
    while ids := _due(limit):
        for message_id in ids:
            if monotonic() >= until or stopping.is_set():
                return
            outcome = _deliver(server, message_id, sender, others_go=bool(so_far.sent))
            so_far.sent += outcome.sent
            if outcome.away:
                so_far.broke_at.append(message_id)
                return


@dataclass(frozen=True)
class _Outcome:
    """How a try ended: no failure when the mail went out, for good, or because the server itself did not do its work.

    `blamed`: the server did not do its work, but only at this mail.
    """

    failure: str = ""
    for_good: bool = False
    away: bool = False
    blamed: bool = False

    @property
    def sent(self) -> bool:
        return not self.failure


def _deliver(server: smtplib.SMTP, message_id: int, sender: str, *, others_go: bool) -> _Outcome:
    message = session().get(Message, message_id)
    if message is None or message.state is not MessageState.QUEUED:
        return _Outcome("gone")
    again = bool(message.failure)
    outcome = _try(server, message, sender)
    outcome = replace(outcome, blamed=outcome.away and others_go and again)
    with transaction() as db:
        row = db.get(Message, message_id)
        if row is not None:
            _note(row, outcome)
    return outcome


def _try(server: smtplib.SMTP, message: Message, sender: str) -> _Outcome:
    try:
        mail = _as_email(message, sender)
        session().rollback()  # the server may take minutes, and no snapshot of the database is held for that long
        server.send_message(mail)
    except smtplib.SMTPRecipientsRefused as error:
        return _refused(next(iter(error.recipients.values()))[0])
    except smtplib.SMTPSenderRefused as error:
        # Too large is about this mail; any other refusal of the sender is about all mails.
        return _refused(error.smtp_code) if error.smtp_code == TOO_LARGE else _away(error)
    except smtplib.SMTPDataError as error:
        return _refused(error.smtp_code)
    except (
        ValueError,
        smtplib.SMTPNotSupportedError,
    ) as error:  # no server can take this address or these headers
        return _Outcome(type(error).__name__, for_good=True)
    except (smtplib.SMTPException, OSError) as error:
        return _away(error)
    return _Outcome()


def _refused(code: int) -> _Outcome:
    return _Outcome(f"refused: {code}", for_good=code >= 500, away=code == CLOSING)


def _away(error: Exception) -> _Outcome:
    log.warning("mail server stopped: %s", type(error).__name__)
    return _Outcome(type(error).__name__, away=True)


def _note(row: Message, outcome: _Outcome) -> None:
    row.failure = outcome.failure
    # Not its fault: it goes behind the others, so that a mail at which a server breaks holds up none.
    if outcome.away and not outcome.blamed:
        row.next_try_at = now()
        return
    row.tries += 1
    if outcome.sent:
        row.state, row.done_at = MessageState.SENT, now()
    elif outcome.for_good or row.tries > len(RETRY_MINUTES):
        row.state = MessageState.FAILED
    else:
        row.next_try_at = now() + timedelta(minutes=RETRY_MINUTES[row.tries - 1])


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
def server_of(settings: Settings, patience: float = TIMEOUT_SECONDS) -> Iterator[smtplib.SMTP]:
    """The mail server of this deployment, ready to take mail, given so many seconds for each answer.

    Raises OSError or SMTPException when it is not.
    """
    address = urlsplit(settings.smtp_url)
    host = address.hostname or "localhost"
    if address.scheme == "smtps":
        server: smtplib.SMTP = smtplib.SMTP_SSL(host, address.port or 465, timeout=patience)
    else:
        server = smtplib.SMTP(host, address.port or 25, timeout=patience)
    with server:
        if address.scheme == "smtp" and address.username:
            server.starttls()
        if address.username:
            server.login(unquote(address.username), unquote(address.password or ""))
        yield server
