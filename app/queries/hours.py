"""Selections of hour entries, each limited to what the viewer may see."""

from sqlalchemy import Select, select

from app.models import Buddy, ContactPerson, Duo, HourEntry, Newcomer
from app.queries.reach import reach
from app.security.permissions import Permission, Scope
from app.security.viewer import Viewer


def entries_for(viewer: Viewer, permission: Permission = Permission.SEE_HOURS) -> Select[HourEntry]:
    """The hour entries that the permission reaches.

    For SIGN_HOURS, OWN means addressed to the viewer as contact person; for the others, the own time.
    """
    addressed = HourEntry.contact_person_id.in_(
        select(ContactPerson.id).where(ContactPerson.person_id == viewer.person_id)
    )
    own_time = HourEntry.newcomer_id.in_(select(Newcomer.id).where(Newcomer.person_id == viewer.person_id))
    own_duo = HourEntry.duo_id.in_(
        select(Duo.id).join(Buddy, Buddy.id == Duo.buddy_id).where(Buddy.person_id == viewer.person_id)
    )
    own_caseload = select(Newcomer.id).where(Newcomer.counsellor_id == viewer.person_id)
    own_clubs = select(ContactPerson.id).where(ContactPerson.organisation_id.in_(viewer.organisations))
    return select(HourEntry).where(
        reach(viewer, permission, {
            Scope.OWN: addressed if permission is Permission.SIGN_HOURS else own_time,
            Scope.DUO: own_duo,
            Scope.CASELOAD: HourEntry.newcomer_id.in_(own_caseload),
            Scope.OFFER: HourEntry.contact_person_id.in_(own_clubs),
        })
    )  # fmt: skip
