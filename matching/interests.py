"""The closed vocabularies that people choose from, in the order in which they are always listed."""

from __future__ import annotations

from collections.abc import Iterable

INTERESTS: tuple[str, ...] = (
    "football", "running", "cycling", "swimming", "gym", "walking", "martial-arts", "basketball",
    "volleyball", "dancing", "music-listening", "singing", "playing-instrument", "cinema", "theatre",
    "reading", "writing", "photography", "drawing-painting", "crafts-sewing", "cooking", "baking",
    "gardening", "animals", "nature", "travel", "board-games", "chess", "video-games", "computers",
    "languages-conversation", "volunteering", "children-family", "studying-school", "job-search",
    "diy-repair", "cars-mechanics", "fashion-beauty", "history-culture", "city-discovery",
)  # fmt: skip
"""The 40 interests; bit t of an interests mask stands for the t-th of them."""

DAYS: tuple[str, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
PARTS_OF_DAY: tuple[str, ...] = ("morning", "afternoon", "evening")
SLOTS: tuple[str, ...] = tuple(f"{day}-{part}" for day in DAYS for part in PARTS_OF_DAY)
"""The 21 moments of a week; bit s of an availability mask stands for the s-th of them."""

INTEREST_BIT: dict[str, int] = {slug: bit for bit, slug in enumerate(INTERESTS)}
SLOT_BIT: dict[str, int] = {slot: bit for bit, slot in enumerate(SLOTS)}


def mask_of(items: Iterable[str], bits: dict[str, int]) -> int:
    """The items as one integer with a bit for each; an item outside the vocabulary raises KeyError."""
    mask = 0
    for item in items:
        mask |= 1 << bits[item]
    return mask


def items_of(mask: int, vocabulary: tuple[str, ...]) -> tuple[str, ...]:
    """The items whose bit is set in `mask`, in the order of the vocabulary."""
    return tuple(item for bit, item in enumerate(vocabulary) if mask >> bit & 1)
