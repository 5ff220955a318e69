"""The own page of two people, the link of a letter, the first-meeting sheet, and the list of the coordinator."""

from datetime import timedelta

import pytest
from sqlalchemy import event, select, update

from app import db
from app.clock import in_brussels, now, today
from app.db import session, transaction
from app.models import Buddy, Duo, Message, Person
from app.services import duo_letters, duos
from app.vocabulary import DuoState
from app.vocabulary.records import Answer
from tests import factories
from tests.duets import LINKS, Duet

LANGUAGES = ("nl", "ar", "x-pseudo")
MOST_QUERIES = 8
CANARIES = {
    "newcomer": ("canary.newcomer@example.be", "470999111", "Kanariegeel"),
    "buddy": ("canary.buddy@example.be", "470999222", "Kanariebont"),
}
OTHER = {"newcomer": "buddy", "buddy": "newcomer"}


@pytest.fixture
def statements(site):
    """What a page sends to the database."""
    sent = []

    def note(_connection, _cursor, statement, *_rest):
        if not statement.startswith("BEGIN"):
            sent.append(statement)

    event.listen(db.engine(), "before_cursor_execute", note)
    yield sent
    event.remove(db.engine(), "before_cursor_execute", note)


def with_canaries(together):
    for side, person in sides(together).items():
        email, phone, family = CANARIES[side]
        changed = {"email": email, "phone": f"+32{phone}", "full_name": f"Kim {family}"}
        with transaction() as current:
            current.execute(update(Person).where(Person.id == person.id).values(**changed))
    return together


def sides(together):
    return {"newcomer": together.newcomer.person, "buddy": together.buddy.person}


def found(text, side):
    """Which contact details of the other one a text that this side gets has in it."""
    return [canary for canary in CANARIES[OTHER[side]] if canary in text]


def met(together, days=1):
    """The first meeting was so many days ago."""
    with transaction() as current:
        current.get_one(Duo, together.duo.id).first_meeting_at = now() - timedelta(days=days)
    return together


STATES = [
    pytest.param(DuoState.ASKED, id="asked"), pytest.param(DuoState.MEETING, id="meeting"),
    pytest.param(DuoState.ACTIVE, id="active"), pytest.param(DuoState.PAUSED, id="paused"),
    pytest.param(DuoState.DECLINED, id="declined"), pytest.param(DuoState.ENDED, id="ended"),
]  # fmt: skip


@pytest.mark.parametrize("state", STATES)
def test_every_page_of_a_duo_in_every_kind_of_language(site, signed_in, state):
    agreed = {"starts_on": today(), "ends_on": today() + timedelta(days=180), "insurer": "Ethias"}
    together = Duet(state, **(agreed if state in (DuoState.ACTIVE, DuoState.PAUSED) else {}))
    both = [signed_in(together.newcomer.person), signed_in(together.buddy.person)]
    office = signed_in(together.coordinator)
    for lang in LANGUAGES:
        for browser in both:
            browser.get(f"/{lang}/my-duo")
        for path in ("duos", "duos?state=over", f"duos/{together.duo.id}", f"duos/{together.duo.id}/end"):
            office.get(f"/{lang}/{path}")


def test_before_anything_the_pages_say_what_to_expect(site, signed_in):
    for person in (factories.newcomer().person, factories.buddy().person):
        page = signed_in(person).get("/x-pseudo/my-duo")
        assert page.soup.select(".empty")
    assert signed_in(factories.coordinator()).get("/x-pseudo/duos").soup.select(".empty")


@pytest.mark.parametrize("state", [DuoState.ASKED, DuoState.DECLINED, DuoState.ENDED, DuoState.COMPLETED])
def test_no_byte_of_contact_before_both_want_to_meet_nor_after_the_end(site, signed_in, state):
    together = with_canaries(Duet(state))
    key = together.duo.id
    if state is DuoState.ASKED:
        with transaction() as current:
            duo_letters.ask_both(current.get_one(Duo, key), links=LINKS)
    for side, person in sides(together).items():
        browser = signed_in(person)
        assert not found(browser.get("/nl/my-duo").html, side)
        assert not found(browser.get(f"/nl/duos/{key}/sheet", status=404).html, side)
        assert not found(browser.get(f"/nl/duos/{key}", status=403).html, side)
        for message in session().scalars(select(Message).where(Message.person_id == person.id)):
            assert not found(message.subject + message.text + message.html, side)


