"""The command behind `make messages`: python -m app.i18n.messages extract | update | compile | check.

extract  reads the code and writes translations/messages.pot
update   brings each language up to the template: new messages empty, gone ones away, nothing guessed
compile  writes the .mo files that are missing or old
check    says what is wrong and ends with 1
Without a word: extract, update, compile. The files are sorted and carry no line numbers, so that they change
only where a text changes.
"""

import re
import sys
from collections.abc import Iterator
from copy import copy
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import write_po

from app.i18n.catalogues import DOMAIN, FOLDER, compiled, po_file, read_catalogue
from app.i18n.languages import LANGUAGES, SOURCE, Scope, language

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

# What only staff see may be missing in a language that is complete for the others (LANGUAGES, scope).
STAFF_PATHS = (
    "app/forms/admin",
    "app/forms/matches",
    "app/forms/networks",
    "app/forms/people",
    "app/forms/programmes",
    "app/forms/recordings",
    "app/forms/trajectories",
    "app/services/audio/",
    "app/services/imports",
    "app/services/intake",
    "app/services/matchmaking",
    "app/services/programmes",
    "app/services/recordings",
    "app/services/screening",
    "app/services/staff",
    "app/templates/admin/",
    "app/templates/duos/index",
    "app/templates/duos/show",
    "app/templates/layouts/staff",
    "app/templates/matches/",
    "app/templates/networks/",
    "app/templates/people/",
    "app/templates/programmes/",
    "app/templates/recordings/",
    "app/templates/today/",
    "app/templates/trajectories/",
    "app/vocabulary/actions",
    "app/vocabulary/planning",
    "app/vocabulary/screening",
    "app/vocabulary/settings",
    "app/vocabulary/spoken",
    "app/web/admin",
    "app/web/matches",
    "app/web/navigation",
    "app/web/networks",
    "app/web/people",
    "app/web/person",
    "app/web/programmes",
    "app/web/recordings",
    "app/web/today",
    "app/web/trajectories",
)

_PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w+\}")
_ELEMENT = re.compile(r"</?\w+[^>]*>")


def extract(folder: Path = FOLDER) -> Catalog:
    """The messages of the code, in a stable order, as a template."""
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
    for name, _, text, comments, context in found:
        template.add(text, None, [(name, 1)], auto_comments=comments, context=context)
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


def missing(template: Catalog, catalogue: Catalog, tag: str) -> list[Message]:
    """Messages without a translation that the scopes declared complete for this language need."""
    scopes = language(tag).complete
    if tag == SOURCE:
        return []
    return [
        message
        for message in template
        if message.id
        and scopes & _scopes_of(message)
        and not _has_text(catalogue.get(message.id, message.context))
    ]


def faults(catalogue: Catalog) -> Iterator[str]:
    """What is wrong with the translations that are there (T3, T10): one line each."""
    for message in catalogue:
        forms = _forms(message)
        if not message.id or not any(forms):
            continue
        source = message.id if isinstance(message.id, str) else message.id[1]
        if message.fuzzy:
            yield f"unsure: {source!r}"
        for form in forms:
            yield from (f"{fault}: {source!r} - {form!r}" for fault in _faults_of(source, form))


def _faults_of(source: str, form: str) -> Iterator[str]:
    if not form.strip():
        yield "a form is empty"
        return
    if form != form.strip():
        yield "begins or ends with a space"
    if sorted(_PLACEHOLDER.findall(form)) != sorted(_PLACEHOLDER.findall(source)):
        yield "other placeholders"
    if sorted(_ELEMENT.findall(form)) != sorted(_ELEMENT.findall(source)):
        yield "other HTML"


def _forms(message: Message) -> tuple[str, ...]:
    text = message.string or ""
    return (text,) if isinstance(text, str) else tuple(form or "" for form in text)


def _has_text(message: Message | None) -> bool:
    return message is not None and all(_forms(message))


def _scopes_of(message: Message) -> set[Scope]:
    staff = all(name.startswith(STAFF_PATHS) for name, _ in message.locations)
    return {Scope.STAFF} if staff else {Scope.PUBLIC, Scope.NEWCOMER}


def check(folder: Path = FOLDER) -> list[str]:
    """Everything that is wrong with the catalogues, one line each."""
    template = extract(folder)
    problems = []
    if as_file(template) != (folder / f"{DOMAIN}.pot").read_bytes():
        problems.append(f"{DOMAIN}.pot: is not what the code says; run make messages")
    for item in LANGUAGES:
        path = po_file(folder, item.tag)
        if not path.exists():
            problems.append(f"{item.tag}: has no catalogue")
            continue
        catalogue = read_catalogue(path, item.tag)
        if as_file(updated(catalogue, template, item.tag), item.tag) != path.read_bytes():
            problems.append(f"{item.tag}: is not up to the template; run make messages")
        problems += [f"{item.tag}: not translated: {m.id!r}" for m in missing(template, catalogue, item.tag)]
        problems += [f"{item.tag}: {fault}" for fault in faults(catalogue)]
    return problems


def main(words: list[str]) -> int:
    """Runs the command; returns its exit status."""
    steps = {"extract": write_template, "update": update, "compile": compile_stale}
    if words == ["check"]:
        problems = check()
        sys.stdout.writelines(f"{problem}\n" for problem in problems)
        return 1 if problems else 0
    if not set(words) <= steps.keys():
        sys.stderr.write(__doc__ or "")
        return 2
    for name, step in steps.items():
        if not words or name in words:
            step()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
