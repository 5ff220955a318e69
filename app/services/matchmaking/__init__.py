"""The one door into the matcher: a queued run is carried out, and what it found is stored as it was.

Nothing of a run is stored before its end but where it stands. A worker that dies leaves a row that a later
start takes over; a run that was stopped or taken over finds so at its next sign of life and gives up.
"""

import logging
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path
from time import monotonic
from typing import Any

from sqlalchemy import Update, select, update

import matching
from app.clock import now, today
from app.db import session, transaction
from app.errors import Invalid, Moved
from app.i18n import gettext
from app.models import Buddy, Newcomer, Proposal, Run
from app.queries.fairness import counted, groups_of
from app.reference import gazetteer
from app.services.pool import Pool, pool_of
from app.services.records import move, record_transition
from app.vocabulary import ProposalState
from app.vocabulary.records import RunStage, RunState, Subject
from matching import evidence_file, understanding
from matching.comparison import comparison_facts
from matching.evidence import evidence_facts
from matching.recordings import Recording, write_recording
from matching.replay import Progress, replay_runs
from matching.types import Idf, Pair, Plan
from matching.weights import InvalidWeights

ALTERNATIVES = 3
SIGN_OF_LIFE_SECONDS = 1.0
NameOf = Callable[[str, str], str]
"""The name under which somebody stands in a file: of a side (newcomer or buddy) and a key."""
STAGES = {stage.value: stage for stage in RunStage}

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Work:
    """A run that this worker has taken up, in the matcher's own values; `fairness` names each newcomer's groups."""

    run_id: int
    attempt: int
    weights: matching.Weights
    as_of: date
    newcomers: dict[str, matching.Newcomer]
    buddies: dict[str, matching.Buddy]
    past: frozenset[tuple[str, str]]
    groups: dict[str, list[tuple[str, str]]]


class Watch:
    """Writes the stage and the sign of life of a run; raises Moved when the run is no longer ours."""

    def __init__(self, run_id: int, attempt: int) -> None:
        self.run_id, self.attempt = run_id, attempt
        self.stage = RunStage.READ
        self.at = 0.0

    def __call__(self, stage: str, _done: int = 0, _total: int | None = None) -> None:
        """Note that the run is at that stage, at most once a second while it stays there."""
        told = STAGES.get(stage, self.stage)
        if told is self.stage and monotonic() - self.at < SIGN_OF_LIFE_SECONDS:
            return
        self.stage, self.at = told, monotonic()
        with transaction():
            move(_ours(self.run_id, self.attempt).values(stage=told.value, touched_at=now()))


def warm_up() -> None:
    """Learn interests from the lexicon and compile what a large run needs; for the start of a worker, never in a page."""
    try:
        understanding.build()
    except OSError as error:
        log.warning("no folder for the model of interests, phrases are only looked up: %s", error)
    matching.warm_up()


def interests_in(text: str, locale: str) -> tuple[str, ...]:
    """The slugs of the interests that a text means, the surest first, whatever language it is in; maybe none.

    `locale` is the language of the page. Takes a millisecond; until the worker has learned the model, phrases are only
    looked up in the lexicon. Never raises.
    """
    return tuple(found.tag for found in matching.understand(text, locale))


def read_setting(text: str) -> dict[str, Any]:
    """The setting in the text of a weights.toml, whole: what it leaves out as published. Raises Invalid."""
    try:
        return matching.Weights.from_toml(text).as_mapping()
    except InvalidWeights as error:
        raise Invalid(
            "weights", gettext("This is not a setting of the matcher. Look at: %(key)s.", key=error.key)
        ) from error


def read_evidence(text: str) -> dict[str, Any]:
    """The figures in the text of an evidence.json. Raises Invalid."""
    try:
        return evidence_facts(evidence_file.read_evidence(text))
    except evidence_file.InvalidEvidence as error:
        raise Invalid(
            "evidence", gettext("This is not evidence of the matcher. Look at: %(key)s.", key=error.key)
        ) from error


