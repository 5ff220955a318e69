"""Runs of the matcher, decisions of coordinators, and duos in every state, through the use-cases of the screens."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from sqlalchemy import select

from app.clock import start_of_day, today
from app.db import session
from app.models import Duo, Proposal
from app.queries.accounts import viewer_of
from app.security.viewer import Viewer
from app.services import continuations, duos, matches, shortages
from app.services.demo.enrolment import Enrolled, first_steps
from app.services.demo.staff import Staff
from app.services.duo_letters import DuoLinks, Question
from app.services.matchmaking import carry_out
from app.vocabulary import EndReason, Mood, ProposalRefusal
from app.vocabulary.endings import Went
from app.vocabulary.records import Answer


class Story(StrEnum):
    """How far a duo of the demo has come."""

    ACTIVE = "active"
    COMPLETED = "completed"
    ENDED = "ended"
    PAUSED = "paused"
    DECLINED = "declined"
    MET = "met"
    MEETING = "meeting"
    HALF = "half"
    ASKED = "asked"


# Of every network, the two who know each other longest first: an active duo needs the most days behind it.
LONGEST_FIRST = (
    Story.ACTIVE, Story.COMPLETED, Story.ACTIVE, Story.ENDED, Story.ACTIVE, Story.PAUSED, Story.ACTIVE, Story.ACTIVE,
    Story.ACTIVE, Story.DECLINED,
    Story.MET, Story.MEETING, Story.HALF, Story.ASKED,
)  # fmt: skip
SHORT = (
    Story.ACTIVE,
    Story.COMPLETED,
    Story.ACTIVE,
    Story.ACTIVE,
    Story.ACTIVE,
    Story.ACTIVE,
    Story.MEETING,
    Story.ASKED,
)
EVERY_STORY_IN = ("rivierenland", "limburg", "kempen", "oost-brabant")  # networks where every story is told
BEGUN = frozenset({Story.ACTIVE, Story.COMPLETED, Story.ENDED, Story.PAUSED})
KEPT_UNPUBLISHED = 2  # approved pairs of each network of which nobody knows yet
DAYS = {
    Story.ACTIVE: 150, Story.COMPLETED: 220, Story.ENDED: 120, Story.PAUSED: 110, Story.DECLINED: 40, Story.MET: 24,
    Story.MEETING: 14, Story.HALF: 5, Story.ASKED: 2,
}  # fmt: skip


@dataclass(frozen=True)
class Pairing:
    """A duo with its story, and how many days ago the coordinator approved it."""

    duo_id: int
    story: Story
    days_ago: int


def bring_together(staff: Staff, enrolled: Enrolled, links: DuoLinks) -> list[Pairing]:
    """A first run in every network, whose best pairs become duos, and a second one whose proposals wait to be judged.

    Of the second, the first pairs are approved and wait to be published.
    """
    made: list[Pairing] = []
    for network, coordinator in staff.coordinators.items():
        desk = viewer_of(coordinator)
        made += _decide(desk, _run(desk, network), enrolled, links)
        waiting = _run(desk, network)
        for proposal in waiting[:KEPT_UNPUBLISHED] if len(waiting) > 2 * KEPT_UNPUBLISHED else ():
            matches.reserve(desk, proposal.id)
        _ask_for_more(desk, network, looks=3 * len(made) % 40)
    return made


def _ask_for_more(desk: Viewer, network: str, *, looks: int) -> None:
    """A call for volunteers, at which some people looked."""
    call_id = shortages.make_call(desk, network)
    for _look in range(looks):
        shortages.count_visit(call_id)


def _run(desk: Viewer, network: str) -> list[Proposal]:
    """Carry a run out at once, as the worker would; its proposals in the order of the queue."""
    run_id = matches.start_run(desk, network)
    carry_out(run_id)
    session().expire_all()
    return list(
        session().scalars(select(Proposal).where(Proposal.run_id == run_id).order_by(Proposal.score.desc(), Proposal.id))
    )  # fmt: skip


def _decide(desk: Viewer, proposals: list[Proposal], enrolled: Enrolled, links: DuoLinks) -> list[Pairing]:
    """Refuse one, hold one, and let the others begin their stories as far as those go."""
    stories: tuple[Story, ...] = LONGEST_FIRST if desk.networks & set(EVERY_STORY_IN) else SHORT
    stories = stories[: max(len(proposals) - 2, 0)]
    if len(proposals) > len(stories) + 1:
        matches.refuse(desk, proposals[-1].id, reason=ProposalRefusal.NOT_A_FIT)
        matches.hold(desk, proposals[-2].id)
    chosen = sorted(proposals[: len(stories)], key=lambda it: -_known_days(it, enrolled))
    return [
        _tell_story(desk, proposal, story, min(DAYS[story], _known_days(proposal, enrolled)), links)
        for proposal, story in zip(chosen, stories, strict=True)
    ]


def _known_days(proposal: Proposal, enrolled: Enrolled) -> int:
    """Whole days since both were ready."""
    age = timedelta(days=min(enrolled.buddies[proposal.buddy_id], enrolled.newcomers[proposal.newcomer_id]))
    return (age - first_steps(age)).days


def _tell_story(desk: Viewer, proposal: Proposal, story: Story, days_ago: int, links: DuoLinks) -> Pairing:
    duo_id = matches.approve(desk, proposal.id, links=links)
    duo = session().get_one(Duo, duo_id)
    newcomer, buddy = viewer_of(duo.newcomer.person), viewer_of(duo.buddy.person)
    pairing = Pairing(duo_id, story, days_ago)

    def both(question: Question) -> None:
        for person in (newcomer, buddy):
            duos.answer(person, duo_id, question, Answer.YES, links=links)

    if story is Story.ASKED:
        return pairing
    if story is Story.HALF:
        duos.answer(buddy, duo_id, Question.MEET, Answer.YES, links=links)
        return pairing
    if story is Story.DECLINED:
        duos.answer(newcomer, duo_id, Question.MEET, Answer.YES, links=links)
        duos.answer(buddy, duo_id, Question.MEET, Answer.NO, links=links)
        return pairing
    both(Question.MEET)
    at = start_of_day(today() + timedelta(days=3)) + timedelta(hours=14)
    duos.plan_meeting(buddy, duo_id, at=at, where=f"Bibliotheek {duo.newcomer.municipality}", links=links)
    if story is Story.MET:
        duos.answer(newcomer, duo_id, Question.GO_ON, Answer.YES, links=links)
    if story in BEGUN:
        both(Question.GO_ON)
        _go_on(desk, pairing, links)
    return pairing


def _go_on(desk: Viewer, pairing: Pairing, links: DuoLinks) -> None:
    """What becomes of a duo that has begun."""
    duo_id, story = pairing.duo_id, pairing.story
    duos.check_in(desk, duo_id, on=today(), mood=Mood.SO_SO if story is Story.ENDED else Mood.GOOD, note="")
    if story is Story.PAUSED:
        duos.pause(desk, duo_id)
    elif story is Story.COMPLETED:
        duos.end(desk, duo_id, reason=EndReason.COMPLETED, goes_on=True, links=links)
        duo = session().get_one(Duo, duo_id)
        for person in (duo.newcomer.person, duo.buddy.person):
            continuations.look_back(viewer_of(person), duo_id, went=Went.GOOD)
    elif story is Story.ENDED:
        duos.end(desk, duo_id, reason=EndReason.NO_TIME, links=links)
