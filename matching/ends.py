"""The two ends of what a place is worth: what one more would add, and what one less would lose.

Of all prices that prove an optimum, the smallest of a buddy is the gain of one more place there, the largest
the loss of one place less. Both come from shortest ways over the assignment, one search for all buddies.
Written to run plain and compiled, like `solver`.
"""

# The functions read arrays or lists alike; the entries are whole numbers either way.
# mypy: disable-error-code="no-any-return"

from __future__ import annotations

from matching.heap import FAR, SETTLED, Search, forget, pop, reach_buddy
from matching.heap import FUNCTIONS as HEAP_FUNCTIONS
from matching.solver import Graph, State, has_free_place, move_price


def lower_prices(graph: Graph, state: State, search: Search) -> None:
    """Lower every p as far as the proof allows; u of those matched there rises by as much."""
    ours, theirs = graph.newcomers, graph.buddies
    size = 0
    seen = 0
    for buddy in range(len(theirs.ptr) - 1):
        fall = state.p[buddy]
        for at in range(theirs.ptr[buddy], theirs.ptr[buddy + 1]):
            newcomer = theirs.other[at]
            if state.mate[newcomer] < 0:
                fall = min(fall, state.u[newcomer] + state.p[buddy] - theirs.worth[at])
        size, seen = reach_buddy(search, buddy, fall, size, seen)
    while size > 0:
        buddy = pop(search, size)
        size -= 1
        for seat in range(state.seat_ptr[buddy], state.seat_ptr[buddy] + state.used[buddy]):
            newcomer = state.seat[seat]
            for at in range(ours.ptr[newcomer], ours.ptr[newcomer + 1]):
                other = ours.other[at]
                fall = search.distance[buddy] + state.u[newcomer] + state.p[other] - ours.worth[at]
                if search.place[other] != SETTLED and fall < search.distance[other]:
                    size, seen = reach_buddy(search, other, fall, size, seen)
    for buddy in range(len(theirs.ptr) - 1):
        move_price(buddy, -search.distance[buddy], state)
    forget(search, seen)


def raise_prices(graph: Graph, state: State, search: Search) -> None:
    """Raise every p as far as the proof allows; u of those matched there falls by as much."""
    theirs = graph.buddies
    size = 0
    seen = 0
    for buddy in range(len(theirs.ptr) - 1):
        rise = 0 if has_free_place(buddy, state) else FAR - 1
        for seat in range(state.seat_ptr[buddy], state.seat_ptr[buddy] + state.used[buddy]):
            rise = min(rise, state.u[state.seat[seat]])
        size, seen = reach_buddy(search, buddy, rise, size, seen)
    while size > 0:
        buddy = pop(search, size)
        size -= 1
        for at in range(theirs.ptr[buddy], theirs.ptr[buddy + 1]):
            newcomer = theirs.other[at]
            other = state.mate[newcomer]
            if other < 0:
                continue
            rise = search.distance[buddy] + state.u[newcomer] + state.p[buddy] - theirs.worth[at]
            if search.place[other] != SETTLED and rise < search.distance[other]:
                size, seen = reach_buddy(search, other, rise, size, seen)
    for buddy in range(len(theirs.ptr) - 1):
        move_price(buddy, search.distance[buddy], state)
    forget(search, seen)


FUNCTIONS = (*HEAP_FUNCTIONS, "has_free_place", "move_price", "lower_prices", "raise_prices")
"""The functions in the order in which they call each other; the first ones are those of `heap` and `solver`."""
__all__ = ["FUNCTIONS", "lower_prices", "raise_prices"]
