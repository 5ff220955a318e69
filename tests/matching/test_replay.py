"""A replay counts what two settings do to the same people, hides small groups, and says what got worse."""

import json
from dataclasses import replace
from datetime import date, timedelta

import pytest

from matching import Buddy, Newcomer, Weights, assign, output
from matching.__main__ import main
from matching.comparison import comparison_json, comparison_text
from matching.population import AS_OF, generate
from matching.recordings import Recording, read_recordings, write_recording
from matching.replay import SMALL, Group, Moves, Tally, Worse, replay_runs, shown_groups
from matching.scoring import count_interests
from matching.settings import weights_toml
from matching.tables import TableError
from matching.weights import CriterionWeights

PLACE = {"lat": 51.05, "lon": 3.72, "province": "oost-vlaanderen"}
INTERESTS_ONLY = replace(Weights(version="i"), weights=CriterionWeights(1000, 0, 0, 0))
LANGUAGES_ONLY = replace(Weights(version="l"), weights=CriterionWeights(0, 0, 0, 1000))


def recording(newcomers, buddies, setting, name="one", **fields):
    idf = count_interests([*newcomers, *buddies])
    return Recording(
        name=name, newcomers=tuple(newcomers), buddies=tuple(buddies), weights=setting, as_of=AS_OF, idf=idf, **fields
    )  # fmt: skip


def a_newcomer(key, waited=10, **fields):
    return Newcomer(id=key, **PLACE, waiting_since=AS_OF - timedelta(waited), **fields)


@pytest.fixture
def triangle():
    """By interests amal gets lise and ivan koen; by languages only ivan is reached, by lise."""
    newcomers = [
        a_newcomer("amal", 100, languages=("ti",), interests=("chess",), dutch_level="a1"),
        a_newcomer("ivan", 20, languages=("fr",), interests=("cooking",)),
        a_newcomer("zoe", 0, languages=("so",), interests=("travel",)),
    ]
    buddies = [
        Buddy(id="lise", **PLACE, languages=("fr",), interests=("chess",)),
        Buddy(id="koen", **PLACE, languages=("fr",), interests=("cooking",)),
    ]
    return newcomers, buddies


def test_counts_by_hand(triangle):
    languages = replace(LANGUAGES_ONLY, rules=replace(LANGUAGES_ONLY.rules, min_score=700_000))
    found = replay_runs([recording(*triangle, INTERESTS_ONLY)], languages)
    assert found.total.current == Tally(3, 2, 2_000_000, 500_000 + 900_000, 120, 0)
    assert found.total.proposed == Tally(3, 1, found.total.proposed.fit_by_current, 900_000, 20, 100)
    assert found.total.moves.no_longer_reached == 1
    assert found.total.moves.left_by_both == 1
    assert found.total.moves.same_buddy + found.total.moves.other_buddy == 1
    assert found.current_versions == ("i",)
    figures = found.total.proposed.figures()
    assert figures["waited_left"] == 50
    assert figures["match_rate"] == pytest.approx(1 / 3)
    worse = {item.code: (item.current, item.proposed) for item in found.worse}
    assert worse["reached"] == (2, 1)
    assert worse["waited_reached"] == (60, 20)
    assert worse["waited_left"] == (0, 50)
    assert found.groups == ()
    assert found.hidden == {"province": 1, "language": 3, "wish": 1, "dutch_level": 2}
    assert "What got worse\n- reached: from 2 to 1\n" in comparison_text(found)


def test_equal_settings_change_nothing_and_small_groups_are_hidden(triangle):
    told = []
    runs = [recording(*triangle, INTERESTS_ONLY, found=1), recording(*triangle, INTERESTS_ONLY, "two")]
    found = replay_runs(runs, INTERESTS_ONLY, progress=lambda *stage: told.append(stage))
    assert told == [("replay", at, 4) for at in (1, 2, 3, 4)]
    assert found.total.moves == Moves(same_buddy=4, left_by_both=2)
    assert [run.as_recorded for run in found.runs] == [False, None]
    assert found.worse == ()
    text = comparison_text(found)
    assert "do not come to what was recorded in: one" in text
    assert text.endswith("Nothing got worse by these figures.\n")
    assert "zoe" not in text + comparison_json(found)


def test_nobody_at_all():
    found = replay_runs([], Weights())
    assert found.total.current.figures()["match_rate"] is None
    assert "match rate, %" in comparison_text(found)
    assert json.loads(comparison_json(found))["total"]["current"]["fit_by_current"] is None


def group(dimension, value, waiting, current=0, proposed=0):
    return Group(dimension, value, waiting, current, proposed)


