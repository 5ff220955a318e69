"""Rough prices by an auction, for the searches of `solver` to begin from. Written to run plain and compiled.

Newcomers bid for the cheapest place of the buddy they gain most with, each time a step more than it is worth to
them (Bertsekas 1988). Where places are short their prices rise, where they are not they stay 0. Prices end up
within about a step of those that prove an optimum, so that the searches that make them exact are short; they
matter most where places are about as many as newcomers, or short in one town and left in the next.
"""

# The functions read arrays or lists alike; the entries are whole numbers either way.
# mypy: disable-error-code="no-any-return"

from __future__ import annotations

from typing import NamedTuple

from matching.heap import FAR
from matching.pack import Ints
from matching.solver import Edges

STEP = 8_000
"""Millionths by which a bid exceeds the need: smaller steps cost more bids and save searches."""
ROUNDS = 40
"""Bidding ends when it has looked at this many times all edges; what it found by then is as good a start as any."""


class Hall(NamedTuple):
    """price and owner of each seat (seat_ptr by buddy); per buddy the least price, the next, and whose it is."""

    seat_ptr: Ints
    price: Ints
    owner: Ints
    least: Ints
    second: Ints
    cheapest: Ints


def open_hall(hall: Hall) -> None:
    """All seats at 0 and without owner; who has no seat is out of everybody's means."""
    for seat in range(len(hall.price)):
        hall.price[seat] = 0
        hall.owner[seat] = -1
    for buddy in range(len(hall.least)):
        look_up(buddy, hall)


def look_up(buddy: int, hall: Hall) -> None:
    """Note the cheapest seat of a buddy."""
    least, second, cheapest = FAR, FAR, -1
    for seat in range(hall.seat_ptr[buddy], hall.seat_ptr[buddy + 1]):
        if hall.price[seat] < least:
            second = least
            least = hall.price[seat]
            cheapest = seat
        elif hall.price[seat] < second:
            second = hall.price[seat]
    hall.least[buddy] = least
    hall.second[buddy] = second
    hall.cheapest[buddy] = cheapest


def outbid(newcomer: int, step: int, edges: Edges, hall: Hall) -> int:
    """One newcomer takes the seat that leaves most; who owned it before, or -1."""
    most, next_most, chosen = 0, 0, -1
    for at in range(edges.ptr[newcomer], edges.ptr[newcomer + 1]):
        buddy = edges.other[at]
        gain = edges.worth[at] - hall.least[buddy]
        if gain > most:
            next_most = most
            most = gain
            chosen = buddy
        elif gain > next_most:
            next_most = gain
    if chosen < 0:
        return -1
    next_most = max(next_most, most + hall.least[chosen] - hall.second[chosen])
    seat = hall.cheapest[chosen]
    before = hall.owner[seat]
    hall.owner[seat] = newcomer
    hall.price[seat] += most - next_most + step
    look_up(chosen, hall)
    return before


def rough_prices(edges: Edges, hall: Hall, prices: Ints, step: int) -> None:
    """Write to `prices` what the cheapest place of each buddy costs at the end of an auction."""
    open_hall(hall)
    left = ROUNDS * len(edges.other)
    for first in range(len(edges.ptr) - 1):
        newcomer = first
        while newcomer >= 0 and left > 0:
            left -= edges.ptr[newcomer + 1] - edges.ptr[newcomer]
            newcomer = outbid(newcomer, step, edges, hall)
    for buddy in range(len(prices)):
        prices[buddy] = hall.least[buddy] if hall.cheapest[buddy] >= 0 else 0


FUNCTIONS = ("look_up", "open_hall", "outbid", "rough_prices")
"""The functions above in the order in which they call each other."""