def compare(
    runs: Sequence[Run], current: Mapping[str, Any], proposed: Mapping[str, Any], progress: Progress
) -> dict[str, Any]:
    """What a proposed setting would change for who waits now, a plan for the network of each run, with its counts.

    Counts and means only, small groups hidden: no key of a person leaves this function.
    """
    recordings = [_recording(run, current, _own_key) for run in runs]
    found = replay_runs(recordings, matching.Weights.from_mapping(proposed), progress=progress)
    return comparison_facts(found)


def record(run: Run, folder: Path, name_of: NameOf) -> tuple[int, int]:
    """Write who takes part in the matching of a run's network now, with the setting and the counts of that run.

    The files are those of `python -m matching replay`. Returns how many newcomers and buddies there are.
    """
    found = _recording(run, run.weights, name_of)
    write_recording(found, folder)
    return len(found.newcomers), len(found.buddies)


def _own_key(_side: str, key: str) -> str:
    return key


def _recording(run: Run, weights: Mapping[str, Any], name_of: NameOf) -> Recording:
    work = work_of(run, run.attempt, pool_of(run))
    return Recording(
        name=run.network_slug,
        newcomers=tuple(replace(one, id=name_of("newcomer", key)) for key, one in work.newcomers.items()),
        buddies=tuple(replace(one, id=name_of("buddy", key)) for key, one in work.buddies.items()),
        past=tuple(sorted((name_of("newcomer", one), name_of("buddy", other)) for one, other in work.past)),
        weights=matching.Weights.from_mapping(weights),
        as_of=today(),
        idf=Idf(run.idf["people"], run.idf["named"]),
    )


def carry_out(run_id: int) -> None:
    """Carry out a queued run. Does nothing when it is not queued any more; a fault marks it as failed."""
    work = _take_up(run_id)
    if work is None:
        return
    try:
        _store(work, *_match(work, Watch(run_id, work.attempt)))
    except Moved:
        log.info("run %s was stopped or taken over", run_id)
    except Exception as error:
        with transaction() as db:
            db.execute(
                _ours(run_id, work.attempt)
                .values(state=RunState.FAILED, finished_at=now(), failure=type(error).__name__)
            )  # fmt: skip
        raise


def _ours(run_id: int, attempt: int) -> Update:
    return update(Run).where(Run.id == run_id, Run.state == RunState.RUNNING, Run.attempt == attempt)


def _take_up(run_id: int) -> Work | None:
    with transaction() as db:
        taken = db.execute(
            update(Run).where(Run.id == run_id, Run.state == RunState.QUEUED)
            .values(state=RunState.RUNNING, attempt=Run.attempt + 1, touched_at=now(), stage=RunStage.READ.value)
            .returning(Run.attempt)
        ).first()  # fmt: skip
        if taken is None:
            return None
        run = db.get_one(Run, run_id)
        return work_of(run, taken.attempt, pool_of(run))


def work_of(run: Run, attempt: int, pool: Pool) -> Work:
    """Those people in the matcher's own values."""
    return Work(
        run_id=run.id,
        attempt=attempt,
        weights=matching.Weights.from_mapping(run.weights),
        as_of=run.as_of,
        newcomers={str(person.id): _newcomer(person, pool) for person in pool.newcomers},
        buddies={str(person.id): _buddy(person, pool) for person in pool.buddies},
        past=frozenset((str(newcomer), str(buddy)) for newcomer, buddy in pool.past),
        groups={str(person.id): groups_of(person, person.id in pool.returning) for person in pool.newcomers},
    )


