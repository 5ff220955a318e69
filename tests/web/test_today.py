"""Today: what is owed stands there from its first moment until it is done, oldest promise first."""

from datetime import timedelta

import pytest

from app.clock import now, today
from app.db import session, transaction
from app.models import AuditEntry, Duo, Message, Proposal, Run
from app.queries.today import today_of
from app.services import intake, matches, screening, trainings
from app.services.outbox import tell
from app.vocabulary import BuddyState, DuoState, NewcomerState, ProposalRefusal, ProposalState
from app.vocabulary.activities import OfferState
from app.vocabulary.following import WishState
from app.vocabulary.loans import LoanState
from app.vocabulary.records import Answer, Channel, MessageState, RunState
from app.vocabulary.today import Owing
from tests import duo_factories, factories

LENDERS = "9000"  # in another network than all others here


@pytest.fixture
def els():
    return factories.coordinator("rivierenland")


def kinds(els):
    return {item.kind for item in today_of(factories.viewer(els)).owed}


def page_for(locale):
    return f"http://localhost/{locale}/account"


def proposal(network, newcomer, buddy, by, **values):
    with transaction() as db:
        run = Run(
            network_slug=network, programme_id=1, state=RunState.DONE, by_person_id=by.id, as_of=today(), weights_version="1", weights={},
            finished_at=now(),
        )  # fmt: skip
        db.add(run)
        db.flush()
        made = Proposal(
            run_id=run.id, newcomer_id=newcomer.id, buddy_id=buddy.id, score=500_000, utility=1, explanation={}, **values
        )  # fmt: skip
        db.add(made)
    return made


def approved(network, postcode, by):
    """A pair of whom nobody knows anything."""
    newcomer = factories.newcomer(postcode, state=NewcomerState.PROPOSED)
    return proposal(
        network, newcomer, factories.buddy(postcode, places_taken=1), by, state=ProposalState.APPROVED,
        decided_by_id=by.id, decided_at=now(),
    )  # fmt: skip


def to_judge(network):
    """An organisation to verify, an activity to check, and one that everybody sees but that does not count."""
    factories.organisation(network, verified=False)
    house = factories.organisation(network)
    factories.offer(network=network, organisation_id=house.id, state=OfferState.TO_CHECK, published_at=None)
    factories.offer(network=network, organisation_id=house.id, people_met=False)


def everything(els, network="rivierenland", postcode="2800"):
    """One thing of each kind, in that network."""
    for state in (BuddyState.REGISTERED, BuddyState.SCREENING):
        factories.buddy(postcode, state=state)
    factories.buddy(postcode, state=BuddyState.VERIFIED, registered_at=now() - timedelta(days=15))
    factories.buddy(postcode, state=BuddyState.INTAKE_PLANNED, talk_at=now())
    for state in (NewcomerState.REGISTERED, NewcomerState.READY):
        factories.newcomer(postcode, state=state)
    factories.newcomer(postcode, state=NewcomerState.INTAKE_PLANNED, talk_at=now())
    by = factories.coordinator(network)
    factories.blocked(by, factories.buddy(postcode, state=BuddyState.REGISTERED), review_on=today())
    past = now() - timedelta(days=1)

    def duo(**values):
        duo_factories.duo(
            newcomer=factories.newcomer(postcode), buddy=factories.buddy(postcode), approved_by=by, **values
        )

    factories.buddy(postcode, state=BuddyState.LAPSED)
    trainings.tell_training(
        factories.viewer(factories.buddy(postcode).person), title="Evening", on=today(), minutes=60
    )
    stopped = duo_factories.duo(
        newcomer=factories.newcomer(postcode),
        buddy=factories.buddy(postcode),
        approved_by=by,
        state=DuoState.FROZEN,
    )
    duo_factories.safety_report(stopped, stopped.newcomer.person)
    to_judge(network)
    duo(state=DuoState.ASKED, answer_before=past)
    duo(state=DuoState.MEETING, first_meeting_at=past, insurer="Ethias")
    duo(state=DuoState.MEETING, newcomer_after=Answer.YES, buddy_after=Answer.YES)
    duo(state=DuoState.MEETING, contact_shared_at=now() - timedelta(days=8))
    lasts = {"insurer": "Ethias", "ends_on": factories.days_from_now(90)}
    duo(**lasts, starts_on=factories.days_from_now(-40))
    duo(**lasts, starts_on=factories.days_from_now(-90), state=DuoState.PAUSED)
    duo(insurer="Ethias", starts_on=today(), ends_on=factories.days_from_now(10))
    chosen = proposal(
        network, factories.newcomer(postcode), factories.buddy(postcode), by, state=ProposalState.LAPSED
    )
    duo_factories.wish(chosen.newcomer, chosen, by, factories.buddy(postcode), state=WishState.CHOSEN)
    approved(network, postcode, by)
    proposal(network, factories.newcomer(postcode), factories.buddy(postcode), by)
    duo_factories.loan(factories.buddy(LENDERS), network)
    duo_factories.loan_request(network)
    duo_factories.loan(
        factories.buddy(LENDERS), network, state=LoanState.LENT, answered_by_id=by.id, answered_at=now()
    )
    for newcomer in (factories.newcomer(postcode, email=False), factories.newcomer(postcode)):
        with transaction():
            tell(newcomer.person, "sign-in-link", network=network, link="http://localhost/x")
    with transaction() as db:
        db.query(Message).filter_by(channel=Channel.MAIL).update(
            {"state": MessageState.FAILED, "failure": "refused: 550"}
        )


