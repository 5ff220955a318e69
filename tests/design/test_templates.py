"""What the policy of the site would block, and what a reader without sight or script would miss."""

from __future__ import annotations

import re

import pytest

from app.icons import IconDoesNotExist, icon
from app.stylesheets import FOLDER

APP = FOLDER.parents[1]
TEMPLATES = sorted((APP / "templates").rglob("*.html"))
MAIL = APP / "templates" / "layouts" / "mail.html"
ids = {"ids": lambda path: f"{path.parent.name}/{path.stem}"}


@pytest.mark.parametrize("path", TEMPLATES, **ids)
def test_nothing_inline_that_the_policy_blocks(path):
    text = path.read_text(encoding="utf-8")
    assert not re.findall(r"<[^>]*\s(?:style|on[a-z]+)\s*=", text)
    assert path == MAIL or "<style" not in text
    assert not re.findall(r"<script(?![^>]*\ssrc=)[^>]*>", text)
    assert "javascript:" not in text


@pytest.mark.parametrize("path", TEMPLATES, **ids)
def test_every_picture_named_exists(path):
    for name in re.findall(r"icon\('([a-z0-9-]+)'", path.read_text(encoding="utf-8")):
        assert icon(name).startswith("<svg")


@pytest.mark.parametrize("path", TEMPLATES, **ids)
def test_arrows_turn_with_the_page(path):
    text = path.read_text(encoding="utf-8")
    arrows = re.findall(r"icon\('(?:arrow-left|arrow-right|log-out|log-in)'[^)]*\)", text)
    assert all("'mirror'" in arrow for arrow in arrows)


@pytest.mark.parametrize("path", TEMPLATES, **ids)
def test_nothing_comes_from_a_third_party(path):
    text = path.read_text(encoding="utf-8")
    assert not re.findall(r"<(?:script|img|link|iframe|video|audio|source)[^>]+https?://", text)


def test_an_unknown_picture_is_refused():
    with pytest.raises(IconDoesNotExist):
        icon("no-such-picture")


def test_a_picture_says_nothing_and_its_class_cannot_break_out():
    drawing = icon("house", 'a"><script>')
    assert 'aria-hidden="true"' in drawing
    assert "<script>" not in drawing
    assert drawing.count("class=") == 1
    assert len(drawing) < 400
