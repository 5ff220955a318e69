"""The compact gazetteer for the command: Belgian postcodes of Flanders and Brussels with their points."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Place:
    """A locality: degrees with four decimals, province and network by slug."""

    postcode: str
    locality: str
    lat: float
    lon: float
    province: str
    network: str


@lru_cache(maxsize=1)
def places() -> tuple[Place, ...]:
    """All localities; inside a postcode the main one comes first."""
    text = files("matching").joinpath("data/places.csv").read_text(encoding="utf-8")
    return tuple(
        Place(
            row["postcode"],
            row["locality"],
            float(row["lat"]),
            float(row["lon"]),
            row["province"],
            row["network"],
        )
        for row in csv.DictReader(text.splitlines())
    )


@lru_cache(maxsize=1)
def _by_postcode() -> dict[str, tuple[Place, ...]]:
    found: dict[str, list[Place]] = {}
    for place in places():
        found.setdefault(place.postcode, []).append(place)
    return {postcode: tuple(rows) for postcode, rows in found.items()}


def localities(postcode: str) -> tuple[Place, ...]:
    """The localities of a postcode, the main one first; empty when it is not known."""
    return _by_postcode().get(postcode, ())


def find_place(postcode: str, locality: str = "") -> Place | None:
    """The main locality of a postcode or, when named, that one (whatever the case); None when there is none."""
    wanted = locality.casefold()
    for place in localities(postcode):
        if not wanted or place.locality.casefold() == wanted:
            return place
    return None


@lru_cache(maxsize=1)
def found_by_name() -> tuple[Place, ...]:
    """The localities that postcode and name lead to: of a name that comes twice in a postcode, the first."""
    return tuple(place for place in places() if find_place(place.postcode, place.locality) is place)


@lru_cache(maxsize=1)
def middles() -> dict[str, tuple[float, float, str]]:
    """The middle of each network: mean point of its localities and the province where most of them lie."""
    found: dict[str, list[Place]] = {}
    for place in places():
        found.setdefault(place.network, []).append(place)
    result = {}
    for network in sorted(found):
        rows = found[network]
        provinces = [row.province for row in rows]
        most = max(sorted(set(provinces)), key=provinces.count)
        lat, lon = (sum(getattr(row, name) for row in rows) / len(rows) for name in ("lat", "lon"))
        result[network] = (round(lat, 4), round(lon, 4), most)
    return result
