"""The command writes what is published, refuses with status 2 and writes nothing then."""

import csv
import io
import json
import runpy
import sys

import pytest

from matching import __main__ as command
from matching.__main__ import main

DAY = ["--as-of", "2026-11-20"]


@pytest.fixture
def tables(tmp_path):
    assert (
        main(["generate", "--newcomers", "60", "--buddies", "20", "--seed", "5", "--out", str(tmp_path)]) == 0
    )
    return ["--newcomers", str(tmp_path / "newcomers.csv"), "--buddies", str(tmp_path / "buddies.csv"), *DAY]


def rows(path):
    return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"))))


def run_assign(tables, folder, *more):
    folder.mkdir(exist_ok=True)
    files = [folder / name for name in ("pairs.csv", "report.json", "prices.csv")]
    names = [
        word
        for flag, file in zip(("--out", "--report", "--prices"), files, strict=True)
        for word in (flag, str(file))
    ]
    assert main(["assign", *tables, *names, *more]) == 0
    return files


@pytest.mark.parametrize("objective", ["best", "most-people"])
def test_assign(tables, tmp_path, objective):
    pairs, report, prices = run_assign(tables, tmp_path / "one", "--count", "--objective", objective)
    found = json.loads(report.read_text(encoding="utf-8"))
    assert list(found) == sorted(found)
    assert set(found) == {
        "as_of", "bonus", "bound", "buddies", "idf", "ignored_past", "matched", "newcomers", "objective",
        "permitted_pairs", "places", "price_ends", "proved", "seconds", "shortage", "unmatched", "weights_version",
    }  # fmt: skip
    header = "newcomer_id,buddy_id,score,utility,distance_m,common_slots,common_interests,common_languages"
    assert pairs.read_bytes().startswith(header.encode() + b",interests,availability,place,languages\n")
    listed = rows(pairs)
    assert [row["newcomer_id"] for row in listed] == sorted(row["newcomer_id"] for row in listed)
    assert sum(int(row["utility"]) for row in listed) == found["objective"] == found["bound"]
    assert found["proved"] is True
    assert found["matched"] + len(found["unmatched"]) == found["newcomers"] == 60
    price = {(row["side"], row["id"]): int(row["price"]) for row in rows(prices)}
    assert min(price.values()) > 0
    capacity = {row["id"]: int(row["capacity"]) for row in rows(tmp_path / "buddies.csv")}
    paid = sum(value * (capacity[key] if side == "buddy" else 1) for (side, key), value in price.items())
    assert paid == found["bound"] + found["bonus"] * found["matched"]
    assert (found["bonus"] > found["objective"]) == (objective == "most-people")
    assert set(found["shortage"][0]) == {"network", "language", "slot", "wish", "waiting", "value"}
    reasons = {entry["reason"] for entry in found["unmatched"]}
    assert reasons <= {
        "no_place",
        "too_far",
        "no_slot",
        "no_language",
        "gender_wish",
        "past_pair",
        "no_capacity",
        "low_score",
    }


def test_equal_runs_differ_in_seconds_only(tables, tmp_path):
    one, other = run_assign(tables, tmp_path / "one"), run_assign(tables, tmp_path / "other")
    assert one[0].read_bytes() == other[0].read_bytes()
    assert one[2].read_bytes() == other[2].read_bytes()
    reports = [json.loads(files[1].read_text(encoding="utf-8")) for files in (one, other)]
    for report in reports:
        report.pop("seconds")
    assert reports[0] == reports[1]
    assert reports[0]["permitted_pairs"] is None


def test_past_pairs_weights_and_counts_of_an_earlier_run(tables, tmp_path):
    pairs, report, _ = run_assign(tables, tmp_path / "one")
    past, weights = tmp_path / "past.csv", tmp_path / "weights.toml"
    gone = rows(pairs)[0]
    past.write_text(
        f"newcomer_id,buddy_id\n{gone['newcomer_id']},{gone['buddy_id']}\nnobody,nobody\n", encoding="utf-8"
    )
    weights.write_text('version = "mine"\n[rules]\nmin_score = 0\n', encoding="utf-8")
    more = ["--past", str(past), "--weights", str(weights), "--idf", str(report), "--min-score", "350000"]
    again, second, _ = run_assign(tables, tmp_path / "two", *more)
    assert (gone["newcomer_id"], gone["buddy_id"]) not in [
        (r["newcomer_id"], r["buddy_id"]) for r in rows(again)
    ]
    assert min(int(row["score"]) for row in rows(again)) >= 350_000
    found = json.loads(second.read_text(encoding="utf-8"))
    assert (found["ignored_past"], found["weights_version"]) == (1, "mine")
    assert found["idf"] == json.loads(report.read_text(encoding="utf-8"))["idf"]


