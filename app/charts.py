"""Charts drawn on the server: the dot map of Flanders and horizontal bars, as markup without any style.

Colours, sizes of strokes and the dark scheme come from `static/css/charts.css` through the classes
`prov-<slug>` and `net-<slug>`, so that the pages keep a policy without inline styles. Every text is escaped.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal

from markupsafe import Markup

from app.reference.gazetteer import Place, municipalities, places

Area = Literal["province", "network"]

WIDTH: Final = 640
_MARGIN: Final = 8
_TOWN_MARGIN: Final = 44
_TOWN_DOT: Final = 12
_DOT: Final = 7
_GAP: Final = 3
_CLASS_PREFIX: Final[Mapping[str, str]] = {"province": "prov", "network": "net"}
_LARGEST: Final[Mapping[str, int]] = {"province": 30, "network": 24}
_SMALLEST_RADIUS: Final = 14
# A count under this is shown to the public as "<5"; its circle must not tell it either.
_HIDDEN_UNDER: Final = 5
_STEPS: Final = 2_000


@dataclass(frozen=True, slots=True)
class Bar:
    """One row of `bars`: `value` sets the length, `text` is what is shown for it (34 %).

    `area` is an optional class such as `net-kempen`; `accent` marks the one row that the page is about.
    """

    label: str
    value: float
    text: str
    area: str = ""
    accent: bool = False


@dataclass(slots=True)
class _Bubble:
    slug: str
    text: str
    radius: float
    x: float
    y: float

    @property
    def size(self) -> int:
        """Font size in units of the drawing; long numbers are a little smaller."""
        return 18 if len(self.text) <= 3 else 15


@dataclass(frozen=True, slots=True)
class _Frame:
    """The part of the earth that is drawn: its corner, units per degree of longitude and of latitude, height."""

    west: float
    north: float
    across: float
    up: float
    margin: int
    height: int

    def point(self, lat: float, lon: float) -> tuple[float, float]:
        """Where that is in the drawing."""
        return self.margin + (lon - self.west) * self.across, self.margin + (self.north - lat) * self.up


@lru_cache(maxsize=32)
def _frame(network: str = "") -> _Frame:
    """Return the frame of all places, or that of one network with room for circles on its edge."""
    inside = [p for p in places() if network in {"", p.network}]
    margin = _TOWN_MARGIN if network else _MARGIN
    lats, lons = [p.lat for p in inside], [p.lon for p in inside]
    middle = math.cos(math.radians((max(lats) + min(lats)) / 2))
    wide, high = max(lons) - min(lons), (max(lats) - min(lats)) / middle
    across = (WIDTH - 2 * margin) / max(wide, high)
    west = min(lons) - (max(wide, high) - wide) / 2
    height = math.ceil(high * across) + 2 * margin
    return _Frame(west, max(lats), across, across / middle, margin, height)


def _point(place: Place) -> tuple[float, float]:
    return _frame().point(place.lat, place.lon)


def _area(place: Place, by: Area) -> str:
    return place.province if by == "province" else place.network


@lru_cache(maxsize=2)
def _areas(by: Area) -> dict[str, tuple[tuple[float, float], ...]]:
    """Return the points of the localities of each area, areas in order of slug."""
    found: dict[str, list[tuple[float, float]]] = {}
    for place in places():
        found.setdefault(_area(place, by), []).append(_point(place))
    return {slug: tuple(found[slug]) for slug in sorted(found)}


def _dots(points: Iterable[tuple[float, float]]) -> str:
    """Return path data of dots: lines of no length, which round caps make visible, in short steps."""
    snapped = {(round(x), round(y)) for x, y in points}
    columns = sorted(snapped, key=lambda p: (p[0] // 12, p[1] if p[0] // 12 % 2 else -p[1], p[0]))
    data, here = [], (0, 0)
    for x, y in columns:
        dx, dy = x - here[0], y - here[1]
        data.append(f"m{dx}{dy}h0" if dy < 0 else f"m{dx} {dy}h0")
        here = (x, y)
    return "".join(data)


@lru_cache(maxsize=2)
def _ground(by: Area) -> Markup:
    """Return the dots of all areas, one path each; the same for all counts."""
    row = Markup('<path class="{}-{}" d="{}"/>')
    prefix = _CLASS_PREFIX[by]
    drawn = Markup("").join(row.format(prefix, slug, _dots(points)) for slug, points in _areas(by).items())
    return Markup('<g class="map-dots" stroke-width="{}">{}</g>').format(_DOT, drawn)


def _bubbles(counts: Mapping[str, int], by: Area, texts: Mapping[str, str]) -> list[_Bubble]:
    """Return a circle for each counted area, in the middle of its localities, big for a big count."""
    most = max([*counts.values(), _HIDDEN_UNDER])
    grown = _LARGEST[by] - _SMALLEST_RADIUS
    bubbles = []
    for slug, points in _areas(by).items():
        if slug not in counts:
            continue
        text = texts.get(slug, str(counts[slug]))
        share = math.sqrt(max(counts[slug], _HIDDEN_UNDER) / most)
        x, y = (sum(axis) / len(points) for axis in zip(*points, strict=True))
        bubble = _Bubble(slug, text, _SMALLEST_RADIUS + grown * share, x, y)
        bubble.radius = max(bubble.radius, 0.29 * bubble.size * len(text) + 5)
        bubbles.append(bubble)
    return bubbles


def _push(a: _Bubble, b: _Bubble) -> bool:
    """Move two circles apart if they touch; say whether they did."""
    dx, dy = b.x - a.x, b.y - a.y
    far = math.hypot(dx, dy)
    lacking = a.radius + b.radius + _GAP - far
    if lacking <= 0:
        return False
    ux, uy = (dx / far, dy / far) if far else (0.6, 0.8)
    shift = lacking / 2 + 0.05
    a.x, a.y, b.x, b.y = a.x - ux * shift, a.y - uy * shift, b.x + ux * shift, b.y + uy * shift
    return True


def _spread(bubbles: Sequence[_Bubble], height: int) -> None:
    """Move circles until none covers another and all lie within the drawing."""
    for _ in range(_STEPS):
        for bubble in bubbles:
            rim = bubble.radius + 2
            bubble.x = min(max(bubble.x, rim), WIDTH - rim)
            bubble.y = min(max(bubble.y, rim), height - rim)
        pushed = sum(_push(a, b) for a, b in itertools.combinations(bubbles, 2))
        if not pushed:
            return


def _circle(bubble: _Bubble, area: str, label: str, *, own_name: bool = False, link: str = "") -> Markup:
    row = Markup(
        '<g class="map-bubble {area}"{kept}><title>{label}</title><circle cx="{x}" cy="{y}" r="{r}"/>'
        '<text x="{x}" y="{base}" font-size="{size}">{text}</text></g>'
    )
    if link:
        row = Markup('<a href="{link}" tabindex="-1" translate="no">') + row + Markup("</a>")
    return row.format(
        link=link,
        area=area,
        kept=Markup(' translate="no"') if own_name else "",
        label=label,
        x=round(bubble.x, 1),
        y=round(bubble.y, 1),
        r=round(bubble.radius, 1),
        base=round(bubble.y + bubble.size * 0.36, 1),
        size=bubble.size,
        text=bubble.text,
    )


def dot_map(
    counts: Mapping[str, int],
    by: Area,
    labels: Mapping[str, str],
    title: str,
    texts: Mapping[str, str] | None = None,
    *,
    links: Mapping[str, str] | None = None,
) -> Markup:
    """Return the map of the 1 209 localities as dots, with a circle and its number on each counted area.

    `counts` maps slugs of provinces or networks (`by`) to how many; an area left out has no circle. `labels`
    are the translated names, `title` the translated name of the picture, `texts` replaces a number by what
    may be shown (`<5`, `1 500`), `links` are addresses behind the circles for who points at them: the page has the
    same links as a list. Raises ValueError for a slug that is no such area or a negative count.
    A picture is no table: the page has to show the same numbers as text beside it.
    """
    unknown = counts.keys() - _areas(by).keys()
    if unknown or min(counts.values(), default=0) < 0:
        message = f"expected counts by {by}, not {dict(counts)!r}"
        raise ValueError(message)
    bubbles = _bubbles(counts, by, texts or {})
    _spread(bubbles, _frame().height)
    circles = Markup("").join(
        _circle(
            bubble, f"{_CLASS_PREFIX[by]}-{bubble.slug}", labels[bubble.slug], link=(links or {}).get(bubble.slug, "")
        )
        for bubble in bubbles
    )  # fmt: skip
    return _drawing(_frame().height, title, _ground(by) + circles, linked=bool(links))


def _drawing(height: int, title: str, content: Markup, *, linked: bool = False) -> Markup:
    """The picture. With links in it, it is for who points at it alone: the same links stand in the list beside it."""
    name, value = ("aria-hidden", "true") if linked else ("role", "img")
    frame = Markup(
        '<svg class="dot-map" viewBox="0 0 {} {}" {}="{}" direction="ltr"><title>{}</title>{}</svg>'
    )
    return frame.format(WIDTH, height, name, value, title, content)


def town_map(
    network: str, counts: Mapping[str, int], title: str, links: Mapping[str, str] | None = None
) -> Markup:
    """Return the map of one network: its localities as dots, neighbours pale, a circle on each counted municipality.

    `counts` maps names of municipalities of that network to how many; each circle carries name and number as its
    title, and a link where `links` has an address. Raises ValueError for a name that is no municipality of it. The page has to show the same as a list.
    """
    frame = _frame(network)
    towns = {
        town.name: frame.point(town.lat, town.lon) for town in municipalities() if town.network == network
    }
    if counts.keys() - towns.keys() or min(counts.values(), default=0) < 0:
        message = f"expected counts by municipality of {network}, not {dict(counts)!r}"
        raise ValueError(message)
    most = max([*counts.values(), 1])
    bubbles = [
        _Bubble(name, str(number), 16 + 18 * math.sqrt(number / most), *towns[name])
        for name, number in sorted(counts.items())
        if number
    ]
    _spread(bubbles, frame.height)
    circles = Markup("").join(
        _circle(
            bubble, f"net-{network}", f"{bubble.slug}: {bubble.text}", own_name=True, link=(links or {}).get(bubble.slug, "")
        )
        for bubble in bubbles
    )  # fmt: skip
    return _drawing(frame.height, title, _towns_ground(network) + circles, linked=bool(links))


@lru_cache(maxsize=32)
def _towns_ground(network: str) -> Markup:
    """Return the dots of a network in its colour and those around it, which fall inside the drawing, without one."""
    frame = _frame(network)
    own: list[tuple[float, float]] = []
    around: list[tuple[float, float]] = []
    for place in places():
        x, y = frame.point(place.lat, place.lon)
        if place.network == network:
            own.append((x, y))
        elif _DOT < x < WIDTH - _DOT and _DOT < y < frame.height - _DOT:
            around.append((x, y))
    row = Markup('<g class="map-dots" stroke-width="{}"><path class="{}" d="{}"/></g>')
    return row.format(_DOT, "map-around", _dots(around)) + row.format(_TOWN_DOT, f"net-{network}", _dots(own))


def bars(rows: Iterable[Bar]) -> Markup:
    """Return a list of labelled bars, the longest at full length; each number stands there as text too.

    The bars grow from the side where the line begins: charts.css mirrors them in right-to-left pages.
    Raises ValueError for a negative value.
    """
    drawn = tuple(rows)
    if any(row.value < 0 for row in drawn):
        message = "expected values of zero or more"
        raise ValueError(message)
    most = max((row.value for row in drawn), default=0) or 1
    item = Markup(
        '<li{accent}><span class="bar-label">{label}</span><svg class="bar-line {area}" aria-hidden="true">'
        '<rect width="{width}%" height="100%" rx="6"/></svg>'
        '<b class="bar-value" dir="ltr">{text}</b></li>'
    )
    items = (
        item.format(
            accent=Markup(' class="accent"') if row.accent else "",
            label=row.label,
            area=row.area,
            width=f"{100 * row.value / most:.4g}",
            text=row.text,
        )
        for row in drawn
    )
    return Markup('<ul class="bars">{}</ul>').format(Markup("").join(items))
