"""What is computed of one pair, and the heap that keeps the best, as plain Python and compiled.

Only plain loops over one-dimensional arrays: `compiled.py` compiles these very functions, so that a run of a
handful of people (plain lists, no compiler) and a run of a million give the same integers.
"""

# The functions read arrays or lists alike; the entries are whole numbers either way.
# mypy: disable-error-code="no-any-return"
# ruff: noqa: PLR0917, SIM110 - compiled functions know neither keywords nor generators

from __future__ import annotations

from typing import NamedTuple

from matching.pack import (
    ANY_LANGUAGE,
    FIRST_LANGUAGE_BIT,
    SLOTS_MASK,
    TOLD,
    WORD_LANGUAGES,
    Crowd,
    Ints,
    Model,
)

LANGUAGE = ((1 << WORD_LANGUAGES) - 1) << FIRST_LANGUAGE_BIT
SOME_LANGUAGE = LANGUAGE | ANY_LANGUAGE


class Past(NamedTuple):
    """Pairs that must not be proposed again, per row (by ptr) the columns."""

    ptr: Ints
    column: Ints


class Best(NamedTuple):
    """Where a scan writes, per row (by ptr) a heap with the worst kept pair at its root."""

    ptr: Ints
    total: Ints
    who: Ints
    score: Ints
    found: Ints


def shares_more(rows: Crowd, row: int, columns: Crowd, column: int, words: int) -> bool:
    """Whether two people share a language that has no bit in the first word."""
    for word in range(words):
        if rows.more[row * words + word] & columns.more[column * words + word]:
            return True
    return False


def squares_of(common: int, model: Model) -> float:
    """Sum of idf squared over the interests of a mask; exact in float64."""
    squares = model.squares
    return (
        squares[common & 255]
        + squares[256 + (common >> 8 & 255)]
        + squares[512 + (common >> 16 & 255)]
        + squares[768 + (common >> 24 & 255)]
        + squares[1024 + (common >> 32)]
    )


def availability_of(both: int, model: Model) -> int:
    """Value of the moments in common, from the two words combined."""
    if not both & TOLD:
        return model.neutral_availability
    slots = both & SLOTS_MASK
    second = slots & (slots - 1)
    third = second & (second - 1)
    if third:
        return model.slot_values[3]
    return model.slot_values[2] if second else model.slot_values[1]


def language_of(rows: Crowd, row: int, columns: Crowd, column: int, shares: bool) -> int:
    """Value of the best language in common; 0 when there is none."""
    value = min(rows.dutch[row], columns.dutch[column])
    if shares:
        value = max(value, min(rows.other[row], columns.other[column]))
    return value


def score_of(rows: Crowd, row: int, columns: Crowd, column: int, gross: int, model: Model) -> int:
    """Score of a pair whose moments and wishes fit; -1 when no language does. `gross` = that of the place."""
    both = rows.word[row] & columns.word[column]
    shares = (both & LANGUAGE) != 0
    if model.words_more and not shares:
        shares = shares_more(rows, row, columns, column, model.words_more)
        if not shares and not both & SOME_LANGUAGE:
            return -1
    total = gross + model.w_availability * availability_of(both, model)
    total += model.w_languages * language_of(rows, row, columns, column, shares)
    if rows.interests[row] == 0 or columns.interests[column] == 0:
        total += model.w_interests * model.neutral_interests
    else:
        common = rows.interests[row] & columns.interests[column]
        if common:
            ratio = 1e6 * squares_of(common, model) / (rows.norm[row] * columns.norm[column])
            total += model.w_interests * round(ratio)
    score = total // model.whole
    twice = 2 * (total - score * model.whole)
    if twice > model.whole or (twice == model.whole and score & 1):
        score += 1
    return score


def is_past(past: Past, row: int, index: int) -> bool:
    """Whether the row and the column with this index were proposed before."""
    for at in range(past.ptr[row], past.ptr[row + 1]):
        if past.column[at] == index:
            return True
    return False


def worse(best: Best, one: int, other: int) -> bool:
    """Whether entry `one` ranks below entry `other`: smaller total, or equal and the later person."""
    if best.total[one] != best.total[other]:
        return best.total[one] < best.total[other]
    return best.who[one] > best.who[other]


def swap(best: Best, one: int, other: int) -> None:
    """Exchange two entries of a heap."""
    best.total[one], best.total[other] = best.total[other], best.total[one]
    best.who[one], best.who[other] = best.who[other], best.who[one]
    best.score[one], best.score[other] = best.score[other], best.score[one]


def keep(best: Best, first: int, count: int, size: int, total: int, index: int, score: int) -> int:
    """Put a pair into the heap of `count` entries at `first`; a full heap gives up its root. New count."""
    at = 0 if count == size else count
    best.total[first + at] = total
    best.who[first + at] = index
    best.score[first + at] = score
    if count < size:
        while at > 0 and worse(best, first + at, first + ((at - 1) >> 1)):
            swap(best, first + at, first + ((at - 1) >> 1))
            at = (at - 1) >> 1
        return count + 1
    while 2 * at + 1 < size:
        child = 2 * at + 1
        if child + 1 < size and worse(best, first + child + 1, first + child):
            child += 1
        if not worse(best, first + child, first + at):
            break
        swap(best, first + at, first + child)
        at = child
    return count


FUNCTIONS = (
    "shares_more", "squares_of", "availability_of", "language_of", "score_of", "is_past", "worse", "swap", "keep",
)  # fmt: skip
"""The functions above in the order in which they call each other."""
