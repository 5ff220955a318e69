"""Marks of a fallback in a finished page: an element where one may stand, nothing where none may (T5)."""

import json
from urllib.parse import quote

import html5lib
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.i18n import settle_html, settle_text
from app.i18n.fallback import CLOSE, OPEN, mark

SPAN = '<span lang="nl" dir="ltr">Hallo</span>'
HELLO = mark("Hallo")


def test_a_page_without_marks_is_left_alone():
    page = "<p title='100% \\u00e9'>Dag</p>"
    assert settle_html(page, "ar") is page


@pytest.mark.parametrize(
    ("page", "settled"),
    [
        (f"<p>{HELLO}</p>", f"<p>{SPAN}</p>"),
        (f"<p>{HELLO}, {HELLO}</p>", f"<p>{SPAN}, {SPAN}</p>"),
        (f'<a title="{HELLO}">x</a>', '<a title="Hallo">x</a>'),
        (f"<a title='a > b {HELLO}'>x</a>", "<a title='a > b Hallo'>x</a>"),
        (f"<title>{HELLO}</title>", "<title>Hallo</title>"),
        (f"<option selected>{HELLO}</option>", "<option selected>Hallo</option>"),
        (f"<textarea>{HELLO}</textarea>", "<textarea>Hallo</textarea>"),
        (f"<script>let a = '<b>{HELLO}';</script>", "<script>let a = '<b>Hallo';</script>"),
        (
            f"<svg><title>{HELLO}</title><text>{HELLO}</text></svg>",
            "<svg><title>Hallo</title><text>Hallo</text></svg>",
        ),
        (f"<!-- {HELLO} --><p>{HELLO}</p>", f"<!-- Hallo --><p>{SPAN}</p>"),
        (f"<OPTION>{HELLO}</OPTION>", "<OPTION>Hallo</OPTION>"),
        (f'<img alt="{HELLO}"/>{HELLO}', f'<img alt="Hallo"/>{SPAN}'),
        (
            f"<p>{OPEN}Dag <bdi>Amina</bdi><br>en <b>hallo</b>{CLOSE}!</p>",
            '<p><span lang="nl" dir="ltr">Dag <bdi>Amina</bdi><br>en <b>hallo</b></span>!</p>',
        ),
        (mark(f"a {mark('b')} c"), '<span lang="nl" dir="ltr">a b c</span>'),
        (f"<p>{OPEN}cut</p><p>on</p>", '<p><span lang="nl" dir="ltr">cut</span></p><p>on</p>'),
        (f"<p>lone{CLOSE}</p>", "<p>lone</p>"),
        (f"<p>{OPEN}end", '<p><span lang="nl" dir="ltr">end</span>'),
        ("<optional>" + HELLO + "</optional>", f"<optional>{SPAN}</optional>"),
    ],
)
def test_marks_become_an_element_only_where_one_may_stand(page, settled):
    assert settle_html(page, "ar") == settled


def test_marks_written_for_scripts_and_addresses_go_as_well():
    link = f'<a href="https://wa.me/?text={quote(HELLO)}">x</a>'
    assert settle_html(link, "ar") == '<a href="https://wa.me/?text=Hallo">x</a>'
    script = f"<script>say({json.dumps(HELLO)})</script>"
    assert settle_html(script, "ar") == '<script>say("Hallo")</script>'
    assert settle_html(f'<p data-say="{json.dumps(HELLO)[1:-1]}">x</p>', "ar") == '<p data-say="Hallo">x</p>'


def test_a_dutch_page_needs_no_element():
    assert settle_html(f"<p>{HELLO}</p>", "nl") == "<p>Hallo</p>"


def test_plain_text_is_freed_of_marks():
    assert settle_text(f"Re: {HELLO}") == "Re: Hallo"


@given(
    st.lists(
        st.sampled_from(
            [OPEN, CLOSE, "<p>", "</p>", "<b>", "</b>", "<br>", "<svg>", "</svg>", "a", '"', "<", ">"]
        )
    )
)
def test_no_mark_is_left_and_every_span_is_closed(pieces):
    page = "".join(pieces)
    settled = settle_html(page, "ti")
    assert OPEN not in settled
    assert CLOSE not in settled
    assert settled.count("<span") == settled.count("</span>")
    assert settle_text(page).replace("\n", "") == settled.replace('<span lang="nl" dir="ltr">', "").replace(
        "</span>", ""
    )


@given(
    st.recursive(
        st.sampled_from(["x", HELLO]),
        lambda inner: st.lists(inner).map(
            lambda parts: f"<p><b>{''.join(parts)}</b></p>".replace("<p>", "<i>").replace("</p>", "</i>")
        ),
        max_leaves=8,
    )
)
def test_a_well_formed_page_stays_well_formed(body):
    page = settle_html(f"<!doctype html><html><head><title>t</title></head><body>{body}</body></html>", "ar")
    html5lib.HTMLParser(strict=True).parse(page)
