"""The proof of participation as values for proof.typ, and the guide to it: both from one list of numbered parts.

The proof speaks Dutch only (LANGUAGES M4); the guide speaks the language in which it is asked for.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import segno

from app.i18n import (
    DEFAULT,
    active,
    active_direction,
    day_text,
    dutch,
    gettext,
    is_language,
    lazy_pgettext,
    speak,
)
from app.i18n import lazy_gettext as _
from app.i18n.speaking import Lazy
from app.papers import draw
from app.vocabulary import OfferKind

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
WAYS = {
    "mailed-link": _("electronically, with a personal link sent by e-mail"),
    "passed-link": _("electronically, with a personal link"),
    "account": _("electronically, with the own account"),
}


@dataclass(frozen=True)
class Standing:
    """What is true of the paper on the day on which it is drawn: its numbers, its address, its judgement.

    `decision` is a value of ProofState, but never `open`.
    """

    number: str
    public_number: str
    check_at: str
    minutes: int
    signed_on: date
    decision: str
    decided_on: date | None = None
    replaced_by: str = ""


def clock_length(minutes: int) -> str:
    """Minutes as they stand on the paper: 2:30."""
    return f"{minutes // 60}:{minutes % 60:02}"


def proof_pdf(content: Mapping[str, Any], standing: Standing) -> bytes:
    """The signed proof; `content` is that of its paper (app/services/proofs.py)."""
    with speak(DEFAULT):
        return draw("proof", _proof(content, standing))


def guide_pdf() -> bytes:
    """The guide in the language spoken now; the made-up language of tests has no letters of its own and gets Dutch."""
    with speak(active() if is_language(active()) else DEFAULT):
        return draw("guide", _guide())


def _proof(content: Mapping[str, Any], standing: Standing) -> dict[str, Any]:
    title = gettext("Proof of participation")
    return {
        **_sheet(f"{title} {standing.number}"), "brand": BRAND, "heading": title, "number": standing.number,
        "subject": gettext("Participation and networking trajectory of civic integration"),
        "check_at": standing.check_at, "qr": segno.make(standing.check_at, error="m").svg_inline(border=2, scale=4),
        "qr_words": gettext("QR code that leads to the page where this proof can be checked"),
        "not_valid": _not_valid(standing),
        "facts": [
            _fact(NUMBER, standing.number, gettext("To check: %(code)s", code=standing.public_number)),
            _fact(PERSON, content["newcomer"], content["agency"], _counsellor(content["counsellor"])),
            _fact(KIND, str(OfferKind(content["kind"]).label), content["organisation"], *content["titles"]),
            _fact(CONTACT, *(content["contact"][name] for name in ("name", "function", "phone", "email"))),
            _fact(PERIOD, gettext("From %(first)s until %(last)s", first=_day(content["from"]), last=_day(content["until"]))),
        ],
        "times": {
            "number": TIMES.number, "label": str(TIMES.label), "lines": [_line(line) for line in content["lines"]],
            "head": [gettext("No."), gettext("Day"), gettext("From – until"), str(KIND.label), gettext("Hours")],
        },
        "total": {"number": TOTAL.number, "label": str(TOTAL.label), "length": clock_length(standing.minutes)},
        "after": [
            _fact(SIGNATURE, content["signature"]["name"], day_text(standing.signed_on), _way(content["signature"]["way"])),
            _fact(DECISION, *_decision(standing)),
        ],
        "remarks": _remarks(content), "remarks_label": gettext("Remarks"),
        "record": gettext("The agency's own database is the record: only what stands there counts for the certificate. This proof shows what the contact person signed; it is not a certificate of civic integration."),
    }  # fmt: skip


def _guide() -> dict[str, Any]:
    return {
        **_sheet(str(TITLE)), "brand": BRAND, "intro": _all(INTRO), "do_heading": str(DO_HEADING), "do": _all(DO),
        "parts_heading": str(PARTS_HEADING), "record": str(RECORD),
        "parts": [
            {"number": part.number, "label": str(part.label), "dutch": part.dutch, "words": str(part.words)} for part in PARTS
        ],
    }  # fmt: skip


def _sheet(title: str) -> dict[str, Any]:
    page = gettext("Page %(page)s of %(pages)s", page="{page}", pages="{pages}")
    return {"title": title, "lang": active(), "rtl": active_direction() == "rtl", "page": page}


def _fact(part: Part, *lines: str) -> dict[str, Any]:
    return {"number": part.number, "label": str(part.label), "lines": list(lines)}


def _all(words: Sequence[Lazy]) -> list[str]:
    return [str(word) for word in words]


def _day(iso: str) -> str:
    return day_text(date.fromisoformat(iso))


def _line(line: Mapping[str, Any]) -> dict[str, str]:
    return {
        "day": _day(line["day"]), "clock": f"{line['start']} – {line['end']}", "title": line["title"],
        "length": clock_length(line["minutes"]),
    }  # fmt: skip


def _counsellor(name: str) -> str:
    return gettext("Counsellor: %(name)s", name=name) if name else ""


def _way(way: str) -> str:
    return str(WAYS[way]) if way in WAYS else ""


def _decision(standing: Standing) -> tuple[str, ...]:
    day = day_text(standing.decided_on) if standing.decided_on else ""
    if standing.decision == "accepted":
        return (gettext("Accepted by the counsellor on %(day)s", day=day),)
    if standing.decision == "in_verification":
        return (gettext("The counsellor checks it with the contact person"),)
    if standing.decision == "returned":
        return (gettext("Returned by the counsellor on %(day)s", day=day),)
    return (gettext("Not judged yet by the counsellor"),)


def _not_valid(standing: Standing) -> str:
    if standing.replaced_by:
        return gettext(
            "This proof no longer counts: proof %(number)s replaces it.", number=standing.replaced_by
        )
    if standing.decision == "returned":
        return gettext("This proof no longer counts: the counsellor returned it.")
    return ""


def _remarks(content: Mapping[str, Any]) -> list[str]:
    """What the signer wrote, and what was changed after the signature."""
    remarks = [content["remark"]] if content["remark"] else []
    if content["replaces"]:
        remarks.append(gettext("This proof replaces proof %(number)s.", number=content["replaces"]))
    remarks += [
        gettext("The counsellor took back a time of %(day)s after the signature.", day=_day(day))
        for day in content["taken_back"]
    ]
    return remarks
