"""What a plan says to staff: whole sentences for every code, in the languages of staff, and worth without figures."""

from itertools import product

import pytest

from app.i18n import speak
from app.i18n.fallback import OPEN
from app.vocabulary.planning import (
    LITTLE,
    MUCH,
    NOTHING,
    SOME,
    gain_sentence,
    level_of,
    loss_sentence,
    rule_sentence,
    shortage_sentence,
    worth_sentence,
)
from matching import Buddy, Newcomer, explain_pair
from matching.population import AS_OF
from matching.types import RULES

HERE = {"lat": 51.05, "lon": 3.72, "province": "oost-vlaanderen"}
STAFF = ("nl", "en", "fr")


def rules_of(**more):
    """The rules of a pair as the matcher gives them, with the facts it gives."""
    newcomer = Newcomer(
        id="n", **HERE, dutch_level="a2", languages=("fr",), availability=("sat-morning",), **more
    )
    buddy = Buddy(id="b", **{**HERE, "lat": 51.1}, languages=("fr",), gender="f", capacity=2)
    return explain_pair(newcomer, buddy, as_of=AS_OF).rules


def everything():
    for wish in ("", "f"):
        for rule in rules_of(buddy_gender=wish):
            yield rule_sentence(rule.code, rule.facts, bool(rule.passed))
    for rule in rules_of(max_km=1, buddy_gender="m"):
        yield rule_sentence(rule.code, rule.facts, bool(rule.passed))
    yield rule_sentence("too_far", {"distance_m": 200}, True)
    yield rule_sentence("no_language", {"common": (), "asked": False}, True)
    for language, wish, waiting in product(("nl", "ar"), ("", "f", "m"), (1, 7)):
        yield shortage_sentence(
            {"language": language, "wish": wish, "slot": "sat-morning", "waiting": waiting}
        )
    for level in (MUCH, SOME, LITTLE, NOTHING):
        yield gain_sentence(level, 2)
        yield loss_sentence(level)
    for level in (MUCH, SOME, LITTLE):
        yield gain_sentence(level, 0)


@pytest.mark.parametrize("tag", STAFF)
def test_whole_sentences_in_every_language_of_staff(tag):
    with speak("en"):
        english = list(everything())
    with speak(tag):
        said = list(everything())
        words = {worth_sentence(level) for level in (MUCH, SOME, LITTLE, NOTHING)}
    assert len(words) == 4
    assert len(said) == 21 + 2 + 12 + 8 + 3
    for own, other in zip(said, english, strict=True):
        assert OPEN not in own
        assert own.endswith(".")
        assert not {"%(", "sat-morning"} & set(own.split())
        assert (own == other) == (tag == "en")
        assert not any(code in own for code in RULES)


def test_in_dutch():
    entry = {"language": "ar", "wish": "f", "slot": "sat-morning", "waiting": 7}
    assert shortage_sentence(entry) == (
        "7 mensen die wachten, passen bij een vrouw die deze taal spreekt: Arabisch. Vrij moment: zaterdagvoormiddag."
    )
    met = {rule.code: rule_sentence(rule.code, rule.facts, True) for rule in rules_of()}
    assert met["no_capacity"] == "Deze buddy heeft 2 vrije plaatsen."
    assert met["too_far"] == "Ze wonen op 6 km van elkaar. Allebei willen ze zo ver gaan."


def test_worth_is_said_beside_the_largest_of_its_list():
    levels = [level_of(worth, 90) for worth in (90, 60, 59, 30, 29, 1, 0, -4)]
    assert levels == [MUCH, MUCH, SOME, SOME, LITTLE, LITTLE, NOTHING, NOTHING]
    assert not any(character.isdigit() for level in (MUCH, SOME) for character in gain_sentence(level, 2))


def test_no_place_is_no_rule_of_a_pair():
    with pytest.raises(KeyError):
        rule_sentence("no_place", {}, True)
