"""A proposal in words and pictures: what the matcher stored as codes and facts, as the reader's language says it."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from app.i18n import DEFAULT, active, people_list_text, pgettext, speak
from app.models import Buddy, Newcomer, Proposal
from app.queries.duos import Reasons
from app.queries.fairness import AGAIN
from app.queries.plans import Place
from app.reference.interests import INTERESTS
from app.reference.languages import language_name
from app.services.matchmaking.around import Effect
from app.vocabulary import (
    Criterion,
    DuoState,
    DutchLevel,
    GenderWish,
    Interest,
    Mood,
    Province,
    Rule,
    Slot,
    against_sentence,
    offer_sentence,
    reason_sentence,
    unlock_sentence,
    unmatched_sentence,
)
from app.vocabulary.chances import chance_sentence
from app.vocabulary.effects import effect_sentences, history_dimension, history_label
from app.vocabulary.facts import Facts
from app.vocabulary.planning import (
    gain_sentence,
    level_of,
    loss_sentence,
    rule_sentence,
    shortage_sentence,
    worth_sentence,
)
from app.vocabulary.records import RunStage, RunState

__all__ = [
    "all_reasons",
    "all_rules",
    "chances",
    "consequences",
    "dimension",
    "duo_state",
    "group",
    "in_dutch",
    "interests",
    "languages",
    "missing",
    "moments",
    "mood",
    "parts",
    "places",
    "said_to_people",
    "stage",
    "strongest",
    "tags",
    "unlock_sentence",
    "unmatched_sentence",
]

PICTURES = {interest.slug: interest.icon for interest in INTERESTS}
Chip = dict[str, Any]
_STEPS = {"availability": "when", "languages": "dutch", "wish": "hopes"}


_BY_VALUE: dict[str, Callable[[str], str]] = {
    "province": lambda value: str(Province(value).label),
    "wish": lambda value: str(GenderWish(value).label),
    "dutch_level": lambda value: str(DutchLevel(value).label),
    "history": lambda value: history_label(value == AGAIN),
    "language": lambda value: language_name(value, active()),
}


def parts(proposal: Proposal) -> list[dict[str, Any]]:
    """The parts of the score in the order of the criteria, in percent of a perfect score."""
    rows = {row["code"]: row for row in proposal.explanation["criteria"]}
    return [
        {"label": criterion.label, "points": rows[criterion]["part"] / 10_000}
        for criterion in Criterion
        if criterion in rows
    ]


def strongest(proposal: Proposal, side: str) -> str:
    """The strongest reason `for` or `against`, as a sentence; empty when nothing speaks against the pair."""
    code = proposal.explanation[f"strongest_{side}"]
    rows = {row["code"]: row for row in proposal.explanation["criteria"]}
    say = against_sentence if side == "against" else reason_sentence
    return say(code, rows[code]["facts"]) if code else ""


def all_reasons(proposal: Proposal) -> list[tuple[Any, str]]:
    """Every criterion with its sentence."""
    return [
        (Criterion(row["code"]).label, reason_sentence(row["code"], row["facts"]))
        for row in proposal.explanation["criteria"]
    ]


def all_rules(proposal: Proposal) -> list[tuple[Any, str]]:
    """Every rule with its sentence, as it was when the plan was made."""
    return [
        (Rule(row["code"]).label, rule_sentence(row["code"], row["facts"], row["passed"]))
        for row in proposal.explanation["rules"]
    ]


def chances(unlocks: Iterable[Facts]) -> list[dict[str, str]]:
    """What a newcomer could change: the sentence, the same in Dutch, and the step of the answers (empty = none)."""
    return [
        {
            "own": chance_sentence(unlock),
            "dutch": in_dutch(chance_sentence, unlock),
            "step": _STEPS.get(unlock["change"], ""),
        }
        for unlock in unlocks
    ]


def in_dutch(say: Callable[..., Any], *given: Any) -> Any:
    """What a function says, said in Dutch."""
    with speak(DEFAULT):
        return say(*given)


def missing(entries: list[Facts]) -> list[tuple[str, str]]:
    """Whom a network misses, most worth first: the sentence, and how much that buddy would add to the plan."""
    most = max((int(entry["value"]) for entry in entries), default=0)
    return [
        (shortage_sentence(entry), worth_sentence(level_of(int(entry["value"]), most))) for entry in entries
    ]


def places(found: list[Place]) -> list[tuple[Place, str, str]]:
    """What one more place with a buddy would give, and what one place less would cost, in words."""
    most = max((max(place.gain, place.loss) for place in found), default=0)
    return [
        (
            place,
            gain_sentence(level_of(place.gain, most), place.places),
            loss_sentence(level_of(place.loss, most)) if place.places else "",
        )
        for place in found
    ]


def said_to_people(reasons: Reasons) -> list[str]:
    """Why these two, said to one of them in few words."""
    return [said for said in (offer_sentence(code, facts) for code, facts in reasons) if said]


def interests(person: Newcomer | Buddy, common: Iterable[str] = ()) -> list[Chip]:
    """What somebody likes, as chips; what both like comes first and stands out."""
    shared = set(common)
    tags = sorted(person.interests, key=lambda tag: tag not in shared)
    return [
        {"label": Interest(tag).label, "picture": PICTURES[tag], "kind": "both" if tag in shared else ""}
        for tag in tags
    ]


def moments(slots: Iterable[str]) -> str:
    """Moments of the week as a list in words."""
    return people_list_text(str(Slot(slot).label) for slot in slots)


def tags(interests_: Iterable[str]) -> str:
    """Interests as a list in words."""
    return people_list_text(str(Interest(tag).label) for tag in interests_)


def languages(person_tags: Iterable[str]) -> str:
    """Languages by name, as a list in words."""
    return people_list_text(language_name(tag, active()) for tag in person_tags)


def dimension(name: str) -> str:
    """What the groups of a plan are made by."""
    return {
        "province": pgettext("how people are grouped", "Province"),
        "language": pgettext("how people are grouped", "Language"),
        "wish": pgettext("how people are grouped", "Wish about the other person"),
        "dutch_level": pgettext("how people are grouped", "Level of Dutch"),
        "history": history_dimension(),
    }[name]


def group(name: str, value: str) -> str:
    """The name of a group."""
    return _BY_VALUE[name](value)


def stage(value: str) -> Any:
    """What a run is doing now."""
    found = {item.value: item.label for item in RunStage}
    return found.get(value, RunState.QUEUED.label)


def duo_state(value: str) -> Any:
    """The state of a duo that a record names."""
    return next(state.label for state in DuoState if state.value == value)


def mood(value: str) -> Any:
    """How a duo was doing at a talk; empty when it was not noted."""
    return next((item.label for item in Mood if item.value == value), "")


def consequences(found: Effect, names: Mapping[int, str]) -> list[str]:
    """What a choice would do to the rest of a plan; `names` = first names of newcomers by key."""
    lost, gained = ([names[key] for key in keys if key in names] for keys in (found.lost, found.gained))
    return effect_sentences(found.fit, found.own, lost, gained, len(found.moved))
