"""Shortest augmenting paths with prices, from either side, written to run plain and compiled.

State that always holds: u[i] + p[j] >= worth for every edge, with equality for a matched one; u, p >= 0. What
may be open: an unmatched newcomer with u > 0, or a free place with p > 0. A bid or a search closes one of them
without opening another for good; when none is left the assignment is optimal and u, p prove it. Because any
such state can be the start, a changed graph is repaired instead of solved again.

Bids are the cheap way (augmenting row reduction, Jonker and Volgenant 1987): a buddy with a free place takes the
newcomer it gains most from and leaves just as much as the second best would have left. What bids cannot settle,
shortest paths do (Dijkstra with prices, as in Edmonds and Karp 1972).
"""

# The functions read arrays or lists alike; the entries are whole numbers either way.
# mypy: disable-error-code="no-any-return"
# ruff: noqa: PLR0917 - compiled functions take no keywords

from __future__ import annotations

from typing import NamedTuple

from matching.heap import FUNCTIONS as HEAP_FUNCTIONS
from matching.heap import SETTLED, Search, forget, pop, reach_buddy
from matching.pack import Ints


class Edges(NamedTuple):
    """The edges of one side, by person (ptr): who is at the other end, and what the pair is worth."""

    ptr: Ints
    other: Ints
    worth: Ints


class Graph(NamedTuple):
    """The same edges seen from both sides."""

    newcomers: Edges
    buddies: Edges


class State(NamedTuple):
    """mate = buddy of a newcomer or -1; seat = newcomers of a buddy from seat_ptr on, `used` of them taken."""

    mate: Ints
    seat: Ints
    seat_ptr: Ints
    used: Ints
    u: Ints
    p: Ints


def has_free_place(buddy: int, state: State) -> bool:
    """Whether a buddy has a place that nobody took."""
    return state.seat_ptr[buddy] + state.used[buddy] < state.seat_ptr[buddy + 1]


def seat_of(state: State, buddy: int, newcomer: int) -> int:
    """Where a newcomer sits with a buddy."""
    at = state.seat_ptr[buddy]
    while state.seat[at] != newcomer:
        at += 1
    return at


def sit_down(state: State, buddy: int, newcomer: int) -> None:
    """Give a newcomer a free place of a buddy."""
    state.seat[state.seat_ptr[buddy] + state.used[buddy]] = newcomer
    state.used[buddy] += 1
    state.mate[newcomer] = buddy


def stand_up(state: State, buddy: int, newcomer: int) -> None:
    """Take a newcomer off a buddy."""
    at = seat_of(state, buddy, newcomer)
    state.used[buddy] -= 1
    state.seat[at] = state.seat[state.seat_ptr[buddy] + state.used[buddy]]
    state.mate[newcomer] = -1


def move_price(buddy: int, change: int, state: State) -> None:
    """Change the price of a buddy, and the other way that of the newcomers there."""
    state.p[buddy] += change
    for at in range(state.seat_ptr[buddy], state.seat_ptr[buddy] + state.used[buddy]):
        state.u[state.seat[at]] -= change


def expand_newcomer(
    newcomer: int,
    base: int,
    best: int,
    end: int,
    size: int,
    seen: int,
    edges: Edges,
    state: State,
    search: Search,
) -> tuple[int, int, int, int]:
    """Relax the edges of a newcomer; (best, end, heap size, touched), end = a buddy with a free place."""
    loss = base + state.u[newcomer]
    search.work[0] += edges.ptr[newcomer + 1] - edges.ptr[newcomer]
    for at in range(edges.ptr[newcomer], edges.ptr[newcomer + 1]):
        buddy = edges.other[at]
        if search.place[buddy] == SETTLED:
            continue
        distance = loss - (edges.worth[at] - state.p[buddy])
        if distance < best and distance < search.distance[buddy]:
            size, seen = reach_buddy(search, buddy, distance, size, seen)
            search.mover[buddy] = newcomer
            if has_free_place(buddy, state):
                best = distance
                end = buddy
    return best, end, size, seen


