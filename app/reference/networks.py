"""The 18 regional networks: names, facts, middle and neighbours.

Fifteen reference regions of Flanders, the cities of Antwerp and Ghent, and Brussels. Sources stand in
tables/README.md.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np

from app.reference.gazetteer import TABLES, Municipality, municipalities, places

EARTH_RADIUS_M: Final = 6_371_009
NEIGHBOUR_M: Final = 6_000
"""Networks whose nearest localities lie at most this far apart count as neighbours (metres)."""


@dataclass(frozen=True, slots=True)
class Network:
    """One network. `provinces` are slugs; `code` is that of the reference region, empty for a city.

    `own_name`, `lead` and `note` are facts for staff, in the words of the source; empty when not known.
    """

    slug: str
    name_nl: str
    name_en: str
    provinces: tuple[str, ...]
    note: str
    code: str
    own_name: str
    lead: str


@lru_cache(maxsize=1)
def networks() -> tuple[Network, ...]:
    """Return the 18 networks in order of slug."""
    with (TABLES / "networks.csv").open(encoding="utf-8", newline="") as lines:
        return tuple(
            Network(
                slug=row["slug"],
                name_nl=row["name_nl"],
                name_en=row["name_en"],
                provinces=tuple(row["provinces"].split("|")),
                note=row["note"],
                code=row["code"],
                own_name=row["own_name"],
                lead=row["lead"],
            )
            for row in csv.DictReader(lines)
        )


@lru_cache(maxsize=1)
def _by_slug() -> dict[str, Network]:
    return {network.slug: network for network in networks()}


def network(slug: str) -> Network:
    """Return the network with this slug. Raises LookupError when there is none."""
    return _by_slug()[slug]


def members(slug: str) -> tuple[Municipality, ...]:
    """Return the municipalities of a network in order of NIS code."""
    return tuple(town for town in municipalities() if town.network == network(slug).slug)


@lru_cache(maxsize=32)
def middle(slug: str) -> tuple[float, float]:
    """Return the mean latitude and longitude (degrees) of a network's localities, each counted once."""
    inside = [p for p in places() if p.network == network(slug).slug]
    return (sum(p.lat for p in inside) / len(inside), sum(p.lon for p in inside) / len(inside))


@lru_cache(maxsize=1)
def _gaps() -> dict[str, tuple[tuple[int, str], ...]]:
    """Return for each network the others with the distance of the nearest two localities, nearest first."""
    points = np.radians([(p.lat, p.lon) for p in places()])
    lat, lon = points[:, 0], points[:, 1]
    chord = np.sin((lat[:, None] - lat) / 2) ** 2
    chord += np.cos(lat)[:, None] * np.cos(lat) * np.sin((lon[:, None] - lon) / 2) ** 2
    slugs = [n.slug for n in networks()]
    owner = np.array([slugs.index(p.network) for p in places()])
    nearest: dict[str, list[tuple[int, str]]] = {slug: [] for slug in slugs}
    for first, one in enumerate(slugs):
        for second, other in enumerate(slugs):
            if first != second:
                least = chord[np.ix_(owner == first, owner == second)].min()
                nearest[one].append((round(2 * EARTH_RADIUS_M * float(np.arcsin(np.sqrt(least)))), other))
    return {slug: tuple(sorted(found)) for slug, found in nearest.items()}


def nearest_networks(slug: str) -> tuple[tuple[str, int], ...]:
    """Return the 17 other networks with the metres between their nearest localities, nearest first."""
    return tuple((other, gap) for gap, other in _gaps()[network(slug).slug])


def neighbours(slug: str) -> tuple[str, ...]:
    """Return the slugs of the networks that border on this one, nearest localities first."""
    return tuple(other for other, gap in nearest_networks(slug) if gap <= NEIGHBOUR_M)
