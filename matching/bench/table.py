"""The comparison as markdown: one table, what it rests on, and the machine without its name."""

from __future__ import annotations

import math
import os
import platform
import re
from collections.abc import Iterable, Iterator, Sequence
from importlib.metadata import PackageNotFoundError, version
from itertools import pairwise
from pathlib import Path

from matching.bench.campaign import CERTIFIED, OURS, Case, Row

PACKAGES = ("numpy", "scipy", "numba", "joblib", "ortools", "highspy", "networkx")
HEAD = (
    "newcomers + buddies", "places", "solver", "pairs", "seconds (least–most)", "processor seconds",
    "times ours", "times ours, same pairs", "MB", "matched", "loss",
)  # fmt: skip
BEGIN, END = "<!-- bench -->", "<!-- /bench -->"
NONE = "–"
FAR = 10_000_000
"""People of whom the page tells what they would take."""


def markdown(cases: Sequence[Case]) -> str:
    """The table with its notes, ready for a page."""
    lines = [_line(HEAD), _line(["---"] * len(HEAD))]
    for case in cases:
        lines += [_line(cells(case, row)) for row in case.rows]
    return "\n".join([*lines, "", *_growth(cases), *_notes(cases), *machine()]) + "\n"


def cells(case: Case, row: Row) -> list[str]:
    """One line of the table."""
    people = f"{_number(row.instance.newcomers)} + {_number(row.instance.buddies)}"
    places = f"{row.instance.balance}, {_number(int(case.prepared.facts.get('places', 0)))}"
    pairs = row.pairs
    if edges := case.prepared.facts.get(f"edges {_best(row.pairs)}"):
        pairs += f" ({_number(int(edges))})"
    name = row.solver if row.solver != OURS else f"**{row.solver}**"
    if row.seconds is None:
        return [people, places, name, pairs or NONE, row.outcome.failed, *[NONE] * 6]
    same = next((r for r in case.rows if r.solver == OURS and r.pairs == row.pairs != CERTIFIED), None)
    middle, least, most = row.seconds
    shown = f"{_seconds(middle)} ({_seconds(least)}–{_seconds(most)})"
    if row.rows:
        shown = f"{_seconds(middle)} extrapolated from {_number(row.rows)} newcomers"
    peak = row.outcome.facts.get("peak")
    return [
        people, places, name, pairs, shown, _cpu(row),
        _ratio(row, case.ours), _ratio(row, same) if same else NONE,
        NONE if row.rows or peak is None else _number(round(peak)),
        NONE if row.matched is None else _number(row.matched), loss(row, case.ours),
    ]  # fmt: skip


def loss(row: Row, ours: Row) -> str:
    """How much less than the optimum, in percent of its sum and in people; DIFFERS where that cannot be."""
    if row.wrong:
        return f"DIFFERS ({row.objective}, ours {ours.objective})"
    if row.objective is None or ours.objective is None or row.matched is None or ours.matched is None:
        return NONE
    if row.objective == ours.objective:
        return "0"
    part = 100 * (ours.objective - row.objective) / ours.objective
    people = ours.matched - row.matched
    return f"{part:.2g} %, {people} people" if people else f"{part:.2g} %"


def replaced(page: str, text: str) -> str:
    """A page with the text between its two marks; ValueError when it has no marks."""
    if BEGIN not in page or END not in page:
        raise ValueError(f"a page with {BEGIN} and {END}")
    return re.sub(f"{BEGIN}.*?{END}", lambda _: f"{BEGIN}\n{text}{END}", page, count=1, flags=re.DOTALL)


def machine() -> Iterator[str]:
    """What it ran on: cores, model, memory and versions."""
    yield f"- Machine: {os.cpu_count()} cores, {_processor()}, {platform.system()}, Python {platform.python_version()}."
    found = [f"{name} {_version(name)}" for name in PACKAGES]
    yield f"- Versions: {', '.join(found)}."


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    text = info.read_text(encoding="utf-8") if info.exists() else ""
    model = re.search(r"^model name\s*:\s*(.+)$", text, re.MULTILINE)
    return model[1] if model else platform.machine()


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed"


