"""From the code to translations/messages.pot, and from there to the file of each language."""

from copy import copy
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import write_po

from app.i18n import placeholders
from app.i18n.catalogues import DOMAIN, FOLDER, po_file, read_catalogue
from app.i18n.languages import LANGUAGES, SOURCE

KEYWORDS = DEFAULT_KEYWORDS | {
    "lazy_gettext": None,
    "lazy_ngettext": (1, 2),
    "lazy_pgettext": ((1, "c"), 2),
    "noted": None,
    "noted_plural": (1, 2),
    "dutch": None,
    "dutch_plural": (1, 2),
    "dutch_context": ((1, "c"), 2),
}


def extract(folder: Path = FOLDER) -> Catalog:
    """The messages of the code, in a stable order, as a template; what is filled in is explained (T11).

    A comment of the code that begins with "Translators:" comes first.
    """
    with (folder / "babel.cfg").open(encoding="utf-8") as file:
        methods, options = parse_mapping_cfg(file)  # type: ignore[no-untyped-call]
    template = Catalog(project="Samenspoor", charset="utf-8", fuzzy=False)
    found = extract_from_dir(
        folder.parent,
        methods,
        options,
        keywords=KEYWORDS,
        comment_tags=("Translators:",),
        strip_comment_tags=True,
        directory_filter=lambda path: (folder.parent / "app") in (Path(path), *Path(path).parents),
    )
    for name, _, text, notes, context in found:
        template.add(text, None, [(name, 1)], auto_comments=notes, context=context)
    for message in template:
        if message.id:
            message.auto_comments += placeholders.comments(message)
    return template


def updated(old: Catalog, template: Catalog, tag: str) -> Catalog:
    """The template with the translations that `old` has for exactly these messages.

    English holds only what it says otherwise than the source: nothing is written out twice.
    """
    new = Catalog(locale=tag, project="Samenspoor", charset="utf-8", fuzzy=False)
    # The plural rule stands in the file: Babel's own is wrong for ar, ti, tr and fa (LANGUAGES 3.1).
    new.mime_headers = [("Plural-Forms", old.plural_forms)]
    for message in template:
        before = old.get(message.id, message.context) if message.id else None
        if not message.id or (tag == SOURCE and not (before and before.string)):
            continue
        added = copy(message)
        new.add(
            added.id,
            before.string if before else None,
            added.locations,
            auto_comments=added.auto_comments,
            user_comments=before.user_comments if before else (),
            context=added.context,
        )
    return new


def as_file(catalogue: Catalog, tag: str | None = None) -> bytes:
    """The catalogue as it is written: sorted, without dates and line numbers, with our plural header."""
    buffer = BytesIO()
    write_po(buffer, catalogue, width=100, sort_output=True, include_lineno=False, omit_header=True)
    lines = ["Project-Id-Version: Samenspoor", "MIME-Version: 1.0", "Content-Type: text/plain; charset=utf-8"]
    lines.append("Content-Transfer-Encoding: 8bit")
    if tag is not None:
        lines += [f"Language: {tag}", f"Plural-Forms: {catalogue.plural_forms}"]
    header = "".join(f'"{line}\\n"\n' for line in lines)
    return f'msgid ""\nmsgstr ""\n{header}\n'.encode() + buffer.getvalue()


def write_template(folder: Path = FOLDER) -> None:
    """Writes messages.pot."""
    (folder / f"{DOMAIN}.pot").write_bytes(as_file(extract(folder)))


def update(folder: Path = FOLDER) -> None:
    """Brings every language up to messages.pot; a language without a file gets one."""
    template = read_catalogue(folder / f"{DOMAIN}.pot")
    for item in LANGUAGES:
        path = po_file(folder, item.tag)
        path.parent.mkdir(parents=True, exist_ok=True)
        old = read_catalogue(path, item.tag) if path.exists() else Catalog(locale=item.tag)
        path.write_bytes(as_file(updated(old, template, item.tag), item.tag))
