"""Signed proofs are judged by the counsellor: accepted, kept in doubt, returned, drawn up again (R15, R50, 6d)."""

import pytest

from app.db import session, transaction
from app.errors import Forbidden, Invalid, Moved
from app.models import Grant, HourEntry, Message, Transition
from app.queries.newcomers import track_of
from app.queries.proofs import Validity, validity_of
from app.services import proofs, trajectories
from app.vocabulary import Role
from app.vocabulary.records import ProofState, Subject
from tests.factories import viewer
from tests.hours_acts import PROOF_ACTS, all_proofs, confirm, sign
from tests.hours_world import ACCEPTED, REVERSED, SUBMITTED, World, link_for, track_for


@pytest.fixture
def world(site) -> World:
    return World()


def waiting(world, **values):
    return world.entry(SUBMITTED, **values)


def signed(world, *lengths):
    confirm(*(waiting(world, minutes=minutes) for minutes in lengths or (120,)))
    return sign(all_proofs()[-1])


def decide(world, what, proof_id, actor=None):
    return PROOF_ACTS[what].does(world, actor or viewer(world.counsellor), proof_id)


class TestJudging:
    def test_accepting_the_proof_accepts_its_lines(self, world):
        proof = signed(world, 60, 90)
        assert decide(world, "accept", proof.id) == 2
        (proof,) = all_proofs()
        assert (proof.state, proof.judged_by_id) == (ProofState.ACCEPTED, world.counsellor.id)
        assert {entry.state for entry in proofs.entries_on(proof)} == {ACCEPTED}
        assert track_of(viewer(world.newcomer.person)).totals.accepted == 150

    def test_who_signed_does_not_accept(self, world):
        with transaction() as db:
            db.add(Grant(person_id=world.buddy.person_id, role=Role.COUNSELLOR, agency_slug="agii"))
        proof = signed(world)
        with transaction():
            world.newcomer.counsellor_id = world.buddy.person_id
        for what in ("accept", "doubt", "return"):
            with pytest.raises(Forbidden):
                decide(world, what, proof.id, viewer(world.buddy.person))

    def test_doubt_keeps_it_with_a_note_for_staff(self, world):
        proof = signed(world)
        decide(world, "doubt", proof.id)
        (proof,) = all_proofs()
        assert proof.state is ProofState.IN_VERIFICATION
        note = session().query(Transition).filter_by(subject=Subject.PROOF, to_state="in_verification").one()
        assert (note.note, note.actor_id) == ("Bel eerst", world.counsellor.id)
        assert validity_of(proof.paper.public_number) is Validity.VALID
        assert decide(world, "accept", proof.id) == 1

    def test_returned_lines_are_told_anew_and_the_next_paper_names_the_old_one(self, world):
        proof = signed(world, 60, 90)
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
        confirm(*anew)
        second = sign(all_proofs()[-1])
        assert second.paper.content["replaces"] == all_proofs()[0].number
        assert all_proofs()[0].replaced_by.proof_id == second.id
        with pytest.raises(Moved):
            decide(world, "accept", proof.id)
        assert decide(world, "accept", second.id) == 2

    def test_taking_a_line_back_draws_the_proof_up_again(self, world):
        proof = signed(world, 60, 90)
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
        proof, actor = signed(world), viewer(world.counsellor)
        more = {"track_for": track_for, "link_for": link_for} if what == "return" else {}
        act = {"doubt": trajectories.doubt, "return": trajectories.return_proof}[what]
        with pytest.raises(Invalid):
            act(actor, world.newcomer.id, proof.id, note="", **more)
