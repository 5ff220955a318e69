"""What a form may bring along: the limits of the site hold for every kind of form, whatever its length was said to be."""

from __future__ import annotations

from io import BytesIO
from typing import IO, Any

from flask import Request as FlaskRequest
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.formparser import FormDataParser

MOST_FIELDS = 5000


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
