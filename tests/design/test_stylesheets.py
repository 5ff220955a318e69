"""What is served is what was written, small enough, and knows no left and right."""

from __future__ import annotations

import gzip
import re

import pytest

from app.stylesheets import BUNDLES, FOLDER, joined

STATIC = FOLDER.parent
LIMITS = {"site.css": 9 * 1024, "staff.css": 5 * 1024}
OWN_PARTS = sorted((FOLDER / "parts").glob("*.css"))


def weight(data: bytes) -> int:
    return len(gzip.compress(data, 9))


@pytest.mark.parametrize("bundle", BUNDLES)
def test_the_served_file_is_made_of_its_parts(bundle):
    assert (FOLDER / bundle).read_text(encoding="utf-8") == joined(bundle), "run: python -m app.stylesheets"


def test_every_part_is_served_once():
    served = [part for parts in BUNDLES.values() for part in parts]
    assert sorted(served) == [part.stem for part in OWN_PARTS]


@pytest.mark.parametrize("bundle", BUNDLES)
def test_a_stylesheet_stays_light(bundle):
    assert weight((FOLDER / bundle).read_bytes()) <= LIMITS[bundle]


def test_all_scripts_together_stay_light():
    """The one for recording is loaded on a page of staff only."""
    weights = {script.stem: weight(script.read_bytes()) for script in (STATIC / "js").glob("*.js")}
    assert weights.pop("record") <= 2 * 1024
    assert sum(weights.values()) <= 6 * 1024


@pytest.mark.parametrize("part", OWN_PARTS, ids=lambda part: part.stem)
def test_no_side_of_the_screen_is_named(part):
    """B3: a page from right to left is the same page; margins and places are logical."""
    rules = re.sub(r"/\*.*?\*/", "", part.read_text(encoding="utf-8"), flags=re.DOTALL)
    assert not re.findall(r"[\w-]*\b(?:left|right)\b[\w-]*", rules)
    assert not re.findall(r"translate(?:X|3d)?\(|(?:background|object)-position|skewX|rotateY", rules)
    assert not re.findall(r"border-radius:[^;]*\s[^;]*\s", rules), (
        "corners by place: border-start-start-radius"
    )
    assert not re.findall(
        r"(?<![\w(-])(?:(?:min-|max-)?(?:width|height)|(?:margin|padding)-(?:top|bottom)):", rules
    )


@pytest.mark.parametrize("part", OWN_PARTS, ids=lambda part: part.stem)
def test_nothing_is_fetched_by_a_stylesheet(part):
    """No third party, and no data: address, which the policy of the site would refuse."""
    assert not re.findall(r"url\(|@import", part.read_text(encoding="utf-8"))


def test_every_token_that_is_used_exists():
    text = "".join(part.read_text(encoding="utf-8") for part in OWN_PARTS)
    used, defined = set(re.findall(r"var\(--([\w-]+)", text)), set(re.findall(r"--([\w-]+):", text))
    assert used <= defined
    spaces = {f"s{step}" for step in range(1, 9)}
    assert defined - spaces <= used, "a token that nothing uses"