def serve_newcomer(start: int, edges: Edges, state: State, search: Search) -> None:
    """Close an unmatched newcomer with u > 0: find a place, free one, or lower u until alone is as good."""
    best = state.u[start]
    end = -1
    alone = start
    best, end, size, seen = expand_newcomer(start, 0, best, end, 0, 0, edges, state, search)
    while size > 0 and search.key[0] < best:
        buddy = pop(search, size)
        size -= 1
        base = search.distance[buddy]
        first = state.seat_ptr[buddy]
        for at in range(first, first + state.used[buddy]):
            newcomer = state.seat[at]
            if base + state.u[newcomer] < best:
                best = base + state.u[newcomer]
                alone = newcomer
                end = -1
        for at in range(first, first + state.used[buddy]):
            best, end, size, seen = expand_newcomer(
                state.seat[at], base, best, end, size, seen, edges, state, search
            )
    state.u[start] -= best
    for at in range(seen):
        buddy = search.touched[at]
        rise = best - search.distance[buddy]
        if search.place[buddy] == SETTLED and rise > 0:
            move_price(buddy, rise, state)
    if end >= 0:
        state.used[end] += 1
        shift_in(start, end, state.seat_ptr[end] + state.used[end] - 1, state, search)
    elif alone != start:
        buddy = state.mate[alone]
        state.mate[alone] = -1
        shift_in(start, buddy, seat_of(state, buddy, alone), state, search)
    forget(search, seen)


def shift_in(start: int, buddy: int, hole: int, state: State, search: Search) -> None:
    """Along the way found, everybody moves one on, into the hole at the end, until `start` has a place."""
    while True:
        newcomer = search.mover[buddy]
        old = state.mate[newcomer]
        state.mate[newcomer] = buddy
        state.seat[hole] = newcomer
        if newcomer == start:
            return
        buddy = old
        hole = seat_of(state, buddy, newcomer)


def expand_buddy(
    buddy: int, best: int, size: int, seen: int, edges: Edges, state: State, search: Search
) -> tuple[int, int, int, int]:
    """Relax the edges of a buddy; (best, taken, heap size, touched), taken = a newcomer who is free, or -1."""
    taken = -1
    loss = search.distance[buddy] + state.p[buddy]
    search.work[0] += edges.ptr[buddy + 1] - edges.ptr[buddy]
    for at in range(edges.ptr[buddy], edges.ptr[buddy + 1]):
        newcomer = edges.other[at]
        distance = loss + state.u[newcomer] - edges.worth[at]
        if distance >= best:
            continue
        other = state.mate[newcomer]
        if other < 0:
            best = distance
            taken = newcomer
        elif search.place[other] != SETTLED and distance < search.distance[other]:
            size, seen = reach_buddy(search, other, distance, size, seen)
            search.mover[other] = newcomer
            search.heir[other] = buddy
    return best, taken, size, seen


def fill_place(start: int, edges: Edges, state: State, search: Search) -> None:
    """Close a free place with p > 0: find it a newcomer, or lower p until leaving it free is as good."""
    buddy, heir, bare = start, start, start
    best = state.p[start]
    taken = -1
    search.distance[start] = 0
    search.touched[0] = start
    search.place[start] = SETTLED
    size, seen = 0, 1
    while True:
        best, better, size, seen = expand_buddy(buddy, best, size, seen, edges, state, search)
        if better >= 0:
            taken = better
            heir = buddy
        if size == 0 or search.key[0] >= best:
            break
        buddy = pop(search, size)
        size -= 1
        if search.distance[buddy] + state.p[buddy] < best:
            best = search.distance[buddy] + state.p[buddy]
            bare = buddy
            taken = -1
    for at in range(seen):
        buddy = search.touched[at]
        fall = best - search.distance[buddy]
        if search.place[buddy] == SETTLED and fall > 0:
            move_price(buddy, -fall, state)
    if taken < 0 and bare != start:
        taken = search.mover[bare]
        heir = search.heir[bare]
        stand_up(state, bare, taken)
    if taken >= 0:
        shift_out(start, taken, heir, state, search)
    forget(search, seen)


def shift_out(start: int, newcomer: int, buddy: int, state: State, search: Search) -> None:
    """Along the way found, each buddy takes over a newcomer and gives one on, until `start` has one more."""
    while buddy != start:
        given = search.mover[buddy]
        state.seat[seat_of(state, buddy, given)] = newcomer
        state.mate[newcomer] = buddy
        newcomer = given
        buddy = search.heir[buddy]
    sit_down(state, start, newcomer)


def bid(buddy: int, edges: Edges, state: State, search: Search) -> int:
    """One buddy with a free place and p > 0 takes whom it gains most from; who lost a newcomer by it, or -1.

    Nobody is taken from another buddy without a gain over the second best, so that bidding comes to an end.
    """
    most, second, chosen = 0, 0, -1
    search.work[0] += edges.ptr[buddy + 1] - edges.ptr[buddy]
    for at in range(edges.ptr[buddy], edges.ptr[buddy + 1]):
        newcomer = edges.other[at]
        gain = edges.worth[at] - state.u[newcomer]
        if gain <= 0 or gain < second or state.mate[newcomer] == buddy:
            continue
        if gain > most or (gain == most and state.mate[newcomer] < 0):
            second, most, chosen = most, gain, newcomer
        else:
            second = gain
    move_price(buddy, second - state.p[buddy], state)
    if chosen < 0:
        return -1
    loser = state.mate[chosen]
    if loser >= 0:
        if most == second:
            return -1
        stand_up(state, loser, chosen)
    state.u[chosen] += most - second
    sit_down(state, buddy, chosen)
    return loser


