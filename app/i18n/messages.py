"""The command behind `make translations`: python -m app.i18n.messages [WORDS].

extract  reads the code and writes translations/messages.pot
update   brings each language up to the template: new messages empty, gone ones away, nothing guessed
compile  writes the .mo files that are missing or old
record   brings provenance.csv of each language up to its catalogue
report   prints how each language stands; ends with 1 when there is a fault that must not ship
check    says what is wrong and ends with 1; writes nothing
Without a word: extract, update, compile, record, report. The files are sorted and carry no line numbers, so that
they change only where a text changes.

checked LANGUAGE --by NAME [--on YYYY-MM-DD] [--only FILE]
         a native speaker has read the language, or the sentences of the file (one English sentence a line)
made LANGUAGE --by machine|person [--only FILE]
         who made the texts that have no record yet, were changed or are outdated, or those of the file
"""

import argparse
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path

from app import clock
from app.i18n.catalogues import DOMAIN, FOLDER, compile_stale, po_file, read_catalogue
from app.i18n.extraction import as_file, extract, update, updated, write_template
from app.i18n.languages import LANGUAGES
from app.i18n.provenance import (
    BadRecord,
    Made,
    bring_up_to_date,
    read_records,
    record_checked,
    record_file,
    record_made,
)
from app.i18n.report import report, table

_AGAIN = "run make translations"


def check(folder: Path = FOLDER) -> list[str]:
    """Everything that is wrong with the catalogues, one line each.

    A text that somebody changed by hand needs no record, so one that lags behind is no fault.
    """
    template = extract(folder)
    problems = []
    if as_file(template) != (folder / f"{DOMAIN}.pot").read_bytes():
        problems.append(f"{DOMAIN}.pot: is not what the code says; {_AGAIN}")
    for item in LANGUAGES:
        path = po_file(folder, item.tag)
        if not path.exists():
            problems.append(f"{item.tag}: has no catalogue")
            continue
        catalogue = read_catalogue(path, item.tag)
        if as_file(updated(catalogue, template, item.tag), item.tag) != path.read_bytes():
            problems.append(f"{item.tag}: is not up to the template; {_AGAIN}")
        try:
            read_records(record_file(folder, item.tag))
        except BadRecord as error:
            return [*problems, f"{item.tag}: {error}"]
    return problems + report(folder).lines


def print_report() -> int:
    """Prints the report; returns 1 when something must not ship."""
    found = report()
    sys.stdout.write(table(found))
    return 1 if found.lines else 0


def print_check() -> int:
    """Prints what is wrong; returns 1 when something is."""
    problems = check()
    sys.stdout.writelines(f"{problem}\n" for problem in problems)
    return 1 if problems else 0


def note(words: list[str]) -> int:
    """`checked` and `made`: writes down who read or made texts."""
    parser = argparse.ArgumentParser(prog="python -m app.i18n.messages", description=__doc__)
    verbs = parser.add_subparsers(dest="verb", required=True)
    for verb in ("checked", "made"):
        each = verbs.add_parser(verb)
        each.add_argument("language", choices=[item.tag for item in LANGUAGES])
        each.add_argument("--by", required=True, type=Made if verb == "made" else _name)
        each.add_argument("--only", type=Path)
    verbs.choices["checked"].add_argument("--on", type=date.fromisoformat, default=clock.today())
    asked = parser.parse_args(words)
    only = frozenset(asked.only.read_text(encoding="utf-8").splitlines()) - {""} if asked.only else None
    if asked.verb == "made":
        many = record_made(FOLDER, asked.language, asked.by, only)
    else:
        many = record_checked(FOLDER, asked.language, asked.by, asked.on.isoformat(), only)
    sys.stdout.write(f"{asked.language}: {many} records changed\n")
    return 0


def _name(text: str) -> str:
    if not text.strip():
        raise argparse.ArgumentTypeError("say who has read it")
    return text.strip()


def main(words: list[str]) -> int:
    """Runs the command; returns its exit status."""
    steps: dict[str, Callable[[], object]] = {
        "extract": write_template,
        "update": update,
        "compile": compile_stale,
        "record": bring_up_to_date,
    }
    if words and words[0] in ("checked", "made"):
        return note(words)
    if words == ["check"]:
        return print_check()
    if not set(words) <= {*steps, "report"}:
        sys.stderr.write(__doc__ or "")
        return 2
    for name, step in steps.items():
        if not words or name in words:
            step()
    return print_report() if not words or "report" in words else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
