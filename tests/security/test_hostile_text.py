"""B10: hostile text in every text field of every form; a few texts in each with every change, all of them by hand or at night.

python -m pytest tests/security/test_hostile_text.py -n0 --fuzz 1
"""

import importlib
import pkgutil
import resource
import time
from collections.abc import Iterator

import pytest
from wtforms import Form, HiddenField, StringField
from wtforms.fields.core import UnboundField

from app import forms
from tests.crawl.test_pages import world_on
from tests.crawl.world import World
from tests.database import PostgresqlGround, SqliteGround
from tests.security.filling import (
    Keeper,
    Outcome,
    Place,
    PostgresqlKeeper,
    SqliteKeeper,
    faults,
    places,
    type_into,
)
from tests.security.hostile import ACCEPTABLE, MARK, NUL, NUMBERS, ONE_LINE, PAYLOADS, REFUSED

SLOWEST = 2.0  # seconds for 99 of 100 answers
MOST_GROWTH = 50_000  # kB of memory
# Fields in which no sentence can stand: a secret is never written down, a choice is compared with what is shown.
# The name that a password is kept under by the browser is read by no form of ours.
NO_TEXT = {"password", "new_password", "again", "old_password", "password_now", "code", "typed", "username"}


# Text fields of our forms that stand on no page of the crawl, each with why.
NOT_SHOWN = {
    "remark": "asked while a proof is signed, and those of the crawl are; a WordsField as the others that are tried"
}


@pytest.fixture(scope="module")
def ground(database_kind, request, tmp_path_factory) -> SqliteGround | PostgresqlGround:
    if database_kind == "sqlite":
        return SqliteGround(tmp_path_factory.mktemp("hostile"))
    worker = request.getfixturevalue("worker_id")
    return PostgresqlGround(request.getfixturevalue("postgresql_server"), f"hostile_{worker}")


@pytest.fixture(scope="module")
def world(site_for, ground) -> Iterator[World]:
    yield from world_on(ground, site_for(ground.url))


@pytest.fixture(scope="module")
def keeper(world, ground) -> Keeper:
    return SqliteKeeper(ground) if isinstance(ground, SqliteGround) else PostgresqlKeeper(ground)


@pytest.fixture(scope="module")
def fields(world) -> list[Place]:
    return places(world)


def test_there_are_enough_texts_and_fields(fields):
    assert len(set(PAYLOADS)) >= 120
    assert len(fields) >= 60


def is_typed_into(kind):
    """Whether somebody types a text into fields of that kind."""
    return issubclass(kind, StringField) and not issubclass(kind, HiddenField)


def declared():
    """The names of the text fields that our forms declare."""
    for found in pkgutil.iter_modules(forms.__path__):
        module = importlib.import_module(f"app.forms.{found.name}")
        for made in vars(module).values():
            if isinstance(made, type) and issubclass(made, Form) and made.__module__ == module.__name__:
                for name in dir(made):
                    field = getattr(made, name)
                    if isinstance(field, UnboundField) and is_typed_into(field.field_class):
                        yield name


def test_every_text_field_that_a_form_declares_is_tried(fields):
    """Found by walking, and by its last part where a field stands in a list of others."""
    tried = {place.name for place in fields} | {place.name.split("-")[-1] for place in fields}
    missing = set(declared()) - tried
    assert missing == set(NOT_SHOWN), missing ^ set(NOT_SHOWN)
    assert len(set(declared())) > 60


def texts_for(at, long):
    """The texts to try in the field of that number: all, or NUL and three that differ from field to field."""
    if long:
        return PAYLOADS
    forbidden = [text for text in (*REFUSED, *ONE_LINE) if text != NUL]
    return [
        NUL,
        ACCEPTABLE[at * 2 % len(ACCEPTABLE)],
        ACCEPTABLE[(at * 2 + 1) % len(ACCEPTABLE)],
        forbidden[at % len(forbidden)],
    ]


