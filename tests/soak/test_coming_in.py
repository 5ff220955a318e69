"""B13 to B15 in small, over HTTP, and measurements that are not within the bar."""

import pytest

from tests.soak import coming_in, telling
from tests.soak.coming_in import Ended, Guessed
from tests.soak.served import served
from tests.soak.telling import Told


@pytest.mark.parametrize(
    ("found", "kept"),
    [
        (Guessed(10, 30, owner_in=True, reset=True), True),
        (Guessed(11, 29, owner_in=True, reset=True), False),
        (Guessed(0, 40, owner_in=True, reset=True), False),
        (Guessed(10, 29, owner_in=True, reset=True), False),
        (Guessed(10, 30, owner_in=False, reset=True), False),
        (Guessed(10, 30, owner_in=True, reset=False), False),
        (Ended(1.0, 20, 40), True),
        (Ended(1.1, 20, 40), False),
        (Ended(0.0, 19, 40), False),
        (Ended(0.0, 20, 19), False),
        (Told(0.6, 0.1), True),
        (Told(0.61, 0.1), False),
    ],
)
def test_a_bar_that_is_not_kept_is_seen(found, kept):
    assert found.kept() is kept


@pytest.mark.sqlite
@pytest.mark.slow
def test_the_three_bars_in_small_on_a_served_site(tmp_path, monkeypatch):
    monkeypatch.setattr(coming_in, "BROWSERS", 4)
    with served("SQLite", tmp_path) as site:
        assert coming_in.guessed(site).kept()
        assert coming_in.ended(site, coming_in.take_role).kept()
        found = telling.told(site, tuple(telling.FORMS_OF), samples=3)
    assert found.keys() == telling.FORMS_OF.keys()
    assert all(one.median > 0 for one in found.values())
