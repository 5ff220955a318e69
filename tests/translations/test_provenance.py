"""Where a translation comes from: the state is computed and no two marks contradict each other (T8)."""

import re
import string

import pytest
from babel.messages.catalog import Catalog
from hypothesis import given
from hypothesis import strategies as st

from app.i18n import LANGUAGES
from app.i18n.catalogues import FOLDER, po_file
from app.i18n.messages import note
from app.i18n.provenance import (
    BadRecord,
    Entry,
    Made,
    Reading,
    Record,
    State,
    as_csv,
    bring_up_to_date,
    checked_now,
    digest,
    entries,
    key_of,
    made_now,
    read_records,
    reading,
    record_checked,
    record_file,
    record_made,
    shipped_reading,
    state,
    states,
    up_to_date,
    write_records,
)

marks = st.text("abc", max_size=2)
entry_values = st.builds(
    Entry, st.just("Now"), st.sampled_from(["s1", "s2"]), st.sampled_from(["", "t1", "t2"])
)
records = st.builds(
    Record,
    st.sampled_from(["s1", "s2"]),
    st.sampled_from(["t1", "t2"]),
    st.sampled_from(Made),
    marks,
    st.just("2026-11-21"),
)


@given(entry_values, st.none() | records)
def test_each_state_means_what_it_says(entry, record):
    found = state(entry, record)
    same_text = record is not None and record.text == entry.text
    assert (found is State.MISSING) == (not entry.text)
    assert (found is State.OUTDATED) == (bool(entry.text) and same_text and record.source != entry.source)
    if found is State.CHECKED:
        assert same_text
        assert record.checked_by
    if entry.text and record and not same_text:
        assert found is State.PERSON


@given(entry_values, st.none() | records)
def test_bringing_the_record_up_to_date_never_changes_the_state_and_is_done_once(entry, record):
    held = up_to_date(entry, record)
    assert state(entry, held) is state(entry, record)
    assert up_to_date(entry, held) == held


@given(entry_values.filter(lambda entry: entry.text), st.none() | records, st.sampled_from(Made))
def test_editing_the_source_outdates_whatever_is_on_record(entry, record, made):
    edited = Entry(entry.english, entry.source + "!", entry.text)
    for held in (
        up_to_date(entry, record),
        made_now(entry, made),
        checked_now(entry, record, "Sara", "2026-11-21"),
    ):
        assert state(edited, held) is State.OUTDATED


@given(entry_values.filter(lambda entry: entry.text), records)
def test_editing_the_text_takes_the_check_away_and_makes_it_a_persons(entry, record):
    checked = checked_now(entry, record, "Sara", "2026-11-21")
    edited = Entry(entry.english, entry.source, entry.text + "!")
    assert state(entry, checked) is State.CHECKED
    assert state(edited, checked) is State.PERSON
    held = up_to_date(edited, checked)
    assert (held.made, held.checked_by, held.source) == (Made.PERSON, "", entry.source)


@given(entry_values.filter(lambda entry: entry.text), st.none() | records)
def test_a_check_keeps_by_whom_it_was_made(entry, record):
    held = up_to_date(entry, record)
    assert checked_now(entry, record, "Sara", "2026-11-21").made is held.made


@given(st.dictionaries(st.text(string.hexdigits, min_size=1, max_size=4), records), st.randoms())
def test_records_are_read_as_they_were_written_in_one_order(tmp_path_factory, found, shuffle):
    path = tmp_path_factory.mktemp("records") / "provenance.csv"
    rows = list(found.items())
    shuffle.shuffle(rows)
    write_records(path, rows)
    assert read_records(path) == found
    assert path.read_text(encoding="utf-8") == as_csv(found)
    assert (
        sorted(path.read_text(encoding="utf-8").splitlines()[1:])
        == path.read_text(encoding="utf-8").splitlines()[1:]
    )


@given(st.lists(st.text(max_size=3), max_size=3), st.lists(st.text(max_size=3), max_size=3))
def test_digests_differ_when_a_text_or_their_number_does(one, other):
    assert (digest(*one) == digest(*other)) == (one == other)


@pytest.mark.parametrize("row", ["a,b", "a,s,t,robot,,", "k,s,t,machine,,\nk,s,t,machine,,"])
def test_a_broken_file_is_refused_with_its_line(tmp_path, row):
    path = tmp_path / "provenance.csv"
    path.write_text(f"message,source,text,made,checked_by,checked_on\n{row}\n", encoding="utf-8")
    with pytest.raises(BadRecord, match=r"provenance.csv, line [23]"):
        read_records(path)


def catalogues_of(english, dutch, text):
    template, beside, catalogue = Catalog(), Catalog(locale="nl"), Catalog(locale="fr")
    template.add(english)
    beside.add(english, dutch)
    catalogue.add(english, text)
    return catalogue, beside, template


