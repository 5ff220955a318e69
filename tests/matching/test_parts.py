"""The smaller parts: people who cannot be matched on, places, made-up people, shortage, many languages, cache."""

import logging
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest
from geopy.distance import great_circle

from matching import (
    Buddy,
    Newcomer,
    Weights,
    assign,
    compiled,
    scan,
    warm_up,
)
from matching.interests import INTERESTS, SLOTS, items_of, mask_of
from matching.pack import pack
from matching.places import find_place, found_by_name, localities, middles, places
from matching.population import AS_OF, generate
from matching.reach import distance_m, find_reach
from matching.types import PROVINCES, InvalidPerson
from matching.weights import InvalidWeights
from tests.matching import reference
from tests.matching.strategies import TODAY

ROOT = Path(compiled.__file__).parents[1]
HERE = {"lat": 51.05, "lon": 3.72, "province": "oost-vlaanderen"}
AMAL = Newcomer(id="amal", **HERE, languages=("ar",))
LISE = Buddy(id="lise", **HERE, languages=("ar",))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("id", ""), ("id", 3), ("lat", float("nan")), ("lat", 91), ("lon", -181), ("province", "utrecht"),
        ("languages", ("nl",)), ("languages", ("nl-BE",)), ("languages", ("Arabic",)), ("interests", ("polo",)),
        ("availability", ("sat-night",)), ("max_km", -1), ("max_km", True), ("max_km", 2.5), ("gender", "F"),
        ("dutch_level", "c1"), ("buddy_gender", "x"), ("waiting_since", TODAY + timedelta(1)),
        ("capacity", -1), ("newcomer_gender", "x"),
    ],
)  # fmt: skip
def test_people_who_cannot_be_matched_on(field, value):
    newcomers, buddies = [AMAL], [LISE]
    if hasattr(AMAL, field):
        newcomers = [replace(AMAL, **{field: value})]
    else:
        buddies = [replace(LISE, **{field: value})]
    with pytest.raises(InvalidPerson) as caught:
        assign(newcomers, buddies, as_of=TODAY)
    assert caught.value.field_name == field


def test_two_people_of_one_id():
    with pytest.raises(InvalidPerson, match="an id that no other row has"):
        assign([AMAL, AMAL], [LISE], as_of=TODAY)


def test_today_is_the_day_when_none_is_given():
    assert assign([AMAL], [LISE], min_score=0).as_of == date.today()  # noqa: DTZ011
    with pytest.raises(InvalidWeights):
        assign([AMAL], [LISE], min_score=-1)


def test_vocabularies():
    assert (len(INTERESTS), len(set(INTERESTS)), len(SLOTS)) == (40, 40, 21)
    bits = {slot: at for at, slot in enumerate(SLOTS)}
    assert items_of(mask_of(("sun-evening", "mon-morning"), bits), SLOTS) == ("mon-morning", "sun-evening")


def test_gazetteer():
    assert len(places()) == 1209
    assert len({place.postcode for place in places()}) == 543
    assert len(middles()) == 18
    assert {place.province for place in places()} == set(PROVINCES)
    assert find_place("9000").locality == "Gent"
    assert find_place("2040", "zandvliet").locality == "Zandvliet"
    assert find_place("2040", "Gent") is None
    assert localities("0000") == ()
    assert len(found_by_name()) == 1208
    assert middles()["brussel"][2] == "brussel"


def test_distances_agree_with_geopy_and_nobody_near_is_missed():
    newcomers = [
        Newcomer(id=str(at), lat=p.lat, lon=p.lon, province=p.province) for at, p in enumerate(places())
    ]
    problem = pack(newcomers, [], past=(), weights=Weights(), as_of=TODAY, idf=None)
    count = len(problem.lat)
    rows, columns = np.arange(count), np.arange(0, count, 2)
    reach = find_reach(problem, rows, columns, np.full(count, 30_000), 17_000)
    every = distance_m(
        problem.lat[:, None], problem.lon[:, None], problem.lat[None, ::2], problem.lon[None, ::2]
    )
    assert len(reach.place) == int((every <= 17_000).sum())
    for at in range(0, count, 97):
        here = slice(reach.ptr[at], reach.ptr[at + 1])
        assert list(reach.metre[here]) == sorted(every[at][every[at] <= 17_000])
        for other, metre in zip(reach.place[here][:5], reach.metre[here][:5], strict=True):
            points = [(problem.lat[k], problem.lon[k]) for k in (at, other)]
            assert round(great_circle(*points, radius=6371.009).m) == metre


@pytest.mark.parametrize(
    ("one", "other"),
    [((0, 179.95), (0.1, -179.95)), ((89.99, 10), (89.99, -170)), ((-65, 20), (-65.1, 20.4))],
)
def test_near_is_near_round_the_whole_globe(one, other):
    people = [
        Newcomer(id=str(at), lat=p[0], lon=p[1], province="limburg") for at, p in enumerate((one, other))
    ]
    problem = pack(people, [], past=(), weights=Weights(), as_of=TODAY, idf=None)
    limit = distance_m(problem.lat[:1], problem.lon[:1], problem.lat[1:], problem.lon[1:])[0]
    both = np.arange(2)
    assert len(find_reach(problem, both, both, np.full(2, limit), limit).place) == 4
    assert len(find_reach(problem, both, both, np.full(2, limit - 1), limit).place) == 2