def test_the_page_behind_a_letter_holds_no_contact_details_at_any_time(site, browser):
    together = with_canaries(Duet(DuoState.MEETING))
    duos.plan_meeting(
        together.as_("buddy"), together.duo.id, at=now() + timedelta(days=1), where="Bib", links=LINKS
    )
    letters = session().scalars(select(Message).where(Message.kind == "duo-ask-go-on")).all()
    assert len(letters) == 2
    for message in letters:
        side = "newcomer" if message.person_id == together.newcomer.person_id else "buddy"
        assert not found(browser.get(path_of(message)).html + message.text, side)


def test_contact_appears_exactly_when_both_want_to_meet(site, signed_in):
    together = with_canaries(Duet())
    newcomer, buddy = signed_in(together.newcomer.person), signed_in(together.buddy.person)
    page = newcomer.submit(newcomer.get("/nl/my-duo"), "form[action*='/answer/meet']", says="yes")
    assert "canary.buddy" not in page.html
    assert "canary.newcomer" not in buddy.get("/nl/my-duo").html
    page = buddy.submit(buddy.get("/nl/my-duo"), "form[action*='/answer/meet']", says="yes")
    assert "canary.newcomer@example.be" in page.html
    assert "canary.buddy@example.be" in newcomer.get("/nl/my-duo").html
    letters = {
        message.person_id: message.text
        for message in session().scalars(select(Message).where(Message.kind == "duo-contact-shared"))
    }
    assert "canary.buddy@example.be" in letters[together.newcomer.person_id]
    assert "canary.newcomer@example.be" in letters[together.buddy.person_id]


def in_two_days():
    moment = in_brussels(now() + timedelta(days=2))
    return moment.date().isoformat()


def test_from_the_question_to_the_agreement_by_the_screens(site, signed_in):
    together = Duet()
    newcomer, buddy = signed_in(together.newcomer.person), signed_in(together.buddy.person)
    for one in (newcomer, buddy):
        one.submit(one.get("/ar/my-duo"), "form[action*='/answer/meet']", says="yes")
    page = buddy.get("/nl/my-duo")
    prefix = f"meeting-{together.duo.id}-"
    page = buddy.submit(
        page, "form[action$='/meeting']", **{f"{prefix}day": "", f"{prefix}where": "Bib", "status": 422}
    )
    assert page.form("form[action$='/meeting']")[f"{prefix}where"] == "Bib"
    page = buddy.submit(
        page,
        "form[action$='/meeting']",
        **{f"{prefix}day": "2020-01-01", f"{prefix}time": "14:00", "status": 422},
    )
    page = buddy.submit(
        page, "form[action$='/meeting']", **{f"{prefix}day": in_two_days(), f"{prefix}time": "14:00"}
    )
    assert in_brussels(together.fresh().first_meeting_at).strftime("%H:%M") == "14:00"
    assert "14:00" in newcomer.get("/x-pseudo/my-duo").text
    met(together)
    for one in (newcomer, buddy):
        one.submit(one.get("/x-pseudo/my-duo"), "form[action*='/answer/go_on']", says="yes")
    assert together.fresh().state is DuoState.ACTIVE
    assert "Ethias" in newcomer.get("/nl/my-duo").text
    newcomer.submit(newcomer.get("/nl/my-duo"), "form[action$='/pause']")
    buddy.submit(buddy.get("/nl/my-duo"), "form[action$='/resume']")
    page = newcomer.get(f"/x-pseudo/duos/{together.duo.id}/end")
    page = newcomer.submit(page, status=422)
    newcomer.submit(page, reason="no_time")
    assert together.fresh().state is DuoState.ENDED
    assert not newcomer.get("/nl/my-duo").soup.select("a[href^='tel:']")


def test_who_changes_the_mind_stops_it(site, signed_in):
    together = Duet()
    newcomer = signed_in(together.newcomer.person)
    page = newcomer.submit(newcomer.get("/nl/my-duo"), "form[action*='/answer/meet']", says="yes")
    newcomer.submit(page, "form[action*='/answer/meet']")
    assert together.fresh().state is DuoState.DECLINED


@pytest.mark.parametrize("says", ["", "maybe", None])
def test_an_answer_is_yes_or_no(site, signed_in, says):
    together = Duet()
    newcomer = signed_in(together.newcomer.person)
    newcomer.post(
        f"/nl/my-duo/{together.duo.id}/answer/meet", {"says": says} if says is not None else {}, status=422
    )
    newcomer.post(f"/nl/my-duo/{together.duo.id}/answer/marry", {"says": "yes"}, status=422)
    assert together.fresh().newcomer_wants is None


def path_of(message):
    link = next(word for word in message.text.split() if "/d/" in word)
    return link.removeprefix("http://localhost")


