"""Are you still available: who is asked, reminded and put aside, when, and how one tap brings back."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from app.clock import now, today
from app.db import session, transaction
from app.errors import Forbidden, Gone, Moved, NotFound
from app.models import Buddy, Message, Network, Person, Transition
from app.queries.buddies import can_be_proposed
from app.services import availability, buddies, matches, screening
from app.services.accounts import new_link
from app.vocabulary import BuddyState, DuoState, Role
from app.vocabulary.records import Available, Channel, LinkPurpose
from tests import duo_factories, factories

S = BuddyState
SENT = ("still-available", "still-available-again", "out-of-the-pool", "nothing-heard")


def link_for(locale, token):
    return f"http://localhost/{locale}/a/{token}"


def silent(days=60, **values):
    """A ready buddy of whom nothing was heard for so many days."""
    return factories.buddy(heard_at=now() - timedelta(days=days), **values)


def fresh(buddy):
    return session().get_one(Buddy, buddy.id, populate_existing=True)


def ago(buddy, **days):
    """Move what was written of the buddy so many days into the past."""
    with transaction() as db:
        values = {name: now() - timedelta(days=count) for name, count in days.items()}
        db.execute(update(Buddy).where(Buddy.id == buddy.id).values(**values))


def told(buddy):
    """The kinds of letters that the buddy got, in order."""
    found = session().query(Message).filter_by(person_id=buddy.person_id).filter(Message.kind.in_(SENT))
    return [message.kind for message in found.order_by(Message.id)]


def can(buddy):
    return session().query(Buddy.id).filter(Buddy.id == buddy.id, can_be_proposed()).count() == 1


def test_the_whole_ladder_and_back_by_one_tap(site):
    buddy = silent()
    for _ in range(2):  # a night that runs twice does the same once
        availability.ask_the_silent(link_for)
    assert told(buddy) == ["still-available"]
    ago(buddy, asked_at=6)
    assert availability.ask_the_silent(link_for) == 0
    ago(buddy, asked_at=7)
    assert [availability.ask_the_silent(link_for) for _ in range(2)] == [1, 0]
    assert told(buddy) == ["still-available", "still-available-again"]
    ago(buddy, asked_at=14, reminded_at=7)
    assert can(buddy)
    assert [availability.ask_the_silent(link_for) for _ in range(2)] == [1, 0]
    assert fresh(buddy).state is S.AWAY
    assert not can(buddy)
    with pytest.raises(matches.PlaceTaken), transaction():
        matches.take_place(buddy.id, "rivierenland")
    last = session().query(Message).filter_by(kind="out-of-the-pool").one()
    token = last.text.rpartition("/a/")[2].split()[0]
    assert availability.say(availability.holder_of(token), Available.YES) is S.APPROVED
    back = fresh(buddy)
    assert (back.asked_at, back.reminded_at) == (None, None)
    assert can(buddy)
    turns = [
        (turn.to_state, turn.actor_role, turn.reason)
        for turn in session().query(Transition).order_by(Transition.id)
    ]
    assert turns == [("away", None, "no-answer"), ("approved", Role.BUDDY, "")]
    assert availability.ask_the_silent(link_for) == 0


def test_the_reminder_comes_before_the_end_also_after_nights_without_work(site):
    buddy = silent(asked_at=now() - timedelta(days=40))
    availability.ask_the_silent(link_for)
    assert (told(buddy), fresh(buddy).state) == (["still-available-again"], S.APPROVED)


def test_who_is_without_e_mail_becomes_a_task_with_a_text_message(site):
    buddy = silent()
    with transaction() as db:
        person = db.get_one(Person, buddy.person_id)
        person.email = person.email_canonical = None
    availability.ask_the_silent(link_for)
    message = session().query(Message).filter_by(kind="still-available").one()
    assert message.channel is Channel.TASK
    assert message.network_slug == "rivierenland"
    assert "/a/" in message.facts["sms"]


def in_a_duo(buddy):
    duo_factories.duo(newcomer=factories.newcomer(), buddy=buddy, approved_by=factories.coordinator())


def just_ended(buddy):
    duo_factories.duo(
        newcomer=factories.newcomer(), buddy=buddy, approved_by=factories.coordinator(), state=DuoState.ENDED,
        approved_at=now() - timedelta(days=300), ended_at=now() - timedelta(days=5),
    )  # fmt: skip


def shut_out(buddy):
    with transaction() as db:
        db.get_one(Person, buddy.person_id).active = False


LEFT_ALONE = {
    "heard of lately": lambda: silent(days=50),
    "in a duo": lambda: in_a_duo(silent()),
    "after a duo": lambda: just_ended(silent()),
    "shut out": lambda: shut_out(silent()),
    **{state.value: lambda state=state: silent(state=state) for state in S if state is not S.APPROVED},
}


@pytest.mark.parametrize("who", LEFT_ALONE)
def test_who_is_left_in_peace(site, who):
    LEFT_ALONE[who]()
    assert availability.ask_the_silent(link_for) == 0
    assert session().query(Message).filter(Message.kind.in_(SENT)).count() == 0


def test_the_network_sets_how_long_silence_lasts(site):
    buddy, other = silent(days=20), silent(days=20, postcode="9000")
    with transaction() as db:
        db.get_one(Network, "rivierenland").buddy_ask_weeks = 2
    assert availability.ask_the_silent(link_for) == 1
    assert (told(buddy), told(other)) == (["still-available"], [])


def test_later_is_a_break_of_three_months(site):
    buddy = silent(asked_at=now())
    assert availability.say(factories.viewer(buddy.person), Available.LATER) is S.PAUSED
    assert fresh(buddy).paused_until == today() + timedelta(days=90)
    assert availability.ask_the_silent(link_for) == 0


def test_after_a_year_the_buddy_has_stopped(site):
    buddy = silent(state=S.AWAY, asked_at=now() - timedelta(days=366))
    assert [availability.ask_the_silent(link_for) for _ in range(2)] == [1, 0]
    assert (fresh(buddy).state, told(buddy)) == (S.LEFT, ["nothing-heard"])


@pytest.mark.parametrize("act", ["edit", "pause", "staff resume"])
def test_what_the_buddy_does_is_an_answer(site, act):
    buddy = silent(asked_at=now(), state=S.AWAY if act == "staff resume" else S.APPROVED)
    if act == "edit":
        buddies.edit(factories.viewer(buddy.person), max_km=7)
    elif act == "pause":
        buddies.pause(factories.viewer(buddy.person), today() + timedelta(days=3))
    else:
        screening.resume(factories.viewer(factories.coordinator()), buddy.id)
    found = fresh(buddy)
    assert found.asked_at is None
    assert now() - found.heard_at < timedelta(minutes=5)


SAYS = {S.APPROVED: S.APPROVED, S.AWAY: S.APPROVED, S.PAUSED: S.APPROVED, S.LAPSED: S.LAPSED}


@pytest.mark.parametrize("state", list(S))
def test_what_a_yes_does_in_every_state(site, state):
    buddy = silent(state=state)
    if state not in SAYS:
        with pytest.raises(Moved):
            availability.say(factories.viewer(buddy.person), Available.YES)
        assert fresh(buddy).state is state
        return
    assert availability.say(factories.viewer(buddy.person), Available.YES) is SAYS[state]
    assert availability.say(factories.viewer(buddy.person), Available.YES) is SAYS[state]
    assert session().query(Transition).count() == (SAYS[state] is not state)


@pytest.mark.parametrize(
    "make",
    [
        factories.coordinator,
        factories.counsellor,
        factories.administrator,
        lambda: factories.newcomer().person,
    ],
)
def test_nobody_answers_for_a_buddy(site, make):
    silent()
    with pytest.raises(Forbidden):
        availability.say(factories.viewer(make()), Available.YES)


def test_a_link_opens_this_and_nothing_else_and_ends(site, monkeypatch):
    buddy = silent()
    token = new_link(LinkPurpose.STILL_AVAILABLE, locale="nl", person_id=buddy.person_id)
    other = new_link(LinkPurpose.SIGN_IN, locale="nl", person_id=buddy.person_id)
    assert availability.holder_of(token).person_id == buddy.person_id
    with pytest.raises(NotFound):
        availability.holder_of(other)
    shut_out(buddy)
    with pytest.raises(Gone):
        availability.holder_of(token)
    later = now() + timedelta(days=91)
    monkeypatch.setattr("app.services.accounts.now", lambda: later)
    with pytest.raises(Gone):
        availability.holder_of(token)