def _growth(cases: Sequence[Case]) -> Iterator[str]:
    """How the time of the certified optimum grows from size to size, and where that would lead."""
    by_balance: dict[str, list[Case]] = {}
    for case in cases:
        by_balance.setdefault(case.instance.balance, []).append(case)
    for balance, group in by_balance.items():
        for small, large in pairwise(sorted(group, key=lambda case: case.instance.newcomers)):
            if small.ours.seconds and large.ours.seconds:
                times = large.ours.seconds[0] / small.ours.seconds[0]
                sizes = f"{_number(small.instance.newcomers)} to {_number(large.instance.newcomers)}"
                yield f"- Growth, {balance}, from {sizes} newcomers: {times:.1f} times the time{_far(small, large)}."


def _far(small: Case, large: Case) -> str:
    """What ten million people would take on this machine, as the time grew and as the pairs grow."""
    one, other = small.ours.seconds, large.ours.seconds
    assert one is not None
    assert other is not None
    more = large.instance.newcomers / small.instance.newcomers
    power = math.log(other[0] / one[0]) / math.log(more)
    far = FAR / (large.instance.newcomers + large.instance.buddies)
    hours = [other[0] * far**exponent / 3600 for exponent in (power, 2.0)]
    return (
        f", as the size to the power {power:.2f}; {_number(FAR)} people would take {hours[0]:.2g} hours of this "
        f"machine at that growth, {hours[1]:.2g} if it became that of the pairs"
    )


def _notes(cases: Iterable[Case]) -> Iterator[str]:
    yield (
        "- Ours is timed from packed arrays in memory to the proved optimum over all permitted pairs, on all cores; "
        "a peer from pairs that somebody else has made, without their cost. Each row is a process of its own; "
        "machine code was compiled before. MB is the peak of that process."
    )
    for case in cases:
        facts = case.prepared.facts
        where = f"{_number(case.instance.newcomers)} {case.instance.balance}"
        many = _number(int(facts["pairs"])) if "pairs" in facts else "not counted"
        packing = Row(case.instance, OURS, "", case.prepared).seconds
        if packing is None:
            yield f"- {where}: {case.prepared.failed}."
            continue
        made = [
            f"{'all' if key == 'making 0' else 'the best ' + key.split()[1]} {_seconds(value)} s"
            for key, value in facts.items() if key.startswith("making ")
        ]  # fmt: skip
        stages = [f"{name} {_seconds(value)} s" for name, value in _stages(case.ours)]
        base = case.ours.outcome.facts.get("base", 0.0)
        yield (
            f"- {where}: permitted pairs {many}; packing people into arrays {_seconds(packing[0])} s "
            f"({_number(round(facts['pack_peak']))} MB with the people); inside ours: {', '.join(stages) or NONE}; "
            f"making pairs for the peers: {', '.join(made) or NONE}; an interpreter that only imports the matcher "
            f"{_number(round(base))} MB."
        )


def _stages(row: Row) -> list[tuple[str, float]]:
    """The stages of the run in the middle."""
    every = sorted(row.outcome.runs, key=lambda run: run.seconds or 0.0)
    return list(every[len(every) // 2].stages.items()) if every else []


def _best(pairs: str) -> str:
    return (
        pairs.removeprefix("best ")
        if pairs.startswith("best ")
        else "0"
        if pairs == "all permitted"
        else "none"
    )


def _cpu(row: Row) -> str:
    if row.rows:
        return NONE
    used = sorted(run.cpu for run in row.outcome.runs)
    return _seconds(used[len(used) // 2])


def _ratio(row: Row, ours: Row) -> str:
    if row is ours or row.seconds is None or ours.seconds is None:
        return NONE if row is not ours else "1"
    times = row.seconds[0] / ours.seconds[0]
    return f"{times:,.0f}".replace(",", " ") if times >= 100 else f"{times:.2g}"


def _seconds(value: float) -> str:
    return f"{value:,.0f}".replace(",", " ") if value >= 100 else f"{value:.3g}"


def _number(value: int) -> str:
    return f"{value:,}".replace(",", " ")


def _line(columns: Sequence[str]) -> str:
    return "| " + " | ".join(columns) + " |"
