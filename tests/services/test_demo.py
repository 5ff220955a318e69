"""The invented Flanders: complete, repeatable, in the published proportions, and only where nobody is."""

from collections import Counter
from datetime import timedelta
from time import process_time

import pytest
from sqlalchemy import func, select

from app.clock import now, today
from app.db import session
from app.i18n import speak
from app.models import (
    Buddy,
    ContractVersion,
    Duo,
    Grant,
    HourEntry,
    Loan,
    Message,
    Newcomer,
    Offer,
    Person,
    Proof,
    ProofPaper,
    Proposal,
    TrajectoryReached,
    Wish,
)  # fmt: skip
from app.queries import reports, trajectory_reports
from app.queries.trajectory_reports import Period
from app.reference.networks import networks
from app.security.passwords import password_fits
from app.services.demo import load_demo
from app.services.demo.loading import PASSWORD, Inhabited
from app.services.demo.population import BUDDIES, arrivals, candidates
from app.vocabulary import BuddyState, DuoState, OfferKind, ProposalState, Role
from app.vocabulary.contracts import Look
from app.vocabulary.following import WishState
from app.vocabulary.loans import LoanState
from app.vocabulary.records import Channel, ProofState
from app.web.demo import demo_links
from tests import factories
from tests.site import SECRET

F1 = {
    "antwerpen": 133,
    "brussel": 28,
    "limburg": 67,
    "oost-vlaanderen": 146,
    "vlaams-brabant": 92,
    "west-vlaanderen": 80,
}
F2 = {"obliged": 3290, "entitled": 521}
F3 = [34, 30, 7, 7, 6, 5, 4, 4, 3]
LOADED = {}


def load(site):
    with site.test_request_context():
        return load_demo(demo_links(), secret_key=SECRET)


def counts(model, column):
    return dict(session().execute(select(column, func.count()).select_from(model).group_by(column)).all())


@pytest.mark.slow
def test_the_demo_as_a_whole(site, browser, signed_in, database_kind):
    """One load for all of it, because a load takes half a minute."""
    began = process_time()
    lines = load(site)
    spent = process_time() - began  # of this process, because the machine may be busy with other tests
    assert spent < (60 if database_kind == "sqlite" else 120), "a first start must not take longer"
    assert_proportions()
    assert_life()
    assert_who_can_be_tried(lines, browser)
    assert_pages(browser)
    assert_staff_pages(signed_in)
    with pytest.raises(Inhabited):
        load(site)
    LOADED[database_kind] = fingerprint()
    assert len(set(map(str, LOADED.values()))) == 1, "two loads of one seed differ"


def assert_proportions():
    """F1, F2 and F3 come out of the records, by the queries of the page."""
    period = Period(today())
    shown = reports.buddies(period)
    assert {slug: row["candidates"].value for slug, row in shown.provinces.items()} == F1
    assert shown.total["candidates"].value == 546
    assert [line.percent for line in trajectory_reports.hours(period).kinds] == F3
    finished = {name: figure.value for name, figure in trajectory_reports.finished(period).items()}
    share = round(100 * finished["obliged"] / finished["total"], 1)
    assert share == round(100 * F2["obliged"] / sum(F2.values()), 1)
    assert (
        finished["total"]
        == counts(TrajectoryReached, TrajectoryReached.obligation)["obliged"] + finished["entitled"]
    )
    before = trajectory_reports.finished(Period(today() - timedelta(days=60)))
    assert before["total"].value is None or before["total"].value < finished["total"], (
        "they were not all reached today"
    )


def assert_life():
    assert counts(Buddy, Buddy.state).keys() == set(BuddyState)
    assert session().scalar(select(func.count(Newcomer.id))) == 1500
    assert counts(Duo, Duo.state).keys() == set(DuoState)
    assert counts(Proof, Proof.state).keys() == set(ProofState)
    assert counts(Wish, Wish.state).keys() == {WishState.OPEN, WishState.CHOSEN}
    assert counts(Loan, Loan.state).keys() == {LoanState.OFFERED, LoanState.LENT}
    replaced = session().scalar(select(func.count()).where(ProofPaper.replaces_id.is_not(None)))
    assert replaced, "some proofs were signed anew"
    suggested = select(func.count(func.distinct(Newcomer.network_slug))).select_from(Proposal).join(Newcomer)
    assert session().scalar(suggested.where(Proposal.state == ProposalState.SUGGESTED)) == len(networks())
    assert set(session().scalars(select(Offer.kind).where(Offer.published_at.is_not(None)))) == set(OfferKind)
    assert (
        session().scalar(
            select(func.count()).where(Offer.published_at.is_not(None), Offer.duo_id.is_not(None))
        )
        == 0
    )
    assert set(session().scalars(select(Grant.role))) == set(Role)
    assert counts(Message, Message.channel).keys() == set(Channel)
    assert counts(ContractVersion, ContractVersion.agency_slug).keys() == {"agii", "atlas", "amal"}
    assert counts(Person, Person.demo).keys() == {True}
    for column in (Buddy.registered_at, Duo.approved_at, HourEntry.confirmed_at, HourEntry.accepted_at):
        assert session().scalar(select(func.max(column))) <= now()
    early = select(func.count()).select_from(Duo).join(Buddy, Buddy.id == Duo.buddy_id)
    assert session().scalar(early.where(Duo.approved_at < Buddy.registered_at)) == 0


