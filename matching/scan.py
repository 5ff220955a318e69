"""The scan over all pairs in reach, written so that it runs both as plain Python and compiled (see kernels).

The people of one place share their distances. So whoever is in reach of a place is gathered once, best first by
place and offset, and each row there looks at them in chunks: a quick estimate without branches, several people
at a time on a processor that can, drops nearly everybody; the few who are left get their exact score.
"""

# The functions read arrays or lists alike; the entries are whole numbers either way.
# mypy: disable-error-code="no-any-return"
# ruff: noqa: PLR0917 - compiled functions know no keywords

from __future__ import annotations

from typing import NamedTuple

from matching.kernels import (
    FUNCTIONS as PAIR_FUNCTIONS,
)
from matching.kernels import (
    LANGUAGE,
    SOME_LANGUAGE,
    Best,
    Past,
    is_past,
    keep,
    score_of,
)
from matching.pack import GENDER, INTERESTS_COUNT, SLOTS_MASK, TOLD, Crowd, Floats, Ints, Model
from matching.reach import Reach
from matching.weights import MILLION

CHUNK = 512
"""People looked at together: their estimates stay in the nearest cache."""
BUCKETS = 512
SLACK = 1.0
"""An estimate in floats lies less than this from the exact score."""
BARRED = -1e300


class Around(NamedTuple):
    """Room for the columns in reach of one place, and for one chunk of estimates.

    worth = what place and offset bring, and the neutral value where no interests were told; inverse = 1 / norm;
    gross = weight * value of the place. entry, met and brought hold them as they are found, before ordering.
    """

    word: Ints
    interests: Ints
    worth: Floats
    inverse: Floats
    dutch: Ints
    other: Ints
    metre: Ints
    gross: Ints
    column: Ints
    entry: Ints
    met: Ints
    brought: Ints
    bucket: Ints
    common: Ints
    estimate: Floats
    kept: Ints


def beyond(offset: Ints, low: int, high: int, need: int) -> int:
    """First entry of low..high whose offset is below `need`; offsets fall."""
    while low < high:
        middle = (low + high) >> 1
        if offset[middle] >= need:
            low = middle + 1
        else:
            high = middle
    return low


def find_around(
    place: int, farthest: int, least: float, columns: Crowd, reach: Reach, model: Model, around: Around
) -> int:
    """Note the columns up to `farthest` metres that can bring `least` with full marks elsewhere; how many."""
    count = 0
    for at in range(reach.ptr[place], reach.ptr[place + 1]):
        metre = reach.metre[at]
        if metre > farthest:
            break
        gross = model.w_place * reach.value[at]
        low = columns.start[reach.place[at]]
        need = int(least - gross / model.whole) - 1
        for column in range(low, beyond(columns.offset, low, columns.start[reach.place[at] + 1], need)):
            around.entry[count] = column
            around.met[count] = metre
            around.brought[count] = gross
            count += columns.reach[column] >= metre
    return count


def order_around(count: int, columns: Crowd, model: Model, around: Around) -> float:
    """Put those found in falling order of what they bring, as far as buckets go; the width of a bucket."""
    untold = model.w_interests * model.neutral_interests
    top, bottom = BARRED, -BARRED
    for at in range(count):
        column = around.entry[at]
        gross = around.brought[at] + (untold if columns.interests[column] == 0 else 0)
        around.worth[at] = columns.offset[column] + gross / model.whole
        top = max(top, around.worth[at])
        bottom = min(bottom, around.worth[at])
    width = (top - bottom) / BUCKETS + SLACK
    for at in range(BUCKETS + 2):
        around.bucket[at] = 0
    for at in range(count):
        around.kept[at] = int((top - around.worth[at]) * (1.0 / width))
        around.bucket[around.kept[at] + 2] += 1
    for at in range(1, BUCKETS + 2):
        around.bucket[at] += around.bucket[at - 1]
    for at in range(count):
        bucket = around.kept[at] + 1
        around.kept[at] = around.bucket[bucket]
        around.bucket[bucket] += 1
    for at in range(count):
        around.inverse[around.kept[at]] = around.worth[at]
    for at in range(count):
        around.worth[at] = around.inverse[at]
    return width


def lay_out(count: int, columns: Crowd, around: Around) -> None:
    """Copy what is asked of each column to its place in the order found."""
    for at in range(count):
        to = around.kept[at]
        column = around.entry[at]
        around.column[to] = column
        around.gross[to] = around.brought[at]
        around.metre[to] = around.met[at]
        around.word[to] = columns.word[column]
        around.interests[to] = columns.interests[column]
        around.dutch[to] = columns.dutch[column]
        around.other[to] = columns.other[column]
        around.inverse[to] = 1.0 / columns.norm[column] if columns.norm[column] > 0 else 0.0


def add_common(common: Ints, interests: Ints, tag: int, square: int) -> None:
    """Add the square of an interest wherever it is named."""
    for at in range(len(interests)):
        common[at] += square * ((interests[at] >> tag) & 1)


