"""The charts are well-formed, small, readable and escape what they show."""

import gzip
import itertools
import math
import re
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markupsafe import Markup

import app.charts
from app.charts import Bar, bars, dot_map, town_map
from app.reference.networks import members, networks
from app.reference.provinces import PROVINCES

BUDDIES = {
    "antwerpen": 133,
    "brussel": 28,
    "limburg": 67,
    "oost-vlaanderen": 146,
    "vlaams-brabant": 92,
    "west-vlaanderen": 80,
}
NETWORKS = tuple(n.slug for n in networks())
NAMES = {n.slug: n.name_nl for n in networks()}
STYLESHEET = Path(app.charts.__file__).parent / "static" / "css" / "charts.css"


def circles(drawing):
    return [
        (float(c.get("cx")), float(c.get("cy")), float(c.get("r")))
        for c in ET.fromstring(drawing).iter("circle")
    ]


def texts(drawing):
    return [t.text for t in ET.fromstring(drawing).iter("text")]


@pytest.mark.parametrize(
    ("counts", "by"),
    [
        (BUDDIES, "province"),
        (dict.fromkeys(NETWORKS, 30), "network"),
        (dict.fromkeys(NETWORKS, 123_456), "network"),
    ],
)
def test_the_map_is_small_and_carries_no_style(counts, by):
    drawing = dot_map(counts, by, PROVINCES | NAMES, "Buddies per area")
    assert isinstance(drawing, Markup)
    assert len(drawing.encode()) <= 20_000
    assert len(gzip.compress(drawing.encode())) <= 7_000
    assert "style" not in drawing
    root = ET.fromstring(drawing)
    assert root.get("role") == "img"
    assert root[0].tag == "title"
    assert root[0].text == "Buddies per area"
    assert texts(drawing) == [str(counts[slug]) for slug in sorted(counts)]


@pytest.mark.parametrize("by", ["province", "network"])
def test_every_area_has_its_dots(by):
    paths = {p.get("class"): p.get("d") for p in ET.fromstring(dot_map({}, by, {}, "t")).iter("path")}
    expected = {f"prov-{p}" for p in PROVINCES} if by == "province" else {f"net-{n}" for n in NETWORKS}
    assert set(paths) == expected
    assert 1_100 <= sum(d.count("h0") for d in paths.values()) <= 1_209


def test_the_dots_lie_within_the_drawing():
    root = ET.fromstring(dot_map({}, "network", {}, "t"))
    _, _, width, height = map(int, root.get("viewBox").split())
    for path in root.iter("path"):
        x = y = 0
        for dx, dy in re.findall(r"m(-?\d+) ?(-?\d+)h0", path.get("d")):
            x, y = x + int(dx), y + int(dy)
            assert 4 <= x <= width - 4
            assert 4 <= y <= height - 4


def assert_apart(drawing):
    found = circles(drawing)
    width, height = map(int, ET.fromstring(drawing).get("viewBox").split()[2:])
    for (x, y, r), (v, w, s) in itertools.combinations(found, 2):
        assert math.hypot(x - v, y - w) >= r + s
    for x, y, r in found:
        assert r <= x <= width - r
        assert r <= y <= height - r


@settings(max_examples=40, deadline=None)
@given(st.dictionaries(st.sampled_from(NETWORKS), st.integers(0, 9_999)))
def test_no_circle_covers_another(counts):
    assert_apart(dot_map(counts, "network", NAMES, "t"))


def test_a_crowded_map_is_drawn_after_a_bounded_number_of_steps(monkeypatch):
    monkeypatch.setattr(app.charts, "_STEPS", 1)
    assert len(circles(dot_map(dict.fromkeys(NETWORKS, 9_999), "network", NAMES, "t"))) == 18


def test_a_hidden_count_shows_its_text_and_has_the_size_of_any_small_count():
    shown = [
        dot_map({"limburg": n, "kempen": 50}, "network", NAMES, "t", texts={"limburg": "<5"})
        for n in range(5)
    ]
    assert len(set(shown)) == 1
    assert "<5" in texts(shown[0])


