"""What becomes of every column that may say something about a person, when that person is erased.

Two lists of rules. AT_ONCE is done when somebody is erased. AFTER_LAW is done when the time is over for which the law
wants hours and proofs to be there to be checked (retention HOURS), which is at once where no contract was; it also holds
for people who stay. Days and minutes are in neither list: totals that were signed stay right.

Columns of words that are in neither list stand with the reason in tests/services/test_erasing_everywhere.py, which walks all tables.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, ColumnElement, Table, and_, exists, false, or_, select

from app.db import Base
from app.services.erasures.whose import GONE_NAME, Whose

T = Base.metadata.tables
NOTHING_EXPLAINED: dict[str, Any] = {
    "rules": [], "criteria": [], "strongest_for": "", "strongest_against": "", "distance_m": 0, "common": {},
    "alternatives": [],
}  # fmt: skip
ANSWERS: dict[str, Any] = {
    "heard_through": "", "postcode": "", "locality": "", "languages": [], "interests": [], "availability": [],
    "max_km": None, "gender": None, "wished_gender": None, "words": "", "words_language": None, "talk_at": None,
}  # fmt: skip


@dataclass(frozen=True)
class Rule:
    """Of a table, which rows are somebody's, and which values they get; `values` None = they are deleted."""

    table: Table
    rows: Callable[[Whose], ColumnElement[bool]]
    values: Mapping[str, Any] | None = None


def _of(table: str, column: str, keys: str, **values: Any) -> Rule:
    """The rows of a table in which a column holds one of these keys of `Whose`."""
    found: Column[Any] = T[table].c[column]
    return Rule(T[table], lambda whose: found.in_(getattr(whose, keys)), values or None)


def _subjects(whose: Whose) -> ColumnElement[bool]:
    table = T["transition"].c
    return or_(
        false(),
        *(and_(table.subject == kind, table.subject_id.in_(keys)) for kind, keys in whose.subjects.items()),
    )


def _told(whose: Whose) -> ColumnElement[bool]:
    """Messages to that person, or to who has that address."""
    table = T["message"].c
    return or_(
        table.person_id == whose.person_id, table.to_email.in_(whose.emails), table.to_phone.in_(whose.phones)
    )


def mentioned(whose: Whose) -> ColumnElement[bool]:
    """Messages to others in which the person is named: by address or whole name, by first name in those to the other of a duo."""
    table = T["message"].c
    words = [*whose.emails, *whose.phones, *(name for name in whose.names if " " in name)]
    parts = [_holds(column, word) for word in words for column in (table.text, table.subject)]
    near = [_holds(column, name) for name in whose.names for column in (table.text, table.subject)]
    return or_(false(), *parts, and_(table.person_id.in_(whose.others), or_(false(), *near)))


def _holds(column: Column[Any], word: str) -> ColumnElement[bool]:
    return column.contains(word, autoescape=True)


def _listed(whose: Whose) -> ColumnElement[bool]:
    return or_(false(), *(_holds(T["buddy_import"].c.content, word) for word in whose.words))


def _left_a_way(whose: Whose) -> ColumnElement[bool]:
    return or_(false(), *(_holds(T["remark"].c.contact, word) for word in whose.words))


def _blocked(whose: Whose) -> ColumnElement[bool]:
    table = T["block"].c
    return or_(table.email_hash.in_(whose.email_hashes), table.phone_hash.in_(whose.phone_hashes))


def _called(column: str) -> Callable[[Whose], ColumnElement[bool]]:
    return lambda whose: T["network"].c[column].in_(whose.names)


def _closed_reports(whose: Whose) -> ColumnElement[bool]:
    table = T["safety_report"].c
    return and_(table.by_person_id == whose.person_id, table.outcome.is_not(None))


def _closed_notes(whose: Whose) -> ColumnElement[bool]:
    reports, notes = T["safety_report"].c, T["safety_note"].c
    closed = select(reports.id).where(
        reports.outcome.is_not(None), or_(reports.by_person_id == whose.person_id, reports.duo_id.in_(whose.duos))
    )  # fmt: skip
    return or_(notes.report_id.in_(closed), notes.by_person_id == whose.person_id)


def _looked_back(whose: Whose) -> ColumnElement[bool]:
    table = T["look_back"].c
    return or_(
        false(), *(and_(table.duo_id.in_(keys), table.side == side) for side, keys in whose.sides.items())
    )


def _named_contacts(whose: Whose) -> ColumnElement[bool]:
    """People whom the newcomer named to confirm hours, and who have no account of their own."""
    table = T["contact_person"].c
    return and_(
        table.named_by_id.in_(whose.naming), table.person_id.is_(None), table.organisation_id.is_(None)
    )


