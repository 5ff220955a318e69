"""The open API, for programs: published activities and public numbers, without an account. Described in api_description."""

import hashlib
import json
from collections.abc import Iterator
from typing import Any

from flask import Blueprint, Response, current_app, g, request, url_for

from app.clock import today
from app.errors import NotFound
from app.exchange import COLUMNS, FORMAT, LARGEST_KEY, VERSION, csv_rows, document_schema
from app.exports import csv_file
from app.extensions import limiter
from app.i18n import DEFAULT, active, negotiate, use
from app.i18n import lazy_gettext as _
from app.models import Offer
from app.queries import offer_exports, public_numbers, reports
from app.queries.offer_exports import Asked
from app.queries.trajectory_reports import Period
from app.reference.networks import networks
from app.security.permissions import Permission
from app.vocabulary import OfferKind, choices
from app.vocabulary.activities import NeededDutch, OfferGoal, Suited
from app.vocabulary.interests import Interest
from app.vocabulary.times import Slot
from app.web.addresses import absolute, letter_link
from app.web.api_description import FILES_PER_HOUR, PER_MINUTE, PLACE, description
from app.web.api_parameters import FILTERS, LANG, PAGING, PERIOD, Unfit, read
from app.web.downloads import KINDS
from app.web.guards import guard
from app.web.problems import open_to_all, problem, wanted

bp = Blueprint("api", __name__, url_prefix=PLACE)
limiter.limit(f"{PER_MINUTE} per minute")(bp)

SECONDS = 60  # for which an answer may be kept by others


@bp.before_request
def speak() -> None:
    """The language that is asked for; never that of a cookie or an account: programs have none."""
    asked = request.args.get("lang", "")
    g.lang = (
        asked
        if asked in LANG["lang"]["enum"]
        else negotiate(request.headers.get("Accept-Language")) or DEFAULT
    )
    use(g.lang)


@bp.after_app_request
def open_up(answer: Response) -> Response:
    """Readable from every site, and kept apart by language; also what is not there or has moved."""
    if not wanted():
        return answer
    answer.vary.add("Accept-Language")
    return open_to_all(answer)


@bp.errorhandler(Unfit)
def unfit(error: Unfit) -> Response:
    """Say which parameters are not as described."""
    return problem(
        422,
        _("Something is not filled in as it should be"),
        _("Look at the parameters."),
        faults=error.faults,
    )


@bp.get("/")
@guard(Permission.SEE_PUBLIC)
def index() -> Response:
    """Where everything is."""
    read(request.args)
    pages = ("activities", "numbers", "words", "activities_json", "activities_csv", "schema", "openapi")
    return _answer({page: absolute(url_for(f"api.{page}")) for page in pages})


@bp.get("/openapi.json")
@guard(Permission.SEE_PUBLIC)
def openapi() -> Response:
    """The description of all this."""
    read(request.args)
    return _answer(description(absolute("")))


@bp.get("/activities.schema.json")
@guard(Permission.SEE_PUBLIC)
def schema() -> Response:
    """The JSON Schema of a file of activities."""
    read(request.args)
    return _answer(document_schema(absolute(url_for("api.schema"))))


@bp.get("/words")
@guard(Permission.SEE_PUBLIC)
def words() -> Response:
    """The codes of every enumeration with their names."""
    read(request.args, LANG)
    told = {
        "kinds": OfferKind,
        "goals": OfferGoal,
        "interests": Interest,
        "levels": NeededDutch,
        "suited": Suited,
        "slots": Slot,
    }
    named = {name: {code: str(label) for code, label in choices(kind)} for name, kind in told.items()}
    return _answer({**named, "networks": {network.slug: network.name_nl for network in networks()}})


@bp.get("/activities")
@guard(Permission.SEE_PUBLIC)
def activities() -> Response:
    """Published activities, in order of their key."""
    values = read(request.args, FILTERS, PAGING, LANG)
    limit, after = values["limit"], values["after"]
    asked = Asked(**{"text" if name == "q" else name: values[name] for name in FILTERS})
    found, total = offer_exports.page_after(offer_exports.shown(asked), after, limit)
    shown = found[:limit]
    times = offer_exports.times_ahead(shown)
    following = None
    if len(found) > limit:
        kept = {**request.args.to_dict(), "after": shown[-1].id}
        following = absolute(url_for("api.activities", **kept))
    answer = _answer(
        {
            "total": total,
            "activities": [_record(offer, times.get(offer.id, [])) for offer in shown],
            "next": following,
        }
    )
    if following:
        answer.headers["Link"] = f'<{following}>; rel="next"'
    return answer


