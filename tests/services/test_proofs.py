"""Proofs of participation: one per kind and contact person, numbered, and frozen when signed (R12, R13, R14, 6d)."""

import pytest
from sqlalchemy import text, update
from sqlalchemy.exc import IntegrityError

from app.db import session, transaction
from app.errors import Forbidden, Invalid, Moved, NotFound, Refusal
from app.models import AuditEntry, HourEntry, Message
from app.queries.proofs import listed, proofs_of
from app.security.viewer import ANONYMOUS
from app.services import confirmations, hours, proofs, trajectories
from app.services.accounts import new_link
from app.vocabulary import OfferKind
from app.vocabulary.records import LinkPurpose, ProofState
from tests import factories
from tests.factories import viewer
from tests.hours_acts import all_proofs, confirm, link_to, sign
from tests.hours_world import CONFIRMED, CORRECTED, SUBMITTED, World, by_account, link_for, track_for


@pytest.fixture
def world(site) -> World:
    return World()


def waiting(world, **values):
    return world.entry(SUBMITTED, **values)


class TestKeys:
    """R14 and R14b: newcomer, kind of offer, contact person."""

    def test_same_kind_and_contact_person_is_one_proof(self, world):
        for _ in range(5):
            confirm(waiting(world))
        (proof,) = all_proofs()
        assert len(proofs.entries_on(proof)) == 5

    def test_two_kinds_are_two_proofs(self, world):
        offers = [
            factories.offer(kind=kind, contact_person=world.contact)
            for kind in (OfferKind.SPORT, OfferKind.COURSE, OfferKind.SPORT)
        ]
        for offer in offers:
            confirm(factories.entry(world.newcomer, offer, state=SUBMITTED))
        assert sorted(proof.kind for proof in all_proofs()) == [OfferKind.COURSE, OfferKind.SPORT]

    def test_two_contact_persons_of_one_organisation_are_two_proofs(self, world):
        club = factories.organisation()
        for _ in range(2):
            offer = factories.offer(contact_person=factories.contact(organisation_id=club.id))
            confirm(factories.entry(world.newcomer, offer, state=SUBMITTED))
        assert len(all_proofs()) == 2

    def test_two_newcomers_are_two_proofs(self, world):
        confirm(
            waiting(world),
            factories.entry(factories.newcomer(), world.offer, state=SUBMITTED),
        )
        assert len(all_proofs()) == 2

    def test_a_correction_that_is_agreed_with_joins_too(self, world):
        entry = world.entry(CORRECTED)
        hours.agree(viewer(world.newcomer.person), entry.id)
        assert [line.minutes for line in proofs.entries_on(all_proofs()[0])] == [90]

    def test_hours_after_the_signature_open_a_second_proof(self, world):
        confirm(waiting(world))
        sign(all_proofs()[0])
        confirm(waiting(world))
        first, second = all_proofs()
        assert (first.state, second.state) == (ProofState.SIGNED, ProofState.OPEN)
        assert len(proofs.entries_on(first)) == len(proofs.entries_on(second)) == 1


class TestSigning:
    def test_what_is_kept_with_the_signature(self, world):
        confirm(waiting(world, minutes=150), waiting(world, minutes=15))
        proof = sign(all_proofs()[0], remark="Graag gedaan")
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
            confirm(waiting(world))
            numbers.add(sign(all_proofs()[-1]).paper.public_number)
        assert len(numbers) == 3
        assert len({number[:9] for number in numbers}) == 3

    def test_the_newcomer_never_signs(self, world):
        """R13."""
        confirm(waiting(world))
        with pytest.raises(Forbidden):
            sign(all_proofs()[0], viewer(world.newcomer.person))

    @pytest.mark.parametrize("same", ["email", "phone", "person_id"])
    def test_nor_under_another_name(self, world, same):
        person = world.newcomer.person
        value = person.id if same == "person_id" else getattr(person, same)
        contact = factories.contact(**{"email": None, "phone": None, same: value})
        entry = factories.entry(world.newcomer, factories.offer(contact_person=contact), state=CONFIRMED)
        with transaction():
            proofs.join(entry)
        with pytest.raises(Forbidden):
            sign(all_proofs()[0])
        assert all_proofs()[0].state is ProofState.OPEN

    def test_only_the_contact_person_signs(self, world):
        """R12."""
        confirm(waiting(world))
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
            sign(all_proofs()[0])

    def test_what_was_not_seen_is_not_signed(self, world):
        confirm(waiting(world))
        for seen in ([], [999_999]):
            with pytest.raises(Moved) as refusal:
                sign(all_proofs()[0], seen=seen)
            assert refusal.value.code == "other-lines"
        with pytest.raises(Invalid):
            sign(all_proofs()[0], remark="x" * 301)

    def test_once(self, world):
        confirm(waiting(world))
        sign(all_proofs()[0])
        with pytest.raises(Moved) as refusal:
            sign(all_proofs()[0])
        assert "Marleen" in str(refusal.value.message)

    def test_the_newcomer_asks_for_the_signature(self, world):
        confirm(waiting(world))
        proof, newcomer = all_proofs()[0], viewer(world.newcomer.person)
        token = hours.ask_to_sign(newcomer, proof.id, link_for)
        signer = confirmations.signer_by_link(token, ANONYMOUS)
        assert [item.minutes for item in listed(proofs_of(signer.lines))[0]] == [120]
        with pytest.raises(NotFound):
            hours.ask_to_sign(viewer(world.people["other newcomer"]), proof.id, link_for)
        sign(proof)
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
        confirm(waiting(world))
        sign(all_proofs()[0])
        with pytest.raises(IntegrityError, match="a signed proof is not changed"), transaction() as db:
            db.execute(text(FROZEN[change]))

    def test_the_database_refuses_another_line(self, world):
        confirm(waiting(world))
        proof_id = sign(all_proofs()[0]).id
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
        confirm(waiting(world))
        other = factories.newcomer().id
        with transaction() as db:
            db.execute(text(change.replace("newcomer_id + 1", str(other))))

    def test_a_line_goes_back_alone_only_before_the_signature(self, world):
        first, second = waiting(world), waiting(world)
        confirm(first, second)
        back = lambda entry: trajectories.give_back(  # noqa: E731
            viewer(world.counsellor), world.newcomer.id, entry.id, note="?", track_for=track_for
        )
        back(first)
        session().expire_all()
        assert (first.state, first.proof_id) == (SUBMITTED, None)
        proof = sign(all_proofs()[0])
        assert proof.paper.entry_ids == [second.id]
        with pytest.raises(Refusal) as refusal:
            back(second)
        assert refusal.value.code == "on-signed-proof"
