"""What a form may bring along: the limits of the site hold for every kind of form, whatever its length was said to be."""

from __future__ import annotations

from io import BytesIO
from typing import IO, Any

from flask import Flask
from flask import Request as FlaskRequest
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge
from werkzeug.formparser import FormDataParser

MOST_FIELDS = 5000
LARGER = "larger_bodies"


def permit_more(app: Flask, endpoint: str, most: int) -> None:
    """What is sent to this endpoint may have so many bytes, more than the general bound."""
    app.extensions.setdefault(LARGER, {})[endpoint] = most


def most_for(app: Flask, method: str, path: bytes) -> int:
    """How many bytes the site takes in of what is sent there: the general bound, unless that one form may bring more."""
    general: int = app.config["MAX_CONTENT_LENGTH"]
    try:
        found = app.url_map.bind("localhost").match(path.decode("utf-8", "replace"), method)
    except HTTPException:
        return general
    permitted: dict[object, int] = app.extensions.get(LARGER, {})
    return permitted.get(found[0], general) if method == "POST" else general


class Fields(FormDataParser):
    """Reads forms; the parser of Werkzeug limits those in parts only, and reads a million fields of the other kind."""

    def parse(
        self,
        stream: IO[bytes],
        mimetype: str,
        content_length: int | None,
        options: dict[str, str] | None = None,
    ) -> Any:
        """The rest of the stream, fields and files of that body. Raises RequestEntityTooLarge."""
        if mimetype == "application/x-www-form-urlencoded":
            most = self.max_form_memory_size
            body = stream.read() if most is None else stream.read(most + 1)
            if most is not None and (len(body) > most or body.count(b"&") >= MOST_FIELDS):
                raise RequestEntityTooLarge
            stream = BytesIO(body)
        return super().parse(stream, mimetype, content_length, options)


class Request(FlaskRequest):
    """A request of this site."""

    form_data_parser_class = Fields
