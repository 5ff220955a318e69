"""What the policy of the site would block, and what a reader without sight or script would miss."""

from __future__ import annotations

import re

import pytest

from app.icons import TURNING, IconDoesNotExist, icon
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


SOURCES = [*TEMPLATES, *sorted(APP.rglob("*.py"))]
NAME = re.compile(r"""['"]([a-z]+(?:-[a-z0-9]+)*)['"]""")
# The parts of a name that say that the picture points to a side, or shows lines of text.
POINTING = re.compile(
    r"^(?:log|send|undo|redo|reply|forward|list(?!-filter)|text|align|indent|outdent|corner|move|panel|fast|skip|rewind|door)"
    r"(?:-|$)|(?:left|right|question-mark)(?:-|$)"
)


def pictures():
    """Every name in our sources that is the name of a picture."""
    words = {name for path in SOURCES for name in NAME.findall(path.read_text(encoding="utf-8"))}
    for name in sorted(words):
        try:
            yield name, icon(name)
        except IconDoesNotExist:
            continue


def test_what_points_to_a_side_turns_with_the_page():
    """B3: on a right-to-left page arrows turn around; a clock, a tick and the sign for playing do not."""
    turning = {name for name, drawing in pictures() if "mirror" in drawing}
    used = {name for name, _drawing in pictures()}
    assert {"arrow-right", "arrow-left", "send", "undo-2", "log-out"} <= turning
    assert {"clock", "check", "play", "search", "rotate-ccw", "refresh-cw"} <= used - turning
    assert {name for name in used if POINTING.search(name)} <= turning


def test_nobody_turns_another_picture():
    asked = [
        (path.name, found)
        for path in TEMPLATES
        for found in re.findall(r"""icon\(\s*([^(),]+), *'mirror'\)""", path.read_text(encoding="utf-8"))
    ]
    assert asked
    assert [item for item in asked if item[1].strip("'") not in {*TURNING, "picture"}] == []


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