@pytest.mark.parametrize("lang", ["x-pseudo", "nl", "ar"])
def test_page_empty_and_with_one_of_each(signed_in, els, lang):
    browser = signed_in(els)
    assert browser.get(f"/{lang}/today").soup.select_one(".empty")
    everything(els)
    page = browser.get(f"/{lang}/today")
    assert len(page.soup.select("ol.todo > li")) == len(Owing)
    browser.get(f"/{lang}/today?kind=send")
    for message in session().query(Message):
        browser.get(f"/{lang}/today/messages/{message.id}")


def test_one_of_each_and_nothing_of_another_network(site, els):
    everything(els, "kempen", "2300")
    assert kinds(els) == set()
    everything(els)
    found = today_of(factories.viewer(els))
    assert {item.kind for item in found.owed} == set(Owing)
    assert found.counts == dict.fromkeys(Owing, 1)
    assert found.owed[0].kind is Owing.SAFETY  # before every promise, however old
    assert [item.due for item in found.owed[1:]] == sorted(item.due for item in found.owed[1:])
    only = today_of(factories.viewer(els), "screening")
    assert [item.kind for item in only.owed] == [Owing.SCREENING]
    assert only.counts == found.counts


def test_the_promise_is_that_of_the_network(site, els):
    with transaction():
        factories.a_network().call_within_days = 3
    buddy = factories.buddy(state=BuddyState.VERIFIED)
    item = today_of(factories.viewer(els)).owed[0]
    assert item.due == buddy.registered_at + timedelta(days=3)
    assert not item.late


def test_a_candidate_goes_through_the_list_until_decided(site, els):
    viewer = factories.viewer(els)
    buddy = factories.buddy(state=BuddyState.REGISTERED)
    assert kinds(els) == {Owing.CALL_BUDDY}
    screening.plan_talk(viewer, buddy.id, at=now() + timedelta(days=3), page_for=page_for)
    assert kinds(els) == set()
    screening.plan_talk(viewer, buddy.id, at=now() - timedelta(minutes=1), page_for=page_for)
    assert kinds(els) == {Owing.TALK_BUDDY}
    screening.talk_held(viewer, buddy.id)
    assert kinds(els) == {Owing.SCREENING}
    screening.hand_over_note(viewer, buddy.id, version="1")
    screening.approve(viewer, buddy.id, page_for=page_for)
    assert kinds(els) == set()


