"""The gazetteer holds the facts its tables were checked for, and never guesses between namesakes."""

import sys
import time
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.reference import gazetteer
from app.reference.gazetteer import Ambiguous, Found, Unknown, find, place, resolve
from app.reference.provinces import PROVINCES


def test_counts_of_the_tables():
    assert len(gazetteer.municipalities()) == 304
    assert len(gazetteer.places()) == 1209
    assert len({p.postcode for p in gazetteer.places()}) == 543


def test_municipalities_per_province():
    assert Counter(town.province for town in gazetteer.municipalities()) == {
        "antwerpen": 67,
        "brussel": 19,
        "limburg": 38,
        "oost-vlaanderen": 55,
        "vlaams-brabant": 63,
        "west-vlaanderen": 62,
    }


def test_provinces_have_the_published_names_in_the_published_order():
    assert list(PROVINCES.values()) == [
        "Antwerpen",
        "Brussels Hoofdstedelijk Gewest",
        "Limburg",
        "Oost-Vlaanderen",
        "Vlaams-Brabant",
        "West-Vlaanderen",
    ]
    assert {p.province for p in gazetteer.places()} == set(PROVINCES)


def test_every_municipality_has_a_place_and_every_point_lies_in_the_country():
    assert {p.nis for p in gazetteer.places()} == {town.nis for town in gazetteer.municipalities()}
    for somewhere in (*gazetteer.places(), *gazetteer.municipalities()):
        assert 50.68 <= somewhere.lat <= 51.51
        assert 2.54 <= somewhere.lon <= 5.92


def test_thirty_names_lie_in_several_municipalities_and_all_come_back():
    towns: dict[str, set[str]] = {}
    for somewhere in gazetteer.places():
        towns.setdefault(somewhere.locality, set()).add(somewhere.nis)
    ambiguous = {name: nis for name, nis in towns.items() if len(nis) > 1}
    assert len(ambiguous) == 30
    for name, nis in ambiguous.items():
        answer = resolve(name)
        assert isinstance(answer, Ambiguous), name
        assert {p.nis for p in answer.options} == nis


def test_names_stay_apart_after_folding():
    names = {p.locality for p in gazetteer.places()}
    assert len({gazetteer.name_key(name) for name in names}) == len(names)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("9000", "9000 Gent"),
        (" B-9000 ", "9000 Gent"),
        ("BE-9000 Gand", "9000 Gent"),
        ("B9000", "9000 Gent"),
        ("9000 Gent", "9000 Gent"),
        ("Gent 9000", "9000 Gent"),
        ("9000 een wijk die niemand kent", "9000 Gent"),
        ("۹۰۰۰", "9000 Gent"),
        ("٩٠٠٠", "9000 Gent"),
        ("GENT", "9000 Gent"),
        ("st. niklaas", "9100 Sint-Niklaas"),
        ("Sint Niklaas", "9100 Sint-Niklaas"),
        ("saint-nicolas", "9100 Sint-Niklaas"),
        ("s gravenwezel", "2970 's-Gravenwezel (Schilde)"),
        ("’s-Gravenwezel", "2970 's-Gravenwezel (Schilde)"),
        ("O.L.V.-Waver", "2861 Onze-Lieve-Vrouw-Waver (Sint-Katelijne-Waver)"),
        ("Bruxelles", "1000 Brussel"),
        ("bruxelles-ville", "1000 Brussel"),
        ("Anvers", "2000 Antwerpen"),
        ("Gand", "9000 Gent"),
        ("Malines", "2800 Mechelen"),
        ("Laeken", "1020 Laken (Brussel)"),
        ("Tongres", "3700 Tongeren (Tongeren-Borgloon)"),
        ("Looz", "3840 Borgloon (Tongeren-Borgloon)"),
        ("Saint-Gilles", "1060 Sint-Gillis"),
        ("Woluwé-St-Lambert", "1200 Sint-Lambrechts-Woluwe"),
        ("Rhode-Saint-Genese", "1640 Sint-Genesius-Rode"),
        ("بروكسل", "1000 Brussel"),
        ("Антверпен", "2000 Antwerpen"),
        ("2140 Antwerpen", "2140 Borgerhout (Antwerpen)"),
        ("1040 Etterbeek", "1040 Etterbeek"),
        ("1130 Haren", "1130 Haren (Brussel)"),
    ],
)
def test_finds_what_people_type(typed, expected):
    answer = resolve(typed)
    assert isinstance(answer, Found)
    assert answer.place.name == expected


@pytest.mark.parametrize(
    ("merged", "main", "localities"),
    [
        ("Pelt", "Overpelt", 3),
        ("Tongeren-Borgloon", "Tongeren", 34),
        ("Beveren-Kruibeke-Zwijndrecht", "Beveren", 15),
        ("nazareth de pinte", "Nazareth", 4),
        ("Tongres-Looz", "Tongeren", 34),
    ],
)
def test_merged_municipality_that_no_locality_is_named_after(merged, main, localities):
    answer = resolve(merged)
    assert isinstance(answer, Found)
    assert answer.place.locality == main
    assert len(answer.choices) == localities


