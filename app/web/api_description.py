"""The description of the open API as OpenAPI 3.1: made of the tables by which requests are read and answers are written.

It is written for programmers and stands in English, like the names that it explains.
"""

from collections.abc import Iterable, Mapping
from typing import Final

from app.exchange import ADDED, DIALECT, FIELDS, LARGEST_KEY, Schema, gathering_schema, text_schema
from app.queries.public_numbers import TABLES
from app.web.api_parameters import FILTERS, LANG, PAGING, PERIOD
from app.web.problems import MEDIA

PLACE: Final = "/api/v1"
PER_MINUTE: Final = 120
FILES_PER_HOUR: Final = 20
LICENCE: Final = "CC0-1.0"
_COUNT: Final = {"type": ["integer", "null"], "minimum": 0}
_WORDS: Final = {"type": "object", "additionalProperties": {"type": "string"}}
_LIMITS: Final = {
    "X-RateLimit-Limit": {"description": "Requests permitted in the window.", "schema": {"type": "integer"}},
    "X-RateLimit-Remaining": {"description": "Requests left in the window.", "schema": {"type": "integer"}},
    "X-RateLimit-Reset": {"description": "End of the window, in seconds since 1970.", "schema": {"type": "integer"}},
}  # fmt: skip
_HEADERS: Final = {
    "ETag": {"description": "Mark of this answer, for If-None-Match.", "schema": {"type": "string", "pattern": '^W/"[0-9a-f]{32}"$'}},
    **_LIMITS,
}  # fmt: skip
_INTRODUCTION: Final = (
    "Published activities of organisations in Flanders and Brussels, and public numbers, for everybody and without a key. "
    "Only GET. Numbers about fewer than five people are held back. "
    f"At most {PER_MINUTE} requests a minute, and {FILES_PER_HOUR} whole files an hour."
)


def description(address: str) -> Schema:
    """The whole document; `address` is that of the site."""
    return {
        "openapi": "3.1.0",
        "jsonSchemaDialect": DIALECT,
        "info": {
            "title": "Samenspoor", "version": "1", "summary": "Activities and numbers", "description": _INTRODUCTION,
            "license": {"name": "Data: CC0 1.0", "identifier": LICENCE},
        },
        "servers": [{"url": f"{address}{PLACE}"}],
        "security": [],
        "tags": [{"name": "activities"}, {"name": "numbers"}, {"name": "about"}],
        "paths": _paths(),
        "components": {"schemas": _schemas(), "responses": _refusals()},
    }  # fmt: skip


def _paths() -> Schema:
    key = {
        "name": "offer_id", "in": "path", "required": True, "description": "Key of the activity.",
        "schema": {"type": "integer", "minimum": 1, "maximum": LARGEST_KEY},
    }  # fmt: skip
    table = {
        "name": "table", "in": "path", "required": True, "description": "Which numbers.",
        "schema": {"type": "string", "enum": list(TABLES)},
    }  # fmt: skip
    page, one = "#/components/schemas/ActivityPage", "#/components/schemas/Activity"
    return {
        "/activities": _get("activities", "listActivities", "Published activities", page, [FILTERS, PAGING, LANG]),
        "/activities/{offer_id}": {
            "parameters": [key], **_get("activities", "getActivity", "One published activity", one, [LANG], missing=True),
        },
        "/numbers": _get("numbers", "listNumbers", "Which numbers there are", "#/components/schemas/NumberList", [LANG]),
        "/numbers/{table}": {
            "parameters": [table],
            **_get("numbers", "getNumbers", "Numbers of a period", "#/components/schemas/Numbers", [PERIOD, LANG], missing=True),
        },
        "/words": _get("about", "getWords", "What the codes mean", "#/components/schemas/Words", [LANG]),
        "/activities.json": _file("json", "application/json"),
        "/activities.csv": _file("csv", "text/csv"),
        "/activities.schema.json": _plain("getSchema", "JSON Schema of a file of activities"),
        "/openapi.json": _plain("getDescription", "This description"),
        "/": _plain("getIndex", "Where everything is", "#/components/schemas/Index"),
    }  # fmt: skip


def _get(
    tag: str,
    key: str,
    summary: str,
    schema: str,
    tables: Iterable[Mapping[str, Schema]],
    *,
    missing: bool = False,
) -> Schema:
    answers: Schema = {
        "200": {
            "description": summary, "headers": _HEADERS, "content": {"application/json": {"schema": {"$ref": schema}}},
        },
        **_always(),
    }  # fmt: skip
    if missing:
        answers["404"] = {"$ref": "#/components/responses/NotFound"}
    return {
        "get": {
            "operationId": key, "tags": [tag], "summary": summary, "responses": answers,
            "parameters": [_parameter(name, schema) for table in tables for name, schema in table.items()],
        }
    }  # fmt: skip


