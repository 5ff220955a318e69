"""Random people for hypothesis: few places, few tags, so that pairs, ties and conflicts are common."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import strategies as st

from matching import Buddy, Newcomer, Weights
from matching.interests import INTERESTS, SLOTS

TODAY = date(2026, 11, 20)
POINTS = [
    (51.2205, 4.4003, "antwerpen"), (51.1341, 4.3868, "antwerpen"), (51.05, 3.72, "oost-vlaanderen"),
    (50.93, 5.34, "limburg"), (51.0259, 4.4776, "antwerpen"), (50.8505, 4.3488, "brussel"),
    (50.9, 4.4, "vlaams-brabant"),
]  # fmt: skip
TAGS = ("ar", "fr", "en", "uk")


def subsets(items, most):
    return st.lists(st.sampled_from(items), unique=True, max_size=most).map(tuple)


def shared(points, tags):
    return {
        "point": st.sampled_from(points),
        "languages": subsets(tags, 3),
        "interests": subsets(INTERESTS[:8], 4),
        "availability": subsets(SLOTS[:6], 4),
        "max_km": st.sampled_from([None, 0, 5, 15, 40]),
        "gender": st.sampled_from(["", "f", "m", "x"]),
    }


@st.composite
def newcomer(draw, points=POINTS, tags=TAGS):
    lat, lon, province = draw(st.sampled_from(points))
    fields = {name: draw(value) for name, value in shared(points, tags).items() if name != "point"}
    return Newcomer(
        id="", lat=lat, lon=lon, province=province, **fields,
        dutch_level=draw(st.sampled_from(["none", "a1", "a2", "b1", "b2"])),
        buddy_gender=draw(st.sampled_from(["", "", "f", "m"])),
        waiting_since=draw(st.sampled_from([None, TODAY, TODAY - timedelta(30), TODAY - timedelta(500)])),
        owes_trajectory=draw(st.booleans()),
        contract_end=draw(st.sampled_from([None, TODAY + timedelta(45), TODAY - timedelta(3)])),
    )  # fmt: skip


@st.composite
def buddy(draw, points=POINTS, tags=TAGS, capacities=(0, 1, 1, 2, 3)):
    lat, lon, province = draw(st.sampled_from(points))
    fields = {name: draw(value) for name, value in shared(points, tags).items() if name != "point"}
    return Buddy(
        id="", lat=lat, lon=lon, province=province, **fields,
        newcomer_gender=draw(st.sampled_from(["", "", "f", "m"])),
        capacity=draw(st.sampled_from(capacities)),
    )  # fmt: skip


def numbered(people, letter):
    """The people with ids whose order is not the order of the rows."""
    from dataclasses import replace

    return [replace(person, id=f"{letter}{(at * 7) % 31}") for at, person in enumerate(people)]


@st.composite
def populations(draw, points=POINTS, most=(9, 7), capacities=(0, 1, 1, 2, 3)):
    newcomers = numbered(draw(st.lists(newcomer(points), max_size=most[0])), "n")
    buddies = numbered(draw(st.lists(buddy(points, capacities=capacities), max_size=most[1])), "b")
    pairs = [(n.id, b.id) for n in newcomers for b in buddies]
    past = draw(st.lists(st.sampled_from(pairs), max_size=4)) if pairs else []
    return newcomers, buddies, past


def whole(low, high):
    """A number between, ends and middle more often than chance would have them."""
    return st.sampled_from([low, (low + high) // 2, high]) | st.integers(low, high)


@st.composite
def weights(draw):
    """A setting with anything that a weights file may hold."""
    numbers = {name: draw(whole(0, 1000)) for name in ("interests", "availability", "place", "languages")}
    if not any(numbers.values()):
        numbers["place"] = 1
    return Weights.from_mapping(
        {
            "weights": numbers,
            "neutral": {name: draw(whole(0, 1_000_000)) for name in ("interests", "availability")},
            "rules": {
                "min_score": draw(st.sampled_from([0, 200_000, 450_000])),
                "max_km": draw(st.sampled_from([3, 25, 60])),
                "shared_language": draw(st.booleans()),
                "min_dutch": draw(st.sampled_from(["a1", "a2", "b1", "b2"])),
            },
            "turn": {name: draw(whole(0, 1_000_000)) for name in ("waiting", "owes", "term")}
            | {"half_days": draw(whole(1, 720))},
        }
    )
