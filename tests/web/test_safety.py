"""The page on which one of two people asks for help, with and without signing in, and the pages of who handles it."""

import pytest

from app.db import session, transaction
from app.models import Duo, Message, Person, SafetyReport
from app.services.accounts import new_link
from app.vocabulary import DuoState
from app.vocabulary.records import LinkPurpose
from tests import duo_factories, factories
from tests.duets import EVENTS, Duet

LANGUAGES = ("nl", "ar", "x-pseudo")
WORDS = "Kanariekreet"


def state_of(duet):
    session().expire_all()
    return session().get_one(Duo, duet.duo.id).state


@pytest.mark.parametrize("who", ["newcomer", "buddy"])
def test_from_the_own_page_to_a_stop(site, signed_in, who):
    duet = Duet(DuoState.ACTIVE, ends_on=factories.days_from_now(90))
    person = getattr(duet, who).person
    other = duet.buddy.person if who == "newcomer" else duet.newcomer.person
    browser = signed_in(person)
    way = f"my-duo/{duet.duo.id}/report"
    for lang in LANGUAGES:
        assert f"/{lang}/{way}" in browser.get(f"/{lang}/my-duo").html
        browser.get(f"/{lang}/{way}")
    assert state_of(duet) is DuoState.ACTIVE
    page = browser.submit(browser.get(f"/nl/{way}"), "main form.stack", kind="afraid", words=WORDS)
    assert state_of(duet) is DuoState.FROZEN
    assert "tel:112" in page.html
    for lang in LANGUAGES:
        browser.get(f"/{lang}/{way}")
        for human in (person, other):
            mine = signed_in(human).get(f"/{lang}/my-duo").html
            assert other.phone not in mine
            assert WORDS not in mine
    said = [
        signed_in(human).get("/en/my-duo").text.count("Your coordinator will call you.")
        for human in (person, other)
    ]
    assert said == [1, 1]


def test_an_empty_form_is_enough(site, signed_in):
    duet = Duet(DuoState.PAUSED)
    browser = signed_in(duet.newcomer.person)
    browser.submit(browser.get(f"/ar/my-duo/{duet.duo.id}/report"), "main form.stack")
    assert state_of(duet) is DuoState.FROZEN


def test_what_was_typed_is_kept_when_it_is_refused(site, signed_in):
    duet = Duet(DuoState.ACTIVE)
    browser = signed_in(duet.newcomer.person)
    sent = {"kind": "nothing-such", "words": WORDS}
    answer = browser.send("POST", f"/nl/my-duo/{duet.duo.id}/report", data=sent)
    assert answer.status_code == 422
    assert WORDS in answer.text
    assert state_of(duet) is DuoState.ACTIVE


def test_by_the_link_of_a_letter_without_signing_in(site, browser):
    duet = Duet(DuoState.MEETING)
    EVENTS["plan"](duet.as_("newcomer"), duet.duo.id)
    mail = (
        session()
        .query(Message)
        .filter_by(kind="duo-meeting-planned", person_id=duet.newcomer.person_id)
        .one()
    )
    path = mail.text.rpartition("http://localhost")[2].split()[0]
    assert path.endswith("/report")
    for _ in range(2):  # whoever follows links, a scanner of mails too, changes nothing
        page = browser.get(path)
        browser.send("HEAD", path)
    assert state_of(duet) is DuoState.MEETING
    assert browser.get(path.replace("/report", ""), status=404)
    browser.submit(page, "main form.stack", words=WORDS)
    assert state_of(duet) is DuoState.FROZEN
    assert "/sign-in" in browser.send("GET", "/ar/my-duo").location


def test_the_link_of_somebody_who_is_shut_out_is_dead(site, browser):
    duet = Duet(DuoState.ACTIVE)
    token = new_link(LinkPurpose.REPORT_DUO, locale="nl", person_id=duet.newcomer.person_id, duo=duet.duo.id)
    browser.get(f"/nl/d/{token}/report")
    with transaction() as db:
        db.get_one(Person, duet.newcomer.person_id).active = False
    assert browser.send("GET", f"/nl/d/{token}/report").status_code == 410


