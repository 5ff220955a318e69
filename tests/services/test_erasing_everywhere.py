"""B16: a word that betrays somebody stands in every column of every table; after erasing and purging it stands nowhere.

Every table gets a row that is about one person, with that word in each of its columns of words. A new column is either
emptied by a rule of app/services/erasures/columns.py, or stands in tests/kept_columns.py with the reason why it may stay.
The long form, among 10 000 people, is tests/soak/erasing.py.
"""

import logging
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from sqlalchemy import JSON, Column, Date, Enum, LargeBinary, String, select

from app import db
from app.clock import now
from app.db import Base, session, transaction
from app.models import HourEntry, Message, Person
from app.queries.accounts import viewer_of
from app.queries.privacy import tables_about
from app.services import erasures, retention
from app.services.erasures.columns import AT_ONCE, covered
from tests import canaries, kept_columns
from tests.canaries import WORD
from tests.migrations import rows
from tests.services.test_erasures import links


def words():
    """(table, column) of everything in which words can stand."""
    return {
        (table.name, column.name)
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, (String, JSON, LargeBinary)) and not isinstance(column.type, Enum) and not column.foreign_keys
    }  # fmt: skip


def others():
    """(table, column) of everything else that is not a key: days, moments, numbers, choices."""
    return {
        (table.name, column.name)
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if not column.foreign_keys and not column.primary_key
    } - words()


def named(listed):
    """(table, column) of what stands in a list of tests/kept_columns.py."""
    return {(table, column) for table, columns in listed.items() for column in columns.split()}


def test_of_every_column_it_is_said_whether_it_is_emptied_or_why_it_stays():
    stay = {table: columns for table, (_why, columns) in kept_columns.WORDS.items()}
    assert named(stay) == words() - covered()
    assert named(kept_columns.NUMBERS) == others() - covered()


def test_a_new_column_is_noticed():
    """The negative control: of a column that nobody decided about, in a table that is known, neither list says anything."""
    table = Base.metadata.tables["buddy"]
    before = set(table.columns)
    for made in (Column("favourite_tea", String(40)), Column("born_on", Date)):
        table.append_column(made)
    try:
        stay = {name: columns for name, (_why, columns) in kept_columns.WORDS.items()}
        assert words() - covered() - named(stay) == {("buddy", "favourite_tea")}
        assert others() - covered() - named(kept_columns.NUMBERS) == {("buddy", "born_on")}
    finally:
        for column in set(table.columns) - before:
            table._columns.remove(column)


@pytest.fixture
def everything(site, monkeypatch):
    """The key of a person about whom every table says something."""
    monkeypatch.setattr(rows, "plain_value", canaries.betraying)
    monkeypatch.setitem(rows.SPECIAL, "contact_person", {"email": f"{WORD}@example.org"})
    with transaction() as inside:
        rows.fill(inside.connection())
        canaries.make_sense(inside.connection())
        canaries.name(inside.connection(), 1, f"{WORD}@example.org")
        person_id = inside.scalars(select(Person.id)).one()
        other = Person(full_name="Somebody else", locale="nl")
        inside.add(other)
        inside.flush()
        inside.add(Message(
            channel="mail", kind="x", person_id=other.id, locale="nl", subject=f"Piet {WORD} greets", text="Hello",
            message_id="other", to_email="other@example.be",
        ))  # fmt: skip
    session().expire_all()
    return person_id


def found():
    """Where the word still stands: (table, column), in every value of the whole database."""
    return canaries.found_in_rows(session().connection())


def folder_of_database() -> Path | None:
    name = db.engine().url.database
    return Path(name).parent if db.engine().dialect.name == "sqlite" and name else None


def test_b16_nothing_is_left_of_somebody_who_was_erased(everything, caplog):
    caplog.set_level(logging.DEBUG)
    before = found()
    assert len(before) > 90
    minutes = session().execute(select(HourEntry.id, HourEntry.minutes, HourEntry.state)).all()
    assert erasures.erase(everything, links=links())
    of_law = {table for table, _column in found()}
    assert of_law == {
        "proof_paper", "proof", "hour_entry", "contract_version", "trajectory_decision", "exemption", "attendance_sheet",
    }, "what the law wants until a year after the contract"  # fmt: skip
    with time_machine.travel(datetime(2028, 1, 1, tzinfo=UTC), tick=False):
        retention.purge(links())
    assert not found()
    assert session().execute(select(HourEntry.id, HourEntry.minutes, HourEntry.state)).all() == minutes
    db.release()
    db.empty_log()
    folder = folder_of_database()
    assert folder is None or not canaries.found_in_files(folder)
    assert WORD not in caplog.text.lower()


@pytest.mark.parametrize("table", ["staff_note", "message", "recording", "person"])
def test_b16_finds_what_one_rule_leaves(everything, monkeypatch, table):
    """The negative control: without the rules for one table the word is found there."""
    less = tuple(rule for rule in AT_ONCE if rule.table.name != table)
    monkeypatch.setattr(erasures, "AT_ONCE", less)
    erasures.erase(everything, links=links())
    with time_machine.travel(now() + timedelta(days=900), tick=False):
        retention.purge(links())
    assert {table for table, _column in found()} == {table}


def test_b16_reads_the_files_too(everything):
    """The negative control for the files: before anything is erased, the word stands in them."""
    folder = folder_of_database()
    db.release()
    db.empty_log()
    assert folder is None or canaries.found_in_files(folder)


def test_erasing_twice_is_erasing_once(everything):
    assert erasures.erase(everything, links=None)
    assert not erasures.erase(everything, links=None)


# What erasing empties and the own file leaves out, and why.
NOT_IN_THE_FILE = {
    "link": "secrets", "second_factor": "secrets; when it was made stands there", "recovery_code": "secrets; their use stands there",
    "administrator_request": "an address that another administrator typed, for a week",
    "kept_form": "half filled in, for a day", "registration": "the steps of the form, which became the answers",
    "block": "whether a network looks first; told by people", "block_hit": "whether a network looks first; told by people",
    "network": "the name of a caller, who is staff", "buddy_import": "a list as it came in; what was taken over is there",
    "remark": "about a sentence of the site, without an account", "proposal": "a dry run about two people, shown to neither",
    "attendance_sheet": "a paper about many people", "offer": "stands with the hours and the duo",
}  # fmt: skip


def test_the_own_file_holds_every_table_that_erasing_empties(everything):
    with transaction() as inside:
        viewer = viewer_of(inside.get_one(Person, everything))
        viewer = replace(viewer, newcomer_id=1, buddy_id=1)
    held = repr(tables_about(viewer))
    missing = {
        table for table in {name for name, _column in covered()} - NOT_IN_THE_FILE.keys()
        for row in session().execute(select(Base.metadata.tables[table]).limit(1)).mappings()
        if any(WORD in repr(value) for value in row.values())
        and not any(WORD in repr(value) and repr(value) in held for value in row.values())
    }  # fmt: skip
    assert not missing
