"""The heap of a shortest path search over buddies, written to run plain and compiled."""

# The functions read arrays or lists alike; the entries are whole numbers either way.
# mypy: disable-error-code="no-any-return"

from __future__ import annotations

from typing import NamedTuple

from matching.pack import Ints

FAR = 1 << 60
SETTLED = -2
UNSEEN = -1


class Search(NamedTuple):
    """Scratch of one search over buddies, and of the bids.

    distance; mover = the newcomer by whom a buddy was reached, heir = the buddy who would take that newcomer;
    place, key, node = a heap; touched = who was reached; queue = buddies who may bid, waiting = who stands in
    it; work[0] counts edges looked at.
    """

    distance: Ints
    mover: Ints
    heir: Ints
    place: Ints
    key: Ints
    node: Ints
    touched: Ints
    queue: Ints
    waiting: Ints
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


def reach_buddy(search: Search, buddy: int, distance: int, size: int, seen: int) -> tuple[int, int]:
    """Note a shorter way to a buddy; the new sizes of heap and touched list."""
    if search.distance[buddy] == FAR:
        search.touched[seen] = buddy
        seen += 1
    search.distance[buddy] = distance
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


FUNCTIONS = ("lift", "pop", "reach_buddy", "forget")
"""The functions above in the order in which they call each other."""
