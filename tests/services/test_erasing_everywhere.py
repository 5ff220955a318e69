"""B16: a word that betrays somebody stands in every column of every table; after erasing and purging it stands nowhere.

Every table gets a row that is about one person, with that word in each of its columns of words. A new column of words is
either emptied by a rule of app/services/erasures/columns.py, or stands here with the reason why it says nothing about people.
"""

import logging
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from sqlalchemy import JSON, Enum, LargeBinary, String, select, text

from app import db
from app.clock import now
from app.db import Base, session, transaction
from app.models import HourEntry, Message, Person
from app.queries.accounts import viewer_of
from app.queries.privacy import tables_about
from app.security.secrets import contact_hash
from app.services import erasures, retention
from app.services.erasures.columns import AT_ONCE, covered
from tests.migrations import rows
from tests.services.test_erasures import links

WORD = "kanariepiet"
CODES = "codes and numbers, or a choice from a list"
PLACE = "a municipality or larger: counts of areas stay right"
OFFER = "an activity of an organisation, made to be published"
SITE = "how the site or a network is set up"
WHY = {
    "agency": SITE, "exemption_rule": SITE, "programme": SITE, "target_rule": SITE, "term_rule": SITE, "network": SITE,
    "programme_text": SITE, "programme_version": SITE, "organisation": "an organisation", "volunteer_call": SITE,
    "loan_request": "networks write to each other about places", "offer_list": OFFER, "gathering": OFFER, "offer_text": OFFER,
    "listing": OFFER, "offer": OFFER, "run": "keys and counts", "audit_entry": CODES, "transition": CODES, "consent": CODES,
    "block": "keyed hashes, which nobody can turn back", "remark": "a sentence of the site", "buddy": PLACE, "newcomer": PLACE,
    "buddy_import": CODES, "contact_person": CODES, "proof": CODES, "duo": "an insurance company", "check_in": CODES,
    "look_back": CODES, "attendance_sheet": CODES, "hour_entry": CODES,
}  # fmt: skip


def words():
    """(table, column) of everything in which words can stand."""
    return {
        (table.name, column.name)
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, (String, JSON, LargeBinary)) and not isinstance(column.type, Enum) and not column.foreign_keys
    }  # fmt: skip


def test_every_column_of_words_is_emptied_or_has_a_reason():
    assert {table for table, _column in words() - covered()} <= WHY.keys()
    assert not {table for table in WHY if not any(name == table for name, _column in words() - covered())}


def betraying(column, number):
    """A value with the word in it for a column that a rule covers, else an ordinary one."""
    ordinary = plain_value(column, number)
    if (column.table.name, column.name) not in covered():
        return ordinary
    if isinstance(column.type, JSON):
        return {WORD: WORD, "criteria": [], "rules": []}
    if isinstance(column.type, LargeBinary):
        return WORD.encode()
    if isinstance(column.type, String) and not isinstance(column.type, Enum):
        long = f"{WORD}{number}"
        return long[: column.type.length]
    return ordinary


plain_value = rows.plain_value


@pytest.fixture
def everything(site, monkeypatch):
    """The key of a person about whom every table says something."""
    monkeypatch.setattr(rows, "plain_value", betraying)
    monkeypatch.setitem(rows.SPECIAL, "contact_person", {"email": f"{WORD}@example.org"})
    with transaction() as inside:
        rows.fill(inside.connection())
        # The row is buddy and newcomer at once; a duo with oneself has ended.
        inside.execute(text("UPDATE duo SET state = 'ended'"))
        inside.execute(
            text("UPDATE audit_entry SET at = '2020-01-01 00:00:00+00:00'")
        )  # the log of an invented world
        inside.execute(text("UPDATE look_back SET side = 'newcomer'"))
        inside.execute(
            text("UPDATE retention_rule SET days = 3660, since = '2026-01-01' WHERE kind = 'audit'")
        )
        inside.execute(
            text("UPDATE block SET email_hash = :hash"), {"hash": contact_hash("kanariepiet@example.org")}
        )
        inside.execute(text("UPDATE newcomer SET records_emptied_at = NULL"))
        inside.execute(text("UPDATE person SET full_name = :name"), {"name": f"Piet {WORD}"})
        inside.execute(
            text("UPDATE person SET email = 'kanariepiet@example.org', erased_at = NULL, demo = false")
        )
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
    held = set()
    for table in Base.metadata.sorted_tables:
        for row in session().execute(select(table)).mappings():
            held |= {(table.name, name) for name, value in row.items() if WORD in repr(value).lower()}
    return held


def files_with(folder: Path) -> list[str]:
    return [
        path.name
        for path in folder.rglob("*")
        if path.is_file() and WORD.encode() in path.read_bytes().lower()
    ]


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
    assert folder is None or not files_with(folder)
    assert WORD not in caplog.text.lower()


def test_b16_finds_what_one_rule_leaves(everything, monkeypatch):
    """The negative control: without the rule for messages the word is found."""
    less = tuple(rule for rule in AT_ONCE if rule.table.name != "staff_note")
    monkeypatch.setattr(erasures, "AT_ONCE", less)
    erasures.erase(everything, links=links())
    with time_machine.travel(now() + timedelta(days=900), tick=False):
        retention.purge(links())
    assert {table for table, _column in found()} == {"staff_note"}


def test_b16_reads_the_files_too(everything):
    """The negative control for the files: before anything is erased, the word stands in them."""
    folder = folder_of_database()
    db.release()
    db.empty_log()
    assert folder is None or files_with(folder)


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
