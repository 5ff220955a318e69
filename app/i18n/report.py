"""How the translations stand: a table with a line for each language, and every fault that must not ship."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from babel.messages.catalog import Catalog

from app.i18n import buttons, faults, glossary, placeholders, provenance, readability
from app.i18n.catalogues import DOMAIN, FOLDER, po_file, read_catalogue
from app.i18n.languages import DEFAULT, LANGUAGES, SOURCE, Scope
from app.i18n.provenance import State
from app.i18n.scopes import main_scope


@dataclass(frozen=True, slots=True)
class Standing:
    """One language: its counts, and its faults by kind, each fault a line.

    `missing` counts by the reader who needs the text most; `same` of `words` texts read as the source.
    """

    tag: str
    total: int
    missing: Counter[Scope]
    states: Counter[State]
    same: int
    words: int
    faults: dict[str, list[str]]

    @property
    def lines(self) -> list[str]:
        """Every fault of this language."""
        return [f"{self.tag}: {line}" for lines in self.faults.values() for line in lines]


@dataclass(frozen=True, slots=True)
class Report:
    """All languages, and what is wrong with the texts of the code and with the Dutch that all others follow."""

    languages: list[Standing]
    source: list[str]
    dutch: readability.Score

    @property
    def lines(self) -> list[str]:
        """Every fault that must not ship."""
        return [*self.source, *(line for language in self.languages for line in language.lines)]


KINDS = ("not translated", "unsure", "placeholders", "plurals", "unchanged", "too long", "endings", "terms")

_HEADS = (
    ("", ""),
    ("", "texts"),
    ("missing", "newcom."),
    ("missing", "public"),
    ("missing", "staff"),
    ("", "unsure"),
    ("out-", "dated"),
    ("place-", "holders"),
    ("plural", "forms"),
    ("un-", "changed"),
    ("too", "long"),
    ("end-", "ings"),
    ("", "terms"),
    ("made by", "machine"),
    ("made by", "person"),
    ("", "checked"),
)


def report(folder: Path = FOLDER) -> Report:
    """Reads the files as they stand; a language without a catalogue is left to `check`."""
    template = read_catalogue(folder / f"{DOMAIN}.pot")
    catalogues = {
        item.tag: read_catalogue(po_file(folder, item.tag), item.tag)
        for item in LANGUAGES
        if po_file(folder, item.tag).exists()
    }
    labels = buttons.on_buttons(folder.parent / "app" / "templates")
    measures = [catalogues[tag] for tag in buttons.MEASURES]
    agreed = glossary.entries(folder)
    found = []
    for tag, catalogue in catalogues.items():
        by_kind = _faults(template, catalogue, tag)
        by_kind["too long"] = list(buttons.too_long(template, catalogue, measures, labels))
        by_kind["terms"] = list(glossary.other_words(catalogue, tag, agreed))
        records = provenance.read_records(provenance.record_file(folder, tag))
        held = provenance.entries(catalogue, catalogues[DEFAULT], template, tag)
        states = Counter(provenance.state(entry, records.get(key)) for key, entry in held.items())
        found.append(_standing(template, catalogue, tag, by_kind, states))
    dutch = catalogues[DEFAULT]
    of_source = [f"source: {line}" for line in _of_source(template, dutch, labels, folder)]
    return Report(found, of_source, readability.score(readability.whole_sentences(template, dutch)))


def table(found: Report) -> str:
    """The report to read in a terminal, 120 letters wide at most."""
    rows = [[head[line] for head in _HEADS] for line in (0, 1)]
    for each in found.languages:
        many = {kind: len(each.faults[kind]) for kind in KINDS}
        share = f"{100 * each.same / each.words:.1f}%" if each.words and each.tag != SOURCE else "-"
        rows.append(
            [each.tag, str(each.total)]
            + [_or_dot(each.missing[scope]) for scope in (Scope.NEWCOMER, Scope.PUBLIC, Scope.STAFF)]
            + [_or_dot(many["unsure"]), _or_dot(each.states[State.OUTDATED])]
            + [_or_dot(many["placeholders"]), _or_dot(many["plurals"]), share]
            + [_or_dot(many[kind]) for kind in ("too long", "endings", "terms")]
            + [_or_dot(each.states[state]) for state in (State.MACHINE, State.PERSON, State.CHECKED)]
        )
    widths = [max(len(row[column]) for row in rows) for column in range(len(_HEADS))]
    lines = [
        " ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    ]
    plain = found.dutch
    lines.append("")
    lines.append(
        f"Dutch for newcomers: {plain.sentences} sentences, {plain.mean:.1f} words on average, {plain.longest} at most."
    )
    lines += found.lines
    lines.append(_verdict(len(found.lines)))
    return "\n".join(lines) + "\n"


def _faults(template: Catalog, catalogue: Catalog, tag: str) -> dict[str, list[str]]:
    return {
        "not translated": [
            f"not translated: {message.id!r}" for message in faults.missing(template, catalogue, tag)
        ],
        "unsure": list(faults.unsure(catalogue)),
        "placeholders": list(faults.misplaced(catalogue)),
        "plurals": [*faults.plural_header(catalogue, tag), *faults.empty_forms(catalogue)],
        "unchanged": list(faults.too_much_unchanged(catalogue, tag)),
        "endings": list(faults.gendered(catalogue)),
    }


def _standing(
    template: Catalog, catalogue: Catalog, tag: str, by_kind: dict[str, list[str]], states: Counter[State]
) -> Standing:
    same, words = faults.unchanged(catalogue)
    lacking = Counter(
        main_scope(message)
        for message in template
        if message.id and tag != SOURCE and not faults.has_text(catalogue.get(message.id, message.context))
    )
    return Standing(tag, len(template), lacking, states, same, words, by_kind)


def _of_source(
    template: Catalog, dutch: Catalog, labels: set[tuple[str | None, str]], folder: Path
) -> Iterable[str]:
    for message in template:
        if message.id:
            yield from placeholders.problems(message)
    yield from faults.lone(template)
    yield from readability.long_sentences(template, dutch)
    yield from readability.passive_buttons(template, dutch, labels)
    yield from readability.unexplained(template, dutch, readability.terms(folder))


def _or_dot(number: int) -> str:
    return str(number) if number else "·"


def _verdict(many: int) -> str:
    if not many:
        return "Nothing that must not ship."
    return f"{many} fault{'s' if many > 1 else ''} that must not ship."
