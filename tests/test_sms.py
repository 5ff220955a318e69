"""How many parts a text message has, and that none of ours has more than two, in any language (M3)."""

from datetime import UTC, datetime
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.i18n import LANGUAGES
from app.letters import LETTERS
from app.mailer import compose
from app.sms import BASIC, EXTENDED, is_gsm7, parts, shortened
from app.vocabulary import HoursRefusal
from app.vocabulary.today import Owing

HOST = "https://samenspoor.vlaanderen.be"  # longer than most; links are made of it
TOKEN = "t" * 32
SMALL = "".join(sorted(BASIC | EXTENDED))


def septets(text):
    return sum(2 if letter in EXTENDED else 1 for letter in text)


def code_units(text):
    return len(text.encode("utf-16-le")) // 2


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 1),
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("€" * 80, 1),
        ("€" * 81, 2),
        ("€" * 152, 2),  # 76 in each: the 77th would stand half in the next part
        ("€" * 153, 3),
        ("س" * 70, 1),
        ("س" * 71, 2),
        ("س" * 134, 2),
        ("س" * 135, 3),
        ("😀" * 35, 1),
        ("😀" * 36, 2),
        ("😀" * 66, 2),  # 33 in each, as 67 is odd
        ("😀" * 67, 3),
        ("a" * 70 + "ê", 2),
        ("ê" + "a" * 69, 1),
    ],
)
def test_counts_at_the_edges(text, count):
    assert len(parts(text)) == count


def test_the_alphabet_is_that_of_the_standard():
    """3GPP TS 23.038: 127 signs beside the escape, and ten that follow it (form feed is the tenth)."""
    assert len(BASIC) == 127
    assert len(EXTENDED) == 10
    assert not BASIC & EXTENDED


@given(st.one_of(st.text(alphabet=SMALL, max_size=700), st.text(max_size=400)))
def test_parts_hold_the_text_whole(text):
    found = parts(text)
    assert "".join(found) == text
    small = is_gsm7(text)
    size, alone, each = (septets, 160, 153) if small else (code_units, 70, 67)
    if len(found) == 1:
        assert size(text) <= alone
        return
    assert size(text) > alone
    assert all(0 < size(part) <= each for part in found)
    for before, after in pairwise(found):
        assert size(before) + size(after[0]) > each, "a part ends before it is full"


@given(st.text(max_size=60), st.integers(0, 40))
def test_a_shortened_name_is_its_beginning(name, most):
    cut = shortened(name, most)
    assert name.startswith(cut)
    assert code_units(cut) <= most
    assert code_units(name) > most or cut == name.rstrip()


def test_a_letter_keeps_its_marks():
    assert shortened("Zoë" * 20, 3) == "Zoë"
    assert shortened("Zoe\u0308", 3) == "Zo"
    assert shortened("م\u064f" * 20, 5) == "م\u064fم\u064f"


# --- what we send


LONGEST_FACTS = {
    "name": "W" * 200, "other": "Ш" * 200, "contact": "W" * 200, "caller": "W" * 200, "municipality": "Sint-Genesius-Rode",
    "what": "W" * 200, "where": "W" * 200, "insurer": "W" * 200, "newcomer_insurer": "W" * 200, "buddies": 3, "note": "W" * 300, "network_name": "Rivierenland",
    "phone": "+32470000001", "email": "a@example.be", "report": f"{HOST}/nl/h/{TOKEN}", "weeks": 2, "minutes": 150, "asked": 120, "reasons": [],
    "looks_back": True, "counts": {kind.value: 120 for kind in Owing}, "about_hours": 120, "oldest": "2026-09-23T14:30:00+00:00",
    "reason": next(iter(HoursRefusal)).value, "activity": "W" * 200, "organisation": "W" * 200,
    "people": 120, "days": ["2026-09-23T14:30:00+00:00"] * 6,
}  # fmt: skip
# The longest names of days and months, in one language or another.
LONGEST_DAYS = [
    datetime(2026, month, day, 14, 30, tzinfo=UTC) for month in (9, 11, 12) for day in range(21, 28)
]
LINKS = {
    "duo-ask-meet": f"d/{TOKEN}", "duo-ask-go-on": f"d/{TOKEN}", "confirm-hours": f"c/{TOKEN}",
    "confirm-address": f"confirm-address/{TOKEN}", "sign-in-link": f"sign-in/link/{TOKEN}",
    "reset-password": f"password/{TOKEN}", "invited": f"password/{TOKEN}", "imported": f"confirm-address/{TOKEN}",
    "activity-joined": f"j/{TOKEN}", "place-free": f"j/{TOKEN}", "activity-tomorrow": f"j/{TOKEN}",
    "activity-changed": f"j/{TOKEN}", "who-comes": f"t/{TOKEN}", "who-was-there": f"t/{TOKEN}",
}  # fmt: skip


@pytest.mark.parametrize("lang", [language.tag for language in LANGUAGES])
def test_every_message_of_ours_fits_in_two_parts(site, lang):
    for kind in LETTERS:
        link = f"{HOST}/{lang}/{LINKS.get(kind, 'my-track')}"
        days = LONGEST_DAYS if kind in ("talk-planned", "duo-meeting-planned") else LONGEST_DAYS[:1]
        for when in days:
            on = when.date().isoformat()
            facts = {
                **LONGEST_FACTS,
                "link": link,
                "when": when.isoformat(),
                "before": on,
                "until": on,
                "day": on,
            }
            facts["role"] = "newcomer"
            short = compose(kind, locale=lang, facts=facts, also_dutch=False).short
            assert len(parts(short)) <= 2, (kind, short)
            assert short.endswith(link) or kind in (
                "buddy-not-accepted",
                "buddy-stopped",
                "newcomer-stopped",
                "nothing-heard",
                "organisation-refused",
                "second-factor-on",
                "second-factor-reset",
            )
