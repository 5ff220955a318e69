"""What `make translations` tells: a line for each language, and what must not ship (issue: the translators' way)."""

import shutil

import pytest
from babel.messages.catalog import Catalog

from app.i18n import LANGUAGES, placeholders
from app.i18n.buttons import length, on_buttons, too_long
from app.i18n.catalogues import FOLDER, po_file, read_catalogue
from app.i18n.extraction import extract
from app.i18n.glossary import Entry, entries, other_words
from app.i18n.report import report, table


@pytest.fixture
def copied(catalogues):
    shutil.copytree(FOLDER.parent / "app" / "templates", catalogues.parent / "app" / "templates")
    return catalogues


def replaced(folder, tag, old, new):
    path = po_file(folder, tag)
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_what_we_ship_has_no_fault_and_every_language_has_its_line():
    found = report()
    assert found.lines == []
    lines = table(found).splitlines()
    assert [line.split()[0] for line in lines[2:16]] == [item.tag for item in LANGUAGES]
    assert lines[-1] == "Nothing that must not ship."
    assert all(len(line) <= 120 for line in lines)
    for standing in found.languages:
        assert sum(standing.states.values()) == standing.total
        assert sum(standing.missing.values()) <= standing.total


def test_each_kind_of_fault_is_counted_and_told(copied):
    replaced(copied, "uk", 'msgstr "Ви працюєте з новоприбулими?"', 'msgstr ""')
    replaced(copied, "fr", 'msgstr "Assureur du buddy', 'msgstr "Assureur(e) du buddy')
    replaced(
        copied,
        "pl",
        "\n#: app/i18n/formats.py\n#, python-format\n",
        "\n#: app/i18n/formats.py\n#, fuzzy, python-format\n",
    )
    replaced(copied, "ar", "n==2 ? 2 :", "n==2 ? 3 :")
    replaced(copied, "tr", 'msgstr "%(km)s km"', 'msgstr "%(kilo)s km"')
    found = report(copied)
    many = {
        each.tag: {kind: len(lines) for kind, lines in each.faults.items() if lines}
        for each in found.languages
    }
    assert many == {item.tag: {} for item in LANGUAGES} | {
        "uk": {"not translated": 1},
        "fr": {"endings": 1},
        "pl": {"unsure": 1},
        "ar": {"plurals": 1},
        "tr": {"placeholders": 1},
    }
    text = table(found)
    assert "uk: not translated: 'Do you work with newcomers?'" in text
    assert text.endswith("5 faults that must not ship.\n")


def test_the_texts_on_buttons_are_found(tmp_path):
    (tmp_path / "a.html").write_text(
        """{{ buttons.next(_('Go on'), url_for('x', y=(1)), aria_label=_('Hidden')) }}<p>{{ _('Just a text') }}</p>
        <button type="submit" aria-label="{{ _('Also hidden') }}"><span>{{ _("It's mine") }}</span></button>
        <a class="btn wide" href="x">{{ ngettext('%(num)s day', '%(num)s days', 2) }}</a>
        <a class="plain" href="x">{{ _('A link') }}</a><span class="pill">{{ pgettext('state', 'Open') }}</span>
        {% call(row) tables.data_table(_('Caption'), [{'label': _('Name')}, {"label": _('Age'), 'numeric': true}]) %}
        {{ confirm.confirm_body(_('Stop?'), _('Then it ends.'), url, _('Yes, stop (now)')) }}<th scope="col">{{ _('Day') }}</th>
        {{ label or _('Back') }}""",
        encoding="utf-8",
    )
    assert on_buttons(tmp_path) == {
        (None, text)
        for text in ("Go on", "It's mine", "%(num)s day", "Name", "Age", "Yes, stop (now)", "Day", "Back")
    } | {("state", "Open")}


def test_every_text_on_a_button_is_a_message():
    template = read_catalogue(FOLDER / "messages.pot")
    known = {(m.context, m.id if isinstance(m.id, str) else m.id[0]) for m in template}
    found = on_buttons(FOLDER.parent / "app" / "templates")
    assert len(found) > 150
    assert found <= known


@pytest.mark.parametrize(
    ("source", "text", "broken"),
    [
        ("Send", "x" * 26, False),
        ("Send", "x" * 27, True),
        ("Send the hours now", "x" * 32, False),
        ("Send the hours now", "x" * 33, True),
        ("Send", "é" * 26, False),
        ("Send", "e\u0301" * 26, False),
        ("%(name)s", "%(name)s " + "x" * 22, False),
    ],
)
def test_a_text_too_long_for_its_button_is_found(source, text, broken):
    template, catalogue = Catalog(), Catalog(locale="pl")
    template.add(source)
    catalogue.add(source, text)
    found = list(too_long(template, catalogue, [], {(None, source)}))
    assert bool(found) == broken
    assert list(too_long(template, catalogue, [], set())) == []
    longer = Catalog(locale="nl")
    longer.add(source, "x" * 30)
    assert list(too_long(template, catalogue, [longer], {(None, source)})) == []


def test_letters_are_counted_as_they_are_seen():
    assert length("كتابٌ") == 4
    assert length("می\u200cخواهم") == 7
    assert length("%(num)s days") == 8


def test_everything_that_is_filled_in_is_explained_to_translators():
    template = read_catalogue(FOLDER / "messages.pot")
    for message in template:
        assert placeholders.problems(message) == []
        explained = " ".join(message.auto_comments)
        assert all(f"{name}: " in explained for name in placeholders.named(message) if name != "s")
        assert ("%s: " in explained) == ("s" in placeholders.named(message))


def test_a_name_that_nobody_explained_is_told_and_a_comment_of_the_code_comes_first(tmp_path):
    folder = tmp_path / "translations"
    folder.mkdir()
    (folder / "babel.cfg").write_bytes((FOLDER / "babel.cfg").read_bytes())
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / "words.py").write_text(
        '# Translators: shown on a card\ngettext("%(name)s has %(zebra)s")\n', encoding="utf-8"
    )
    [message] = [message for message in extract(folder) if message.id]
    assert message.auto_comments == ["shown on a card", "name: name of a person"]
    assert [line.split(" (")[0] for line in placeholders.problems(message)] == [
        "not explained to translators: zebra, in '%(name)s has %(zebra)s'"
    ]


@pytest.mark.parametrize(
    ("tag", "source", "text", "kept"),
    [
        ("nl", "A newcomer waits", "Een nieuwkomer wacht", True),
        ("nl", "A newcomer waits", "Een inburgeraar wacht", False),
        ("ar", "Newcomers", "القادمون الجدد", True),
        ("ar", "Newcomers", "اللاجئون", False),
        ("fr", "Two contact persons", "Deux personnes de contact", True),
        ("nl", "We cannot offer it", "Dat kan niet", True),
        ("nl", "Until %(term)s", "Tot %(term)s", True),
        ("so", "Newcomers", "wax kale", True),
    ],
)
def test_the_agreed_words_are_used(tag, source, text, kept):
    catalogue = Catalog(locale=tag)
    catalogue.add(source, text)
    assert (not list(other_words(catalogue, tag, entries()))) == kept


def test_a_longer_term_hides_the_shorter_one_in_it():
    catalogue = Catalog(locale="nl")
    catalogue.add("trajectory counsellor", "begeleider")
    agreed = [
        Entry("trajectory counsellor", {"nl": ("begeleider",)}),
        Entry("trajectory", {"nl": ("traject",)}),
    ]
    assert list(other_words(catalogue, "nl", agreed)) == []
    assert len(list(other_words(catalogue, "nl", agreed[1:]))) == 1
