"""Attendance sheets: who may stand on one, and which names on it the viewer may enter hours for."""

from sqlalchemy import Select, exists, select

from app.models import AttendanceName, AttendanceSheet, ContactPerson, Grant, HourEntry, Newcomer, Offer
from app.queries.hours import STANDING
from app.queries.reach import reach
from app.security.permissions import Permission, Scope
from app.security.viewer import Viewer
from app.vocabulary import Role


def group_of(lines: Select[HourEntry], offer_id: int) -> Select[Newcomer]:
    """The newcomers who told hours for an activity, of those lines that a contact person may answer."""
    told = lines.where(HourEntry.offer_id == offer_id, HourEntry.state.in_(STANDING)).with_only_columns(
        HourEntry.newcomer_id
    )
    return select(Newcomer).where(Newcomer.id.in_(told)).order_by(Newcomer.id)


def offers_of(lines: Select[HourEntry]) -> Select[Offer]:
    """The activities of those lines."""
    told = lines.where(HourEntry.state.in_(STANDING)).with_only_columns(HourEntry.offer_id)
    return select(Offer).where(Offer.id.in_(told)).order_by(Offer.title, Offer.id)


def names_to_enter(viewer: Viewer) -> Select[AttendanceName]:
    """The names on sheets that the viewer may enter hours for: those of the own agency, network or organisation.

    A counsellor reaches newcomers of every counsellor of the same agency: the own counsellor accepts the hours, and
    so is not the one who enters them (DOMAIN 3a); app/services/attendance.py refuses that.
    """
    colleagues = select(Grant.person_id).where(
        Grant.role == Role.COUNSELLOR, Grant.agency_slug.in_(viewer.agencies)
    )
    clubs = select(ContactPerson.id).where(ContactPerson.organisation_id.in_(viewer.organisations))
    return (
        select(AttendanceName)
        .join(AttendanceSheet, AttendanceSheet.id == AttendanceName.sheet_id)
        .join(Offer, Offer.id == AttendanceSheet.offer_id)
        .where(
            reach(viewer, Permission.ENTER_SHEETS, {
                Scope.AGENCY: exists(
                    select(Newcomer.id).where(Newcomer.id == AttendanceName.newcomer_id, Newcomer.counsellor_id.in_(colleagues))
                ),
                Scope.NETWORK: Offer.network_slug.in_(viewer.networks),
                Scope.OFFER: Offer.contact_person_id.in_(clubs),
            })
        )
        .order_by(AttendanceName.id)
    )  # fmt: skip
