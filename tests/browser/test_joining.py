"""From a phrase in Tigrinya to confirmed hours, in a real browser, with scripts and without."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from app.clock import now
from app.db import session, transaction
from app.jobs import with_links
from app.models import HourEntry, Occurrence, Offer, SignUp
from app.services import accounts
from app.vocabulary import EntryState, OfferKind
from tests import factories
from tests.activities import House
from tests.browser.test_whole_way import last_link
from tests.factories import PASSWORD

FOOTBALL = "ምስ ደቀይ ኩዕሶ እግሪ ክጻወት ይደሊ"  # I want to play football with my children
TITLE = "ኩዕሶ እግሪ ምስ ቆልዑ"


def the_day_comes(offer_id, folder):
    """The first time of the activity was yesterday, and she had signed up before."""
    with transaction() as db:
        time = db.query(Occurrence).filter_by(offer_id=offer_id).order_by(Occurrence.starts_at).first()
        length = time.ends_at - time.starts_at
        time.starts_at = now().replace(hour=12, minute=0, second=0, microsecond=0) - timedelta(days=1)
        time.ends_at = time.starts_at + length
        db.query(SignUp).one().joined_at = now() - timedelta(days=3)
    with_links("http://localhost", folder)["remind_about_activities"]()


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_from_a_phrase_in_tigrinya_to_confirmed_hours(visitor, scripts, tmp_path):
    house = House()
    offer = house.offer(
        title="Voetbal met kinderen", words="We spelen samen voetbal.", kind=OfferKind.SPORT,
        interests=["football", "children-family"], gatherings=[factories.weekly(5, "14:00", 90)], places=10,
    )  # fmt: skip
    factories.text(offer, "ti", title=TITLE)
    house.offer(title="Koor", interests=["singing"])
    selam = factories.newcomer(locale="ti", name="ሰላም ሃይለ")
    accounts.set_password(selam.person_id, PASSWORD)

    phone = visitor(lang="ti", scripts=scripts)
    phone.goto("/ti/activities")
    phone.fill("main [name=q]", FOOTBALL)
    phone.locator("main form:has([name=q]) button[type=submit]").first.click()
    found = phone.locator("main article h2 a")
    expect(found).to_have_text([TITLE])
    found.first.click()
    expect(phone.locator("h1")).to_have_text(TITLE)

    # Nobody has to sign in to look; to come, she says who she is, and is back at once.
    phone.locator("#join a.btn.next").click()
    phone.fill("[name=email]", selam.person.email)
    phone.fill("[name=password]", PASSWORD)
    phone.locator("main .btn.next").first.click()
    expect(phone).to_have_url(re.compile(rf"/ti/activities/{offer.id}$"))
    phone.locator("#join button.next").click()
    expect(phone.locator("#join .chip.good")).to_be_visible()
    session().rollback()
    assert session().get_one(Offer, offer.id).places_taken == 1
    phone.goto("/ti/my-track")
    expect(phone.locator("main")).to_contain_text(TITLE)

    the_day_comes(offer.id, tmp_path)
    contact = visitor(lang="nl", scripts=scripts)
    contact.goto(last_link("/t/"))
    expect(contact.locator("main")).to_contain_text("ሰላም")
    expect(contact.locator("main")).not_to_contain_text(selam.person.email)
    contact.locator("main a.btn.next").first.click()
    contact.locator("main label:has([name=came])").first.click()
    contact.locator("main form .btn.next").click()
    expect(contact.locator("main .chip.good")).to_be_visible()
    session().rollback()
    entry = session().query(HourEntry).one()
    assert (entry.state, entry.minutes, entry.newcomer_id) == (EntryState.CONFIRMED, 90, selam.id)

    phone.goto("/ti/my-track")
    own = phone.locator("main article", has_text="Voetbal met kinderen").last
    expect(own).to_be_visible()
    expect(own.locator(".chip.both")).to_be_visible()
    expect(phone.locator("main section").first).to_contain_text(re.compile(r"1[.,:]5|1:30|1.*30"))