def _parameter(name: str, schema: Schema) -> Schema:
    plain = {key: value for key, value in schema.items() if key != "description"}
    return {
        "name": name,
        "in": "query",
        "required": False,
        "description": schema["description"],
        "schema": plain,
    }


def _always() -> Schema:
    return {
        "304": {"description": "Nothing changed since the answer with that ETag."},
        "405": {"$ref": "#/components/responses/OnlyGet"},
        "422": {"$ref": "#/components/responses/Unfit"},
        "429": {"$ref": "#/components/responses/TooOften"},
    }


def _file(kind: str, media: str) -> Schema:
    schema = {"$ref": "#/components/schemas/ActivityFile"} if kind == "json" else {"type": "string"}
    summary = f"All published activities as one {kind.upper()} file"
    content = {media: {"schema": schema}}
    answers = {"200": {"description": summary, "headers": _HEADERS, "content": content}, **_always()}
    return {
        "get": {
            "operationId": f"{kind}File",
            "tags": ["activities"],
            "summary": summary,
            "responses": answers,
        }
    }


def _plain(key: str, summary: str, schema: str = "") -> Schema:
    content = {"application/json": {"schema": {"$ref": schema} if schema else {"type": "object"}}}
    answers = {"200": {"description": summary, "headers": _HEADERS, "content": content}, **_always()}
    return {"get": {"operationId": key, "tags": ["about"], "summary": summary, "responses": answers}}


def _refusals() -> Schema:
    content = {MEDIA: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    told = {
        "Unfit": "A parameter is not as described.", "NotFound": "There is no such thing.",
        "OnlyGet": "Only GET, HEAD and OPTIONS.", "TooOften": "Too many requests; Retry-After says when to go on.",
    }  # fmt: skip
    refusals: Schema = {name: {"description": words, "content": content} for name, words in told.items()}
    wait = {"description": "Seconds until the next request.", "schema": {"type": "integer", "minimum": 0}}
    refusals["TooOften"]["headers"] = {**_LIMITS, "Retry-After": wait}
    return refusals


def _object(needed: Iterable[str], **properties: Schema) -> Schema:
    return {"type": "object", "required": list(needed), "properties": properties}


def _with_references(schema: Schema) -> Schema:
    """The same with the places of this document: `#/$defs/gathering` is `#/components/schemas/Gathering` here."""
    if "items" in schema and "$ref" in schema["items"]:
        name = schema["items"]["$ref"].rpartition("/")[2].capitalize()
        return {**schema, "items": {"$ref": f"#/components/schemas/{name}"}}
    return schema


def _schemas() -> Schema:
    fields = {name: _with_references(schema) for name, schema in FIELDS.items()}
    figure = _object(
        ("value", "held_back"), value={**_COUNT, "description": "null: held back."},
        held_back={"type": ["string", "null"], "description": "What stands there instead of a number."},
    )  # fmt: skip
    line = _object(
        ("code", "label", "values"), code={"type": "string"}, label={"type": "string"},
        values={"type": "object", "additionalProperties": {"$ref": "#/components/schemas/Figure"}},
    )  # fmt: skip
    text = {"type": "string"}
    return {
        "Activity": {"type": "object", "required": [*fields, *ADDED], "properties": {**fields, **ADDED}},
        "Gathering": gathering_schema(),
        "Text": text_schema(),
        "ActivityPage": _object(
            ("total", "activities", "next"), total={"type": "integer", "minimum": 0},
            activities={"type": "array", "items": {"$ref": "#/components/schemas/Activity"}},
            next={"type": ["string", "null"], "format": "uri", "description": "Address of what follows."},
        ),
        "ActivityFile": _object(
            ("format", "version", "source", "activities"), format=text, version={"type": "integer"}, source=text,
            activities={"type": "array", "items": {"type": "object", "required": list(fields), "properties": fields}},
        ),
        "NumberList": _object(
            ("tables",),
            tables={"type": "array", "items": _object(("table", "title", "url"), table=text, title=text, url=text)},
        ),
        "Numbers": _object(
            ("table", "title", "from", "to", "invented", "measures", "lines", "total"), table=text, title=text,
            to={"type": "string", "format": "date"}, invented={"type": "boolean", "description": "The people of a demo."},
            measures={"type": "array", "items": _object(("code", "label"), code=text, label=text)},
            lines={"type": "array", "items": line}, total=line, **{"from": {"type": ["string", "null"], "format": "date"}},
        ),
        "Figure": figure,
        "Words": {"type": "object", "additionalProperties": _WORDS},
        "Index": {"type": "object", "additionalProperties": {"type": "string", "format": "uri"}},
        "Problem": _object(
            ("type", "title", "status", "detail"), type=text, title=text, status={"type": "integer"}, detail=text,
            reference=text,
            errors={"type": "array", "items": _object(("parameter", "detail"), parameter=text, detail=text)},
        ),
    }  # fmt: skip
