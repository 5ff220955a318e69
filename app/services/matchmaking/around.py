"""A plan around what has been decided: solved anew with the counts of its run, and what each choice would cost.

Scores are those of the run: its weights, its day and its interest counts. Prices of the run are the start, so that an
answer takes a fraction of a second (matching/standing.py).
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cached_property

import matching
from app.models import Proposal, Run
from app.services.matchmaking import ALTERNATIVES, Work, common_of, proposal_of, work_of
from app.services.pool import Pool, pool_of
from matching.standing import InvalidDecision, Kept, Standing
from matching.types import Idf, Pair, Plan


class NotInThePlan(Exception):
    """One of the two people of a pair takes no part in the plan, or has no place."""


@dataclass(frozen=True)
class Effect:
    """What a choice does to the others of a plan, by keys of newcomers.

    `lost` have no buddy any more, `gained` have one now, `moved` have another one. `fit` is by how much the scores of
    the whole plan add up to less (millionths; below 0 = to more). `own` = the newcomer decided about has a buddy.
    """

    lost: tuple[int, ...]
    gained: tuple[int, ...]
    moved: tuple[int, ...]
    fit: int
    own: bool


@dataclass(frozen=True)
class Other:
    """Another buddy with whom a newcomer fits, and what that would cost the plan."""

    buddy_id: int
    score: int
    distance_m: int
    common: dict[str, list[str]]
    effect: Effect


@dataclass(frozen=True)
class Around:
    """The people of a run who are not decided about, and the best plan for them now."""

    pool: Pool
    work: Work
    standing: Standing
    plan: Plan

    @cached_property
    def pairs(self) -> dict[int, int]:
        """The buddy of each newcomer who has one in the plan."""
        return _pairs(self.plan)

    def proposal(self, newcomer_id: int, buddy_id: int) -> Proposal | None:
        """That pair as a proposal of the run, with all its reasons; None when the two cannot be together."""
        chosen = [pair for pair in self.plan.pairs if pair.newcomer_id == str(newcomer_id)]
        if not chosen or int(chosen[0].buddy_id) != buddy_id:
            chosen = self._permitted(newcomer_id)
        found = [pair for pair in chosen if int(pair.buddy_id) == buddy_id]
        return proposal_of(self.work, self.plan.idf, found[0], []) if found else None

    def possible(self, newcomer_id: int, buddy_id: int) -> bool:
        """Whether these two can still be put together: one waits, the other can be proposed and has a place."""
        newcomer, buddy = _key(newcomer_id, buddy_id)
        return (
            newcomer in self.work.newcomers and buddy in self.work.buddies and self.pool.places[buddy_id] > 0
        )

    def without(self, newcomer_id: int, buddy_id: int) -> Effect:
        """What happens to the others when these two are not put together; the plan leaves them out if they cannot be."""
        if not self.possible(newcomer_id, buddy_id):
            return self._effect(newcomer_id, self.plan)
        return self._effect(
            newcomer_id, self.standing.decide(refused=[_key(newcomer_id, buddy_id)], reasons=False)
        )

    def others(self, newcomer_id: int, but: int) -> list[Other]:
        """The best other buddies for a newcomer, the best first, each with what it would cost."""
        found = [pair for pair in self._permitted(newcomer_id) if int(pair.buddy_id) != but][:ALTERNATIVES]
        return [
            Other(
                int(pair.buddy_id), pair.score, pair.distance_m, common_of(pair),
                self._effect(newcomer_id, self.standing.decide(fixed=[(pair.newcomer_id, pair.buddy_id)], reasons=False)),
            )
            for pair in found
        ]  # fmt: skip

    def _permitted(self, newcomer_id: int) -> list[Pair]:
        person = self.work.newcomers.get(str(newcomer_id))
        if person is None:
            return []
        work = self.work
        return list(matching.score_pairs(
            [person], list(work.buddies.values()), past=work.past, weights=work.weights, as_of=work.as_of, idf=self.plan.idf,
        ))  # fmt: skip

    def _effect(self, newcomer_id: int, plan: Plan) -> Effect:
        return effect(self.pairs, _pairs(plan), {newcomer_id}, _fit(self.plan) - _fit(plan))


def around(
    run: Run, newcomer_ids: Collection[int], kept: Iterable[tuple[int, int]], *,
    deciding: tuple[int, int] | None = None,
) -> Around:  # fmt: skip
    """The plan of a run around what has been decided, for those of these newcomers who still wait.

    `kept` are the pairs of the plan as it stands. Decided pairs need no naming: who is approved, held or offered does
    not wait or has no place, and who was refused is a past pair. `deciding` is a pair on hold or offered (newcomer,
    buddy): the plan is then the one with it. Raises NotInThePlan when one of them takes no part any more.
    """
    pool = pool_of(run, deciding=deciding and deciding[0])
    work = work_of(run, run.attempt, pool)
    newcomers = [person for key, person in work.newcomers.items() if int(key) in newcomer_ids]
    fixed = [deciding] if deciding else []
    standing = Standing.of(
        newcomers, list(work.buddies.values()), past=work.past, weights=work.weights, as_of=work.as_of,
        idf=Idf(run.idf["people"], run.idf["named"]),
        plan=Kept([_key(*pair) for pair in (*kept, *fixed)], run.prices["newcomers"], run.prices["buddies"]),
    )  # fmt: skip
    try:
        plan = standing.decide(fixed=[_key(*pair) for pair in fixed], reasons=False)
    except InvalidDecision as refusal:
        raise NotInThePlan from refusal
    return Around(pool, work, standing, plan)


def effect(before: dict[int, int], after: dict[int, int], but: Collection[int], fit: int) -> Effect:
    """What a plan that was and one that comes mean for everybody but those named."""
    mine = set(but)
    return Effect(
        lost=tuple(sorted(before.keys() - after.keys() - mine)),
        gained=tuple(sorted(after.keys() - before.keys() - mine)),
        moved=tuple(sorted(key for key in before.keys() & after.keys() - mine if before[key] != after[key])),
        fit=fit,
        own=mine <= after.keys(),
    )


def _pairs(plan: Plan) -> dict[int, int]:
    return {int(pair.newcomer_id): int(pair.buddy_id) for pair in plan.pairs}


def _fit(plan: Plan) -> int:
    return sum(pair.score for pair in plan.pairs)


def _key(newcomer_id: int, buddy_id: int) -> tuple[str, str]:
    return str(newcomer_id), str(buddy_id)
