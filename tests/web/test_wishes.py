"""The screens of choosing a buddy, of lending places, and of looking back."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from app.clock import now, today
from app.db import session, transaction
from app.models import Buddy, Loan, LookBack, Message, Wish
from app.vocabulary import DuoState, ProposalState
from app.vocabulary.following import WishState
from app.vocabulary.loans import LoanState
from tests import factories
from tests.duets import Duet
from tests.services.test_loans import Border
from tests.services.test_wishes import Asked

LANGUAGES = ("nl", "ar", "x-pseudo")


def path_of_letter():
    letter = session().scalars(select(Message).where(Message.kind == "wish-choose")).one()
    return next(word for word in letter.text.split() if "/w/" in word).removeprefix("http://localhost")


def test_from_showing_to_the_wish_by_the_screens(site, signed_in):
    asked = Asked()
    desk = signed_in(asked.coordinator)
    for lang in LANGUAGES:
        desk.get(f"/{lang}/matching/proposals/{asked.own.id}/show")
        desk.get(f"/{lang}/matching/choices")
    page = desk.get(f"/nl/matching/proposals/{asked.own.id}")
    assert page.soup.select(f"a[href$='/proposals/{asked.own.id}/show']")
    page = desk.get(f"/nl/matching/proposals/{asked.own.id}/show")
    too_many = [("also", str(key)) for key in asked.others]
    assert len(page.soup.select("input[name=also]")) == 3
    desk.post(
        f"/nl/matching/proposals/{asked.own.id}/show", {"also": [key for _, key in too_many]}, status=422
    )
    desk.submit(page, "form[action='']" if page.soup.select("form[action='']") else "main form")
    wish = session().scalars(select(Wish)).one()
    asked.wish_id = wish.id
    client = signed_in(asked.newcomer.person)
    for lang in LANGUAGES:
        page = client.get(f"/{lang}/my-choice")
        assert len(page.soup.select("button[name=buddy]:not([value=none])")) == 3
    assert client.get("/nl/my-track").soup.select("a[href$='/my-choice']")
    chosen = asked.proposals()[1]
    page = client.post("/ar/my-choice", {"buddy": str(chosen.id)})
    assert not page.soup.select("button[name=buddy]")
    assert client.get("/x-pseudo/my-choice").soup.select(".notice.good")
    page = desk.get("/x-pseudo/matching/choices")
    assert page.soup.select(f"a[href$='/matching/proposals/{chosen.id}']")


def test_the_card_says_no_more_than_it_may(site, signed_in):
    asked = Asked().show()
    with transaction() as current:
        for buddy in current.scalars(select(Buddy)).unique():
            buddy.person.phone, buddy.person.email = "+32470999111", f"canary{buddy.id}@example.be"
            buddy.postcode, buddy.words = "2812", "Kanariewoord"
    html = signed_in(asked.newcomer.person).get("/nl/my-choice").html
    assert "Buddy1" in html
    assert not re.search("Canaris|canary|470999111|2812|Kanariewoord|[0-9] km", html)


def test_the_link_of_the_letter_chooses_without_signing_in(site, browser):
    asked = Asked().show()
    path = path_of_letter()
    for lang in LANGUAGES:
        browser.get(path.replace("/ar/", f"/{lang}/"))
    assert asked.fresh().state is WishState.OPEN
    browser.post(path, {"buddy": "nonsense"}, status=422)
    browser.post(path, {"buddy": "999999"}, status=422)
    page = browser.post(path, {"buddy": str(asked.own.id)})
    assert page.soup.select(".notice.good")
    assert asked.fresh().state is WishState.CHOSEN
    assert browser.get("/nl/my-choice").response.request.path.endswith("/sign-in")
    browser.get(path[:-2], status=404)
    browser.get(path.replace("/w/", "/d/"), status=404)


@pytest.mark.parametrize("reason", ["", "too_far", "nonsense"])
def test_none_of_these_needs_no_reason(site, signed_in, reason):
    asked = Asked().show()
    client = signed_in(asked.newcomer.person)
    page = client.post("/x-pseudo/my-choice", {"buddy": "none", "reason": reason})
    assert page.soup.select(".notice.info")
    assert asked.states() == [ProposalState.REFUSED] * 3
    assert (asked.fresh().reason is not None) == (reason == "too_far")
    signed_in(asked.coordinator).get("/x-pseudo/matching/choices")


def test_nobody_to_choose_says_what_to_expect(site, signed_in):
    client = signed_in(factories.newcomer().person)
    for lang in LANGUAGES:
        assert client.get(f"/{lang}/my-choice").soup.select(".notice")
    client.post("/nl/my-choice", {"buddy": "none"}, status=422)
    asked = Asked().show()
    with transaction() as current:
        current.execute(update(Wish).values(answer_before=now() - timedelta(days=1)))
    assert not signed_in(asked.newcomer.person).get("/nl/my-choice").soup.select("button[name=buddy]")


def test_staff_take_the_question_back(site, signed_in):
    asked = Asked().show()
    desk = signed_in(asked.coordinator)
    desk.submit(desk.get("/nl/matching/choices"), "form[action$='/take-back']")
    assert asked.fresh().state is WishState.WITHDRAWN


def test_lending_by_the_screens_of_both_networks(site, signed_in):
    buddy = factories.buddy("9000", capacity=1)
    lender, borrower = (
        signed_in(factories.coordinator("gent-stad")),
        signed_in(factories.coordinator("regio-gent")),
    )
    for lang in LANGUAGES:
        lender.get(f"/{lang}/loans")
        borrower.get(f"/{lang}/loans")
    page = lender.get("/nl/loans")
    assert page.soup.select("select[name=to] option")[0]["value"] == "regio-gent"
    page = lender.submit(page, "form[action$='/loans']", until="", status=422)
    page = lender.submit(page, "form[action$='/loans']", until="2020-01-01", status=422)
    lender.submit(page, "form[action$='/loans']", until=(today() + timedelta(days=30)).isoformat())
    loan = session().scalars(select(Loan)).one()
    assert (loan.buddy_id, loan.state) == (buddy.id, LoanState.OFFERED)
    assert not lender.get("/nl/loans").soup.select("form[action$='/accept']")
    borrower.submit(borrower.get("/x-pseudo/loans"), "form[action$='/accept']")
    for lang in LANGUAGES:
        lender.get(f"/{lang}/loans")
    borrower.submit(borrower.get("/nl/loans"), "form[action$='/give-back']")
    session().expire_all()
    assert session().scalars(select(Loan.state)).one() is LoanState.RETURNED
    assert lender.get("/x-pseudo/loans").soup.select("details")


def test_what_is_offered_can_be_declined(site, signed_in):
    border = Border(LoanState.OFFERED)
    borrower = signed_in(border.borrower)
    borrower.submit(borrower.get("/nl/loans"), "form[action$='/decline']")
    assert border.fresh().state is LoanState.DECLINED


def test_longer_again_and_looking_back_by_the_screens(site, signed_in):
    together = Duet(DuoState.ACTIVE)
    desk = signed_in(together.coordinator)
    page = desk.get(f"/x-pseudo/duos/{together.duo.id}")
    desk.submit(page, "form[action$='/extend']", months="3", status=422)
    desk.submit(desk.get(f"/nl/duos/{together.duo.id}"), "form[action$='/extend']", months="12")
    assert (together.fresh().ends_on - together.fresh().starts_on).days >= 364
    client = signed_in(together.newcomer.person)
    client.submit(client.get(f"/ar/duos/{together.duo.id}/end"), reason="completed", goes_on="yes")
    assert together.fresh().goes_on is True
    client.submit(client.get("/x-pseudo/my-duo"), "form[action$='/look-back']", status=422)
    page = client.submit(
        client.get("/nl/my-duo"), "form[action$='/look-back']", went="good", words="Heel fijn"
    )
    assert session().scalars(select(LookBack.went)).one().value == "good"
    assert "Heel fijn" in desk.get(f"/nl/duos/{together.duo.id}").text
    assert "Heel fijn" not in signed_in(together.buddy.person).get("/nl/my-duo").text
    desk.submit(desk.get(f"/x-pseudo/duos/{together.duo.id}"), "form[action$='/again']")
    assert together.fresh().may_again
    desk.get(f"/x-pseudo/duos/{together.duo.id}")
