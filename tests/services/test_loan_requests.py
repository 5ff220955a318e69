"""Asking a neighbour for a place: who asks, who answers, and that a place is lent by two people as before."""

from datetime import timedelta

import pytest
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from app.clock import today
from app.db import session, transaction
from app.errors import Forbidden, Invalid, Moved, NotFound
from app.models import Loan, LoanRequest
from app.queries.loans import loans_page
from app.queries.today import today_of
from app.services import loan_requests, loans
from app.vocabulary import Role
from app.vocabulary.loans import LoanState, RequestState
from app.vocabulary.today import Owing
from tests import factories
from tests.services.test_loans import HERE, IN_GHENT, STRANGERS, THERE, UNTIL
from tests.services.test_wishes import at_once


class Asking:
    """The region around Ghent asks the city for a place; the city has one buddy with a free place."""

    def __init__(self, state=RequestState.OPEN):
        self.lender, self.borrower = factories.coordinator(HERE), factories.coordinator(THERE)
        self.buddy = factories.buddy(IN_GHENT)
        self.id = loan_requests.ask_for_place(
            self.as_("borrower"), by=THERE, to=HERE, until=UNTIL, words="Tigrinya"
        )
        self.put(state)

    def put(self, state):
        with transaction() as db:
            own = update(LoanRequest).where(LoanRequest.id == self.id)
            db.execute(own.values(state=state, answered_by_id=None, loan_id=None))
            db.query(Loan).delete()

    def as_(self, who):
        people = {"lender": self.lender, "borrower": self.borrower}
        return factories.viewer(people.get(who) or STRANGERS[who]())

    def fresh(self):
        session().expire_all()
        return session().get_one(LoanRequest, self.id)


EVENTS = {
    "offer": lambda who, asking: loan_requests.answer_with_place(who, asking.id, asking.buddy.id),
    "decline": lambda who, asking: loan_requests.decline_request(who, asking.id),
    "withdraw": lambda who, asking: loan_requests.withdraw_request(who, asking.id),
}
ALLOWED = {
    ("offer", RequestState.OPEN): ({"lender"}, RequestState.OFFERED),
    ("decline", RequestState.OPEN): ({"lender"}, RequestState.DECLINED),
    ("withdraw", RequestState.OPEN): ({"borrower"}, RequestState.WITHDRAWN),
}


@pytest.mark.parametrize("state", list(RequestState))
def test_exactly_these_changes_exist(site, state):
    asking = Asking(state)
    people = {name: asking.as_(name) for name in ("lender", "borrower", *STRANGERS)}
    for event, act in EVENTS.items():
        may, after = ALLOWED.get((event, state), (set(), state))
        for name, viewer in people.items():
            if name in may:
                act(viewer, asking)
                assert asking.fresh().state is after, (event, name)
                asking.put(state)
            else:
                with pytest.raises((Forbidden, NotFound, Moved)):
                    act(viewer, asking)
                assert asking.fresh().state is state, (event, name)
                assert session().query(Loan).count() == 0, (event, name)


def test_the_answer_is_an_offer_that_the_other_network_still_takes(site):
    asking = Asking()
    loan_id = loan_requests.answer_with_place(asking.as_("lender"), asking.id, asking.buddy.id)
    loan = session().get_one(Loan, loan_id)
    assert (loan.state, loan.from_slug, loan.to_slug, loan.until) == (LoanState.OFFERED, HERE, THERE, UNTIL)
    assert (asking.fresh().loan_id, asking.fresh().answered_by_id) == (loan_id, asking.lender.id)
    with pytest.raises(Forbidden):
        loans.accept_place(asking.as_("lender"), loan_id)
    loans.accept_place(asking.as_("borrower"), loan_id)
    session().expire_all()
    assert session().get_one(Loan, loan_id).state is LoanState.LENT


def test_somebody_of_both_networks_does_not_answer_the_own_question(site):
    asking = Asking()
    factories.grant(asking.borrower, Role.COORDINATOR, network=HERE)
    for act in ("offer", "decline"):
        with pytest.raises(Forbidden):
            EVENTS[act](asking.as_("borrower"), asking)
    assert Owing.LOAN_ASKED not in today_of(asking.as_("borrower")).counts
    with pytest.raises(IntegrityError), transaction() as db:
        db.execute(update(LoanRequest).values(answered_by_id=LoanRequest.asked_by_id))


def test_what_cannot_be_asked(site):
    asking = Asking()
    borrower = asking.as_("borrower")
    for changes, refusal in (
        ({}, Invalid), ({"to": "limburg"}, Invalid), ({"to": THERE}, Invalid), ({"by": HERE, "to": THERE}, NotFound),
        ({"to": "dender", "until": today()}, Invalid), ({"to": "dender", "until": today() + timedelta(days=400)}, Invalid),
    ):  # fmt: skip
        with pytest.raises(refusal):
            loan_requests.ask_for_place(borrower, **{"by": THERE, "to": HERE, "until": UNTIL, **changes})
    assert session().query(LoanRequest).count() == 1
    for name in STRANGERS:
        with pytest.raises((Forbidden, NotFound)):
            loan_requests.ask_for_place(asking.as_(name), by=THERE, to=HERE, until=UNTIL)