def test_hidden_groups_cannot_be_computed_from_the_others():
    groups = [
        group("province", "a", 20), group("province", "b", 6), group("province", "c", 4),
        group("language", "ar", 7), group("language", "ti", 4),
        group("wish", "", 30), group("wish", "f", 2), group("wish", "m", 2),
        group("dutch_level", "a1", SMALL),
    ]  # fmt: skip
    shown, hidden = shown_groups(groups)
    assert [(item.dimension, item.value) for item in shown] == [
        ("province", "a"), ("language", "ar"), ("dutch_level", "a1")
    ]  # fmt: skip
    assert hidden == {"province": 2, "language": 1, "wish": 3, "dutch_level": 0}


def test_a_group_that_loses_clearly_is_named():
    newcomers = [
        a_newcomer(f"a{at}", languages=("ti",), interests=("chess",), dutch_level="a1") for at in range(6)
    ]
    newcomers += [a_newcomer(f"b{at}", languages=("fr",), interests=("cooking",)) for at in range(6)]
    buddies = [Buddy(id="c", **PLACE, languages=("fr",), interests=("chess",), capacity=6)]
    found = replay_runs([recording(newcomers, buddies, INTERESTS_ONLY)], LANGUAGES_ONLY)
    worse = [item for item in found.worse if item.group and item.group.value == "ti"]
    assert worse == [Worse("group", 1.0, 0.0, Group("language", "ti", 6, 6, 0))]
    assert "- match rate of language ti, %: from 100.0 to 0.0" in comparison_text(found)
    entry = next(item for item in json.loads(comparison_json(found))["worse"] if item.get("value") == "ti")
    assert entry == {"code": "group", "current": 1.0, "proposed": 0.0, "dimension": "language", "value": "ti"}


def recorded(folder, setting=None, seed=1, objective="best"):
    """A folder as `assign` leaves it."""
    folder.mkdir(parents=True)
    newcomers, buddies = generate(50, 20, seed=seed)
    (folder / "newcomers.csv").write_text(output.newcomers_csv(newcomers), encoding="utf-8")
    (folder / "buddies.csv").write_text(output.buddies_csv(buddies), encoding="utf-8")
    (folder / "past.csv").write_text("newcomer_id,buddy_id\nN0000001,B0000001\n", encoding="utf-8")
    if setting:
        (folder / "weights.toml").write_text(weights_toml(setting), encoding="utf-8")
    tables = ["--newcomers", str(folder / "newcomers.csv"), "--buddies", str(folder / "buddies.csv"), "--past",
              str(folder / "past.csv"), "--as-of", "2026-11-21"]  # fmt: skip
    tables += ["--weights", str(folder / "weights.toml")] if setting else []
    out = [
        "--out",
        str(folder / "pairs.csv"),
        "--report",
        str(folder / "report.json"),
        "--objective",
        objective,
    ]
    assert main(["assign", *tables, *out]) == 0


@pytest.fixture
def runs(tmp_path):
    recorded(tmp_path / "runs" / "b", INTERESTS_ONLY, seed=2, objective="most-people")
    recorded(tmp_path / "runs" / "a")
    (tmp_path / "proposed.toml").write_text(weights_toml(LANGUAGES_ONLY), encoding="utf-8")
    return tmp_path / "runs"


def test_recorded_runs_are_found_again(runs):
    found = read_recordings(runs)
    assert [(item.name, item.weights.version, item.objective) for item in found] == [
        ("a", "2026-1", "best"), ("b", "i", "most-people")
    ]  # fmt: skip
    assert {item.as_of for item in found} == {date(2026, 11, 21)}
    assert found[0].past == (("N0000001", "B0000001"),)
    assert [run.as_recorded for run in replay_runs(found, LANGUAGES_ONLY).runs] == [True, True]
    assert read_recordings(runs / "b") == found[1:]
    other = read_recordings(runs, LANGUAGES_ONLY)
    assert [(item.weights, item.found) for item in other] == [(LANGUAGES_ONLY, None)] * 2
    plan = assign(found[0].newcomers, found[0].buddies, past=found[0].past, as_of=found[0].as_of)
    assert plan.idf == found[0].idf


def test_a_recording_is_written_as_it_is_read(runs, tmp_path):
    for found in read_recordings(runs):
        folder = tmp_path / "again" / found.name
        folder.mkdir(parents=True)
        write_recording(found, folder)
        (again,) = read_recordings(folder)
        rounded = [
            replace(person, lat=round(person.lat, 2), lon=round(person.lon, 2))
            for person in (*found.newcomers, *found.buddies)
        ]
        assert [*again.newcomers, *again.buddies] == rounded
        assert replace(again, newcomers=found.newcomers, buddies=found.buddies) == found
    nobody = replace(found, newcomers=(), buddies=(), found=None)
    write_recording(nobody, folder)
    assert read_recordings(folder)[0] == nobody


