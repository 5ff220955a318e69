"""Proofs of participation: one per kind and contact person, frozen when signed, judged by the counsellor (R14, R15, 6d)."""

from datetime import timedelta

import pytest
from sqlalchemy import text, update
from sqlalchemy.exc import IntegrityError

from app.clock import now
from app.db import session, transaction
from app.errors import Forbidden, Invalid, Moved, NotFound, Refusal
from app.models import AuditEntry, Grant, HourEntry, Message, Proof, TrajectoryReached, Transition
from app.queries.newcomers import track_of
from app.queries.proofs import Validity, listed, proofs_of, validity_of
from app.security.viewer import ANONYMOUS, Viewer
from app.services import confirmations, hours, proofs, trajectories
from app.services.accounts import new_link
from app.vocabulary import OfferKind, Role
from app.vocabulary.records import LinkPurpose, ProofState, Subject
from tests import factories
from tests.factories import viewer
from tests.hours_world import (
    ACCEPTED,
    CONFIRMED,
    CORRECTED,
    REVERSED,
    SUBMITTED,
    World,
    by_account,
    link_for,
    track_for,
)


@pytest.fixture
def world(site) -> World:
    return World()


def confirm(world, *entries):
    confirmations.confirm(
        confirmations.signer_by_link(link_to(entries[0].contact_person_id), ANONYMOUS),
        [entry.id for entry in entries],
    )


def link_to(contact_id):
    return new_link(LinkPurpose.CONFIRM_HOURS, locale="nl", contact_person_id=contact_id)


def sign(world, proof, actor: Viewer = ANONYMOUS, **values):
    seen = [entry.id for entry in proofs.entries_on(proof)]
    signer = confirmations.signer_by_link(link_to(proof.contact_person_id), actor)
    return confirmations.sign(signer, proof.id, **{"seen": seen, "track_for": track_for, **values})


def waiting(world, **values):
    return world.entry(SUBMITTED, **values)


def all_proofs():
    session().expire_all()
    return session().query(Proof).order_by(Proof.id).all()


def decide(world, what, proof_id, actor=None):
    actor = actor or viewer(world.counsellor)
    return {
        "accept": lambda: trajectories.accept(actor, world.newcomer.id, proof_id, track_for),
        "doubt": lambda: trajectories.doubt(actor, world.newcomer.id, proof_id, note="Bel eerst"),
        "return": lambda: trajectories.return_proof(
            actor, world.newcomer.id, proof_id, note="Welke dag?", track_for=track_for, link_for=link_for
        ),
    }[what]()


class TestKeys:
    """R14 and R14b: newcomer, kind of offer, contact person."""

    def test_same_kind_and_contact_person_is_one_proof(self, world):
        for _ in range(5):
            confirm(world, waiting(world))
        (proof,) = all_proofs()
        assert len(proofs.entries_on(proof)) == 5

    def test_two_kinds_are_two_proofs(self, world):
        offers = [
            factories.offer(kind=kind, contact_person=world.contact)
            for kind in (OfferKind.SPORT, OfferKind.COURSE, OfferKind.SPORT)
        ]
        for offer in offers:
            confirm(world, factories.entry(world.newcomer, offer, state=SUBMITTED))
        assert sorted(proof.kind for proof in all_proofs()) == [OfferKind.COURSE, OfferKind.SPORT]

    def test_two_contact_persons_of_one_organisation_are_two_proofs(self, world):
        club = factories.organisation()
        for _ in range(2):
            offer = factories.offer(contact_person=factories.contact(organisation_id=club.id))
            confirm(world, factories.entry(world.newcomer, offer, state=SUBMITTED))
        assert len(all_proofs()) == 2

    def test_two_newcomers_are_two_proofs(self, world):
        confirm(
            world,
            waiting(world),
            factories.entry(factories.newcomer(), world.offer, state=SUBMITTED),
        )
        assert len(all_proofs()) == 2

    def test_a_correction_that_is_agreed_with_joins_too(self, world):
        entry = world.entry(CORRECTED)
        hours.agree(viewer(world.newcomer.person), entry.id)
        assert [line.minutes for line in proofs.entries_on(all_proofs()[0])] == [90]

    def test_hours_after_the_signature_open_a_second_proof(self, world):
        confirm(world, waiting(world))
        sign(world, all_proofs()[0])
        confirm(world, waiting(world))
        first, second = all_proofs()
        assert (first.state, second.state) == (ProofState.SIGNED, ProofState.OPEN)
        assert len(proofs.entries_on(first)) == len(proofs.entries_on(second)) == 1


