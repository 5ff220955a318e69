"""Hours are found by whose they are, never by reading the entries of everybody (docs/performance.md)."""

import pytest
from sqlalchemy import select, text

from app.clock import now
from app.db import engine, session
from app.models import HourEntry
from app.queries.calls import calls_for
from app.queries.criteria import criteria_owed
from app.queries.hours import NO_COUNTER, overlapping
from tests import factories
from tests.factories import viewer

pytestmark = pytest.mark.sqlite
EVERYBODY = "(reverses_id=?"


def way(statement):
    """How SQLite finds the rows."""
    sql = str(statement.compile(engine(), compile_kwargs={"literal_binds": True}))
    return " ".join(row[-1] for row in session().execute(text(f"EXPLAIN QUERY PLAN {sql}")))


@pytest.fixture
def counsellor(site):
    return viewer(factories.counsellor())


def test_hours_are_found_by_whose_they_are(counsellor):
    of_one = select(HourEntry).where(HourEntry.newcomer_id == 5)
    found = (
        calls_for(counsellor), criteria_owed(counsellor), overlapping(5, now(), now()), of_one.where(NO_COUNTER),
    )  # fmt: skip
    for statement in found:
        assert EVERYBODY not in way(statement)


def test_this_test_would_see_it(counsellor):
    of_one = select(HourEntry).where(HourEntry.newcomer_id == 5, HourEntry.reverses_id.is_(None))
    assert EVERYBODY in way(of_one)
