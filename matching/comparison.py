"""What a replay found, as JSON and as a table to read."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict

from matching.replay import DIMENSIONS, SMALL, Comparison, Group, Replayed, Worse, mean
from matching.weights import MILLION

ROWS = (
    ("newcomers", "newcomers who waited", 1, 0),
    ("reached", "reached", 1, 0),
    ("match_rate", "match rate, %", 100, 1),
    ("fit_by_current", "mean fit by the current weights, %", 100 / MILLION, 1),
    ("fit_by_proposed", "mean fit by the proposed weights, %", 100 / MILLION, 1),
    ("waited_reached", "days waited by who is reached", 1, 1),
    ("waited_left", "days waited by who is left", 1, 1),
)
"""Figure, its name, what to multiply it by, and decimals."""
WORDS = {name: words for name, words, _, _ in ROWS}
WISHES = {"": "no wish", "f": "a woman", "m": "a man"}
NAMES = {
    "province": "province",
    "language": "language",
    "wish": "wish about the buddy",
    "dutch_level": "level of Dutch",
}


def comparison_json(found: Comparison) -> str:
    """`comparison_facts` as JSON; keys sorted."""
    return json.dumps(comparison_facts(found), ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def comparison_facts(found: Comparison) -> dict[str, object]:
    """The figures of a replay as plain values; rates and means with six decimals."""
    return {
        "current_versions": list(found.current_versions),
        "proposed_version": found.proposed_version,
        "runs": [_run(run) for run in found.runs],
        "total": _run(found.total),
        "groups": [group_entry(group) for group in found.groups],
        "hidden_groups": found.hidden,
        "smallest_group": SMALL,
        "worse": [worse_entry(item) for item in found.worse],
    }


def _run(run: Replayed) -> dict[str, object]:
    sides = {"current": run.current, "proposed": run.proposed}
    figures = {
        name: {key: _rounded(value) for key, value in side.figures().items()} for name, side in sides.items()
    }
    return {"name": run.name, **figures, "moves": asdict(run.moves), "as_recorded": run.as_recorded}


def group_entry(group: Group) -> dict[str, object]:
    """A group as it stands in the JSON."""
    rates = {"current_rate": group.current / group.waiting, "proposed_rate": group.proposed / group.waiting}
    return {**asdict(group), **{key: _rounded(rate) for key, rate in rates.items()}}


def worse_entry(item: Worse) -> dict[str, object]:
    """Something that got worse, as it stands in the JSON."""
    entry: dict[str, object] = {
        "code": item.code, "current": _rounded(item.current), "proposed": _rounded(item.proposed)
    }  # fmt: skip
    return entry | ({"dimension": item.group.dimension, "value": item.group.value} if item.group else {})


def _rounded(value: float | None) -> float | None:
    return round(value, 6) if isinstance(value, float) else value


def comparison_text(found: Comparison) -> str:
    """The figures of a replay as lines to read."""
    return "\n".join(_lines(found)) + "\n"


def _lines(found: Comparison) -> Iterator[str]:
    many = len(found.runs)
    yield f"{many} recorded run{'' if many == 1 else 's'}: {', '.join(found.current_versions)} beside {found.proposed_version}"
    yield ""
    yield from _table(found.total)
    if many > 1:
        yield ""
        yield f"{'reached per run':<38}{'current':>10}{'proposed':>10}{'change':>9}"
        for run in found.runs:
            yield _line(f"  {run.name}", run.current.reached, run.proposed.reached, 0)
    unlike = [run.name for run in found.runs if run.as_recorded is False]
    if unlike:
        yield f"The current weights do not come to what was recorded in: {', '.join(unlike)}"
    yield from _groups(found)
    yield ""
    yield from _verdict(found)


def _table(run: Replayed) -> Iterator[str]:
    yield f"{'':<38}{'current':>10}{'proposed':>10}{'change':>9}"
    before, after = run.current.figures(), run.proposed.figures()
    for name, words, times, digits in ROWS:
        old, new = before[name], after[name]
        if old is None or new is None:
            yield f"{words:<38}{_cell(old, times, digits):>10}{_cell(new, times, digits):>10}"
        else:
            yield _line(words, old * times, new * times, digits)
    moves = run.moves
    yield (
        f"newcomers: with the same buddy {moves.same_buddy}, with another {moves.other_buddy}, "
        f"newly reached {moves.newly_reached}, no longer reached {moves.no_longer_reached}"
    )


def _cell(value: float | None, times: float, digits: int) -> str:
    return "-" if value is None else f"{value * times:.{digits}f}"


def _line(words: str, old: float, new: float, digits: int) -> str:
    return f"{words:<38}{old:>10.{digits}f}{new:>10.{digits}f}{new - old:>+9.{digits}f}"


def _groups(found: Comparison) -> Iterator[str]:
    for dimension in DIMENSIONS:
        mine = [group for group in found.groups if group.dimension == dimension]
        hidden = found.hidden[dimension]
        if not mine and not hidden:
            continue
        yield ""
        yield f"{'match rate by ' + NAMES[dimension] + ', %':<38}{'current':>10}{'proposed':>10}{'change':>9}"
        for group in mine:
            words = f"  {_value(group)} ({group.waiting})"
            yield _line(
                words, _percent(group.current, group.waiting), _percent(group.proposed, group.waiting), 1
            )
        if hidden:
            yield f"  not shown, so that nobody is recognised: {hidden}"


def _percent(part: int, whole: int) -> float:
    return 100 * (mean(part, whole) or 0.0)


def _value(group: Group) -> str:
    return WISHES[group.value] if group.dimension == "wish" else group.value


def _verdict(found: Comparison) -> Iterator[str]:
    if not found.worse:
        yield "Nothing got worse by these figures."
        return
    yield "What got worse"
    scale = {name: (times, digits) for name, _, times, digits in ROWS}
    for item in found.worse:
        if item.group:
            words = f"match rate of {NAMES[item.group.dimension]} {_value(item.group)}, %"
            yield f"- {words}: from {100 * item.current:.1f} to {100 * item.proposed:.1f}"
        else:
            times, digits = scale[item.code]
            words = f"{WORDS[item.code]}: from {item.current * times:.{digits}f} to {item.proposed * times:.{digits}f}"
            yield f"- {words}"