class TestSigning:
    def test_what_is_kept_with_the_signature(self, world):
        confirm(world, waiting(world, minutes=150), waiting(world, minutes=15))
        proof = sign(world, all_proofs()[0], remark="Graag gedaan")
        paper = proof.paper
        assert proof.number.split("-")[1] == f"{proof.id:07}"
        year, serial, check = proof.number.split("-")
        assert int(year + serial) % 97 == int(check)
        assert len(paper.public_number) == 19
        assert (paper.minutes, paper.content["newcomer"], paper.content["remark"]) == (
            165,
            "Sami",
            "Graag gedaan",
        )
        assert paper.content["signature"] == {"name": "Marleen", "way": "mailed-link"}
        assert paper.content["agency"]
        mail = session().query(Message).filter_by(kind="proof-signed").one()
        assert mail.person_id == world.newcomer.person_id
        assert session().query(AuditEntry).filter_by(action="proof-signed").count() == 1

    def test_numbers_are_not_guessed_from_one_another(self, world):
        numbers = set()
        for _ in range(3):
            confirm(world, waiting(world))
            numbers.add(sign(world, all_proofs()[-1]).paper.public_number)
        assert len(numbers) == 3
        assert len({number[:9] for number in numbers}) == 3

    def test_the_newcomer_never_signs(self, world):
        """R13."""
        confirm(world, waiting(world))
        with pytest.raises(Forbidden):
            sign(world, all_proofs()[0], viewer(world.newcomer.person))

    @pytest.mark.parametrize("same", ["email", "phone", "person_id"])
    def test_nor_under_another_name(self, world, same):
        person = world.newcomer.person
        value = person.id if same == "person_id" else getattr(person, same)
        contact = factories.contact(**{"email": None, "phone": None, same: value})
        entry = factories.entry(world.newcomer, factories.offer(contact_person=contact), state=CONFIRMED)
        with transaction():
            proofs.join(entry)
        with pytest.raises(Forbidden):
            sign(world, all_proofs()[0])
        assert all_proofs()[0].state is ProofState.OPEN

    def test_only_the_contact_person_signs(self, world):
        """R12."""
        confirm(world, waiting(world))
        proof = all_proofs()[0]
        for name, person in world.people.items():
            if name == "buddy":
                continue
            with pytest.raises((Forbidden, NotFound)):
                confirmations.sign(by_account(viewer(person)), proof.id, seen=[], track_for=track_for)
        stranger = confirmations.signer_by_link(link_to(factories.contact().id), ANONYMOUS)
        with pytest.raises(NotFound):
            confirmations.sign(stranger, proof.id, seen=[], track_for=track_for)
        passed_on = new_link(
            LinkPurpose.CONFIRM_HOURS, locale="nl", contact_person_id=world.contact.id, newcomer=factories.newcomer().id
        )  # fmt: skip
        with pytest.raises(NotFound):
            confirmations.sign(
                confirmations.signer_by_link(passed_on, ANONYMOUS), proof.id, seen=[], track_for=track_for
            )
        seen = [entry.id for entry in proofs.entries_on(proof)]
        signed = confirmations.sign(
            by_account(viewer(world.buddy.person)), proof.id, seen=seen, track_for=track_for
        )
        assert signed.paper.signed_by_id == world.buddy.person_id

    def test_an_organisation_that_is_not_verified_does_not_sign(self, world):
        contact = factories.contact(organisation_id=factories.organisation(verified=False).id)
        entry = factories.entry(world.newcomer, factories.offer(contact_person=contact), state=CONFIRMED)
        with transaction():
            proofs.join(entry)
        with pytest.raises(Forbidden):
            sign(world, all_proofs()[0])

    def test_what_was_not_seen_is_not_signed(self, world):
        confirm(world, waiting(world))
        for seen in ([], [999_999]):
            with pytest.raises(Moved) as refusal:
                sign(world, all_proofs()[0], seen=seen)
            assert refusal.value.code == "other-lines"
        with pytest.raises(Invalid):
            sign(world, all_proofs()[0], remark="x" * 301)

    def test_once(self, world):
        confirm(world, waiting(world))
        sign(world, all_proofs()[0])
        with pytest.raises(Moved) as refusal:
            sign(world, all_proofs()[0])
        assert "Marleen" in str(refusal.value.message)

    def test_the_newcomer_asks_for_the_signature(self, world):
        confirm(world, waiting(world))
        proof, newcomer = all_proofs()[0], viewer(world.newcomer.person)
        token = hours.ask_to_sign(newcomer, proof.id, link_for)
        signer = confirmations.signer_by_link(token, ANONYMOUS)
        assert [item.minutes for item in listed(proofs_of(signer.lines))[0]] == [120]
        with pytest.raises(NotFound):
            hours.ask_to_sign(viewer(world.people["other newcomer"]), proof.id, link_for)
        sign(world, proof)
        with pytest.raises(Moved):
            hours.ask_to_sign(newcomer, proof.id, link_for)