def test_names_and_title_are_escaped():
    drawing = dot_map({"limburg": 7}, "province", {"limburg": "<b>&"}, "<script>")
    titles = [t.text for t in ET.fromstring(drawing).iter("title")]
    assert titles == ["<script>", "<b>&"]


@pytest.mark.parametrize("counts", [{"atlantis": 1}, {"limburg": -1}, {"kempen": 3}])
def test_wrong_counts_are_refused(counts):
    with pytest.raises(ValueError, match="expected counts"):
        dot_map(counts, "province", PROVINCES, "t")


def test_bars_are_well_formed_and_relative_to_the_longest():
    drawing = bars(
        [Bar("A & B", 34, "34 %"), Bar("<i>", 17, "17 %", area="net-kempen", accent=True), Bar("0", 0, "0")]
    )
    root = ET.fromstring(drawing)
    assert [r.get("width") for r in root.iter("rect")] == ["100%", "50%", "0%"]
    assert [i.get("class") for i in root.iter("li")] == [None, "accent", None]
    assert [b.text for b in root.iter("b")] == ["34 %", "17 %", "0"]
    assert next(root.iter("span")).text == "A & B"
    assert "style" not in drawing
    assert bars([]) == '<ul class="bars"></ul>'
    with pytest.raises(ValueError, match="zero or more"):
        bars([Bar("A", -1, "")])


def luminance(colour):
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def colours():
    """Return the colours of the light and of the dark scheme by class."""
    light, dark = STYLESHEET.read_text(encoding="utf-8").split("@media (prefers-color-scheme: dark)")
    rule = re.compile(r"\.((?:prov|net)-[a-z-]+) \{ color: (#[0-9a-f]{6}); \}")
    return dict(rule.findall(light)), dict(rule.findall(dark))


def test_every_area_has_a_colour_of_its_own_in_both_schemes():
    expected = {f"prov-{p}" for p in PROVINCES} | {f"net-{n}" for n in NETWORKS}
    for scheme in colours():
        assert set(scheme) == expected
        nets = [colour for name, colour in scheme.items() if name.startswith("net-")]
        assert len(set(nets)) == 18


def test_colours_are_legible_as_text():
    light, dark = colours()
    for name, colour in light.items():
        assert min(contrast(colour, ground) for ground in ("#fbf8f3", "#ffffff", "#f3eee6")) >= 4.5, name
    for name, colour in dark.items():
        assert min(contrast(colour, ground) for ground in ("#0f1b1b", "#172625", "#0b1413")) >= 4.5, name


def test_stylesheet_has_no_physical_sides():
    assert not re.search(r"(?<![-\w])(left|right)(?![-\w])", STYLESHEET.read_text(encoding="utf-8"))


@pytest.mark.parametrize("network", NETWORKS)
def test_a_map_of_one_network_has_a_circle_on_each_counted_town(network):
    counts = {town.name: 3 + 40 * (at % 2) for at, town in enumerate(members(network))}
    drawing = town_map(network, counts, "Waiting")
    assert len(drawing.encode()) <= 20_000
    assert "style" not in drawing
    assert sorted(texts(drawing)) == sorted(str(number) for number in counts.values())
    width, height = map(int, ET.fromstring(drawing).get("viewBox").split()[2:])
    for (x, y, r), (x2, y2, r2) in itertools.combinations(circles(drawing), 2):
        assert math.hypot(x - x2, y - y2) >= r + r2 - 0.5
    for x, y, r in circles(drawing):
        assert r <= x <= width - r
        assert r <= y <= height - r


def test_a_map_of_one_network_leaves_out_nobody_and_takes_no_stranger():
    drawing = town_map("rivierenland", {"Mechelen": 0, "Lier": 4}, "Waiting")
    assert texts(drawing) == ["4"]
    assert "Lier: 4" in drawing
    for wrong in ({"Gent": 3}, {"Lier": -1}):
        with pytest.raises(ValueError, match="expected counts"):
            town_map("rivierenland", wrong, "Waiting")