def _shared(person: Newcomer | Buddy) -> dict[str, Any]:
    """What the matcher takes of both sides; Dutch is not a language in its tables but a level."""
    place = gazetteer.place(person.postcode, person.locality)
    return {
        "id": str(person.id), "lat": place.lat, "lon": place.lon, "province": person.province,
        "languages": tuple(tag for tag in person.languages if tag != "nl"), "interests": tuple(person.interests),
        "availability": tuple(person.availability), "max_km": person.max_km, "gender": person.gender or "",
    }  # fmt: skip


def _newcomer(person: Newcomer, pool: Pool) -> matching.Newcomer:
    contract = pool.contracts.get(person.id)
    return matching.Newcomer(
        **_shared(person),
        dutch_level=person.dutch_level.value,
        buddy_gender=person.wished_gender or "",
        waiting_since=person.waiting_since,
        owes_trajectory=contract is not None and contract.owes,
        contract_end=contract.ends_on if contract else None,
    )


def _buddy(person: Buddy, pool: Pool) -> matching.Buddy:
    return matching.Buddy(
        **_shared(person), newcomer_gender=person.wished_gender or "", capacity=pool.places[person.id]
    )


def _match(work: Work, watch: Watch) -> tuple[Plan, dict[str, list[Pair]]]:
    """The best plan, and the best other pairs of each newcomer who is in it."""
    newcomers, buddies = list(work.newcomers.values()), list(work.buddies.values())
    plan = matching.assign(
        newcomers, buddies, past=work.past, weights=work.weights, as_of=work.as_of, count=True, progress=watch
    )
    watch(RunStage.EXPLAIN)
    chosen = {pair.newcomer_id: pair.buddy_id for pair in plan.pairs}
    ranked = matching.score_pairs(
        [work.newcomers[key] for key in chosen], buddies, past=work.past, weights=work.weights, as_of=work.as_of,
        idf=plan.idf, top=ALTERNATIVES + 1,
    )  # fmt: skip
    others: dict[str, list[Pair]] = defaultdict(list)
    for pair in ranked:
        if chosen[pair.newcomer_id] != pair.buddy_id and len(others[pair.newcomer_id]) < ALTERNATIVES:
            others[pair.newcomer_id].append(pair)
    return plan, others


def beside(own: Proposal, buddy: Buddy) -> Proposal:
    """Another pair for the newcomer of a proposal, by the setting and the counts of its run; not yet in the database.

    Raises Moved when the rules do not permit that pair.
    """
    run = own.run
    work = work_of(run, run.attempt, Pool([own.newcomer], [buddy], {buddy.id: 1}, {}, [], frozenset()))
    idf = Idf(run.idf["people"], run.idf["named"])
    newcomers, buddies = work.newcomers.values(), work.buddies.values()
    found = matching.score_pairs(newcomers, buddies, weights=work.weights, as_of=work.as_of, idf=idf)
    if not found:
        raise Moved
    made = proposal_of(work, idf, found[0], [])
    made.priority, made.utility = own.priority, own.utility + made.score - own.score
    return made


def _store(work: Work, plan: Plan, others: Mapping[str, list[Pair]]) -> None:
    """Write everything of the run at once; what earlier runs of the programme still suggested is no longer valid."""
    proposals = [proposal_of(work, plan.idf, pair, others.get(pair.newcomer_id, [])) for pair in plan.pairs]
    with transaction() as db:
        move(
            _ours(work.run_id, work.attempt).values(
                state=RunState.DONE, finished_at=now(), touched_at=now(), stage="", failure="",
                newcomers=plan.newcomers, places=plan.places, matched=plan.matched, objective=plan.objective,
                bound=plan.bound, proved=plan.proved, idf={"people": plan.idf.people, "named": dict(plan.idf.named)},
                prices={"newcomers": dict(plan.newcomer_prices), "buddies": dict(plan.buddy_prices), "bonus": plan.bonus},
                report=_report(work, plan),
            )
        )  # fmt: skip
        db.get_one(Run, work.run_id).replaced = _lapse_earlier(work.run_id)
        db.add_all(proposals)


