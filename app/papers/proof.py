"""The proof of participation as values for proof.typ. It speaks Dutch only (LANGUAGES M4); app/papers/guide.py explains it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import segno

from app.i18n import DEFAULT, day_text, gettext, speak
from app.i18n import lazy_gettext as _
from app.papers import draw, sheet
from app.papers.guide import (
    BRAND,
    CONTACT,
    DECISION,
    KIND,
    NUMBER,
    PERIOD,
    PERSON,
    SIGNATURE,
    TIMES,
    TOTAL,
    Part,
)
from app.vocabulary import OfferKind

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


def _proof(content: Mapping[str, Any], standing: Standing) -> dict[str, Any]:
    title = gettext("Proof of participation")
    return {
        **sheet(f"{title} {standing.number}"), "brand": BRAND, "heading": title, "number": standing.number,
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


def _fact(part: Part, *lines: str) -> dict[str, Any]:
    return {"number": part.number, "label": str(part.label), "lines": list(lines)}


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