FROZEN = {
    "an entry leaves": "UPDATE hour_entry SET proof_id = NULL",
    "an entry is longer": "UPDATE hour_entry SET minutes = 300",
    "an entry moves": "UPDATE hour_entry SET starts_at = '2026-01-01', ends_at = '2026-01-02'",
    "another newcomer": "UPDATE proof SET newcomer_id = newcomer_id + 1",
    "another number": "UPDATE proof SET number = '2026-0000001-00'",
    "another signature": "UPDATE proof SET signed_name = 'Iemand'",
    "opened again": "UPDATE proof SET state = 'open'",
    "another paper": "UPDATE proof_paper SET minutes = 300",
}


class TestFreezing:
    @pytest.mark.parametrize("change", FROZEN)
    def test_the_database_refuses(self, world, change):
        confirm(world, waiting(world))
        sign(world, all_proofs()[0])
        with pytest.raises(IntegrityError, match="a signed proof is not changed"), transaction() as db:
            db.execute(text(FROZEN[change]))

    def test_the_database_refuses_another_line(self, world):
        confirm(world, waiting(world))
        proof_id = sign(world, all_proofs()[0]).id
        late = world.entry(CONFIRMED)
        with pytest.raises(IntegrityError, match="a signed proof is not changed"), transaction() as db:
            db.execute(update(HourEntry).where(HourEntry.id == late.id).values(proof_id=proof_id))
        with pytest.raises(IntegrityError, match="a signed proof is not changed"):
            world.entry(CONFIRMED, proof_id=proof_id)

    @pytest.mark.parametrize(
        "change", [change for name, change in FROZEN.items() if "entry" in name or "newcomer" in name]
    )
    def test_this_test_would_see_that_nothing_is_guarded(self, world, change):
        """The same changes pass on a proof that is open, so it is the guard that refuses them."""
        confirm(world, waiting(world))
        other = factories.newcomer().id
        with transaction() as db:
            db.execute(text(change.replace("newcomer_id + 1", str(other))))

    def test_a_line_goes_back_alone_only_before_the_signature(self, world):
        first, second = waiting(world), waiting(world)
        confirm(world, first, second)
        back = lambda entry: trajectories.give_back(  # noqa: E731
            viewer(world.counsellor), world.newcomer.id, entry.id, note="?", track_for=track_for
        )
        back(first)
        session().expire_all()
        assert (first.state, first.proof_id) == (SUBMITTED, None)
        proof = sign(world, all_proofs()[0])
        assert proof.paper.entry_ids == [second.id]
        with pytest.raises(Refusal) as refusal:
            back(second)
        assert refusal.value.code == "on-signed-proof"