@pytest.fixture
def stopped(site):
    duet = Duet(DuoState.FROZEN)
    duet.report = duo_factories.safety_report(
        duet.duo, duet.newcomer.person, words=WORDS, words_language="nl"
    )
    return duet


@pytest.mark.parametrize("who", ["coordinator", "administrator"])
def test_who_handles_it_reads_notes_and_decides(stopped, signed_in, who):
    person = stopped.coordinator if who == "coordinator" else factories.administrator()
    browser = signed_in(person)
    here = f"safety/{stopped.report.id}"
    for lang in LANGUAGES:
        assert here in browser.get(f"/{lang}/safety").html
        assert WORDS in browser.get(f"/{lang}/{here}").text
    assert browser.send("POST", f"/nl/{here}/note", data={}).status_code == 422
    assert browser.send("POST", f"/nl/{here}/close", data={}).status_code == 422
    page = browser.submit(
        browser.get(f"/nl/{here}"), f"form[action$='{here}/note']", words="Gebeld met beiden."
    )
    assert "Gebeld met beiden." in page.text
    ids = [part["id"] for part in page.soup.select("main h2[id]")]
    assert ids.index("said") < ids.index("person-1") < ids.index("notes")
    assert page.soup.select_one(f"a[href='mailto:{stopped.buddy.person.email}']")
    browser.submit(page, f"form[action$='{here}/close']", outcome="go_on")
    assert state_of(stopped) is DuoState.ACTIVE
    assert browser.send("POST", f"/nl/{here}/close", data={"outcome": "end"}).status_code == 409
    browser.get(f"/nl/{here}")


OTHERS = {
    "newcomer": lambda duet: duet.newcomer.person,
    "buddy": lambda duet: duet.buddy.person,
    "counsellor": lambda duet: duet.counsellor,
    "coordinator elsewhere": lambda duet: factories.coordinator("kempen"),
    "helper": lambda duet: factories.person(roles=("helper",)),
}


@pytest.mark.parametrize("who", OTHERS)
def test_nobody_else_sees_a_word_of_it(stopped, signed_in, who):
    human = OTHERS[who](stopped)
    browser = signed_in(human)
    key, newcomer = stopped.report.id, stopped.newcomer.id
    assert browser.send("GET", f"/nl/safety/{key}").status_code in (403, 404)
    assert browser.send("POST", f"/nl/safety/{key}/close", data={"outcome": "end"}).status_code in (403, 404)
    pages = (
        "today",
        "duos",
        f"duos/{stopped.duo.id}",
        "safety",
        "my-duo",
        "my-track",
        "buddy",
        "audit",
        f"caseload/{newcomer}",
        f"caseload/{newcomer}/history",
    )
    for path in pages:
        text = browser.send("GET", f"/nl/{path}").text
        assert WORDS not in text
        assert f"/safety/{key}" not in text
    assert state_of(stopped) is DuoState.FROZEN
    assert session().query(SafetyReport).filter(SafetyReport.decided_at.is_not(None)).count() == 0


def test_a_counsellor_does_not_read_that_contact_stopped(site, signed_in):
    duet = Duet(DuoState.ACTIVE)
    person = signed_in(duet.newcomer.person)
    person.submit(person.get(f"/nl/my-duo/{duet.duo.id}/report"), "main form.stack")
    address = next(
        rule.rule for rule in site.url_map.iter_rules() if rule.endpoint == "trajectories.history"
    ).replace("<lang>", "nl").replace("<int:newcomer_id>", str(duet.newcomer.id))  # fmt: skip
    page = signed_in(duet.counsellor).get(address)
    assert str(DuoState.FROZEN.label) not in page.text
