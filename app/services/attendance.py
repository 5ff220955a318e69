"""Attendance on paper: a sheet is printed, signed at the meeting, and entered later by staff.

Who enters is not who accepts (DOMAIN 3a, confirmer and accepting counsellor are two people): from the moment of entering
the one who typed answers for what stands on the paper. So a newcomer's own counsellor is refused here, at once, rather
than after the work is done; a colleague of the agency, the coordinator of the network or the organisation enters it.
The newcomer never does (R13).
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select, update

from app.clock import in_brussels, now, today
from app.db import session, transaction
from app.errors import Forbidden, Invalid, Moved, NotFound
from app.i18n import lazy_gettext as _
from app.models import AttendanceName, AttendanceSheet, Duo, HourEntry, Newcomer, Offer
from app.queries.attendance import group_of, names_to_enter, offers_of
from app.queries.hours import AWAITING, offers_to_tell, overlapping
from app.queries.reach import one, rows
from app.reference.folding import fold
from app.security.permissions import Permission
from app.security.predicates import demand, not_about_oneself
from app.security.secrets import CODE_LETTERS, new_code
from app.security.viewer import Viewer
from app.services import confirmations, hours
from app.services.confirmations import Signer, TrackFor
from app.services.hours import Telling
from app.services.records import audit, move, record_transition
from app.vocabulary import EntryState, Role
from app.vocabulary.records import Subject

ON_PAPER = "paper"
MOST_NAMES = 40
DAYS_AHEAD = 366


@dataclass(frozen=True)
class Signature:
    """What stands under the lines of the paper: who signed, on which day, and whether it was the `last` meeting.

    After the last one the same signature stands under the proofs: who has no internet cannot sign them otherwise.
    """

    name: str
    day: date
    last: bool = False


def sheet_for_oneself(actor: Viewer, offer_id: int, day: date) -> AttendanceSheet:
    """A sheet with one name, made by the newcomer, or by the buddy for a meeting of the duo. Raises NotFound, Invalid."""
    with transaction() as db:
        demand(actor, Permission.TELL_HOURS)
        offer = one(offers_to_tell(actor).where(Offer.id == offer_id))
        duo = db.get(Duo, offer.duo_id) if offer.duo_id else None
        newcomer_id = duo.newcomer_id if duo is not None else actor.newcomer_id
        assert newcomer_id is not None  # what is no duo's is told by newcomers only
        return _make(actor, offer, day, [newcomer_id])


def sheet_for_group(signer: Signer, offer_id: int, day: date) -> AttendanceSheet:
    """A sheet with everybody who told hours of this activity to the contact person. Raises NotFound, Invalid."""
    with transaction():
        offer = one(offers_of(signer.lines).where(Offer.id == offer_id))
        group = [newcomer.id for newcomer in rows(group_of(signer.lines, offer_id))]
        return _make(signer.actor, offer, day, group[:MOST_NAMES])


def sheet_of(code: str) -> AttendanceSheet:
    """The sheet of that code, however it was typed. Raises NotFound."""
    letters = "".join(letter for letter in code.upper() if letter in CODE_LETTERS)
    return one(select(AttendanceSheet).where(AttendanceSheet.code == letters))


def names_of(actor: Viewer, sheet: AttendanceSheet) -> list[AttendanceName]:
    """The names on a sheet that the actor may enter hours for. Raises NotFound when there is none."""
    found = rows(names_to_enter(actor).where(AttendanceName.sheet_id == sheet.id))
    if not found:
        raise NotFound()
    return found


def is_own_case(actor: Viewer, name: AttendanceName) -> bool:
    """Whether the actor will decide about these hours, and so may not enter them."""
    return name.newcomer.counsellor_id is not None and name.newcomer.counsellor_id == actor.person_id


def enter(
    actor: Viewer,
    sheet: AttendanceSheet,
    telling: Telling,
    minutes_of: Mapping[int, int],
    signature: Signature,
    *,
    track_for: TrackFor,
) -> int:
    """Enter who was there: hours that are confirmed by the signature on the paper; returns how many. All, or none.

    `minutes_of` gives the length for each name (number of AttendanceName) that is ticked; `telling` day, time and Dutch.
    Raises NotFound; Forbidden for the own time and the own caseload; Moved when all were entered before; Invalid with the
    field `day`, `at`, `minutes`, `sure`, `names`, `signed_name` or `signed_on`.
    """
    with transaction():
        demand(actor, Permission.ENTER_SHEETS)
        reached = {name.id: name for name in names_of(actor, sheet)}
        if not set(minutes_of) <= set(reached):
            raise NotFound()
        if not minutes_of:
            raise Invalid("names", _("Tick who was there."))
        _check(signature, telling.day)
        done = [
            entry_id
            for key, minutes in sorted(minutes_of.items())
            if (
                entry_id := _keep(
                    actor, sheet, reached[key], telling=telling, minutes=minutes, signature=signature
                )
            )
            is not None
        ]
        if not done:
            raise Moved(_("These hours were already entered from this sheet."), code="entered")
        _confirm(actor, signature, done)
        if signature.last:
            _sign_proofs(actor, signature, done, track_for)
        sheet.signed_name, sheet.signed_on = signature.name, signature.day
        sheet.entered_at, sheet.entered_by_id = now(), actor.person_id
        audit(
            actor, "sheet-entered", "offer", sheet.offer_id, network=sheet.offer.network_slug, sheet=sheet.id, lines=len(done)
        )  # fmt: skip
        return len(done)


def _make(actor: Viewer, offer: Offer, day: date, newcomer_ids: Collection[int]) -> AttendanceSheet:
    if abs((day - today()).days) > DAYS_AHEAD:
        raise Invalid("day", _("Choose a day within a year from now."))
    sheet = AttendanceSheet(
        code=new_code().replace("-", ""), offer_id=offer.id, day=day, made_by_id=actor.person_id
    )
    session().add(sheet)
    session().flush()
    session().add_all(AttendanceName(sheet_id=sheet.id, newcomer_id=key) for key in newcomer_ids)
    session().flush()
    return sheet


def _check(signature: Signature, day: date) -> None:
    if not day <= signature.day <= today():
        raise Invalid(
            "signed_on", _("It was signed on the day of the meeting or later, and not in the future.")
        )


def _keep(
    actor: Viewer,
    sheet: AttendanceSheet,
    name: AttendanceName,
    *,
    telling: Telling,
    minutes: int,
    signature: Signature,
) -> int | None:
    """The number of the entry to be confirmed for that name: told before, or kept now; None when it was entered before."""
    newcomer = name.newcomer
    not_about_oneself(actor, newcomer.person_id)
    if is_own_case(actor, name):
        raise Forbidden(
            _(
                "You accept these hours yourself. A colleague, the coordinator or the organisation enters the sheet."
            )
        )
    if fold(signature.name) == fold(newcomer.person.full_name):
        raise Invalid("signed_name", _("Nobody signs for the own hours. Who of the others was there?"))
    session().refresh(name, with_for_update={"of": AttendanceName})
    if name.entry_id is not None:
        return None
    own = Telling(
        day=telling.day, at=telling.at, minutes=minutes, dutch_company=telling.dutch_company,
        key=f"sheet-{sheet.id}-{newcomer.id}", sure=telling.sure,
    )  # fmt: skip
    entry = _told_before(sheet, newcomer, own)
    if entry is None:
        duo = session().get(Duo, sheet.offer.duo_id) if sheet.offer.duo_id else None
        entry, _fresh = hours.keep(
            actor, own, role=_role(actor), newcomer_id=newcomer.id, offer=lambda: sheet.offer, duo=duo
        )
    if entry.state is EntryState.DRAFT:
        move(
            update(HourEntry).where(HourEntry.id == entry.id, HourEntry.state == EntryState.DRAFT)
            .values(state=EntryState.SUBMITTED)
        )  # fmt: skip
        record_transition(
            Subject.HOUR_ENTRY, entry.id, EntryState.DRAFT, EntryState.SUBMITTED, actor=actor, role=_role(actor), reason=ON_PAPER
        )  # fmt: skip
    name.entry_id = entry.id
    return entry.id


def _told_before(sheet: AttendanceSheet, newcomer: Newcomer, telling: Telling) -> HourEntry | None:
    """The same time that the newcomer told already and that waits. Raises Invalid when other hours are in the way."""
    starts_at = hours.instant_of(telling.day, telling.at)
    found = (
        session()
        .scalars(overlapping(newcomer.id, starts_at, HourEntry.end(starts_at, telling.minutes)))
        .unique()
        .first()
    )
    if found is None:
        return None
    same = (found.offer_id, found.starts_at, found.minutes) == (sheet.offer_id, starts_at, telling.minutes)
    if same and found.state in (EntryState.DRAFT, *AWAITING):
        return found
    first, last = in_brussels(found.starts_at), in_brussels(found.ends_at)
    raise Invalid(
        "names",
        _("%(name)s has other hours at that time: %(what)s, from %(start)s to %(end)s.",
          name=newcomer.person.first_name, what=found.offer.title, start=f"{first:%H:%M}", end=f"{last:%H:%M}"),
        code="overlap",
    )  # fmt: skip


def _confirm(actor: Viewer, signature: Signature, entry_ids: Collection[int]) -> None:
    """Confirm as the contact person does, by the way of paper: the same refusals hold (R13, T6)."""
    session().flush()
    lines = select(HourEntry).where(HourEntry.id.in_(entry_ids))
    confirmations.confirm(Signer(lines, signature.name, ON_PAPER, actor, _role(actor)), entry_ids)


def _sign_proofs(
    actor: Viewer, signature: Signature, entry_ids: Collection[int], track_for: TrackFor
) -> None:
    """Sign the open proofs on which these entries stand, with all other confirmed times on them."""
    entries = rows(select(HourEntry).where(HourEntry.id.in_(entry_ids)))
    for proof_id in sorted({entry.proof_id for entry in entries if entry.proof_id is not None}):
        lines = select(HourEntry).where(HourEntry.proof_id == proof_id)
        signer = Signer(lines, signature.name, ON_PAPER, actor, _role(actor))
        seen = [line.id for line in rows(lines.where(HourEntry.state == EntryState.CONFIRMED))]
        confirmations.sign(signer, proof_id, seen=seen, track_for=track_for)


def _role(actor: Viewer) -> Role:
    role = actor.role_for(Permission.ENTER_SHEETS)
    assert role is not None  # the permission was demanded
    return role
