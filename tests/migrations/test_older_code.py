"""While a site goes from one version to the next, the code of the version before still reads and writes.

So a step only adds; one that takes something away says why nobody reads it any more (docs/running.md, "What a new version
may do to the tables"). The last steps are walked here, all of them by `make soak` (B7).
"""

import pytest
import sqlalchemy as sa

from app import db, schema
from tests.migrations import older, rows
from tests.migrations.steps import STEPS

WALKED = [step for step in STEPS if step > "0024"]


@pytest.fixture
def place(empty_database):
    made = db.connect(empty_database)
    schema.upgrade(made)
    yield made
    made.dispose()


@pytest.fixture
def full(tmp_path):
    """An embedded database with rows; what is read and written there is put into a place of either kind."""
    made = db.connect(f"sqlite:///{tmp_path / 'full.sqlite3'}")
    schema.upgrade(made)
    with made.begin() as connection:
        rows.fill(connection, count=2)
    yield made
    made.dispose()


def test_the_code_before_each_of_the_last_steps_goes_on_after_it(full, place):
    assert older.surprises(full, place, WALKED) == []


def test_a_guard_that_a_step_puts_on_a_table_is_met_on_either_kind(full, place):
    for engine in (full, place):
        schema.downgrade(engine, "0013")
    met = older.meeting(full, place, "0013")
    assert not met.changes
    assert "contract_version" in met.writes


@pytest.mark.sqlite
def test_a_step_that_takes_away_is_seen(full, place, monkeypatch):
    schema.downgrade(full, "0017")
    schema.downgrade(place, "0017")
    monkeypatch.setattr(older, "BEFORE_THE_RULE", {})
    (surprise,) = older.surprises(full, place, ["0017"])
    assert surprise.startswith("0017 ")
    assert "buddy.staff_note is gone" in surprise
    assert "newcomer is read otherwise" in surprise
    assert "newcomer is not written" in surprise


def test_what_is_said_of_a_step_is_so(monkeypatch):
    assert all(reason for reason in older.BEFORE_THE_RULE.values())
    assert max(older.BEFORE_THE_RULE) <= "0026", "a later step says it by CONTRACT"
    monkeypatch.setattr(older, "BEFORE_THE_RULE", {"0026": "it says so"})
    assert (
        older.surprise("0026", older.Met([], [], [])) == "0026 takes nothing away, though it says: it says so"
    )
    assert older.surprise("0025", older.Met([], [], [])) == ""


def table(columns):
    made = sa.MetaData()
    parts = [sa.Column(name, *kinds, **traits) for name, (kinds, traits) in columns.items()]
    sa.Table("t", made, sa.Column("id", sa.Integer, primary_key=True), *parts)
    return made


def of(*kinds, **traits):
    return kinds, traits


@pytest.mark.parametrize(
    ("before", "after", "found"),
    [
        ({"a": of(sa.String(20))}, {"a": of(sa.String(20))}, []),
        ({"a": of(sa.String(20))}, {"a": of(sa.String(30)), "b": of(sa.Integer)}, []),
        ({"a": of(sa.String(20), nullable=False)}, {"a": of(sa.Text)}, []),
        ({}, {"b": of(sa.Integer, nullable=False, server_default="0")}, []),
        ({}, {"b": of(sa.Integer, nullable=False)}, ["t.b is new and must be given"]),
        ({"a": of(sa.Integer)}, {}, ["t.a is gone"]),
        ({"a": of(sa.Integer)}, {"b": of(sa.Integer)}, ["t.a is gone"]),
        ({"a": of(sa.Integer)}, {"a": of(sa.Integer, nullable=False)}, ["t.a must be given"]),
        ({"a": of(sa.String(20))}, {"a": of(sa.String(10))}, ["t.a takes less"]),
        ({"a": of(sa.Text)}, {"a": of(sa.String(10))}, ["t.a takes less"]),
        ({"a": of(sa.Text)}, {"a": of(sa.Integer)}, ["t.a takes less"]),
    ],
)
def test_what_a_step_takes_away(before, after, found):
    assert older.changed(table(before), table(after)) == found


def test_a_table_that_is_gone_is_seen():
    assert older.changed(table({}), sa.MetaData()) == ["t is gone"]