def test_hostile_text_in_every_field(world, keeper, fields, pytestconfig):
    wrong, times, taken = [], [], 0
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for at, place in enumerate(fields):
        for payload in texts_for(at, pytestconfig.getoption("fuzz")):
            started = time.perf_counter()
            outcome = type_into(world, keeper, place, f"{payload} {MARK}7")
            times.append(time.perf_counter() - started)
            taken += outcome.taken
            wrong += [f"{payload[:40]!r} in {place} {fault}" for fault in faults(outcome, payload)]
    assert not wrong, f"{len(wrong)}:\n" + "\n".join(wrong[:30])
    assert taken > len(fields) // 10
    assert sorted(times)[int(len(times) * 0.99)] <= SLOWEST
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before <= MOST_GROWTH


def test_no_register_number_is_kept(world, keeper, fields):
    """Refused at the field, in every free text of every form; the other fields keep what was typed."""
    wrong = []
    for at, place in enumerate(fields):
        if place.method != "POST":
            continue
        number = NUMBERS[at % len(NUMBERS)]
        outcome = type_into(world, keeper, place, f"{number} {MARK}7")
        digits = "".join(letter for letter in number if letter.isdigit())
        if any(digits in "".join(letter for letter in text if letter.isdigit()) for text in outcome.stored):
            wrong.append(f"{place} keeps it")
        elif outcome.status == 422 and place.name not in NO_TEXT and not outcome.names_the_field:
            wrong.append(f"{place} does not say where")
    assert not wrong, f"{len(wrong)}:\n" + "\n".join(wrong[:40])


def test_what_is_refused_comes_back_as_it_was_typed(world, keeper, fields):
    """A form that is refused for another field shows this one with each letter that was typed."""
    text, wrong, seen = f"Nguyễn <b>&amp; O'Brien {MARK}7", [], 0
    for place in fields:
        if place.method != "POST" or place.kind not in ("text", "") or place.name in NO_TEXT:
            continue
        outcome = type_into(world, keeper, place, text)
        if outcome.status == 422 and (shown := outcome.shown_again()):
            seen += 1
            if text not in [value.strip() for value in shown]:
                wrong.append(f"{place}: {shown[:2]}")
    assert not wrong, f"{len(wrong)}:\n" + "\n".join(wrong[:40])
    assert seen > 5


def test_what_may_not_be_is_seen():
    """Each fault that the test above looks for, made by hand."""
    place = Place("nobody", "/", "/", "POST", "name", "text")
    script = f"<script>alert(1)</script> {MARK}7"
    for made, words in (
        (Outcome(place, f"x {MARK}7", 500, "", [], ""), "answers 500"),
        (Outcome(place, script, 200, f"<p>{script}</p>", [], ""), "is not escaped"),
        (Outcome(place, f"{{{{7*7}}}} {MARK}7", 200, f"49 {MARK}7", [], ""), "is calculated"),
        (Outcome(place, f"a\u202eb {MARK}7", 303, "", [f"a\u202eb {MARK}7"], ""), "is kept as"),
        (Outcome(place, f"O'Brien {MARK}7", 303, "", [f"O&#39;Brien {MARK}7"], ""), "is kept as"),
        *((Outcome(place, f"a{letter}b {MARK}7", 303, "", [f"a{letter}b {MARK}7"], ""), "is kept with the control") for letter in "\0\x07\x1b\r\x7f\x9b"),
        (Outcome(place, script, 303, "", [f"<!doctype html><p>{script}"], ""), "is not escaped in a letter"),
        (Outcome(place, f"{ONE_LINE[0]} {MARK}7", 303, "", [f"{ONE_LINE[0]} {MARK}7"], ""), "is kept with its line break"),
    ):  # fmt: skip
        payload = made.text.removesuffix(f" {MARK}7")
        assert any(fault.startswith(words) for fault in faults(made, payload)), words


def test_a_form_that_keeps_register_numbers_would_be_seen(world, keeper, fields, monkeypatch):
    """Without the look at numbers at least some forms keep one."""
    monkeypatch.setattr("app.forms.base.names_national_number", lambda _text: False)
    number, kept = NUMBERS[1], 0
    for place in fields:
        if place.method == "POST" and place.kind in ("text", "") and place.name not in NO_TEXT and kept < 2:
            kept += any(
                number in text for text in type_into(world, keeper, place, f"{number} {MARK}7").stored
            )
    assert kept == 2
