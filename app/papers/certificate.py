"""The certificate of a volunteer as values for certificate.typ. It speaks Dutch only, as the proof does."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.i18n import DEFAULT, day_text, gettext, ngettext, speak
from app.papers import draw, sheet
from app.papers.guide import BRAND
from app.papers.proof import clock_length


@dataclass(frozen=True)
class Learned:
    """One training: its day, its name, and its whole minutes."""

    on: date
    title: str
    minutes: int


@dataclass(frozen=True)
class Volunteer:
    """Who the certificate is about: since when a buddy, in how many duos, and what was learned, the first one first."""

    name: str
    network: str
    since: date
    duos: int
    learned: Sequence[Learned]
    drawn_on: date


def certificate_pdf(volunteer: Volunteer) -> bytes:
    """The certificate, in Dutch."""
    with speak(DEFAULT):
        return draw("certificate", _certificate(volunteer))


def _certificate(one: Volunteer) -> dict[str, Any]:
    title = gettext("Certificate of a volunteer")
    return {
        **sheet(f"{title}: {one.name}"), "brand": BRAND, "heading": title, "name": one.name,
        "sentence": gettext("has been a volunteer buddy with %(network)s since %(day)s.", network=one.network, day=day_text(one.since)),
        "duos": ngettext(
            "In that time this buddy went a way together with %(num)s newcomer.",
            "In that time this buddy went a way together with %(num)s newcomers.", one.duos,
        ) if one.duos else "",
        "learned_label": gettext("Trainings"), "head": [gettext("Day"), gettext("Training"), gettext("Hours")],
        "learned": [
            {"day": day_text(item.on), "title": item.title, "length": clock_length(item.minutes)} for item in one.learned
        ],
        "total_label": gettext("Total"), "total": clock_length(sum(item.minutes for item in one.learned)),
        "drawn": gettext("Drawn up on %(day)s by the coordinator of %(network)s.", day=day_text(one.drawn_on), network=one.network),
        "signature": gettext("Name and signature of the coordinator"),
    }  # fmt: skip