def test_every_municipality_is_found_by_both_its_names():
    for town in gazetteer.municipalities():
        for name in filter(None, (town.name, town.name_fr)):
            assert town.nis in {p.nis for p in find(name)}, name


def test_postcode_with_several_localities_gives_them_for_choice():
    answer = resolve("2040")
    assert isinstance(answer, Found)
    assert [p.locality for p in answer.choices] == ["Antwerpen", "Berendrecht", "Lillo", "Zandvliet"]
    assert gazetteer.one_municipality(answer.choices)


@pytest.mark.parametrize("postcode", ["1040", "1050", "1804"])
def test_postcode_of_two_municipalities_is_asked_back(postcode):
    answer = resolve(postcode)
    assert isinstance(answer, Ambiguous)
    assert len({p.nis for p in answer.options}) == 2
    assert not gazetteer.one_municipality(answer.options)


def test_only_those_three_postcodes_lie_in_two_municipalities():
    postcodes = {p.postcode for p in gazetteer.places()}
    assert {c for c in postcodes if isinstance(resolve(c), Ambiguous)} == {"1040", "1050", "1804"}


def test_short_name_that_fits_several_towns_is_asked_back():
    assert isinstance(resolve("Woluwe"), Ambiguous)
    assert isinstance(resolve("Heist"), Ambiguous)


def test_name_that_contradicts_the_postcode_is_not_guessed():
    answer = resolve("9000 Antwerpen")
    assert isinstance(answer, Unknown)
    assert [p.name for p in answer.suggestions] == ["9000 Gent", "2000 Antwerpen"]


def test_near_misses_are_offered():
    answer = resolve("Antwerpne")
    assert isinstance(answer, Unknown)
    assert [p.name for p in answer.suggestions] == ["2000 Antwerpen"]
    near = resolve("9001")
    assert isinstance(near, Unknown)
    assert near.suggestions[0].name == "9000 Gent"
    assert not near.outside


@pytest.mark.parametrize("postcode", ["4000", "1300", "7000 Mons", "5000 Namur"])
def test_postcode_of_another_part_of_the_country_is_said_to_be_so(postcode):
    answer = resolve(postcode)
    assert isinstance(answer, Unknown)
    assert answer.outside


@pytest.mark.parametrize("nothing", ["", "   ", "-", "'", "90000", "900", "\x00", "x" * 100_000, "9" * 5_000])
def test_nothing_is_found_for_what_is_no_place(nothing):
    assert find(nothing) == ()
    assert isinstance(resolve(nothing), Unknown)


@given(st.text(max_size=200))
def test_never_raises(text):
    assert isinstance(find(text), tuple)
    assert isinstance(resolve(text), Found | Ambiguous | Unknown)


@given(st.sampled_from(gazetteer.places()), st.sampled_from(["", "B-", " be "]), st.booleans())
def test_every_place_is_found_by_postcode_and_name(somewhere, before, shouted):
    typed = f"{before}{somewhere.postcode} {somewhere.locality}"
    assert somewhere in find(typed.upper() if shouted else typed)
    assert place(somewhere.postcode, somewhere.locality, somewhere.nis) == somewhere


def test_the_name_of_a_place_leads_back_to_it_alone():
    for somewhere in gazetteer.places():
        assert find(somewhere.name) == (somewhere,)


def test_postcode_and_locality_are_unique_but_for_one_business_zone():
    twice = Counter((p.postcode, p.locality) for p in gazetteer.places())
    assert {key for key, n in twice.items() if n > 1} == {("1804", "Cargovil")}
    assert place("1804", "Cargovil").municipality == "Vilvoorde"
    assert place("1804", "Cargovil", "23096").municipality == "Zemst"


def test_place_without_locality_is_the_first_of_the_postcode():
    assert place("1040").municipality == "Etterbeek"
    assert place("2387").network == "kempen"


@pytest.mark.parametrize(("postcode", "locality"), [("9999", ""), ("9000", "Antwerpen"), ("", "")])
def test_place_that_does_not_exist_is_a_lookup_error(postcode, locality):
    with pytest.raises(LookupError):
        place(postcode, locality)


def test_distance_is_whole_metres_both_ways():
    ghent, antwerp = place("9000"), place("2000")
    assert gazetteer.distance_m(ghent, antwerp) == gazetteer.distance_m(antwerp, ghent) == 51_326
    assert gazetteer.distance_m(ghent, ghent) == 0


@pytest.fixture
def untraced():
    """Measure the code itself also while its coverage is recorded."""
    tracer = sys.gettrace()
    sys.settrace(None)
    yield
    sys.settrace(tracer)


@pytest.mark.usefixtures("untraced")
def test_loads_fast():
    seconds = []
    for _ in range(5):
        for table in (gazetteer.municipalities, gazetteer.places, gazetteer._by_postcode):
            table.cache_clear()
        for index in (gazetteer._by_municipality, gazetteer._by_name, gazetteer._by_full_name):
            index.cache_clear()
        start = time.process_time()
        assert find("Gent")
        seconds.append(time.process_time() - start)
    assert min(seconds) < 0.05
