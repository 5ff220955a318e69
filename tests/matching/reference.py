"""A slow second hand: the model once more in plain Python, and the optimum by OR-Tools on all permitted pairs."""

from __future__ import annotations

import math
from datetime import date
from fractions import Fraction

from ortools.graph.python import min_cost_flow

from matching import Buddy, Newcomer, Weights
from matching.interests import INTERESTS, SLOTS

LEVELS = ["none", "a1", "a2", "b1", "b2"]


def metres(one, other) -> int:
    lat1, lon1, lat2, lon2 = map(math.radians, (one.lat, one.lon, other.lat, other.lon))
    a = math.sin((lat2 - lat1) / 2) ** 2 + math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    return round(2 * 6_371_009 * math.asin(math.sqrt(a)))


def rarities(people):
    told = [p for p in people if p.interests]
    return {
        tag: round(1000 * (math.log((1 + len(told)) / (1 + sum(tag in p.interests for p in told))) + 1))
        for tag in INTERESTS
    }


def turn(newcomer: Newcomer, weights: Weights, today: date) -> int:
    t = (today - newcomer.waiting_since).days if newcomer.waiting_since else 0
    total = Fraction(weights.turn.waiting) * t / (t + weights.turn.half_days)
    if newcomer.owes_trajectory:
        total += weights.turn.owes
        if newcomer.contract_end:
            share = 1 - Fraction((newcomer.contract_end - today).days, 180)
            total += weights.turn.term * min(max(share, Fraction(0)), Fraction(1))
    return round(total)


def shared(newcomer, buddy, weights):
    tags = set(newcomer.languages) & set(buddy.languages)
    dutch = LEVELS.index(newcomer.dutch_level) >= LEVELS.index(weights.rules.min_dutch)
    return tags | ({"nl"} if dutch else set())


def values(newcomer: Newcomer, buddy: Buddy, rarity, weights: Weights):
    if newcomer.interests and buddy.interests:
        common = sum(rarity[t] ** 2 for t in set(newcomer.interests) & set(buddy.interests))
        one = math.sqrt(sum(rarity[t] ** 2 for t in newcomer.interests))
        other = math.sqrt(sum(rarity[t] ** 2 for t in buddy.interests))
        interests = round(1e6 * common / (one * other))
    else:
        interests = weights.neutral.interests
    if newcomer.availability and buddy.availability:
        slots = len(set(newcomer.availability) & set(buddy.availability))
        availability = {0: 0, 1: 333_333, 2: 666_667}.get(slots, 1_000_000)
    else:
        availability = weights.neutral.availability
    same = newcomer.province == buddy.province
    place = round(250_000 * same + 750_000 * math.exp(-metres(newcomer, buddy) / 12_000))
    level = LEVELS.index(newcomer.dutch_level)
    worth = [
        (None, 500_000, 800_000, 1_000_000, 1_000_000)[level]
        if tag == "nl"
        else (900_000, 800_000, 600_000, 400_000, 400_000)[level]
        for tag in shared(newcomer, buddy, weights)
    ]
    return {
        "interests": interests,
        "availability": availability,
        "place": place,
        "languages": max(worth, default=0),
    }


def score(found, weights: Weights) -> int:
    w = weights.weights
    number = {
        "interests": w.interests,
        "availability": w.availability,
        "place": w.place,
        "languages": w.languages,
    }
    return round(Fraction(sum(number[c] * found[c] for c in number), sum(number.values())))


def failed(newcomer, buddy, past, weights: Weights, rarity):
    """The rules that the two do not meet, in the order of the library's codes."""
    limits = [weights.rules.max_km if p.max_km is None else p.max_km for p in (newcomer, buddy)]
    met = {
        "too_far": metres(newcomer, buddy) <= 1000 * min(limits),
        "no_slot": set(newcomer.availability or SLOTS) & set(buddy.availability or SLOTS),
        "no_language": shared(newcomer, buddy, weights) or not weights.rules.shared_language,
        "gender_wish": (not newcomer.buddy_gender or newcomer.buddy_gender == buddy.gender)
        and (not buddy.newcomer_gender or buddy.newcomer_gender == newcomer.gender),
        "past_pair": (newcomer.id, buddy.id) not in past,
        "no_capacity": buddy.capacity >= 1,
        "low_score": score(values(newcomer, buddy, rarity, weights), weights) >= weights.rules.min_score,
    }
    return [code for code, passed in met.items() if not passed]


def permitted(newcomers, buddies, past, weights: Weights, today: date, people=None):
    """Every permitted pair as (newcomer id, buddy id) -> (score, utility)."""
    rarity = rarities(people or [*newcomers, *buddies])
    result = {}
    for n in newcomers:
        for b in buddies:
            if not failed(n, b, past, weights, rarity):
                points = score(values(n, b, rarity, weights), weights)
                result[n.id, b.id] = points, points + turn(n, weights, today)
    return result


def optimum(newcomers, buddies, pairs, bonus: int = 0) -> int:
    """The largest sum of utility + bonus over all assignments, by OR-Tools minimum cost flow."""
    flow = min_cost_flow.SimpleMinCostFlow()
    row = {n.id: 1 + at for at, n in enumerate(newcomers)}
    column = {b.id: 1 + len(row) + at for at, b in enumerate(buddies)}
    sink = 1 + len(row) + len(column)
    for node in row.values():
        flow.add_arc_with_capacity_and_unit_cost(0, node, 1, 0)
        flow.add_arc_with_capacity_and_unit_cost(node, sink, 1, 0)
    for buddy in buddies:
        flow.add_arc_with_capacity_and_unit_cost(column[buddy.id], sink, buddy.capacity, 0)
    for (n, b), (_, utility) in pairs.items():
        flow.add_arc_with_capacity_and_unit_cost(row[n], column[b], 1, -(utility + bonus))
    flow.set_node_supply(0, len(row))
    flow.set_node_supply(sink, -len(row))
    assert flow.solve() == flow.OPTIMAL
    return -flow.optimal_cost()
