"""Names in the order of the reader's language, and the same order from both databases."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.db import session
from app.i18n import LANGUAGES
from app.models import Person
from app.queries.ordering import by_name
from app.reference.sorting import exchange, in_order, order_key, sort_key
from tests import factories

IN_ORDER = {
    "nl": ["Çiğdem", "Édith", "Emma", "Łukasz", "Van den Berg", "Vandaele", "Zoë"],
    "fr": ["Édith", "Emma", "Zoé"],
    "pl": ["Ala", "Ądam", "Barbara", "Lucyna", "Luiza", "Łukasz", "Mateusz", "Zofia", "Zuzanna", "Ździsław", "Żaneta"],
    "tr": ["Cemal", "Cüneyt", "Çiğdem", "Irmak", "Işıl", "İbrahim", "Oya", "Özge", "Sude", "Şule", "Umut", "Ümit", "Zeynep"],
    "uk": ["Галина", "Ґанна", "Дмитро", "Євген", "Жанна", "Іван", "Їжак", "Йосип", "Кіра", "Юлія", "Яна"],
    "ru": ["Елена", "Ёлка", "Жанна", "Игорь", "Йод"],
    "fa": ["بهرام", "پروین", "تارا", "کاوه", "گلی", "لاله", "وحید", "هما", "یاسمن"],
    "ar": ["أحمد", "بسام", "هدى", "وليد", "يوسف"],
    "ps": ["پلوشه", "تور", "ټوریالی", "ثریا", "شیر", "ښایسته"],
    "ti": ["ሃና", "መርሃዊ", "ሰላም", "ዮናስ"],
    "es": ["Nora", "Nuria", "Ñuño", "Olga"],
    "ro": ["Ana", "Stan", "Sven", "Ștefan", "Tudor", "Țara"],
    "so": ["Abdi", "Cabdi", "Xasan"],
    "en": ["Ann", "O'Brien", "Zoe"],
}  # fmt: skip
EVERYBODY = sorted({name for names in IN_ORDER.values() for name in names})
SPELT_ALIKE = {"Cabdi", "Zoé", "Zoë", "Zoe"}


def shuffled(names):
    return random.Random(5).sample(names, len(names))


def test_every_language_of_the_site_has_names_in_its_order():
    assert set(IN_ORDER) == {language.tag for language in LANGUAGES}


@pytest.mark.parametrize("language", IN_ORDER)
def test_names_in_the_order_of_the_language(language):
    assert in_order(shuffled(IN_ORDER[language]), language) == IN_ORDER[language]


@pytest.mark.parametrize("language", IN_ORDER)
def test_letters_trade_places_one_for_one(language):
    letters, others = exchange(language)
    assert len(letters) == len(others) == len(set(letters))


@given(st.text(max_size=12), st.sampled_from(sorted(IN_ORDER)))
def test_any_text_has_a_key_and_its_spellings_share_it(text, language):
    assert order_key(text) == order_key(f" {text} ")
    assert sort_key(text, language)[1] == text


@pytest.mark.parametrize("language", IN_ORDER)
def test_the_database_sorts_as_we_do(site, language):
    names = [name for name in EVERYBODY if name not in SPELT_ALIKE]
    for name in shuffled(names):
        factories.person(full_name=name)
    found = session().query(Person.full_name).order_by(by_name(language)).all()
    assert [name for (name,) in found] == in_order(names, language)


def test_mixed_scripts_keep_one_order_and_the_key_follows_the_name(site):
    person = factories.person(full_name="Ґанна Çiğdem")
    assert person.sort_key == "ґанна çiğdem"
    once = in_order(EVERYBODY, "nl")
    assert once == in_order(shuffled(EVERYBODY), "nl")
    assert once.index("Zoë") < once.index("Галина") < once.index("يوسف") < once.index("ሰላም")
