"""Adding a language is one entry and one catalogue folder (G1)."""

import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

BULGARIAN = """msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\\n"
"Language: bg\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"

msgctxt "interest"
msgid "swimming"
msgstr "плуване"
"""


PROGRAM = """
from datetime import date
from flask import Flask, abort, render_template_string
from app.i18n import active_direction, day_text, init_app, negotiate, pgettext, settle_html, speakable, use

app = Flask("copy")
init_app(app)

@app.get("/<tag>/")
def page(tag):
    if not speakable(tag):
        abort(404)
    use(tag)
    html = render_template_string("<html lang={{ tag }}>{{ pgettext('interest', 'swimming') }}, "
        "{{ pgettext('interest', 'chess') }}, {{ day }}", tag=tag, day=day_text(date(2026, 3, 4)))
    return settle_html(html, tag)

client = app.test_client()
print(negotiate("bg-BG"), client.get("/bg/").text, client.get("/zz/").status_code, sep="|")
"""


def test_bulgarian_is_added_by_one_entry_and_one_folder(tmp_path: Path):
    unwanted = shutil.ignore_patterns("*.mo", "__pycache__")
    shutil.copytree(ROOT / "app" / "i18n", tmp_path / "app" / "i18n", ignore=unwanted)
    shutil.copytree(ROOT / "translations", tmp_path / "translations", ignore=unwanted)
    languages = tmp_path / "app" / "i18n" / "languages.py"
    last = '    Language("ro", "Română", "ltr", "ro", _ALL_BUT_STAFF),\n'
    text = languages.read_text(encoding="utf-8")
    assert last in text
    languages.write_text(
        text.replace(last, last + '    Language("bg", "Български", "ltr", "bg"),\n'), encoding="utf-8"
    )
    catalogue = tmp_path / "translations" / "bg" / "LC_MESSAGES" / "messages.po"
    catalogue.parent.mkdir(parents=True)
    catalogue.write_text(BULGARIAN, encoding="utf-8")

    run = subprocess.run(
        [sys.executable, "-c", PROGRAM], cwd=tmp_path, capture_output=True, text=True, check=False
    )

    assert run.stderr == ""
    tag, page, unknown = run.stdout.strip().split("|")
    assert tag == "bg"
    assert (
        page == '<html lang=bg>плуване, <span lang="nl" dir="ltr">schaken</span>, сряда, 4 март 2026\u202fг.'
    )
    assert unknown == "404"
