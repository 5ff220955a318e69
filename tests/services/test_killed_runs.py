"""A run whose process is killed leaves nothing, and two runs of one network are never under way at once."""

import subprocess
import sys
import time
from random import Random
from threading import Barrier, Thread

import pytest
from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import IntegrityError

from app import db
from app.clock import today
from app.db import session, transaction
from app.extensions import queue
from app.models import Proposal, Run, Transition
from app.services import matches
from app.vocabulary import ProposalState
from app.vocabulary.records import RunState
from tests import factories

NETWORK = "rivierenland"
KILLS = 8
UNDER_WAY = {RunState.QUEUED, RunState.RUNNING}


@pytest.fixture
def coordinator(site):
    return factories.viewer(factories.coordinator())


@pytest.fixture
def killer(fresh_database):
    """Asks the killer: the run, and after how many seconds."""
    program = subprocess.Popen(
        [sys.executable, "-m", "tests.services.killer", fresh_database],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip

    def ask(run_id, seconds):
        program.stdin.write(f"{run_id} {seconds}\n")
        program.stdin.flush()
        return program.stdout.readline().strip()

    with program:
        yield ask
        program.stdin.close()


def kept(run_id):
    """What a run left behind."""
    session().expire_all()
    found = session().scalars(select(Proposal).where(Proposal.run_id == run_id)).unique()
    return sorted((row.newcomer_id, row.buddy_id, row.score, row.state.value) for row in found)


def waiting_run(coordinator, monkeypatch):
    """A run that no worker takes up yet."""
    with monkeypatch.context() as no_worker:
        no_worker.setattr(queue, "put", lambda *_job: None)
        return matches.start_run(coordinator, NETWORK)


def test_a_process_killed_at_any_moment_leaves_nothing(coordinator, killer, monkeypatch):
    for _ in range(6):
        factories.newcomer()
        factories.buddy()
    first = waiting_run(coordinator, monkeypatch)
    db.release()
    assert killer(first, 60) == "done"
    second = waiting_run(coordinator, monkeypatch)
    db.release()
    began = time.perf_counter()
    assert killer(second, 60) == "done"
    whole = time.perf_counter() - began
    before, random, killed = kept(second), Random(), 0
    steps = session().scalar(select(func.count()).select_from(Transition))
    run_id = waiting_run(coordinator, monkeypatch)
    for _ in range(KILLS):
        db.release()
        killed += killer(run_id, random.uniform(0.05, 0.8) * whole) == "killed"
        run = session().get_one(Run, run_id, populate_existing=True)
        if run.state is RunState.DONE:
            break
        assert run.state in UNDER_WAY
        assert kept(run_id) == []
        assert kept(second) == before
        assert session().scalar(select(func.count()).select_from(Transition)) == steps
        with transaction():
            session().execute(update(Run).where(Run.id == run_id).values(state=RunState.QUEUED))
    assert killed
    db.release()
    killer(run_id, 60)
    assert session().get_one(Run, run_id, populate_existing=True).state is RunState.DONE
    assert [row[:3] for row in kept(run_id)] == [row[:3] for row in before]
    assert {row[3] for row in kept(second)} == {ProposalState.LAPSED.value}


def started_at_once(site, coordinator, monkeypatch, how_many=4):
    """How many runs are under way after so many starts at the same moment."""
    monkeypatch.setattr(queue, "put", lambda *_job: None)
    begin, heard = Barrier(how_many), []

    def start():
        with site.app_context():
            begin.wait()
            try:
                heard.append(matches.start_run(coordinator, NETWORK))
            except Exception as refusal:  # noqa: BLE001 - what else comes out is for the test to judge
                heard.append(refusal)
            finally:
                db.release()

    threads = [Thread(target=start) for _ in range(how_many)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    db.release()
    return heard, session().scalar(select(func.count()).select_from(Run).where(Run.state.in_(UNDER_WAY)))


def test_two_runs_at_once_are_one(site, coordinator, monkeypatch):
    heard, under_way = started_at_once(site, coordinator, monkeypatch)
    assert under_way == 1
    assert len([item for item in heard if isinstance(item, int)]) == 1
    assert {type(item) for item in heard if not isinstance(item, int)} == {matches.AlreadyRunning}


def put_in_at_once(site, coordinator, how_many=4):
    """So many runs written at the same moment by who looks at nothing; how many are under way then."""
    begin = Barrier(how_many)

    def put_in():
        with site.app_context():
            begin.wait()
            try:
                with transaction() as current:
                    current.add(
                        Run(network_slug=NETWORK, programme_id=1, by_person_id=coordinator.person_id, as_of=today(), weights_version="t", weights={})
                    )  # fmt: skip
            except IntegrityError:
                pass
            finally:
                db.release()

    threads = [Thread(target=put_in) for _ in range(how_many)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    db.release()
    return session().scalar(select(func.count()).select_from(Run).where(Run.state.in_(UNDER_WAY)))


def test_the_database_itself_keeps_two_runs_apart(site, coordinator):
    assert put_in_at_once(site, coordinator) == 1


def test_negative_control_without_the_guard_of_the_database_there_are_more(site, coordinator):
    index = next(item for item in Run.__table__.indexes if item.name == "uq_run_under_way")
    with transaction() as current:
        index.drop(current.connection())
    try:
        assert put_in_at_once(site, coordinator) == 4
    finally:
        with transaction() as current:
            current.execute(delete(Run))
            index.create(current.connection())
