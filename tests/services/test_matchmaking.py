"""A run of the matcher: what goes in, what is stored, and that it is one at a time and survives a killed worker."""

import json
from datetime import timedelta
from threading import Thread

import pytest
from sqlalchemy import select, update

import matching
from app import db
from app.clock import now, today
from app.db import session, transaction
from app.errors import Forbidden, Moved, NotFound
from app.extensions import queue
from app.models import Buddy, Proposal, Run, Transition
from app.services import matches, matchmaking
from app.vocabulary import DuoState, NewcomerState, Obligation, ProposalRefusal, ProposalState
from app.vocabulary.records import RunState, Subject
from matching import understanding
from tests import duo_factories, factories


@pytest.fixture
def coordinator(site):
    return factories.viewer(factories.coordinator())


def run_of(run_id):
    session().expire_all()
    return session().get_one(Run, run_id)


def proposals(run_id):
    return (
        session()
        .scalars(select(Proposal).where(Proposal.run_id == run_id).order_by(Proposal.newcomer_id))
        .unique()
        .all()
    )


def test_a_run_stores_the_plan_as_the_matcher_made_it(coordinator):
    first = factories.newcomer(waiting_since=today() - timedelta(days=100))
    second = factories.newcomer(interests=["chess"])
    buddy = factories.buddy(capacity=2)
    run = run_of(matches.start_run(coordinator, "rivierenland"))
    assert (run.state, run.newcomers, run.places, run.matched, run.proved) == (RunState.DONE, 2, 2, 2, True)
    assert run.objective == run.bound == sum(proposal.utility for proposal in proposals(run.id))
    assert run.weights_version == run.weights["version"] == "2026-1"
    assert run.idf == {"people": 3, "named": {"cooking": 2, "cycling": 2, "chess": 1}}
    found = proposals(run.id)
    assert [(row.newcomer_id, row.buddy_id, row.state) for row in found] == [
        (first.id, buddy.id, ProposalState.SUGGESTED), (second.id, buddy.id, ProposalState.SUGGESTED),
    ]  # fmt: skip
    why = found[0].explanation
    assert sum(row["part"] for row in why["criteria"]) == found[0].score
    assert [row["code"] for row in why["criteria"]] == ["interests", "availability", "place", "languages"]
    assert all(rule["passed"] for rule in why["rules"])
    assert why["common"] == {
        "interests": ["cycling", "cooking"],
        "slots": ["sat-morning"],
        "languages": ["nl", "fr"],
    }
    assert not {"turn", "utility", "owes", "contract_end"} & set(json.dumps(why).replace('"', " ").split())


def test_alternatives_are_the_best_others_with_their_scores(coordinator):
    factories.newcomer()
    near = [factories.buddy(interests=["cooking", "cycling"][: count % 2 + 1]) for count in range(5)]
    (proposal,) = proposals(matches.start_run(coordinator, "rivierenland"))
    others = proposal.explanation["alternatives"]
    assert len(others) == 3
    assert proposal.buddy_id not in [row["buddy_id"] for row in others]
    assert [row["score"] for row in others] == sorted((row["score"] for row in others), reverse=True)
    assert all(row["score"] <= proposal.score for row in others)
    assert {row["buddy_id"] for row in others} <= {buddy.id for buddy in near}


def test_only_waiting_people_and_free_places_of_the_own_network_take_part(coordinator):
    taken = factories.buddy()
    by = factories.coordinator()
    duo_factories.duo(newcomer=factories.newcomer(), buddy=taken, approved_by=by)
    factories.newcomer(state=NewcomerState.READY)
    factories.newcomer("9000")
    factories.buddy("9000")
    waiting = factories.newcomer()
    run = run_of(matches.start_run(coordinator, "rivierenland"))
    assert (run.newcomers, run.places, run.matched) == (1, 0, 0)
    assert [row["newcomer_id"] for row in run.report["unmatched"]] == [waiting.id]
    assert run.report["unmatched"][0]["reason"] == "no_capacity"


def test_pairs_that_were_are_not_suggested_again(coordinator):
    newcomer, buddy = factories.newcomer(), factories.buddy()
    (proposal,) = proposals(matches.start_run(coordinator, "rivierenland"))
    matches.refuse(coordinator, proposal.id, reason=ProposalRefusal.NOT_A_FIT)
    run = run_of(matches.start_run(coordinator, "rivierenland"))
    assert (run.matched, run.report["unmatched"][0]["reason"]) == (0, "past_pair")
    with transaction():
        session().execute(update(Proposal).values(decided_at=now() - timedelta(days=190)))
    assert run_of(matches.start_run(coordinator, "rivierenland")).matched == 1
    duo_factories.duo(
        newcomer=newcomer, buddy=buddy, approved_by=factories.coordinator(), state=DuoState.ENDED
    )
    assert run_of(matches.start_run(coordinator, "rivierenland")).matched == 0


