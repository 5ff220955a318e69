"""The guide to the proof of participation, in the reader's language: what it is, and its numbered parts."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from app.i18n import DEFAULT, active, dutch, is_language, lazy_pgettext, speak
from app.i18n import lazy_gettext as _
from app.i18n.speaking import Lazy
from app.papers import draw, sheet

BRAND: Final = "Samenspoor"


@dataclass(frozen=True)
class Part:
    """A numbered part of the paper: its name, and what it means."""

    number: int
    label: Lazy
    words: Lazy

    @property
    def dutch(self) -> str:
        """The name as it stands on the paper."""
        return str(dutch(self.label))


NUMBER, PERSON, KIND, CONTACT, PERIOD, TIMES, TOTAL, SIGNATURE, DECISION = PARTS = (
    Part(1, lazy_pgettext("on a proof", "Number"), _("Each proof has its own number. With the square picture everybody can check that the paper is real. It does not show your name.")),
    Part(2, lazy_pgettext("on a proof", "Participant"), _("Your name, your agency and your counsellor.")),
    Part(3, lazy_pgettext("on a proof", "Activity"), _("What you did, and with which organisation.")),
    Part(4, lazy_pgettext("on a proof", "Contact person"), _("The person who was there and knows how long it was.")),
    Part(5, lazy_pgettext("on a proof", "Period"), _("The first and the last day on this paper.")),
    Part(6, lazy_pgettext("on a proof", "Times"), _("Each time: the day, from when to when, and how long. 2:30 means two hours and thirty minutes.")),
    Part(7, lazy_pgettext("on a proof", "Total"), _("All times together.")),
    Part(8, lazy_pgettext("on a proof", "Signature"), _("Your contact person signed. After that, nothing on this paper changes.")),
    Part(9, lazy_pgettext("on a proof", "Decision"), _("Your counsellor decides if the hours count. Only accepted hours count.")),
)  # fmt: skip

TITLE = _("What is this paper?")
INTRO = (
    _("This paper is your proof of participation. It shows when you did something with people who speak Dutch, and how long."),
    _("The paper is in Dutch, because your counsellor reads it. Here we explain it in your language."),
    _("You can have more than one proof: one for each kind of activity and each contact person."),
)  # fmt: skip
DO_HEADING = _("What do I do with it?")
DO = (
    _("Look at your name, the days and the total. Are they right?"),
    _("Keep the paper. Your counsellor sees it too: you do not have to send it."),
    _("Is something wrong? Tell your contact person or your counsellor."),
)
PARTS_HEADING = _("What do the numbers on the paper mean?")
RECORD = _("The list of your agency is the real list of your hours. This paper is not your certificate.")


def guide_pdf() -> bytes:
    """The guide in the language spoken now; the made-up language of tests has no letters of its own and gets Dutch."""
    with speak(active() if is_language(active()) else DEFAULT):
        return draw("guide", _guide())


def _guide() -> dict[str, Any]:
    return {
        **sheet(str(TITLE)), "brand": BRAND, "intro": _all(INTRO), "do_heading": str(DO_HEADING), "do": _all(DO),
        "parts_heading": str(PARTS_HEADING), "record": str(RECORD),
        "parts": [
            {"number": part.number, "label": str(part.label), "dutch": part.dutch, "words": str(part.words)} for part in PARTS
        ],
    }  # fmt: skip


def _all(words: Sequence[Lazy]) -> list[str]:
    return [str(word) for word in words]
