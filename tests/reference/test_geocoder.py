"""The gazetteer keeps geopy's contract; the online service never takes the site down with it."""

import pytest
from geopy.adapters import BaseSyncAdapter
from geopy.exc import GeocoderServiceError, GeocoderTimedOut, GeocoderUnavailable
from geopy.geocoders import Nominatim
from geopy.geocoders.base import Geocoder
from geopy.location import Location
from geopy.point import Point

from app.reference.geocoder import GazetteerGeocoder, OnlineGeocoder, geocoder_from

ANSWER = [{"lat": "51.05", "lon": "3.72", "display_name": "Gent, België", "place_id": 1}]


def service(answer):
    """Return a Nominatim geocoder whose network gives `answer`, or raises it."""

    class Wire(BaseSyncAdapter):
        def get_json(self, url, *, timeout, headers):
            if isinstance(answer, Exception):
                raise answer
            return answer

        def get_text(self, url, *, timeout, headers):
            raise NotImplementedError

    return Nominatim(user_agent="test", adapter_factory=lambda **_: Wire(proxies=None, ssl_context=None))


def test_is_a_geopy_geocoder():
    assert isinstance(GazetteerGeocoder(), Geocoder)
    assert isinstance(geocoder_from("https://geo.example"), Geocoder)


def test_geocode_gives_one_location_with_its_fields():
    found = GazetteerGeocoder().geocode("9000 Gent", timeout=1)
    assert isinstance(found, Location)
    assert (found.latitude, found.longitude) == (51.05, 3.7167)
    assert found.raw["network"] == "gent-stad"


def test_geocode_takes_the_structured_form():
    geocoder = GazetteerGeocoder()
    assert geocoder.geocode({"postalcode": 2800, "city": "Mechelen"}).raw["nis"] == "12025"
    with pytest.raises(TypeError):
        geocoder.geocode(9000)


def test_namesakes_are_listed_and_never_guessed():
    geocoder = GazetteerGeocoder()
    assert geocoder.geocode("Beveren") is None
    assert len(geocoder.geocode("Beveren", exactly_one=False)) == 3
    assert geocoder.geocode("Atlantis") is None
    assert geocoder.geocode("Atlantis", exactly_one=False) is None


@pytest.mark.parametrize("point", [(51.0501, 3.7168), "51.0501, 3.7168", Point(51.0501, 3.7168)])
def test_reverse_gives_the_nearest_locality(point):
    geocoder = GazetteerGeocoder()
    assert geocoder.reverse(point).raw["postcode"] == "9000"
    several = geocoder.reverse(point, exactly_one=False)
    assert len(several) == 5
    assert several[0].raw["postcode"] == "9000"


def test_reverse_outside_the_tables_gives_nothing():
    geocoder = GazetteerGeocoder()
    assert geocoder.reverse((48.85, 2.35)) is None
    assert geocoder.reverse((51.05, 13.7)) is None
    with pytest.raises(ValueError, match="unknown format"):
        geocoder.reverse("no point at all, here")


@pytest.mark.parametrize("setting", ["", "  ", "gazetteer"])
def test_the_gazetteer_is_the_default(setting):
    assert isinstance(geocoder_from(setting), GazetteerGeocoder)


def test_a_service_is_asked_only_when_a_setting_names_it():
    geocoder = geocoder_from("http://geo.example:8080/nominatim/")
    assert isinstance(geocoder, OnlineGeocoder)
    assert geocoder.service.domain == "geo.example:8080/nominatim"
    assert geocoder.service.scheme == "http"


@pytest.mark.parametrize(
    "setting", ["nominatim", "ftp://geo.example", "https://", "file:///etc", "https://a/?k=v"]
)
def test_wrong_setting_is_refused(setting):
    with pytest.raises(ValueError, match="expected"):
        geocoder_from(setting)


def test_answer_of_the_service_counts():
    geocoder = OnlineGeocoder(service(ANSWER))
    assert geocoder.geocode("Gent").address == "Gent, België"
    assert geocoder.reverse((51.05, 3.72), exactly_one=False)[0].address == "Gent, België"


@pytest.mark.parametrize(
    "failure",
    [GeocoderTimedOut("late"), GeocoderUnavailable("down"), GeocoderServiceError("odd"), []],
)
def test_gazetteer_answers_when_the_service_fails(failure):
    geocoder = OnlineGeocoder(service(failure))
    assert geocoder.geocode("Gent").raw["nis"] == "44021"
    assert geocoder.geocode("Beveren") is None
    assert geocoder.reverse((51.05, 3.7167)).raw["postcode"] == "9000"