def test_the_link_opens_a_question_and_signs_nobody_in(site, browser):
    together = Duet()
    with transaction() as current:
        duo_letters.ask_both(current.get_one(Duo, together.duo.id), links=LINKS)
    letter = session().scalars(select(Message).where(Message.person_id == together.newcomer.person_id)).one()
    path = path_of(letter)
    for lang in LANGUAGES:
        page = browser.get(path.replace("/ar/", f"/{lang}/"))
    assert together.fresh().newcomer_wants is None
    page = browser.submit(page, "main form:has(button[name=says])", says="nonsense", status=422)
    page = browser.submit(page, "main form:has(button[name=says])", says="yes")
    assert together.fresh().newcomer_wants is Answer.YES
    assert not page.soup.select("button[name=says]")
    assert browser.get("/nl/my-duo").response.request.path.endswith("/sign-in")
    browser.get(path[:-2], status=404)


def test_a_spent_or_closed_question_gets_a_clear_page(site, browser):
    together = Duet()
    with transaction() as current:
        duo_letters.ask_both(current.get_one(Duo, together.duo.id), links=LINKS)
    paths = [path_of(message) for message in session().scalars(select(Message).order_by(Message.id))]
    browser.post(paths[0], {"says": "no"})
    for path in paths:
        page = browser.get(path.replace("/ar/", "/x-pseudo/").replace("/nl/", "/x-pseudo/"))
        assert not page.soup.select("button[name=says]")
    browser.post(paths[1], {"says": "yes"}, status=409)


def test_the_sheet_speaks_two_languages(site, signed_in):
    together = Duet(
        DuoState.MEETING, first_meeting_at=now() + timedelta(days=1), first_meeting_where="Bib Mechelen"
    )
    for person in (together.newcomer.person, together.buddy.person, together.coordinator):
        page = signed_in(person).get(f"/nl/duos/{together.duo.id}/sheet")
        assert [part["lang"] for part in page.soup.select("main section")] == ["ar", "nl"]
        assert page.text.count("Bib Mechelen") == 2
        assert len(page.soup.select("main section h2")) == 2
    signed_in(together.coordinator).get(f"/x-pseudo/duos/{together.duo.id}/sheet")
    signed_in(factories.coordinator("regio-gent")).get(f"/nl/duos/{together.duo.id}/sheet", status=404)


def test_the_coordinator_names_the_insurer_and_starts_the_duo(site, signed_in):
    together = Duet(DuoState.MEETING, newcomer_after=Answer.YES, buddy_after=Answer.YES)
    with transaction() as current:
        current.execute(update(Buddy).values(insurer=""))
    office = signed_in(together.coordinator)
    assert office.get("/nl/duos").soup.select("tbody .chip.wait")
    page = office.get(f"/x-pseudo/duos/{together.duo.id}")
    page = office.submit(page, "form[action$='/start']", status=422)
    page = office.submit(page, "form[action$='/start']", insurer="Ethias", starts_on="1999-01-01", status=422)
    assert page.form("form[action$='/start']")["insurer"] == "Ethias"
    office.submit(
        page, "form[action$='/start']", starts_on=today().isoformat(), months="12", weeks_between="1"
    )
    duo = together.fresh()
    assert (duo.state, duo.weeks_between) == (DuoState.ACTIVE, 1)


def test_the_coordinator_notes_talks_and_takes_back(site, signed_in):
    together = Duet(DuoState.ACTIVE, starts_on=today(), ends_on=today(), insurer="Ethias")
    office = signed_in(together.coordinator)
    page = office.get(f"/nl/duos/{together.duo.id}")
    page = office.submit(page, "form[action$='/check-ins']", note="Gebeld", status=422)
    page = office.submit(
        page,
        "form[action$='/check-ins']",
        mood="good",
        on=(today() + timedelta(days=9)).isoformat(),
        status=422,
    )
    page = office.submit(page, "form[action$='/check-ins']", on=today().isoformat())
    assert "Gebeld" in page.text
    office.submit(office.get(f"/nl/duos/{together.duo.id}"), "form[action$='/pause']")
    office.submit(office.get(f"/nl/duos/{together.duo.id}"), "form[action$='/resume']")
    asked = Duet()
    office = signed_in(asked.coordinator)
    office.submit(office.get(f"/nl/duos/{asked.duo.id}"), "form[action$='/take-back']", why="Geen antwoord")
    assert asked.fresh().state is DuoState.DECLINED
    page = office.get(f"/x-pseudo/duos/{asked.duo.id}")
    assert "Geen antwoord" in page.text


