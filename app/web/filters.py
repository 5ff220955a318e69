"""What templates can call: words, formats, icons, addresses and the viewer."""

from typing import Any

from flask import Flask, current_app, g, session

from app import i18n
from app.icons import icon
from app.reference.networks import network
from app.vocabulary import label
from app.web import sharing
from app.web.addresses import absolute, page_address, page_url, static_url
from app.web.navigation import sections
from app.web.recordings import recorded
from app.web.viewing import the_viewer


def init_app(app: Flask) -> None:
    """Give templates their globals and filters."""
    app.jinja_env.globals.update(
        icon=icon, label=label, page_url=page_url, static_url=static_url, absolute=absolute, page_address=page_address, network_name=network_name, dutch=i18n.dutch,
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
        "also_dutch": bool(session.get("also_dutch")) and lang != i18n.DEFAULT,
        "sections": sections(the_viewer()),
        "settings": current_app.extensions["settings"],
    }


def network_name(slug: str) -> str:
    """The name of a network, as it calls itself in Dutch."""
    return network(slug).name_nl
