"""The 18 networks have the members, facts and neighbours that the public tables give them."""

import pytest

from app.reference.networks import members, middle, nearest_networks, neighbours, network, networks
from app.reference.provinces import PROVINCES

SIZES = {
    "antwerpen-stad": 1,
    "brussel": 19,
    "denderregio": 14,
    "gent-stad": 1,
    "halle-vilvoorde": 31,
    "kempen": 27,
    "limburg": 38,
    "midwest": 15,
    "oost-brabant": 32,
    "regio-antwerpen": 27,
    "regio-brugge": 10,
    "regio-gent": 19,
    "regio-oostende": 7,
    "rivierenland": 12,
    "vlaamse-ardennen": 14,
    "waasland": 7,
    "westhoek": 17,
    "zuid-west-vlaanderen": 13,
}


def test_eighteen_networks_with_their_members():
    assert {n.slug: len(members(n.slug)) for n in networks()} == SIZES
    assert sum(SIZES.values()) == 304


def test_the_cities_are_networks_of_their_own():
    assert [town.name for town in members("antwerpen-stad")] == ["Antwerpen"]
    assert [town.name for town in members("gent-stad")] == ["Gent"]
    assert {town.province for town in members("brussel")} == {"brussel"}


def test_facts_of_a_network():
    assert network("zuid-west-vlaanderen").own_name == "OPEN-netwerk"
    assert network("kempen").lead == "Welzijnszorg Kempen"
    codes = {n.code for n in networks() if n.code}
    assert codes == {f"REFREG{number:02}" for number in range(1, 16)}


def test_each_network_lies_in_the_provinces_it_names():
    for n in networks():
        assert set(n.provinces) == {town.province for town in members(n.slug)} <= set(PROVINCES)


def test_middle_is_the_mean_of_the_localities():
    lat, lon = middle("limburg")
    assert lat == pytest.approx(50.93, abs=0.05)
    assert lon == pytest.approx(5.40, abs=0.05)


def test_neighbours_are_mutual_and_nearest_first():
    for n in networks():
        assert neighbours(n.slug)
        assert all(n.slug in neighbours(other) for other in neighbours(n.slug))
        gaps = [gap for _, gap in nearest_networks(n.slug)]
        assert gaps == sorted(gaps)
        assert len(gaps) == 17
    assert neighbours("gent-stad") == ("regio-gent",)
    assert set(neighbours("antwerpen-stad")) == {"waasland", "regio-antwerpen"}
    assert "limburg" not in neighbours("westhoek")


def test_unknown_network_is_a_lookup_error():
    with pytest.raises(LookupError):
        network("atlantis")
    with pytest.raises(LookupError):
        members("atlantis")
