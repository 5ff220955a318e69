"""A place that the gazetteer does not know is asked online where a setting says so, and nowhere else."""

import pytest
from geopy.exc import GeocoderTimedOut
from geopy.location import Location
from geopy.point import Point

from app.reference.geocoder import OnlineGeocoder


class Service:
    """Stands for an online service that knows one café, or that does not answer in time."""

    def __init__(self, fails):
        self.fails = fails

    def geocode(self, query, **_options):
        if self.fails:
            raise GeocoderTimedOut
        return Location("De Loods", Point(51.0259, 4.4776), {})


def step_with(browser, text):
    browser.submit(browser.get("/nl/register/newcomer/name"), full_name="Amina")
    return browser.submit(browser.get("/nl/register/newcomer/where"), status=422, place=text)


@pytest.mark.parametrize(("fails", "offered"), [(False, "Mechelen"), (True, "")])
def test_what_is_found_online_is_offered_to_choose_from(site, browser, monkeypatch, fails, offered):
    monkeypatch.setitem(site.extensions, "geocoder", OnlineGeocoder(Service(fails)))
    page = step_with(browser, "Café De Loods xyzzy")
    assert (
        offered in " ".join(label.get_text() for label in page.soup.select("label:has([name=which])"))
    ) is True
    assert bool(page.soup.select("[name=which]")) is not fails


def test_nothing_is_asked_without_the_setting(browser):
    assert not step_with(browser, "Café De Loods xyzzy").soup.select("[name=which]")
