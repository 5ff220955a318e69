"""What templates can call: words, formats, icons, addresses and the viewer."""

import re
from collections.abc import Callable
from typing import Any

from flask import Flask, current_app, g, session
from markupsafe import Markup, escape

from app import i18n
from app.icons import icon
from app.reference.networks import network
from app.vocabulary import label
from app.web.addresses import absolute, page_address, page_url, static_url
from app.web.navigation import sections
from app.web.recordings import recorded
from app.web.viewing import the_viewer

# A telephone number, e-mail address, web address or code inside a sentence.
FIGURES = re.compile(
    r"\+\d[\d ]{7,}\d|[\w.+-]+@[\w-]+(?:\.[\w-]+)+|https?://[^\s<]+|\b[A-Z0-9]{5}-[A-Z0-9]{5}\b"
)


def init_app(app: Flask) -> None:
    """Give templates their globals and filters."""
    app.jinja_env.globals.update(
        icon=icon, label=label, page_url=page_url, static_url=static_url, absolute=absolute, page_address=page_address, network_name=network_name, dutch=i18n.dutch, dutch_plural=i18n.dutch_plural,
        languages=i18n.LANGUAGES, direction=i18n.direction, recorded=recorded,
    )  # fmt: skip
    app.jinja_env.filters.update(
        day=i18n.day, moment=i18n.moment, clock=i18n.clock, hours=i18n.hours, number=i18n.number, percent=i18n.percent,
        people_list=i18n.people_list, day_nl=_in_dutch(i18n.day), moment_nl=_in_dutch(i18n.moment), hours_nl=_in_dutch(i18n.hours), figures=figures,
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
