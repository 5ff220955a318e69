"""Shortest augmenting paths with prices, from either side, written to run plain and compiled.

State that always holds: u[i] + p[j] >= w for every edge, with equality for a matched one; u, p >= 0. What may
be open: an unmatched newcomer with u > 0, or a free place with p > 0. A search from either closes one of them
without opening another; when none is left the assignment is optimal and u, p prove it. Because any such state
can be the start, a changed graph is repaired instead of solved again.
"""

# The functions read arrays or lists alike; the entries are whole numbers either way.
# mypy: disable-error-code="no-any-return"
# ruff: noqa: PLR0917 - compiled functions take no keywords

from __future__ import annotations

from typing import NamedTuple

from matching.pack import Ints

FAR = 1 << 60
SETTLED = -2
UNSEEN = -1


class Graph(NamedTuple):
    """Edges by newcomer (ptr, column, weight, row) and by buddy (buddy_ptr, buddy_edge)."""

    ptr: Ints
    column: Ints
    weight: Ints
    row: Ints
    buddy_ptr: Ints
    buddy_edge: Ints


class State(NamedTuple):
    """mate = edge of a newcomer or -1; slot = edges of a buddy from slot_ptr on, `used` of them taken."""

    mate: Ints
    slot: Ints
    slot_ptr: Ints
    used: Ints
    u: Ints
    p: Ints


class Search(NamedTuple):
    """Scratch of one search: distance, edge by which a buddy was reached, heap, who was touched; work[0] counts edges looked at."""

    distance: Ints
    via: Ints
    place: Ints
    key: Ints
    node: Ints
    touched: Ints
    work: Ints


def lift(search: Search, at: int) -> None:
    """Move a heap entry up to where it belongs."""
    key = search.key[at]
    node = search.node[at]
    while at > 0:
        parent = (at - 1) >> 1
        if search.key[parent] <= key:
            break
        search.key[at] = search.key[parent]
        search.node[at] = search.node[parent]
        search.place[search.node[at]] = at
        at = parent
    search.key[at] = key
    search.node[at] = node
    search.place[node] = at


def pop(search: Search, size: int) -> int:
    """Take the nearest buddy off a heap of `size` entries and settle it."""
    nearest = search.node[0]
    size -= 1
    key = search.key[size]
    node = search.node[size]
    at = 0
    while 2 * at + 1 < size:
        child = 2 * at + 1
        if child + 1 < size and search.key[child + 1] < search.key[child]:
            child += 1
        if search.key[child] >= key:
            break
        search.key[at] = search.key[child]
        search.node[at] = search.node[child]
        search.place[search.node[at]] = at
        at = child
    if size > 0:
        search.key[at] = key
        search.node[at] = node
        search.place[node] = at
    search.place[nearest] = SETTLED
    return nearest


def reach_buddy(
    search: Search, buddy: int, distance: int, edge: int, size: int, seen: int
) -> tuple[int, int]:
    """Note a shorter way to a buddy; the new sizes of heap and touched list."""
    if search.distance[buddy] == FAR:
        search.touched[seen] = buddy
        seen += 1
    search.distance[buddy] = distance
    search.via[buddy] = edge
    at = search.place[buddy]
    if at < 0:
        at = size
        size += 1
        search.node[at] = buddy
    search.key[at] = distance
    lift(search, at)
    return size, seen


def forget(search: Search, seen: int) -> None:
    """Clear what a search touched."""
    for at in range(seen):
        buddy = search.touched[at]
        search.distance[buddy] = FAR
        search.place[buddy] = UNSEEN


def slot_of(state: State, buddy: int, edge: int) -> int:
    """Where a matched edge sits among the slots."""
    at = state.slot_ptr[buddy]
    while state.slot[at] != edge:
        at += 1
    return at


def expand_newcomer(
    newcomer: int,
    base: int,
    best: int,
    end: int,
    size: int,
    seen: int,
    graph: Graph,
    state: State,
    search: Search,
) -> tuple[int, int, int, int]:
    """Relax the edges of a newcomer; (best, end, heap size, touched), end = a buddy with a free place."""
    loss = base + state.u[newcomer]
    search.work[0] += graph.ptr[newcomer + 1] - graph.ptr[newcomer]
    for edge in range(graph.ptr[newcomer], graph.ptr[newcomer + 1]):
        buddy = graph.column[edge]
        if search.place[buddy] == SETTLED:
            continue
        distance = loss - (graph.weight[edge] - state.p[buddy])
        if distance < best and distance < search.distance[buddy]:
            size, seen = reach_buddy(search, buddy, distance, edge, size, seen)
            if state.slot_ptr[buddy] + state.used[buddy] < state.slot_ptr[buddy + 1]:
                best = distance
                end = buddy
    return best, end, size, seen