def test_a_newcomer_goes_through_the_list_until_decided(site, els):
    viewer = factories.viewer(els)
    newcomer = factories.newcomer(state=NewcomerState.REGISTERED)
    assert kinds(els) == {Owing.CALL_NEWCOMER}
    intake.plan_talk(viewer, newcomer.id, at=now() - timedelta(minutes=1), page_for=page_for)
    assert kinds(els) == {Owing.TALK_NEWCOMER}
    intake.talk_held(viewer, newcomer.id)
    assert kinds(els) == {Owing.DECIDE_NEWCOMER}
    intake.wait(viewer, newcomer.id)
    assert kinds(els) == set()
    assert [found.id for found in today_of(viewer).waiting] == [newcomer.id]


def test_proposals_leave_when_all_are_decided(site, els):
    newcomer, buddy = factories.newcomer(), factories.buddy()
    proposal("rivierenland", newcomer, buddy, els)
    last = proposal("rivierenland", newcomer, buddy, els, state=ProposalState.HELD)
    item = today_of(factories.viewer(els)).owed[0]
    assert (item.kind, item.id, item.number) == (Owing.PROPOSALS, last.id, 1)
    matches.refuse(factories.viewer(els), last.id, reason=ProposalRefusal.NOT_A_FIT)
    assert kinds(els) == set()


def test_duos_that_need_nobody_are_not_there(site, els):
    for state, values in (
        (DuoState.ASKED, {}),
        (DuoState.MEETING, {"first_meeting_at": now() + timedelta(days=1)}),
        (DuoState.MEETING, {}),
        (DuoState.ACTIVE, {"insurer": "Ethias"}),
        (DuoState.DECLINED, {"answer_before": now() - timedelta(days=1)}),
    ):
        duo_factories.duo(
            newcomer=factories.newcomer(), buddy=factories.buddy(), approved_by=els, state=state, **values
        )
    assert kinds(els) == set()
    with transaction() as db:
        db.query(Duo).filter_by(state=DuoState.ACTIVE).update({"insurer": ""})
    assert kinds(els) == {Owing.INSURER}


def test_a_task_has_both_texts_and_leaves_when_done(signed_in, els):
    newcomer = factories.newcomer(email=False, locale="ar", name="أحمد")
    with transaction():
        message = tell(
            newcomer.person, "sign-in-link", network="rivierenland", link="http://localhost/ar/x?a=1&b=2"
        )
        later = tell(
            newcomer.person,
            "sign-in-link",
            network="rivierenland",
            at=now() + timedelta(days=1),
            link="http://localhost/x",
        )
    browser = signed_in(els)
    page = browser.get(f"/nl/today/messages/{message.id}")
    assert page.soup.select_one("[lang=ar][dir=rtl]")
    assert page.soup.select_one("main [lang=nl] p")
    whatsapp = next(link for link in page.links() if "wa.me" in link)
    assert whatsapp.startswith("https://wa.me/32470000002?text=")
    assert "%3Fa%3D1%26b%3D2" in whatsapp
    assert "----" not in whatsapp
    assert any(link.startswith("sms:+32470000002?&body=") for link in page.links())
    assert session().query(AuditEntry).filter_by(action="message-read").one().subject_id == message.id
    browser.get(f"/nl/today/messages/{later.id}", status=404)
    browser.submit(page, "main form")
    done = session().get_one(Message, message.id, populate_existing=True)
    assert (done.state, done.done_by_id) == (MessageState.DONE, els.id)
    browser.post(f"/nl/today/messages/{message.id}/done", status=404)
    assert kinds(els) == set()


def test_messages_of_another_network_do_not_exist(signed_in, els):
    newcomer = factories.newcomer("2300", email=False)
    with transaction():
        message = tell(newcomer.person, "sign-in-link", network="kempen", link="http://localhost/x")
    browser = signed_in(els)
    browser.get(f"/nl/today/messages/{message.id}", status=404)
    browser.post(f"/nl/today/messages/{message.id}/done", status=404)
    assert session().get_one(Message, message.id, populate_existing=True).state is MessageState.QUEUED


def test_more_than_one_page_of_one_kind_is_counted(site, els):
    for _number in range(27):
        factories.buddy(state=BuddyState.REGISTERED)
    found = today_of(factories.viewer(els))
    assert found.counts == {Owing.CALL_BUDDY: 27}
    assert len(found.owed) == 25
