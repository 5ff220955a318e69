"""What buddies and newcomers do with their own record: change it, take a break, stop."""

from datetime import timedelta

import pytest

from app.clock import today
from app.db import session, transaction
from app.errors import Forbidden, Invalid, Moved, Refusal
from app.models import AuditEntry, Buddy, Message, Newcomer, Transition
from app.services import buddies, newcomers
from app.vocabulary import BuddyState, NewcomerState
from app.vocabulary.registrations import LeaveReason
from tests import duo_factories, factories

TOMORROW = today() + timedelta(days=1)


def as_buddy(**values):
    buddy = factories.buddy(**values)
    return buddy, factories.viewer(buddy.person)


def as_newcomer(**values):
    newcomer = factories.newcomer(**values)
    return newcomer, factories.viewer(newcomer.person)


def test_moving_house_moves_to_the_network_of_the_new_place(site):
    buddy, viewer = as_buddy()
    buddies.edit(viewer, postcode="9000", locality="Gent", interests=["reading", "reading"])
    assert (buddy.municipality, buddy.province, buddy.network_slug) == (
        "Gent",
        "oost-vlaanderen",
        "gent-stad",
    )
    assert buddy.interests == ["reading"]
    entry = session().query(AuditEntry).filter_by(action="answers-changed").one()
    assert "network_slug" in entry.facts["columns"]


def test_nothing_changed_is_not_written_down(site):
    buddy, viewer = as_buddy(interests=["cycling", "cooking"])
    buddies.edit(viewer, interests=buddy.interests, words=buddy.words)
    assert session().query(AuditEntry).filter_by(action="answers-changed").count() == 0


def test_capacity_never_below_the_newcomers_met_now(site):
    buddy, viewer = as_buddy(capacity=2)
    with transaction():
        buddy.places_taken = 2
    with pytest.raises(Invalid) as refusal:
        buddies.edit(viewer, capacity=1)
    assert refusal.value.field == "capacity"
    assert session().get_one(Buddy, buddy.id).capacity == 2


@pytest.mark.parametrize("state", list(BuddyState))
def test_a_break_begins_only_when_ready_and_ends_only_a_break(site, state):
    buddy, viewer = as_buddy(state=state)
    if state in (BuddyState.APPROVED, BuddyState.AWAY):
        buddies.pause(viewer, TOMORROW)
        assert (buddy.state, buddy.paused_until) == (BuddyState.PAUSED, TOMORROW)
    else:
        with pytest.raises(Moved):
            buddies.pause(viewer, TOMORROW)
    if state in (BuddyState.APPROVED, BuddyState.AWAY, BuddyState.PAUSED):
        buddies.resume(viewer)
        session().refresh(buddy)
        assert (buddy.state, buddy.paused_until) == (BuddyState.APPROVED, None)
    else:
        with pytest.raises(Moved):
            buddies.resume(viewer)


def test_a_break_ends_in_the_future(site):
    _buddy, viewer = as_buddy()
    with pytest.raises(Invalid) as refusal:
        buddies.pause(viewer, today())
    assert refusal.value.field == "until"


def test_breaks_end_by_themselves_on_their_day(site):
    over, _ = as_buddy(state=BuddyState.PAUSED, paused_until=today())
    later, _ = as_buddy(state=BuddyState.PAUSED, paused_until=TOMORROW)
    assert buddies.end_pauses() == 1
    session().expire_all()
    assert (over.state, later.state) == (BuddyState.APPROVED, BuddyState.PAUSED)
    assert session().query(Transition).one().actor_id is None


@pytest.mark.parametrize("state", list(BuddyState))
def test_stopping_is_possible_from_every_state_but_the_last(site, state):
    buddy, viewer = as_buddy(state=state)
    if state in buddies.GONE:
        with pytest.raises(Moved):
            buddies.withdraw(viewer)
        with pytest.raises(Refusal):
            buddies.edit(viewer, interests=[])
        return
    buddies.withdraw(viewer, LeaveReason.MOVED)
    assert session().get_one(Buddy, buddy.id).state is BuddyState.LEFT
    step = session().query(Transition).one()
    assert (step.from_state, step.to_state, step.reason, step.actor_id) == (
        state.value,
        "left",
        "moved",
        buddy.person_id,
    )
    assert session().query(Message).one().kind == "buddy-stopped"


def test_who_is_counted_on_does_not_stop_in_silence(site):
    buddy, viewer = as_buddy()
    duo_newcomer, newcomer_viewer = as_newcomer()
    duo_factories.duo(newcomer=duo_newcomer, buddy=buddy, approved_by=factories.coordinator())
    for withdraw, actor in ((buddies.withdraw, viewer), (newcomers.withdraw, newcomer_viewer)):
        with pytest.raises(Refusal) as refusal:
            withdraw(actor)
        assert refusal.value.code == "in_duo"
    assert session().query(Transition).count() == 0


def test_a_newcomer_changes_and_stops(site):
    newcomer, viewer = as_newcomer(locale="ar")
    newcomers.edit(
        viewer,
        goals=["sport"],
        dutch_level="b1",
        wished_gender="f",
        gender="",
        words="أحب الطبخ",
        words_language="ar",
    )
    assert (newcomer.goals, newcomer.dutch_level, newcomer.wished_gender, newcomer.gender) == (
        ["sport"],
        "b1",
        "f",
        None,
    )
    newcomers.withdraw(viewer)
    assert session().get_one(Newcomer, newcomer.id).state is NewcomerState.LEFT
    assert session().query(Message).one().locale == "ar"
    with pytest.raises(Moved):
        newcomers.withdraw(viewer)
    with pytest.raises(Refusal):
        newcomers.edit(viewer, goals=[])


def test_who_has_no_address_stops_without_giving_staff_a_task(site):
    _newcomer, viewer = as_newcomer(email=False)
    newcomers.withdraw(viewer)
    assert session().query(Message).count() == 0


def test_nobody_acts_for_the_other_side(site):
    _buddy, buddy_viewer = as_buddy()
    _newcomer, newcomer_viewer = as_newcomer()
    coordinator = factories.viewer(factories.coordinator())
    for actor in (newcomer_viewer, coordinator):
        with pytest.raises(Forbidden):
            buddies.edit(actor, interests=[])
    for actor in (buddy_viewer, coordinator):
        with pytest.raises(Forbidden):
            newcomers.withdraw(actor)
