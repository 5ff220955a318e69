"""What leaves the site for learning and replay: enough to work with, and nobody's name, number or address."""

import csv
import io
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from app.clock import now, today
from app.db import session, transaction
from app.errors import NotFound
from app.models import AuditEntry, Proposal, Run
from app.services import matches, outcomes
from app.vocabulary import DuoState, EndReason, ProposalRefusal, ProposalState
from app.vocabulary.records import Answer, RunState
from matching.outcomes import read_outcomes
from matching.recordings import read_recordings
from matching.replay import replay_runs
from matching.types import CRITERIA
from tests import duo_factories, factories

CASES = [
    ({"state": DuoState.ACTIVE}, "accepted"),
    ({"state": DuoState.PAUSED}, "accepted"),
    ({"state": DuoState.COMPLETED}, "went_well"),
    ({"state": DuoState.ENDED, "end_reason": EndReason.MISMATCH}, "ended_early"),
    ({"state": DuoState.ENDED, "end_reason": EndReason.MOVED}, ""),
    ({"state": DuoState.DECLINED, "newcomer_wants": Answer.NO}, "refused"),
    ({"state": DuoState.DECLINED, "buddy_after": Answer.NO}, "refused"),
    ({"state": DuoState.DECLINED}, ""),
    ({"state": DuoState.ASKED}, ""),
]


@pytest.fixture
def coordinator(site):
    return factories.viewer(factories.coordinator())


def proposed(coordinator, count=1):
    """As many proposals of one run, none of them decided."""
    for _ in range(count):
        factories.newcomer()
        factories.buddy()
    run_id = matches.start_run(coordinator, "rivierenland")
    return list(session().scalars(select(Proposal).where(Proposal.run_id == run_id)).unique())


def exported():
    text, many = outcomes.outcomes_csv()
    found = list(csv.DictReader(io.StringIO(text)))
    assert len(found) == many
    return found


@pytest.mark.parametrize(("fields", "outcome"), CASES)
def test_outcome_of_a_duo(coordinator, fields, outcome):
    (proposal,) = proposed(coordinator)
    duo_factories.duo(
        newcomer=proposal.newcomer, buddy=proposal.buddy, approved_by=factories.coordinator(), proposal_id=proposal.id,
        **fields,
    )  # fmt: skip
    assert [row["outcome"] for row in exported()] == ([outcome] if outcome else [])


@pytest.mark.parametrize(
    ("reason", "outcomes_"),
    [(reason, ["refused"] if reason is ProposalRefusal.NOT_A_FIT else []) for reason in ProposalRefusal],
)
def test_outcome_of_a_refusal(coordinator, reason, outcomes_):
    (proposal,) = proposed(coordinator)
    matches.refuse(coordinator, proposal.id, reason=reason)
    assert [row["outcome"] for row in exported()] == outcomes_


def test_the_last_outcome_of_a_pair_counts_with_its_values(coordinator):
    (first,) = proposed(coordinator)
    matches.refuse(coordinator, first.id, reason=ProposalRefusal.NOT_A_FIT)
    with transaction():
        session().execute(update(Proposal).values(decided_at=now() - timedelta(days=190)))
    (second,) = proposed_again(coordinator)
    duo_factories.duo(
        newcomer=second.newcomer,
        buddy=second.buddy,
        approved_by=factories.coordinator(),
        proposal_id=second.id,
    )
    (row,) = exported()
    assert row["outcome"] == "accepted"
    values = {item["code"]: item["value"] for item in second.explanation["criteria"]}
    assert {code: int(row[code]) for code in CRITERIA} == values


def proposed_again(coordinator):
    run_id = matches.start_run(coordinator, "rivierenland")
    return session().scalars(select(Proposal).where(Proposal.run_id == run_id)).unique().all()


def test_the_file_is_read_by_the_command_and_names_nobody(coordinator, tmp_path):
    found = proposed(coordinator, 3)
    for proposal in found:
        matches.refuse(coordinator, proposal.id, reason=ProposalRefusal.NOT_A_FIT)
    text, many = outcomes.outcomes_csv()
    path = tmp_path / "outcomes.csv"
    path.write_text(text, encoding="utf-8")
    assert len(read_outcomes(path)) == many == 3
    assert text != outcomes.outcomes_csv()[0]
    ids = [
        cell for row in csv.DictReader(io.StringIO(text)) for cell in (row["newcomer_id"], row["buddy_id"])
    ]
    assert all(len(cell) == 13 for cell in ids)
    assert session().query(AuditEntry).filter_by(action="outcomes-exported").count() == 2


def test_who_waits_now_is_recorded_without_names(coordinator, tmp_path):
    old, _ = proposed(coordinator, 2)
    matches.refuse(coordinator, old.id, reason=ProposalRefusal.NOT_A_FIT)
    run = session().get_one(Run, old.run_id)
    factories.newcomer(name="أمينة (Gent) 3", waiting_since=today() - timedelta(days=400))
    assert outcomes.record_run(run.id, tmp_path) == (3, 2)
    (found,) = read_recordings(tmp_path)
    assert (found.weights.version, found.as_of, found.idf.people) == ("2026-1", today(), run.idf["people"])
    assert len(found.past) == 1
    assert found.past[0][0] in {person.id for person in found.newcomers}
    assert replay_runs([found], found.weights).total.current.newcomers == 3
    written = "".join(path.read_text(encoding="utf-8") for path in tmp_path.iterdir())
    for word in ("أمينة", "@", "+32", "2800", "Mechelen"):
        assert word not in written


def test_an_empty_network_is_recorded(coordinator, tmp_path):
    run_id = matches.start_run(coordinator, "rivierenland")
    assert outcomes.record_run(run_id, tmp_path) == (0, 0)
    assert read_recordings(tmp_path)[0].buddies == ()


def test_only_runs_that_are_done(coordinator, tmp_path):
    run_id = matches.start_run(coordinator, "rivierenland")
    with transaction():
        session().execute(update(Run).values(state=RunState.STOPPED))
    for key in (run_id, 987654):
        with pytest.raises(NotFound):
            outcomes.record_run(key, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_suggestions_are_no_outcomes(coordinator):
    proposed(coordinator)
    assert exported() == []
    assert session().query(Proposal).filter_by(state=ProposalState.SUGGESTED).count() == 1
