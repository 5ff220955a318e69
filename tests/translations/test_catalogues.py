"""The translations themselves: complete where declared, whole, with plurals that agree with CLDR (T2, T3, T4, T7)."""

import gettext
import shutil
from io import BytesIO

import pytest
from babel import Locale
from babel.messages.catalog import Catalog

from app.i18n import DEFAULT, LANGUAGES, Scope, speak
from app.i18n.catalogues import FOLDER, compile_stale, compiled, po_file, read_catalogue
from app.i18n.extraction import as_file, extract, update, updated, write_template
from app.i18n.faults import ELEMENT, faults, lone, missing, plural_header, too_much_unchanged, unchanged
from app.i18n.messages import check, main
from app.i18n.placeholders import PLACEHOLDER
from app.vocabulary import (
    BuddyState,
    DayPart,
    DuoState,
    DutchLevel,
    EntryState,
    Goal,
    Interest,
    NewcomerState,
    Obligation,
    OfferKind,
    ProposalState,
    Province,
    Role,
    Slot,
    Weekday,
)

TAGS = [item.tag for item in LANGUAGES]
IN_ALL_LANGUAGES = [
    Interest,
    Province,
    Weekday,
    DayPart,
    Slot,
    Goal,
    DutchLevel,
    Role,
    BuddyState,
    NewcomerState,
    ProposalState,
    DuoState,
    EntryState,
    Obligation,
    OfferKind,
]


def test_the_catalogues_are_what_the_code_says_and_nothing_is_missing_where_it_is_declared_complete():
    assert check() == []


def test_dutch_english_french_and_arabic_are_complete_for_newcomers():
    complete = {item.tag for item in LANGUAGES if {Scope.PUBLIC, Scope.NEWCOMER} <= item.complete}
    assert complete == {item.tag for item in LANGUAGES}
    assert {item.tag for item in LANGUAGES if Scope.STAFF in item.complete} == {"nl", "en", "fr"}


def test_a_message_that_a_complete_language_lacks_is_reported(catalogues, forget):
    template = read_catalogue(catalogues / "messages.pot")
    before = len(missing(template, read_catalogue(po_file(catalogues, "ar"), "ar"), "ar"))
    forget("ar", "You live close to each other.")
    found = missing(template, read_catalogue(po_file(catalogues, "ar"), "ar"), "ar")
    assert "You live close to each other." in [message.id for message in found]
    assert len(found) == before + 1
    forget("tr", "swimming")
    found = missing(template, read_catalogue(po_file(catalogues, "tr"), "tr"), "tr")
    assert [message.id for message in found] == ["swimming"]


def test_what_only_staff_see_may_be_missing_for_newcomers(catalogues):
    template = read_catalogue(catalogues / "messages.pot")
    template.add("Publish all", locations=[("app/templates/matches/run.html", 1)])
    template.add(
        "Next step now",
        locations=[("app/templates/matches/run.html", 1), ("app/templates/hours/tell.html", 1)],
    )
    for tag, expected in {
        "ar": ["Next step now"],
        "fr": ["Publish all", "Next step now"],
        "en": [],
        "so": ["Next step now"],
    }.items():
        found = missing(template, read_catalogue(po_file(catalogues, tag), tag), tag)
        assert {m.id for m in found} & {"Next step now", "Publish all"} == set(expected)


@pytest.mark.parametrize("tag", TAGS)
def test_placeholders_and_elements_are_those_of_the_source_in_every_form(tag):
    catalogue = read_catalogue(po_file(FOLDER, tag), tag)
    assert list(faults(catalogue)) == []
    for message in filter(lambda message: message.id, catalogue):
        for pattern in (PLACEHOLDER, ELEMENT):
            sources = [message.id] if isinstance(message.id, str) else message.id
            assert len({tuple(sorted(pattern.findall(source))) for source in sources}) == 1


