"""A proposed setting beside the current one, over runs as they were: what would have been different, and for whom."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from matching.assignment import assign
from matching.describe import criteria_of
from matching.recordings import Recording
from matching.scoring import rarity, score_of
from matching.types import Newcomer, Pair, Plan
from matching.weights import Weights

SMALL = 5
"""Groups of fewer newcomers are not shown: their members could be recognised."""
CLEAR = 0.05
"""A group fares worse when its match rate falls by this much or more."""
DIMENSIONS = ("province", "language", "wish", "dutch_level")
PARTITIONS = ("province", "wish", "dutch_level")
"""Dimensions in which everybody has one value, so that a single hidden group would follow from the others."""
Progress = Callable[[str, int, int | None], None]
Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Tally:
    """What a setting comes to, in sums, so that runs can be added; the means are None where nobody is counted.

    Fits are scores in millionths, by the current and by the proposed weights, so that settings can be compared on
    one scale; waiting is in days.
    """

    newcomers: int = 0
    reached: int = 0
    fit_by_current: int = 0
    fit_by_proposed: int = 0
    waited_reached: int = 0
    waited_left: int = 0

    def __add__(self, other: Tally) -> Tally:
        return Tally(*(getattr(self, name) + getattr(other, name) for name in self.__slots__))

    def figures(self) -> dict[str, float | int | None]:
        """The figures to look at: counts, match rate (0..1), mean fits (millionths) and mean days of waiting."""
        left = self.newcomers - self.reached
        return {
            "newcomers": self.newcomers,
            "reached": self.reached,
            "match_rate": mean(self.reached, self.newcomers),
            "fit_by_current": mean(self.fit_by_current, self.reached),
            "fit_by_proposed": mean(self.fit_by_proposed, self.reached),
            "waited_reached": mean(self.waited_reached, self.reached),
            "waited_left": mean(self.waited_left, left),
        }


@dataclass(frozen=True, slots=True)
class Moves:
    """Newcomers by what the proposed setting changes for them."""

    same_buddy: int = 0
    other_buddy: int = 0
    newly_reached: int = 0
    no_longer_reached: int = 0
    left_by_both: int = 0

    def __add__(self, other: Moves) -> Moves:
        return Moves(*(getattr(self, name) + getattr(other, name) for name in self.__slots__))


@dataclass(frozen=True, slots=True)
class Group:
    """Newcomers with something in common: how many waited, and how many each setting reaches."""

    dimension: str
    value: str
    waiting: int
    current: int
    proposed: int

    @property
    def change(self) -> float:
        """By how much the match rate rises."""
        return (self.proposed - self.current) / self.waiting


@dataclass(frozen=True, slots=True)
class Replayed:
    """One run with both settings. `as_recorded`: the current one comes to what the run came to then (None = unknown)."""

    name: str
    current: Tally
    proposed: Tally
    moves: Moves
    as_recorded: bool | None = None


@dataclass(frozen=True, slots=True)
class Worse:
    """Something that the proposed setting makes worse: a figure of Tally, or `group`, before and after."""

    code: str
    current: float
    proposed: float
    group: Group | None = None


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two settings over recorded runs. `hidden` counts per dimension the groups too small to show."""

    current_versions: tuple[str, ...]
    proposed_version: str
    runs: tuple[Replayed, ...]
    total: Replayed
    groups: tuple[Group, ...]
    hidden: dict[str, int]
    worse: tuple[Worse, ...]


def replay_runs(
    recordings: Sequence[Recording], proposed: Weights, *, progress: Progress | None = None
) -> Comparison:
    """Solve each recorded run with its own setting and with the proposed one, on the same day with the same counts.

    Who waited in two of the runs counts twice. `progress("replay", solved, to solve)` is called as it goes on.
    """
    runs: list[Replayed] = []
    counts: dict[Key, Counter[str]] = {}
    for at, recording in enumerate(recordings):
        plans = []
        for step, setting in enumerate((recording.weights, proposed)):
            if progress:
                progress("replay", 2 * at + step + 1, 2 * len(recordings))
            plans.append(_solved(recording, setting))
        runs.append(_replayed(recording, proposed, *plans))
        _count_groups(counts, recording.newcomers, *plans)
    total = Replayed(
        "all",
        sum((run.current for run in runs), Tally()),
        sum((run.proposed for run in runs), Tally()),
        sum((run.moves for run in runs), Moves()),
    )
    groups, hidden = shown_groups(
        [
            Group(*key, found["waiting"], found["current"], found["proposed"])
            for key, found in sorted(counts.items())
        ]
    )
    return Comparison(
        tuple(sorted({recording.weights.version for recording in recordings})),
        proposed.version, tuple(runs), total, groups, hidden, tuple(_worse(total, groups)),
    )  # fmt: skip


