"""Sheets of paper: who stands on them, who may enter them, and hours that are confirmed by a signature on paper."""

from datetime import time, timedelta

import pytest

from app.clock import now, today
from app.db import session, transaction
from app.errors import Forbidden, Invalid, Moved, NotFound, Refusal
from app.models import AttendanceName, Grant, HourEntry, Message, Newcomer, Proof
from app.queries.trajectories import entries_of
from app.services import attendance, confirmations, trajectories
from app.services.attendance import Signature
from app.vocabulary import Role
from app.vocabulary.records import ProofState
from tests import factories
from tests.factories import viewer
from tests.hours_world import ACCEPTED, CONFIRMED, DRAFT, SUBMITTED, by_account, telling, track_for

YESTERDAY = today() - timedelta(days=1)


class Club:
    """A verified club with three newcomers of one counsellor, who told hours there a month ago."""

    def __init__(self, *, verified=True) -> None:
        self.counsellor, self.colleague = factories.counsellor(), factories.counsellor()
        self.coordinator = factories.coordinator()
        self.club = factories.organisation(verified=verified)
        self.member = factories.person(full_name="Els")
        with transaction() as db:
            db.add(Grant(person_id=self.member.id, role=Role.ORGANISATION, organisation_id=self.club.id))
        self.contact = factories.contact(name="Olena", organisation_id=self.club.id)
        self.offer = factories.offer(contact_person=self.contact, organisation_id=self.club.id)
        self.newcomers = [
            factories.newcomer(name=name, counsellor=self.counsellor) for name in ("Sami", "Amina", "Yusuf")
        ]
        for newcomer in self.newcomers:
            factories.contract(newcomer, self.counsellor)
            factories.entry(newcomer, self.offer, starts_at=now() - timedelta(days=40), state=CONFIRMED)

    def sheet(self):
        return attendance.sheet_for_group(by_account(viewer(self.member)), self.offer.id, YESTERDAY)

    def enter(self, person, sheet, *, minutes=120, of=None, name="Olena", signed=None, last=False, **values):
        lengths = dict.fromkeys([line.id for line in sheet.names], minutes) if of is None else of
        return attendance.enter(
            viewer(person),
            sheet,
            telling(day=YESTERDAY, **values),
            lengths,
            Signature(name, signed or YESTERDAY, last),
            track_for=track_for,
        )

    def entered(self) -> list[HourEntry]:
        session().expire_all()
        keys = session().query(AttendanceName.entry_id).filter(AttendanceName.entry_id.is_not(None))
        return session().query(HourEntry).filter(HourEntry.id.in_(keys)).order_by(HourEntry.id).all()


@pytest.fixture
def club(site) -> Club:
    return Club()


def test_a_whole_group_in_one_go(club):
    """R12, R15: signed by the contact person on paper, confirmed by that, and seen as such by the counsellor."""
    sheet = club.sheet()
    assert {line.newcomer.person.full_name for line in sheet.names} == {"Sami", "Amina", "Yusuf"}
    first, second, _absent = (line.id for line in sheet.names)
    assert club.enter(club.coordinator, sheet, of={first: 120, second: 90}) == 2
    entries = club.entered()
    assert {(entry.minutes, entry.state, entry.confirmed_name) for entry in entries} == {
        (120, CONFIRMED, "Olena"),
        (90, CONFIRMED, "Olena"),
    }
    seen = [entries_of(viewer(club.counsellor), entry.newcomer_id)[1][entry.id] for entry in entries]
    assert set(seen) == {"paper"}
    assert (sheet.signed_name, sheet.signed_on, sheet.entered_by_id) == (
        "Olena",
        YESTERDAY,
        club.coordinator.id,
    )
    assert session().query(Message).count() == 0


def test_entered_twice_is_entered_once(club):
    sheet = club.sheet()
    club.enter(club.coordinator, sheet)
    with pytest.raises(Moved):
        club.enter(club.coordinator, sheet)
    with pytest.raises(Moved):
        club.enter(club.colleague, sheet, at=time(15))
    assert len(club.entered()) == 3