def test_made_up_people():
    newcomers, buddies = generate(900, 5460, seed=2)
    assert (newcomers, buddies) == generate(900, 5460, seed=2)
    assert newcomers != generate(900, 5460, seed=3)[0]
    counted = Counter(b.province for b in buddies)
    for province, asked in zip(PROVINCES, (133, 28, 67, 146, 92, 80), strict=True):
        assert abs(counted[province] / 10 - asked) < 12
    assert all(find_place_of(person) for person in buddies[:200])
    assert sum(not n.interests for n in newcomers) > 30
    assert generate(0, 0) == ((), ())


def find_place_of(person):
    return any((p.lat, p.lon, p.province) == (person.lat, person.lon, person.province) for p in places())


def crowd_of_languages(count):
    tags = [f"{a}{b}" for a in "abcdefgh" for b in "abcdefghijklmnopqrst"][:count]
    newcomers = [replace(AMAL, id=f"n{at:03}", languages=(tag,)) for at, tag in enumerate(tags)]
    buddies = [replace(LISE, id=f"b{at:03}", languages=(tag,)) for at, tag in enumerate(reversed(tags))]
    return newcomers, buddies


@pytest.mark.parametrize("compiled_too", [False, True])
def test_more_languages_than_a_word_holds(compiled_too):
    newcomers, buddies = crowd_of_languages(150)
    plan = assign(newcomers, buddies, as_of=TODAY, min_score=0, count=True, compiled_too=compiled_too)
    assert plan.permitted_pairs == plan.matched == 150
    assert all(len(pair.common_languages) == 1 for pair in plan.pairs)


@pytest.mark.parametrize("objective", ["best", "most-people"])
def test_a_place_is_worth_what_solving_again_says(objective):
    newcomers, buddies = generate(90, 36, seed=4)
    options = {"as_of": AS_OF, "objective": objective, "compiled_too": True}
    plan = assign(newcomers, buddies, **options)
    options |= {"idf": plan.idf, "shortage": False}

    def worth(changed):
        again = assign(newcomers, changed, **options)
        people = again.matched - plan.matched
        return again.objective - plan.objective + plan.bonus * people

    for at, buddy in enumerate(buddies):
        rest = [*buddies[:at], *buddies[at + 1 :]]
        low, high = plan.price_ends.get(buddy.id, (0, 0))
        if buddy.capacity:
            assert worth([*rest, replace(buddy, capacity=buddy.capacity + 1)]) == low
            assert -worth([*rest, replace(buddy, capacity=buddy.capacity - 1)]) == high
    for entry in plan.shortage[::9]:
        lat, lon, province = middles()[entry.network]
        new = Buddy(
            id="new", lat=lat, lon=lon, province=province, availability=(entry.slot,), gender=entry.wish,
            languages=() if entry.language == "nl" else (entry.language,),
        )  # fmt: skip
        again = assign(newcomers, [*buddies, new], **options)
        assert again.objective - plan.objective == entry.value
        alone = {u.newcomer_id for u in plan.unmatched}
        permitted = reference.permitted(
            newcomers, [new], set(), Weights(), AS_OF, people=[*newcomers, *buddies]
        )
        assert len({n for n, _ in permitted} & alone) == entry.waiting


def test_progress_is_told():
    seen = []
    assign([AMAL], [LISE], as_of=TODAY, progress=lambda stage, done, total: seen.append(stage))
    assert seen[:3] == ["candidates", "solve", "price"]


def test_without_a_place_for_machine_code_it_is_compiled_for_the_process(monkeypatch):
    import numba

    asked = []

    def njit(**options):
        asked.append(options)
        if "cache" in options:
            raise RuntimeError("no locator available")
        return lambda function: function

    monkeypatch.setattr(numba, "njit", njit)
    scope = compiled._compile((scan,), ("beyond",))
    assert scope["beyond"](np.array([5, 3, 1]), 0, 3, 2) == 2
    assert asked == [{"cache": True, "nogil": True, "_nrt": False}, {"nogil": True, "_nrt": False}]


def test_warm_up_leaves_nothing_to_compile():
    warm_up()
    logging.getLogger("numba").setLevel(logging.WARNING)
    assert compiled.functions()["scan_rows"].signatures
    assert compiled.functions()["lower_prices"].signatures


def test_a_small_run_does_not_load_the_compiler():
    program = (
        "import sys; from matching import assign; from matching.population import AS_OF, generate;"
        "people = generate(40, 25); assert assign(*people, as_of=AS_OF).proved;"
        "print([name for name in ('numba', 'sklearn') if name in sys.modules])"
    )
    run = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert run.stdout == "[]\n"
