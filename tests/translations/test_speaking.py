"""Speaking a language in a block, Dutch where a text is missing, forms and the pseudo-language (T1, T5, T6, S1)."""

import ast
import re
from pathlib import Path

import flask_babel
import flask_wtf
import pytest
import wtforms
from flask import Flask, g, render_template_string
from flask_wtf import FlaskForm
from markupsafe import Markup, escape
from wtforms import Form, IntegerField, StringField, validators

from app.i18n import (
    LANGUAGES,
    PSEUDO,
    active,
    active_direction,
    dutch,
    dutch_context,
    dutch_plural,
    form_translations,
    gettext,
    init_app,
    lazy_gettext,
    lazy_ngettext,
    lazy_pgettext,
    locale,
    ngettext,
    npgettext,
    pgettext,
    settle_html,
    speak,
    use,
)
from app.i18n.catalogues import FOLDER, po_file
from app.i18n.fallback import CLOSE, OPEN
from app.i18n.form_messages import MESSAGES, PLURALS
from app.vocabulary import Interest, Role, label

CLOSE_BY = "You live close to each other."
IN_DUTCH = "Jullie wonen dicht bij elkaar."
FREE = (
    "They are both free at %(num)s moment of the week.",
    "They are both free at %(num)s moments of the week.",
)
TAGS = [item.tag for item in LANGUAGES]


def test_dutch_is_spoken_when_nobody_says_otherwise():
    assert active() == "nl"
    assert gettext(CLOSE_BY) == IN_DUTCH


def test_a_block_speaks_without_request_and_without_application():
    with speak("ar"):
        assert (active(), active_direction()) == ("ar", "rtl")
        with speak("fr"):
            assert gettext(CLOSE_BY).startswith("Vous habitez")
        assert gettext(CLOSE_BY).startswith("تسكنان")
    assert active() == "nl"


def test_a_block_speaks_inside_an_application_and_across_its_contexts(app):
    with speak("ar"):
        assert gettext(CLOSE_BY).startswith("تسكنان")
        assert flask_babel.get_locale().language == "ar"
        with app.app_context():
            assert active() == "ar"
    assert active() == "nl"
    assert flask_babel.get_locale().language == "nl"
    assert "spoken_language" not in g


def test_a_block_is_left_also_by_an_error(app):
    use("fr")
    with pytest.raises(LookupError), speak("ar"):
        raise LookupError
    assert active() == "fr"
    assert str(locale()) == "fr_BE"


def test_the_language_of_a_request_does_not_reach_the_next(app):
    app.add_url_rule("/<tag>", view_func=lambda tag: (use(tag), gettext(CLOSE_BY))[1])
    client = app.test_client()
    assert client.get("/fr").text.startswith("Vous habitez")
    assert client.get("/nl").text == IN_DUTCH
    with speak("ar"):
        assert client.get("/fr").text.startswith("Vous habitez")


@pytest.mark.parametrize("tag", ["zz", "", "NL", "../nl", "nl-BE"])
def test_an_unknown_language_is_not_spoken(app, tag):
    with pytest.raises(ValueError, match="not a language"), speak(tag):
        pass
    with pytest.raises(ValueError, match="not a language"):
        use(tag)


def test_the_empty_message_is_empty(app):
    for tag in (*TAGS, PSEUDO):
        with speak(tag):
            assert gettext("") == ""


@pytest.fixture
def poor(catalogues, forget):
    """An application whose Arabic lacks some messages, and whose Dutch lacks one of these too."""
    for message in (CLOSE_BY, FREE[0], "swimming", "You are often free at the same time."):
        forget("ar", message)
    forget("nl", "You are often free at the same time.")
    application = Flask(__name__)
    init_app(application, folder=catalogues)
    with application.app_context(), speak("ar"):
        yield application


