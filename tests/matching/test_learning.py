"""Weights are found again in outcomes that follow them, and nothing is proposed where there is nothing to learn."""

import json
from dataclasses import replace

import numpy as np
import pytest

from matching import Weights, score_pairs, trials
from matching.evidence import Evidence, Interval, evidence_json, evidence_text
from matching.learning import FEWEST_NEWCOMERS, FEWEST_OF_EACH, learn, shares_of, thousandths
from matching.outcomes import Outcome, draw_outcomes, read_outcomes
from matching.population import AS_OF, generate
from matching.settings import read_weights, weights_toml
from matching.tables import TableError
from matching.types import CRITERIA
from matching.weights import CriterionWeights

HEADER = "newcomer_id,buddy_id,interests,availability,place,languages,outcome"


@pytest.fixture(scope="module")
def pairs():
    newcomers, buddies = generate(400, 240, seed=3)
    setting = Weights.from_mapping({"rules": {"min_score": 0, "max_km": 60}})
    return score_pairs(newcomers, buddies, weights=setting, as_of=AS_OF)


@pytest.fixture
def few_draws(monkeypatch):
    monkeypatch.setattr(trials, "RESAMPLES", 60)


def by_chance(pairs, share, seed, most=2000):
    """Outcomes that depend on nothing."""
    random = np.random.default_rng(seed)
    drawn = draw_outcomes(pairs, CriterionWeights(), most=most, seed=seed)
    return [replace(item, went_on=bool(random.random() < share)) for item in drawn]


@pytest.mark.usefixtures("few_draws")
@pytest.mark.parametrize(
    ("seed", "true"),
    [(1, (100, 100, 200, 600)), (2, (600, 100, 100, 200)), (3, (0, 500, 500, 0)), (4, (150, 550, 150, 150))],
)
def test_true_weights_are_found_again(pairs, seed, true):
    decide_by = CriterionWeights(**dict(zip(CRITERIA, true, strict=True)))
    found = learn(draw_outcomes(pairs, decide_by, most=5000, seed=seed))
    assert found.evidence.verdict == "proposed"
    assert found.evidence.more_outcomes == 0
    proposed = shares_of(found.proposal)
    assert np.abs(proposed - np.array(true) / 1000).max() <= 0.05
    assert sum(getattr(found.proposal.weights, code) for code in CRITERIA) == 1000
    assert replace(found.proposal, version="2026-1", weights=CriterionWeights()) == Weights()
    assert found.evidence.log_loss_learned < found.evidence.log_loss_current
    assert found.evidence.auc_learned.low > found.evidence.auc_current.high
    assert max(abs(part.foretold - part.observed) for part in found.evidence.calibration) < 0.06
    for share in found.evidence.shares.values():
        assert share.learned.low - 0.02 <= share.learned.mean <= share.learned.high + 0.02


@pytest.mark.usefixtures("few_draws")
@pytest.mark.parametrize("seed", range(4))
def test_outcomes_that_depend_on_nothing_give_no_proposal(pairs, seed):
    found = learn(by_chance(pairs, 0.3 + 0.1 * seed, seed))
    assert found.proposal is None
    assert found.evidence.verdict in {"not_better", "too_uncertain"}


@pytest.mark.usefixtures("few_draws")
def test_current_weights_that_are_right_are_kept(pairs):
    setting = Weights()
    found = learn(draw_outcomes(pairs, setting.weights, most=3000, seed=5), current=setting)
    assert found.proposal is None
    assert found.evidence.verdict == "not_better"


@pytest.mark.usefixtures("few_draws")
def test_what_speaks_against_every_criterion_gives_no_proposal(pairs):
    drawn = draw_outcomes(pairs, CriterionWeights(), most=1500, seed=6)
    found = learn([replace(item, went_on=not item.went_on) for item in drawn])
    assert (found.proposal, found.evidence.verdict) == (None, "not_better")
    assert found.evidence.slopes == dict.fromkeys(CRITERIA, 0.0)
    assert "No number of outcomes" in evidence_text(found.evidence)


@pytest.mark.usefixtures("few_draws")
def test_better_but_too_uncertain(pairs):
    decide_by = CriterionWeights(0, 0, 0, 1000)
    outcomes = draw_outcomes(pairs, decide_by, most=260, seed=8)
    found = learn(outcomes, current=Weights.from_mapping({"weights": {"languages": 0}}))
    assert (found.proposal, found.evidence.verdict) == (None, "too_uncertain")
    assert found.evidence.more_outcomes > 0
    assert f"About {found.evidence.more_outcomes} more" in evidence_text(found.evidence)


@pytest.mark.parametrize(
    ("newcomers", "good", "bad", "more"),
    [(0, 0, 0, FEWEST_NEWCOMERS), (120, 120, 0, FEWEST_OF_EACH), (120, 100, 20, 180), (50, 60, 60, 120)],
)
def test_too_few_outcomes_say_how_many_more(newcomers, good, bad, more):
    outcomes = [
        Outcome(f"n{at % newcomers}", f"b{at}", (1, 2, 3, 4), at < good, f"n{at % newcomers}")
        for at in range(good + bad)
    ]
    found = learn(outcomes)
    assert found.proposal is None
    assert (found.evidence.verdict, found.evidence.more_outcomes) == ("too_few", more)
    assert (found.evidence.went_on, found.evidence.did_not) == (good, bad)
    assert "too few outcomes" in evidence_text(found.evidence)


