"""Forty interests in the matcher's order, six goals, and a picture that exists for each."""

import pytest
from lucide.jinja import lucide

from app.reference.interests import GOAL_SLUGS, GOALS, INTEREST_SLUGS, INTERESTS

IN_THE_MATCHERS_ORDER = [
    "football",
    "running",
    "cycling",
    "swimming",
    "gym",
    "walking",
    "martial-arts",
    "basketball",
    "volleyball",
    "dancing",
    "music-listening",
    "singing",
    "playing-instrument",
    "cinema",
    "theatre",
    "reading",
    "writing",
    "photography",
    "drawing-painting",
    "crafts-sewing",
    "cooking",
    "baking",
    "gardening",
    "animals",
    "nature",
    "travel",
    "board-games",
    "chess",
    "video-games",
    "computers",
    "languages-conversation",
    "volunteering",
    "children-family",
    "studying-school",
    "job-search",
    "diy-repair",
    "cars-mechanics",
    "fashion-beauty",
    "history-culture",
    "city-discovery",
]


def test_forty_interests_in_the_order_of_the_matcher():
    assert list(INTEREST_SLUGS) == IN_THE_MATCHERS_ORDER
    assert len(set(INTEREST_SLUGS)) == 40


def test_six_goals():
    assert len(set(GOAL_SLUGS)) == 6


@pytest.mark.parametrize("picture", [entry.icon for entry in (*INTERESTS, *GOALS)])
def test_every_picture_exists(picture):
    assert "<svg" in lucide(picture)


def test_no_two_interests_share_a_picture():
    assert len({interest.icon for interest in INTERESTS}) == 40
    assert len({goal.icon for goal in GOALS}) == 6
