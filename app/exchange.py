"""The form in which activities travel, in files and in the open API: names of fields, their JSON Schema, and rows of a CSV.

Pure: it knows neither database nor request. Who reads a list in uses the same table of fields (app/services/offer_lists),
so that what is published here and what is taken in cannot grow apart. docs/activities-exchange.md tells all of it.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from app.reference.networks import networks
from app.vocabulary import OfferKind
from app.vocabulary.activities import TextMaker, TextState
from app.vocabulary.masks import GOALS, LEVELS, LIKINGS, SLOTS, SUITED

FORMAT: Final = "samenspoor-activities"
VERSION: Final = 1
DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
TITLE_LONGEST, WORDS_LONGEST, ID_LONGEST, LINK_LONGEST = 200, 4000, 200, 500
SOURCE_LONGEST, RULE_LONGEST = 40, 200
MOST_GATHERINGS, MOST_DATES, MOST_TEXTS = 12, 60, 20
MOST_CENTS, MOST_PLACES = 1_000_000, 100_000
LARGEST_KEY: Final = 2**31 - 1
TAG: Final = "^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$"
WEB: Final = "^(https?://[^\\s]+)?$"
HOUR: Final = "^(([01][0-9]|2[0-3]):[0-5][0-9])?$"

Schema = dict[str, Any]


def _text(longest: int, description: str, **more: Any) -> Schema:
    return {"type": "string", "maxLength": longest, "description": description, **more}


def _tags(order: Sequence[str], description: str) -> Schema:
    return {
        "type": "array", "uniqueItems": True, "items": {"type": "string", "enum": list(order)},
        "description": description,
    }  # fmt: skip


def _number(least: int, most: int, description: str) -> Schema:
    return {"type": ["integer", "null"], "minimum": least, "maximum": most, "description": description}


def _day(description: str) -> Schema:
    return {"type": ["string", "null"], "format": "date", "description": description}


def _days(description: str) -> Schema:
    return {
        "type": "array", "maxItems": MOST_DATES, "items": {"type": "string", "format": "date"},
        "description": description,
    }  # fmt: skip


GATHERING: Final[Mapping[str, Schema]] = {
    "place": _text(200, "Name of the place, such as a house or a park."),
    "address": _text(200, "Street and number."),
    "postcode": {"type": "string", "pattern": "^([0-9]{4})?$", "description": "Belgian postcode."},
    "locality": _text(200, "Town or part of a town that belongs to the postcode."),
    "municipality": _text(200, "Municipality; follows from postcode and locality when a list is read in."),
    "route": _text(WORDS_LONGEST, "Along where, or how to get there."),
    "rule": _text(RULE_LONGEST, "Value of an RRULE of iCalendar (RFC 5545): daily, weekly or monthly. Empty: none."),
    "first_on": _day("First day of the rule."),
    "start": {"type": "string", "pattern": HOUR, "description": "Hour on a clock in Brussels. Empty: not fixed."},
    "minutes": _number(5, 1440, "How long it lasts."),
    "dates": _days("Single days, beside those of the rule."),
    "except_dates": _days("Days on which it does not take place."),
    "skips_public_holidays": {"type": "boolean", "description": "Not on Belgian public holidays."},
    "skips_school_holidays": {"type": "boolean", "description": "Not in the Flemish school holidays."},
    "slots": _tags(SLOTS, "Parts of the week, where no hour is fixed."),
}  # fmt: skip
TEXT: Final[Mapping[str, Schema]] = {
    "language": {"type": "string", "pattern": TAG, "maxLength": 35, "description": "BCP 47."},
    "title": _text(TITLE_LONGEST, "Title in that language.", minLength=1),
    "words": _text(WORDS_LONGEST, "What people do there, in that language."),
    "made_by": {"type": "string", "enum": [maker.value for maker in TextMaker], "description": "Who made it."},
}  # fmt: skip
FIELDS: Final[Mapping[str, Schema]] = {
    "source": _text(SOURCE_LONGEST, "Where the activity is kept: the host of a site, or a name such as uitdatabank."),
    "source_id": _text(ID_LONGEST, "Its key there. The same source and key are the same activity.", minLength=1),
    "title": _text(TITLE_LONGEST, "Title in `language`.", minLength=1),
    "words": _text(WORDS_LONGEST, "What people do there, in plain text."),
    "language": {"type": "string", "pattern": TAG, "maxLength": 35, "description": "Language of title and words, BCP 47."},
    "kind": {"type": "string", "enum": [kind.value for kind in OfferKind], "description": "One of the nine kinds of offer."},
    "goals": _tags(GOALS, "What somebody comes for."),
    "interests": _tags(LIKINGS, "What somebody likes who comes."),
    "level": {"type": "string", "enum": list(LEVELS), "description": "The least Dutch that makes it pleasant."},
    "suited": _tags(SUITED, "For whom it was thought of too."),
    "organisation": _text(200, "Name of the organisation."),
    "link": _text(LINK_LONGEST, "Page about it elsewhere.", pattern=WEB),
    "price_cents": _number(0, MOST_CENTS, "Price in cents; 0 = free, null = not told."),
    "reduced_cents": _number(0, MOST_CENTS, "Reduced price in cents."),
    "price_words": _text(200, "A remark about the price."),
    "when_words": _text(200, "A remark about the time."),
    "places": _number(1, MOST_PLACES, "How many can come; null = no end of places."),
    "waiting_places": {"type": "integer", "minimum": 0, "maximum": MOST_PLACES, "description": "Places on the waiting list."},
    "fluent_speakers": _number(0, MOST_PLACES, "How many people are there who speak Dutch well."),
    "meeting_words": _text(WORDS_LONGEST, "How people meet each other there."),
    "insurer": _text(200, "Who insures the participants."),
    "ends_on": _day("Last day on which it is offered."),
    "gatherings": {
        "type": "array", "minItems": 1, "maxItems": MOST_GATHERINGS, "items": {"$ref": "#/$defs/gathering"},
        "description": "Where and when.",
    },
    "texts": {
        "type": "array", "maxItems": MOST_TEXTS, "items": {"$ref": "#/$defs/text"},
        "description": "Title and words in other languages.",
    },
}  # fmt: skip
NEEDED: Final = ("source_id", "title", "kind", "gatherings")
_TIME: Final = {"type": "string", "format": "date-time"}
ADDED: Final[Mapping[str, Schema]] = {
    "id": {"type": "integer", "minimum": 1, "maximum": LARGEST_KEY, "readOnly": True, "description": "Key on this site."},
    "url": {"type": "string", "format": "uri", "readOnly": True, "description": "Its page on this site."},
    "text_state": {
        "type": "string", "enum": ["source", *(state.value for state in TextState)], "readOnly": True,
        "description": "How far title and words can be trusted: `source` is the text of the organisation itself.",
    },
    "languages": {
        "type": "array", "items": {"type": "string"}, "readOnly": True, "description": "Languages in which there is a text.",
    },
    "joinable": {"type": "boolean", "readOnly": True, "description": "Whether somebody can still come in."},
    "free_places": {"type": ["integer", "null"], "readOnly": True, "description": "null = no end of places."},
    "next": {
        "type": "array", "readOnly": True, "description": "The next times, the soonest first.",
        "items": {
            "type": "object", "required": ["starts_at", "ends_at"], "properties": {"starts_at": _TIME, "ends_at": _TIME},
        },
    },
    "changed_at": {**_TIME, "readOnly": True, "description": "When it was changed last."},
}  # fmt: skip
"""What the open API says beside the fields; who reads a list in passes over them."""


def gathering_schema() -> Schema:
    """The JSON Schema of one place with its dates."""
    return {
        "type": "object",
        "properties": dict(GATHERING),
        "anyOf": [{"required": ["postcode"]}, {"required": ["locality"]}],
    }


def text_schema() -> Schema:
    """The JSON Schema of the text in another language."""
    return {"type": "object", "required": ["language", "title"], "properties": dict(TEXT)}


def document_schema(address: str) -> Schema:
    """The JSON Schema (2020-12) of a file of activities; `address` is where it is served."""
    return {
        "$schema": DIALECT,
        "$id": address,
        "title": "A list of activities",
        "type": "object",
        "required": ["format", "version", "activities"],
        "properties": {
            "format": {"const": FORMAT},
            "version": {"const": VERSION},
            "source": {**FIELDS["source"], "description": "Holds for every activity that names none itself."},
            "activities": {"type": "array", "items": {"$ref": "#/$defs/activity"}},
        },
        "$defs": {
            "activity": {"type": "object", "required": list(NEEDED), "properties": {**FIELDS, **ADDED}},
            "gathering": gathering_schema(),
            "text": text_schema(),
        },
    }  # fmt: skip


def network_slugs() -> list[str]:
    """The networks by which activities can be asked for."""
    return [network.slug for network in networks()]


COLUMNS: Final = (*(name for name in FIELDS if name not in ("gatherings", "texts")), *GATHERING)
"""The columns of a CSV. An activity has a line for each gathering, under the same source and source_id; no other texts."""
LISTS: Final = frozenset(
    name for name, schema in {**FIELDS, **GATHERING}.items() if schema.get("type") == "array"
)
"""Fields whose cell in a CSV holds several values, with a comma between them."""


def csv_rows(activity: Mapping[str, Any]) -> Iterator[list[str | int]]:
    """The lines of an activity in a CSV, one for each gathering, in the order of COLUMNS."""
    for gathering in activity["gatherings"]:
        both = {**activity, **gathering}
        yield [_cell(both.get(name)) for name in COLUMNS]


def _cell(value: Any) -> str | int:
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, list):
        return ", ".join(value)
    return "" if value is None else value


def document(source: str, activities: Iterable[Mapping[str, Any]]) -> Schema:
    """A file of activities as it is written."""
    return {"format": FORMAT, "version": VERSION, "source": source, "activities": list(activities)}
