"""The published example is true, figures included, and so are its commands."""

import doctest
import shlex
from pathlib import Path

import matching
from matching.__main__ import main
from matching.settings import read_weights
from matching.types import CRITERIA

README = Path(matching.__file__).with_name("README.md")


def test_example_of_the_library():
    result = doctest.testfile(str(README), module_relative=False)
    assert result.attempted >= 10
    assert result.failed == 0


def part(head):
    """A section of the README."""
    return README.read_text(encoding="utf-8").split(f"\n## {head}\n")[1].split("\n## ")[0]


def commands(text):
    """The commands of a section, as words."""
    lines = text.split("```console\n")[1].split("```")[0].replace("\\\n", "").splitlines()
    return [shlex.split(line.removeprefix("$ python -m matching")) for line in lines]


def test_commands_run_as_written(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    written = commands(part("With two tables"))
    assert [words[0] for words in written] == ["generate", "assign", "score", "explain"]
    for words in written:
        assert main(words) == 0
    assert capsys.readouterr().out.startswith("pair N0000003 B0000025 ")
    assert {path.name for path in tmp_path.iterdir()} == {
        "example", "pairs.csv", "report.json", "prices.csv", "scores.csv"
    }  # fmt: skip


def test_weights_are_learned_and_replayed_as_written(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    text = part("Replay and learning")
    (tmp_path / "wishes.toml").write_text(text.split("```toml\n")[1].split("```")[0], encoding="utf-8")
    for words in commands(text):
        assert main(words) == 0
    shown = capsys.readouterr().out.splitlines()
    promised = text.split("```text\n")[1].split("```")[0].splitlines()
    assert len(promised) >= 8
    assert [line for line in promised if line not in shown] == []
    proposed = read_weights(tmp_path / "proposed.toml")
    true = read_weights(tmp_path / "wishes.toml")
    for code in CRITERIA:
        assert abs(getattr(proposed.weights, code) - getattr(true.weights, code)) <= 50
    assert (tmp_path / "comparison.json").exists()
