"""Pictures of one family for the templates: lucide icons as inline SVG.

Inline, because a page shows about ten of them: a sprite would be a second request on a slow phone,
and the compressed page grows by about 100 bytes per icon.
"""

from __future__ import annotations

import functools
import re

from lucide import IconDoesNotExist
from lucide.jinja import lucide
from markupsafe import Markup, escape

__all__ = ["TURNING", "IconDoesNotExist", "icon"]

TURNING = frozenset({
    "arrow-left", "arrow-right", "arrow-right-left", "chevron-left", "chevron-right", "circle-question-mark", "file-question-mark", "forward",
    "list", "list-checks", "list-plus", "log-in", "log-out", "message-circle-question-mark", "redo-2", "reply", "send",
    "skip-forward", "undo-2",
})  # fmt: skip
"""Pictures that point along the line of text, or are a line of text: they turn around on a right-to-left page.
Clocks, ticks, a play button and circling arrows are the same everywhere."""

# The stylesheet says these once for all icons (.icon), so they need not travel with each picture.
_SAID_BY_STYLESHEET = re.compile(r' (?:fill|stroke|stroke-width|stroke-linecap|stroke-linejoin)="[^"]*"')


@functools.cache
def icon(name: str, cls: str = "") -> Markup:
    """Return the lucide icon `name` as SVG markup that assistive technology skips.

    `cls` is one or more extra class names. What points along the line of text turns around on a right-to-left
    page by itself. A word always stands beside the picture; the picture itself says nothing.
    Raises IconDoesNotExist for a name that the installed family lacks.
    """
    drawing = str(lucide(name, size=24, aria_hidden="true"))
    opening, rest = drawing.split(">", 1)
    turns = ("mirror",) if name in TURNING else ()
    classes = escape(" ".join(dict.fromkeys(("icon", *cls.split(), *turns))))
    opening = f'{_SAID_BY_STYLESHEET.sub("", opening)} class="{classes}"'
    inside = re.sub(r">\s+<", "><", rest).strip()
    return Markup(f"{opening}>{inside}")  # noqa: S704 - a drawing of the wheel, and a class that is escaped
