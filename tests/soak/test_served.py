"""The site of its own that the long measurements use: served, visited, looked into, killed and started again."""

import pytest
from sqlalchemy import select

from app.models import Person
from tests import factories
from tests.soak.served import KINDS, Visitor, at_once, served


def test_a_site_is_served_visited_killed_and_started_again(empty_database, database_kind, tmp_path):
    kind = next(name for name in KINDS if name.lower() == database_kind)
    with served(kind, tmp_path / "site", DATABASE_URL=empty_database) as site:
        with site.inside():
            coordinator = factories.coordinator()
            email, name = coordinator.email, coordinator.full_name
        site.kill()
        assert not site.processes()
        with pytest.raises(OSError, match="refused"):
            Visitor(site.address).get("/health")
        site.start()
        site.ready(300)
        assert site.memory() > 50_000_000
        answers = at_once([lambda: Visitor(site.address, language="fr").get("/fr/sign-in") for _ in range(3)])
        assert [answer.status for answer in answers] == [200] * 3
        visitor = Visitor(site.address)
        wrong = visitor.post("/nl/sign-in", {"email": email, "password": "not this one"})
        assert wrong.status == 422, wrong.text
        engine = site.engine()
        with engine.connect() as connection:
            assert connection.scalar(select(Person.full_name).where(Person.email == email)) == name
        engine.dispose()
        assert site.stop() < 60
        assert site.output.endswith("Stopped.\n")


def test_what_one_of_several_raises_comes_out():
    def fail() -> None:
        raise ValueError("this one")

    with pytest.raises(ValueError, match="this one"):
        at_once([lambda: None, fail])
