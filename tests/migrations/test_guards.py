"""The transaction and the lock around the steps: what they keep, and that without them it would be seen."""

import pytest

from app import db, schema
from tests.migrations import rows, steps


@pytest.fixture
def engine(empty_database):
    made = db.connect(empty_database)
    yield made
    made.dispose()


@pytest.fixture
def program(empty_database):
    with steps.killer(empty_database) as made:
        yield made


def test_killed_with_rows_in_the_tables_it_leaves_all_of_them(engine, program):
    schema.upgrade(engine)
    with engine.begin() as connection:
        rows.fill(connection, count=2)
    schema.downgrade(engine, "0022")
    assert min(steps.counts(engine).values()) >= 2
    many = steps.statements(engine)
    schema.downgrade(engine, "0022")
    assert steps.killed(engine, program, [many // 4, many // 2, many]) == []
    assert schema.version(engine) == "0022"


def test_without_a_transaction_a_kill_leaves_half(engine, program):
    assert steps.killed(engine, program, [40], "no transaction") == [
        "killed before statement 40 it left something half done"
    ]


def test_of_two_at_once_one_waits(engine, program):
    assert program.asked("two") == "True True"
    assert schema.version(engine) == steps.STEPS[-1]
    assert steps.counts(engine)["network"] == 18


def test_without_a_lock_two_at_once_do_not_both_end_well(program):
    assert "False" in program.asked("two", "no lock")


def test_every_step_keeps_the_rows_down_and_up(engine):
    schema.upgrade(engine)
    with engine.begin() as connection:
        rows.fill(connection, count=2)
    assert steps.lost(engine, steps.STEPS[-2:]) == {}
    assert schema.version(engine) == steps.STEPS[-3]


def test_a_step_that_loses_rows_is_seen(engine, monkeypatch):
    schema.upgrade(engine)
    with engine.begin() as connection:
        rows.fill(connection, count=2)
    upgrade = schema.upgrade

    def careless(engine_, target):
        done = upgrade(engine_, target)
        with engine_.begin() as connection:
            connection.exec_driver_sql("DELETE FROM consent WHERE id = 1")
        return done

    monkeypatch.setattr(schema, "upgrade", careless)
    assert steps.lost(engine, steps.STEPS[-1:]) == {steps.STEPS[-1]: {"consent": (2, 1)}}
