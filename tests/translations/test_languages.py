"""Which languages there are, how one is found in what a reader sends (LANGUAGES L2, L3, L8, G2)."""

import re
from pathlib import Path

import pytest
from babel import Locale
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from app.i18n import (
    ALIASES,
    DEFAULT,
    LANGUAGES,
    PSEUDO,
    CatalogueError,
    Choice,
    Source,
    choose,
    direction,
    init_app,
    nearest,
    negotiate,
    speakable,
)
from app.i18n.catalogues import FOLDER, po_file

TAGS = [item.tag for item in LANGUAGES]


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("nl-BE,en;q=0.9", "nl"),
        ("uk-UA,ru;q=0.9", "uk"),
        ("ar-SY,fr;q=0.5", "ar"),
        ("ps-AF,en;q=0.5", "ps"),
        ("ti-ER,en;q=0.3", "ti"),
        ("prs", "fa"),
        ("fa-AF", "fa"),
        ("pes-IR", "fa"),
        ("zh-Hans-CN,es-419;q=0.4", "es"),
        ("en;q=0.2,pl;q=0.8", "pl"),
        ("fr;q=0,en", "en"),
        ("fr;q=0", None),
        ("*", "nl"),
        ("nl;q=0,*", "en"),
        ("xx,*;q=0.1", "nl"),
        ("EN-us", "en"),
        ("xx", None),
        ("kmr", None),
        ("", None),
        (None, None),
    ],
)
def test_the_order_of_the_reader_counts_before_an_exact_match(header, expected):
    assert negotiate(header) == expected


@pytest.mark.parametrize("weight", ["NaN", "-1", "1e999", "2", "inf", "1.5", "0x1", "٠", "0.1234", ""])
def test_a_weight_that_is_none_passes_the_entry_over(weight):
    assert negotiate(f"ru;q={weight},uk;q=0.1") == "uk"


@pytest.mark.parametrize(
    "header",
    ["a" * 65536, ",".join(["xx"] * 5000), ";" * 65536, "nl\x00", "\x01\x02", "-" * 4000, "q=1", ",,,;;;==="],
)
def test_a_hostile_header_names_no_language(header):
    assert negotiate(header) is None


def test_a_long_header_is_read_from_its_beginning():
    assert negotiate("uk," + "x" * 65536) == "uk"
    assert negotiate("xx, ru;q=0, , uk;q=0.1") == "uk"


@given(st.text() | st.text(alphabet="nlenukar-_;q=.,*019 ", max_size=300))
def test_no_header_breaks_the_choice(header):
    assert negotiate(header) in [None, *TAGS]


@given(st.text())
def test_no_text_breaks_the_look_up(text):
    assert nearest(text) in [None, *TAGS]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("NL", "nl"),
        ("nl_BE.UTF-8", "nl"),
        ("uk_UA@euro", "uk"),
        ("xx", None),
        ("../../etc", None),
        ("nl%00", None),
        ("nl/../en", None),
        ("nl\n", None),
        ("zh-Hant-TW-x-a", None),
        ("", None),
    ],
)
def test_the_nearest_language_of_a_written_tag(text, expected):
    assert nearest(text) == expected


def test_address_before_preference_before_cookie_before_header_before_dutch():
    asked = {"address": "ar", "preference": "uk", "cookie": "fr", "header": "pl"}
    expected = [("address", "ar"), ("preference", "uk"), ("cookie", "fr"), ("header", "pl")]
    for source, tag in expected:
        assert choose(**asked) == Choice(tag, Source(source))
        del asked[source]
    assert choose() == Choice(DEFAULT, Source.DEFAULT)


def test_an_unknown_wish_is_passed_over_and_nobody_asking_is_told_apart():
    assert choose(cookie="zz", header="ti") == Choice("ti", Source.HEADER)
    assert choose(header="xx") == Choice("nl", Source.DEFAULT)


def test_the_pseudo_language_is_there_only_when_asked_for(app):
    assert choose(address=PSEUDO, pseudo=True).tag == PSEUDO
    assert choose(address=PSEUDO).tag == DEFAULT
    assert speakable(PSEUDO)
    assert PSEUDO not in TAGS
    plain = Flask(__name__)
    init_app(plain)
    with plain.app_context():
        assert not speakable(PSEUDO)
        assert speakable("ti")
        assert not speakable("TI")


def test_only_arabic_persian_and_pashto_read_from_right_to_left():
    assert {tag for tag in TAGS if direction(tag) == "rtl"} == {"ar", "fa", "ps"}
    for item in LANGUAGES:
        assert Locale.parse(item.locale).character_order == (
            "right-to-left" if item.dir == "rtl" else "left-to-right"
        )
    assert direction("zz") == direction(PSEUDO) == "ltr"


def test_code_catalogues_and_aliases_agree():
    assert " ".join(TAGS) == "nl en fr ar tr uk ru fa ps ti so es pl ro"
    assert {path.parent.name for path in FOLDER.glob("*/LC_MESSAGES")} == set(TAGS)
    for tag in TAGS:
        assert f'"Language: {tag}\\n"' in po_file(FOLDER, tag).read_text(encoding="utf-8")
    for alias, target in ALIASES.items():
        assert alias not in TAGS
        # Kurdish is reserved: its alias leads nowhere until the language is there.
        assert nearest(alias) == (target if target in TAGS else None)
    assert {target for target in ALIASES.values() if target not in TAGS} == {"ku"}


def test_native_names_are_those_of_the_languages_themselves():
    for item in LANGUAGES:
        own = Locale.parse(item.tag).get_language_name(item.tag)
        assert own.casefold() in item.native_name.casefold()


def test_the_start_fails_loudly_when_a_folder_is_missing(catalogues: Path):
    (catalogues / "so").rename(catalogues / "xx")
    with pytest.raises(CatalogueError, match="so, xx"):
        init_app(Flask(__name__), folder=catalogues)


@pytest.mark.parametrize("content", ["", 'msgid ""\nmsgstr ""\n"Plural-Forms: nplurals=x; plural=n;\\n"\n'])
def test_the_start_fails_loudly_when_dutch_is_unusable(catalogues: Path, content):
    po_file(catalogues, DEFAULT).write_text(content, encoding="utf-8")
    with pytest.raises(CatalogueError, match=re.escape(f"{DEFAULT}/LC_MESSAGES")):
        init_app(Flask(__name__), folder=catalogues)


def test_the_start_fails_loudly_when_dutch_is_not_there(catalogues: Path):
    po_file(catalogues, DEFAULT).unlink()
    with pytest.raises(CatalogueError, match="cannot be read"):
        init_app(Flask(__name__), folder=catalogues)
