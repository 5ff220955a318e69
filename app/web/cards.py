"""The card with a personal code: in the newcomer's language and in Dutch, to print on one page."""

from dataclasses import dataclass
from functools import cached_property

from flask import render_template
from markupsafe import Markup

from app.i18n import direction, speak
from app.models import Network
from app.queries.registrations import network_of
from app.web.addresses import letter_link
from app.web.qr import qr_picture


@dataclass(frozen=True)
class Card:
    """A code, the language of its owner, and the network that she can call."""

    code: str
    lang: str
    network_slug: str

    @property
    def link(self) -> str:
        """Where the code is typed."""
        return letter_link("accounts.code", lang=self.lang)

    @property
    def direct(self) -> str:
        """The same with the code in it: for its owner alone."""
        return letter_link("accounts.code", lang=self.lang, code=self.code)

    @property
    def qr(self) -> Markup:
        """The address with the code, to be pointed at with a phone."""
        return qr_picture(self.direct)

    @cached_property
    def network(self) -> Network:
        """Whom to call."""
        return network_of(self.network_slug)

    def shown(self) -> Markup:
        """The card itself, whatever the language of the page around it."""
        with speak(self.lang):
            text = render_template(
                "registrations/_card.html", card=self, lang=self.lang, dir=direction(self.lang)
            )
        return Markup(text)  # noqa: S704 - a template of ours, which escapes
