"""Refusals and faults of the open API: problem documents (RFC 9457) instead of pages, readable from every site."""

import json
from collections.abc import Iterable

from flask import Response, request

PLACE = "/api/"
MEDIA = "application/problem+json"
SHOWN_HEADERS = "ETag, Link, Retry-After, X-RateLimit-Limit, X-RateLimit-Remaining, X-RateLimit-Reset"


def wanted() -> bool:
    """Whether this request is one to the open API."""
    return request.path.startswith(PLACE)


def problem(
    status: int, title: object, detail: object, *, faults: Iterable[tuple[str, str]] = (), reference: str = ""
) -> Response:
    """The answer that says what is wrong; `faults` are (parameter, sentence) of each that is not as it should be."""
    told: dict[str, object] = {
        "type": "about:blank",
        "title": str(title),
        "status": status,
        "detail": str(detail),
    }
    if reference:
        told["reference"] = reference
    named = [{"parameter": name, "detail": sentence} for name, sentence in faults]
    if named:
        told["errors"] = named
    answer = Response(json.dumps(told, ensure_ascii=False), status, content_type=MEDIA)
    return open_to_all(answer)


def open_to_all(answer: Response) -> Response:
    """Let scripts of every site read it: it is public, the same for everybody, and asked without the reader's cookies.

    So `*`, and never credentials: a town site may show activities without a server of its own in between, and can reach
    nothing of the person who looks at it. No page of the site itself has this.
    """
    answer.headers["Access-Control-Allow-Origin"] = "*"
    answer.headers["Access-Control-Expose-Headers"] = SHOWN_HEADERS
    if request.method == "OPTIONS":
        answer.headers["Access-Control-Allow-Methods"] = "GET, HEAD, OPTIONS"
        answer.headers["Access-Control-Allow-Headers"] = "Accept-Language, If-None-Match"
        answer.headers["Access-Control-Max-Age"] = "86400"
    return answer