def _lone_sheets(whose: Whose) -> ColumnElement[bool]:
    """Sheets on which nobody else stands whose hours still have to be there."""
    names, newcomers, sheets = T["attendance_name"].c, T["newcomer"].c, T["attendance_sheet"].c
    mine = select(names.sheet_id).where(names.newcomer_id.in_(whose.newcomers))
    others = exists(
        select(names.id).join(T["newcomer"], newcomers.id == names.newcomer_id).where(
            names.sheet_id == sheets.id, names.newcomer_id.not_in(whose.newcomers), newcomers.records_emptied_at.is_(None)
        )
    )  # fmt: skip
    return and_(sheets.id.in_(mine), ~others)


def _papers(whose: Whose) -> ColumnElement[bool]:
    proofs = T["proof"].c
    return T["proof_paper"].c.proof_id.in_(select(proofs.id).where(proofs.newcomer_id.in_(whose.newcomers)))


NO_CONTACT = {"name": GONE_NAME, "function": "", "email": None, "phone": ""}
NO_OFFER = {
    "title": GONE_NAME, "words": "", "place": "", "when_words": "", "price_words": "", "meeting_words": "", "check_note": "",
    "link": "", "kept_mark": "",
}  # fmt: skip

AT_ONCE: tuple[Rule, ...] = (
    _of("sign_in", "person_id", "people"),
    _of("second_factor", "person_id", "people"),
    _of("recovery_code", "person_id", "people"),
    _of("administrator_request", "email_canonical", "emails"),
    _of("administrator_request", "asked_by_id", "people"),
    _of("link", "person_id", "people"),
    _of("link", "contact_person_id", "contacts"),
    _of("kept_form", "person_id", "people"),
    _of("monday_list", "person_id", "people"),
    _of("saved_filter", "person_id", "people"),
    _of("staff_note", "person_id", "people"),
    _of("block_hit", "person_id", "people"),
    _of("registration", "person_id", "people"),
    _of("recording", "by_person_id", "people"),
    _of("role_grant", "person_id", "people"),
    Rule(T["message"], _told),
    Rule(T["block"], _blocked, {"note": ""}),
    Rule(T["buddy_import"], _listed, {"content": ""}),
    Rule(T["remark"], _left_a_way, {"contact": ""}),
    Rule(T["network"], _called("caller_name"), {"caller_name": ""}),
    Rule(T["network"], _called("deputy_name"), {"deputy_name": ""}),
    Rule(T["safety_report"], _closed_reports, {"words": "", "words_language": None}),
    Rule(T["safety_note"], _closed_notes, {"words": ""}),
    Rule(T["transition"], _subjects, {"note": ""}),
    Rule(T["look_back"], _looked_back, {"words": ""}),
    _of("check_in", "duo_id", "duos", note=""),
    _of("duo", "id", "duos", staff_note="", first_meeting_where=""),
    _of("proposal", "newcomer_id", "newcomers", note="", explanation=NOTHING_EXPLAINED),
    _of("proposal", "buddy_id", "buddies", note="", explanation=NOTHING_EXPLAINED),
    _of("training", "buddy_id", "buddies", title=""),
    _of("warm_handover", "newcomer_id", "newcomers", to_whom="", note=""),
    _of("counsellor_transfer", "newcomer_id", "newcomers", note=""),
    _of("offer", "duo_id", "duos", **NO_OFFER),
    _of("contact_person", "id", "contacts", **NO_CONTACT),
    _of("buddy", "id", "buddies", meeting_wish="", insurer="", extract_seen_on=None, **ANSWERS),
    _of("newcomer", "id", "newcomers", goals=[], helped_by_id=None, **ANSWERS),
    _of(
        "person", "id", "people", full_name=GONE_NAME, call_name="", latin_name="", search_key="", sort_key="", plain_key="",
        locale="nl", email=None, email_canonical=None, email_confirmed_at=None, phone=None, password_hash=None, code_hash=None,
        active=False, seen_on=None, stay_asked_on=None,
    ),
)  # fmt: skip

AFTER_LAW: tuple[Rule, ...] = (
    Rule(T["attendance_sheet"], _lone_sheets, {"signed_name": ""}),
    Rule(T["proof_paper"], _papers),
    _of("proof", "newcomer_id", "newcomers", signed_name=""),
    _of(
        "hour_entry", "newcomer_id", "newcomers", words="", words_language=None, confirmed_name="", contact_note="",
        contact_note_language=None,
    ),
    _of("offer", "newcomer_id", "newcomers", **NO_OFFER),
    Rule(T["contact_person"], _named_contacts, NO_CONTACT),
    _of("contract_version", "newcomer_id", "newcomers", reason=""),
    _of("trajectory_decision", "newcomer_id", "newcomers", words=""),
    _of("exemption", "newcomer_id", "newcomers", note=""),
)  # fmt: skip


def covered() -> set[tuple[str, str]]:
    """(table, column) of everything that a rule empties or deletes."""
    found = {(rule.table.name, name) for rule in (*AT_ONCE, *AFTER_LAW) for name in rule.values or ()}
    deleted = {rule.table for rule in (*AT_ONCE, *AFTER_LAW) if rule.values is None}
    return found | {(table.name, column.name) for table in deleted for column in table.columns}