def test_r14_after_the_last_meeting_the_signature_stands_under_the_proofs_too(club):
    """Who has no internet signs on paper: one proof for each newcomer, with the way on it."""
    club.enter(club.coordinator, club.sheet())
    proofs = session().query(Proof).order_by(Proof.id).all()
    assert [proof.state for proof in proofs] == [ProofState.OPEN] * 3
    club.enter(club.coordinator, club.sheet(), at=time(14), last=True)
    session().expire_all()
    assert [proof.state for proof in proofs] == [ProofState.SIGNED] * 3
    assert {proof.paper.content["signature"]["way"] for proof in proofs} == {"paper"}
    assert [proof.paper.minutes for proof in proofs] == [240] * 3


def test_who_came_later_is_added(club):
    sheet = club.sheet()
    first, second, _third = (line.id for line in sheet.names)
    club.enter(club.coordinator, sheet, of={first: 120})
    assert club.enter(club.coordinator, sheet, of={first: 120, second: 60}) == 1


class TestWhoEnters:
    """Confirmer, newcomer and accepting counsellor are three people (R13, DOMAIN 3a)."""

    @pytest.mark.parametrize("who", ["colleague", "coordinator", "member"])
    def test_staff_who_do_not_accept(self, club, who):
        assert club.enter(getattr(club, who), club.sheet()) == 3

    def test_the_accepting_counsellor_does_not_enter(self, club):
        with pytest.raises(Forbidden) as refusal:
            club.enter(club.counsellor, club.sheet())
        assert "aanvaardt deze uren zelf" in str(refusal.value.message)
        assert club.entered() == []

    def test_who_entered_does_not_accept_after_taking_the_case_over(self, club):
        sheet = club.sheet()
        club.enter(club.colleague, sheet, last=True)
        entry = club.entered()[0]
        with transaction() as db:
            db.get_one(Newcomer, entry.newcomer_id).counsellor_id = club.colleague.id
        with pytest.raises(Forbidden):
            trajectories.accept(viewer(club.colleague), entry.newcomer_id, entry.proof_id, track_for)

    def test_the_counsellor_accepts_what_a_colleague_entered(self, club):
        club.enter(club.colleague, club.sheet(), last=True)
        entry = club.entered()[0]
        trajectories.accept(viewer(club.counsellor), entry.newcomer_id, entry.proof_id, track_for)
        assert club.entered()[0].state is ACCEPTED

    def test_r13_newcomers_never_enter_also_with_another_role(self, club):
        sheet, human = club.sheet(), club.newcomers[0].person
        with pytest.raises(Forbidden):
            club.enter(human, sheet)
        factories.grant(human, Role.COORDINATOR, network="rivierenland")
        with pytest.raises(Forbidden):
            club.enter(human, sheet)
        assert club.entered() == []

    def test_r13_newcomers_do_not_sign_their_own_line(self, club):
        with pytest.raises(Invalid) as refusal:
            club.enter(club.coordinator, club.sheet(), name=" AMINA ".strip())
        assert refusal.value.field == "signed_name"
        assert club.entered() == []

    def test_r13_contact_person_is_the_newcomer(self, club):
        person = club.newcomers[0].person
        contact = factories.contact(email=person.email)
        offer = factories.offer(contact_person=contact)
        sheet = attendance.sheet_for_oneself(viewer(person), offer.id, YESTERDAY)
        with pytest.raises(Forbidden):
            club.enter(club.coordinator, sheet)

    def test_elsewhere_is_not_there(self, club):
        sheet = club.sheet()
        for stranger in (factories.coordinator("kempen"), factories.counsellor("atlas")):
            with pytest.raises(NotFound):
                club.enter(stranger, sheet)
        other, club_elsewhere = factories.person(), factories.organisation()
        with transaction() as db:
            db.add(Grant(person_id=other.id, role=Role.ORGANISATION, organisation_id=club_elsewhere.id))
        with pytest.raises(NotFound):
            club.enter(other, sheet)
        for nobody in (factories.administrator(), factories.buddy().person):
            with pytest.raises(Forbidden):
                club.enter(nobody, sheet)

    def test_organisation_that_nobody_knows(self, site):
        club = Club(verified=False)
        with pytest.raises(Forbidden):
            club.enter(club.coordinator, club.sheet())
        assert club.entered() == []