def test_nobody_is_matched_with_oneself(coordinator):
    newcomer = factories.newcomer()
    buddy = factories.buddy()
    with transaction():
        session().execute(update(Buddy).where(Buddy.id == buddy.id).values(person_id=newcomer.person_id))
    assert run_of(matches.start_run(coordinator, "rivierenland")).matched == 0


def test_a_newer_run_replaces_suggestions_and_leaves_pairs_on_hold(coordinator):
    held, _free = factories.newcomer(), factories.newcomer()
    factories.buddy()
    factories.buddy()
    first = {row.newcomer_id: row.id for row in proposals(matches.start_run(coordinator, "rivierenland"))}
    matches.hold(coordinator, first[held.id])
    second = matches.start_run(coordinator, "rivierenland")
    states = {row.id: row.state for row in session().scalars(select(Proposal)).unique()}
    assert states[first.pop(held.id)] is ProposalState.HELD
    assert [states[key] for key in first.values()] == [ProposalState.LAPSED]
    assert held.id not in [row.newcomer_id for row in proposals(second)]
    lapsed = session().scalars(select(Transition).where(Transition.to_state == "lapsed")).one()
    assert (lapsed.subject, lapsed.actor_id, lapsed.reason) == (Subject.PROPOSAL, None, "newer_run")


@pytest.mark.parametrize(
    ("obligation", "contains", "owes"),
    [
        (Obligation.OBLIGED, True, True),
        (Obligation.OBLIGED, False, False),
        (Obligation.ENTITLED, True, False),
    ],
)
def test_who_owes_hours_has_priority_and_nothing_else_of_the_contract_shows(
    coordinator, obligation, contains, owes
):
    """R48."""
    newcomer = factories.newcomer(waiting_since=today())
    factories.contract(newcomer, factories.counsellor(), obligation=Obligation.ENTITLED)
    factories.contract(
        newcomer, factories.counsellor(), obligation=obligation, contains_trajectory=contains, number=2
    )
    factories.buddy()
    (proposal,) = proposals(matches.start_run(coordinator, "rivierenland"))
    assert proposal.priority is owes
    assert (proposal.utility - proposal.score >= 250_000) is owes


@pytest.mark.parametrize(("ends", "owes"), [({}, False), ({"ended_on": today() - timedelta(days=1)}, True)])
def test_who_is_exempt_has_no_priority(coordinator, ends, owes):
    """R18, R48: there are no hours to do while the exemption lasts."""
    newcomer, counsellor = factories.newcomer(waiting_since=today()), factories.counsellor()
    factories.contract(newcomer, counsellor)
    factories.exemption(newcomer, counsellor, **ends)
    factories.buddy()
    (proposal,) = proposals(matches.start_run(coordinator, "rivierenland"))
    assert proposal.priority is owes


def test_groups_count_who_waits_and_who_is_reached(coordinator):
    factories.newcomer(languages=["ar"], wished_gender="f")
    factories.newcomer(languages=["ar", "fr"])
    factories.buddy()
    report = run_of(matches.start_run(coordinator, "rivierenland")).report
    counted = {(row["dimension"], row["value"]): (row["waiting"], row["reached"]) for row in report["groups"]}
    assert counted["language", "ar"] == (2, 1)
    assert counted["wish", "f"] == (1, 0)
    assert counted["province", "antwerpen"] == (2, 1)


def test_an_empty_network_gives_an_empty_plan(coordinator):
    run = run_of(matches.start_run(coordinator, "rivierenland"))
    assert (run.state, run.newcomers, run.matched, run.proved) == (RunState.DONE, 0, 0, True)


def test_a_second_start_hears_since_when(coordinator, no_worker):
    run_id = matches.start_run(coordinator, "rivierenland")
    with pytest.raises(matches.AlreadyRunning) as busy:
        matches.start_run(coordinator, "rivierenland")
    assert busy.value.run_id == run_id
    assert str(
        run_of(run_id).created_at.astimezone(matches.in_brussels(now()).tzinfo).strftime("%H:%M")
    ) in str(busy.value.message)
    assert no_worker == [("run_matcher", run_id)]