def make_bids(edges: Edges, state: State, search: Search, limit: int) -> None:
    """Let buddies with an open place bid in turn until none can, or `limit` edges were looked at."""
    room = len(search.queue)
    head, count = 0, 0
    for buddy in range(len(edges.ptr) - 1):
        search.waiting[buddy] = 0
        if state.p[buddy] > 0 and has_free_place(buddy, state):
            search.queue[count] = buddy
            search.waiting[buddy] = 1
            count += 1
    while count > 0 and search.work[0] <= limit:
        buddy = search.queue[head]
        head = (head + 1) % room
        count -= 1
        search.waiting[buddy] = 0
        before = state.used[buddy]
        loser = bid(buddy, edges, state, search)
        again = buddy if state.used[buddy] > before else -1
        for other in (loser, again):
            if (
                other >= 0
                and not search.waiting[other]
                and state.p[other] > 0
                and has_free_place(other, state)
            ):
                search.queue[(head + count) % room] = other
                search.waiting[other] = 1
                count += 1


def raise_newcomers(edges: Edges, state: State) -> None:
    """Lift u where an edge asks for more; a pair that is no longer tight is taken apart."""
    for newcomer in range(len(edges.ptr) - 1):
        most = state.u[newcomer]
        for at in range(edges.ptr[newcomer], edges.ptr[newcomer + 1]):
            most = max(most, edges.worth[at] - state.p[edges.other[at]])
        if most > state.u[newcomer]:
            state.u[newcomer] = most
            if state.mate[newcomer] >= 0:
                stand_up(state, state.mate[newcomer], newcomer)


def raise_buddies(edges: Edges, state: State) -> None:
    """Lift p where an edge asks for more, while nobody is matched yet."""
    for buddy in range(len(edges.ptr) - 1):
        most = state.p[buddy]
        for at in range(edges.ptr[buddy], edges.ptr[buddy + 1]):
            most = max(most, edges.worth[at] - state.u[edges.other[at]])
        state.p[buddy] = most


def serve_newcomers(edges: Edges, state: State, search: Search, limit: int) -> bool:
    """Close every open newcomer; False when more than `limit` edges were looked at before the end."""
    for newcomer in range(len(edges.ptr) - 1):
        if state.mate[newcomer] < 0 and state.u[newcomer] > 0:
            if search.work[0] > limit:
                return False
            serve_newcomer(newcomer, edges, state, search)
    return True


def fill_places(edges: Edges, state: State, search: Search, limit: int) -> bool:
    """Close every open place; False when more than `limit` edges were looked at before the end."""
    for buddy in range(len(edges.ptr) - 1):
        while state.p[buddy] > 0 and has_free_place(buddy, state):
            if search.work[0] > limit:
                return False
            fill_place(buddy, edges, state, search)
    return True


def solve(graph: Graph, state: State, search: Search, from_buddies: bool, limit: int) -> bool:
    """Make any valid start optimal on the edges of the graph; False when given up at `limit` edges looked at.

    `from_buddies` starts an empty assignment from that side, which is quicker when places are scarce.
    """
    search.work[0] = 0
    if from_buddies:
        raise_buddies(graph.buddies, state)
    else:
        raise_newcomers(graph.newcomers, state)
        if not serve_newcomers(graph.newcomers, state, search, limit):
            return False
    make_bids(graph.buddies, state, search, min(limit, BIDDING * len(graph.buddies.other)))
    return fill_places(graph.buddies, state, search, limit)


BIDDING = 30
"""Bids end when they have looked at this many times all edges: the rest is for searches."""
FUNCTIONS = (
    *HEAP_FUNCTIONS, "has_free_place", "seat_of", "sit_down", "stand_up", "move_price",
    "expand_newcomer", "shift_in", "serve_newcomer", "expand_buddy", "shift_out", "fill_place", "bid",
    "make_bids", "raise_newcomers", "raise_buddies", "serve_newcomers", "fill_places", "solve",
)  # fmt: skip
"""The functions above, and those of `heap`, in the order in which they call each other."""
