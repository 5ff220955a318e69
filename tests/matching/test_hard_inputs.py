"""Input that is wrong, endless or cut off: refused with where and what was expected, and old files stay whole."""

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from matching import compiled
from matching.__main__ import main
from matching.population import AS_OF
from matching.settings import read_idf, read_weights
from matching.tables import ROW_LIMIT, TableError, read_buddies, read_newcomers, read_past

ROOT = Path(compiled.__file__).parents[1]
NEWCOMERS = "id,postcode,languages,waiting_since\nn1,9000,ar,2026-08-22\n"
BUDDIES = "id,postcode,languages,capacity\nb1,9000,ar,1\n"
GIGABYTE = 1 << 30


def assign(folder):
    return [
        "assign", "--newcomers", str(folder / "newcomers.csv"), "--buddies", str(folder / "buddies.csv"),
        "--as-of", "2026-11-20", "--out", str(folder / "pairs.csv"), "--report", str(folder / "report.json"),
        "--prices", str(folder / "prices.csv"), "--min-score", "0",
    ]  # fmt: skip


@pytest.fixture
def tables(tmp_path):
    (tmp_path / "newcomers.csv").write_text(NEWCOMERS, encoding="utf-8")
    (tmp_path / "buddies.csv").write_text(BUDDIES, encoding="utf-8")
    return tmp_path


def test_the_tables_themselves_are_accepted(tables):
    assert main(assign(tables)) == 0
    assert (tables / "pairs.csv").read_text(encoding="utf-8").count("\n") == 2


@pytest.mark.parametrize(
    ("file", "text", "where", "words"),
    [
        ("newcomers", "id,postcode\nn1,9999\n", "line 2, column postcode", "a postcode of Flanders"),
        ("newcomers", "id,postcode,interests\nn1,9000,skiing\n", "line 2, column interests", "the list of 40"),
        ("newcomers", "id,postcode,availability\nn1,9000,mon-noon\n", "line 2, column availability", "mon-morning"),
        ("buddies", "id,postcode,availability\nb1,9000,mon\n", "line 2, column availability", "mon-morning"),
        ("newcomers", "id,postcode\nn1,9000\nn1,9000\n", "line 3, column id", "no other row has (line 2"),
        ("buddies", "id,postcode\nb1,9000\nb2,9000\nb1,9000\n", "line 4, column id", "line 2 has it"),
        ("buddies", "id,postcode,capacity\nb1,9000,-1\n", "line 2, column capacity", "from 0 to 1000"),
        ("buddies", "id,postcode,capacity\nb1,9000,NaN\n", "line 2, column capacity", "found 'NaN'"),
        ("newcomers", "id,lat,lon,province\nn1,NaN,4,limburg\n", "line 2, column lat", "degrees from -90"),
        ("newcomers", "id,lat,lon,province\nn1,51,inf,limburg\n", "line 2, column lon", "degrees from -180"),
        ("newcomers", "n1,9000\n", "line 1, column n1", "a known column: id, postcode"),
        ("newcomers", "postcode\n9000\n", "line 1, column id", "a column id"),
        ("newcomers", "", "line 1", "a header with id"),
        ("newcomers", "id,postcode,waiting_since\nn1,9000,2026-11-21\n", "line 2, column waiting_since", "2026-11-20"),
        ("newcomers", ",\n" * 9, "line 1, column 1", "a known column"),
        ("newcomers", "id,postcode\n" + ",\n" * 9, "line 2, column id", "a non-empty text"),
        ("newcomers", "id,postcode\n,,,,\n", "line 2, column 3", "2 cells"),
    ],
)  # fmt: skip
def test_refused_with_status_2_and_nothing_written(tables, capsys, file, text, where, words):
    path = tables / f"{file}.csv"
    path.write_text(text, encoding="utf-8")
    before = {item: item.read_bytes() for item in tables.iterdir()}
    assert main(assign(tables)) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.startswith(f"{path}, {where}: expected ")
    assert words in told.err
    assert told.err.count("\n") == 1
    assert {item: item.read_bytes() for item in tables.iterdir()} == before