class TestJudging:
    def signed(self, world, *lengths):
        confirm(world, *(waiting(world, minutes=minutes) for minutes in lengths or (120,)))
        return sign(world, all_proofs()[-1])

    def test_accepting_the_proof_accepts_its_lines(self, world):
        proof = self.signed(world, 60, 90)
        assert decide(world, "accept", proof.id) == 2
        (proof,) = all_proofs()
        assert (proof.state, proof.judged_by_id) == (ProofState.ACCEPTED, world.counsellor.id)
        assert {entry.state for entry in proofs.entries_on(proof)} == {ACCEPTED}
        assert track_of(viewer(world.newcomer.person)).totals.accepted == 150

    def test_who_signed_does_not_accept(self, world):
        with transaction() as db:
            db.add(Grant(person_id=world.buddy.person_id, role=Role.COUNSELLOR, agency_slug="agii"))
        proof = self.signed(world)
        with transaction():
            world.newcomer.counsellor_id = world.buddy.person_id
        for what in ("accept", "doubt", "return"):
            with pytest.raises(Forbidden):
                decide(world, what, proof.id, viewer(world.buddy.person))

    def test_doubt_keeps_it_with_a_note_for_staff(self, world):
        proof = self.signed(world)
        decide(world, "doubt", proof.id)
        (proof,) = all_proofs()
        assert proof.state is ProofState.IN_VERIFICATION
        note = session().query(Transition).filter_by(subject=Subject.PROOF, to_state="in_verification").one()
        assert (note.note, note.actor_id) == ("Bel eerst", world.counsellor.id)
        assert validity_of(proof.paper.public_number) is Validity.VALID
        assert decide(world, "accept", proof.id) == 1

    def test_returned_lines_are_told_anew_and_the_next_paper_names_the_old_one(self, world):
        proof = self.signed(world, 60, 90)
        old = [entry.id for entry in proofs.entries_on(proof)]
        decide(world, "return", proof.id)
        (proof,) = all_proofs()
        assert proof.state is ProofState.RETURNED
        assert validity_of(proof.paper.public_number) is Validity.REPLACED
        entries = session().query(HourEntry).all()
        assert sorted((entry.minutes, entry.state) for entry in entries) == [
            (-90, REVERSED), (-60, REVERSED), (60, REVERSED), (60, SUBMITTED), (90, REVERSED), (90, SUBMITTED),
        ]  # fmt: skip
        assert session().query(Message).filter_by(kind="proof-returned").one().text.count("Welke dag?")
        anew = [entry for entry in entries if entry.state is SUBMITTED]
        assert not {entry.id for entry in anew} & set(old)
        confirm(world, *anew)
        second = sign(world, all_proofs()[-1])
        assert second.paper.content["replaces"] == all_proofs()[0].number
        assert all_proofs()[0].replaced_by.proof_id == second.id
        with pytest.raises(Moved):
            decide(world, "accept", proof.id)
        assert decide(world, "accept", second.id) == 2

    def test_taking_a_line_back_draws_the_proof_up_again(self, world):
        proof = self.signed(world, 60, 90)
        decide(world, "accept", proof.id)
        first, second = proofs.entries_on(all_proofs()[0])
        reverse = lambda entry: trajectories.reverse(  # noqa: E731
            viewer(world.counsellor), world.newcomer.id, entry.id, note="Dubbel"
        )
        reverse(first)
        old, new = all_proofs()
        assert (new.state, new.paper.minutes, new.paper.entry_ids) == (
            ProofState.ACCEPTED,
            second.minutes,
            [second.id],
        )
        assert (new.paper.content["replaces"], new.signed_name) == (old.number, "Marleen")
        assert new.paper.content["taken_back"] == [first.day.isoformat()]
        assert (validity_of(old.paper.public_number), validity_of(new.paper.public_number)) == (
            Validity.REPLACED,
            Validity.VALID,
        )
        assert new.number.split("-")[1] == f"{new.id:07}"
        reverse(second)
        assert [proof.holds for proof in all_proofs()] == [False, False]
        assert all_proofs()[1].state is ProofState.RETURNED
        assert track_of(viewer(world.newcomer.person)).totals.accepted == 0

    @pytest.mark.parametrize("what", ["doubt", "return"])
    def test_no_doubt_without_words(self, world, what):
        proof, actor = self.signed(world), viewer(world.counsellor)
        more = {"track_for": track_for, "link_for": link_for} if what == "return" else {}
        act = {"doubt": trajectories.doubt, "return": trajectories.return_proof}[what]
        with pytest.raises(Invalid):
            act(actor, world.newcomer.id, proof.id, note="", **more)

    def test_160_quarters_are_exactly_40_hours(self, world):
        """R01, R02: hours of several proofs are added up to the minute."""
        day = now().replace(hour=6, minute=0, second=0, microsecond=0)
        entries = [
            waiting(world, minutes=15, starts_at=day - timedelta(days=at // 16 + 1) + timedelta(minutes=15 * (at % 16)))
            for at in range(160)
        ]  # fmt: skip
        confirm(world, *entries[:159])
        decide(world, "accept", sign(world, all_proofs()[0]).id)
        assert session().query(TrajectoryReached).count() == 0
        confirm(world, entries[159])
        decide(world, "accept", sign(world, all_proofs()[1]).id)
        assert session().query(TrajectoryReached).one().minutes == 2400

    def test_39_59_is_never_reached(self, world):
        """R01."""
        entries = [
            waiting(world, minutes=minutes, starts_at=now() - timedelta(days=day))
            for day, minutes in ((3, 800), (5, 800), (7, 799))
        ]
        confirm(world, *entries)
        decide(world, "accept", sign(world, all_proofs()[0]).id)
        assert session().query(TrajectoryReached).count() == 0


STATES = {
    "accept": {ProofState.SIGNED: ProofState.ACCEPTED, ProofState.IN_VERIFICATION: ProofState.ACCEPTED},
    "doubt": {ProofState.SIGNED: ProofState.IN_VERIFICATION},
    "return": {ProofState.SIGNED: ProofState.RETURNED, ProofState.IN_VERIFICATION: ProofState.RETURNED},
}


def in_state(world, state):
    """A proof in that state, by the use-cases."""
    confirm(world, waiting(world))
    proof = all_proofs()[-1]
    if state is ProofState.OPEN:
        return proof
    sign(world, proof)
    way = {ProofState.ACCEPTED: "accept", ProofState.IN_VERIFICATION: "doubt", ProofState.RETURNED: "return"}
    if state in way:
        decide(world, way[state], proof.id)
    return proof


@pytest.mark.parametrize("event", STATES)
def test_every_decision_in_every_state_by_every_role(world, event):
    actors = {name: viewer(person) for name, person in world.people.items()} | {"nobody": ANONYMOUS}
    for before in ProofState:
        proof = in_state(world, before)
        for name, actor in actors.items():
            if name == "counsellor" and before in STATES[event]:
                continue
            with pytest.raises((Forbidden, NotFound, Moved)):
                decide(world, event, proof.id, actor)
            session().expire_all()
            assert proof.state is before, f"{event} of {before} by {name}"
        if before in STATES[event]:
            decide(world, event, proof.id)
            session().expire_all()
            assert proof.state is STATES[event][before]
            last = session().query(Transition).filter_by(subject=Subject.PROOF, subject_id=proof.id)
            assert last.order_by(Transition.id.desc()).first().actor_id == world.counsellor.id
        if before is ProofState.OPEN:
            sign(world, proof)  # so that the next one has a proof of its own
