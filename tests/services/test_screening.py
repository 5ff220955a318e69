"""A coordinator's acts on buddies: which are possible in which state, for whom, and what is written down."""

from datetime import timedelta

import pytest

from app.clock import now, today
from app.db import session
from app.errors import Forbidden, Invalid, Moved, NotFound
from app.models import AuditEntry, Buddy, Consent, Message, Transition
from app.services import screening
from app.services.screening import BuddyAct
from app.vocabulary import BuddyState, Role
from app.vocabulary.records import Channel, Subject
from app.vocabulary.screening import BuddyRefusal, LetGoReason
from tests import duo_factories, factories

S = BuddyState


def page_for(locale):
    return f"http://localhost/{locale}/account"


def run(actor, act, buddy_id):
    """That act with what it needs."""
    return {
        BuddyAct.PLAN_TALK: lambda: screening.plan_talk(
            actor, buddy_id, at=now() + timedelta(days=2), page_for=page_for
        ),
        BuddyAct.TALK_HELD: lambda: screening.talk_held(actor, buddy_id),
        BuddyAct.TALK_AGAIN: lambda: screening.talk_again(
            actor, buddy_id, at=now() + timedelta(days=9), page_for=page_for
        ),
        BuddyAct.RENEW: lambda: screening.renew(actor, buddy_id, page_for=page_for),
        BuddyAct.APPROVE: lambda: screening.approve(actor, buddy_id, page_for=page_for),
        BuddyAct.REFUSE: lambda: screening.refuse(actor, buddy_id, reason=BuddyRefusal.NO_TIME),
        BuddyAct.PAUSE: lambda: screening.pause(actor, buddy_id, until=today() + timedelta(days=30)),
        BuddyAct.RESUME: lambda: screening.resume(actor, buddy_id),
        BuddyAct.LET_GO: lambda: screening.let_go(actor, buddy_id, reason=LetGoReason.ASKED),
    }[act]()


ALLOWED = {
    (S.REGISTERED, BuddyAct.PLAN_TALK): S.INTAKE_PLANNED,
    (S.VERIFIED, BuddyAct.PLAN_TALK): S.INTAKE_PLANNED,
    (S.INTAKE_PLANNED, BuddyAct.PLAN_TALK): S.INTAKE_PLANNED,
    (S.SCREENING, BuddyAct.PLAN_TALK): S.INTAKE_PLANNED,
    (S.INTAKE_PLANNED, BuddyAct.TALK_HELD): S.SCREENING,
    (S.INTAKE_PLANNED, BuddyAct.TALK_AGAIN): S.INTAKE_PLANNED,
    (S.SCREENING, BuddyAct.APPROVE): S.APPROVED,
    (S.APPROVED, BuddyAct.RENEW): S.APPROVED,
    (S.LAPSED, BuddyAct.RENEW): S.APPROVED,
    (S.REGISTERED, BuddyAct.REFUSE): S.REJECTED,
    (S.VERIFIED, BuddyAct.REFUSE): S.REJECTED,
    (S.INTAKE_PLANNED, BuddyAct.REFUSE): S.REJECTED,
    (S.SCREENING, BuddyAct.REFUSE): S.REJECTED,
    (S.APPROVED, BuddyAct.PAUSE): S.PAUSED,
    (S.AWAY, BuddyAct.PAUSE): S.PAUSED,
    (S.PAUSED, BuddyAct.RESUME): S.APPROVED,
    (S.AWAY, BuddyAct.RESUME): S.APPROVED,
    **{(state, BuddyAct.LET_GO): S.LEFT for state in set(S) - {S.LEFT, S.REJECTED}},
}


@pytest.mark.parametrize("act", list(BuddyAct))
@pytest.mark.parametrize("state", list(S))
def test_exactly_these_changes_are_possible(site, state, act):
    els = factories.viewer(factories.coordinator())
    buddy = factories.buddy(state=state)
    screening.hand_over_note(els, buddy.id, version="1") if state not in (S.LEFT, S.REJECTED) else None
    after = ALLOWED.get((state, act))
    if after is None:
        with pytest.raises(Moved):
            run(els, act, buddy.id)
        assert session().get_one(Buddy, buddy.id, populate_existing=True).state is state
        return
    run(els, act, buddy.id)
    assert session().get_one(Buddy, buddy.id, populate_existing=True).state is after
    turn = session().query(Transition).one()
    assert (turn.subject, turn.subject_id, turn.from_state, turn.to_state) == (
        Subject.BUDDY,
        buddy.id,
        state,
        after,
    )
    assert (turn.actor_id, turn.actor_role) == (els.person_id, Role.COORDINATOR)
    assert (
        session()
        .query(AuditEntry)
        .filter_by(action=f"buddy-{act.replace('_', '-')}", network_slug="rivierenland")
        .one()
    )


ROLES = {
    "of another network": (lambda: factories.coordinator("kempen"), NotFound),
    "buddy": (lambda: factories.buddy("9000").person, Forbidden),
    "newcomer": (lambda: factories.newcomer().person, Forbidden),
    "counsellor": (factories.counsellor, Forbidden),
    "helper": (lambda: factories.person(roles=(Role.HELPER,)), Forbidden),
    "administrator": (factories.administrator, Forbidden),
    "nobody": (lambda: None, Forbidden),
}


