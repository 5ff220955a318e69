"""Tables are read as written, or refused with file, line, column and what was expected."""

from datetime import date

import pytest

from matching.settings import read_idf, read_weights
from matching.tables import TableError, read_buddies, read_decided, read_newcomers, read_past
from matching.types import Buddy, Idf, Newcomer
from matching.weights import Weights

TODAY = date(2026, 11, 20)


@pytest.fixture
def file(tmp_path):
    def write(content, name="table.csv"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write


def refused(function, *arguments):
    with pytest.raises(TableError) as caught:
        function(*arguments)
    return caught.value.line, caught.value.column, str(caught.value)


def test_newcomer_with_everything(file):
    path = file(
        "\ufeffid,postcode,locality,languages,dutch_level,interests,availability,max_km,gender,buddy_gender,"
        "waiting_since,owes_trajectory,contract_end\r\n"
        ' n1 ,9000,,ar; fr;,a2,swimming;cooking,"sat-morning;wed-evening",10,f,f,2026-08-22,1,2027-01-19\r\n\r\n'
    )
    assert read_newcomers(path, TODAY) == (
        Newcomer(
            id="n1", lat=51.05, lon=3.7167, province="oost-vlaanderen", languages=("ar", "fr"), dutch_level="a2",
            interests=("swimming", "cooking"), availability=("sat-morning", "wed-evening"), max_km=10, gender="f",
            buddy_gender="f", waiting_since=date(2026, 8, 22), owes_trajectory=True, contract_end=date(2027, 1, 19),
        ),
    )  # fmt: skip


def test_empty_cells_and_missing_columns(file):
    path = file("province,lon,lat,id\nlimburg,5.338,50.9312,b1\n")
    assert read_buddies(path) == (Buddy(id="b1", lat=50.93, lon=5.34, province="limburg"),)
    newcomers = read_newcomers(file("id,postcode\nn,3500\n"), TODAY)
    assert newcomers[0].dutch_level == "none"
    assert newcomers[0].max_km is None
    assert read_buddies(file("id,postcode,capacity\n b,3500,0\n"))[0].capacity == 0


def test_locality_leads_to_its_own_point(file):
    people = read_buddies(file("id,postcode,locality\na,2040,\nb,2040,zandvliet\n"))
    assert people[0].lat != people[1].lat


def test_header_without_rows_is_valid(file):
    assert read_newcomers(file("id,postcode\n"), TODAY) == ()
    assert read_past(file("newcomer_id,buddy_id\n")) == ()


@pytest.mark.parametrize(
    ("content", "line", "column", "words"),
    [
        ("", 1, None, "a header with id"),
        ("\n\nid,postcod\n", 3, "postcod", "a known column"),
        ("id,,postcode\n", 1, "2", "a known column"),
        ("id,id\n", 1, "id", "each column once"),
        ("postcode\n9000\n", 1, "id", "a column id"),
        ("id,postcode\nn,9000,x\n", 2, "3", "2 cells"),
        ("id,postcode\nn\n", 2, "postcode", "2 cells"),
        ("id,postcode\n,9000\n", 2, "id", "a non-empty text"),
        ("id,postcode\nn,9000\nm,9000\nn,9000\n", 4, "id", "line 2 has it"),
        ("id,postcode\nn,123\n", 2, "postcode", "a postcode of Flanders"),
        ("id,postcode,locality\nn,9000,Aalst\n", 2, "locality", "one of Gent"),
        ("id,locality\nn,Gent\n", 2, "postcode", "the postcode of the locality"),
        ("id\nn\n", 2, "province", "a postcode, or lat, lon"),
        ("id,postcode,lat\nn,9000,51\n", 2, "lat", "nothing beside a postcode"),
        ("id,lat,lon,province\nn,x,4,limburg\n", 2, "lat", "degrees"),
        ("id,lat,lon,province\nn,51,nan,limburg\n", 2, "lon", "degrees"),
        ("id,lat,lon,province\nn,51,4,utrecht\n", 2, "province", "antwerpen"),
        ("id,postcode,languages\nn,9000,nl;ar\n", 2, "languages", "other than nl"),
        ("id,postcode,languages\nn,9000,arabic\n", 2, "languages", "language tags"),
        ("id,postcode,languages\nn,9000,ar;ar\n", 2, "languages", "each language once"),
        ("id,postcode,interests\nn,9000,polo\n", 2, "interests", "list of 40"),
        ("id,postcode,interests\nn,9000,chess;chess\n", 2, "interests", "each interest once"),
        ("id,postcode,availability\nn,9000,sat-night\n", 2, "availability", "mon-morning to sun-evening"),
        ("id,postcode,availability\nn,9000,sat-morning;sat-morning\n", 2, "availability", "each slot once"),
        ("id,postcode,dutch_level\nn,9000,c1\n", 2, "dutch_level", "one of none, a1"),
        ("id,postcode,max_km\nn,9000,2.5\n", 2, "max_km", "a whole number from 0"),
        ("id,postcode,max_km\nn,9000,-1\n", 2, "max_km", "found '-1'"),
        ("id,postcode,max_km\nn,9000,99999\n", 2, "max_km", "to 1000"),
        ("id,postcode,gender\nn,9000,F\n", 2, "gender", "one of f, m, x"),
        ("id,postcode,buddy_gender\nn,9000,x\n", 2, "buddy_gender", "one of f, m"),
        ("id,postcode,waiting_since\nn,9000,2026-11-21\n", 2, "waiting_since", "up to 2026-11-20"),
        ("id,postcode,waiting_since\nn,9000,20261101\n", 2, "waiting_since", "an ISO date"),
        ("id,postcode,contract_end\nn,9000,2026-02-30\n", 2, "contract_end", "an ISO date"),
        ("id,postcode,owes_trajectory\nn,9000,yes\n", 2, "owes_trajectory", "one of 1, 0"),
        ('id,postcode\n"n\n1",9000\nm,1\n', 4, "postcode", "a postcode"),
        ('id,postcode\n"n"x,9000\n', 2, None, "comma-separated values"),
        ("id,postcode\nn\0,9000\n", 2, "id", "none of them NUL"),
        ("id,postcode\nn" + "x" * 20_000 + ",9000\n", 2, "id", "at most 10000"),
        (b"id,postcode\nn,9000\n\xe9,9000\n", 3, None, "text in UTF-8"),
    ],
)
def test_refused_newcomers(file, content, line, column, words):
    path = file(content)
    found = refused(read_newcomers, path, TODAY)
    assert found[:2] == (line, column)
    assert found[2].startswith(str(path))
    assert words in found[2]


def test_refused_buddies_and_past(file):
    assert refused(read_buddies, file("id,postcode,capacity\nb,9000,many\n"))[:2] == (2, "capacity")
    assert refused(read_buddies, file("id,postcode,dutch_level\n"))[:2] == (1, "dutch_level")
    assert refused(read_past, file("newcomer_id,buddy_id\nn,\n"))[:2] == (2, "buddy_id")
    assert "that can be read" in refused(read_past, file("x").with_name("absent.csv"))[2]


def test_weights(file):
    text = 'version = "x"\n[weights]\nplace = 100\n[rules]\nshared_language = false\n'
    weights = read_weights(file(text, "weights.toml"))
    assert weights.weights.place == 100
    assert weights.rules.shared_language is False
    assert Weights.from_mapping(weights.as_mapping()) == weights


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ("version = 3", 1, "version"),
        ('version = "a"\nversion', 2, None),
        ("version = a\n[weights]", 1, None),
        ("[weights]\nluck = 3\n", 2, "weights.luck"),
        ("luck = 3\n", 1, "luck"),
        ("weights = 3\n", 1, "weights"),
        ("[weights]\nplace = 1.5\n", 2, "weights.place"),
        ("[weights]\nplace = true\n", 2, "weights.place"),
        ("[weights]\nplace = -1\n", 2, "weights.place"),
        ("[weights]\nplace = 0\ninterests = 0\navailability = 0\nlanguages = 0\n", 1, "weights"),
        ("[neutral]\ninterests = 2000000\n", 2, "neutral.interests"),
        ("\n[rules]\nmin_dutch = 'none'\n", 3, "rules.min_dutch"),
        ("[rules]\nshared_language = 1\n", 2, "rules.shared_language"),
        ("[turn]\nhalf_days = 0\n", 2, "turn.half_days"),
    ],
)
def test_refused_weights(file, text, line, column):
    assert refused(read_weights, file(text, "weights.toml"))[:2] == (line, column)


