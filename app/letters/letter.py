"""The shape of a letter, and facts as words."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from app.i18n import day_text, moment_text

Facts = dict[str, Any]


@dataclass(frozen=True)
class Letter:
    """Subject, paragraphs, and at most one thing to do: what it says and where it leads.

    `aside` is another way that is open: its words and where it leads, for who needs it. `short` is the one sentence of a text message; the subject when it is empty.
    """

    subject: str
    paragraphs: list[str]
    action: str = ""
    link: str = ""
    closing: list[str] = field(default_factory=list)
    aside: tuple[str, str] | None = None
    short: str = ""


def day_of(facts: Facts, key: str) -> str:
    """The date kept as ISO text under that key, in words."""
    return day_text(date.fromisoformat(facts[key]))


def moment_of(facts: Facts, key: str) -> str:
    """The instant kept as ISO text under that key, in words and Brussels time."""
    return moment_text(datetime.fromisoformat(facts[key]))
