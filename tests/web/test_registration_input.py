"""What people type into a registration: every spelling that is meant well, and every input that is not."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.db import session
from app.forms.registrations import STEPS
from app.models import Buddy, Person, Registration
from app.vocabulary import Role
from matching import understanding
from tests.web.walks import WALKS, answered, refused


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("0000", "postcode"),
        ("9999", "vier cijfers"),
        ("B-99", "four figures"),
        ("1400", "Brussels"),
        ("x" * 500, ""),
        ("75001", ""),
        ("\x00", ""),
    ],
)
def test_places_that_are_not_ours_come_back_as_typed(browser, typed, words):
    page = browser.submit(browser.get("/en/register/buddy/where"), status=422, place=typed)
    assert refused(page) & {"place", "which"}
    assert page.form()["place"] == typed.replace("\x00", "")


@pytest.mark.parametrize("typed", ["B-9000", " 9000 ", "9000 Gent", "gand", "٩٠٠٠", "GENT", "9000\u200b"])
def test_spellings_of_one_place(browser, typed):
    browser.submit(browser.get("/nl/register/buddy/where"), place=typed)
    assert session().query(Registration).one().answers["where"] == {"postcode": "9000", "locality": "Gent"}


def test_a_name_of_several_places_is_asked_back_and_never_guessed(browser):
    page = browser.get("/nl/register/buddy/where")
    page = browser.submit(page, status=422, place="Nieuwerkerken")
    options = [str(tag["value"]) for tag in page.soup.select("input[name=which]")]
    assert options == ["3850 Nieuwerkerken", "9320 Nieuwerkerken"]
    again = browser.submit(page, status=422)
    assert refused(again) == {"which"}
    changed_mind = browser.submit(page, status=422, place="Gnt", which=options[0])
    assert "9000" in changed_mind.main.get_text()
    browser.submit(page, which=options[1])
    assert session().query(Registration).one().answers["where"]["postcode"] == "9320"


def test_near_misses_are_offered(browser):
    page = browser.submit(browser.get("/ar/register/newcomer/where"), status=422, place="Sint-Niklas")
    browser.submit(page, which=str(page.soup.select_one("input[name=which]")["value"]))
    assert session().query(Registration).one().answers["where"]["postcode"] == "9100"


def test_own_words_are_looked_up_and_confirmed(browser):
    page = browser.get("/nl/register/newcomer/likes")
    page = browser.submit(page, likes_words="ik ga graag zwemmen", interests=["chess"])
    assert page.response.request.path.endswith("/likes")
    assert set(page.form()["interests"]) == {"chess", "swimming"}
    page = browser.submit(page)
    assert page.response.request.path.endswith("/when")
    likes = session().query(Registration).one().answers["likes"]
    assert likes == {
        "interests": ["swimming", "chess"],
        "likes_words": "ik ga graag zwemmen",
        "likes_language": "nl",
    }


@pytest.mark.parametrize(
    ("language", "words", "found"),
    [
        ("nl", "люблю готувати", {"cooking"}),
        ("ti", "karinta cuntada", {"cooking"}),
        ("ar", "سباحة", {"swimming"}),
        ("nl", "ik hou niet van voetbal", set()),
    ],
)
def test_own_words_in_any_language_of_the_site(browser, language, words, found):
    understanding.build()
    page = browser.submit(browser.get(f"/{language}/register/buddy/likes"), likes_words=words)
    assert {tag["value"] for tag in page.soup.select("input[name=interests][checked]")} == found


def test_until_interests_are_learned_words_are_looked_up_exactly(browser, monkeypatch, tmp_path):
    monkeypatch.setenv("MATCHING_CACHE_DIR", str(tmp_path))
    page = browser.submit(browser.get("/nl/register/buddy/likes"), likes_words="koken en zwemmen")
    assert set(page.form()["interests"]) == {"cooking", "swimming"}
    assert not list(tmp_path.iterdir())


def test_words_that_name_no_picture_are_kept_for_a_person_to_read(browser):
    page = browser.get("/nl/register/newcomer/likes")
    page = browser.submit(page, likes_words="kwantumzeilen")
    assert not page.soup.select("[role=alert]")
    page = browser.submit(page)
    assert page.response.request.path.endswith("/when")


@pytest.mark.parametrize(("shortcut", "count"), [("evenings", 7), ("weekends", 6)])
def test_shortcuts_of_the_week_without_script(browser, shortcut, count):
    page = browser.get("/ar/register/newcomer/when")
    page = browser.submit(page, shortcut=shortcut)
    assert len(page.soup.select("input[name=availability][checked]")) == count
    page = browser.submit(page, shortcut=shortcut)
    assert not page.soup.select("input[name=availability][checked]")
    page = browser.submit(browser.submit(page, shortcut="evenings"), shortcut="none")
    assert not page.soup.select("input[name=availability][checked]")


def test_an_empty_week_is_told_on_purpose(browser):
    page = browser.get("/nl/register/newcomer/when")
    assert refused(browser.submit(page, status=422)) == {"availability"}
    browser.submit(page, unknown="y")
    assert session().query(Registration).one().answers["when"] == {"availability": []}
    assert browser.get("/nl/register/newcomer/when").form()["unknown"] == "y"


BAD = [
    ("buddy", "who", {"full_name": ""}, "full_name"),
    ("buddy", "who", {"full_name": " \u202e\u200b "}, "full_name"),
    ("buddy", "who", {"full_name": "An\x00na"}, "full_name"),
    ("buddy", "who", {"full_name": "A" * 201}, "full_name"),
    ("buddy", "who", {"full_name": "An\r\nBcc: x@example.be"}, "full_name"),
    ("buddy", "who", {"full_name": "An 85.07.30-033.28"}, "full_name"),
    ("buddy", "who", {"email": "x@y.be\nBcc: z@example.be"}, "email"),
    ("buddy", "who", {"email": "a" * 320 + "@example.be"}, "email"),
    ("buddy", "who", {"email": "An <an@example.be>"}, "email"),
    ("buddy", "who", {"email": "", "phone": ""}, "email"),
    ("buddy", "who", {"email": "", "phone": "12"}, "phone"),
    ("buddy", "who", {"adult": None}, "adult"),
    ("buddy", "who", {"clear_dutch": None}, "clear_dutch"),
    ("buddy", "where", {"place": ""}, "place"),
    ("buddy", "where", {"place": "", "town": "99999"}, "town"),
    ("buddy", "languages", {"languages": ["nl"]}, "languages"),
    ("buddy", "likes", {"interests": ["cooking", "church"]}, "interests"),
    ("buddy", "likes", {"likes_words": "nummer 85073003328"}, "likes_words"),
    ("buddy", "likes", {"likes_words": "x" * 301}, "likes_words"),
    ("buddy", "when", {"availability": ["mon-night"]}, "availability"),
    ("buddy", "wishes", {"max_km": "7"}, "max_km"),
    ("buddy", "wishes", {"capacity": "99"}, "capacity"),
    ("buddy", "wishes", {"wished_gender": "q"}, "wished_gender"),
    ("buddy", "wishes", {"words": "85.07.30-033.28"}, "words"),
    ("buddy", "wishes", {"words": "w" * 100_000}, "words"),
    ("buddy", "agree", {"duties": None}, "duties"),
    ("buddy", "agree", {"privacy": None}, "privacy"),
    ("newcomer", "name", {"full_name": ""}, "full_name"),
    ("newcomer", "dutch", {"languages": None}, "languages"),
    ("newcomer", "dutch", {"dutch_level": None}, "dutch_level"),
    ("newcomer", "dutch", {"dutch_level": "c2"}, "dutch_level"),
    ("newcomer", "likes", {"interests": None}, "interests"),
    ("newcomer", "hopes", {"goals": ["asylum"]}, "goals"),
    ("newcomer", "consent", {"adult": None}, "adult"),
    ("newcomer", "consent", {"privacy": None}, "privacy"),
]


@pytest.mark.parametrize(
    ("kind", "slug", "wrong", "field"),
    BAD,
    ids=lambda value: str(value)[:40] if isinstance(value, (str, dict)) else None,
)
def test_bad_input_comes_back_with_the_field_named(browser, kind, slug, wrong, field):
    """R47 among them: buddies and newcomers are 18 or older."""
    page = browser.get(f"/nl/register/{kind}/{slug}")
    before = session().query(Person).count()
    sent = {**dict(WALKS[kind])[slug], **wrong}
    page = browser.submit(page, status=422, **sent)
    assert field in refused(page)
    kept = page.form()
    for name, value in sent.items():
        if name not in wrong and isinstance(value, str):
            assert kept[name] == value
    if (
        isinstance(wrong.get(field), str)
        and not set(wrong[field]) & set("\x00\u202e\r\n")
        and field in kept
        and field != "town"
    ):
        assert kept[field] == wrong[field]
    assert session().query(Person).count() == before


@pytest.mark.parametrize(
    "name",
    [
        "ሰላም",
        "O",
        "Nguyễn",
        "O'Brien",
        "d'Hondt",
        "Null",
        "<script>alert(1)</script>",
        "{{7*7}}",
        "%(x)s",
        "👨‍👩‍👧 می‌خواهم",
    ],
)
def test_every_name_is_kept_as_typed(browser, name):
    answered(browser, "newcomer", "nl", name={"full_name": name})
    assert session().query(Person).one().full_name == name
    page = browser.get("/nl/account")
    assert page.form()["full_name"] == name


def test_direction_controls_are_taken_out_of_names(browser):
    answered(browser, "newcomer", "nl", name={"full_name": "\u202eAmina\u2066 \u200bB."})
    assert session().query(Person).one().full_name == "Amina B."


def test_more_fields_than_asked_change_nothing(browser):
    answered(
        browser,
        "buddy",
        "nl",
        who={"role": "administrator", "id": "1", "network_slug": "brussel"},
        wishes={"places_taken": "9", "state": "approved"},
    )
    buddy = session().query(Buddy).one()
    assert (buddy.state, buddy.places_taken, buddy.network_slug) == ("registered", 0, "rivierenland")
    assert [grant.role for grant in buddy.person.grants] == [Role.BUDDY]


FIELDS = st.sampled_from(sorted({name for steps in STEPS.values() for step in steps for name in (*step.form.keeps, "place", "which", "town", "unknown", "shortcut", "understood", "understand", "keep")}))  # fmt: skip
VALUES = st.one_of(
    st.text(max_size=40),
    st.sampled_from(
        ["y", "2800", "cooking", "mon-evening", "evenings", "a1", "-1", "NaN", "1e9", "\x00", "null"]
    ),
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    step=st.sampled_from([(kind, step.slug) for kind, steps in STEPS.items() for step in steps]),
    data=st.dictionaries(FIELDS, st.lists(VALUES, max_size=3), max_size=8),
)
def test_no_step_ever_breaks(browser, step, data):
    kind, slug = step
    answer = browser.send("POST", f"/nl/register/{kind}/{slug}", data=data)
    assert answer.status_code in (200, 303, 422)
