"""Files that are taken away: named by us, never shown in the page, never kept by a proxy."""

from collections.abc import Iterable, Sequence

from flask import Response

from app.clock import today
from app.exports import Cell, Sheet, csv_file, xlsx_file

KINDS = {
    "pdf": "application/pdf",
    "csv": "text/csv; charset=utf-8",
    "ics": "text/calendar; charset=utf-8",
    "txt": "text/plain; charset=utf-8",
    "json": "application/json",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
TABLES = ("csv", "xlsx")  # the kinds in which a list is taken away


def table_file(
    kind: str, name: str, title: str, header: Sequence[str], rows: Iterable[Sequence[Cell]]
) -> Response:
    """A table as CSV or Excel; `name` is a plain word of ours, to which the day is added."""
    content = csv_file(rows, header) if kind == "csv" else xlsx_file([Sheet(title, header, rows)])
    return file_answer(kind, f"{name}-{today().isoformat()}", content)


def file_answer(kind: str, name: str, content: bytes) -> Response:
    """An answer that the browser keeps as a file."""
    answer = Response(content, content_type=KINDS[kind])
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}.{kind}"'
    return answer
