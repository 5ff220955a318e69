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

__all__ = ["IconDoesNotExist", "icon"]

# The stylesheet says these once for all icons (.icon), so they need not travel with each picture.
_SAID_BY_STYLESHEET = re.compile(r' (?:fill|stroke|stroke-width|stroke-linecap|stroke-linejoin)="[^"]*"')


@functools.cache
def icon(name: str, cls: str = "") -> Markup:
    """Return the lucide icon `name` as SVG markup that assistive technology skips.

    `cls` is one or more extra class names, such as "mirror" for an arrow that must turn around on a
    right-to-left page. A word always stands beside the picture; the picture itself says nothing.
    Raises IconDoesNotExist for a name that the installed family lacks.
    """
    drawing = str(lucide(name, size=24, aria_hidden="true"))
    opening, rest = drawing.split(">", 1)
    classes = escape(f"icon {cls}".strip())
    opening = f'{_SAID_BY_STYLESHEET.sub("", opening)} class="{classes}"'
    inside = re.sub(r">\s+<", "><", rest).strip()
    return Markup(f"{opening}>{inside}")  # noqa: S704 - a drawing of the wheel, and a class that is escaped
