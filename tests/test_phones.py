"""Telephone numbers: typed in any digits, kept as ASCII, shown in groups that keep their order (D2, B2)."""

import re

import pytest

from app.db import session, transaction
from app.i18n import LANGUAGES, phone, phone_text, speak
from app.mailer import compose
from app.models import ContactPerson, Network, Person
from app.security.identity import tidy_phone
from tests import factories
from tests.hours_screens import TOLD
from tests.web.walks import answered

SPACED = "+32\u00a0470\u00a012\u00a034\u00a056"


@pytest.mark.parametrize(
    "typed",
    [
        "0470 12 34 56", "0470/12.34.56", "+32470123456", "0032 470 12 34 56",
        "٠٤٧٠ ١٢ ٣٤ ٥٦", "۰۴۷۰ ۱۲ ۳۴ ۵۶", "+٣٢ ٤٧٠ ١٢٣٤٥٦", "+۳۲۴۷۰۱۲۳۴۵۶", "０４７０１２３４５６",
    ],
)  # fmt: skip
def test_digits_of_any_script_are_kept_as_ascii(typed):
    kept = tidy_phone(typed)
    assert kept == "+32470123456"
    assert kept.isascii()


@pytest.mark.parametrize("typed", ["٠٤٧٠ ١٢ ٣٤ ٥٦", "۰۴۷۰ ۱۲ ۳۴ ۵۶"])
def test_a_newcomer_types_the_digits_of_her_own_keyboard(browser, typed):
    answered(browser, "newcomer", "fa", name={"phone": typed})
    assert session().query(Person).one().phone == "+32470123456"


@pytest.mark.parametrize(
    ("kept", "shown"),
    [
        ("+32470123456", "+32 470 12 34 56"),
        ("+3215123456", "+32 15 12 34 56"),
        ("+33612345678", "+33 6 12 34 56 78"),
        ("112", "112"),
        ("", ""),
        ("call me", "call me"),
    ],
)
def test_a_number_is_shown_in_groups(kept, shown):
    assert phone(kept) == f'<bdi dir="ltr">{shown.replace(" ", chr(160))}</bdi>'
    with speak("nl"):
        assert phone_text(kept) == shown
    with speak("ar"):
        assert phone_text(kept) == f"\u2066{shown}\u2069"


@pytest.mark.parametrize("lang", [language.tag for language in LANGUAGES])
def test_letters_show_numbers_in_groups_and_in_order(site, lang):
    facts = {
        "name": "A",
        "other": "B",
        "phone": "+32470123456",
        "email": "",
        "link": "http://localhost/x",
        "report": "http://localhost/r",
    }
    text = compose("duo-contact-shared", locale=lang, facts=facts, also_dutch=False).text
    expected = "+32 470 12 34 56"
    assert (f"\u2066{expected}\u2069" if lang in ("ar", "fa", "ps") else expected) in text
    facts |= {"when": "2026-03-04T10:00:00+00:00", "caller": ""}
    assert expected in compose("talk-planned", locale=lang, facts=facts, also_dutch=False).text


@pytest.mark.parametrize("lang", ["nl", "ar"])
def test_pages_show_groups_and_call_the_whole_number(signed_in, browser, lang):
    with transaction() as db:
        db.get_one(Network, "rivierenland").help_phone = "+32470123456"
    els, buddy = factories.coordinator(), factories.buddy(state="registered")
    with transaction():
        session().get_one(Person, buddy.person_id).phone = "+32470123456"
    for page in (
        browser.get(f"/{lang}/help"),
        signed_in(buddy.person).get(f"/{lang}/buddy"),
        signed_in(els).get(f"/{lang}/people/buddies/{buddy.id}?contact=1"),
    ):
        links = [link for link in page.soup.select('main a[href^="tel:"]') if SPACED in link.get_text()]
        assert links, page.response.request.path
        for link in links:
            assert link["href"] == "tel:+32470123456"
            assert link.select_one("bdi[dir=ltr]").get_text() == SPACED
        assert not re.search(r">\+32470123456<", page.html)


def test_a_contact_person_too(signed_in):
    hers = signed_in(factories.newcomer().person)
    page = hers.get("/nl/hours/tell/other")
    hers.submit(
        page, **TOLD, kind="sport", title="Voetbal", contact_name="Jan", contact_phone="۰۴۷۰ ۱۲ ۳۴ ۵۶"
    )
    assert session().query(ContactPerson).one().phone == "+32470123456"