def test_score(tables, tmp_path):
    every, top = tmp_path / "all.csv", tmp_path / "top.csv"
    assert main(["score", *tables, "--all", "--out", str(every)]) == 0
    assert main(["score", *tables, "--top", "2", "--out", str(top)]) == 0
    found = rows(every)
    order = [(row["newcomer_id"], -int(row["score"]), row["buddy_id"]) for row in found]
    assert order == sorted(order)
    best = [
        row for at, row in enumerate(found) if at < 2 or row["newcomer_id"] != found[at - 2]["newcomer_id"]
    ]
    assert rows(top) == best


def test_explain(tables, tmp_path, capsys):
    pairs, report, _ = run_assign(tables, tmp_path / "one")
    first = rows(pairs)[0]
    assert main(["explain", *tables, "--newcomer", first["newcomer_id"], "--buddy", first["buddy_id"]]) == 0
    shown = capsys.readouterr().out.splitlines()
    assert shown[0] == f"pair {first['newcomer_id']} {first['buddy_id']} permitted"
    assert f"score {first['score']}" in shown
    assert sum(int(line.split("part=")[1].split()[0]) for line in shown if "part=" in line) == int(
        first["score"]
    )
    for entry in json.loads(report.read_text(encoding="utf-8"))["unmatched"]:
        assert main(["explain", *tables, "--newcomer", entry["newcomer_id"]]) == 0
        shown = capsys.readouterr().out.splitlines()
        assert shown[1] == f"reason {entry['reason']}"
        assert len(shown) == 2 + len(entry["unlocks"])


def test_refused_input_writes_nothing(tables, tmp_path, capsys):
    (tmp_path / "newcomers.csv").write_text("id,postcode\nn,1\n", encoding="utf-8")
    out = tmp_path / "out.csv"
    assert main(["score", *tables, "--all", "--out", str(out)]) == 2
    assert "newcomers.csv, line 2, column postcode: expected a postcode" in capsys.readouterr().err
    assert not out.exists()


def test_unknown_person(tables, capsys):
    assert main(["explain", *tables, "--newcomer", "who"]) == 2
    assert "'who'" in capsys.readouterr().err


@pytest.mark.parametrize("report", ["absent/report.json", "."])
def test_place_that_cannot_be_written(tables, tmp_path, report, capsys):
    out = tmp_path / "out.csv"
    before = sorted(tmp_path.iterdir())
    assert main(["assign", *tables, "--out", str(out), "--report", str(tmp_path / report)]) == 2
    assert "expected a place that can be written" in capsys.readouterr().err
    assert sorted(tmp_path.iterdir()) == before


@pytest.mark.parametrize(
    "words",
    [
        ["--top", "0"], ["--top", "x"], ["--all", "--as-of", "yesterday"], ["--all", "--min-score", "2000000"],
        ["--all", "--min-sco", "3"], [],
    ],
)  # fmt: skip
def test_wrong_options(tables, tmp_path, words, capsys):
    with pytest.raises(SystemExit) as ended:
        main(["score", *tables, *words, "--out", str(tmp_path / "out.csv")])
    assert ended.value.code == 2


def test_progress_is_shown_on_a_terminal_after_a_second(monkeypatch):
    shown = io.StringIO()
    shown.isatty = lambda: True
    monkeypatch.setattr(sys, "stderr", shown)
    meter = command.Meter()
    meter("solve", 1, None)
    assert not shown.getvalue()
    meter.started -= 2
    meter("solve", 2, 3)
    meter.close()
    assert shown.getvalue() == "\r\033[Ksolve 2/3\r\033[K"


def test_a_plan_around_decisions(tables, tmp_path, capsys):
    run_assign(tables, tmp_path)
    before = rows(tmp_path / "pairs.csv")
    kept, dropped = before[0], before[1]
    decided = tmp_path / "decided.csv"
    decided.write_text(
        "newcomer_id,buddy_id,decision\n"
        f"{kept['newcomer_id']},{kept['buddy_id']},fixed\n{dropped['newcomer_id']},{dropped['buddy_id']},refused\n"
    )
    run_assign(tables, tmp_path, "--decided", str(decided), "--idf", str(tmp_path / "report.json"))
    after = rows(tmp_path / "pairs.csv")
    assert kept in after
    assert dropped not in after
    report = json.loads((tmp_path / "report.json").read_text())
    assert report["proved"]
    assert report["objective"] == sum(int(row["utility"]) for row in after)
    decided.write_text("newcomer_id,buddy_id,decision\nnobody,nowhere,fixed\n")
    out = ["--out", str(tmp_path / "new.csv"), "--report", str(tmp_path / "new.json")]
    assert main(["assign", *tables, *out, "--decided", str(decided)]) == 2
    assert "decided.csv, line 2: expected a newcomer and a buddy of this plan" in capsys.readouterr().err
    assert not (tmp_path / "new.csv").exists()


def test_it_is_a_program(monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["matching", "--help"])
    with pytest.raises(SystemExit) as ended:
        runpy.run_path(command.__file__, run_name="__main__")
    assert ended.value.code == 0
    assert "assign" in capsys.readouterr().out