def serve_newcomer(start: int, graph: Graph, state: State, search: Search) -> None:
    """Close an unmatched newcomer with u > 0: find a place, free one, or lower u until alone is as good."""
    best = state.u[start]
    end = -1
    alone = start
    best, end, size, seen = expand_newcomer(start, 0, best, end, 0, 0, graph, state, search)
    while size > 0 and search.key[0] < best:
        buddy = pop(search, size)
        size -= 1
        base = search.distance[buddy]
        first = state.slot_ptr[buddy]
        for at in range(first, first + state.used[buddy]):
            newcomer = graph.row[state.slot[at]]
            if base + state.u[newcomer] < best:
                best = base + state.u[newcomer]
                alone = newcomer
                end = -1
        for at in range(first, first + state.used[buddy]):
            newcomer = graph.row[state.slot[at]]
            best, end, size, seen = expand_newcomer(
                newcomer, base, best, end, size, seen, graph, state, search
            )
    state.u[start] -= best
    for at in range(seen):
        buddy = search.touched[at]
        rise = best - search.distance[buddy]
        if search.place[buddy] == SETTLED and rise > 0:
            state.p[buddy] += rise
            for slot in range(state.slot_ptr[buddy], state.slot_ptr[buddy] + state.used[buddy]):
                state.u[graph.row[state.slot[slot]]] -= rise
    if end >= 0:
        hole = state.slot_ptr[end] + state.used[end]
        state.used[end] += 1
        shift_in(start, end, hole, graph, state, search)
    elif alone != start:
        edge = state.mate[alone]
        state.mate[alone] = -1
        buddy = graph.column[edge]
        shift_in(start, buddy, slot_of(state, buddy, edge), graph, state, search)
    forget(search, seen)


def shift_in(start: int, buddy: int, hole: int, graph: Graph, state: State, search: Search) -> None:
    """Along the way found, everybody moves one on, into the hole at the end, until `start` has a place."""
    while True:
        edge = search.via[buddy]
        newcomer = graph.row[edge]
        old = state.mate[newcomer]
        state.mate[newcomer] = edge
        state.slot[hole] = edge
        if newcomer == start:
            return
        buddy = graph.column[old]
        hole = slot_of(state, buddy, old)


def expand_buddy(
    buddy: int, best: int, taken: int, size: int, seen: int, graph: Graph, state: State, search: Search
) -> tuple[int, int, int, int]:
    """Relax the edges of a buddy; (best, taken, heap size, touched), taken = edge to an unmatched newcomer."""
    loss = search.distance[buddy] + state.p[buddy]
    search.work[0] += graph.buddy_ptr[buddy + 1] - graph.buddy_ptr[buddy]
    for at in range(graph.buddy_ptr[buddy], graph.buddy_ptr[buddy + 1]):
        edge = graph.buddy_edge[at]
        newcomer = graph.row[edge]
        distance = loss + state.u[newcomer] - graph.weight[edge]
        if distance >= best:
            continue
        mate = state.mate[newcomer]
        if mate < 0:
            best = distance
            taken = edge
            continue
        other = graph.column[mate]
        if search.place[other] != SETTLED and distance < search.distance[other]:
            size, seen = reach_buddy(search, other, distance, edge, size, seen)
    return best, taken, size, seen


def fill_place(start: int, graph: Graph, state: State, search: Search) -> None:
    """Close a free place with p > 0: find it a newcomer, or lower p until leaving it free is as good."""
    best = state.p[start]
    taken = -1
    bare = start
    search.distance[start] = 0
    search.touched[0] = start
    search.place[start] = SETTLED
    best, taken, size, seen = expand_buddy(start, best, taken, 0, 1, graph, state, search)
    while size > 0 and search.key[0] < best:
        buddy = pop(search, size)
        size -= 1
        if search.distance[buddy] + state.p[buddy] < best:
            best = search.distance[buddy] + state.p[buddy]
            bare = buddy
            taken = -1
        best, taken, size, seen = expand_buddy(buddy, best, taken, size, seen, graph, state, search)
    for at in range(seen):
        buddy = search.touched[at]
        fall = best - search.distance[buddy]
        if search.place[buddy] == SETTLED and fall > 0:
            state.p[buddy] -= fall
            for slot in range(state.slot_ptr[buddy], state.slot_ptr[buddy] + state.used[buddy]):
                state.u[graph.row[state.slot[slot]]] += fall
    if taken >= 0:
        shift_out(start, taken, graph, state, search)
    elif bare != start:
        edge = search.via[bare]
        state.used[bare] -= 1
        hole = slot_of(state, bare, state.mate[graph.row[edge]])
        state.slot[hole] = state.slot[state.slot_ptr[bare] + state.used[bare]]
        shift_out(start, edge, graph, state, search)
    forget(search, seen)