@pytest.mark.parametrize(
    ("source", "form", "fault"),
    [
        ("%(num)s of %(all)s", "%(num)s", "other placeholders"),
        ("Kinds: {extensions}", "Soorten: {extension}", "other placeholders"),
        ("<b>Now</b>", "<i>Nu</i>", "other HTML"),
        ("Now", "Nu ", "begins or ends with a space"),
        (("%(num)s kite", "%(num)s kites"), ("%(num)s vlieger", ""), "a form is empty"),
    ],
)
def test_a_fault_in_a_translation_is_found(catalogues, source, form, fault):
    catalogue = read_catalogue(po_file(catalogues, "nl"), "nl")
    catalogue.add(source, form)
    assert [line.split(":")[0] for line in faults(catalogue)] == [fault]


def test_an_unsure_translation_is_found_and_not_shipped(catalogues):
    catalogue = read_catalogue(po_file(catalogues, "nl"), "nl")
    catalogue.add("Now", "Straks", flags=["fuzzy"])
    assert [line.split(":")[0] for line in faults(catalogue)] == ["unsure"]
    spoken = gettext.GNUTranslations(BytesIO(compiled(catalogue)))
    assert spoken.gettext("Now") == "Now"


@pytest.mark.parametrize("tag", TAGS)
def test_the_plural_header_agrees_with_cldr(tag):
    catalogue = read_catalogue(po_file(FOLDER, tag), tag)
    assert list(plural_header(catalogue, tag)) == []
    spoken = gettext.GNUTranslations(BytesIO(compiled(catalogue)))
    category = Locale.parse(tag).plural_form
    forms = {category(n): spoken.plural(n) for n in range(1001)}
    assert all(forms[category(n)] == spoken.plural(n) for n in range(1001))
    assert sorted(forms.values()) == list(range(catalogue.num_plurals))


@pytest.mark.parametrize(
    ("tag", "header", "fault"),
    [
        # As `pybabel init` writes it for Arabic: 11 and 40 get the form of 100 (LANGUAGES 3.1).
        (
            "ar",
            (
                "nplurals=6; plural=(n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 :"
                " n%100>=0 && n%100<=2 ? 4 : 5);"
            ),
            "plural rule: 11 is 'many' in CLDR, form 5 in the file",
        ),
        ("ar", "nplurals=2; plural=(n != 1);", "plural rule: 2 forms in the file, 6 in CLDR"),
        ("ti", "nplurals=2; plural=(n != 1);", "plural rule: 0 is 'one' in CLDR, form 1 in the file"),
        ("tr", "nplurals=1; plural=0;", "plural rule: 1 forms in the file, 2 in CLDR"),
        ("nl", "nplurals=2; plural=(n == 1);", "plural rule: 0 is 'other' in CLDR, form 0 in the file"),
    ],
)
def test_a_plural_header_that_disagrees_with_cldr_is_found(tag, header, fault):
    catalogue = Catalog(locale=tag)
    catalogue.mime_headers = [("Plural-Forms", header)]
    assert list(plural_header(catalogue, tag)) == [fault]


def test_arabic_eleven_and_forty_are_many_and_a_hundred_is_other():
    spoken = gettext.GNUTranslations(BytesIO(compiled(read_catalogue(po_file(FOLDER, "ar"), "ar"))))
    assert [spoken.plural(n) for n in (0, 1, 2, 3, 11, 40, 100, 102, 103)] == [0, 1, 2, 3, 4, 4, 5, 5, 3]


def test_tigrinya_zero_is_one():
    spoken = gettext.GNUTranslations(BytesIO(compiled(read_catalogue(po_file(FOLDER, "ti"), "ti"))))
    assert [spoken.plural(n) for n in (0, 1, 2)] == [0, 0, 1]


@pytest.mark.parametrize("tag", [tag for tag in TAGS if tag != "en"])
def test_the_words_of_the_domain_are_translated_in_every_language(tag):
    labels = [member.label for kind in IN_ALL_LANGUAGES for member in kind]
    with speak("en"):
        sources = [str(label) for label in labels]
    with speak(tag):
        words = [str(label) for label in labels]
    assert all("\ue0d1" not in word for word in words)
    unchanged = sum(source == word for source, word in zip(sources, words, strict=True)) / len(words)
    assert unchanged < (0.10 if tag in {"ar", "uk", "ru", "fa", "ps", "ti"} else 0.15)


