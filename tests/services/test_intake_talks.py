"""Several dated talks in one intake, for buddies and newcomers; and screening that lapses, with the months of the network."""

from datetime import timedelta

import pytest

from app.clock import now, today
from app.db import session, transaction
from app.errors import Forbidden, Invalid, NotFound
from app.models import Buddy, Consent, Message, ScreeningRule, Talk
from app.queries.appointments import talk_of
from app.queries.buddies import can_be_proposed
from app.queries.today import today_of
from app.services import buddies, intake, matches, screening
from app.services.agreements import months_later
from app.services.networks import SCREENING_MONTHS, screening_months, set_screening
from app.services.screening import NOTE
from app.vocabulary import BuddyState, NewcomerState
from app.vocabulary.intake import TalkState
from app.vocabulary.screening import BuddyRefusal, LetGoReason
from app.vocabulary.today import Owing
from tests import factories

S = BuddyState


def page_for(locale):
    return f"http://localhost/{locale}/account"


def talks(record):
    side = Talk.buddy_id if isinstance(record, Buddy) else Talk.newcomer_id
    session().expire_all()
    return [
        (talk.state, talk.at) for talk in session().query(Talk).filter(side == record.id).order_by(Talk.id)
    ]


KINDS = {
    "buddy": (lambda: factories.buddy(state=S.REGISTERED), screening, lambda actor, key: screening.let_go(actor, key, reason=LetGoReason.ASKED)),
    "newcomer": (lambda: factories.newcomer(state=NewcomerState.REGISTERED), intake, lambda actor, key: intake.leave(actor, key, reason=LetGoReason.ASKED)),
}  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_three_talks_each_with_its_day(site, kind):
    make, service, stop = KINDS[kind]
    record, els = make(), factories.viewer(factories.coordinator())
    first, moved, second, third = (now() + timedelta(days=days) for days in (2, 3, 9, 20))
    service.plan_talk(els, record.id, at=first, page_for=page_for)
    service.plan_talk(els, record.id, at=moved, page_for=page_for)
    assert talks(record) == [(TalkState.PLANNED, moved)]
    service.talk_again(els, record.id, at=second, page_for=page_for)
    assert talks(record) == [(TalkState.HELD, moved), (TalkState.PLANNED, second)]
    service.talk_held(els, record.id)
    service.plan_talk(els, record.id, at=third, page_for=page_for)
    assert [state for state, _at in talks(record)] == [TalkState.HELD, TalkState.HELD, TalkState.PLANNED]
    fresh = session().get_one(type(record), record.id, populate_existing=True)
    assert fresh.talk_at == third
    assert talk_of(fresh).key.endswith("-3")
    assert session().query(Message).filter_by(kind="talk-planned").count() == 4
    stop(els, record.id)
    assert talks(record)[-1] == (TalkState.CANCELLED, third)


def test_a_refused_candidate_has_no_talk_to_come(site):
    buddy, els = factories.buddy(state=S.REGISTERED), factories.viewer(factories.coordinator())
    screening.plan_talk(els, buddy.id, at=now() + timedelta(days=2), page_for=page_for)
    screening.refuse(els, buddy.id, reason=BuddyRefusal.NO_TIME)
    assert [state for state, _at in talks(buddy)] == [TalkState.CANCELLED]


def ready(els, buddy):
    if session().query(Consent).filter_by(person_id=buddy.person_id, text=NOTE).count() == 0:
        screening.hand_over_note(els, buddy.id, version="1")
    fresh = session().get_one(Buddy, buddy.id, populate_existing=True)
    act = screening.approve if fresh.state is S.SCREENING else screening.renew
    act(els, buddy.id, page_for=page_for)
    return session().get_one(Buddy, buddy.id, populate_existing=True)


def test_a_screening_holds_for_the_months_of_its_day(site):
    els = factories.viewer(factories.coordinator())
    first = ready(els, factories.buddy(state=S.SCREENING))
    assert first.screened_until == months_later(today(), SCREENING_MONTHS)
    assert set_screening(els, "rivierenland", months=6)
    assert set_screening(els, "rivierenland", months=12)
    assert not set_screening(els, "rivierenland", months=12)
    assert [(rule.since, rule.months) for rule in session().query(ScreeningRule)] == [(today(), 12)]
    second = ready(els, factories.buddy(state=S.SCREENING))
    assert second.screened_until == months_later(today(), 12)
    assert session().get_one(Buddy, first.id).screened_until == months_later(today(), SCREENING_MONTHS)
    assert screening_months("kempen") == SCREENING_MONTHS


@pytest.mark.parametrize("months", [0, 2, 61])
def test_months_that_make_no_sense(site, months):
    with pytest.raises(Invalid):
        set_screening(factories.viewer(factories.coordinator()), "rivierenland", months=months)


def test_only_the_own_coordinators_set_it(site):
    for actor, refusal in (
        (factories.coordinator("kempen"), NotFound),
        (factories.administrator(), Forbidden),
    ):
        with pytest.raises(refusal):
            set_screening(factories.viewer(actor), "rivierenland", months=12)


def proposable(buddy):
    return session().query(Buddy.id).filter(Buddy.id == buddy.id, can_be_proposed()).count() == 1


def test_it_lapses_is_a_task_and_is_renewed(site):
    els = factories.viewer(factories.coordinator())
    buddy = factories.buddy(screened_on=today() - timedelta(days=700), screened_until=today())
    assert proposable(buddy)
    assert [item.kind for item in today_of(els).owed] == [Owing.RENEW_SCREENING]
    assert buddies.lapse_screenings() == 0
    with transaction() as db:
        db.get_one(Buddy, buddy.id).screened_until = today() - timedelta(days=1)
    assert not proposable(buddy)  # from its last day on, whether the night has passed or not
    with pytest.raises(matches.PlaceTaken), transaction():
        matches.take_place(buddy.id, "rivierenland")
    assert [buddies.lapse_screenings() for _ in range(2)] == [1, 0]
    assert session().get_one(Buddy, buddy.id, populate_existing=True).state is S.LAPSED
    assert [item.kind for item in today_of(els).owed] == [Owing.RENEW_SCREENING]
    found = ready(els, buddy)
    assert (found.state, found.screened_on) == (S.APPROVED, today())
    assert proposable(buddy)
    assert today_of(els).owed == []


def test_a_new_extract_is_needed_where_minors_are_involved(site):
    els = factories.viewer(factories.coordinator())
    before = today() - timedelta(days=400)
    buddy = factories.buddy(state=S.LAPSED, screened_on=before, with_minors=True, extract_seen_on=before)
    with pytest.raises(Invalid) as found:
        ready(els, buddy)
    assert "nieuw uittreksel" in str(found.value.message)
    screening.see_extract(els, buddy.id, with_minors=True, seen_on=today())
    assert ready(els, buddy).state is S.APPROVED