def proposal_of(work: Work, idf: Idf, pair: Pair, others: list[Pair]) -> Proposal:
    """A pair of a plan as it is kept, with what speaks for it and the best other pairs of the newcomer."""
    return Proposal(
        run_id=work.run_id,
        newcomer_id=int(pair.newcomer_id),
        buddy_id=int(pair.buddy_id),
        score=pair.score,
        utility=pair.utility,
        priority=pair.turn >= work.weights.turn.owes,
        explanation=explanation_of(work, idf, pair, others),
    )


def explanation_of(work: Work, idf: Idf, pair: Pair, others: list[Pair]) -> dict[str, Any]:
    """Why these two, as the matcher saw it then: codes and facts, never sentences, and nothing of the turn."""
    why = matching.explain_pair(
        work.newcomers[pair.newcomer_id], work.buddies[pair.buddy_id],
        weights=work.weights, as_of=work.as_of, idf=idf,
    )  # fmt: skip
    return {
        "rules": [{"code": rule.code, "facts": dict(rule.facts), "passed": rule.passed} for rule in why.rules],
        "criteria": [
            {"code": fact.code, "facts": dict(fact.facts), "value": fact.value, "part": fact.part, "loss": fact.loss}
            for fact in why.criteria
        ],
        "strongest_for": why.strongest_for,
        "strongest_against": why.strongest_against,
        "distance_m": pair.distance_m,
        "common": common_of(pair),
        "alternatives": [
            {"buddy_id": int(other.buddy_id), "score": other.score, "distance_m": other.distance_m, "common": common_of(other)}
            for other in others
        ],
    }  # fmt: skip


def common_of(pair: Pair) -> dict[str, list[str]]:
    """What the two share, as codes."""
    return {
        "interests": list(pair.common_interests),
        "slots": list(pair.common_slots),
        "languages": list(pair.common_languages),
    }


def _report(work: Work, plan: Plan) -> dict[str, Any]:
    """What the matcher reports of the run as a whole; `groups` counts who waits and who is reached, per group."""
    reached = {pair.newcomer_id for pair in plan.pairs}
    waited = {
        key: (work.as_of - (one.waiting_since or work.as_of)).days for key, one in work.newcomers.items()
    }
    return {
        "permitted_pairs": plan.permitted_pairs,
        "ignored_past": plan.ignored_past,
        "seconds": {stage: round(seconds, 3) for stage, seconds in plan.seconds.items()},
        "unmatched": [
            {
                "newcomer_id": int(left.newcomer_id),
                "reason": left.reason,
                "unlocks": [_without_none(asdict(unlock)) for unlock in left.unlocks],
            }
            for left in plan.unmatched
        ],
        "shortage": [asdict(entry) for entry in plan.shortage],
        "places": [
            {"buddy_id": int(key), "places": work.buddies[key].capacity, "gain": gain, "loss": loss}
            for key, (gain, loss) in plan.price_ends.items()
        ],
        "groups": counted(work.groups, waited, reached),
    }


def _without_none(facts: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in facts.items() if value is not None}


def _lapse_earlier(run_id: int) -> list[int]:
    """Suggestions of earlier runs of this programme are replaced by those of this one; the keys of those."""
    run = session().get_one(Run, run_id)
    earlier = select(Run.id).where(
        Run.network_slug == run.network_slug, Run.programme_id == run.programme_id, Run.id != run_id
    )
    gone = session().scalars(
        update(Proposal).where(Proposal.run_id.in_(earlier), Proposal.state == ProposalState.SUGGESTED)
        .values(state=ProposalState.LAPSED, decided_at=now())
        .returning(Proposal.id).execution_options(synchronize_session=False)
    ).all()  # fmt: skip
    for proposal_id in gone:
        record_transition(
            Subject.PROPOSAL,
            proposal_id,
            ProposalState.SUGGESTED,
            ProposalState.LAPSED,
            actor=None,
            reason="newer_run",
        )
    return list(gone)
