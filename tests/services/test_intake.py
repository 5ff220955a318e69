"""A coordinator's acts on newcomers: which are possible in which state, for whom, and what is written down."""

from datetime import timedelta

import pytest

from app.clock import now
from app.db import session
from app.errors import Forbidden, Invalid, Moved, NotFound
from app.models import AuditEntry, Message, Newcomer, Person, SignIn, Transition
from app.services import accounts, intake
from app.services.intake import NewcomerAct
from app.vocabulary import NewcomerState, Role
from app.vocabulary.channels import Channel
from app.vocabulary.screening import LetGoReason
from tests import factories
from tests.site import SECRET

S = NewcomerState


def page_for(locale):
    return f"http://localhost/{locale}/activities"


def run(actor, act, newcomer_id):
    """That act with what it needs."""
    return {
        NewcomerAct.PLAN_TALK: lambda: intake.plan_talk(
            actor, newcomer_id, at=now() + timedelta(days=1), page_for=page_for
        ),
        NewcomerAct.TALK_HELD: lambda: intake.talk_held(actor, newcomer_id),
        NewcomerAct.TALK_AGAIN: lambda: intake.talk_again(
            actor, newcomer_id, at=now() + timedelta(days=9), page_for=page_for
        ),
        NewcomerAct.ADVISE: lambda: intake.advise(actor, newcomer_id, page_for=page_for),
        NewcomerAct.WAIT: lambda: intake.wait(actor, newcomer_id),
        NewcomerAct.LEAVE: lambda: intake.leave(actor, newcomer_id, reason=LetGoReason.MOVED),
    }[act]()


ALLOWED = {
    **{(state, NewcomerAct.PLAN_TALK): S.INTAKE_PLANNED for state in (S.REGISTERED, S.INTAKE_PLANNED, S.READY, S.ADVISED_OTHER_OFFER)},
    (S.INTAKE_PLANNED, NewcomerAct.TALK_HELD): S.READY,
    (S.INTAKE_PLANNED, NewcomerAct.TALK_AGAIN): S.INTAKE_PLANNED,
    **{(state, NewcomerAct.ADVISE): S.ADVISED_OTHER_OFFER for state in (S.REGISTERED, S.INTAKE_PLANNED, S.READY, S.WAITING)},
    **{(state, NewcomerAct.WAIT): S.WAITING for state in (S.REGISTERED, S.INTAKE_PLANNED, S.READY, S.ADVISED_OTHER_OFFER)},
    **{(state, NewcomerAct.LEAVE): S.LEFT for state in set(S) - {S.LEFT, S.PROPOSED, S.IN_DUO}},
}  # fmt: skip


@pytest.mark.parametrize("act", list(NewcomerAct))
@pytest.mark.parametrize("state", list(S))
def test_exactly_these_changes_are_possible(site, state, act):
    els = factories.viewer(factories.coordinator())
    newcomer = factories.newcomer(state=state)
    since = newcomer.waiting_since
    after = ALLOWED.get((state, act))
    if after is None:
        with pytest.raises((Moved, Invalid)):
            run(els, act, newcomer.id)
        assert session().get_one(Newcomer, newcomer.id, populate_existing=True).state is state
        return
    run(els, act, newcomer.id)
    kept = session().get_one(Newcomer, newcomer.id, populate_existing=True)
    assert (kept.state, kept.waiting_since) == (after, since)
    turn = session().query(Transition).one()
    assert (turn.from_state, turn.to_state, turn.actor_role) == (state, after, Role.COORDINATOR)


@pytest.mark.parametrize(
    ("make", "refusal"),
    [
        (lambda: factories.coordinator("kempen"), NotFound),
        (lambda: factories.buddy().person, Forbidden),
        (lambda: factories.newcomer().person, Forbidden),
        (factories.counsellor, Forbidden),
        (factories.administrator, Forbidden),
    ],
)
def test_nobody_else_may(site, make, refusal):
    actor = factories.viewer(make())
    for act in NewcomerAct:
        newcomer = factories.newcomer(state=next(state for state, possible in ALLOWED if possible is act))
        with pytest.raises(refusal):
            run(actor, act, newcomer.id)
    with pytest.raises(refusal):
        intake.new_code(actor, newcomer.id, secret_key=SECRET)
    with pytest.raises(refusal):
        intake.link_counsellor(actor, newcomer.id, email="x@example.be")
    assert session().query(Transition).count() == 0


