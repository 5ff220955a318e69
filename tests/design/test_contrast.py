"""Every pair of colours that is used together is measured, in the light and in the dark scheme (WCAG 2.2)."""

from __future__ import annotations

import re

import pytest

from app.stylesheets import FOLDER

TEXT, LARGE_OR_LINE, ENHANCED = 4.5, 3.0, 7.0

PAIRS = [
    *(
        (ink, ground, TEXT)
        for ink in ("ink", "soft")
        for ground in ("paper", "surface", "sunken", "tint", "wash")
    ),
    *(("ink", ground, TEXT) for ground in ("saffron-tint", "moss-tint", "clay-tint")),
    *(("soft", ground, TEXT) for ground in ("saffron-tint", "moss-tint", "clay-tint")),
    *(("petrol", ground, TEXT) for ground in ("paper", "surface", "sunken", "tint", "wash", "saffron-tint")),
    ("on-petrol", "petrol", TEXT),
    ("on-petrol", "petrol-deep", TEXT),
    ("on-saffron", "saffron", ENHANCED),
    ("on-saffron", "saffron-hover", ENHANCED),
    ("saffron-deep", "saffron-tint", TEXT),
    ("saffron-deep", "paper", LARGE_OR_LINE),
    ("moss", "moss-tint", TEXT),
    ("moss", "surface", TEXT),
    ("moss", "paper", TEXT),
    ("clay", "clay-tint", TEXT),
    ("clay", "surface", TEXT),
    ("clay", "paper", TEXT),
    ("on-clay", "clay", TEXT),
    *(("on-part", f"part-{number}", TEXT) for number in range(1, 6)),
    *((f"part-{number}", "surface", LARGE_OR_LINE) for number in range(1, 6)),
    *(("edge", ground, LARGE_OR_LINE) for ground in ("paper", "surface", "sunken")),
    *(("petrol-mid", ground, LARGE_OR_LINE) for ground in ("paper", "surface", "sunken", "wash")),
    ("accepted", "sunken", LARGE_OR_LINE),
    ("accepted", "confirmed", 1.9),
    ("confirmed", "sunken", 2.8),
    ("accepted", "told", LARGE_OR_LINE),
    ("surface", "petrol-mid", LARGE_OR_LINE),
]


def tokens(scheme: str) -> dict[str, str]:
    """Return the colour of each token in "light" or "dark"; dark takes over what it does not change."""
    text = (FOLDER / "parts" / "tokens.css").read_text(encoding="utf-8")
    light, dark = text.split("@media (prefers-color-scheme: dark)")
    colours = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", light))
    if scheme == "dark":
        colours |= dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", dark))
    return colours


def luminance(colour: str) -> float:
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def test_the_measure_itself():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_pair_has_enough_contrast(scheme):
    colours = tokens(scheme)
    measured = {(one, other): (contrast(colours[one], colours[other]), least) for one, other, least in PAIRS}
    too_low = {pair: round(value, 2) for pair, (value, least) in measured.items() if value < least}
    assert not too_low


def test_print_needs_no_colour():
    text = (FOLDER / "parts" / "print.css").read_text(encoding="utf-8")
    colours = re.findall(r"--[\w-]+: (#[0-9a-f]{3,6})", text)
    assert colours
    assert all(len(set(colour[1:])) == 1 for colour in colours), "paper is black, grey and white"