def test_what_is_missing_comes_in_dutch_between_marks(poor):
    assert gettext(CLOSE_BY) == f"{OPEN}{IN_DUTCH}{CLOSE}"
    assert ngettext(*FREE, 3) == f"{OPEN}Ze zijn allebei vrij op 3 momenten in de week.{CLOSE}"
    assert pgettext("interest", "swimming") == f"{OPEN}zwemmen{CLOSE}"
    assert str(label(Interest.SWIMMING)) == f"{OPEN}zwemmen{CLOSE}"


def test_what_dutch_lacks_too_comes_in_english_unmarked(poor):
    assert gettext("You are often free at the same time.") == "You are often free at the same time."
    assert gettext("Never heard of %(name)s.", name="Amina") == "Never heard of Amina."
    assert ngettext("%(num)s cat", "%(num)s cats", 2) == "2 cats"
    assert npgettext("pet", "%(num)s cat", "%(num)s cats", 1) == "1 cat"
    assert pgettext("pet", "cat") == "cat"


def test_a_missing_text_in_a_page_stands_in_an_element_with_its_language(poor):
    page = render_template_string(
        "<title>{{ _(m) }}</title><p title=\"{{ _(m) }}\">{{ _(m) }}</p><p>{{ _('Shared languages: %(languages)s.',"
        " languages=name) }}</p>",
        m=CLOSE_BY,
        name="<i>x</i>",
    )
    settled = settle_html(page, "ar")
    assert f"<title>{IN_DUTCH}</title>" in settled
    assert f'<p title="{IN_DUTCH}"><span lang="nl" dir="ltr">{IN_DUTCH}</span></p>' in settled
    assert "&lt;i&gt;" in settled


def test_a_template_fills_in_more_than_the_number(app):
    page = (
        "{{ ngettext('With a distance of up to %(distance)s km there is %(num)s buddy.',"
        " 'With a distance of up to %(distance)s km there are %(num)s buddies.', 3, distance='<9>') }}"
    )
    assert render_template_string(page) == "Met een afstand tot &lt;9&gt; km zijn er 3 buddy's."


def test_english_that_lacks_a_message_speaks_its_source_and_never_dutch(app):
    with speak("en"):
        assert gettext(CLOSE_BY) == CLOSE_BY
        assert ngettext(*FREE, 1) == "They are both free at 1 moment of the week."
        assert form_translations.gettext("This field is required.") == "Fill this in."


def test_a_plural_that_lacks_a_form_counts_as_missing(catalogues):
    path = po_file(catalogues, "ar")
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace('msgstr[4] "%(num)s ساعة"', 'msgstr[4] ""'), encoding="utf-8")
    application = Flask(__name__)
    init_app(application, folder=catalogues)
    with application.app_context(), speak("ar"):
        assert ngettext("%(num)s hour", "%(num)s hours", 3) == f"{OPEN}3 uur{CLOSE}"


def test_dutch_beside_the_own_language_is_unmarked(poor):
    assert dutch(CLOSE_BY) == IN_DUTCH
    assert dutch(label(Role.NEWCOMER)) == "Nieuwkomer"
    assert dutch("Shared languages: %(languages)s.", languages="Frans") == "Gedeelde talen: Frans."
    assert dutch_plural(*FREE, 1) == "Ze zijn allebei vrij op 1 moment in de week."
    assert dutch_context("interest", "swimming") == "zwemmen"
    assert active() == "ar"
    marked_up = dutch(Markup("Shared languages: %(languages)s."), languages="<b>")
    assert marked_up == Markup("Gedeelde talen: &lt;b&gt;.")


def test_lazy_texts_are_translated_when_shown_and_escaped_in_pages(app):
    lazy = lazy_gettext("Shared languages: %(languages)s.", languages="<script>")
    counted = lazy_ngettext(*FREE, 2)
    role = lazy_pgettext("role", "Newcomer")
    with speak("fr"):
        assert str(role) == "Primo-arrivant"
        assert str(counted).startswith("Elles sont libres")
        assert escape(lazy) == "Langues communes : &lt;script&gt;."
        assert render_template_string("{{ lazy }}", lazy=lazy) == "Langues communes : &lt;script&gt;."
    assert str(role) == "Nieuwkomer"


