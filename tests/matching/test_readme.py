"""The published example is true, figures included, and so are its commands."""

import doctest
import shlex
from pathlib import Path

import matching
from matching.__main__ import main

README = Path(matching.__file__).with_name("README.md")


def test_example_of_the_library():
    result = doctest.testfile(str(README), module_relative=False)
    assert result.attempted >= 10
    assert result.failed == 0


def test_commands_run_as_written(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    text = README.read_text(encoding="utf-8").split("```console\n")[1].split("```")[0].replace("\\\n", "")
    commands = [shlex.split(line.removeprefix("$ python -m matching")) for line in text.splitlines()]
    assert [words[0] for words in commands] == ["generate", "assign", "score", "explain"]
    for words in commands:
        assert main(words) == 0
    assert capsys.readouterr().out.startswith("pair N0000003 B0000025 ")
    assert {path.name for path in tmp_path.iterdir()} == {
        "example", "pairs.csv", "report.json", "prices.csv", "scores.csv"
    }  # fmt: skip
