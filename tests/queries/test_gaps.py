"""What newcomers want and cannot join, in counts from which nobody finds out about fewer than five people."""

from collections import defaultdict
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.queries.disclosure import LEAST, in_fives, whole_in_fives
from app.queries.gaps import gaps_of
from app.vocabulary import DutchLevel, NewcomerState, OfferKind
from app.vocabulary.care import Lack
from tests import factories

HERE = {"postcode": "2500", "locality": "Lier", "municipality": "Lier"}


def gap(found, lack, tag):
    return next(one for one in found.gaps if (one.lack, one.tag) == (lack, tag))


def crowd(many, **values):
    for _number in range(many):
        factories.newcomer(**values)


@pytest.mark.parametrize("sizes", [(10, 10), (10, 10, 10), (10,) * 4, (10,) * 5])
def test_r52_no_small_part_can_be_worked_out_by_who_knows_how_the_numbers_are_made(sizes):
    """Every way in which the parts can be: for whoever sees the same numbers, each hidden part can be several."""
    seen = defaultdict(list)
    for parts in product(*(range(size) for size in sizes)):
        seen[tuple(map(in_fives, parts)), whole_in_fives(parts)].append(parts)
    for (shown, _whole), ways in seen.items():
        for at, number in enumerate(shown):
            assert number or len({way[at] for way in ways}) > 1


def test_the_plain_sum_would_give_small_parts_away():
    """The control: five parts of four make twenty, and nothing else does."""
    assert in_fives(20) == 20
    assert whole_in_fives([4] * 5) == 15


@given(st.lists(st.integers(0, 60), min_size=2, max_size=30))
def test_what_is_shown_is_never_more_than_there_is(parts):
    whole = whole_in_fives(parts)
    assert whole % LEAST == 0
    assert 0 <= whole <= sum(parts) < whole + 2 * LEAST


def test_what_five_people_want_and_nobody_offers_is_missing(site):
    crowd(5, interests=["chess"], availability=["mon-evening"])
    crowd(4, interests=["singing"], availability=[])
    factories.offer(interests=["cooking"], slot="tue-morning")
    found = gaps_of("rivierenland")
    chess, singing = gap(found, Lack.INTEREST, "chess"), gap(found, Lack.INTEREST, "singing")
    assert (chess.wanted, chess.offered, chess.missing) == (5, 0, True)
    assert (singing.wanted, singing.missing) == (0, False)
    assert gap(found, Lack.MOMENT, "mon-evening").missing
    assert gap(found, Lack.KIND, OfferKind.SPORT).missing
    assert not gap(found, Lack.KIND, OfferKind.CONVERSATION_GROUP).missing
    assert found.gaps[0].missing


def test_somebody_who_speaks_more_dutch_than_needed_can_come_too(site):
    crowd(5, dutch_level=DutchLevel.NONE)
    crowd(5, dutch_level=DutchLevel.B1)
    factories.offer(dutch_level="a2")
    found = gaps_of("rivierenland")
    assert gap(found, Lack.LEVEL, "none").missing
    assert not gap(found, Lack.LEVEL, "b1").missing


def test_each_municipality_is_looked_at_by_itself(site):
    crowd(6, interests=["chess"], **HERE)
    crowd(5, interests=["chess"])
    factories.offer(interests=["chess"])
    assert not gap(gaps_of("rivierenland"), Lack.INTEREST, "chess").missing
    assert gap(gaps_of("rivierenland", "Lier"), Lack.INTEREST, "chess").missing
    towns = {town.name: town for town in gaps_of("rivierenland").towns}
    assert (towns["Lier"].newcomers, towns["Lier"].activities) == (5, 0)
    assert "chess" in [one.tag for one in towns["Lier"].missing]


def test_who_left_wants_nothing_and_what_is_full_is_not_there(site):
    crowd(5, interests=["chess"], state=NewcomerState.LEFT)
    crowd(5, interests=["singing"])
    factories.offer(interests=["singing"], places=1, places_taken=1)
    found = gaps_of("rivierenland")
    assert gap(found, Lack.INTEREST, "chess").wanted == 0
    assert gap(found, Lack.INTEREST, "singing").missing
    assert found.activities == 0
