"""Settings of the matcher: judged by content, compared with who waits now, adopted by a person and by nobody else."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from app.clock import today
from app.db import session, transaction
from app.errors import Forbidden, Invalid, Moved, NotFound
from app.models import AuditEntry, Programme, ProgrammeVersion
from app.services import matches, matchmaking, programmes
from app.vocabulary.records import RunState
from matching.evidence import Evidence, evidence_json
from tests import factories

TOML = b'version = "2026-2"\n[weights]\ninterests = 100\navailability = 100\nplace = 100\nlanguages = 700\n'
EVIDENCE = Evidence(
    outcomes=400, newcomers=200, went_on=220, did_not=180, current_version="2026-1", verdict="proposed",
    more_outcomes=0, proposed_version="2026-2",
)  # fmt: skip


@pytest.fixture
def keeper(site):
    return factories.viewer(factories.administrator())


@pytest.fixture
def programme(site):
    return session().query(Programme).one()


def version_of(version_id):
    session().expire_all()
    return session().get_one(ProgrammeVersion, version_id)


def a_plan():
    """Two who wait and one buddy in Rivierenland, with a plan made."""
    factories.newcomer(interests=["chess"], languages=["fr"], waiting_since=today() - timedelta(days=9))
    factories.newcomer(interests=["cooking", "cycling"], languages=["ar"])
    factories.buddy(interests=["cooking", "cycling"], languages=["fr"])
    coordinator = factories.viewer(factories.coordinator())
    return matches.start_run(coordinator, "rivierenland")


def test_the_setting_in_force_is_the_first_version(programme):
    (version,) = session().query(ProgrammeVersion).all()
    assert (version.version, version.weights) == (programme.weights_version, programme.weights)
    assert version.since == programme.created_at.date()


def test_a_proposal_is_compared_and_adopted(keeper, programme):
    a_plan()
    version_id = programmes.propose(
        keeper, programme.id, weights=TOML, evidence=evidence_json(EVIDENCE).encode()
    )
    found = version_of(version_id)
    assert (found.state, found.compared, found.to_compare, found.since) == (RunState.DONE, 1, 2, None)
    assert found.evidence["outcomes"] == 400
    assert found.weights["rules"] == programme.weights["rules"]
    total = found.comparison["total"]
    assert (total["current"]["newcomers"], total["current"]["reached"], total["proposed"]["reached"]) == (
        2,
        1,
        1,
    )
    assert found.comparison["groups"] == []
    assert programme.weights_version == "2026-1"
    programmes.adopt(keeper, version_id)
    found = version_of(version_id)
    assert (found.since, found.adopted_by_id) == (today(), keeper.person_id)
    now_in_force = session().query(Programme).one()
    assert (now_in_force.weights_version, now_in_force.weights) == ("2026-2", found.weights)
    actions = [row.action for row in session().query(AuditEntry).order_by(AuditEntry.id)]
    assert actions[-2:] == ["weights-proposed", "weights-adopted"]
    with pytest.raises(Moved):
        programmes.adopt(keeper, version_id)
    with pytest.raises(Moved):
        programmes.compare_again(keeper, version_id)


def test_new_plans_are_made_with_what_was_adopted(keeper, programme):
    programmes.adopt(keeper, programmes.propose(keeper, programme.id, weights=TOML, evidence=None))
    run_id = a_plan()
    assert session().get_one(matchmaking.Run, run_id).weights["weights"]["languages"] == 700


def test_nothing_is_adopted_that_nobody_could_look_at(keeper, programme, no_worker):
    version_id = programmes.propose(keeper, programme.id, weights=TOML, evidence=None)
    assert no_worker == [("compare_weights", version_id)]
    with pytest.raises(programmes.NotCompared):
        programmes.adopt(keeper, version_id)
    with pytest.raises(Moved):
        programmes.compare_again(keeper, version_id)
    with transaction():
        version_of(version_id).touched_at -= timedelta(minutes=3)
    programmes.compare_again(keeper, version_id)
    assert no_worker[1:] == [("compare_weights", version_id)]
    programmes.compare(version_id)
    assert version_of(version_id).state is RunState.DONE
    programmes.compare(version_id)
    assert version_of(version_id).attempt == 1


def test_a_comparison_that_was_taken_over_leaves_nothing(keeper, programme, no_worker, monkeypatch):
    version_id = programmes.propose(keeper, programme.id, weights=TOML, evidence=None)

    def taken_over(_runs, _current, _proposed, progress):
        with transaction():
            version_of(version_id).attempt += 1
        progress("replay", 1, 2)

    monkeypatch.setattr(matchmaking, "compare", taken_over)
    programmes.compare(version_id)
    found = version_of(version_id)
    assert (found.state, found.comparison) == (RunState.RUNNING, {})


def test_a_fault_is_told(keeper, programme, no_worker, monkeypatch):
    version_id = programmes.propose(keeper, programme.id, weights=TOML, evidence=None)
    monkeypatch.setattr(matchmaking, "replay_runs", lambda *_, **__: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        programmes.compare(version_id)
    assert version_of(version_id).state is RunState.FAILED
    programmes.compare_again(keeper, version_id)
    assert version_of(version_id).state is RunState.QUEUED


@pytest.mark.parametrize(
    ("weights", "evidence", "field"),
    [
        (None, None, "weights"),
        (b"", None, "weights"),
        (b"\xff\xfe", None, "weights"),
        (b"version = '\0'", None, "weights"),
        (b"version = 3", None, "weights"),
        (b"PK\x03\x04", None, "weights"),
        (b"a" * (programmes.LARGEST + 1), None, "weights"),
        (b'version = "' + b"a" * 41 + b'"', None, "weights"),
        (b'version = "2026-1"', None, "weights"),
        (TOML, b"{", "evidence"),
        (TOML, b"", "evidence"),
        (TOML, evidence_json(replace(EVIDENCE, proposed_version="2026-3")).encode(), "evidence"),
    ],
)
def test_refused_by_what_stands_in_it(keeper, programme, weights, evidence, field):
    with pytest.raises(Invalid) as caught:
        programmes.propose(keeper, programme.id, weights=weights, evidence=evidence)
    assert caught.value.field == field
    assert session().query(ProgrammeVersion).count() == 1


def test_only_administrators_and_only_what_is_there(keeper, programme):
    coordinator = factories.viewer(factories.coordinator())
    with pytest.raises(Forbidden):
        programmes.propose(coordinator, programme.id, weights=TOML, evidence=None)
    with pytest.raises(NotFound):
        programmes.propose(keeper, 987654, weights=TOML, evidence=None)
    version_id = programmes.propose(keeper, programme.id, weights=TOML, evidence=None)
    for act in (programmes.adopt, programmes.compare_again):
        with pytest.raises(Forbidden):
            act(coordinator, version_id)
        with pytest.raises(NotFound):
            act(keeper, 987654)


def test_no_key_of_a_person_stands_in_a_comparison(keeper, programme):
    a_plan()
    version_id = programmes.propose(keeper, programme.id, weights=TOML, evidence=None)
    assert not {"newcomer_id", "buddy_id"} & set(json.dumps(version_of(version_id).comparison).split('"'))
