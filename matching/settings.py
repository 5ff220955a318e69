"""Reading what steers a run of the command: weights.toml and the interest counts of an earlier report."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path

from matching.interests import INTEREST_BIT
from matching.tables import TableError, read_text
from matching.types import Idf
from matching.weights import InvalidWeights, Weights

MOST_SETTING = 100_000
"""Bytes of a weights file; one that says everything has 500."""
MOST_REPORT = 400_000_000
"""Bytes of a report; one of a million people has half as many."""
MOST_PEOPLE = 10_000_000_000
TOML_LINE = re.compile(r"at line (\d+)")


def read_weights(path: Path) -> Weights:
    """The setting in a weights.toml; raises TableError that names the line and the key."""
    text = read_text(path, MOST_SETTING)
    try:
        return Weights.from_toml(text)
    except InvalidWeights as error:
        if isinstance(error.__cause__, tomllib.TOMLDecodeError):
            found = TOML_LINE.search(str(error.__cause__))
            last = int(found[1]) if found else len(text.splitlines())
            raise TableError(str(path), last, None, error.expected) from error
        if error.__cause__ is not None:
            raise TableError(str(path), None, None, f"{error.expected} ({error.value})") from error
        line = _line_of(text, error.key.rsplit(".", 1)[-1])
        raise TableError(str(path), line, error.key, f"{error.expected}, found {error.value!r}") from error


def weights_toml(setting: Weights) -> str:
    """A setting as the text of a weights.toml; `read_weights` gives an equal setting back."""
    data = setting.as_mapping()
    lines = [f"version = {_toml(data.pop('version'))}"]
    for section, values in data.items():
        assert isinstance(values, dict)
        lines += [f"[{section}]", *(f"{key} = {_toml(value)}" for key, value in values.items())]
    return "\n".join(lines) + "\n"


def _toml(value: object) -> str:
    """A text, number or truth value: JSON writes them as TOML does, but for one character."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _line_of(text: str, key: str) -> int | None:
    pattern = re.compile(rf"\s*\[?\s*{re.escape(key)}\b")
    return next((at for at, line in enumerate(text.splitlines(), 1) if pattern.match(line)), None)


def read_report(path: Path) -> object:
    """Whatever stands in a report.json; raises TableError when it is no JSON."""
    try:
        return json.loads(read_text(path, MOST_REPORT))
    except json.JSONDecodeError as error:
        raise TableError(str(path), error.lineno, None, "the JSON of a report") from error
    except (ValueError, RecursionError) as error:  # numbers without end, brackets in brackets
        raise TableError(str(path), None, None, f"the JSON of a report ({error})") from error


def read_idf(path: Path) -> Idf:
    """The interest counts of a report.json; raises TableError."""
    data = read_report(path)
    idf = data.get("idf") if isinstance(data, dict) else None
    if not isinstance(idf, dict) or set(idf) != {"people", "named"} or not isinstance(idf["named"], dict):
        raise TableError(str(path), None, "idf", "idf with people and named")
    people, named = idf["people"], idf["named"]
    if not _count(people, MOST_PEOPLE):
        raise TableError(str(path), None, "idf.people", f"a whole number from 0 to {MOST_PEOPLE}")
    for tag, number in named.items():
        if tag not in INTEREST_BIT or not _count(number, people):
            raise TableError(
                str(path), None, f"idf.named.{tag}", f"an interest with a whole number from 0 to {people}"
            )
    return Idf(people, named)


def _count(value: object, most: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= most
