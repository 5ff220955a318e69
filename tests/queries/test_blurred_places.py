"""T20: what is shown of a distance never tells more than the municipality, which is shown anyway, however many accounts ask."""

from types import SimpleNamespace

from hypothesis import given
from hypothesis import strategies as st

from app.queries.wishes import NEAR_M, _card
from app.reference.gazetteer import distance_m, places

ALL = places()
SPLIT = sorted({one.municipality for one in ALL if sum(other.nis == one.nis for other in ALL) > 1})


def person(place):
    return SimpleNamespace(
        municipality=place.municipality, postcode=place.postcode, locality=place.locality,
        person=SimpleNamespace(first_name="Piet"),
    )  # fmt: skip


def shown(newcomer, buddy):
    """What the card of a buddy says about where that buddy lives."""
    explanation = {"distance_m": distance_m(newcomer, buddy), "common": {}}
    card = _card(
        SimpleNamespace(
            id=1, newcomer=person(newcomer), buddy=person(buddy), explanation=explanation, wish_rank=None
        )
    )
    return card.municipality, card.near


def exact(newcomer, buddy):
    """The weakened guard: near by the places themselves."""
    return buddy.municipality, distance_m(newcomer, buddy) <= NEAR_M


def told_apart(watchers, parts, look):
    return len({tuple(look(watcher, part) for watcher in watchers) for part in parts}) > 1


@given(st.sampled_from(SPLIT), st.lists(st.sampled_from(ALL), min_size=3, max_size=3))
def test_three_accounts_cannot_tell_the_parts_of_a_town_apart(town, watchers):
    assert not told_apart(watchers, [place for place in ALL if place.municipality == town], shown)


def test_with_the_places_themselves_they_could():
    """The negative control: the same measurement finds many towns whose parts are told apart."""
    watchers = ALL[:: len(ALL) // 3][:3]
    towns = {town: [place for place in ALL if place.municipality == town] for town in SPLIT}
    assert any(
        told_apart([near_by for near_by in parts if near_by] + list(watchers), parts, exact)
        for parts in towns.values()
    )
