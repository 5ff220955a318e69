"""What a call for volunteers may name: only what is true of five people who wait (R52), and asked for by the prices."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.models import Run
from app.queries.disclosure import LEAST
from app.queries.shortages import LeftOut, left_out, wanted
from app.vocabulary import Slot

TAGS = ("ar", "ti", "uk", "fr")
SLOTS = [slot.value for slot in Slot][:5]
people = st.builds(
    LeftOut, municipality=st.sampled_from(["Mechelen", "Lier", "Duffel"]),
    languages=st.lists(st.sampled_from(TAGS), max_size=3), availability=st.lists(st.sampled_from(SLOTS), max_size=3),
    wish=st.sampled_from(["", "f", "m"]),
)  # fmt: skip
entries = st.fixed_dictionaries(
    {
        "network": st.sampled_from(["rivierenland", "kempen"]), "language": st.sampled_from(["nl", *TAGS]),
        "slot": st.sampled_from(SLOTS), "wish": st.sampled_from(["", "f", "m"]), "waiting": st.integers(1, 30),
        "value": st.integers(1, 10**6),
    }
)  # fmt: skip


def run_with(shortage, unmatched=()):
    return Run(network_slug="rivierenland", report={"shortage": shortage, "unmatched": list(unmatched)})


@given(st.lists(people, max_size=25), st.lists(entries, max_size=12))
@settings(deadline=None)
def test_nothing_is_named_that_fewer_than_five_have(left, shortage):
    asks = wanted([run_with(shortage)], left)
    for tag in asks.languages:
        assert sum(tag in person.languages for person in left) >= LEAST
    for slot in asks.moments:
        assert sum(not person.availability or slot in person.availability for person in left) >= LEAST
    for town in asks.towns:
        assert sum(person.municipality == town for person in left) >= LEAST
    assert not asks.wish or sum(person.wish == asks.wish for person in left) >= LEAST
    assert asks.waiting is None or asks.waiting == len(left) >= LEAST


@given(st.lists(people, max_size=25), st.lists(entries, max_size=12))
@settings(deadline=None)
def test_only_what_the_prices_of_the_own_network_ask_for_is_named(left, shortage):
    asks = wanted([run_with(shortage)], left)
    own = [entry for entry in shortage if entry["network"] == "rivierenland"]
    assert set(asks.languages) <= {entry["language"] for entry in own} - {"nl"}
    assert set(asks.moments) <= {entry["slot"] for entry in own}
    assert asks.wish in {"", *(entry["wish"] for entry in own)}


def entry(**values):
    return {
        "network": "rivierenland",
        "language": "nl",
        "slot": SLOTS[0],
        "wish": "",
        "waiting": 9,
        "value": 9,
        **values,
    }


def somebody(**values):
    return LeftOut(
        **{"municipality": "Lier", "languages": ["ti"], "availability": [SLOTS[0]], "wish": "f", **values}
    )


@pytest.mark.parametrize(("number", "named"), [(4, False), (5, True)])
def test_five_are_named_and_four_are_not(number, named):
    run = run_with([entry(language="ti", wish="f")])
    asks = wanted([run], [somebody() for _ in range(number)])
    assert (asks.languages, asks.moments, asks.towns, asks.wish, asks.waiting) == (
        (["ti"], [SLOTS[0]], ["Lier"], "f", 5) if named else ([], [], [], "", None)
    )


def test_who_is_free_at_any_moment_counts_at_each():
    left = [somebody(), *(somebody(availability=[]) for _ in range(4))]
    assert wanted([run_with([entry()])], left).moments == [SLOTS[0]]


def test_moments_stand_in_the_order_of_the_week():
    shortage = [entry(slot=SLOTS[2], value=9), entry(slot=SLOTS[1], value=3), entry(slot=SLOTS[2], value=2)]
    left = [somebody(availability=SLOTS) for _ in range(6)]
    assert wanted([run_with(shortage)], left).moments == [SLOTS[1], SLOTS[2]]


def test_who_found_somebody_since_is_not_counted():
    run = run_with([], [{"newcomer_id": 1}, {"newcomer_id": 2}])
    assert left_out([run], {1: somebody(), 3: somebody()}) == [somebody()]


def test_no_more_than_six_of_a_kind_are_named_those_most_worth():
    slots = [slot.value for slot in Slot][:8]
    shortage = [entry(slot=slot, value=90 - at) for at, slot in enumerate(reversed(slots))]
    left = [somebody(availability=slots) for _ in range(6)]
    assert wanted([run_with(shortage)], left).moments == slots[2:]