def test_the_source_is_the_english_in_all_forms_and_the_dutch():
    plural = ("%(num)s day", "%(num)s days")
    [entry] = entries(*catalogues_of(plural, ("dag", "dagen"), ("jour", "jours")), "fr").values()
    for english, dutch in (
        (("%(num)s day", "%(num)s long days"), ("dag", "dagen")),
        (plural, ("dag", "daagjes")),
    ):
        [other] = entries(*catalogues_of(english, dutch, ("jour", "jours")), "fr").values()
        assert other.source != entry.source
        assert other.text == entry.text
    [half] = entries(*catalogues_of(plural, ("dag", "dagen"), ("jour", "")), "fr").values()
    assert state(half, None) is State.MISSING


def test_dutch_follows_the_english_alone_and_english_says_what_the_code_says():
    for tag in ("nl", "en"):
        [before] = entries(*catalogues_of("Now", "Nu", "Nu"), tag).values()
        [after] = entries(*catalogues_of("Now", "Straks", "Nu"), tag).values()
        assert before.source == after.source
    [plain] = entries(*catalogues_of("Now", "Nu", ""), "en").values()
    assert plain.text == digest("Now")


def test_a_message_is_known_by_its_context_and_first_form():
    assert key_of("Open", None) != key_of("Open", "state")
    assert key_of(("day", "days"), None) == key_of(["day", "whole days"], None)


@pytest.mark.parametrize("tag", [item.tag for item in LANGUAGES])
def test_what_we_ship_has_records_that_can_be_read_and_claims_no_check_without_a_name(tag):
    records = read_records(record_file(FOLDER, tag))
    assert len(records) > 1000
    for record in records.values():
        assert bool(record.checked_by) == bool(record.checked_on)
        assert re.fullmatch(r"(\d{4}-\d\d-\d\d)?", record.checked_on)
    assert shipped_reading(tag).checked == list(states(FOLDER, tag)).count(State.CHECKED)


def edit(folder, tag, old, new):
    path = po_file(folder, tag)
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_the_life_of_a_translation(catalogues):
    bring_up_to_date(catalogues)
    record_made(catalogues, "uk", Made.MACHINE, None)
    assert reading("uk", catalogues).checked == 0
    assert record_checked(catalogues, "uk", "Olena", "2026-11-22", None) > 1000
    assert reading("uk", catalogues).whole
    before = list(states(catalogues, "uk")).count(State.CHECKED)

    edit(catalogues, "uk", '"Ви працюєте з новоприбулими?"', '"Чи працюєте ви з новоприбулими?"')
    found = list(states(catalogues, "uk"))
    assert (found.count(State.PERSON), found.count(State.CHECKED)) == (1, before - 1)
    assert reading("uk", catalogues) == Reading(before - 1, before)
    bring_up_to_date(catalogues)
    assert list(states(catalogues, "uk")) == found

    edit(catalogues, "nl", '"Werk je met nieuwkomers?"', '"Werk jij met nieuwkomers?"')
    assert list(states(catalogues, "uk")).count(State.OUTDATED) == 1
    bring_up_to_date(catalogues)
    assert list(states(catalogues, "uk")).count(State.OUTDATED) == 1
    assert (
        record_checked(catalogues, "uk", "Olena", "2026-11-23", frozenset({"Do you work with newcomers?"}))
        == 1
    )
    assert reading("uk", catalogues).whole
    edit(catalogues, "nl", '"Werk jij met nieuwkomers?"', '"Werk je met nieuwkomers?"')
    assert list(states(catalogues, "uk")).count(State.OUTDATED) == 1
    assert record_made(catalogues, "uk", Made.PERSON, None) == 1
    assert list(states(catalogues, "uk")).count(State.PERSON) == 1


def test_the_command_notes_who_read_and_who_made(monkeypatch, catalogues, capsys):
    from app.i18n import messages

    monkeypatch.setattr(messages, "FOLDER", catalogues)
    only = catalogues / "read.txt"
    only.write_text("Do you work with newcomers?\n\nNot one of ours\n", encoding="utf-8")
    asked = ["checked", "ti", "--by", " Selam ", "--on", "2026-11-22", "--only", str(only)]
    assert note(asked) == 0
    assert capsys.readouterr().out == "ti: 1 records changed\n"
    found = read_records(record_file(catalogues, "ti"))[key_of("Do you work with newcomers?", None)]
    assert (found.checked_by, found.checked_on) == ("Selam", "2026-11-22")
    assert messages.main(["made", "ti", "--by", "person", "--only", str(only)]) == 0
    found = read_records(record_file(catalogues, "ti"))[key_of("Do you work with newcomers?", None)]
    assert (found.made, found.checked_by) == (Made.PERSON, "")
    for wrong in (
        ["checked", "ti", "--by", " "],
        ["made", "ti", "--by", "robot"],
        ["checked", "xx", "--by", "A"],
    ):
        with pytest.raises(SystemExit):
            note(wrong)
