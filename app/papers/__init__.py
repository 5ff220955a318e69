"""Papers as PDF: tagged (PDF/UA-1), A4, with names in every script. Drawn by typst, without any network.

A paper is a `.typ` file in this folder and a tree of plain values, which reaches it as JSON: nothing that a person
typed is ever read as markup.
"""

import json
import logging
from collections.abc import Mapping
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

import typst

from app.i18n import active, active_direction, gettext, settle_text

FOLDER: Final = Path(__file__).resolve().parent
# The wheels that carry our fonts: Latin, Greek and Cyrillic; Arabic; Ethiopic. All under the Open Font License.
PACKAGES: Final = ("fontpkg_noto_sans", "fontpkg_amiri", "justmytype_intl_africa")
FAMILIES: Final = ("Noto Sans", "Amiri", "Noto Sans Ethiopic")
# Names in these scripts need a font of the machine; any of the families does (docs/running.md).
OF_THE_MACHINE: Final[Mapping[str, tuple[str, ...]]] = {
    "Armenian": ("Noto Sans Armenian", "DejaVu Sans"),
    "Bengali": ("Noto Sans Bengali", "FreeSans"),
    "Chinese": ("Noto Sans CJK SC", "Droid Sans Fallback", "WenQuanYi Zen Hei"),
    "Devanagari": ("Noto Sans Devanagari", "FreeSans"),
    "Georgian": ("Noto Sans Georgian", "DejaVu Sans"),
    "Tamil": ("Noto Sans Tamil", "FreeSans"),
    "Thai": ("Noto Sans Thai", "FreeSans"),
}

log = logging.getLogger(__name__)


def draw(paper: str, values: Mapping[str, Any]) -> bytes:
    """The PDF of that paper. Letters that our fonts lack come from the machine's; what it lacks too is a box.

    A paper with a box is still tagged, but does not claim PDF/UA, which wants every letter shown.
    Raises typst.TypstError when the paper itself is wrong.
    """
    try:
        return _compile(paper, values, own_fonts(), ["ua-1"])
    except typst.TypstError as error:
        if "could not be displayed" not in str(error):
            raise
    try:
        return _compile(paper, values, all_fonts(), ["ua-1"])
    except typst.TypstError as error:
        if "could not be displayed" not in str(error):
            raise
        log.warning("a paper has letters for which this machine has no font")
        return _compile(paper, values, all_fonts(), [])


@cache
def own_fonts() -> typst.Fonts:
    """The fonts that are installed with the programme."""
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=_places())


@cache
def all_fonts() -> typst.Fonts:
    """Those, and whatever the known folders of this machine hold; looking takes a quarter of a second, once."""
    return typst.Fonts(include_system_fonts=True, include_embedded_fonts=True, font_paths=_places())


def missing_scripts() -> list[str]:
    """The scripts, by English name, in which a name on a paper would be boxes on this machine."""
    there = set(all_fonts().families())
    missing = [family for family in FAMILIES if family not in there]
    return missing + [
        script for script, families in OF_THE_MACHINE.items() if not there.intersection(families)
    ]


def sheet(title: str) -> dict[str, Any]:
    """What every paper is told in the language spoken now: its title, language, direction, and how pages are numbered."""
    page = gettext("Page %(page)s of %(pages)s", page="{page}", pages="{pages}")
    return {"title": title, "lang": active(), "rtl": active_direction() == "rtl", "page": page}


def _places() -> list[Path]:
    """Where the wheels with fonts lie; they are looked for, not imported."""
    return [Path(spec.origin).parent for name in PACKAGES if (spec := find_spec(name)) and spec.origin]


def _compile(paper: str, values: Mapping[str, Any], fonts: typst.Fonts, standards: list[Any]) -> bytes:
    made = typst.compile(
        str(FOLDER / f"{paper}.typ"), root=str(FOLDER), font_paths=fonts, ignore_system_fonts=True,
        sys_inputs={"values": settle_text(json.dumps(values, ensure_ascii=False))}, pdf_standards=standards,
    )  # fmt: skip
    assert isinstance(made, bytes)
    return made
