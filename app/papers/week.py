"""What there is to do in a municipality in one week, to hang up or to hand out, in the language spoken now."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

import segno

from app.i18n import DEFAULT, active, gettext, is_language, speak
from app.papers import draw, sheet


@dataclass(frozen=True)
class Line:
    """One time of an activity; `language` is that of its title."""

    time: str
    title: str
    language: str
    where: str
    level: str
    price: str


def week_pdf(town: str, days: Sequence[tuple[str, Sequence[Line]]], link: str) -> bytes:
    """The sheet; the made-up language of tests has no letters of its own and gets Dutch."""
    with speak(active() if is_language(active()) else DEFAULT):
        title = gettext("This week in %(municipality)s", municipality=town)
        return draw("week", {
            **sheet(title), "brand": "Samenspoor", "link": link.split("://", 1)[-1], "qr": segno.make(link, error="m").svg_inline(border=0, scale=4),
            "nothing": gettext("There is no such activity now"),
            "intro": gettext("You can join these now. You speak Dutch there and you meet people. You need no account to look."),
            "days": [{"day": day, "lines": [asdict(line) for line in lines]} for day, lines in days],
        })  # fmt: skip