def test_asked_at_the_same_time_it_is_one_question(site):
    borrower = factories.viewer(factories.coordinator(THERE))
    factories.coordinator(HERE)

    def ask():
        loan_requests.ask_for_place(borrower, by=THERE, to=HERE, until=UNTIL)

    at_once(site, ask, ask)
    assert session().query(LoanRequest).count() == 1


def test_only_a_buddy_of_the_network_that_is_asked_is_offered(site):
    asking = Asking()
    full = factories.buddy(IN_GHENT, places_taken=1)
    for buddy_id, refusal in ((factories.buddy("2800").id, Invalid), (99_999, Invalid), (full.id, NotFound)):
        with pytest.raises(refusal):
            loan_requests.answer_with_place(asking.as_("lender"), asking.id, buddy_id)
    assert asking.fresh().state is RequestState.OPEN


def test_it_is_on_today_of_who_answers_until_the_answer(site):
    for act, then in (("offer", {Owing.LOAN_OFFERED}), ("decline", set()), ("withdraw", set())):
        asking = Asking()
        assert set(today_of(asking.as_("lender")).counts) == {Owing.LOAN_ASKED}
        assert today_of(asking.as_("borrower")).counts == {}
        EVENTS[act](asking.as_("borrower" if act == "withdraw" else "lender"), asking)
        assert today_of(asking.as_("lender")).counts == {}
        assert set(today_of(asking.as_("borrower")).counts) == then
        asking.put(RequestState.WITHDRAWN)


def test_a_question_whose_last_day_is_over_closes_by_itself(site):
    asking = Asking()
    assert loan_requests.end_requests() == 0
    with transaction() as db:
        db.execute(update(LoanRequest).values(until=today() - timedelta(days=1)))
    assert today_of(asking.as_("lender")).counts == {}
    assert loan_requests.end_requests() == 1
    assert asking.fresh().state is RequestState.WITHDRAWN


def test_each_side_reads_its_own_part(site):
    asking = Asking()
    lender, borrower = loans_page(asking.as_("lender")), loans_page(asking.as_("borrower"))
    assert [row.id for row in lender.asked_of_us] == [row.id for row in borrower.asked_by_us] == [asking.id]
    assert lender.asked_by_us == borrower.asked_of_us == []
    loan_requests.decline_request(asking.as_("lender"), asking.id)
    assert [row.state for row in loans_page(asking.as_("borrower")).asked_by_us] == [RequestState.DECLINED]
    assert loans_page(asking.as_("lender")).asked_of_us == []


def test_by_the_screens_of_both_networks(site, signed_in):
    lender, borrower = (signed_in(factories.coordinator(slug)) for slug in (HERE, THERE))
    buddy = factories.buddy(IN_GHENT)
    page = borrower.get("/nl/loans/ask")
    assert (
        page.soup.select("select[name=to] option")[0]["value"] == HERE
    )  # the city that belongs to the region
    borrower.submit(page, until="2020-01-01", status=422)
    borrower.submit(page, words="Iemand die Tigrinya spreekt")
    borrower.submit(borrower.get("/nl/loans/ask"), status=422)
    made = session().query(LoanRequest).one()
    today_page = lender.get("/nl/today")
    assert today_page.soup.select_one(f'.todo a[href="/nl/loans/asked/{made.id}"]')
    answer = lender.get(f"/nl/loans/asked/{made.id}")
    assert "Iemand die Tigrinya spreekt" in answer.text
    borrower.get(f"/nl/loans/asked/{made.id}", status=404)
    lender.submit(answer)
    assert session().query(Loan).one().buddy_id == buddy.id
    lender.get(f"/nl/loans/asked/{made.id}", status=404)
    borrower.submit(borrower.get("/nl/loans"), "form[action$='/accept']")
    for lang in ("ar", "x-pseudo"):
        for browser in (lender, borrower):
            browser.get(f"/{lang}/loans")


def test_not_possible_and_no_longer_needed(site, signed_in):
    asking = Asking()
    lender, borrower = signed_in(asking.lender), signed_in(asking.borrower)
    lender.submit(lender.get(f"/nl/loans/asked/{asking.id}"), "form[action$='/decline']")
    assert asking.fresh().state is RequestState.DECLINED
    borrower.submit(borrower.get("/nl/loans/ask"))
    borrower.submit(borrower.get("/nl/loans"), "form[action$='/withdraw']")
    states = [row.state for row in session().query(LoanRequest).order_by(LoanRequest.id)]
    assert states == [RequestState.DECLINED, RequestState.WITHDRAWN]
