"""Reading activities in our own form (app/exchange): each field as its published schema says it, each fault by its name."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from app.exchange import FIELDS, GATHERING, MOST_TEXTS, NEEDED, TEXT, Schema
from app.rhythms import UnfitRuleError, checked
from app.services.offer_lists.rows import (
    Item,
    LeftOut,
    Told,
    link_of,
    place_of,
    title_of,
    without_past,
    words_of,
)

_SCALARS = {"string": "", "array": [], "boolean": False}
_FREE = ("words", "meeting_words", "route")


def item_of(line: int, row: Any, today: date, *, source: str) -> Item:
    """The activity of a row; `source` holds where it names none itself. Raises LeftOut."""
    if not isinstance(row, Mapping):
        raise LeftOut("no_object")
    for name in NEEDED:
        if row.get(name) in (None, "", []):
            raise LeftOut("missing", {"field": name})
    notes: list[str] = []
    record = {
        name: _value(name, schema, row, notes)
        for name, schema in FIELDS.items()
        if name not in ("gatherings", "texts")
    }
    record["title"], record["link"] = title_of(row["title"], notes), link_of(row.get("link"), notes)
    record["language"] = record["language"] or "nl"
    record["level"] = record["level"] or "none"
    if row.get("interests") is None:
        record["interests"] = None  # not told, which is not the same as none
    record["texts"] = _texts(row.get("texts"), notes)
    ends_on = record["ends_on"] and date.fromisoformat(record["ends_on"])
    record["gatherings"] = without_past(_gatherings(row["gatherings"], notes), today, ends_on, notes)
    named, key = record.pop("source"), record.pop("source_id")
    return Item(line, named or source, key, record, notes=list(dict.fromkeys(notes)))


def _value(name: str, schema: Schema, row: Mapping[str, Any], notes: list[str]) -> Any:
    """A value as its schema describes it, or what stands for nothing. Raises LeftOut that names the field."""
    kinds = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    value = row.get(name)
    if value is None or value == "":
        return None if "null" in kinds else 0 if kinds == ["integer"] else _SCALARS[kinds[0]]
    unfit = LeftOut("unfit", {"field": name})
    if "integer" in kinds:
        if (
            isinstance(value, bool)
            or not isinstance(value, int)
            or not schema["minimum"] <= value <= schema["maximum"]
        ):
            raise unfit
        return value
    if kinds == ["boolean"]:
        if not isinstance(value, bool):
            raise unfit
        return value
    if kinds == ["array"]:
        return _list(schema, value, unfit)
    if not isinstance(value, str):
        raise unfit
    if schema.get("format") == "date":
        return _day(value, unfit)
    if "enum" in schema or ("pattern" in schema and name != "link"):
        if value not in schema.get("enum", [value]) or not re.fullmatch(schema.get("pattern", ".*"), value):
            raise unfit
        return value
    return words_of(value, notes, longest=schema["maxLength"], lines=name in _FREE)


def _list(schema: Schema, value: Any, unfit: LeftOut) -> list[str]:
    if not isinstance(value, list) or len(value) > schema.get("maxItems", 100):
        raise unfit
    known = schema["items"].get("enum")
    if not all(isinstance(one, str) and (known is None or one in known) for one in value):
        raise unfit
    return list(dict.fromkeys(value if known else [_day(one, unfit) for one in value]))


def _day(text: str, unfit: LeftOut) -> str:
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        raise unfit
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise unfit from None
    if not 1990 <= day.year <= 2100:
        raise unfit
    return text


def _gatherings(value: Any, notes: list[str]) -> list[Told]:
    if not isinstance(value, list):
        raise LeftOut("unfit", {"field": "gatherings"})
    return [_gathering(one, notes) for one in value]


def _gathering(row: Any, notes: list[str]) -> Told:
    if not isinstance(row, Mapping):
        raise LeftOut("unfit", {"field": "gatherings"})
    told = {name: _value(name, schema, row, notes) for name, schema in GATHERING.items()}
    place = place_of(told["postcode"], told["locality"])
    told.update(postcode=place.postcode, locality=place.locality, municipality=place.municipality)
    if told["rule"]:
        try:
            told["rule"] = checked(told["rule"])
        except UnfitRuleError:
            raise LeftOut("unfit", {"field": "rule"}) from None
    for name in ("first_on",) if told["rule"] else ():
        if not told[name]:
            raise LeftOut("missing", {"field": name})
    return told


def _texts(value: Any, notes: list[str]) -> list[Told]:
    if value is None:
        return []
    if (
        not isinstance(value, list)
        or len(value) > MOST_TEXTS
        or not all(isinstance(one, Mapping) for one in value)
    ):
        raise LeftOut("unfit", {"field": "texts"})
    found = {}
    for one in value:
        told = {name: _value(name, schema, one, notes) for name, schema in TEXT.items()}
        if told["language"] and one.get("title"):
            found[told["language"]] = {
                **told,
                "title": title_of(one["title"], notes),
                "made_by": told["made_by"] or "person",
            }
    return list(found.values())
