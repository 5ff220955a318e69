"""Own words keep their language, names are as typed, and both are found and read by staff (U1, U3, D3, D5)."""

import unicodedata

import pytest

from app.db import session, transaction
from app.models import Buddy, HourEntry, Newcomer, Person
from app.vocabulary import EntryState
from tests import factories
from tests.web.walks import walk

PASHTO = "پخلی مې خوښېږي"


@pytest.fixture
def els():
    return factories.coordinator("rivierenland")


def own_words(page):
    words = page.main.select_one("[lang][dir=auto]")
    named = words.find_next_sibling("small")
    return words["lang"], named and named.get_text()


@pytest.mark.parametrize(
    ("written", "lang", "named"),
    [
        ("ps", "ps", "Geschreven in: Pasjtoe"),
        ("nl", "nl", None),
        (None, "und", "Taal niet genoteerd"),
        ("und", "und", "Taal niet genoteerd"),
    ],
)
def test_staff_see_in_which_language_it_was_written(signed_in, els, written, lang, named):
    newcomer = factories.newcomer(words=PASHTO, words_language=written)
    buddy = factories.buddy(words="Ik help", words_language=written)
    browser = signed_in(els)
    for path in (f"newcomers/{newcomer.id}", f"buddies/{buddy.id}"):
        browser.get(f"/x-pseudo/people/{path}")
        assert own_words(browser.get(f"/nl/people/{path}")) == (lang, named)


@pytest.mark.parametrize(
    ("page", "words", "told", "kept"),
    [
        ("ps", PASHTO, "", "ps"),
        ("ar", PASHTO, "", "ps"),
        ("ar", "Yemek yapmayı severim", "", "tr"),
        ("ar", "Ik kook graag", "", "und"),
        ("ar", "Ik kook graag", "nl", "nl"),
        ("nl", "Waxaan jeclahay karinta", "so", "so"),
        ("nl", "Ik kook graag", "klingon", "nl"),
        ("nl", "", "so", None),
    ],
)
def test_the_writer_says_the_language_or_the_letters_do(browser, page, words, told, kept):
    walk(browser, "newcomer", page, hopes={"words": words, "words_language": told})
    assert session().query(Newcomer).one().words_language == kept


def test_two_languages_in_one_text_are_not_named_as_one(browser):
    walk(
        browser,
        "newcomer",
        "nl",
        likes={"likes_words": "koken", "understood": "koken"},
        hopes={"words": PASHTO},
    )
    newcomer = session().query(Newcomer).one()
    assert newcomer.words == f"koken\n{PASHTO}"
    assert newcomer.words_language == "und"


def test_the_writer_corrects_the_language_later(signed_in):
    newcomer = factories.newcomer(words="Waxaan", words_language="nl", goals=["meet-people"])
    browser = signed_in(newcomer.person)
    page = browser.get("/so/my-answers/hopes")
    assert page.form()["words_language"] == "nl"
    browser.submit(page, words_language="so")
    assert session().get_one(Newcomer, newcomer.id, populate_existing=True).words_language == "so"
    browser.submit(browser.get("/ar/my-answers/hopes"), words=PASHTO)
    assert session().get_one(Newcomer, newcomer.id, populate_existing=True).words_language == "ps"