def estimate_word(estimate: Floats, words: Ints, word: int, loose: bool, model: Model) -> None:
    """What moments bring, and BARRED where moments, wishes or languages do not fit."""
    untold = model.w_availability * model.neutral_availability / model.whole
    one = model.w_availability * model.slot_values[1] / model.whole
    two = model.w_availability * model.slot_values[2] / model.whole
    three = model.w_availability * model.slot_values[3] / model.whole
    for at in range(len(words)):
        both = word & words[at]
        slots = both & SLOTS_MASK
        second = slots & (slots - 1)
        third = second & (second - 1)
        value = (three if third != 0 else two) if second != 0 else one
        value = value if (both & TOLD) != 0 else untold
        fits = (slots != 0) & ((both & GENDER) == 0) & (((both & SOME_LANGUAGE) != 0) | loose)
        estimate[at] = value if fits else BARRED


def estimate_rest(
    estimate: Floats,
    words: Ints,
    dutch: Ints,
    other: Ints,
    common: Ints,
    inverse: Floats,
    worth: Floats,
    word: int,
    own_dutch: int,
    own_other: int,
    loose: bool,
    per_language: float,
    per_square: float,
) -> None:
    """Add what languages, interests, place and offset bring."""
    for at in range(len(words)):
        best = min(own_dutch, dutch[at])
        shared = max(best, min(own_other, other[at]))
        best = shared if ((word & words[at] & LANGUAGE) != 0) | loose else best
        estimate[at] += per_language * best + per_square * common[at] * inverse[at] + worth[at]


def shortlist(row: int, low: int, high: int, need: float, rows: Crowd, model: Model, around: Around) -> int:
    """Write to `kept` who of low..high may come to `need`, counted from low; how many."""
    interests = rows.interests[row]
    loose = model.words_more > 0
    for at in range(high - low):
        around.common[at] = 0
    for tag in range(INTERESTS_COUNT):
        if interests >> tag & 1:
            add_common(around.common, around.interests[low:high], tag, model.square[tag])
    per_square = 1e6 * model.w_interests / (model.whole * rows.norm[row]) if interests else 0.0
    words = around.word[low:high]
    estimate_word(around.estimate, words, rows.word[row], loose, model)
    estimate_rest(
        around.estimate, words, around.dutch[low:high], around.other[low:high], around.common,
        around.inverse[low:high], around.worth[low:high], rows.word[row], rows.dutch[row], rows.other[row],
        loose, model.w_languages / model.whole, per_square,
    )  # fmt: skip
    limit = rows.reach[row]
    count = 0
    for at in range(high - low):
        around.kept[count] = at
        count += (around.estimate[at] >= need) & (around.metre[low + at] <= limit)
    return count


def scan_row(
    row: int,
    count: int,
    width: float,
    visit: int,
    rows: Crowd,
    columns: Crowd,
    model: Model,
    past: Past,
    best: Best,
    around: Around,
) -> None:
    """Find the best pairs of one row: total = score + column offset, kept when above the row's offset.

    At most `visit` of the `count` columns around are looked at, those first that bring most.
    """
    first = best.ptr[row]
    size = best.ptr[row + 1] - first
    held = 0
    found = 0
    root = rows.offset[row] + 1
    ceiling = ceiling_of(rows, row, model) + width + SLACK
    untold = 0.0 if rows.interests[row] else model.w_interests * model.neutral_interests / model.whole
    for low in range(0, min(count, visit), CHUNK):
        if around.worth[low] + ceiling < root:
            break
        need = root - SLACK - untold
        for at in range(shortlist(row, low, min(low + CHUNK, count), need, rows, model, around)):
            if around.estimate[around.kept[at]] < root - SLACK - untold:
                continue
            near = low + around.kept[at]
            column = around.column[near]
            score = score_of(rows, row, columns, column, around.gross[near], model)
            total = score + columns.offset[column]
            if score < model.min_score or score < 0 or total < root:
                continue
            index = columns.who[column]
            if is_past(past, rows.who[row], index):
                continue
            found += 1
            if size == 0 or (held == size and total == root and index > best.who[first]):
                continue
            held = keep(best, first, held, size, total, index, score)
            if held == size:
                root = best.total[first]
    best.found[row] = found


def ceiling_of(rows: Crowd, row: int, model: Model) -> float:
    """What a row gets at most for everything but the place."""
    language = model.w_languages * max(rows.dutch[row], rows.other[row])
    return (MILLION * (model.w_interests + model.w_availability) + language) / model.whole


def scan_rows(
    first: int,
    last: int,
    visit: int,
    rows: Crowd,
    columns: Crowd,
    reach: Reach,
    model: Model,
    past: Past,
    best: Best,
    around: Around,
) -> None:
    """Scan the rows first..last (see scan_row); rows come by place, columns by place and falling offset."""
    while first < last:
        place = rows.place[first]
        after = first
        farthest = 0
        least = -BARRED
        while after < last and rows.place[after] == place:
            farthest = max(farthest, rows.reach[after])
            least = min(least, rows.offset[after] - ceiling_of(rows, after, model) - SLACK)
            after += 1
        count = find_around(place, farthest, least, columns, reach, model, around)
        width = order_around(count, columns, model, around)
        lay_out(count, columns, around)
        for row in range(first, after):
            scan_row(row, count, width, visit, rows, columns, model, past, best, around)
        first = after


FUNCTIONS = (
    *PAIR_FUNCTIONS, "beyond", "find_around", "order_around", "lay_out", "add_common", "estimate_word",
    "estimate_rest", "shortlist", "ceiling_of", "scan_row", "scan_rows",
)  # fmt: skip
"""The functions above, and those of `kernels`, in the order in which they call each other."""
__all__ = ["BARRED", "BUCKETS", "CHUNK", "FUNCTIONS", "SLACK", "Around", "scan_rows"]
