"""The gazetteer behind geopy's `Geocoder` contract, and an online service only where a setting asks for it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any, Final
from urllib.parse import urlsplit

from geopy.exc import GeopyError
from geopy.geocoders import Nominatim
from geopy.geocoders.base import DEFAULT_SENTINEL, Geocoder
from geopy.location import Location
from geopy.point import Point

from app.reference.gazetteer import Place, distance_m, find, one_municipality, places
from app.reference.networks import EARTH_RADIUS_M

REACH_M: Final = 6_000
"""A point further than this from every locality (metres) lies outside Flanders and Brussels."""
NEAREST: Final = 5
ONLINE_TIMEOUT_S: Final = 3
USER_AGENT: Final = "samenspoor"

_POSTCODE_FIELDS: Final = ("postalcode", "postcode")
_NAME_FIELDS: Final = ("city", "town", "village", "locality")

_WRONG_QUERY: Final = "expected a text or a mapping with a postcode or a city"


def _query_text(query: object) -> str:
    """Return the text of a query; a mapping gives its postcode and name as in Nominatim's structured form."""
    if isinstance(query, str):
        return query
    if not isinstance(query, Mapping):
        raise TypeError(_WRONG_QUERY)
    fields = (*_POSTCODE_FIELDS, *_NAME_FIELDS)
    return " ".join(str(query[field]) for field in fields if query.get(field))


def _location(place: Place) -> Location:
    return Location(f"{place.name}, {place.province}", Point(place.lat, place.lon), asdict(place))


def _answer(found: Iterable[Place], *, exactly_one: bool) -> Location | list[Location] | None:
    """Return geopy's shape of an answer: one location, or a list, or None when there is nothing."""
    locations = [_location(place) for place in found]
    if not locations:
        return None
    return locations[0] if exactly_one else locations


class GazetteerGeocoder(Geocoder):  # type: ignore[misc]  # geopy ships no types
    """Geocoder over the shipped tables: no request ever leaves the machine.

    `raw` of a location holds the fields of `Place`. A name that exists in several municipalities gives None
    with `exactly_one` (it is never guessed) and all its places without.
    """

    def __init__(self) -> None:
        """Set up geopy's base class; the connection it prepares is never used."""
        super().__init__(scheme="https", user_agent=USER_AGENT)

    def geocode(
        self,
        query: object,
        *,
        exactly_one: bool = True,
        timeout: object = DEFAULT_SENTINEL,
    ) -> Location | list[Location] | None:
        """Return the location of a postcode or place name (text, or mapping with `postalcode` and `city`).

        `timeout` belongs to the contract and has no effect.
        """
        found = find(_query_text(query))
        if exactly_one and not one_municipality(found):
            return None
        return _answer(found, exactly_one=exactly_one)

    def reverse(
        self,
        query: object,
        *,
        exactly_one: bool = True,
        timeout: object = DEFAULT_SENTINEL,
    ) -> Location | list[Location] | None:
        """Return the localities nearest to a point (degrees), at most five, none further than `REACH_M`.

        Raises ValueError for what geopy does not take as a point.
        """
        point = query if isinstance(query, Point) else Point(query)
        here = Place("", "", "", "", "", "", "", point.latitude, point.longitude)
        # Only places in this band of latitude can be in reach; the others need no exact distance.
        rough = math.degrees(REACH_M / EARTH_RADIUS_M)
        near = [(distance_m(here, p), p) for p in places() if abs(p.lat - here.lat) <= rough]
        reached = sorted((pair for pair in near if pair[0] <= REACH_M), key=lambda pair: pair[0])
        return _answer((place for _, place in reached[:NEAREST]), exactly_one=exactly_one)


class OnlineGeocoder(Geocoder):  # type: ignore[misc]  # geopy ships no types
    """A Nominatim service, with the gazetteer's answer whenever it fails, is late or knows nothing."""

    def __init__(self, service: Geocoder) -> None:
        """Ask `service` first; any geopy error it raises, a timeout too, leads to the gazetteer."""
        super().__init__(scheme="https", user_agent=USER_AGENT)
        self.service = service
        self.gazetteer = GazetteerGeocoder()

    def geocode(self, query: object, *, exactly_one: bool = True, timeout: object = DEFAULT_SENTINEL) -> Any:
        """Return the service's answer inside Belgium, else the gazetteer's."""
        try:
            answer = self.service.geocode(query, exactly_one=exactly_one, timeout=timeout, country_codes="be")
        except GeopyError:
            answer = None
        return answer or self.gazetteer.geocode(query, exactly_one=exactly_one)

    def reverse(self, query: object, *, exactly_one: bool = True, timeout: object = DEFAULT_SENTINEL) -> Any:
        """Return the service's answer, else the gazetteer's."""
        try:
            answer = self.service.reverse(query, exactly_one=exactly_one, timeout=timeout)
        except GeopyError:
            answer = None
        return answer or self.gazetteer.reverse(query, exactly_one=exactly_one)


def geocoder_from(setting: str) -> GazetteerGeocoder | OnlineGeocoder:
    """Return the geocoder that a setting names: empty or `gazetteer`, or the address of a Nominatim service.

    What people type as their place is sent to that address, so it has to be one the operator trusts.
    Raises ValueError for anything else.
    """
    wanted = setting.strip()
    if wanted in {"", "gazetteer"}:
        return GazetteerGeocoder()
    address = urlsplit(wanted)
    if address.scheme not in {"http", "https"} or not address.netloc or address.query:
        message = f"expected 'gazetteer' or the http(s) address of a Nominatim service, not {setting!r}"
        raise ValueError(message)
    return OnlineGeocoder(
        Nominatim(
            domain=f"{address.netloc}{address.path}".rstrip("/"),
            scheme=address.scheme,
            user_agent=USER_AGENT,
            timeout=ONLINE_TIMEOUT_S,
        )
    )
