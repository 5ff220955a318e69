"""What templates can call: words, formats, icons, addresses and the viewer."""

from typing import Any

from flask import Flask, current_app, g, session

from app import i18n
from app.i18n.provenance import shipped_reading
from app.icons import icon
from app.reference.languages import language_name
from app.reference.networks import network
from app.reference.writing import UNKNOWN
from app.vocabulary import label
from app.web import sharing
from app.web.addresses import absolute, address_without_secret, page_address, page_url, static_url
from app.web.navigation import sections
from app.web.recordings import recorded
from app.web.viewing import seconds_left, the_viewer


def init_app(app: Flask) -> None:
    """Give templates their globals and filters."""
    app.jinja_env.globals.update(
        icon=icon, label=label, page_url=page_url, static_url=static_url, absolute=absolute, address_without_secret=address_without_secret,
        page_address=page_address, network_name=network_name, dutch=i18n.dutch, dutch_of=dutch_of, written_in=written_in,
        languages=i18n.LANGUAGES, direction=i18n.direction, recorded=recorded, whatsapp=sharing.whatsapp, text_message=sharing.text_message,
        mail_with=sharing.mail, short_message=sharing.short_message, message_with=sharing.message_with,
    )  # fmt: skip
    app.jinja_env.filters.update(
        day=i18n.day, moment=i18n.moment, clock=i18n.clock, hours=i18n.hours, number=i18n.number, percent=i18n.percent,
        people_list=i18n.people_list, phone=i18n.phone,
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


def network_name(slug: str) -> str:
    """The name of a network, as it calls itself in Dutch."""
    return network(slug).name_nl
