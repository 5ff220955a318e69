"""The forty interests and the newcomer's goals: slugs and pictures; their words stand in app/vocabulary.

The slugs and their order are the contract of the matcher. Icon names are those of the lucide family.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Interest:
    """Something a person likes to do: a slug that is stored, and the name of its picture."""

    slug: str
    icon: str


@dataclass(frozen=True, slots=True)
class Goal:
    """Something a newcomer hopes for: a slug that is stored, and the name of its picture."""

    slug: str
    icon: str


INTERESTS: Final = (
    Interest("football", "goal"),
    Interest("running", "sport-shoe"),
    Interest("cycling", "bike"),
    Interest("swimming", "waves-ladder"),
    Interest("gym", "dumbbell"),
    Interest("walking", "footprints"),
    Interest("martial-arts", "hand-fist"),
    Interest("basketball", "torus"),
    Interest("volleyball", "volleyball"),
    Interest("dancing", "disc-3"),
    Interest("music-listening", "headphones"),
    Interest("singing", "mic-vocal"),
    Interest("playing-instrument", "guitar"),
    Interest("cinema", "clapperboard"),
    Interest("theatre", "drama"),
    Interest("reading", "book-open"),
    Interest("writing", "pen-line"),
    Interest("photography", "camera"),
    Interest("drawing-painting", "palette"),
    Interest("crafts-sewing", "scissors"),
    Interest("cooking", "chef-hat"),
    Interest("baking", "cake-slice"),
    Interest("gardening", "sprout"),
    Interest("animals", "paw-print"),
    Interest("nature", "trees"),
    Interest("travel", "plane"),
    Interest("board-games", "dices"),
    Interest("chess", "chess-knight"),
    Interest("video-games", "gamepad-2"),
    Interest("computers", "laptop"),
    Interest("languages-conversation", "messages-square"),
    Interest("volunteering", "hand-heart"),
    Interest("children-family", "baby"),
    Interest("studying-school", "graduation-cap"),
    Interest("job-search", "briefcase"),
    Interest("diy-repair", "hammer"),
    Interest("cars-mechanics", "car"),
    Interest("fashion-beauty", "shirt"),
    Interest("history-culture", "landmark"),
    Interest("city-discovery", "map"),
)

INTEREST_SLUGS: Final = tuple(interest.slug for interest in INTERESTS)

GOALS: Final = (
    Goal("practise-dutch", "message-circle-more"),
    Goal("know-town", "map-pinned"),
    Goal("meet-people", "users"),
    Goal("sport", "trophy"),
    Goal("children-school", "school"),
    Goal("volunteering", "heart-handshake"),
)

GOAL_SLUGS: Final = tuple(goal.slug for goal in GOALS)