def refused(read, *given):
    with pytest.raises(TableError) as caught:
        read(*given)
    return str(caught.value)


def test_rows_and_empty_lines_have_a_limit(tmp_path):
    path = tmp_path / "buddies.csv"
    for text, line in (
        ("," * (ROW_LIMIT + 1), 1),
        ("id,postcode\n" + "," * (ROW_LIMIT + 1), 2),
        ("\n" * (ROW_LIMIT + 1), ROW_LIMIT + 1),
        ('id,postcode\n"' + '\n","' * (ROW_LIMIT // 4), ROW_LIMIT // 4 + 2),
    ):
        path.write_text(text, encoding="utf-8")
        assert (
            refused(read_buddies, path) == f"{path}, line {line}: expected rows of at most {ROW_LIMIT} bytes"
        )


def test_a_row_as_long_as_a_row_can_be(tmp_path):
    path = tmp_path / "buddies.csv"
    name = "\U0001f600" * 10_000
    path.write_text(
        "id,postcode\n" + "\n" * 9000 + f"{name},9000\n" * 1 + f"{name[1:]},9000\n", encoding="utf-8"
    )
    assert [len(buddy.id) for buddy in read_buddies(path)] == [10_000, 9_999]


def test_lines_of_other_machines_and_a_wrong_byte_late(tmp_path):
    path = tmp_path / "past.csv"
    path.write_bytes(b"\xef\xbb\xbfnewcomer_id,buddy_id\r\na,b\rc,d\n")
    assert read_past(path) == (("a", "b"), ("c", "d"))
    path.write_bytes(b"newcomer_id,buddy_id\r\n" + b"a,b\r\n" * 50_000 + b"\xff,b\r\n")
    assert refused(read_past, path) == f"{path}, line 50002: expected text in UTF-8"
    assert "a file that can be read" in refused(read_past, tmp_path)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a = " + "[" * 90_000, "valid TOML ("),
        ("[weights]\nplace = " + "9" * 5000, "valid TOML ("),
        ("[turn]\nwaiting = nan", "line 2, column turn.waiting: expected a whole number"),
        ("[rules]\nmax_km = inf", "line 2, column rules.max_km: expected a whole number"),
        (" " * 100_001, "a file of at most 100000 bytes"),
    ],
)
def test_weights_without_end(tmp_path, text, words):
    path = tmp_path / "weights.toml"
    path.write_text(text, encoding="utf-8")
    assert words in refused(read_weights, path)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[" * 100_000, "the JSON of a report ("),
        ('{"idf": {"people": ' + "9" * 5000 + "}}", "the JSON of a report ("),
        ('{"idf": {"people": NaN, "named": {}}}', "column idf.people: expected a whole number"),
        (
            '{"idf": {"people": ' + "9" * 4000 + ', "named": {}}}',
            "column idf.people: expected a whole number",
        ),
        ("," * 1000, "line 1: expected the JSON of a report"),
    ],
)
def test_reports_without_end(tmp_path, text, words):
    path = tmp_path / "report.json"
    path.write_text(text, encoding="utf-8")
    assert words in refused(read_idf, path)


def test_a_setting_that_cannot_be_read(tmp_path):
    assert "expected a file that can be read (No such" in refused(read_weights, tmp_path / "absent.toml")
    assert "expected a file that can be read (Is a dir" in refused(read_idf, tmp_path)


def test_a_device_without_end_is_refused():
    assert "a file of at most 100000 bytes" in refused(read_weights, Path("/dev/zero"))
    assert "rows of at most" in refused(read_newcomers, Path("/dev/zero"), AS_OF)


# --- a gigabyte ------------------------------------------------------------------------------------------------------

READER = """
import sys
from matching.__main__ import main
from matching.bench.process import peak_mb
before = peak_mb()
for name in sys.argv[2:]:
    words = ["assign", "--newcomers", name, "--buddies", name, "--out", sys.argv[1], "--report", sys.argv[1] + ".json"]
    print(main(words))
print(before, peak_mb())
"""
ENDLESS = {
    "header": (b"", b","),
    "row": (b"id,postcode\n", b","),
    "quoted": (b'id,postcode\n"', b","),
    "lines": (b"id,postcode\n", b"\n"),
    "cells in quotes": (b'id,postcode\n"', b'\n","'),
}


def feed(path, start, more, written):
    """Write a gigabyte for whoever reads, until it is not read any more."""
    block = more * ((1 << 16) // len(more))
    with path.open("wb", buffering=0) as pipe:
        written.append(pipe.write(start))
        try:
            while sum(written) < GIGABYTE:
                written.append(pipe.write(block))
        except BrokenPipeError:
            return


def test_a_gigabyte_of_commas_is_refused_without_reading_it(tmp_path):
    written = {name: [] for name in ENDLESS}
    feeders = []
    for name, (start, more) in ENDLESS.items():
        os.mkfifo(tmp_path / name)
        feeders.append(threading.Thread(target=feed, args=(tmp_path / name, start, more, written[name])))
    sparse = tmp_path / "sparse"
    with sparse.open("wb") as file:
        file.truncate(GIGABYTE)
    for feeder in feeders:
        feeder.start()
    done = subprocess.run(
        [sys.executable, "-c", READER, str(tmp_path / "out.csv"), *(str(tmp_path / name) for name in ENDLESS), str(sparse)],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    for feeder in feeders:
        feeder.join()
    *statuses, peaks = done.stdout.splitlines()
    assert statuses == ["2"] * 6
    told = done.stderr.splitlines()
    assert len(told) == 6
    for line in (told[0], told[1], told[3], told[4], told[5]):
        assert line.endswith(f": expected rows of at most {ROW_LIMIT} bytes")
    assert max(sum(parts) for parts in written.values()) < 4 * ROW_LIMIT
    before, peak = map(float, peaks.split())
    assert peak < 300
    assert peak - before < 50
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([*ENDLESS, "sparse"])


# --- killed ----------------------------------------------------------------------------------------------------------

WRITER = """
import itertools, os, random, signal, sys, time
from pathlib import Path
from matching import __main__ as command
from matching import output

KILLS, MOST_KILLS, SIZE = 20, 400, 4_000_000
folder, way, words = Path(sys.argv[1]), sys.argv[2], sys.argv[3:]
files = [folder / name for name in ("pairs.csv", "report.json", "prices.csv")]
letter = "a"
for name in ("pairs_csv", "report_json", "prices_csv"):
    setattr(output, name, lambda plan: letter * SIZE)

def write_in_place(given):
    for path, text in given.items():
        path.write_text(text, encoding="utf-8")

if way == "in place":
    output.write_all = write_in_place
assert command.main(words) == 0
whole = {(letter * SIZE).encode() for letter in "abc"}
broken = amid = kill = 0
while kill < KILLS or (not (broken if way == "in place" else amid) and kill < MOST_KILLS):
    kill += 1
    ready, told = os.pipe()
    child = os.fork()
    if not child:
        for letter in itertools.cycle("abc"):
            command.main(words)
            os.write(told, b".")
    os.read(ready, 1)
    time.sleep(random.Random(kill).uniform(0, 0.05))
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    os.close(ready), os.close(told)
    broken += sum(path.read_bytes() not in whole for path in files)
    prepared = list(folder.glob(".*"))
    amid += bool(prepared)
    for path in prepared:
        path.unlink()
print(broken, amid)
"""


@pytest.mark.parametrize("way", ["whole", "in place"])
def test_a_run_that_is_killed_leaves_the_old_files_whole(tables, way):
    done = subprocess.run(
        [sys.executable, "-c", WRITER, str(tables), way, *assign(tables)],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    broken, amid = map(int, done.stdout.split())
    if way == "whole":
        assert broken == 0
        assert amid > 0, "no kill fell into the writing: the test shows nothing"
    else:
        assert broken > 0, "files written in place were never found broken: the test shows nothing"