def shift_out(start: int, edge: int, graph: Graph, state: State, search: Search) -> None:
    """Along the way found, each buddy takes over the next newcomer, until the free place of `start` is filled."""
    while True:
        buddy = graph.column[edge]
        newcomer = graph.row[edge]
        if buddy == start:
            state.mate[newcomer] = edge
            state.slot[state.slot_ptr[start] + state.used[start]] = edge
            state.used[start] += 1
            return
        following = search.via[buddy]
        state.slot[slot_of(state, buddy, state.mate[graph.row[following]])] = edge
        state.mate[newcomer] = edge
        edge = following


def release(newcomer: int, graph: Graph, state: State) -> None:
    """Take a matched newcomer off the buddy."""
    edge = state.mate[newcomer]
    buddy = graph.column[edge]
    at = slot_of(state, buddy, edge)
    state.used[buddy] -= 1
    state.slot[at] = state.slot[state.slot_ptr[buddy] + state.used[buddy]]
    state.mate[newcomer] = -1


def raise_newcomers(graph: Graph, state: State) -> None:
    """Lift u where an edge asks for more; a pair that is no longer tight is taken apart."""
    for newcomer in range(len(graph.ptr) - 1):
        most = state.u[newcomer]
        for edge in range(graph.ptr[newcomer], graph.ptr[newcomer + 1]):
            most = max(most, graph.weight[edge] - state.p[graph.column[edge]])
        if most > state.u[newcomer]:
            state.u[newcomer] = most
            if state.mate[newcomer] >= 0:
                release(newcomer, graph, state)


def raise_buddies(graph: Graph, state: State) -> None:
    """Lift p where an edge asks for more, while nobody is matched yet."""
    for buddy in range(len(graph.buddy_ptr) - 1):
        most = state.p[buddy]
        for at in range(graph.buddy_ptr[buddy], graph.buddy_ptr[buddy + 1]):
            edge = graph.buddy_edge[at]
            most = max(most, graph.weight[edge] - state.u[graph.row[edge]])
        if most > state.p[buddy] and state.slot_ptr[buddy] < state.slot_ptr[buddy + 1]:
            state.p[buddy] = most


def transpose(graph: Graph, search: Search) -> None:
    """Fill buddy_edge with the edges by buddy."""
    cursor = search.touched
    for buddy in range(len(graph.buddy_ptr) - 1):
        cursor[buddy] = graph.buddy_ptr[buddy]
    for edge in range(len(graph.column)):
        buddy = graph.column[edge]
        graph.buddy_edge[cursor[buddy]] = edge
        cursor[buddy] += 1


def has_free_place(buddy: int, state: State) -> bool:
    """Whether a buddy has a place that nobody took."""
    return state.slot_ptr[buddy] + state.used[buddy] < state.slot_ptr[buddy + 1]


def serve_newcomers(graph: Graph, state: State, search: Search, limit: int) -> bool:
    """Close every open newcomer; False when more than `limit` edges were looked at before the end."""
    for newcomer in range(len(graph.ptr) - 1):
        if state.mate[newcomer] < 0 and state.u[newcomer] > 0:
            if search.work[0] > limit:
                return False
            serve_newcomer(newcomer, graph, state, search)
    return True


def fill_places(graph: Graph, state: State, search: Search, limit: int) -> bool:
    """Close every open place; False when more than `limit` edges were looked at before the end."""
    for buddy in range(len(graph.buddy_ptr) - 1):
        while state.p[buddy] > 0 and has_free_place(buddy, state):
            if search.work[0] > limit:
                return False
            fill_place(buddy, graph, state, search)
    return True


def solve(graph: Graph, state: State, search: Search, from_buddies: bool, limit: int) -> bool:
    """Make any valid start optimal on the edges of the graph; False when given up at `limit` edges looked at.

    `from_buddies` starts an empty assignment from that side, which is quicker when places are scarce.
    """
    search.work[0] = 0
    transpose(graph, search)
    if from_buddies:
        raise_buddies(graph, state)
        return fill_places(graph, state, search, limit)
    raise_newcomers(graph, state)
    return serve_newcomers(graph, state, search, limit) and fill_places(graph, state, search, limit)


FUNCTIONS = (
    "lift", "pop", "reach_buddy", "forget", "slot_of", "expand_newcomer", "shift_in", "serve_newcomer",
    "expand_buddy", "shift_out", "fill_place", "release", "raise_newcomers", "raise_buddies", "transpose",
    "has_free_place", "serve_newcomers", "fill_places", "solve",
)  # fmt: skip
"""The functions above in the order in which they call each other."""
