"""The two ends of what a place is worth: what one more would add, and what one less would lose.

Of all prices that prove an optimum, the smallest of a buddy is the gain of one more place there, the largest
the loss of one place less. Both come from shortest ways over the assignment, one search for all buddies.
Written to run plain and compiled, like `solver`.
"""

# The functions read arrays or lists alike; the entries are whole numbers either way.
# mypy: disable-error-code="no-any-return"

from __future__ import annotations

from matching.solver import (
    FAR,
    SETTLED,
    Graph,
    Search,
    State,
    forget,
    has_free_place,
    lift,
    pop,
    reach_buddy,
    transpose,
)


def lower_prices(graph: Graph, state: State, search: Search) -> None:
    """Lower every p as far as the proof allows; u of those matched there rises by as much."""
    transpose(graph, search)
    size = 0
    seen = 0
    for buddy in range(len(graph.buddy_ptr) - 1):
        fall = state.p[buddy]
        for at in range(graph.buddy_ptr[buddy], graph.buddy_ptr[buddy + 1]):
            edge = graph.buddy_edge[at]
            newcomer = graph.row[edge]
            if state.mate[newcomer] < 0:
                fall = min(fall, state.u[newcomer] + state.p[buddy] - graph.weight[edge])
        size, seen = reach_buddy(search, buddy, fall, -1, size, seen)
    while size > 0:
        buddy = pop(search, size)
        size -= 1
        for at in range(state.slot_ptr[buddy], state.slot_ptr[buddy] + state.used[buddy]):
            newcomer = graph.row[state.slot[at]]
            for edge in range(graph.ptr[newcomer], graph.ptr[newcomer + 1]):
                other = graph.column[edge]
                slack = state.u[newcomer] + state.p[other] - graph.weight[edge]
                fall = search.distance[buddy] + slack
                if search.place[other] != SETTLED and fall < search.distance[other]:
                    size, seen = reach_buddy(search, other, fall, edge, size, seen)
    shift_prices(graph, state, search, -1)
    forget(search, seen)


def raise_prices(graph: Graph, state: State, search: Search) -> None:
    """Raise every p as far as the proof allows; u of those matched there falls by as much."""
    transpose(graph, search)
    size = 0
    seen = 0
    for buddy in range(len(graph.buddy_ptr) - 1):
        rise = FAR - 1
        if has_free_place(buddy, state) or state.slot_ptr[buddy] == state.slot_ptr[buddy + 1]:
            rise = 0
        for at in range(state.slot_ptr[buddy], state.slot_ptr[buddy] + state.used[buddy]):
            rise = min(rise, state.u[graph.row[state.slot[at]]])
        size, seen = reach_buddy(search, buddy, rise, -1, size, seen)
    while size > 0:
        buddy = pop(search, size)
        size -= 1
        for at in range(graph.buddy_ptr[buddy], graph.buddy_ptr[buddy + 1]):
            edge = graph.buddy_edge[at]
            newcomer = graph.row[edge]
            if state.mate[newcomer] < 0:
                continue
            other = graph.column[state.mate[newcomer]]
            slack = state.u[newcomer] + state.p[buddy] - graph.weight[edge]
            rise = search.distance[buddy] + slack
            if search.place[other] != SETTLED and rise < search.distance[other]:
                size, seen = reach_buddy(search, other, rise, edge, size, seen)
    shift_prices(graph, state, search, 1)
    forget(search, seen)


def shift_prices(graph: Graph, state: State, search: Search, sign: int) -> None:
    """Move every price by its distance, and the other way those who are matched there."""
    for buddy in range(len(graph.buddy_ptr) - 1):
        change = sign * search.distance[buddy]
        state.p[buddy] += change
        for at in range(state.slot_ptr[buddy], state.slot_ptr[buddy] + state.used[buddy]):
            state.u[graph.row[state.slot[at]]] -= change


FUNCTIONS = (
    "lift", "pop", "reach_buddy", "forget", "transpose", "has_free_place", "shift_prices", "lower_prices",
    "raise_prices",
)  # fmt: skip
"""The functions in the order in which they call each other; the first ones are those of `solver`."""
__all__ = ["FUNCTIONS", "lift", "lower_prices", "raise_prices"]