def test_ten_starts_at_once_are_one_run(site, coordinator, no_worker):
    outcomes = []

    def start():
        with site.app_context():
            try:
                outcomes.append(matches.start_run(coordinator, "rivierenland"))
            except matches.AlreadyRunning:
                outcomes.append(None)
            finally:
                db.release()

    threads = [Thread(target=start) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(outcomes) == 10
    assert len([run for run in outcomes if run]) == 1
    db.release()
    assert len(session().scalars(select(Run)).all()) == 1


def test_a_run_of_a_dead_worker_is_taken_over_and_ends_the_same(coordinator, monkeypatch):
    for _ in range(3):
        factories.newcomer()
        factories.buddy()
    clean = run_of(matches.start_run(coordinator, "rivierenland"))
    expected = (
        clean.objective,
        clean.idf,
        clean.prices,
        [(row.newcomer_id, row.buddy_id, row.score, row.explanation) for row in proposals(clean.id)],
    )

    class Killed(BaseException):
        pass

    def die(*_args, **_kwargs):
        raise Killed

    kept = queue.put
    for moment in ("_match", "_store"):
        with monkeypatch.context() as broken:
            broken.setattr(queue, "put", lambda *_job: None)
            run_id = matches.start_run(coordinator, "rivierenland")
            broken.setattr(matchmaking, moment, die)
            with pytest.raises(Killed):
                matchmaking.carry_out(run_id)
            assert run_of(run_id).state is RunState.RUNNING
            assert proposals(run_id) == []
            broken.setattr(queue, "put", kept)
            with pytest.raises(matches.AlreadyRunning):
                matches.start_run(coordinator, "rivierenland")
        with transaction():
            session().execute(
                update(Run).where(Run.id == run_id).values(touched_at=now() - timedelta(minutes=3))
            )
        assert matches.start_run(coordinator, "rivierenland") == run_id
        again = run_of(run_id)
        assert again.state is RunState.DONE
        assert expected == (
            again.objective,
            again.idf,
            again.prices,
            [(row.newcomer_id, row.buddy_id, row.score, row.explanation) for row in proposals(run_id)],
        )


def test_a_worker_that_lost_its_run_stores_nothing(coordinator, no_worker):
    factories.newcomer()
    factories.buddy()
    run_id = matches.start_run(coordinator, "rivierenland")
    slow = matchmaking._take_up(run_id)
    found = matchmaking._match(slow, matchmaking.Watch(run_id, slow.attempt))
    with transaction():
        session().execute(update(Run).values(state=RunState.QUEUED))
    matchmaking.carry_out(run_id)
    with pytest.raises(Moved):
        matchmaking._store(slow, *found)
    assert len(proposals(run_id)) == 1


def test_a_stopped_run_stores_nothing(coordinator, no_worker, monkeypatch):
    factories.newcomer()
    factories.buddy()
    run_id = matches.start_run(coordinator, "rivierenland")
    assign = matching.assign

    def stopped_meanwhile(*args, **kwargs):
        matches.stop_run(coordinator, run_id)
        return assign(*args, **kwargs)

    monkeypatch.setattr(matching, "assign", stopped_meanwhile)
    matchmaking.carry_out(run_id)
    assert run_of(run_id).state is RunState.STOPPED
    assert proposals(run_id) == []
    with pytest.raises(Moved):
        matches.stop_run(coordinator, run_id)


def test_a_fault_is_noted_and_the_next_start_is_free(coordinator, no_worker, monkeypatch):
    run_id = matches.start_run(coordinator, "rivierenland")
    monkeypatch.setattr(matching, "assign", lambda *_args, **_kwargs: 1 // 0)
    with pytest.raises(ZeroDivisionError):
        matchmaking.carry_out(run_id)
    assert (run_of(run_id).state, run_of(run_id).failure) == (RunState.FAILED, "ZeroDivisionError")
    assert matches.start_run(coordinator, "rivierenland") != run_id


def test_a_run_that_is_over_is_not_carried_out_again(coordinator):
    factories.newcomer()
    factories.buddy()
    run_id = matches.start_run(coordinator, "rivierenland")
    before = run_of(run_id).finished_at
    matchmaking.carry_out(run_id)
    assert run_of(run_id).finished_at == before
    assert len(proposals(run_id)) == 1


def test_who_may_start_a_run(site):
    with pytest.raises(NotFound):
        matches.start_run(factories.viewer(factories.coordinator("regio-gent")), "rivierenland")
    with pytest.raises(NotFound):
        matches.start_run(factories.viewer(factories.administrator()), "nowhere")
    with pytest.raises(Forbidden):
        matches.start_run(factories.viewer(factories.counsellor()), "rivierenland")
    assert matches.start_run(factories.viewer(factories.administrator()), "rivierenland")


def test_interests_are_understood_in_the_language_they_are_written_in():
    understanding.build()
    assert set(matchmaking.interests_in("J'aime nager avec mes enfants", "nl")) == {
        "swimming",
        "children-family",
    }
    assert matchmaking.interests_in("ik hou niet van voetbal", "nl") == ()


def test_the_start_of_a_worker_learns_interests(monkeypatch):
    done = []
    monkeypatch.setattr(understanding, "build", lambda: done.append("interests"))
    monkeypatch.setattr(matching, "warm_up", lambda: done.append("kernels"))
    matchmaking.warm_up()
    assert done == ["interests", "kernels"]


def test_a_worker_that_may_write_nowhere_starts_all_the_same(monkeypatch, tmp_path, caplog):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("MATCHING_CACHE_DIR", str(tmp_path / "file" / "cache"))
    monkeypatch.setattr(matching, "warm_up", lambda: None)
    matchmaking.warm_up()
    assert "no folder for the model of interests" in caplog.text