def test_the_pseudo_language_marks_every_text_and_keeps_its_placeholders(app):
    with speak(PSEUDO):
        assert gettext(CLOSE_BY) == f"⟦{CLOSE_BY}⟧"
        assert ngettext(*FREE, 1) == "⟦They are both free at 1 moment of the week.⟧"
        assert ngettext(*FREE, 4) == "⟦They are both free at 4 moments of the week.⟧"
        assert str(label(Interest.CHESS)) == "⟦chess⟧"
        assert npgettext("x", "%(num)s a", "%(num)s b", 2) == "⟦2 b⟧"
        assert form_translations.gettext("This field is required.") == "⟦This field is required.⟧"
        assert render_template_string("{{ _('Shared languages: %(languages)s.', languages='a') }}") == (
            "⟦Shared languages: a.⟧"
        )


def libraries_messages():
    """What WTForms and Flask-WTF say, read from their code."""
    single, plural, raised = set(), set(), set()
    for library in (wtforms, flask_wtf):
        for path in Path(library.__file__).parent.rglob("*.py"):
            calls = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
            for node in (node for node in calls if isinstance(node, ast.Call)):
                name = getattr(node.func, "attr", getattr(node.func, "id", ""))
                texts = [a.value for a in node.args if isinstance(a, ast.Constant)]
                if name == "gettext" and texts:
                    single.add(texts[0])
                elif name == "ngettext" and texts:
                    plural.add(tuple(texts[:2]))
                elif name in {"ValidationError", "_error_response"} and path.name == "csrf.py" and texts:
                    raised.add(texts[0])
    return single, plural, raised


def test_every_message_of_the_form_libraries_is_in_our_catalogue():
    single, plural, raised = libraries_messages()
    assert len(raised) >= 5
    assert set(MESSAGES) == single | raised
    assert set(PLURALS) == plural


@pytest.mark.parametrize("tag", TAGS)
def test_no_form_error_is_the_english_of_the_library(app, tag):
    with speak(tag):
        for message in MESSAGES:
            said = form_translations.gettext(message)
            assert OPEN not in said
            assert said != message
        for singular, plural in PLURALS:
            for n in (1, 5):
                said = form_translations.ngettext(singular, plural, n)
                assert OPEN not in said
                assert said not in (singular, plural)


class Told(Form):
    class Meta:
        def get_translations(self, form):
            return form_translations

    name = StringField(validators=[validators.InputRequired()])
    hours = IntegerField()
    code = StringField(validators=[validators.Length(min=6)])


@pytest.mark.parametrize("tag", ["ps", "so", "ti", "ar", "pl"])
def test_a_refused_form_speaks_the_readers_language(app, tag):
    from werkzeug.datastructures import MultiDict

    form = Told(MultiDict({"name": "", "hours": "x", "code": "ab"}))
    with speak(tag):
        assert not form.validate()
        errors = [str(error) for field in form for error in field.errors]
    assert len(errors) == 3
    assert not any(re.search(r"[Ff]ield|valid|%\(", error) for error in errors)
    assert "6" in errors[2]


def test_the_csrf_guard_of_flask_wtf_says_only_what_we_know(app):
    app.config.update(SECRET_KEY="x" * 32)

    class Guarded(FlaskForm):
        class Meta(FlaskForm.Meta):
            def get_translations(self, form):
                return form_translations

    with app.test_request_context(method="POST"), speak("ti"):
        form = Guarded()
        assert not form.validate()
        said = form_translations.gettext(str(form.csrf_token.errors[0]))
    assert "CSRF" not in said
    assert said.startswith("እዚ ገጽ")


def test_the_folder_of_the_code_is_used_without_an_application():
    assert FOLDER.name == "translations"
    assert FOLDER.is_absolute()
