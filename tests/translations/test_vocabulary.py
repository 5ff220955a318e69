"""The words of the domain and the matcher's reasons as sentences (MATCHING 2 to 5, DOMAIN 3 to 6)."""

import pickle

import pytest

from app.i18n import LANGUAGES, Scope, dutch, speak
from app.i18n.fallback import OPEN
from app.reference.interests import GOALS, INTEREST_SLUGS
from app.reference.provinces import PROVINCES
from app.vocabulary import (
    Criterion,
    DayPart,
    DutchLevel,
    GenderWish,
    Goal,
    Interest,
    OfferKind,
    Province,
    Role,
    Rule,
    Slot,
    Weekday,
    choices,
    label,
    offer_sentence,
    pair_sentence,
    reason_sentence,
    unlock_sentence,
    unmatched_sentence,
)
from app.vocabulary.chances import chance_sentence

COMPLETE = [item.tag for item in LANGUAGES if Scope.NEWCOMER in item.complete]


def test_values_are_those_of_the_reference_tables():
    assert tuple(Interest) == INTEREST_SLUGS
    assert len(Interest) == 40
    assert tuple(Goal) == tuple(goal.slug for goal in GOALS)
    assert tuple(Province) == tuple(PROVINCES)
    with speak("nl"):
        assert {str(p): str(p.label) for p in Province} == dict(PROVINCES)


def test_the_week_has_twenty_one_moments():
    assert [str(slot) for slot in Slot] == [f"{d}-{p}" for d in Weekday for p in DayPart]
    for slot in Slot:
        assert slot == f"{slot.weekday}-{slot.part}"
    assert next(iter(OfferKind)) is OfferKind.CONVERSATION_GROUP
    assert len(OfferKind) == 9


def test_a_member_is_its_value_and_knows_its_words():
    assert Role("buddy") is Role.BUDDY == "buddy"
    assert pickle.loads(pickle.dumps(Role.BUDDY)) is Role.BUDDY
    assert GenderWish("") is GenderWish.NONE
    with pytest.raises(ValueError, match="nobody"):
        Role("nobody")
    with speak("ar"):
        assert str(label(DutchLevel.NONE)) == "لا شيء بعد"
        assert dutch(label(DutchLevel.NONE)) == "Nog niets"
        assert next((value, str(words)) for value, words in choices(GenderWish)) == ("", "لا رغبة معينة")


FACTS = {
    "interests": [
        {"told": True, "common": ("cooking", "cycling")},
        {"told": True, "common": ()},
        {"told": False, "common": ()},
    ],
    "availability": [
        {"told": True, "common": ("sat-morning", "sun-evening")},
        {"told": True, "common": tuple(Slot)},
        {"told": False, "common": tuple(Slot)},
        {"told": True, "common": ()},
    ],
    "place": [
        {"distance_m": 400, "same_province": True},
        {"distance_m": 4200, "same_province": True},
        {"distance_m": 24000, "same_province": False},
    ],
    "languages": [
        {"common": ("nl", "fr"), "dutch_level": "a2"},
        {"common": ("nl",), "dutch_level": "a1"},
        {"common": (), "dutch_level": "none"},
    ],
}
RULES = {
    "too_far": {"distance_m": 31000, "newcomer_max_km": 25, "buddy_max_km": 20},
    "no_slot": {"common": ()},
    "no_language": {"common": (), "asked": True},
    "gender_wish": {
        "newcomer_wish": "f",
        "newcomer_wish_met": False,
        "buddy_wish": "",
        "buddy_wish_met": True,
    },
    "past_pair": {"past": True},
    "no_capacity": {"capacity": 0},
    "low_score": {"score": 251000, "min_score": 300000},
    "no_place": {},
}
UNLOCKS = [
    {"change": "max_km", "to": 35, "buddies": 3},
    {"change": "availability", "add": "sat-morning", "buddies": 2},
    {"change": "languages", "add": "fr", "buddies": 1},
    {"change": "wish", "buddies": 11},
]


def everything_said():
    """Each sentence that reasons can make, in the language spoken now."""
    for code, cases in FACTS.items():
        for facts in cases:
            yield reason_sentence(code, facts)
            if said := offer_sentence(code, facts):
                yield said
    for code, facts in RULES.items():
        yield pair_sentence(code, facts)
        yield unmatched_sentence(code)
    for unlock in UNLOCKS:
        yield unlock_sentence(unlock)
        yield chance_sentence(unlock)


def test_every_code_of_the_matcher_has_its_sentence():
    assert set(FACTS) == set(Criterion)
    assert set(RULES) == set(Rule)


@pytest.mark.parametrize("tag", COMPLETE)
def test_reasons_are_whole_sentences_in_the_language(tag):
    with speak("en"):
        english = list(everything_said())
    with speak(tag):
        said = list(everything_said())
    assert len(said) == len(english) == 44
    for sentence in said:
        assert OPEN not in sentence
        assert "%(" not in sentence
        assert sentence.endswith((".", "۔", "።"))
    assert (tag == "en") == (said == english)


def test_reasons_in_dutch():
    assert reason_sentence("interests", FACTS["interests"][0]) == "Gedeelde interesses: koken en fietsen."
    assert (
        reason_sentence("availability", FACTS["availability"][0])
        == "Allebei vrij: zaterdagvoormiddag en zondagavond."
    )
    assert reason_sentence("availability", FACTS["availability"][1]) == (
        "Ze zijn allebei vrij op 21 momenten in de week."
    )
    assert reason_sentence("place", FACTS["place"][1]) == "Ze wonen op 4 km van elkaar."
    assert reason_sentence("languages", FACTS["languages"][0]) == "Gedeelde talen: Nederlands en Frans."
    assert "Een paar woorden" in reason_sentence("languages", FACTS["languages"][1])
    assert pair_sentence("too_far", RULES["too_far"]) == (
        "Ze wonen op 31 km van elkaar. Een van beiden wil hoogstens 20 km ver."
    )
    assert (
        pair_sentence("low_score", RULES["low_score"]) == "Ze passen voor 25%. Er is minstens 30% gevraagd."
    )
    assert unlock_sentence(UNLOCKS[0]) == "Met een afstand tot 35 km zijn er 3 buddy's."
    assert unlock_sentence(UNLOCKS[2]) == "Met één taal meer (Frans) is er 1 buddy."


@pytest.mark.parametrize(
    ("newcomer_met", "buddy_met", "who"),
    [(False, True, "newcomer's"), (True, False, "buddy's"), (False, False, "Their wishes")],
)
def test_whose_wish_is_not_met(newcomer_met, buddy_met, who):
    facts = {"newcomer_wish_met": newcomer_met, "buddy_wish_met": buddy_met}
    with speak("en"):
        assert who in pair_sentence("gender_wish", facts)


def test_a_newcomer_never_reads_a_figure_of_what_could_help():
    with speak("en"):
        for unlock in UNLOCKS:
            assert not any(character.isdigit() for character in chance_sentence(unlock))


def test_a_newcomer_never_reads_a_distance():
    for distance in (0, 400, 9999, 10400, 90000):
        said = offer_sentence("place", {"distance_m": distance, "same_province": True})
        assert not any(character.isdigit() for character in said)
    assert offer_sentence("place", {"distance_m": 90000, "same_province": True}) == ""


@pytest.mark.parametrize("say", [reason_sentence, pair_sentence, offer_sentence])
def test_an_unknown_code_is_refused(say):
    with pytest.raises(ValueError, match="astrology"):
        say("astrology", {})
