"""`python -m matching interests` answers in JSON, refuses with status 2, and prints the table of the README."""

import io
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

import matching
from matching.__main__ import main
from matching.understanding import command, lexicon, measure, storage, training
from tests.architecture.source import ROOT
from tests.matching.lexicons import append, copy_of

README = Path(matching.__file__).with_name("README.md")


class Stream:
    """Standard input as the command sees it."""

    def __init__(self, content):
        self.buffer = io.BytesIO(content)


@pytest.fixture
def ask(monkeypatch, capfdbinary):
    """Run the command on these bytes; gives its status, what it wrote, and what it complained."""

    def run(content, *words):
        monkeypatch.setattr(sys, "stdin", Stream(content))
        status = main(["interests", *words])
        sys.stdout.flush()
        written = capfdbinary.readouterr()
        return status, written.out.decode(), written.err.decode()

    return run


def test_one_line_of_json_for_each_line(ask):
    text = "\ufeffik ga graag zwemmen met mijn kinderen\r\nطبخ\n\nxqzt".encode()
    status, out, _ = ask(text, "--lang", "nl")
    assert status == 0
    assert '"phrase": "طبخ"' in out
    lines = [json.loads(line) for line in out.splitlines()]
    assert [line["phrase"] for line in lines] == ["ik ga graag zwemmen met mijn kinderen", "طبخ", "", "xqzt"]
    assert [{tag["tag"] for tag in line["tags"]} for line in lines] == [
        {"swimming", "children-family"}, {"cooking"}, set(), set()
    ]  # fmt: skip
    assert list(lines[0]) == ["phrase", "tags"]
    assert list(lines[0]["tags"][0]) == ["tag", "score"]
    scores = [tag["score"] for line in lines for tag in line["tags"]]
    assert all(0 < score <= 1 and round(score, 2) == score for score in scores)


def test_the_language_may_be_unknown_or_have_a_country(ask):
    for language in ("und", "uk", "ar-SY"):
        status, out, _ = ask("люблю готувати".encode(), "--lang", language)
        assert (status, [tag["tag"] for tag in json.loads(out)["tags"]]) == (0, ["cooking"])


def test_as_a_program_in_a_bare_locale():
    done = subprocess.run(
        [sys.executable, "-m", "matching", "interests", "--lang", "ar"],
        input="طبخ\n".encode(), capture_output=True, cwd=ROOT, check=True,
        env={"PATH": "", "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "HOME": str(Path.home())},
    )  # fmt: skip
    assert json.loads(done.stdout)["tags"][0]["tag"] == "cooking"


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"koken\nk\xf6ken\n", "standard input, line 2: expected text in UTF-8\n"),
        (b"x" * 1001, "standard input, line 1: expected a phrase of at most 1000 characters\n"),
        (
            b"\n" + "ط".encode() * 5_000_000,
            "standard input, line 2: expected a phrase of at most 1000 characters\n",
        ),
        (
            "\u0434".encode() * 1001 + b"\n",
            "standard input, line 1: expected a phrase of at most 1000 characters\n",
        ),
    ],
)
def test_wrong_input_is_refused_and_nothing_is_written(ask, content, told):
    assert ask(content, "--lang", "nl") == (2, "", told)


def test_too_many_lines_are_refused(ask, monkeypatch):
    monkeypatch.setattr(command, "MOST_LINES", 2)
    assert ask(b"a\nb\n", "--lang", "nl")[0] == 0
    assert ask(b"a\nb\nc", "--lang", "nl") == (2, "", "standard input, line 3: expected at most 2 lines\n")


@pytest.mark.parametrize("words", [["--lang", "sw"], ["--lang", ""], [], ["--build", "--measure"]])
def test_wrong_words_are_refused(ask, words):
    with pytest.raises(SystemExit) as left:
        ask(b"", *words)
    assert left.value.code == 2


def test_build_tells_where_the_model_lies(ask):
    assert ask(b"", "--build") == (0, f"{storage.find()}\n", "")


def test_the_table_of_the_readme_is_what_the_command_prints(ask):
    status, out, _ = ask(b"", "--measure")
    assert status == 0
    assert out in README.read_text(encoding="utf-8")


def test_bench_tells_times(ask, monkeypatch):
    learned = []
    monkeypatch.setattr(training, "train", learned.append)
    monkeypatch.setattr(command, "RUNS", 1)
    status, out, _ = ask(b"", "--bench")
    assert status == 0
    assert re.match(
        r"processor time: learn \d\.\d s; in a fresh process import \d\.\d\d s and load 0\.\d{3} s \(\d+\.\d MB\); answer ",
        out,
    )
    assert [len(one) for one in learned] == [len(lexicon.languages())]


@pytest.mark.parametrize(
    "line", ["exam,zwemmen,swimming", "judge,zwemmen", "judge,zwemmen,church", "tune,bidden,swimming;church"]
)
def test_wrong_labels_are_refused(tmp_path, line):
    append(tmp_path / "nl.csv", "set,phrase,tags", "tune,zwemmen,swimming", line)
    with pytest.raises(
        measure.TableError, match=r"nl\.csv, line 3: expected tune or judge, a phrase, known interests"
    ):
        measure.labelled("nl", tmp_path)


def test_labels_without_header_are_refused(tmp_path):
    append(tmp_path / "nl.csv", "phrase,tags")
    with pytest.raises(measure.TableError, match=r"nl\.csv, line 1: expected the header set,phrase,tags"):
        measure.labelled("nl", tmp_path)


def test_a_table_counts_what_is_right_and_wrong(tmp_path):
    append(tmp_path / "nl.csv", "set,phrase,tags", "tune,zwemmen,swimming", "tune,goeiedag,", "judge,koken,baking",
           "judge,koken en fietsen,running", "judge,zwemmen,swimming", "judge,xqzt,", "judge,schaken,")  # fmt: skip
    storage.build()
    row = measure.table(storage.current(), tmp_path).splitlines()[2]
    assert row == "| nl | 5 | 33.3% | 33.3% | 33.3% | 0.80 | 1 | 1/2 | 100.0% | 0.00 |"


def test_a_wrong_lexicon_is_told_by_the_command(ask, tmp_path, monkeypatch):
    folder = copy_of(tmp_path, "so")
    append(folder / "so.csv", "church,kaniisad")
    monkeypatch.setattr(storage.build, "__defaults__", (folder,))
    status, out, error = ask(b"", "--build")
    assert (status, out) == (2, "")
    assert "column tag: expected one of the interests, found 'church'" in error