def test_idf_of_a_report(file):
    path = file('{"idf": {"people": 3, "named": {"chess": 2}}, "matched": 0}', "report.json")
    assert read_idf(path) == Idf(3, {"chess": 2})


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ("{\n oops", 2, None),
        ("[]", None, "idf"),
        ('{"idf": {"people": 3}}', None, "idf"),
        ('{"idf": {"people": -3, "named": {}}}', None, "idf.people"),
        ('{"idf": {"people": 3, "named": {"polo": 1}}}', None, "idf.named.polo"),
        ('{"idf": {"people": 3, "named": {"chess": 4}}}', None, "idf.named.chess"),
    ],
)
def test_refused_idf(file, text, line, column):
    assert refused(read_idf, file(text, "report.json"))[:2] == (line, column)


def test_decisions(file):
    path = file("newcomer_id,buddy_id,decision\nn,b,fixed\nn,c,refused\n")
    assert read_decided(path) == {("n", "b"): ("fixed", 2), ("n", "c"): ("refused", 3)}


@pytest.mark.parametrize(
    ("rows", "line", "column"),
    [
        ("n,b,maybe\n", 2, "decision"),
        (",b,fixed\n", 2, "newcomer_id"),
        ("n,b,fixed\nn,b,refused\n", 3, "buddy_id"),
    ],
)
def test_refused_decisions(file, rows, line, column):
    assert refused(read_decided, file("newcomer_id,buddy_id,decision\n" + rows))[:2] == (line, column)