def test_a_note_of_a_contact_person_keeps_its_language(signed_in):
    contact = factories.buddy()
    counsellor = factories.counsellor()
    newcomer = factories.newcomer(counsellor=counsellor, locale="ti")
    by = factories.contact(person_id=contact.person_id)
    entry = factories.entry(newcomer, factories.offer(contact_person=by), state=EntryState.SUBMITTED)
    browser = signed_in(contact.person)
    page = browser.get(f"/fr/to-confirm/{entry.id}")
    browser.submit(
        page,
        "main form:has(input[value=no])",
        **{"no-reason": "other", "no-note": "Je n'étais pas là", "answer": "no"},
    )
    kept = session().get_one(HourEntry, entry.id, populate_existing=True)
    assert (kept.contact_note, kept.contact_note_language) == ("Je n'étais pas là", "fr")
    page = signed_in(newcomer.person).get(f"/ti/hours/{entry.id}")
    assert page.soup.select_one("blockquote[lang=fr][dir=auto]")
    assert page.soup.select_one("blockquote + small")
    page = signed_in(counsellor).get(f"/nl/caseload/{newcomer.id}")
    assert "Geschreven in: Frans" in page.main.get_text()


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("كتاب", "کتاب"),
        ("Şiir Işık", "siir isik"),
        ("Ёлка", "елка"),
        ("ጸሃይ", "ፀሃይ"),
        ("می‌خواهم", "میخواهم"),
        ("محـــمد", "محمد"),
        ("أحمد إبراهيم", "احمد ابراهيم"),
        ("آمنة", "امنه"),
        (unicodedata.normalize("NFC", "Zoé"), unicodedata.normalize("NFD", "Zoé")),
        ("يحيى", "یحیی"),
        ("Nguyễn", "nguyen"),
    ],
)
def test_spellings_that_people_hold_equal_are_found(signed_in, els, name, typed):
    factories.newcomer(name=name)
    factories.newcomer(name="Jan")
    browser = signed_in(els)
    for words in (typed, name):
        page = browser.get("/nl/people/newcomers?q=" + words)
        assert [row.get_text() for row in page.soup.select("tbody th a bdi, tbody th a")][:1] == [
            unicodedata.normalize("NFC", name)
        ]


@pytest.mark.parametrize(
    "name", ["ሰላም", "O", "Nguyễn", "d'Arc-van der ÉLSKEN", "jan", "أحمد (Gent) 3", "م" * 200]
)
def test_a_name_is_kept_as_typed_in_any_script(browser, name):
    walk(browser, "newcomer", "nl", name={"full_name": name})
    person = session().query(Newcomer).one().person
    assert (person.full_name, person.latin_name) == (name, "")


@pytest.mark.parametrize("name", ["", " ", "م" * 201, "a\nb"])
def test_what_is_no_name_is_refused(browser, name):
    page = browser.get("/nl/register/newcomer")
    browser.submit(page, full_name=name, status=422)


def test_latin_letters_beside_the_own_name_are_seen_and_found(browser, signed_in, els):
    page = browser.get("/uk/register/newcomer")
    refused = browser.submit(page, full_name="Олена", latin_name="Олена", status=422)
    assert refused.soup.select_one("details[open] #error-latin_name")
    walk(
        browser,
        "newcomer",
        "uk",
        name={"full_name": "Олена", "latin_name": "OLENA Shevchuk"},
        where={"town": "12025"},
    )
    newcomer = session().query(Newcomer).one()
    assert newcomer.person.latin_name == "OLENA Shevchuk"
    staff = signed_in(els)
    assert (
        "OLENA Shevchuk" in staff.get(f"/nl/people/newcomers/{newcomer.id}").soup.select_one("h1").get_text()
    )
    assert "Олена" in staff.get("/nl/people/newcomers?q=shevchuk").main.get_text()
    own = signed_in(newcomer.person)
    own.submit(own.get("/uk/account"), latin_name="Olena S.")
    assert session().get_one(Person, newcomer.person_id, populate_existing=True).latin_name == "Olena S."


def test_people_are_listed_by_the_readers_alphabet(signed_in, els):
    for name in ("Çağla", "Cem", "İbrahim", "Işıl", "Zoë", "Édith"):
        factories.buddy(name=name)
    browser = signed_in(els)

    def listed(lang):
        page = browser.get(f"/{lang}/people/buddies?sort=name")
        return [row.get_text() for row in page.soup.select("tbody th a")]

    assert listed("nl") == ["Çağla", "Cem", "Édith", "İbrahim", "Işıl", "Zoë"]
    assert listed("tr") == ["Cem", "Çağla", "Édith", "Işıl", "İbrahim", "Zoë"]
    with transaction():
        session().query(Buddy).first().person.full_name = "Aa"
    assert listed("tr")[0] == "Aa"
