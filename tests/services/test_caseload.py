"""Decisions about several newcomers at once are each a decision of its own (R15), and reminders go where they may."""

from datetime import timedelta

import pytest

from app.clock import now
from app.db import session
from app.errors import Forbidden, NotFound
from app.models import AuditEntry, HourEntry, Message
from app.queries.caseload_acts import acceptable, chosen, waiting_contacts
from app.services import caseload
from app.services.caseload import accept_proofs, remind_contacts
from app.vocabulary import EntryState
from app.vocabulary.records import ProofState
from tests import factories
from tests.factories import viewer
from tests.hours_world import World, link_for, track_for


@pytest.fixture
def world(site) -> World:
    return World()


def confirmed(newcomer, offer, ago=3, minutes=120):
    return factories.entry(
        newcomer, offer, state=EntryState.CONFIRMED, minutes=minutes, starts_at=now() - timedelta(days=ago)
    )


def second(world, **values):
    newcomer = factories.newcomer(name="Olena", counsellor=world.counsellor, **values)
    factories.contract(newcomer, world.counsellor)
    return newcomer


class TestAccepting:
    def test_the_summary_holds_what_lies_within_the_term_r03(self, world):
        other, offer = second(world), factories.offer()
        factories.proof(confirmed(other, offer), confirmed(other, offer, ago=200, minutes=60))
        factories.proof(confirmed(world.newcomer, factories.offer(), ago=300))
        keys = [other.id, world.newcomer.id]
        items = acceptable(viewer(world.counsellor), keys)
        assert [(item.proof.newcomer_id, item.minutes, item.held) for item in items] == [(other.id, 120, 60)]
        assert acceptable(viewer(world.people["other counsellor"]), keys) == []

    def test_the_summary_holds_what_nobody_judged_r06(self, world):
        """One proof may stand for several activities of one contact person; only those that were judged count."""
        newcomer, contact = second(world), factories.contact()
        fit, unjudged = (
            factories.offer(contact_person=contact, dutch_spoken=spoken) for spoken in (True, None)
        )
        factories.proof(confirmed(newcomer, fit), confirmed(newcomer, unjudged, ago=4, minutes=60))
        factories.proof(confirmed(newcomer, factories.offer(people_met=False), ago=5))
        items = acceptable(viewer(world.counsellor), [newcomer.id])
        assert [(item.minutes, item.held) for item in items] == [(120, 60)]

    def test_several_at_once_and_each_is_written_down_r15(self, world):
        proofs = [
            factories.proof(confirmed(newcomer, factories.offer()))
            for newcomer in (second(world), world.newcomer)
        ]
        result = accept_proofs(viewer(world.counsellor), [proof.id for proof in proofs], track_for)
        assert (result.done, result.left) == (2, [])
        session().expire_all()
        assert {proof.state for proof in proofs} == {ProofState.ACCEPTED}
        assert session().query(AuditEntry).filter_by(action="proof-accepted").count() == 2
        again = accept_proofs(viewer(world.counsellor), [proofs[0].id], track_for)
        assert (again.done, [proof.id for proof in again.left]) == (0, [proofs[0].id])

    def test_what_this_counsellor_signed_is_left_for_another(self, world):
        own = factories.contact(person_id=world.counsellor.id)
        signed = factories.proof(confirmed(world.newcomer, factories.offer(contact_person=own)))
        good = factories.proof(confirmed(second(world), factories.offer()))
        result = accept_proofs(viewer(world.counsellor), [signed.id, good.id], track_for)
        assert (result.done, [proof.id for proof in result.left]) == (1, [signed.id])

    def test_one_of_somebody_else_and_none_is_accepted(self, world):
        elsewhere = factories.newcomer(counsellor=world.people["other counsellor"])
        mine = confirmed(world.newcomer, factories.offer())
        proofs = [factories.proof(mine), factories.proof(confirmed(elsewhere, factories.offer()))]
        for keys in ([proof.id for proof in proofs], [], [999_999]):
            with pytest.raises(NotFound):
                accept_proofs(viewer(world.counsellor), keys, track_for)
        session().expire_all()
        assert session().get_one(HourEntry, mine.id).state is EntryState.CONFIRMED

    @pytest.mark.parametrize("name", ["newcomer", "buddy", "coordinator", "administrator"])
    def test_only_counsellors(self, world, name):
        with pytest.raises(Forbidden):
            accept_proofs(viewer(world.people[name]), [1], track_for)
        with pytest.raises(Forbidden):
            remind_contacts(viewer(world.people[name]), [world.newcomer.id], link_for)


class TestReminding:
    def test_each_contact_person_once_and_only_for_the_own_caseload(self, world):
        offer, other = factories.offer(), second(world)
        elsewhere = factories.newcomer(counsellor=world.people["other counsellor"])
        silent = factories.offer(
            contact_person=factories.contact(name="Bart", email=None, phone="+32470111111")
        )
        for newcomer in (world.newcomer, other, elsewhere):
            factories.entry(newcomer, offer, state=EntryState.SUBMITTED)
        factories.entry(other, silent, state=EntryState.OVERDUE)
        factories.entry(other, silent, state=EntryState.DRAFT)
        keys = [world.newcomer.id, other.id, elsewhere.id]
        waiting = waiting_contacts(viewer(world.counsellor), keys)
        assert {(one.contact.id, one.times) for one in waiting} == {
            (offer.contact_person_id, 2),
            (silent.contact_person_id, 1),
        }
        assert remind_contacts(viewer(world.counsellor), keys, link_for) == 1
        assert session().query(Message).filter_by(kind="confirm-hours").count() == 1
        audits = session().query(AuditEntry).filter_by(action="contact-asked-again")
        assert sorted(row.subject_id for row in audits) == sorted([world.newcomer.id, other.id])

    def test_no_address_is_written_to_without_end_t21(self, world):
        factories.entry(world.newcomer, factories.offer(), state=EntryState.SUBMITTED)
        for _ in range(6):
            remind_contacts(viewer(world.counsellor), [world.newcomer.id], link_for)
        assert session().query(Message).filter_by(kind="confirm-hours").count() == 3


def test_whom_one_chose_by_name(world):
    other = second(world)
    found = chosen(viewer(world.counsellor), [world.newcomer.id, other.id, 999_999])
    assert [newcomer.id for newcomer in found] == [other.id, world.newcomer.id]


def test_a_file_that_was_taken_is_written_down(world):
    caseload.note_export(viewer(world.counsellor), 12)
    assert session().query(AuditEntry).filter_by(action="caseload-exported").one().facts == {"rows": 12}
