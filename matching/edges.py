"""Turning edges round: those of one side, seen from the other. Written to run plain and compiled."""

# The functions read arrays or lists alike; the entries are whole numbers either way.
# mypy: disable-error-code="no-any-return"

from __future__ import annotations

from matching.solver import Edges


def turn_round(edges: Edges, turned: Edges) -> None:
    """Fill `turned`, whose arrays are as long as they must be, with the same edges by the other end."""
    ptr, people = turned.ptr, len(turned.ptr) - 1
    for at in range(people + 1):
        ptr[at] = 0
    for at in range(len(edges.other)):
        ptr[edges.other[at]] += 1
    total = 0
    for at in range(people + 1):
        total += ptr[at]
        ptr[at] = total
    for person in range(len(edges.ptr) - 2, -1, -1):
        for at in range(edges.ptr[person + 1] - 1, edges.ptr[person] - 1, -1):
            other = edges.other[at]
            ptr[other] -= 1
            turned.other[ptr[other]] = person
            turned.worth[ptr[other]] = edges.worth[at]


FUNCTIONS = ("turn_round",)
