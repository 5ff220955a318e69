"""Catalogues in memory: one object per language that answers with a text, in Dutch when it has none (T5)."""

from __future__ import annotations

import gettext
from functools import cache
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations

from app.i18n.fallback import mark
from app.i18n.languages import DEFAULT, LANGUAGES, PSEUDO, SOURCE

FOLDER = Path(__file__).resolve().parents[2] / "translations"
DOMAIN = "messages"


class CatalogueError(RuntimeError):
    """The translations cannot be used as they are; the text says what to do."""


def po_file(folder: Path, tag: str) -> Path:
    """Where the translations of a language stand."""
    return folder / tag / "LC_MESSAGES" / f"{DOMAIN}.po"


def read_catalogue(path: Path, tag: str | None = None) -> Catalog:
    """A .po or .pot file as a Babel catalogue, without obsolete messages."""
    with path.open("rb") as file:
        return read_po(file, locale=tag, ignore_obsolete=True)


def compiled(catalogue: Catalog) -> bytes:
    """The catalogue as a .mo file, without unsure messages and without plurals that lack a form.

    Babel would put English into the missing form; a message that is left out is shown in Dutch instead.
    """
    for message in list(catalogue):
        forms = message.string if isinstance(message.string, (list, tuple)) else (message.string,)
        if message.id and not all(forms):
            catalogue.delete(message.id, message.context)
    buffer = BytesIO()
    write_mo(buffer, catalogue)
    return buffer.getvalue()


def compile_stale(folder: Path = FOLDER) -> list[str]:
    """Writes the .mo files that are missing or older than their .po file; returns the tags."""
    written = []
    for item in LANGUAGES:
        path = po_file(folder, item.tag)
        ready = path.with_suffix(".mo")
        if not ready.exists() or ready.stat().st_mtime_ns < path.stat().st_mtime_ns:
            content = compiled(read_catalogue(path, item.tag))
            # Written beside and moved: a server that reads at this moment sees the old file or the new one.
            beside = ready.with_suffix(".mo.new")
            beside.write_bytes(content)
            beside.replace(ready)
            written.append(item.tag)
    return written


class Shelf:
    """The catalogues of one folder, read when first asked for."""

    def __init__(self, folder: Path = FOLDER) -> None:
        self.folder = folder
        self._spoken: dict[str, _Spoken] = {}

    def check(self) -> None:
        """Raises CatalogueError when folders and LANGUAGES differ, or the Dutch catalogue is of no use (G2)."""
        declared = {language.tag for language in LANGUAGES}
        present = {path.name for path in self.folder.glob("*") if (path / "LC_MESSAGES").is_dir()}
        if declared != present:
            raise CatalogueError(
                f"The languages in the code and the folders in {self.folder} differ: "
                f"{', '.join(sorted(declared ^ present))}. Each language needs both."
            )
        if self._read(DEFAULT).is_empty:
            raise CatalogueError(f"The Dutch catalogue {po_file(self.folder, DEFAULT)} holds no translation.")

    def spoken(self, tag: str) -> NullTranslations:
        """What answers in this language; raises CatalogueError for a catalogue that cannot be read."""
        return _Pseudo() if tag == PSEUDO else self._read(tag)

    def _read(self, tag: str) -> _Spoken:
        if tag not in self._spoken:
            spoken = _Spoken(BytesIO(self._content(tag)), DOMAIN)
            if tag not in (DEFAULT, SOURCE):
                spoken.add_fallback(_InDutch(self._read(DEFAULT)))
            self._spoken[tag] = spoken
        return self._spoken[tag]

    def _content(self, tag: str) -> bytes:
        """The .mo file when it is newer than the .po file; otherwise made from the .po file, in memory."""
        path = po_file(self.folder, tag)
        ready = path.with_suffix(".mo")
        try:
            if ready.exists() and ready.stat().st_mtime_ns >= path.stat().st_mtime_ns:
                return ready.read_bytes()
            return compiled(read_catalogue(path, tag))
        except (OSError, ValueError) as error:
            raise CatalogueError(f"The catalogue {path} cannot be read: {error}") from error


@cache
def shipped() -> Shelf:
    """The catalogues that come with the code."""
    return Shelf()


class _Spoken(Translations):
    """A catalogue that answers the empty message with an empty text, not with its own header."""

    @property
    def is_empty(self) -> bool:
        """Whether there is no message in it but the header."""
        return not self._catalog.keys() - {""}

    def holds(self, message: str, context: str | None = None) -> bool:
        """Whether the catalogue itself has this message."""
        key = message if context is None else self.CONTEXT_ENCODING % (context, message)
        return key in self._catalog or (key, 0) in self._catalog

    def gettext(self, message: str) -> str:
        return str(super().gettext(message)) if message else ""

    ugettext = gettext

    def ungettext(self, singular: str, plural: str, num: int) -> str:
        return str(self.ngettext(singular, plural, num))

    def upgettext(self, context: str, message: str) -> str:
        return str(self.pgettext(context, message))

    def unpgettext(self, context: str, singular: str, plural: str, num: int) -> str:
        return str(self.npgettext(context, singular, plural, num))


class _InDutch(gettext.NullTranslations):
    """The Dutch text between marks; the English source, unmarked, where Dutch has none either."""

    def __init__(self, dutch: _Spoken) -> None:
        super().__init__()
        self._dutch = dutch

    def gettext(self, message: str) -> str:
        return self._marked(self._dutch.gettext(message), message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return self._marked(self._dutch.ngettext(msgid1, msgid2, n), msgid1)

    def pgettext(self, context: str, message: str) -> str:
        return self._marked(str(self._dutch.pgettext(context, message)), message, context)

    def npgettext(self, context: str, msgid1: str, msgid2: str, n: int) -> str:
        return self._marked(self._dutch.npgettext(context, msgid1, msgid2, n), msgid1, context)

    def _marked(self, text: str, message: str, context: str | None = None) -> str:
        return mark(text) if self._dutch.holds(message, context) else text


class _Pseudo(NullTranslations):
    """Every message in brackets, placeholders kept."""

    def gettext(self, message: str) -> str:
        return f"⟦{message}⟧" if message else ""

    ugettext = gettext

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return self.gettext(msgid1 if n == 1 else msgid2)

    ungettext = ngettext

    def pgettext(self, context: str, message: str) -> str:
        return self.gettext(message)

    upgettext = pgettext

    def npgettext(self, context: str, singular: str, plural: str, num: int) -> str:
        return self.ngettext(singular, plural, num)

    unpgettext = npgettext
