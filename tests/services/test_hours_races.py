"""What happens at the same moment happens once."""

import threading
from collections.abc import Callable
from datetime import time, timedelta

import pytest
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from app import db
from app.clock import now, today
from app.db import session, transaction
from app.errors import Invalid, Moved, Refusal
from app.models import HourEntry, Link, Proof, ProofPaper, Transition
from app.queries.hours import overlapping
from app.security.viewer import ANONYMOUS
from app.services import confirmations, hours, trajectories
from app.services.records import record_transition
from app.vocabulary.records import LinkPurpose, ProofState, Subject
from tests import factories
from tests.factories import viewer
from tests.hours_world import (
    CONFIRMED,
    SUBMITTED,
    World,
    by_account,
    link_for,
    telling,
    track_for,
)


@pytest.fixture
def world(site) -> World:
    return World()


def together(site, count: int, act: Callable[[int], object]) -> list[object]:
    """Let `count` threads act at the same moment, each with its own session; what each returned or refused."""
    ready, results = threading.Barrier(count), [None] * count

    def run(number: int) -> None:
        with site.app_context():
            ready.wait(timeout=20)
            try:
                results[number] = act(number)
            except Refusal as refusal:
                results[number] = refusal
            finally:
                db.release()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    session().rollback()  # what was read before is an older picture
    return results


class TestAtTheSameMoment:
    THREADS = 8

    def test_overlapping_hours_are_kept_once(self, world, site):
        """R49, also when both are told at the same moment."""
        actor, offer_id = viewer(world.newcomer.person), world.offer.id
        for turn in range(5):
            day = today() - timedelta(days=turn + 2)
            results = together(
                site, self.THREADS,
                lambda number, day=day, turn=turn: hours.tell(
                    actor, offer_id, telling(f"{turn}-{number}", day=day, at=time(10, number)), link_for
                ).id,
            )  # fmt: skip
            assert sum(isinstance(result, int) for result in results) == 1
            assert {result.code for result in results if isinstance(result, Invalid)} == {"overlap"}
        session().expire_all()
        assert session().query(HourEntry).count() == 5

    def test_this_test_would_see_a_check_without_a_lock(self, world, site):
        newcomer_id, offer_id, contact_id = world.newcomer.id, world.offer.id, world.contact.id
        person_id = world.newcomer.person_id
        start = now() - timedelta(days=2)
        checked = threading.Barrier(self.THREADS)

        def careless(number: int) -> int:
            starts, ends = start, start + timedelta(hours=2)
            found = session().scalars(overlapping(newcomer_id, starts, ends)).first()
            session().rollback()
            checked.wait(timeout=20)
            assert found is None
            with transaction() as inside:
                inside.add(
                    HourEntry(
                        newcomer_id=newcomer_id, offer_id=offer_id, contact_person_id=contact_id, starts_at=starts, ends_at=ends,
                        minutes=120, dutch_company=True, entered_by_id=person_id, submission_key=f"careless-{number}",
                    )
                )  # fmt: skip
            return number

        results = together(site, self.THREADS, careless)
        assert sum(isinstance(result, int) for result in results) > 1

    def test_the_same_form_is_one_entry(self, world, site):
        actor, offer_id = viewer(world.newcomer.person), world.offer.id
        results = together(
            site, self.THREADS, lambda number: hours.tell(actor, offer_id, telling("one form"), link_for).id
        )
        assert len(set(results)) == 1
        assert isinstance(results[0], int)

    def test_one_answer_to_one_line(self, world, site):
        entry_id = world.entry(SUBMITTED).id
        token, buddy = world.link(), viewer(world.buddy.person)

        def answer(number: int) -> object:
            signer = confirmations.signer_by_link(token, ANONYMOUS) if number % 2 else by_account(buddy)
            return confirmations.confirm(signer, [entry_id])

        results = together(site, self.THREADS, answer)
        assert results.count(1) == 1
        assert sum(isinstance(result, Moved) for result in results) == self.THREADS - 1
        assert session().query(Transition).filter_by(to_state="confirmed").count() == 1

    def test_this_test_would_see_an_answer_without_a_condition(self, world, site):
        """Looking first and writing then lets everybody answer, as it would accept, sign or use a code twice."""
        entry_id = world.entry(SUBMITTED).id
        looked = threading.Barrier(self.THREADS)

        def careless(number: int) -> int:
            waits = session().get_one(HourEntry, entry_id).state is SUBMITTED
            session().rollback()
            looked.wait(timeout=20)
            assert waits
            with transaction() as inside:
                inside.execute(
                    update(HourEntry).where(HourEntry.id == entry_id).values(state=CONFIRMED, confirmed_name=f"{number}")
                )  # fmt: skip
                record_transition(Subject.HOUR_ENTRY, entry_id, SUBMITTED, CONFIRMED, actor=ANONYMOUS)
            return 1

        assert together(site, self.THREADS, careless).count(1) == self.THREADS
        assert session().query(Transition).filter_by(to_state="confirmed").count() == self.THREADS

    def test_one_acceptance(self, world, site):
        proof_id, newcomer_id = (
            factories.proof(world.entry(CONFIRMED, minutes=1440)).id,
            world.newcomer.id,
        )
        actor = viewer(world.counsellor)
        results = together(
            site, self.THREADS, lambda _: trajectories.accept(actor, newcomer_id, proof_id, track_for)
        )
        assert results.count(1) == 1
        assert (
            session().query(Transition).filter_by(to_state="accepted", subject=Subject.HOUR_ENTRY).count()
            == 1
        )

    def test_a_code_links_one_newcomer(self, world, site):
        code = trajectories.new_counsellor_code(viewer(world.counsellor), secret_key="x" * 40)
        actors = [viewer(factories.newcomer().person) for _ in range(4)]
        results = together(
            site, 4, lambda number: trajectories.link_counsellor(actors[number], code, secret_key="x" * 40)
        )
        assert results.count(None) == 1
        assert session().query(Link).filter_by(purpose=LinkPurpose.LINK_COUNSELLOR).one().used_at


