"""Who is missing: what one more buddy with certain traits would add to a plan, and how many wait for one.

With the smallest prices of the buddies, a newcomer's price is what the plan would have to give up to have that
newcomer free. One more place is therefore worth the largest utility it offers anybody above their price: exact,
without solving again. So is the worth of a first place with a buddy who has none (MATCHING 4).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from matching.candidates import Scanner
from matching.criteria import SLOT_VALUES
from matching.interests import SLOTS
from matching.obstacles import half_even
from matching.pack import ANY_LANGUAGE, TOLD, Ints, Problem
from matching.places import middles
from matching.reach import distance_m, place_values
from matching.scoring import half_even as nearest
from matching.types import Plan, Shortage
from matching.weights import MILLION

LONGEST = 100
"""The recruiting list ends here."""
DUTCH = "nl"
Flags = npt.NDArray[np.bool_]


def with_shortage(problem: Problem, plan: Plan, compiled_too: bool | None = None) -> Plan:
    """The plan with its recruiting list, and with the worth of a first place for buddies who have none.

    Expects the smallest prices of the buddies, which `assign` gives. A first place has a gain and nothing to lose.
    """
    ends = {**plan.price_ends, **first_places(problem, plan, compiled_too)}
    return replace(plan, shortage=find_shortage(problem, plan), price_ends=dict(sorted(ends.items())))


def first_places(
    problem: Problem, plan: Plan, compiled_too: bool | None = None
) -> dict[str, tuple[int, int]]:
    """For each buddy of capacity 0 what a first place would add (millionths, with the bonus), where that is more
    than nothing; the other end, what one place less would lose, is 0.
    """
    full = (problem.capacity < 1).astype(np.int64)
    if not full.any():
        return {}
    scanner = Scanner.of(replace(problem, capacity=full), by_newcomer=False, compiled_too=compiled_too)
    own = _own(problem, plan)[scanner.columns.who]
    found = scanner.best(np.zeros(scanner.rows.who.size, np.int64), own, 1)
    gains = (found.score + own[found.column]).tolist()
    who = scanner.rows.who[found.row].tolist()
    return {problem.buddies[at].id: (gain, 0) for at, gain in zip(who, gains, strict=True)}


def find_shortage(problem: Problem, plan: Plan) -> tuple[Shortage, ...]:
    """The recruiting list of a plan, most worth first.

    An entry names no language but Dutch (`nl`) and no gender (wish empty) where asking for more adds nothing.
    """
    asked = _Asked.of(problem, plan)
    found = [entry for network in middles() for entry in _of_network(asked, network)]
    found.sort(key=lambda e: (-e.value, -e.waiting, e.network, e.language, SLOTS.index(e.slot), e.wish))
    return tuple(replace(entry, value=without_bonus(entry.value, plan.bonus)) for entry in found[:LONGEST])


def _own(problem: Problem, plan: Plan) -> Ints:
    """turn - price + bonus of each newcomer: what a new place there adds beside the score."""
    price = np.array([plan.newcomer_prices.get(n.id, 0) for n in problem.newcomers], np.int64)
    own: Ints = problem.turn - price + plan.bonus
    return own


def without_bonus(worth: int, bonus: int) -> int:
    """A worth without the bonus of the pairs in it."""
    return worth - bonus * nearest(worth, bonus) if bonus else worth


@dataclass(frozen=True, slots=True)
class _Asked:
    """The newcomers of a plan as arrays; own = what they bring beside the score (see `_own`)."""

    problem: Problem
    own: Ints
    alone: Flags
    speakers: Mapping[str, Flags]
    wish: npt.NDArray[np.str_]

    @classmethod
    def of(cls, problem: Problem, plan: Plan) -> _Asked:
        people = problem.newcomers
        matched = {pair.newcomer_id for pair in plan.pairs}
        alone = np.array([n.id not in matched for n in people], bool)
        tags = sorted({tag for n, left in zip(people, alone, strict=True) if left for tag in n.languages})
        speakers = {tag: np.array([tag in n.languages for n in people], bool) for tag in tags}
        wish = np.array([n.buddy_gender for n in people], np.str_)
        return cls(problem, _own(problem, plan), alone, speakers, wish)


def _of_network(asked: _Asked, network: str) -> Iterator[Shortage]:
    """Entries of one network: what is asked beside Dutch and a moment must add worth or reach more who wait."""
    lat, lon, province = middles()[network]
    problem, left = asked.problem, asked.problem.left
    here = (np.full(1, lat), np.full(1, lon))
    metres = distance_m(problem.lat[left.place], problem.lon[left.place], *here)
    limit = 1000 * problem.weights.rules.max_km
    near = np.flatnonzero((metres <= left.reach) & (metres <= limit))
    same = np.array([problem.newcomers[at].province == province for at in near.tolist()], bool)
    place = problem.model.w_place * place_values(metres[near], same)
    times = (left.word[near] >> np.arange(len(SLOTS))[:, None] & 1).astype(bool)
    seen: dict[tuple[str, str], tuple[Ints, Ints]] = {}
    for language in (DUTCH, *asked.speakers):
        if language != DUTCH and not asked.speakers[language][near].any():
            continue
        for wish in ("", "f", "m"):
            waiting, value = seen[language, wish] = _worth(asked, near, place, times, language, wish)
            new = waiting > 0
            for less in {(DUTCH, wish), (language, ""), (DUTCH, "")} - {(language, wish)}:
                new &= (value > seen[less][1]) | (waiting > seen[less][0])
            for at in np.flatnonzero(new).tolist():
                yield Shortage(network, language, SLOTS[at], wish, int(waiting[at]), int(value[at]))


def _worth(  # noqa: PLR0917 - one entry of a long list
    asked: _Asked, near: Ints, place: Ints, times: Flags, language: str, wish: str
) -> tuple[Ints, Ints]:
    """Per moment how many who are left could be with such a buddy, and what the buddy would add."""
    model, left = asked.problem.model, asked.problem.left
    word = left.word[near]
    shares = asked.speakers[language][near] if language != DUTCH else np.zeros(near.size, bool)
    fits = (shares | ((word & ANY_LANGUAGE) != 0)) & ((asked.wish[near] == "") | (asked.wish[near] == wish))
    moments = np.where((word & TOLD) != 0, SLOT_VALUES[1], model.neutral_availability)
    dutch, other = left.dutch[near], np.minimum(left.other[near], MILLION)
    total = place + model.w_interests * model.neutral_interests + model.w_availability * moments
    total = total + model.w_languages * np.where(shares, np.maximum(dutch, other), dutch)
    score = half_even(total, model.whole)
    fits &= score >= model.min_score
    at = np.flatnonzero(fits)
    free, gain = times[:, at], (score + asked.own[near])[at]
    waiting = free[:, asked.alone[near][at]].sum(axis=1)
    value = np.where(free, gain, 0).max(axis=1, initial=0)
    return waiting, value