def mean(total: int, count: int) -> float | None:
    """total / count; None when there is nothing to divide by."""
    return total / count if count else None


def _solved(recording: Recording, setting: Weights) -> Plan:
    return assign(
        recording.newcomers, recording.buddies, past=recording.past, weights=setting, as_of=recording.as_of,
        idf=recording.idf, objective=recording.objective, shortage=False,
    )  # fmt: skip


def _replayed(recording: Recording, proposed: Weights, before: Plan, after: Plan) -> Replayed:
    old = {pair.newcomer_id: pair.buddy_id for pair in before.pairs}
    new = {pair.newcomer_id: pair.buddy_id for pair in after.pairs}
    both = old.keys() & new.keys()
    same = sum(old[key] == new[key] for key in both)
    moves = Moves(
        same, len(both) - same, len(new) - len(both), len(old) - len(both),
        len(recording.newcomers) - len(old.keys() | new.keys()),
    )  # fmt: skip
    return Replayed(
        recording.name,
        _tally(recording, proposed, before),
        _tally(recording, proposed, after),
        moves,
        None if recording.found is None else recording.found == before.objective,
    )


def _tally(recording: Recording, proposed: Weights, plan: Plan) -> Tally:
    reached = {pair.newcomer_id for pair in plan.pairs}
    waited = {
        person.id: (recording.as_of - (person.waiting_since or recording.as_of)).days
        for person in recording.newcomers
    }
    return Tally(
        newcomers=len(recording.newcomers),
        reached=len(reached),
        fit_by_current=_fit(recording, plan.pairs, recording.weights),
        fit_by_proposed=_fit(recording, plan.pairs, proposed),
        waited_reached=sum(days for key, days in waited.items() if key in reached),
        waited_left=sum(days for key, days in waited.items() if key not in reached),
    )


def _fit(recording: Recording, pairs: Iterable[Pair], setting: Weights) -> int:
    """The sum of the scores that a setting gives to these pairs, whichever setting chose them."""
    newcomers = {person.id: person for person in recording.newcomers}
    buddies = {person.id: person for person in recording.buddies}
    rarities = rarity(recording.idf)
    total = 0
    for pair in pairs:
        newcomer, buddy = newcomers[pair.newcomer_id], buddies[pair.buddy_id]
        found = criteria_of(newcomer, buddy, pair.distance_m, rarities, setting)
        total += score_of({item.code: item.value for item in found}, setting.weights)
    return total


def _count_groups(
    counts: dict[Key, Counter[str]], newcomers: Iterable[Newcomer], before: Plan, after: Plan
) -> None:
    reached = [{pair.newcomer_id for pair in plan.pairs} for plan in (before, after)]
    for person in newcomers:
        for key in groups_of(person):
            counts.setdefault(key, Counter()).update(
                waiting=1, current=person.id in reached[0], proposed=person.id in reached[1]
            )


def groups_of(person: Newcomer) -> list[Key]:
    """The groups a newcomer is counted in: (dimension, value); the empty wish asks nothing."""
    return [
        ("province", person.province),
        *(("language", tag) for tag in person.languages),
        ("wish", person.buddy_gender),
        ("dutch_level", person.dutch_level),
    ]


def shown_groups(groups: Sequence[Group]) -> tuple[tuple[Group, ...], dict[str, int]]:
    """The groups that are large enough to show, and per dimension how many are not.

    Where everybody is in one group of a dimension, those hidden could be computed from the others: then groups are
    hidden, smallest first, until those hidden are at least two and together large enough.
    """
    shown, hidden = [], {}
    for dimension in DIMENSIONS:
        mine = sorted(
            (group for group in groups if group.dimension == dimension), key=lambda group: group.waiting
        )
        count = sum(group.waiting < SMALL for group in mine)
        if count and dimension in PARTITIONS:
            while count < len(mine) and (count < 2 or sum(group.waiting for group in mine[:count]) < SMALL):
                count += 1
        shown += sorted(mine[count:], key=lambda group: group.value)
        hidden[dimension] = count
    return tuple(shown), hidden


def _worse(total: Replayed, groups: Iterable[Group]) -> Iterable[Worse]:
    """Fewer people reached, a poorer fit by either measure, people who waited long left more, groups that lose."""
    before, after = total.current.figures(), total.proposed.figures()
    for code, sign in (("reached", 1), ("fit_by_current", 1), ("fit_by_proposed", 1), ("waited_reached", 1),
                       ("waited_left", -1)):  # fmt: skip
        old, new = before[code], after[code]
        if old is not None and new is not None and sign * (new - old) < 0:
            yield Worse(code, old, new)
    for group in groups:
        if group.change <= -CLEAR:
            yield Worse("group", group.current / group.waiting, group.proposed / group.waiting, group)
