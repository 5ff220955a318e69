"""The whole way in a real browser: from two registrations to 2 of 40 hours, with scripts and without."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from app.clock import now, today
from app.db import session, transaction
from app.models import Buddy, Duo, HourEntry, Message, Newcomer
from app.services import accounts
from app.vocabulary import DuoState, EntryState
from tests import factories
from tests.factories import PASSWORD


def on(page):
    """Go on to the next step of a screen."""
    page.locator("main .btn.next").first.click()


def pick(page, name, value):
    """Tap a picture, a moment or a choice, unless it is chosen already."""
    choice = f"[name={name}][value='{value}']"
    if not page.locator(f"main {choice}").first.is_checked():
        page.locator(f"main label:has({choice})").first.click()


def register_buddy(page):
    page.goto("/nl/")
    page.locator("main a.door").first.click()
    page.fill("[name=full_name]", "Marleen Peeters")
    page.fill("[name=email]", "marleen@example.be")
    page.fill("[name=phone]", "0470 12 34 56")
    page.check("[name=adult]")
    page.check("[name=clear_dutch]")
    on(page)
    page.fill("[name=place]", "Bonheiden")
    on(page)
    pick(page, "languages", "fr")
    on(page)
    pick(page, "interests", "cooking")
    pick(page, "interests", "cycling")
    on(page)
    pick(page, "availability", "sat-morning")
    on(page)
    on(page)
    page.wait_for_load_state()
    for box in page.locator("main form [type=checkbox]").all():
        box.check()
    on(page)
    expect(page).to_have_url(re.compile("/nl/register/buddy/done"))


def tell_about_oneself(page):
    """What a newcomer tells, from the name until she has agreed: the next page shows the personal code."""
    page.fill("[name=full_name]", "أمينة الحسن")
    on(page)
    page.fill("[name=place]", "2800")
    on(page)
    pick(page, "languages", "ar")
    pick(page, "dutch_level", "a2")
    on(page)
    pick(page, "interests", "cooking")
    on(page)
    pick(page, "availability", "sat-morning")
    on(page)
    on(page)
    page.check("[name=adult]")
    page.check("[name=privacy]")
    on(page)


def register_newcomer(page):
    page.goto("/ar/")
    page.locator("main a.door").nth(1).click()
    tell_about_oneself(page)
    on(page)
    expect(page).to_have_url(re.compile("/ar/my-track"))
    expect(page.locator("html")).to_have_attribute("dir", "rtl")


def sign_in(page, person):
    page.goto("/nl/sign-in")
    page.fill("[name=email]", person.email)
    page.fill("[name=password]", PASSWORD)
    on(page)


def last_link(pattern):
    """The path of the newest link of that kind that was written to somebody."""
    session().rollback()
    texts = [message.text for message in session().query(Message).order_by(Message.id.desc())]
    return next(
        found[1] for text in texts if (found := re.search(rf"http://localhost[^/]*(/\S*{pattern}\S*)", text))
    )


def act(page, name, **fields):
    """Do one thing for the person whose page it is."""
    form = page.locator(f"form[action$='/{name}']").first
    form.wait_for(state="attached")
    if not form.is_visible():
        page.locator("main details", has=form).locator("summary").first.click()
    for field, value in fields.items():
        form.locator(f"[name={name}-{field}]").fill(value)
    form.locator("button[type=submit]").first.click()


def make_ready(page, buddy_id):
    """The coordinator talks with the candidate, hands over what the law asks, and says that she is ready."""
    page.goto(f"/nl/people/buddies/{buddy_id}")
    act(page, "plan_talk", day=f"{today():%Y-%m-%d}", time="10:00")
    act(page, "talk_held")
    act(page, "note_handed", version="2026")
    act(page, "insurer", insurer="Ethias")
    act(page, "approve")


def put_on_waiting_list(page, newcomer_id):
    """The coordinator talks with the newcomer, who waits from then on."""
    page.goto(f"/nl/people/newcomers/{newcomer_id}")
    act(page, "wait")


def match(page):
    """Make a plan, look at its only pair, approve it; then publish, and have both asked at once."""
    page.goto("/nl/matching")
    page.locator("main form[action$='/matching/runs'] button").first.click()
    page.goto("/nl/matching")
    page.locator("main a[href*='/matching/proposals/']").first.click()
    expect(page.locator("main")).to_contain_text("أمينة")
    page.locator("main form[action$='/approve'] button").first.click()
    for act_of_plan in ("publish", "tell"):
        page.locator(f"main form[action$='/{act_of_plan}'] button").first.click()


def say_yes(page, path, question):
    """Answer one question with yes, on the own page."""
    page.goto(path)
    page.locator(f"main form[action$='/answer/{question}'] button[value=yes]").first.click()


def start_duo(page):
    """The coordinator names who insures the newcomer, and the duo begins."""
    page.goto("/nl/duos")
    page.locator("main a[href*='/duos/']").first.click()
    page.fill("[name=newcomer_insurer]", "Ethias")
    page.locator("main form[action$='/start'] button[type=submit]").first.click()


def sees_contact(page, path, phone_or_mail):
    """Whether the page shows how to reach the other."""
    page.goto(path)
    return phone_or_mail in page.content()


def tell_two_hours(page):
    """Yesterday at ten, two hours, with the buddy; then send it."""
    page.goto("/ar/my-track")
    page.goto("/ar/hours/tell")
    page.locator("main a[href*='/hours/tell/']").first.click()
    pick(page, "day", "yesterday")
    page.fill("[name=at]", "10:00")
    pick(page, "minutes", "120")
    pick(page, "dutch", "yes")
    on(page)
    on(page)


def plan_meeting(page):
    """Choose a day, an hour and a place for the first coffee."""
    page.goto("/ar/my-duo")
    form = page.locator("main form[action$='/meeting']").first
    form.locator("[type=date]").fill(f"{today() + timedelta(days=2):%Y-%m-%d}")
    form.locator("[type=time]").fill("10:00")
    form.locator("[type=text]").first.fill("De Loods, Mechelen")
    form.locator("button[type=submit]").first.click()


def accept(page, newcomer_id):
    """The counsellor writes the contract and accepts what is confirmed."""
    page.goto(f"/nl/caseload/{newcomer_id}/contract")
    pick(page, "obligation", "obliged")
    page.fill("[name=starts_on]", f"{today() - timedelta(days=30):%Y-%m-%d}")
    page.fill("[name=ends_on]", f"{today() + timedelta(days=300):%Y-%m-%d}")
    page.locator("main form .btn.primary, main form .btn.next").first.click()
    expect(page).not_to_have_url(re.compile("/contract"))
    page.goto(f"/nl/caseload/{newcomer_id}")
    page.locator("main a[href*='/proofs/']").first.click()
    on(page)


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_from_two_registrations_to_two_hours(visitor, scripts):
    els, karim = factories.coordinator("rivierenland"), factories.counsellor()
    for staff in (els, karim):
        accounts.set_password(staff.id, PASSWORD)
    marleen, amina = visitor(lang="nl", scripts=scripts), visitor(lang="ar", scripts=scripts)
    office, agency = (visitor(lang="nl", phone=False, scripts=scripts) for _ in range(2))

    register_buddy(marleen)
    marleen.goto(last_link("/confirm-address/"))
    on(marleen)
    register_newcomer(amina)
    session().rollback()
    buddy, newcomer = session().query(Buddy).one(), session().query(Newcomer).one()
    assert (newcomer.locality, newcomer.interests, newcomer.availability) == (
        "Mechelen",
        ["cooking"],
        ["sat-morning"],
    )

    sign_in(office, els)
    make_ready(office, buddy.id)
    put_on_waiting_list(office, newcomer.id)
    match(office)
    assert not sees_contact(marleen, "/nl/my-duo", "0470000000")
    assert not sees_contact(amina, "/ar/my-duo", "marleen@example.be")
    say_yes(amina, "/ar/my-duo", "meet")
    assert not sees_contact(amina, "/ar/my-duo", "marleen@example.be")
    say_yes(marleen, "/nl/my-duo", "meet")
    assert sees_contact(amina, "/ar/my-duo", "marleen@example.be")
    plan_meeting(amina)
    with transaction() as db:  # the day of the meeting comes
        db.query(Duo).one().first_meeting_at = now() - timedelta(days=2)
    say_yes(amina, "/ar/my-duo", "go_on")
    say_yes(marleen, "/nl/my-duo", "go_on")
    start_duo(office)
    session().rollback()
    assert session().query(Duo).one().state is DuoState.ACTIVE

    tell_two_hours(amina)
    nobody = visitor(lang="nl", scripts=scripts)
    nobody.goto(last_link("/c/"))
    on(nobody)
    session().rollback()
    assert session().query(HourEntry).one().state is EntryState.CONFIRMED
    nobody.locator("main a[href*='/proof/']").first.click()
    on(nobody)

    with transaction() as db:
        db.query(Newcomer).one().counsellor_id = karim.id
    sign_in(agency, karim)
    accept(agency, newcomer.id)
    amina.goto("/ar/my-track")
    session().rollback()
    assert session().query(HourEntry).one().state is EntryState.ACCEPTED
    expect(amina.locator("main .stat").first).to_contain_text(re.compile(r"2\s*/\s*40"))
