"""What the open API can be asked: one table, by which requests are read and which the description of the API shows."""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any, Final

from werkzeug.datastructures import MultiDict

from app.clock import today
from app.exchange import LARGEST_KEY, network_slugs
from app.i18n import LANGUAGES, gettext, pseudo_on
from app.i18n.languages import PSEUDO
from app.vocabulary import OfferKind
from app.vocabulary.masks import GOALS, LEVELS, LIKINGS, SLOTS, SUITED

Schema = dict[str, Any]
MOST: Final = 100
USUAL: Final = 50
LONGEST: Final = 100
NO_NUL: Final = r"^[^\u0000]*$"
"""PostgreSQL keeps no text with it; a pattern that Python and ECMA 262 read alike."""
EARLIEST: Final = date(2000, 1, 1)
LATEST_YEAR: Final = 9000
_NUMBER: Final = re.compile(r"[0-9]{1,10}")
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TRUTH: Final = {"true": True, "false": False}
_INSTANT: Final = (
    r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?(Z|[+-][0-9]{2}:[0-9]{2})$"
)


class Unfit(Exception):
    """Parameters that are not as described: (name, sentence) of each."""

    def __init__(self, faults: list[tuple[str, str]]) -> None:
        super().__init__(", ".join(name for name, _ in faults))
        self.faults = faults


def _one_of(values: list[str], description: str) -> Schema:
    return {"type": "string", "enum": values, "description": description}


LANG: Final[Mapping[str, Schema]] = {
    "lang": _one_of(
        [item.tag for item in LANGUAGES],
        "Language of texts and labels; without it the Accept-Language of the request, else Dutch.",
    )
}
FILTERS: Final[Mapping[str, Schema]] = {
    "kind": _one_of([kind.value for kind in OfferKind], "One of the nine kinds of offer."),
    "goal": _one_of(list(GOALS), "What somebody comes for."),
    "interest": _one_of(list(LIKINGS), "What somebody likes."),
    "level": _one_of(list(LEVELS), "The Dutch that somebody has: activities that ask for no more."),
    "suited": _one_of(list(SUITED), "For whom it is thought of too."),
    "slot": _one_of(list(SLOTS), "Part of the week."),
    "network": _one_of(network_slugs(), "One of the eighteen networks."),
    "municipality": {"type": "string", "minLength": 1, "maxLength": LONGEST, "pattern": NO_NUL, "description": "Name of the municipality, in Dutch."},
    "q": {"type": "string", "minLength": 1, "maxLength": LONGEST, "pattern": NO_NUL, "description": "Words in title, organisation or place."},
    "free": {"type": "boolean", "description": "true: costs nothing."},
    "joinable": {"type": "boolean", "description": "true: somebody can still come in."},
    "changed_since": {
        "type": "string", "format": "date-time", "pattern": _INSTANT, "description": "Changed at or after that instant.",
    },
}  # fmt: skip
PAGING: Final[Mapping[str, Schema]] = {
    "after": {
        "type": "integer", "minimum": 0, "maximum": LARGEST_KEY, "default": 0,
        "description": "Activities after that key; `next` of an answer has it filled in.",
    },
    "limit": {"type": "integer", "minimum": 1, "maximum": MOST, "default": USUAL, "description": "How many at once."},
}  # fmt: skip
PERIOD: Final[Mapping[str, Schema]] = {
    "from": {"type": "string", "format": "date", "description": "First day that counts, from 2000 on; without it everything before."},
    "to": {"type": "string", "format": "date", "description": "Last day that counts; a later one than today is today."},
}  # fmt: skip


def read(args: MultiDict[str, str], *known: Mapping[str, Schema]) -> dict[str, Any]:
    """The values of the parameters in `known` that were asked for, by name, with the defaults of the others that have one.

    Raises Unfit, also for a parameter that is in none of these tables: a typing error is not taken for a filter.
    """
    schemas = {name: schema for table in known for name, schema in table.items()}
    faults = [(name, gettext("This parameter is not known here.")) for name in args if name not in schemas]
    faults += [(name, gettext("Give this parameter once.")) for name in args if len(args.getlist(name)) > 1]
    values: dict[str, Any] = {}
    for name, schema in schemas.items():
        if name not in args:
            values[name] = schema.get("default")
            continue
        try:
            values[name] = _value(args[name], schema)
        except ValueError:
            faults.append((name, _wanted(schema)))
    first, last = values.get("from"), values.get("to")
    if first and last and first > last:
        faults.append(("from", gettext("The first day lies after the last.")))
    if faults:
        raise Unfit(faults)
    return values


def _value(text: str, schema: Schema) -> Any:
    """The text as what it stands for. Raises ValueError."""
    kind, form = schema["type"], schema.get("format")
    if kind == "integer":
        if not _NUMBER.fullmatch(text) or not schema["minimum"] <= int(text) <= schema["maximum"]:
            raise ValueError
        return int(text)
    if kind == "boolean":
        if text not in _TRUTH:
            raise ValueError
        return _TRUTH[text]
    if form == "date":
        return _day(text)
    if form == "date-time":
        return _instant(text, schema["pattern"])
    if "enum" in schema:
        if text not in schema["enum"] and not (schema is LANG["lang"] and pseudo_on() and text == PSEUDO):
            raise ValueError
        return text
    if not schema["minLength"] <= len(text) <= schema["maxLength"] or not re.fullmatch(
        schema["pattern"], text
    ):
        raise ValueError
    return text


def _day(text: str) -> date:
    if not _DAY.fullmatch(text):  # fromisoformat also knows weeks
        raise ValueError
    return min(max(date.fromisoformat(text), EARLIEST), today())


def _instant(text: str, pattern: str) -> datetime:
    if not re.fullmatch(pattern, text, re.ASCII):
        raise ValueError
    instant = datetime.fromisoformat(text)
    year = min(max(instant.year, EARLIEST.year), LATEST_YEAR)  # in every zone a year that a datetime can hold
    return instant.replace(
        year=year, day=min(instant.day, 28) if year != instant.year else instant.day
    ).astimezone(UTC)


def _wanted(schema: Schema) -> str:
    """What the value should have been."""
    if schema["type"] == "integer":
        return gettext(
            "Give a whole number from %(least)s to %(most)s.", least=schema["minimum"], most=schema["maximum"]
        )
    if schema["type"] == "boolean":
        return gettext("Give true or false.")
    if schema.get("format") == "date":
        return gettext("Give a day as 2026-11-21.")
    if schema.get("format") == "date-time":
        return gettext("Give an instant as 2026-11-21T09:30:00Z.")
    if "enum" in schema:
        return gettext("Give one of: %(values)s.", values=", ".join(schema["enum"]))
    return gettext("Give a text of at most %(most)s characters.", most=schema["maxLength"])