@bp.get("/activities/<int:offer_id>")
@guard(Permission.SEE_PUBLIC)
def activity(offer_id: int) -> Response:
    """One published activity."""
    read(request.args, LANG)
    if offer_id > LARGEST_KEY:
        raise NotFound()
    offer = offer_exports.one_shown(offer_id)
    return _answer(_record(offer, offer_exports.times_ahead([offer]).get(offer.id, [])))


@bp.get("/activities.json")
@limiter.limit(f"{FILES_PER_HOUR} per hour")
@guard(Permission.SEE_PUBLIC)
def activities_json() -> Response:
    """All published activities as a file that can be read in elsewhere."""
    read(request.args)
    return _file("json", _json_lines(own_source()))


@bp.get("/activities.csv")
@limiter.limit(f"{FILES_PER_HOUR} per hour")
@guard(Permission.SEE_PUBLIC)
def activities_csv() -> Response:
    """The same as a CSV, a line for each place of an activity."""
    read(request.args)
    return _file("csv", _csv_lines(own_source()))


@bp.get("/numbers")
@guard(Permission.SEE_PUBLIC)
def numbers() -> Response:
    """Which tables of numbers there are."""
    read(request.args, LANG)
    return _answer({
        "tables": [
            {"table": table, "title": title, "url": absolute(url_for("api.table", table=table))}
            for table, title in public_numbers.titles().items()
        ]
    })  # fmt: skip


@bp.get("/numbers/<table>")
@guard(Permission.SEE_PUBLIC)
def table(table: str) -> Response:
    """One table in a period."""
    values = read(request.args, PERIOD, LANG)
    if table not in public_numbers.TABLES:
        raise NotFound()
    period = Period(values["to"] or today(), values["from"])
    found = public_numbers.numbers(table, period)
    return _answer({
        "table": found.table, "title": found.title, "from": period.first and period.first.isoformat(),
        "to": period.last.isoformat(), "invented": reports.invented(),
        "measures": [{"code": code, "label": label} for code, label in found.measures.items()],
        "lines": [_line(line) for line in found.lines], "total": _line(found.total),
    })  # fmt: skip


def own_source() -> str:
    """The name of this site in files of activities: its host."""
    address: str = current_app.extensions["settings"].address
    return address.split("//")[1].split(":", maxsplit=1)[0]


def _json_lines(source: str) -> Iterator[bytes]:
    head = {"format": FORMAT, "version": VERSION, "source": source}
    yield f'{_json(head)[:-1]}, "activities": [\n'.encode()
    between = ""
    for part in offer_exports.in_parts(offer_exports.shown(Asked())):
        lines = ",\n".join(_json(offer_exports.record(offer, source=source)) for offer in part)
        yield f"{between}{lines}".encode()
        between = ",\n"
    yield b"\n]}\n"


def _csv_lines(source: str) -> Iterator[bytes]:
    yield csv_file([], COLUMNS)
    for part in offer_exports.in_parts(offer_exports.shown(Asked())):
        rows = [row for offer in part for row in csv_rows(offer_exports.record(offer, source=source))]
        yield csv_file(rows, COLUMNS).partition(b"\r\n")[2]


def _file(kind: str, parts: Iterator[bytes]) -> Response:
    """All of it is there before the first byte leaves, so that a fault never gives half a file."""
    answer = _marked(b"".join(parts), kind)
    answer.headers["Content-Disposition"] = (
        f'attachment; filename="samenspoor-activities-{today().isoformat()}.{kind}"'
    )
    return answer


def _record(offer: Offer, times: Any) -> dict[str, Any]:
    page = letter_link("offers.show", lang=active(), offer_id=offer.id)
    return offer_exports.record_in(offer, active(), times, source=own_source(), url=page)


def _line(line: public_numbers.Line) -> dict[str, Any]:
    figures = {
        code: {"value": figure.value, "held_back": figure.text or None}
        for code, figure in line.figures.items()
    }
    return {"code": line.code, "label": line.label, "values": figures}


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _answer(value: Any) -> Response:
    return _marked(_json(value).encode(), "json")


def _marked(body: bytes, kind: str) -> Response:
    """An answer with a mark of its content; nothing but the mark when the asker has it already."""
    answer = Response(body, content_type=KINDS[kind])
    answer.set_etag(hashlib.sha256(body).hexdigest()[:32], weak=True)
    answer.cache_control.public = True
    answer.cache_control.max_age = SECONDS
    answer.make_conditional(request)
    return answer