class TestProofs:
    THREADS = 6

    def test_one_signature(self, world, site):
        proof_id, seen = opened(world)
        token, buddy = world.link(), viewer(world.buddy.person)

        def sign(number: int) -> object:
            signer = confirmations.signer_by_link(token, ANONYMOUS) if number % 2 else by_account(buddy)
            return confirmations.sign(signer, proof_id, seen=seen, track_for=track_for).id

        results = together(site, self.THREADS, sign)
        assert results.count(proof_id) == 1
        assert sum(isinstance(result, Moved) for result in results) == self.THREADS - 1
        assert session().query(ProofPaper).count() == 1

    def test_a_line_that_comes_while_it_is_signed_is_on_one_proof(self, world, site):
        """Either it came first, and what was seen is no longer all, or it opens the next proof."""
        for _ in range(4):
            proof_id, seen = opened(world)
            late = world.entry(SUBMITTED).id
            signer = confirmations.signer_by_link(world.link(), ANONYMOUS)
            acts = (
                lambda signer=signer, late=late: confirmations.confirm(signer, [late]),
                lambda signer=signer, key=proof_id, seen=seen: (
                    confirmations.sign(signer, key, seen=seen, track_for=track_for).state
                ),
            )
            results = together(site, 2, lambda number, acts=acts: acts[number]())
            session().expire_all()
            proof, entry = session().get(Proof, proof_id), session().get(HourEntry, late)
            if proof.state is ProofState.SIGNED:
                assert entry.proof_id != proof_id
                assert sorted(proof.paper.entry_ids) == sorted(seen)
            else:
                assert isinstance(results[1], Moved)
                assert entry.proof_id == proof_id

    def test_this_test_would_see_a_look_without_a_lock(self, world, site):
        """Without the newcomer's row held, several open proofs are made at once: only the database stops them."""
        newcomer_id, contact_id = world.newcomer.id, world.contact.id
        looked = threading.Barrier(self.THREADS)

        def careless(number: int) -> bool:
            found = session().query(Proof).filter_by(newcomer_id=newcomer_id).count()
            session().rollback()
            looked.wait(timeout=20)
            assert not found
            with transaction() as inside:
                inside.add(
                    Proof(newcomer_id=newcomer_id, contact_person_id=contact_id, kind="sport", number=f"open-{number}")
                )  # fmt: skip
            return True

        def act(number: int) -> object:
            try:
                return careless(number)
            except IntegrityError:
                return "stopped"

        assert together(site, self.THREADS, act).count("stopped") == self.THREADS - 1


def opened(world) -> tuple[int, list[int]]:
    """A new open proof with one line: its key, and that of the line."""
    entry = world.entry(SUBMITTED)
    confirmations.confirm(by_account(viewer(world.buddy.person)), [entry.id])
    session().expire_all()
    return entry.proof_id, [line.id for line in session().query(HourEntry).filter_by(proof_id=entry.proof_id)]
