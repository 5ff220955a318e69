"""Calls for help about a duo: who may see them, and the page of one."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import aliased, joinedload

from app.db import session
from app.models import Buddy, Duo, Grant, Newcomer, Person, SafetyReport
from app.queries.reach import count, one, reach, rows
from app.security.permissions import Permission, Scope
from app.security.viewer import Viewer
from app.vocabulary import Role

CLOSED_SHOWN = 30


def reports_for(viewer: Viewer) -> Select[SafetyReport]:
    """The reports that the viewer handles; never one about a duo of the viewer, whatever the role."""
    newcomer, buddy = aliased(Newcomer), aliased(Buddy)
    return (
        select(SafetyReport).join(Duo, Duo.id == SafetyReport.duo_id)
        .join(newcomer, newcomer.id == Duo.newcomer_id).join(buddy, buddy.id == Duo.buddy_id)
        .where(
            reach(viewer, Permission.HANDLE_SAFETY, {Scope.NETWORK: SafetyReport.network_slug.in_(viewer.networks)}),
            newcomer.person_id != viewer.person_id, buddy.person_id != viewer.person_id,
        )
    )  # fmt: skip


def open_reports(viewer: Viewer) -> int:
    """How many reports wait for the viewer."""
    return count(reports_for(viewer).where(SafetyReport.decided_at.is_(None)))


def is_for(viewer: Viewer, report_id: int) -> bool:
    """Whether the viewer handles that report."""
    return count(reports_for(viewer).where(SafetyReport.id == report_id)) == 1


def report_lists(viewer: Viewer) -> tuple[list[SafetyReport], list[SafetyReport]]:
    """Those that wait, the oldest first, and those that were closed last."""
    waiting = reports_for(viewer).where(SafetyReport.decided_at.is_(None)).order_by(SafetyReport.id)
    closed = (
        reports_for(viewer)
        .where(SafetyReport.decided_at.is_not(None))
        .order_by(SafetyReport.decided_at.desc())
    )
    return rows(waiting), rows(closed.limit(CLOSED_SHOWN))


@dataclass(frozen=True)
class ReportPage:
    """One report, what the names in it stand for, the other living duos of the buddy, and who else reported this duo."""

    report: SafetyReport
    names: dict[int, str]
    other_duos: int
    others: list[SafetyReport]


def report_page(viewer: Viewer, report_id: int) -> ReportPage:
    """A report that the viewer handles. Raises NotFound."""
    found = one(
        reports_for(viewer).where(SafetyReport.id == report_id).options(joinedload(SafetyReport.notes))
    )
    wanted = {found.by_person_id, found.decided_by_id, *(note.by_person_id for note in found.notes)}
    people = rows(select(Person).where(Person.id.in_([key for key in wanted if key])))
    return ReportPage(
        report=found, names={person.id: person.full_name for person in people},
        other_duos=max(found.duo.buddy.places_taken - (found.duo.ended_at is None), 0),
        others=rows(reports_for(viewer).where(SafetyReport.duo_id == found.duo_id, SafetyReport.id != found.id).order_by(SafetyReport.id)),
    )  # fmt: skip


def told_already(viewer: Viewer, duo_id: int) -> SafetyReport | None:
    """The viewer's own report about that duo which is not closed yet."""
    return report_of(viewer.person_id or 0, duo_id)


def report_of(person_id: int, duo_id: int) -> SafetyReport | None:
    """What that person said about that duo, or had said by the coordinator, and is not closed yet."""
    return session().scalars(
        select(SafetyReport).where(
            SafetyReport.duo_id == duo_id, SafetyReport.by_person_id == person_id, SafetyReport.decided_at.is_(None)
        )
    ).unique().one_or_none()  # fmt: skip


def handlers_of(network: str, *but: int) -> list[Person]:
    """Who handles a report: the coordinators of the network but these people; nobody there, then the administrators."""

    def holding(role: Role, *conditions: ColumnElement[bool]) -> list[Person]:
        held = select(Grant.person_id).where(Grant.role == role, *conditions)
        return rows(
            select(Person)
            .where(Person.id.in_(held), Person.active, Person.id.not_in(but))
            .order_by(Person.id)
        )

    return holding(Role.COORDINATOR, Grant.network_slug == network) or holding(Role.ADMINISTRATOR)
