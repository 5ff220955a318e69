"""Who lives in the demo: invented answers of 546 candidate buddies and 1 500 newcomers, the same for the same seed.

The buddies per province are those of mijnbuddy.be (DOMAIN F1). The other shares are assumptions, not counts.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random
from types import MappingProxyType
from typing import Final, TypeVar

from app.i18n import is_language
from app.reference.gazetteer import Place, places
from app.services.answers import BuddyAnswers, NewcomerAnswers
from app.services.demo.names import families, men, women
from app.services.demo.words import BUDDY_WORDS, NEWCOMER_WORDS
from app.vocabulary import BuddyState, DutchLevel, Goal, Interest, NewcomerState, Slot
from app.vocabulary.registrations import HeardThrough, MeetingWish

BUDDIES: Final[Mapping[str, int]] = MappingProxyType({
    "antwerpen": 133, "brussel": 28, "limburg": 67, "oost-vlaanderen": 146, "vlaams-brabant": 92, "west-vlaanderen": 80,
})  # fmt: skip
NEWCOMERS: Final[Mapping[str, int]] = MappingProxyType({
    "antwerpen": 480, "brussel": 200, "limburg": 190, "oost-vlaanderen": 290, "vlaams-brabant": 190, "west-vlaanderen": 150,
})  # fmt: skip
DOMAIN: Final = "demo.samenspoor.example"
CITIES: Final[Mapping[str, int]] = MappingProxyType({
    "Antwerpen": 120, "Gent": 90, "Brugge": 40, "Leuven": 50, "Mechelen": 45, "Aalst": 35, "Hasselt": 30, "Sint-Niklaas": 30,
    "Kortrijk": 35, "Oostende": 35, "Genk": 35, "Roeselare": 30, "Vilvoorde": 35, "Turnhout": 25, "Lier": 15, "Ieper": 15,
    "Dendermonde": 15, "Beringen": 15, "Ronse": 12, "Lokeren": 15, "Waregem": 12, "Halle": 15, "Tienen": 12, "Oudenaarde": 10,
})  # fmt: skip

SPOKEN_BY_NEWCOMERS = {
    "ar": 22, "en": 12, "fr": 11, "uk": 11, "tr": 8, "fa": 5, "prs": 6, "ps": 6, "ti": 6, "so": 6, "es": 6, "ro": 5, "ru": 6,
    "pl": 4, "bg": 4, "ku": 4, "pt": 3, "sq": 3, "ur": 2, "ln": 2, "am": 2, "bn": 1, "ne": 1, "zh": 1, "hy": 1, "ka": 1, "vi": 1,
}  # fmt: skip
SPOKEN_BY_BUDDIES = {
    "en": 60, "fr": 45, "de": 14, "es": 8, "ar": 6, "tr": 5, "it": 4, "pt": 2, "ru": 2, "pl": 2, "uk": 1, "fa": 1, "ro": 1, "so": 1,
}  # fmt: skip
SECOND_LANGUAGES = {
    "ar": ("en", "fr", "ku"), "uk": ("ru", "en"), "fa": ("en", "prs"), "prs": ("ps", "fa", "en"), "ps": ("prs", "ur", "en"),
    "ti": ("am", "ar", "en"), "so": ("ar", "en", "sw"), "ku": ("ar", "tr"), "ln": ("fr",), "ru": ("uk", "en"), "ro": ("it", "en"),
}  # fmt: skip
LIKED_MOST = ("cooking", "walking", "languages-conversation", "music-listening", "travel", "cinema", "nature", "cycling",
              "football", "swimming", "reading", "gardening", "children-family", "running", "gym", "baking", "photography")  # fmt: skip
STATES_OF_BUDDIES = {
    BuddyState.APPROVED: 68, BuddyState.INTAKE_PLANNED: 7, BuddyState.VERIFIED: 7, BuddyState.SCREENING: 5,
    BuddyState.REGISTERED: 4, BuddyState.PAUSED: 4, BuddyState.LEFT: 3, BuddyState.REJECTED: 2,
}  # fmt: skip
STATES_OF_NEWCOMERS = {
    NewcomerState.WAITING: 80, NewcomerState.REGISTERED: 8, NewcomerState.INTAKE_PLANNED: 4, NewcomerState.READY: 3,
    NewcomerState.ADVISED_OTHER_OFFER: 3, NewcomerState.LEFT: 2,
}  # fmt: skip
# (least, most) days since registering of who is on the way; networks promise to call within a week
ON_THE_WAY = {
    BuddyState.REGISTERED.value: (0, 6), BuddyState.VERIFIED.value: (0, 6), BuddyState.INTAKE_PLANNED.value: (3, 12),
    BuddyState.SCREENING.value: (8, 20), NewcomerState.READY.value: (8, 16),
}  # fmt: skip
LEVELS = dict(zip(DutchLevel, (25, 30, 28, 13, 4), strict=True))

T = TypeVar("T")


@dataclass(frozen=True)
class Candidate:
    """One invented buddy: what was answered, in which language, how far the coordinator came, how many days ago it began."""

    answers: BuddyAnswers
    locale: str
    state: BuddyState
    days_ago: int


@dataclass(frozen=True)
class Arrival:
    """One invented newcomer: as Candidate."""

    answers: NewcomerAnswers
    locale: str
    state: NewcomerState
    days_ago: int


def candidates(seed: int) -> list[Candidate]:
    """The candidate buddies, exactly as many in each province as were published."""
    random = Random(f"buddies {seed}")  # noqa: S311 - a made-up population, not a secret
    where = [place for province, count in BUDDIES.items() for place in _places(random, province, count)]
    random.shuffle(where)
    return [_candidate(random, number, place) for number, place in enumerate(where, start=1)]


def arrivals(seed: int) -> list[Arrival]:
    """The newcomers."""
    random = Random(f"newcomers {seed}")  # noqa: S311
    where = [place for province, count in NEWCOMERS.items() for place in _places(random, province, count)]
    random.shuffle(where)
    return [_arrival(random, number, place) for number, place in enumerate(where, start=1)]


def _candidate(random: Random, number: int, place: Place) -> Candidate:
    own = "nl" if random.random() < 0.9 else random.choice(("ar", "tr", "fr", "en", "es", "pl"))
    gender, name = _name(random, own, women_share=0.62)
    languages = _some(random, SPOKEN_BY_BUDDIES, random.choice((0, 1, 1, 2, 2, 3)))
    answers = BuddyAnswers(
        full_name=name, email=f"buddy{number:04}@{DOMAIN}", phone=_phone(number) if random.random() < 0.8 else "",
        postcode=place.postcode, locality=place.locality,
        languages=languages if own == "nl" or own in languages else [*languages, own],
        interests=_interests(random), availability=_moments(random), gender=gender,
        wished_gender="f" if gender == "f" and random.random() < 0.1 else "",
        max_km=random.choice((None, None, 5, 10, 10, 15, 20, 25)), capacity=_one(random, {1: 72, 2: 22, 3: 6}),
        meeting_wish=random.choice(list(MeetingWish)).value, heard_through=random.choice(list(HeardThrough)).value,
        words=random.choice(BUDDY_WORDS) if random.random() < 0.7 else "", words_language="nl",
    )  # fmt: skip
    state, days = _one(random, STATES_OF_BUDDIES), random.randint(1, 420)
    return Candidate(answers, "nl" if own == "nl" else _locale(own), state, _recent(random, state, days))


def _arrival(random: Random, number: int, place: Place) -> Arrival:
    own = _one(random, SPOKEN_BY_NEWCOMERS)
    gender, name = _name(random, own, women_share=0.47)
    others = [tag for tag in SECOND_LANGUAGES.get(own, ("en", "fr")) if random.random() < 0.5]
    words = NEWCOMER_WORDS.get(_locale(own), ()) if random.random() < 0.4 else ()
    answers = NewcomerAnswers(
        full_name=name, email=f"newcomer{number:04}@{DOMAIN}" if random.random() < 0.45 else "",
        phone=_phone(5000 + number) if random.random() < 0.8 else "", postcode=place.postcode, locality=place.locality,
        languages=[own, *others], interests=_interests(random), availability=_moments(random),
        gender=gender if random.random() < 0.3 else "", wished_gender="f" if gender == "f" and random.random() < 0.15 else "",
        dutch_level=_one(random, LEVELS).value, goals=random.sample([goal.value for goal in Goal], random.randint(1, 3)),
        words=random.choice(words) if words else "", words_language=_locale(own) if words else "",
    )  # fmt: skip
    days = min(int(random.expovariate(1 / 110)) + 1, 600)
    state = _one(random, STATES_OF_NEWCOMERS)
    return Arrival(answers, _locale(own), state, _recent(random, state, days))


def _recent(random: Random, state: BuddyState | NewcomerState, days: int) -> int:
    """How many days ago somebody registered who is still on the way: so few that most promises are not past."""
    between = ON_THE_WAY.get(state.value)
    return random.randint(*between) if between else days


def _places(random: Random, province: str, count: int) -> list[Place]:
    """Places of a province; towns more often than villages, and cities by how big they are."""
    inside = [place for place in places() if place.province == province]
    parts = Counter(place.municipality for place in inside)
    weights = [
        CITIES[it.municipality] / parts[it.municipality] if it.municipality in CITIES
        else 2 if it.locality == it.municipality else 0.4
        for it in inside
    ]  # fmt: skip
    return random.choices(inside, weights, k=count)


def _name(random: Random, language: str, *, women_share: float) -> tuple[str, str]:
    woman = random.random() < women_share
    first = random.choice(women(language) if woman else men(language))
    family = random.choice(families(language))
    return "f" if woman else "m", f"{family}{first}" if language == "zh" else f"{first} {family}"


def _phone(number: int) -> str:
    """A number with the form of a Belgian mobile one, in a range that nobody has."""
    return f"+32400{number:06}"


def _locale(language: str) -> str:
    known = {"prs": "fa", "ku": "tr", "ln": "fr", "ber": "ar", "am": "ti"}.get(language, language)
    return known if is_language(known) else "en"


def _interests(random: Random) -> list[str]:
    weights = {interest.value: 3 for interest in Interest} | dict.fromkeys(LIKED_MOST, 9)
    return _some(random, weights, random.randint(3, 7))


def _moments(random: Random) -> list[str]:
    weights = {
        slot.value: (20 if slot.part == "afternoon" else 10) if slot.weekday in ("sat", "sun")
        else 14 if slot.part == "evening" else 5
        for slot in Slot
    }  # fmt: skip
    return _some(random, weights, random.randint(2, 6))


def _some(random: Random, weights: Mapping[str, int], count: int) -> list[str]:
    """So many different ones, heavier ones more often."""
    drawn = sorted(weights, key=lambda name: random.expovariate(1) / weights[name])
    return drawn[:count]


def _one(random: Random, weights: Mapping[T, int]) -> T:
    choices: Sequence[T] = list(weights)
    return random.choices(choices, list(weights.values()))[0]