def test_another_offer_first_is_told(site):
    els = factories.viewer(factories.coordinator())
    newcomer = factories.newcomer(locale="ar")
    intake.advise(els, newcomer.id, note="KANARIE", page_for=page_for)
    message = session().query(Message).one()
    assert (message.kind, message.locale) == ("other-offer-first", "ar")
    assert "KANARIE" not in message.html


def test_new_code_replaces_the_old_one_and_ends_sign_ins(site):
    els = factories.viewer(factories.coordinator())
    newcomer = factories.newcomer(email=False)
    old = accounts.give_code(newcomer.person_id, secret_key=SECRET)
    accounts.sign_in(newcomer.person_id)
    new = intake.new_code(els, newcomer.id, secret_key=SECRET)
    assert accounts.person_by_code(old, secret_key=SECRET) is None
    assert accounts.person_by_code(new, secret_key=SECRET).id == newcomer.person_id
    assert session().query(SignIn).filter(SignIn.ended_at.is_(None)).count() == 0
    entry = session().query(AuditEntry).filter_by(action="code-renewed").one()
    assert (entry.actor_id, entry.subject_id) == (els.person_id, newcomer.id)
    assert new not in str(entry.facts)


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.HELPER, Role.BUDDY])
def test_no_code_that_opens_more_than_a_newcomers_page(site, role):
    els = factories.viewer(factories.coordinator())
    newcomer = factories.newcomer()
    factories.grant(newcomer.person, role)
    with pytest.raises(Forbidden):
        intake.new_code(els, newcomer.id, secret_key=SECRET)
    assert session().get_one(Person, newcomer.person_id).code_hash is None


def test_linking_a_counsellor_by_any_spelling_of_the_address(site):
    els = factories.coordinator()
    counsellor = factories.counsellor()
    newcomer = factories.newcomer()
    for wrong in ("nobody@example.be", els.email):
        with pytest.raises(Invalid):
            intake.link_counsellor(factories.viewer(els), newcomer.id, email=wrong)
    intake.link_counsellor(
        factories.viewer(els), newcomer.id, email=counsellor.email.replace("@", "+x@").upper()
    )
    assert session().get_one(Newcomer, newcomer.id, populate_existing=True).counsellor_id == counsellor.id
    assert (
        session().query(AuditEntry).filter_by(action="counsellor-linked").one().facts["counsellor"]
        == counsellor.id
    )


def test_nobody_links_a_newcomer_to_herself(site):
    both = factories.coordinator()
    factories.grant(both, Role.COUNSELLOR, agency="agii")
    newcomer = factories.newcomer()
    with pytest.raises(Forbidden):
        intake.link_counsellor(factories.viewer(both), newcomer.id, email=both.email)
    theirs = factories.newcomer()
    factories.grant(theirs.person, Role.COUNSELLOR, agency="agii")
    with pytest.raises(Invalid):
        intake.link_counsellor(
            factories.viewer(factories.coordinator()), theirs.id, email=theirs.person.email
        )


def test_through_whom_a_newcomer_came_is_noted_by_the_own_coordinator_only(site):
    els, newcomer = factories.viewer(factories.coordinator()), factories.newcomer()
    intake.note_channel(els, newcomer.id, channel=Channel.CVO)
    intake.note_channel(els, newcomer.id, channel=Channel.OCMW)
    assert session().get_one(Newcomer, newcomer.id, populate_existing=True).heard_through == "ocmw"
    noted = session().query(AuditEntry).filter_by(action="channel-noted")
    assert [entry.facts["channel"] for entry in noted] == ["cvo", "ocmw"]
    with pytest.raises(NotFound):
        intake.note_channel(
            factories.viewer(factories.coordinator("limburg")), newcomer.id, channel=Channel.CVO
        )
    with pytest.raises(Forbidden):
        intake.note_channel(factories.viewer(factories.counsellor()), newcomer.id, channel=Channel.CVO)
