"""What somebody who looks for activities typed and chose, from the address alone, so that it can be passed on."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final, TypeVar

from werkzeug.datastructures import MultiDict

from app.reference.folding import fold
from app.reference.gazetteer import LONGEST_QUERY, Ambiguous, Found, Place, Unknown, municipalities, resolve
from app.reference.interests import INTERESTS
from app.reference.networks import networks
from app.vocabulary import DayPart, OfferKind, Weekday
from app.vocabulary.activities import NeededDutch, OfferGoal, Suited
from app.vocabulary.masks import SLOTS, rank
from app.vocabulary.searches import Order, View, aims_in

Member = TypeVar("Member", bound=StrEnum)
ReadInterests = Callable[[str, str], tuple[str, ...]]

DISTANCES: Final = (5, 10, 25, 50)
DEFAULT_KM: Final = 25
LONGEST: Final = 200  # letters of a phrase, more says nothing
MOST_WORDS: Final = 6
LONGEST_WORD: Final = (
    24  # letters that are looked for; an address with six such words still fits a square code
)
KNOWN: Final = frozenset(interest.slug for interest in INTERESTS)


@dataclass(frozen=True)
class Asked:
    """A search as it was asked for; what nobody can make sense of is left out.

    `phrase` and `typed` are the words and the place as they were typed. `interests` were understood from the phrase
    or tapped, `aims` too; `words` are those of the phrase, folded. `options` are the places that `typed` can mean when it is not
    clear: several of that very name, or near misses. `network` and `town` come from the map, by slug and by name.
    """

    phrase: str = ""
    interests: tuple[str, ...] = ()
    aims: tuple[OfferGoal, ...] = ()
    words: tuple[str, ...] = ()
    typed: str = ""
    place: Place | None = None
    options: tuple[Place, ...] = ()
    several: bool = False
    km: int = DEFAULT_KM
    network: str = ""
    town: str = ""
    kind: OfferKind | None = None
    goal: OfferGoal | None = None
    level: NeededDutch | None = None
    day: Weekday | None = None
    part: DayPart | None = None
    suited: tuple[Suited, ...] = ()
    free: bool = False
    own_language: bool = False
    order: Order | None = None
    view: View = View.LIST
    page: int = 1
    first: date | None = None

    @property
    def unknown(self) -> bool:
        """Whether a place was typed that nobody knows."""
        return bool(self.typed) and self.place is None and not self.options

    @property
    def slots(self) -> tuple[str, ...]:
        """The moments of the week that were asked for; none when every moment will do."""
        if self.day is None and self.part is None:
            return ()
        return tuple(
            slot for slot in SLOTS
            if slot.startswith(f"{self.day or ''}-" if self.day else "") and slot.endswith(self.part or "")
        )  # fmt: skip

    @property
    def rank(self) -> int | None:
        """The most Dutch that may be needed, as a number; None when it does not matter."""
        return None if self.level is None else rank(self.level)

    @property
    def narrowed(self) -> bool:
        """Whether anything of the second row of filters is asked for, so that it is shown open."""
        return any(
            (self.goal, self.level, self.day, self.part, self.suited, self.free, self.own_language)
        ) or (self.km != DEFAULT_KM)

    def address(self) -> dict[str, object]:
        """Its parts for an address that says what was understood, never what was typed: that may be somebody's address."""
        place = self.place and _shortest(self.place)
        said = "" if self.interests else " ".join(self.words)
        values: dict[str, object] = {
            "place": place, "kind": self.kind, "q": said, "like": list(self.interests), "network": self.network, "town": self.town,
            "km": self.km if place and self.km != DEFAULT_KM else None, "goal": self.goal, "level": self.level, "day": self.day,
            "part": self.part, "suited": list(self.suited), "free": "1" if self.free else None,
            "own": "1" if self.own_language else None, "order": self.order, "view": self.view if self.view is not View.LIST else None,
        }  # fmt: skip
        return {name: value for name, value in values.items() if value}


def asked(args: MultiDict[str, str], language: str, interests_in: ReadInterests) -> Asked:
    """What an address asks for, its phrase read with the interest model that is given. Raises nothing."""
    phrase = " ".join(args.get("q", "")[:LONGEST].split())
    typed = args.get("place", "")[:LONGEST_QUERY].strip()
    folded = fold(phrase).split()
    place, options, several = understood(typed)
    tapped = tuple(dict.fromkeys(tag for tag in args.getlist("like") if tag in KNOWN))
    return Asked(
        phrase=phrase,
        interests=tapped or (interests_in(phrase, language) if phrase else ()),
        aims=aims_in(folded),
        words=tuple(word[:LONGEST_WORD] for word in folded[:MOST_WORDS]),
        typed=typed,
        place=place,
        options=options,
        several=several,
        km=next((km for km in DISTANCES if str(km) == args.get("km")), DEFAULT_KM),
        network=_one_of(args.get("network"), {area.slug for area in networks()}),
        town=_one_of(args.get("town"), {town.name for town in municipalities()}),
        kind=_member(OfferKind, args.get("kind")),
        goal=_member(OfferGoal, args.get("goal")),
        level=_member(NeededDutch, args.get("level")),
        day=_member(Weekday, args.get("day")),
        part=_member(DayPart, args.get("part")),
        suited=tuple(tag for tag in Suited if tag.value in args.getlist("suited")),
        free=args.get("free") == "1",
        own_language=args.get("own") == "1",
        order=_member(Order, args.get("order")),
        view=_member(View, args.get("view")) or View.LIST,
        page=args.get("page", 1, int),
        first=_day(args),
    )


def understood(typed: str) -> tuple[Place | None, tuple[Place, ...], bool]:
    """The place that was meant; or what it can be, and whether several places have that very name."""
    if not typed:
        return None, (), False
    match resolve(typed):
        case Found(place):
            return place, (), False
        case Ambiguous(options):
            return None, options, True
        case Unknown(suggestions):
            return None, suggestions, False


def _shortest(place: Place) -> str:
    """The name of its municipality, which people know; its full name where another place has that name too."""
    return place.municipality if isinstance(resolve(place.municipality), Found) else place.name


def _member(kind: type[Member], value: str | None) -> Member | None:
    return kind(value) if value in set(kind) else None


def _one_of(value: str | None, known: set[str]) -> str:
    return value if value in known else ""


def _day(args: Mapping[str, str]) -> date | None:
    try:
        return date.fromisoformat(args.get("from", ""))
    except ValueError:
        return None
