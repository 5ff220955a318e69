"""A programme's setting: weights of the criteria, neutral values, rules and turn, all whole numbers."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields

from matching.types import DUTCH_LEVELS

MILLION = 1_000_000


class InvalidWeights(ValueError):
    """A setting that cannot be used: names the key, what was found and what was expected."""

    def __init__(self, key: str, value: object, expected: str) -> None:
        super().__init__(f"{key} is {value!r}; expected {expected}")
        self.key = key
        self.value = value
        self.expected = expected


@dataclass(frozen=True, slots=True)
class CriterionWeights:
    """How much each criterion counts, in thousandths; only their proportion matters."""

    interests: int = 350
    availability: int = 250
    place: int = 250
    languages: int = 150


@dataclass(frozen=True, slots=True)
class Neutral:
    """The value, in millionths, of a criterion that one of the two did not tell."""

    interests: int = 120_000
    availability: int = 500_000


@dataclass(frozen=True, slots=True)
class Rules:
    """What a pair must meet: least score (millionths), kilometres of who told none, and the language rule."""

    min_score: int = 300_000
    max_km: int = 25
    shared_language: bool = True
    min_dutch: str = "a1"


@dataclass(frozen=True, slots=True)
class Turn:
    """Whose turn it is: millionths for waiting, owed hours and a near end of contract; days to half of waiting."""

    waiting: int = 400_000
    half_days: int = 180
    owes: int = 250_000
    term: int = 150_000


@dataclass(frozen=True, slots=True)
class Weights:
    """One version of a programme's setting; the default is the one the project was published with."""

    version: str = "2026-1"
    weights: CriterionWeights = CriterionWeights()
    neutral: Neutral = Neutral()
    rules: Rules = Rules()
    turn: Turn = Turn()

    def __post_init__(self) -> None:
        _check(self)

    @classmethod
    def from_mapping(cls, data: Mapping[str, object]) -> Weights:
        """Read a setting from nested mappings as in weights.toml; what is absent keeps its default.

        Raises InvalidWeights for an unknown key, a wrong type or a value out of range.
        """
        sections = {"weights": CriterionWeights, "neutral": Neutral, "rules": Rules, "turn": Turn}
        found: dict[str, object] = {}
        for key, value in data.items():
            if key == "version":
                found[key] = value
            elif key in sections:
                found[key] = _section(key, sections[key], value)
            else:
                raise InvalidWeights(key, value, "one of version, weights, neutral, rules, turn")
        return cls(**found)  # type: ignore[arg-type]

    @classmethod
    def from_toml(cls, text: str) -> Weights:
        """Read a setting from the text of a weights.toml; raises InvalidWeights, also for broken TOML."""
        try:
            data = tomllib.loads(text)
        except (
            ValueError,
            RecursionError,
        ) as error:  # TOMLDecodeError, numbers without end, brackets in brackets
            raise InvalidWeights("weights.toml", str(error), "valid TOML") from error
        return cls.from_mapping(data)

    def as_mapping(self) -> dict[str, object]:
        """The setting as nested plain values; `from_mapping` gives an equal setting back."""
        return asdict(self)


def _section(name: str, kind: type, value: object) -> object:
    if not isinstance(value, Mapping):
        raise InvalidWeights(name, value, "a table of settings")
    known = [item.name for item in fields(kind)]
    for key in value:
        if key not in known:
            raise InvalidWeights(f"{name}.{key}", value[key], "one of " + ", ".join(known))
    return kind(**value)


def _check(setting: Weights) -> None:
    version: object = setting.version
    if not isinstance(version, str) or not version.strip() or not version.isprintable():
        raise InvalidWeights("version", setting.version, "a non-empty text of printable characters")
    for name in ("interests", "availability", "place", "languages"):
        _whole(f"weights.{name}", getattr(setting.weights, name), 0, MILLION)
    if sum(asdict(setting.weights).values()) == 0:
        raise InvalidWeights("weights", 0, "at least one weight above 0")
    _whole("neutral.interests", setting.neutral.interests, 0, MILLION)
    _whole("neutral.availability", setting.neutral.availability, 0, MILLION)
    _whole("rules.min_score", setting.rules.min_score, 0, MILLION)
    _whole("rules.max_km", setting.rules.max_km, 0, 1000)
    if not isinstance(setting.rules.shared_language, bool):
        raise InvalidWeights("rules.shared_language", setting.rules.shared_language, "true or false")
    if setting.rules.min_dutch not in DUTCH_LEVELS[1:]:
        raise InvalidWeights(
            "rules.min_dutch", setting.rules.min_dutch, "one of " + ", ".join(DUTCH_LEVELS[1:])
        )
    for name in ("waiting", "owes", "term"):
        _whole(f"turn.{name}", getattr(setting.turn, name), 0, MILLION)
    _whole("turn.half_days", setting.turn.half_days, 1, 100_000)


def _whole(key: str, value: object, low: int, high: int) -> None:
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise InvalidWeights(key, value, f"a whole number from {low} to {high}")