def test_who_did_not_answer_in_time_comes_first(site, signed_in):
    late, fresh = Duet(answer_before=now() - timedelta(days=1)), Duet()
    page = signed_in(late.coordinator).get("/nl/duos")
    links = [link["href"] for link in page.soup.select("tbody a")]
    assert links == [f"/nl/duos/{late.duo.id}", f"/nl/duos/{fresh.duo.id}"]
    assert len(page.soup.select("tbody .chip.bad")) == 1


@pytest.mark.parametrize("path", ["duos/{key}", "duos/{key}/end", "duos/{key}/sheet"])
def test_other_networks_see_the_same_as_what_does_not_exist(site, signed_in, path):
    together = Duet(DuoState.ACTIVE)
    stranger = signed_in(factories.coordinator("regio-gent"))
    foreign = stranger.get("/nl/" + path.format(key=together.duo.id), status=404)
    none = stranger.get("/nl/" + path.format(key=999999), status=404)
    assert foreign.text == none.text


def test_a_page_of_a_duo_asks_the_database_little(site, signed_in, statements):
    together = Duet(DuoState.MEETING)
    for _ in range(3):
        Duet(DuoState.ACTIVE, starts_on=today(), ends_on=today(), insurer="x")
    office, newcomer = signed_in(together.coordinator), signed_in(together.newcomer.person)
    buddy = signed_in(together.buddy.person)
    visits = [
        (newcomer, "/nl/my-duo"),
        (buddy, "/nl/my-duo"),
        (office, "/nl/duos"),
        (office, f"/nl/duos/{together.duo.id}"),
        (newcomer, f"/nl/duos/{together.duo.id}/sheet"),
    ]
    for browser, path in visits:
        statements.clear()
        browser.get(path)
        assert len(statements) <= MOST_QUERIES, (path, len(statements), statements)


def test_a_coordinator_who_is_the_buddy_acts_as_the_buddy(site, signed_in):
    together = Duet(DuoState.MEETING)
    with transaction() as current:
        current.add(
            factories.Grant(
                person_id=together.buddy.person_id, role="coordinator", network_slug="rivierenland"
            )
        )
    both = signed_in(together.buddy.person)
    both.submit(both.get("/nl/my-duo"), "form[action*='/answer/go_on']")
    assert together.fresh().state is DuoState.DECLINED
    both.post(
        f"/nl/duos/{together.duo.id}/check-ins", {"on": today().isoformat(), "mood": "good"}, status=403
    )


def test_a_coordinator_ends_the_duo_of_two_others_in_words_for_staff(site, signed_in):
    duet = Duet(DuoState.ACTIVE, starts_on=today(), ends_on=today() + timedelta(days=180))
    office = signed_in(duet.coordinator)
    page = office.get(f"/nl/duos/{duet.duo.id}/end")
    text = page.main.get_text(" ", strip=True)
    assert "Zien ze elkaar daarna nog?" in text
    assert "jullie" not in text.lower(), "the coordinator is neither of the two"
    for side in (duet.newcomer, duet.buddy):
        assert side.person.first_name in text
    office.submit(page, "main form[method=post]", reason="no_time", goes_on="yes")
    session().expire_all()
    ended = session().get_one(Duo, duet.duo.id)
    assert (ended.state, ended.goes_on) == (DuoState.ENDED, True)


def test_the_form_of_a_planned_meeting_opens_with_what_is_planned(site, signed_in):
    at = now() + timedelta(days=3)
    duet = Duet(DuoState.MEETING, first_meeting_at=at, first_meeting_where="Café De Kroon")
    for person, path in ((duet.coordinator, f"duos/{duet.duo.id}"), (duet.buddy.person, "my-duo")):
        filled = signed_in(person).get(f"/nl/{path}").form("form[action$='/meeting']")
        assert filled[f"meeting-{duet.duo.id}-where"] == "Café De Kroon"
        assert filled[f"meeting-{duet.duo.id}-day"] == in_brussels(at).date().isoformat()


def test_the_list_names_what_a_duo_asks_of_its_coordinator(site, signed_in):
    past = now() - timedelta(days=1)
    duet = Duet(DuoState.MEETING, first_meeting_at=past, first_meeting_where="Café De Kroon")
    assert "Vraag hoe het was" in signed_in(duet.coordinator).get("/nl/duos").text
    with transaction():
        session().get_one(Duo, duet.duo.id).state = DuoState.FROZEN
    assert "Bel over veiligheid" in signed_in(duet.coordinator).get("/nl/duos").text