@pytest.mark.usefixtures("few_draws")
def test_order_of_rows_changes_nothing_and_progress_is_told(pairs):
    outcomes = draw_outcomes(pairs, CriterionWeights(50, 50, 0, 900), most=1000, seed=9)
    told = []
    one = learn(outcomes, version="mine", progress=lambda *stage: told.append(stage))
    assert learn(outcomes[::-1], version="mine") == one
    assert one.proposal.version == one.evidence.proposed_version == "mine"
    assert told[0] == ("test", 1, trials.FOLDS)
    assert told[-1] == ("resample", 60, 60)


def test_pairs_of_one_newcomer_are_never_on_both_sides(pairs):
    sample = trials.Sample.of(draw_outcomes(pairs, CriterionWeights(), most=800, seed=1))
    tested = []
    for seen, unseen in sample.folds():
        assert not set(sample.group[seen]) & set(sample.group[unseen])
        tested += unseen.tolist()
    assert sorted(tested) == list(range(800))


def test_auc_counts_couples():
    from sklearn.metrics import roc_auc_score

    random = np.random.default_rng(1)
    rank, went_on, times = random.integers(0, 9, 80), random.integers(0, 2, 80), random.integers(0, 4, 80)
    assert trials.auc(rank, went_on, times) == pytest.approx(
        roc_auc_score(went_on, rank, sample_weight=times)
    )
    assert trials.auc(rank, np.ones(80), times) == 0.5


def test_thousandths_add_up():
    assert thousandths(np.array([1 / 3, 1 / 3, 1 / 3, 0.0])) == (334, 333, 333, 0)
    assert thousandths(np.array([0.9996, 0.0004, 0.0, 0.0])) == (1000, 0, 0, 0)


def test_evidence_as_json():
    gain = Interval(0.5, 0.25, 1 / 3)
    found = Evidence(outcomes=1, newcomers=1, went_on=1, did_not=0, current_version="x", gain=gain)
    data = json.loads(evidence_json(found))
    assert data["gain"] == {"mean": 0.5, "low": 0.25, "high": 0.333333}
    assert data["calibration"] == []
    assert list(data) == sorted(data)


def test_setting_is_written_as_it_is_read(tmp_path):
    setting = replace(Weights.from_mapping({"rules": {"shared_language": False}}), version='o"x\\ é')
    path = tmp_path / "weights.toml"
    path.write_text(weights_toml(setting), encoding="utf-8")
    assert read_weights(path) == setting


def outcomes_file(folder, text):
    path = folder / "outcomes.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_outcomes_are_read(tmp_path):
    path = outcomes_file(
        tmp_path,
        f"{HEADER},group\nn2,b1,0,1,2,1000000,ended_early,g\nn1,b1,1,2,3,4,went_well,\nn1,b2,1,2,3,4,accepted,n1\n"
        "n3,b1,5,5,5,5,refused,g\n",
    )
    assert read_outcomes(path) == (
        Outcome("n1", "b1", (1, 2, 3, 4), went_on=True, group="n1"),
        Outcome("n1", "b2", (1, 2, 3, 4), went_on=True, group="n1"),
        Outcome("n2", "b1", (0, 1, 2, 1_000_000), went_on=False, group="g"),
        Outcome("n3", "b1", (5, 5, 5, 5), went_on=False, group="g"),
    )


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        (f"{HEADER},gender\n", 1, "gender"),
        (f"{HEADER},country_of_birth\n", 1, "country_of_birth"),
        (f"{HEADER},language\n", 1, "language"),
        ("newcomer_id,buddy_id\n", 1, "interests"),
        (f"{HEADER}\n,b,1,1,1,1,accepted\n", 2, "newcomer_id"),
        (f"{HEADER}\nn,,1,1,1,1,accepted\n", 2, "buddy_id"),
        (f"{HEADER}\nn,b,1,1,1,1,maybe\n", 2, "outcome"),
        (f"{HEADER}\nn,b,,1,1,1,accepted\n", 2, "interests"),
        (f"{HEADER}\nn,b,1,1,1,1000001,accepted\n", 2, "languages"),
        (f"{HEADER}\nn,b,1,1,0.5,1,accepted\n", 2, "place"),
        (f"{HEADER}\nn,b,1,1,1,1,accepted\nn,b,1,1,1,1,refused\n", 3, "buddy_id"),
        (f"{HEADER},group\nn,b,1,1,1,1,accepted,g\nn,c,1,1,1,1,refused,\n", 3, "group"),
    ],
)
def test_refused_outcomes(tmp_path, text, line, column):
    with pytest.raises(TableError) as caught:
        read_outcomes(outcomes_file(tmp_path, text))
    assert (caught.value.line, caught.value.column) == (line, column)


def test_no_pairs_give_no_outcomes():
    assert draw_outcomes([], CriterionWeights(), most=5, seed=1) == ()
