"""Places lent between networks: two people, one of each side; and the last of them goes to exactly one."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError

from app.clock import today
from app.db import session, transaction
from app.errors import Forbidden, Invalid, Moved, NotFound
from app.models import Buddy, Duo, Loan, Newcomer, Proposal
from app.queries.duos import duo_page, followed
from app.queries.loans import loans_page, partners
from app.security.viewer import ANONYMOUS
from app.services import duos, loans, matches
from app.vocabulary import DuoState, EndReason, NewcomerState, Role
from app.vocabulary.loans import LoanState
from tests import factories
from tests.duets import LINKS
from tests.services.test_wishes import at_once
from tests.use_cases import use_cases

HERE, THERE = "gent-stad", "regio-gent"
UNTIL = today() + timedelta(days=60)
IN_GHENT, NEAR_GHENT = "9000", "9820"


class Border:
    """A buddy with two places in Ghent, a newcomer in the region around it, and a coordinator on each side."""

    def __init__(self, state=LoanState.LENT, **of_buddy):
        self.lender, self.borrower = factories.coordinator(HERE), factories.coordinator(THERE)
        self.buddy = factories.buddy(IN_GHENT, **{"capacity": 2, **of_buddy})
        self.newcomer = factories.newcomer(NEAR_GHENT)
        assert (self.buddy.network_slug, self.newcomer.network_slug) == (HERE, THERE)
        self.loan_id = loans.offer_place(self.as_("lender"), self.buddy.id, to=THERE, until=UNTIL)
        if state is not LoanState.OFFERED:
            loans.accept_place(self.as_("borrower"), self.loan_id)
        with transaction() as current:
            current.execute(update(Loan).values(state=state))

    def as_(self, who):
        people = {"lender": self.lender, "borrower": self.borrower}
        return factories.viewer(people.get(who) or STRANGERS[who]())

    def fresh(self):
        session().expire_all()
        return session().get_one(Loan, self.loan_id)

    def proposal(self):
        """What a run of the borrowing network proposes to its newcomer, if anything."""
        matches.start_run(self.as_("borrower"), THERE)
        proposed = select(Proposal).where(Proposal.newcomer_id == self.newcomer.id)
        return session().scalars(proposed.order_by(Proposal.id.desc())).unique().first()


STRANGERS = {
    "other coordinator": lambda: factories.coordinator("limburg"),
    "newcomer": lambda: factories.newcomer().person,
    "buddy": lambda: factories.buddy().person,
    "counsellor": factories.counsellor,
    "administrator": factories.administrator,
    "helper": lambda: factories.person(roles=(Role.HELPER,)),
    "organisation": factories.member,
}
EVENTS = {
    "accept": loans.accept_place, "decline": loans.decline_place, "give back": loans.give_back,
}  # fmt: skip
ALLOWED = {
    ("accept", LoanState.OFFERED): ({"borrower"}, LoanState.LENT),
    ("decline", LoanState.OFFERED): ({"borrower"}, LoanState.DECLINED),
    ("give back", LoanState.OFFERED): ({"lender", "borrower"}, LoanState.RETURNED),
    ("give back", LoanState.LENT): ({"lender", "borrower"}, LoanState.RETURNED),
}


def test_every_use_case_is_an_event():
    """Offering makes a loan, and moves none; the tests below try who may."""
    assert {*EVENTS.values(), loans.offer_place} == use_cases(loans)


@pytest.mark.parametrize("state", list(LoanState))
def test_exactly_these_changes_exist(site, state):
    border = Border(state)
    people = {name: border.as_(name) for name in ("lender", "borrower", *STRANGERS)} | {"nobody": ANONYMOUS}
    for event, act in EVENTS.items():
        may, after = ALLOWED.get((event, state), (set(), state))
        for name, viewer in people.items():
            if name in may:
                act(viewer, border.loan_id)
                assert border.fresh().state is after, (event, name)
                with transaction() as current:
                    current.execute(update(Loan).values(state=state))
            else:
                with pytest.raises((Forbidden, NotFound, Moved)):
                    act(viewer, border.loan_id)
                assert border.fresh().state is state, (event, name)


def test_a_place_is_in_the_pool_of_the_other_network_only_when_lent(site):
    border = Border(LoanState.OFFERED)
    assert border.proposal() is None
    loans.accept_place(border.as_("borrower"), border.loan_id)
    assert border.proposal().buddy_id == border.buddy.id
    loans.give_back(border.as_("lender"), border.loan_id)
    assert border.proposal().state.value == "lapsed"


def test_a_duo_over_the_border_is_seen_by_both_and_gives_the_place_back(site):
    border = Border()
    duo_id = matches.approve(border.as_("borrower"), border.proposal().id, links=LINKS)
    assert (border.fresh().state, border.fresh().duo_id) == (LoanState.USED, duo_id)
    for side in ("lender", "borrower"):
        assert [row.duo.id for row in followed(border.as_(side))] == [duo_id]
        assert duo_page(border.as_(side), duo_id).row.duo.network_slug == THERE
    with pytest.raises(NotFound):
        duo_page(border.as_("other coordinator"), duo_id)
    duos.take_back(border.as_("lender"), duo_id, links=LINKS)
    assert border.fresh().state is LoanState.RETURNED
    assert session().get_one(Buddy, border.buddy.id).places_taken == 0


def test_the_own_network_does_not_match_on_what_it_lends(site):
    border = Border(capacity=1)
    factories.newcomer(IN_GHENT)
    matches.start_run(border.as_("lender"), HERE)
    assert session().scalars(select(Proposal)).all() == []
    loans.give_back(border.as_("borrower"), border.loan_id)
    matches.start_run(border.as_("lender"), HERE)
    assert len(session().scalars(select(Proposal)).all()) == 1


def test_it_takes_two_people(site):
    border = Border(LoanState.OFFERED)
    factories.grant(border.lender, Role.COORDINATOR, network=THERE)
    with pytest.raises(Forbidden):
        loans.accept_place(border.as_("lender"), border.loan_id)
    with pytest.raises(IntegrityError), transaction() as current:
        current.execute(update(Loan).values(answered_by_id=border.lender.id))


@pytest.mark.parametrize(
    ("to", "until"),
    [
        ("limburg", UNTIL),
        (HERE, UNTIL),
        ("nowhere", UNTIL),
        (THERE, today()),
        (THERE, today() + timedelta(days=400)),
    ],
)
def test_only_to_a_neighbour_and_for_a_time(site, to, until):
    buddy, desk = factories.buddy(IN_GHENT), factories.viewer(factories.coordinator(HERE))
    with pytest.raises(Invalid):
        loans.offer_place(desk, buddy.id, to=to, until=until)
    assert session().scalars(select(Loan)).all() == []


def test_only_a_free_place_of_ones_own_network_is_offered(site):
    border = Border(LoanState.OFFERED, capacity=1)
    with pytest.raises(NotFound):
        loans.offer_place(border.as_("lender"), border.buddy.id, to=THERE, until=UNTIL)
    with pytest.raises(NotFound):
        loans.offer_place(border.as_("borrower"), border.buddy.id, to=HERE, until=UNTIL)
    with pytest.raises(Forbidden):
        loans.offer_place(border.as_("administrator"), border.buddy.id, to=THERE, until=UNTIL)


def test_nobody_lends_oneself(site):
    buddy = factories.buddy(IN_GHENT)
    factories.grant(buddy.person, Role.COORDINATOR, network=HERE)
    with pytest.raises(Forbidden):
        loans.offer_place(factories.viewer(buddy.person), buddy.id, to=THERE, until=UNTIL)


def test_a_loan_ends_by_itself(site):
    border = Border()
    assert loans.end_loans() == 0
    with transaction() as current:
        current.execute(update(Loan).values(until=today() - timedelta(days=1)))
    assert border.proposal() is None
    assert (loans.end_loans(), loans.end_loans()) == (1, 0)
    assert border.fresh().state is LoanState.RETURNED


def test_cities_and_their_regions_come_first(site):
    for city, region in (("gent-stad", "regio-gent"), ("antwerpen-stad", "regio-antwerpen")):
        assert partners(city)[0] == region
        assert partners(region)[0] == city


def test_each_side_sees_its_own_part(site):
    border = Border(LoanState.OFFERED)
    lender, borrower = loans_page(border.as_("lender")), loans_page(border.as_("borrower"))
    assert [len(part) for part in (lender.to_answer, lender.borrowed, lender.lent)] == [0, 0, 1]
    assert [len(part) for part in (borrower.to_answer, borrower.borrowed, borrower.lent)] == [1, 0, 0]
    assert loans_page(border.as_("other coordinator")).lent == []


def two_for_one_place():
    """One place that is lent, and two newcomers on the other side for whom it was proposed."""
    with transaction() as current:
        current.execute(update(Newcomer).values(state=NewcomerState.LEFT))
    border = Border(capacity=1)
    first = border.proposal()
    other = factories.newcomer(NEAR_GHENT)
    with transaction() as current:
        second = Proposal(
            run_id=first.run_id, newcomer_id=other.id, buddy_id=border.buddy.id, score=500_000, utility=1,
            explanation={},
        )  # fmt: skip
        current.add(second)
    return border, (first.id, second.id)


def made(keys):
    return session().scalar(select(func.count(Duo.id)).where(Duo.proposal_id.in_(keys)))


def test_the_last_lent_place_goes_to_exactly_one(site):
    for _ in range(4):
        border, keys = two_for_one_place()
        desks = [border.as_("borrower"), factories.viewer(factories.coordinator(THERE))]
        acts = [
            lambda who=who, key=key: matches.approve(who, key, links=LINKS)
            for who, key in zip(desks, keys, strict=True)
        ]
        heard = at_once(site, *acts)
        assert sorted(type(said).__name__ for said in heard) == ["NoneType", "PlaceTaken"]
        assert made(keys) == 1


def test_negative_control_without_the_guards_the_lent_place_is_sold_twice(site, monkeypatch):
    monkeypatch.setattr(matches, "take_place", lambda _buddy_id, _network: None)
    monkeypatch.setattr(matches, "use_loan", lambda _duo: None)
    border, keys = two_for_one_place()
    desk = border.as_("borrower")
    acts = [lambda key=key: matches.approve(desk, key, links=LINKS) for key in keys]
    assert at_once(site, *acts) == [None, None]
    assert made(keys) == 2


def test_lending_the_last_place_and_matching_on_it_at_once_is_one_of_the_two(site):
    for _ in range(4):
        buddy, newcomer = factories.buddy(IN_GHENT), factories.newcomer(IN_GHENT)
        lender = factories.viewer(factories.coordinator(HERE))
        matches.start_run(lender, HERE)
        key = session().scalars(select(Proposal.id).where(Proposal.newcomer_id == newcomer.id)).one()
        key_of_buddy = buddy.id
        at_once(
            site,
            lambda who=lender, one=buddy.id: loans.offer_place(who, one, to=THERE, until=UNTIL),
            lambda who=lender, one=key: matches.approve(who, one, links=LINKS),
        )
        session().expire_all()
        lent = session().scalar(select(func.count(Loan.id)).where(Loan.buddy_id == key_of_buddy))
        taken = session().scalar(select(Buddy.places_taken).where(Buddy.id == key_of_buddy))
        assert lent + taken == 1
        with transaction() as current:
            current.execute(update(Newcomer).values(state=NewcomerState.LEFT))


def test_what_ends_early_gives_the_lent_place_back(site):
    border = Border()
    duo_id = matches.approve(border.as_("borrower"), border.proposal().id, links=LINKS)
    with transaction() as current:
        current.execute(update(Duo).values(state=DuoState.ACTIVE))
    duos.end(border.as_("borrower"), duo_id, reason=EndReason.NO_TIME, links=LINKS)
    assert border.fresh().state is LoanState.RETURNED