@pytest.mark.parametrize("tag", TAGS)
def test_the_words_of_one_list_differ_from_each_other(tag):
    with speak(tag):
        for kind in IN_ALL_LANGUAGES:
            words = [str(member.label) for member in kind]
            assert len(set(words)) == len(words), kind


def test_dutch_names_are_those_of_the_published_tables():
    with speak("nl"):
        assert [str(member.label) for member in Province] == [
            "Antwerpen",
            "Brussels Hoofdstedelijk Gewest",
            "Limburg",
            "Oost-Vlaanderen",
            "Vlaams-Brabant",
            "West-Vlaanderen",
        ]
        assert [str(member.label) for member in OfferKind] == [
            "Conversatiegroep",
            "Vrijwilligerswerk",
            "Cursus",
            "Socio-culturele vereniging",
            "Sport",
            "Andere",
            "Buddywerking",
            "Informele participatie",
            "Stage",
        ]


def test_weekdays_are_those_of_cldr():
    # So that the week grid and a date on the same page name a day alike.
    for item in LANGUAGES:
        with speak(item.tag):
            days = Locale.parse(item.tag).days["format"]["wide"]
            assert [str(day.label) for day in Weekday] == [days[number] for number in range(7)]


def test_english_is_not_written_out_twice():
    english = read_catalogue(po_file(FOLDER, "en"), "en")
    template = read_catalogue(FOLDER / "messages.pot")
    for message in filter(lambda message: message.id, english):
        assert template.get(message.id, message.context) is not None
        assert message.string != message.id
    assert len(english) < len(template) / 4


def test_extraction_reads_python_and_templates_and_keeps_a_stable_order(tmp_path):
    folder = tmp_path / "translations"
    folder.mkdir()
    (folder / "babel.cfg").write_bytes((FOLDER / "babel.cfg").read_bytes())
    templates = tmp_path / "app" / "templates" / "hours"
    templates.mkdir(parents=True)
    (templates / "tell.html").write_text(
        "{{ _('Who was there?') }}{% trans %}Tell\n  it{% endtrans %}{{ ngettext('%(num)s day', '%(num)s days', 2) }}"
        "{{ pgettext('hours', 'Told') }}{{ dutch('Only in Dutch') }}",
        encoding="utf-8",
    )
    (tmp_path / "app" / "words.py").write_text(
        'from x import lazy_pgettext\nlazy_pgettext("role", "Buddy")\n'
    )
    (tmp_path / "other.py").write_text('_("Not ours")\n')
    template = extract(folder)
    assert {(m.context, m.id) for m in template if m.id} == {
        (None, "Who was there?"),
        (None, "Tell it"),
        (None, ("%(num)s day", "%(num)s days")),
        ("hours", "Told"),
        (None, "Only in Dutch"),
        ("role", "Buddy"),
    }
    write_template(folder)
    first = (folder / "messages.pot").read_bytes()
    write_template(folder)
    assert (folder / "messages.pot").read_bytes() == first
    assert b"tell.html:" not in first


def test_update_guesses_nothing_drops_what_is_gone_and_keeps_the_plural_header(catalogues):
    template = read_catalogue(catalogues / "messages.pot")
    old = read_catalogue(po_file(catalogues, "ar"), "ar")
    del template["You live close to each other."]
    template.add("You live very close to each other.")
    new = updated(old, template, "ar")
    assert new.get("You live close to each other.") is None
    assert not new.get("You live very close to each other.").string
    assert b"n%100>=11 ? 4 : 5" in as_file(new, "ar")
    assert new.get("swimming", "interest").string == "السباحة"


def test_update_and_compile_leave_what_is_up_to_date(catalogues):
    before = {tag: po_file(catalogues, tag).read_bytes() for tag in TAGS}
    update(catalogues)
    assert {tag: po_file(catalogues, tag).read_bytes() for tag in TAGS} == before
    assert compile_stale(catalogues) == TAGS
    assert compile_stale(catalogues) == []