@pytest.mark.parametrize("who", list(ROLES))
def test_nobody_else_may(site, who):
    from app.security.viewer import ANONYMOUS

    make, refusal = ROLES[who]
    person = make()
    actor = factories.viewer(person) if person else ANONYMOUS
    for act in BuddyAct:
        state = next(state for state, possible in ALLOWED if possible is act)
        buddy = factories.buddy(state=state)
        with pytest.raises(refusal):
            run(actor, act, buddy.id)
        with pytest.raises(refusal):
            screening.name_insurer(actor, buddy.id, insurer="Ethias")
        assert session().get_one(Buddy, buddy.id, populate_existing=True).state is state
    assert session().query(Transition).count() == 0


def test_not_about_oneself(site):
    buddy = factories.buddy(state=S.SCREENING)
    factories.grant(buddy.person, Role.COORDINATOR, network="rivierenland")
    with pytest.raises(Forbidden):
        screening.approve(factories.viewer(buddy.person), buddy.id, page_for=page_for)


def test_ready_needs_note_insurer_and_extract(site):
    """R42, R43, R44."""
    els = factories.viewer(factories.coordinator())
    buddy = factories.buddy(state=S.SCREENING, insurer="")

    def refused():
        with pytest.raises(Invalid) as found:
            screening.approve(els, buddy.id, page_for=page_for)
        return str(found.value.message)

    first = refused()
    screening.hand_over_note(els, buddy.id, version="2026-1")
    second = refused()
    screening.name_insurer(els, buddy.id, insurer="Ethias")
    screening.see_extract(els, buddy.id, with_minors=True, seen_on=None)
    third = refused()
    assert len({first, second, third}) == 3
    screening.see_extract(els, buddy.id, with_minors=True, seen_on=today())
    screening.approve(els, buddy.id, page_for=page_for)
    kept = session().get_one(Buddy, buddy.id, populate_existing=True)
    assert (kept.state, kept.screened_on, kept.insurer) == (S.APPROVED, today(), "Ethias")
    note = session().query(Consent).one()
    assert (note.person_id, note.version, note.helped_by_id) == (buddy.person_id, "2026-1", els.person_id)


def test_the_networks_insurer_stands_in(site):
    els = factories.viewer(factories.coordinator())
    factories.a_network().insurer = "KBC"
    session().commit()
    buddy = factories.buddy(state=S.SCREENING, insurer="")
    screening.hand_over_note(els, buddy.id, version="1")
    screening.approve(els, buddy.id, page_for=page_for)
    assert session().get_one(Buddy, buddy.id, populate_existing=True).insurer == "KBC"


def test_nothing_of_an_extract_is_kept_without_minors(site):
    """R44."""
    els = factories.viewer(factories.coordinator())
    buddy = factories.buddy(state=S.SCREENING)
    screening.see_extract(els, buddy.id, with_minors=False, seen_on=today())
    assert session().get_one(Buddy, buddy.id, populate_existing=True).extract_seen_on is None
    with pytest.raises(Invalid):
        screening.see_extract(els, buddy.id, with_minors=True, seen_on=today() + timedelta(days=1))


def test_every_date_of_a_talk_is_kept_and_told(site):
    els = factories.viewer(factories.coordinator())
    buddy = factories.buddy(state=S.REGISTERED, locale="fr")
    for days in (2, 5):
        screening.plan_talk(els, buddy.id, at=now() + timedelta(days=days), page_for=page_for)
    screening.plan_talk(
        els, buddy.id, at=now() - timedelta(hours=1), page_for=page_for
    )  # just held: nobody is told
    assert session().query(AuditEntry).filter_by(action="talk-planned").count() == 3
    assert [message.locale for message in session().query(Message)] == ["fr", "fr"]
    for wrong in (timedelta(days=400), timedelta(days=-400)):
        with pytest.raises(Invalid):
            screening.plan_talk(els, buddy.id, at=now() + wrong, page_for=page_for)


def test_refused_candidate_hears_no_reason(site):
    els = factories.viewer(factories.coordinator())
    buddy = factories.buddy(state=S.SCREENING)
    screening.refuse(els, buddy.id, reason=BuddyRefusal.SAFETY, note="KANARIE")
    message = session().query(Message).one()
    assert "KANARIE" not in message.html
    assert "Safety" not in message.html
    turn = session().query(Transition).one()
    assert (turn.reason, turn.note) == ("safety", "KANARIE")


def test_a_buddy_with_a_newcomer_is_not_let_go(site):
    els = factories.coordinator()
    buddy = factories.buddy()
    duo_factories.duo(newcomer=factories.newcomer(), buddy=buddy, approved_by=els)
    with pytest.raises(Invalid):
        screening.let_go(factories.viewer(els), buddy.id, reason=LetGoReason.ASKED)


def test_a_break_ends_after_today(site):
    els = factories.viewer(factories.coordinator())
    with pytest.raises(Invalid):
        screening.pause(els, factories.buddy().id, until=today())


def test_who_has_no_address_gives_a_task_in_own_words_and_dutch(site):
    els = factories.viewer(factories.coordinator())
    buddy = factories.buddy(state=S.REGISTERED, locale="ar")
    buddy.person.email = buddy.person.email_canonical = None
    session().commit()
    screening.plan_talk(els, buddy.id, at=now() + timedelta(days=2), page_for=page_for)
    message = session().query(Message).one()
    assert (message.channel, message.network_slug) == (Channel.TASK, "rivierenland")
    assert "\n\n----\n\n" in message.text
