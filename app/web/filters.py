"""What templates can call: words, formats, icons, addresses and the viewer."""

import re
from collections.abc import Callable
from typing import Any

from flask import Flask, current_app, g, session
from markupsafe import Markup, escape

from app import i18n
from app.i18n.provenance import shipped_reading
from app.icons import icon
from app.reference.languages import language_name
from app.reference.networks import network
from app.reference.writing import UNKNOWN
from app.security.identity import domain_in_ascii
from app.vocabulary import label
from app.web import sharing
from app.web.addresses import absolute, address_without_secret, page_address, page_url, static_url
from app.web.navigation import sections
from app.web.recordings import recorded
from app.web.viewing import seconds_left, the_viewer

# A telephone number, e-mail address, web address or code inside a sentence.
FIGURES = re.compile(
    r"\+\d[\d ]{7,}\d|[\w.+-]+@[\w-]+(?:\.[\w-]+)+|https?://[^\s<]+|\b[A-Z0-9]{5}-[A-Z0-9]{5}\b"
)


def init_app(app: Flask) -> None:
    """Give templates their globals and filters."""
    app.jinja_env.globals.update(
        icon=icon, label=label, page_url=page_url, static_url=static_url, absolute=absolute, address_without_secret=address_without_secret,
        page_address=page_address, network_name=network_name, dutch=i18n.dutch, dutch_plural=i18n.dutch_plural, dutch_of=dutch_of, written_in=written_in,
        languages=i18n.LANGUAGES, direction=i18n.direction, recorded=recorded, whatsapp=sharing.whatsapp, text_message=sharing.text_message,
        mail_with=sharing.mail, short_message=sharing.short_message, message_with=sharing.message_with,
    )  # fmt: skip
    app.jinja_env.filters.update(
        day=i18n.day, moment=i18n.moment, clock=i18n.clock, hours=i18n.hours, number=i18n.number, percent=i18n.percent, money=i18n.money,
        people_list=i18n.people_list, phone=i18n.phone, domain_in_ascii=domain_in_ascii,
        day_nl=_in_dutch(i18n.day), moment_nl=_in_dutch(i18n.moment), hours_nl=_in_dutch(i18n.hours), figures=figures,
    )  # fmt: skip
    app.context_processor(_of_this_request)


def _of_this_request() -> dict[str, Any]:
    lang = g.get("lang", i18n.DEFAULT)
    return {
        "lang": lang,
        "dir": i18n.direction(lang),
        "viewer": the_viewer(),
        "seconds_left": seconds_left(),
        "also_dutch": bool(session.get("also_dutch") or session.get("together")) and lang != i18n.DEFAULT,
        "helping": session.get("together"),
        "unread_language": not (i18n.is_language(lang) and shipped_reading(lang).whole),
        "sections": sections(the_viewer()),
        "settings": current_app.extensions["settings"],
    }


def dutch_of(text: object) -> str:
    """The Dutch of a label that is translated when shown, such as that of an option; nothing of any other text."""
    return str(i18n.dutch(text)) if isinstance(text, i18n.Lazy) else ""


def written_in(tag: str | None) -> str:
    """In which language a text stands that is not that of the page; nothing when it is the same."""
    if tag == i18n.active():
        return ""
    if not tag or tag == UNKNOWN:
        return i18n.gettext("Language not noted")
    return i18n.gettext("Written in: %(language)s", language=language_name(tag, i18n.active()))


def figures(text: object) -> Markup:
    """A sentence of plain text, in which what is read from left to right in every language is kept so (B2)."""
    return Markup(FIGURES.sub(r'<bdi dir="ltr">\g<0></bdi>', str(escape(str(text)))))  # noqa: S704 - escaped here


def _in_dutch(formatted: Callable[[Any], str]) -> Callable[[Any], str]:
    """The same filter for the Dutch that stands beside the own language: a sentence takes its values along."""

    def said(value: Any) -> str:
        with i18n.speak(i18n.DEFAULT):
            return formatted(value)

    return said


def network_name(slug: str) -> str:
    """The name of a network, as it calls itself in Dutch."""
    return network(slug).name_nl