def test_check_tells_of_a_template_or_a_language_that_lags_behind(catalogues, forget):
    unneeded = shutil.ignore_patterns("__pycache__", "static")
    shutil.copytree(FOLDER.parent / "app", catalogues.parent / "app", ignore=unneeded)
    forget("ru", "swimming")
    with (catalogues / "messages.pot").open("a", encoding="utf-8") as file:
        file.write('\nmsgid "More"\nmsgstr ""\n')
    po_file(catalogues, "so").unlink()
    problems = [problem for problem in check(catalogues) if "not translated" not in problem]
    assert problems == [
        "messages.pot: is not what the code says; run make translations",
        "ru: is not up to the template; run make translations",
        "so: has no catalogue",
    ]


def test_the_command_refuses_words_it_does_not_know(capsys):
    assert main(["guess"]) == 2
    assert "extract, update, compile, record, report" in capsys.readouterr().err


def test_the_command_ends_with_one_when_something_is_wrong(monkeypatch, capsys):
    from app.i18n import messages

    monkeypatch.setattr(messages, "check", lambda: ["ru: lags behind"])
    assert main(["check"]) == 1
    assert capsys.readouterr().out == "ru: lags behind\n"
    monkeypatch.setattr(messages, "check", list)
    assert main(["check"]) == 0


@pytest.mark.parametrize("tag", ["ar", "uk", "ru", "fa", "ps", "ti"])
def test_under_a_tenth_of_a_language_in_another_script_reads_as_the_source(tag):
    catalogue = read_catalogue(po_file(FOLDER, tag), tag)
    same, words = unchanged(catalogue)
    assert same < 0.10 * words
    assert words > 1000


def test_a_language_that_reads_as_the_source_is_found():
    catalogue = Catalog(locale="ru")
    for number in range(9):
        catalogue.add(f"Words {'a' * number}", "Слова")
    catalogue.add("%(num)s", "%(num)s")
    assert list(too_much_unchanged(catalogue, "ru")) == []
    catalogue.add("Open", "Open")
    assert list(too_much_unchanged(catalogue, "ru")) == ["reads as the English source: 1 of 10 texts"]
    assert list(too_much_unchanged(catalogue, "pl")) == []


@pytest.mark.parametrize(
    "text",
    [
        "ami(e)",
        "Un(e)",
        "étudiants/es",
        "étudiant·e",
        "Lehrer*innen",
        "m/v",
        "hij/zij",
        "prieten(ă)",
        "друг/а",
        "he or she",
    ],
)
def test_an_ending_for_women_and_men_is_found(text):
    catalogue = Catalog(locale="fr")
    catalogue.add("Friend", f"Un mot : {text} ici")
    assert [line.split(" (")[0] for line in faults(catalogue)] == ["ending for women and men"]


@pytest.mark.parametrize(
    "text", ["name@example.be", "km/h", "CSV/Excel", "Oui (et non)", "24/7", "Maison (a)."]
)
def test_other_slashes_and_brackets_are_no_endings(text):
    catalogue = Catalog(locale="fr")
    catalogue.add("Text", text)
    assert list(faults(catalogue)) == []


def test_a_piece_of_a_sentence_is_found_and_a_label_is_not():
    template = Catalog()
    for text in ("of", "and", "with:", "Until", "From", "Of each", " hours"):
        template.add(text)
    assert sorted(lone(template)) == [
        "a piece of a sentence: 'and'",
        "a piece of a sentence: 'of'",
        "a piece of a sentence: 'with:'",
        "begins or ends with a space: ' hours'",
    ]


def test_dutch_for_newcomers_is_short():
    dutch = read_catalogue(po_file(FOLDER, DEFAULT), DEFAULT)
    for message in filter(lambda message: message.context in {"goal", "level of Dutch", "interest"}, dutch):
        assert len(message.string.split()) <= 6


def test_the_command_takes_the_steps_in_their_order(monkeypatch):
    from app.i18n import messages

    taken = []
    for name in ("write_template", "update", "compile_stale", "bring_up_to_date"):
        monkeypatch.setattr(messages, name, lambda name=name: taken.append(name))
    monkeypatch.setattr(messages, "print_report", lambda: taken.append("report") or 1)
    assert main([]) == 1
    everything = ["write_template", "update", "compile_stale", "bring_up_to_date", "report"]
    assert taken == everything
    taken.clear()
    assert main(["compile", "extract"]) == 0
    assert taken == ["write_template", "compile_stale"]
