"""What speaks against a pair is said as such."""

import pytest

from app.i18n import speak
from app.vocabulary import against_sentence, reason_sentence


@pytest.mark.parametrize(
    ("code", "facts", "says"),
    [
        (
            "interests",
            {"told": True, "common": ("cooking",)},
            "Most of their interests differ. They share only: cooking.",
        ),
        ("interests", {"told": True, "common": ()}, "They share no interests."),
        ("interests", {"told": False, "common": ()}, "One of them has not told any interests yet."),
        (
            "availability",
            {"told": True, "common": ("sat-morning",)},
            "They are both free at only 1 moment of the week.",
        ),
        (
            "availability",
            {"told": True, "common": ("sat-morning", "mon-evening")},
            "They are both free at only 2 moments of the week.",
        ),
        ("place", {"distance_m": 12_300, "same_province": True}, "They live 12 km from each other."),
    ],
)
def test_what_speaks_against_a_pair(code, facts, says):
    with speak("en"):
        assert against_sentence(code, facts) == says


def test_what_does_not_read_otherwise_is_said_the_same():
    facts = {"common": ("ar",), "dutch_level": "a2"}
    assert against_sentence("languages", facts) == reason_sentence("languages", facts)
