"""Joins the parts of the stylesheets into the files that are served: one request per kind of page.

The parts in static/css/parts are what people read and edit, each about one thing. After an edit,
`python -m app.stylesheets` writes the joined files; a test fails when they are out of date.
"""

from __future__ import annotations

import re
from pathlib import Path

FOLDER = Path(__file__).parent / "static" / "css"
BUNDLES: dict[str, tuple[str, ...]] = {
    "site.css": (
        *("tokens", "base", "masthead", "buttons", "forms"),
        *("choices", "line", "blocks", "narrow", "print"),
    ),
    "staff.css": ("staff", "tables", "judging", "recordings"),
}


def joined(bundle: str) -> str:
    """Return the text of one served stylesheet: its parts in order, without comments and indents."""
    parts = [FOLDER / "parts" / f"{part}.css" for part in BUNDLES[bundle]]
    text = "\n".join(part.read_text(encoding="utf-8") for part in parts)
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    text = re.sub(r"\s*([{};,>])\s*", r"\1", text).replace(";}", "}")
    text = re.sub(r":\s+", ":", text)
    return re.sub(r"[ \t\n]+", " ", text.replace("}", "}\n")).replace("} ", "}\n").strip() + "\n"


def write_all() -> None:
    """Write every served stylesheet beside the folder of its parts."""
    for bundle in BUNDLES:
        (FOLDER / bundle).write_text(joined(bundle), encoding="utf-8")


if __name__ == "__main__":
    write_all()