def assert_who_can_be_tried(lines, browser):
    text = "\n".join(lines)
    hashes = set(session().scalars(select(Person.password_hash).where(Person.email.is_not(None))))
    assert len(hashes) == 1
    assert password_fits(hashes.pop(), PASSWORD)
    for name in ("volunteer", "coordinator", "counsellor", "organisation", "helper", "administrator"):
        address = f"{name}@demo.samenspoor.example"
        assert address in text
        form = browser.get("/nl/sign-in")
        inside = browser.submit(form, email=address, password=PASSWORD)
        assert inside.status == 200
        assert "/sign-in" not in inside.response.request.path, f"{name} cannot come in"
        browser.browser.delete_cookie("samenspoor")
    contact = next(line for line in lines if "contact person" in line).split()[-1]
    assert browser.get(contact.removeprefix("http://localhost")).main.find_all("form")
    code = next(line for line in lines if "newcomer" in line).rsplit(None, 1)[-1].strip(")")
    inside = browser.submit(browser.get("/ar/sign-in/code"), code=code)
    assert "/sign-in" not in inside.response.request.path


def assert_pages(browser):
    browser.browser.delete_cookie("samenspoor")
    for language in ("x-pseudo", "nl", "ar"):
        home = browser.get(f"/{language}/")
        assert {text.get_text() for text in home.soup.select(".map-bubble text")} == {
            "133",
            "28",
            "67",
            "146",
            "92",
            "80",
        }
        assert len(home.main.select("article")) == 3
        numbers = browser.get(f"/{language}/numbers")
        rows = numbers.soup.select("table")[0].select("tbody tr, tfoot tr")
        assert [row.select("td")[0].get_text(strip=True) for row in rows] == [*map(str, F1.values()), "546"]
        assert browser.get(f"/{language}/activities?place=2800&kind=sport").main.select("article")


def assert_staff_pages(signed_in):
    """What staff open first holds something to do."""
    coordinator = (
        session().scalars(select(Person).where(Person.email == "coordinator@demo.samenspoor.example")).one()
    )
    desk = signed_in(coordinator)
    assert desk.get("/nl/today").main.select("li, tr")
    assert desk.get("/nl/matching").main.select("a[href]")

    def named(name):
        address = f"{name}@demo.samenspoor.example"
        return signed_in(session().scalars(select(Person).where(Person.email == address)).one())

    for name in ("organisation", "volunteer"):
        assert named(name).get("/nl/to-confirm").main.select("form [name=entry]"), name
    counsellor = named("counsellor")
    to_do = counsellor.get("/nl/caseload/to-do").main
    assert to_do.select("#calls-caption")
    assert to_do.select("#activities-caption")
    looks = counsellor.get("/nl/caseload").soup.select_one("section[aria-labelledby=look]").get_text()
    for kind in (Look.HANDED_TO_YOU, Look.HANDOVER_PLANNED, Look.TO_COMPLETE):
        with speak("nl"):
            assert str(kind.label) in looks


def fingerprint():
    """Everything that a seed decides, without keys of secrets and without times."""
    people = session().execute(
        select(Person.full_name, Person.email, Person.phone, Person.locale).order_by(Person.id)
    )
    duos = session().execute(select(Duo.newcomer_id, Duo.buddy_id, Duo.state).order_by(Duo.id))
    proposals = session().execute(
        select(Proposal.newcomer_id, Proposal.buddy_id, Proposal.score, Proposal.state).order_by(Proposal.id)
    )
    entries = session().execute(
        select(HourEntry.newcomer_id, HourEntry.minutes, HourEntry.state, HourEntry.offer_id).order_by(
            HourEntry.id
        )
    )
    return [[tuple(row) for row in table] for table in (people, duos, proposals, entries)]


def test_the_demo_is_refused_where_somebody_is(site):
    someone = factories.person().id
    with pytest.raises(Inhabited):
        load(site)
    assert session().scalars(select(Person.id)).all() == [someone]


def test_the_same_seed_gives_the_same_people_and_another_seed_others():
    assert candidates(1) == candidates(1)
    assert arrivals(1) == arrivals(1)
    assert candidates(1) != candidates(2)
    assert Counter(BUDDIES) == Counter(F1)
    assert all(person.answers.email.endswith("@demo.samenspoor.example") for person in candidates(1))