class TestTimes:
    def test_r49_other_hours_at_that_time_name_the_entry_and_the_person(self, club):
        sheet = club.sheet()
        other = factories.offer(title="Voetbal")
        from_ten = attendance.hours.instant_of(YESTERDAY, time(10))
        factories.entry(club.newcomers[1], other, starts_at=from_ten, state=SUBMITTED)
        with pytest.raises(Invalid) as refusal:
            club.enter(club.coordinator, sheet, at=time(11))
        assert refusal.value.code == "overlap"
        assert all(word in str(refusal.value.message) for word in ("Amina", "Voetbal", "10:00", "12:00"))
        assert club.entered() == []  # all, or none

    @pytest.mark.parametrize("state", [DRAFT, SUBMITTED])
    def test_r49_what_the_newcomer_told_already_is_confirmed_and_not_doubled(self, club, state):
        sheet = club.sheet()
        from_ten = attendance.hours.instant_of(YESTERDAY, time(10))
        told = factories.entry(club.newcomers[0], club.offer, starts_at=from_ten, state=state)
        before = session().query(HourEntry).count()
        club.enter(club.coordinator, sheet)
        assert session().query(HourEntry).count() == before + 2
        assert session().get_one(HourEntry, told.id).state is CONFIRMED

    def test_r49_more_than_ten_hours_are_asked_back(self, club):
        with pytest.raises(Invalid) as refusal:
            club.enter(club.coordinator, club.sheet(), at=time(8), minutes=601)
        assert refusal.value.field == "sure"
        club.enter(club.coordinator, club.sheet(), at=time(8), minutes=601, sure=True)

    @pytest.mark.parametrize("days", [-2, 1])
    def test_signed_before_the_meeting_or_in_the_future(self, club, days):
        signed = (today() if days > 0 else YESTERDAY) + timedelta(days=days)
        with pytest.raises(Invalid) as refusal:
            club.enter(club.coordinator, club.sheet(), signed=signed)
        assert refusal.value.field == "signed_on"

    def test_nobody_ticked_and_somebody_of_another_sheet(self, club):
        sheet = club.sheet()
        with pytest.raises(Invalid) as refusal:
            club.enter(club.coordinator, sheet, of={})
        assert refusal.value.field == "names"
        with pytest.raises(NotFound):
            club.enter(club.coordinator, sheet, of={club.sheet().names[0].id: 60})


class TestMaking:
    def test_a_newcomer_stands_alone_on_the_own_sheet(self, club):
        sheet = attendance.sheet_for_oneself(viewer(club.newcomers[0].person), club.offer.id, today())
        assert [line.newcomer_id for line in sheet.names] == [club.newcomers[0].id]
        assert attendance.sheet_of(sheet.code.lower()).id == sheet.id
        assert attendance.sheet_of(f"{sheet.code[:5]} - {sheet.code[5:]}").id == sheet.id

    def test_not_for_somebody_elses_activity(self, club):
        foreign = factories.offer(network="kempen")
        with pytest.raises(NotFound):
            attendance.sheet_for_oneself(viewer(club.newcomers[0].person), foreign.id, today())
        with pytest.raises(NotFound):
            attendance.sheet_for_group(by_account(viewer(club.member)), foreign.id, today())
        with pytest.raises(Refusal):
            attendance.sheet_for_oneself(
                viewer(club.newcomers[0].person), club.offer.id, today() + timedelta(days=400)
            )

    def test_a_link_that_one_newcomer_passed_on_prints_that_name_only(self, club):
        lines = confirmations.addressed_by_link(club.contact.id, club.newcomers[2].id)
        signer = confirmations.Signer(lines, "Olena", "passed-link", viewer(club.member))
        sheet = attendance.sheet_for_group(signer, club.offer.id, today())
        assert [line.newcomer_id for line in sheet.names] == [club.newcomers[2].id]

    @pytest.mark.parametrize("code", ["", "nothing", "ABCDE-23456", "𝒽" * 300, "%"])
    def test_unknown_codes(self, site, code):
        with pytest.raises(NotFound):
            attendance.sheet_of(code)