def test_command(runs, tmp_path, capsys):
    out = tmp_path / "comparison.json"
    words = ["replay", "--runs", str(runs), "--weights", str(tmp_path / "proposed.toml"), "--out", str(out)]
    assert main(words) == 0
    shown = capsys.readouterr().out
    assert shown.startswith("2 recorded runs: 2026-1, i beside l\n")
    data = json.loads(out.read_text(encoding="utf-8"))
    assert [run["name"] for run in data["runs"]] == ["a", "b"]
    assert data["total"]["current"]["newcomers"] == sum(data["total"]["moves"].values()) == 100
    assert all(entry["waiting"] >= SMALL for entry in data["groups"])
    for dimension in ("province", "wish", "dutch_level"):
        listed = [entry for entry in data["groups"] if entry["dimension"] == dimension]
        hidden = data["hidden_groups"][dimension]
        assert hidden or sum(entry["waiting"] for entry in listed) == 100
        assert hidden != 1
    assert main([*words, "--current", str(tmp_path / "proposed.toml")]) == 0
    assert capsys.readouterr().out.startswith("2 recorded runs: l beside l\n")


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("report.json", "{\n,", "line 2: expected the JSON of a report"),
        ("report.json", "[]", "expected the JSON of a report"),
        ("report.json", "[" * 100_000, "expected the JSON of a report ("),
        ("report.json", '{"as_of": "20 November"}', "column as_of: expected an ISO date"),
        ("report.json", '{"as_of": 20}', "column as_of: expected an ISO date"),
        ("report.json", '{"as_of": "2026-02-30"}', "column as_of: expected an ISO date"),
        ("report.json", '{"bonus": true}', "column bonus: expected a whole number, found True"),
        ("report.json", '{"as_of": "2026-11-21"}', "column idf"),
        ("weights.toml", 'version = "other"', "column version: expected the setting '2026-1' of the report"),
        ("weights.toml", "version = 3", "line 1, column version"),
        ("newcomers.csv", "id,postcode\nn,1\n", "line 2, column postcode"),
        ("past.csv", "newcomer_id\n", "line 1, column buddy_id"),
    ],
)
def test_refused_recordings(runs, tmp_path, name, text, words, capsys):
    (runs / "a" / name).write_text(text, encoding="utf-8")
    out = tmp_path / "comparison.json"
    given = ["replay", "--runs", str(runs), "--weights", str(tmp_path / "proposed.toml"), "--out", str(out)]
    assert main(given) == 2
    error = capsys.readouterr().err
    assert str(runs / "a" / name) in error
    assert words in error
    assert not out.exists()


@pytest.mark.parametrize("name", ["absent", "empty", "report.json"])
def test_no_recordings(tmp_path, name):
    (tmp_path / "empty").mkdir()
    (tmp_path / "report.json").write_text("{}", encoding="utf-8")
    with pytest.raises(TableError, match=r"a folder with newcomers\.csv, buddies\.csv, report\.json"):
        read_recordings(tmp_path / name)


def test_learning_command(tmp_path, capsys):
    wishes, people = tmp_path / "wishes.toml", tmp_path / "people"
    wishes.write_text(
        'version = "w"\n[weights]\ninterests = 0\navailability = 0\nplace = 0\nlanguages = 1000\n[rules]\nmin_score = 0\n',
        encoding="utf-8",
    )
    made = [
        "generate",
        "--newcomers",
        "150",
        "--buddies",
        "200",
        "--out",
        str(people),
        "--decide-by",
        str(wishes),
    ]
    assert main(made) == 0
    words = ["learn", "--outcomes", str(people / "outcomes.csv"), "--evidence", str(tmp_path / "evidence.json"),
             "--out", str(tmp_path / "proposed.toml")]  # fmt: skip
    assert main([*words, "--version", "2026-2"]) == 0
    assert "Proposed as 2026-2." in capsys.readouterr().out
    assert 'version = "2026-2"' in (tmp_path / "proposed.toml").read_text(encoding="utf-8")
    assert json.loads((tmp_path / "evidence.json").read_text(encoding="utf-8"))["verdict"] == "proposed"
    (tmp_path / "proposed.toml").unlink()
    assert main([*words, "--current", str(wishes)]) == 0
    assert "No proposal. The current weights foretell" in capsys.readouterr().out
    assert not (tmp_path / "proposed.toml").exists()


def test_a_version_has_letters(tmp_path, capsys):
    with pytest.raises(SystemExit):
        main(["learn", "--outcomes", "o", "--out", "w", "--evidence", "e", "--version", " "])
    assert "expected a non-empty text" in capsys.readouterr().err
