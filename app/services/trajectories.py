"""What a counsellor decides about hours: accepted, returned or reversed; and who the counsellor is."""

from collections.abc import Callable, Collection

from sqlalchemy import select, update

from app.clock import now
from app.db import lock, session, transaction
from app.errors import Forbidden, Invalid, NotFound, Refusal
from app.i18n import lazy_gettext as _
from app.models import HourEntry, Link, Newcomer, Person
from app.queries.contracts import contract_of, term_of
from app.queries.hours import entries_for
from app.queries.reach import rows
from app.security.identity import canonical_email
from app.security.permissions import Permission
from app.security.predicates import demand, not_about_oneself
from app.security.secrets import code_hash, new_code
from app.security.viewer import Viewer
from app.services.accounts import LINK_LASTS
from app.services.contracts import own_newcomer, settle_reached
from app.services.outbox import tell
from app.services.records import audit, move, record_transition
from app.vocabulary import EntryState, Role
from app.vocabulary.records import LinkPurpose, Subject

TrackFor = Callable[[str], str]  # locale -> the absolute address of a newcomer's own track


def accept(actor: Viewer, newcomer_id: int, entry_ids: Collection[int], track_for: TrackFor) -> int:
    """Accept confirmed hours within the term (R15); returns how many. All of them, or none.

    Raises NotFound; Forbidden when the counsellor was told, confirmed or did these hours; Refusal outside the term (R03).
    """
    with transaction():
        newcomer = own_newcomer(actor, newcomer_id, Permission.ACCEPT_HOURS)
        lock(Newcomer, newcomer.id)
        contract = contract_of(newcomer.id)
        term = term_of(contract)
        for entry in _entries(actor, newcomer.id, entry_ids, Permission.ACCEPT_HOURS):
            _refuse_own_signature(actor, entry)
            if term is None or entry.day not in term:
                raise Refusal(
                    _(
                        "This day is outside the term of the contract. It does not count, unless the term changes."
                    ),
                    code="outside-term",
                )
            move(
                update(HourEntry).where(HourEntry.id == entry.id, HourEntry.state == EntryState.CONFIRMED)
                .values(state=EntryState.ACCEPTED, accepted_at=now(), accepted_by_id=actor.person_id)
            )  # fmt: skip
            _note(actor, entry, EntryState.CONFIRMED, EntryState.ACCEPTED)
            audit(actor, "hours-accepted", "hour_entry", entry.id, minutes=entry.minutes)
        if settle_reached(newcomer, contract) and newcomer.person.email:
            tell(newcomer.person, "target-reached", link=track_for(newcomer.person.locale))
        return len(set(entry_ids))


def give_back(actor: Viewer, newcomer_id: int, entry_id: int, *, note: str, track_for: TrackFor) -> None:
    """Return confirmed hours to the contact person with a note that the newcomer and the contact person read.

    Raises NotFound, Moved, or Invalid without a note.
    """
    with transaction():
        newcomer = own_newcomer(actor, newcomer_id, Permission.ACCEPT_HOURS)
        (entry,) = _entries(actor, newcomer.id, [entry_id], Permission.ACCEPT_HOURS)
        if not note:
            raise Invalid("note", _("Write what is not clear."))
        move(
            update(HourEntry).where(HourEntry.id == entry.id, HourEntry.state == EntryState.CONFIRMED)
            .values(state=EntryState.SUBMITTED, confirmed_at=None, confirmed_name="", confirmed_by_id=None)
        )  # fmt: skip
        _note(actor, entry, EntryState.CONFIRMED, EntryState.SUBMITTED, reason="returned", note=note)
        audit(actor, "hours-returned", "hour_entry", entry.id)
        if newcomer.person.email:
            tell(newcomer.person, "hours-returned", link=track_for(newcomer.person.locale), what=entry.offer.title,
                 day=entry.day.isoformat(), note=note)  # fmt: skip


def reverse(actor: Viewer, newcomer_id: int, entry_id: int, *, note: str) -> HourEntry:
    """Take accepted hours back by an entry of their own with negative minutes; both are kept (R50).

    Neither of the two counts in any total. Raises NotFound, Moved, or Invalid without a note.
    """
    with transaction() as db:
        newcomer = own_newcomer(actor, newcomer_id, Permission.CORRECT_HOURS)
        lock(Newcomer, newcomer.id)
        (entry,) = _entries(actor, newcomer.id, [entry_id], Permission.CORRECT_HOURS)
        if not note:
            raise Invalid("note", _("Write what was wrong."))
        move(
            update(HourEntry).where(HourEntry.id == entry.id, HourEntry.state == EntryState.ACCEPTED)
            .values(state=EntryState.REVERSED)
        )  # fmt: skip
        _note(actor, entry, EntryState.ACCEPTED, EntryState.REVERSED, reason="reversed", note=note)
        counter = HourEntry(
            newcomer_id=newcomer.id, offer_id=entry.offer_id, contact_person_id=entry.contact_person_id, duo_id=entry.duo_id,
            starts_at=entry.starts_at, ends_at=entry.ends_at, minutes=-entry.minutes, dutch_company=entry.dutch_company,
            state=EntryState.REVERSED, entered_by_id=actor.person_id, submission_key=f"reverses-{entry.id}", reverses_id=entry.id,
        )  # fmt: skip
        db.add(counter)
        db.flush()
        _note(actor, counter, None, EntryState.REVERSED, reason="counter-entry", note=str(counter.minutes))
        audit(actor, "hours-reversed", "hour_entry", entry.id, minutes=counter.minutes)
        settle_reached(newcomer, contract_of(newcomer.id))
        return counter


def new_counsellor_code(actor: Viewer, *, secret_key: str) -> str:
    """A code with which one newcomer can make the actor her counsellor; told once, kept as a hash."""
    demand(actor, Permission.SET_CONTRACT)
    code = new_code()
    with transaction() as db:
        db.add(
            Link(
                purpose=LinkPurpose.LINK_COUNSELLOR, token_hash=code_hash(code, secret_key), person_id=actor.person_id,
                locale=actor.locale or "nl", facts={}, expires_at=now() + LINK_LASTS[LinkPurpose.LINK_COUNSELLOR],
            )
        )  # fmt: skip
    return code


def counsellor_of_code(code: str, *, secret_key: str) -> Person:
    """The counsellor who gave that code; looking does not use it up. Raises Invalid with the field `code`."""
    link = _link_of_code(code, secret_key)
    return session().get_one(Person, link.person_id)


def link_counsellor(actor: Viewer, code: str, *, secret_key: str) -> None:
    """A newcomer takes the counsellor of that code, who from then on sees her hours and contract. Raises Invalid."""
    with transaction():
        if actor.newcomer_id is None:
            raise Forbidden()
        lock(Newcomer, actor.newcomer_id)
        link = _link_of_code(code, secret_key)
        not_about_oneself(actor, link.person_id)
        move(update(Link).where(Link.id == link.id, Link.used_at.is_(None)).values(used_at=now()))
        newcomer = session().get_one(Newcomer, actor.newcomer_id)
        audit(
            actor,
            "counsellor-linked",
            "newcomer",
            newcomer.id,
            before=newcomer.counsellor_id,
            after=link.person_id,
        )
        newcomer.counsellor_id = link.person_id


def _link_of_code(code: str, secret_key: str) -> Link:
    found = session().scalars(
        select(Link).where(Link.token_hash == code_hash(code, secret_key), Link.purpose == LinkPurpose.LINK_COUNSELLOR)
    ).one_or_none()  # fmt: skip
    if found is None or not found.usable(now()):
        raise Invalid(
            "code", _("We do not know this code, or it is too old. Ask your counsellor for a new one.")
        )
    return found


def _entries(
    actor: Viewer, newcomer_id: int, entry_ids: Collection[int], permission: Permission
) -> list[HourEntry]:
    wanted = set(entry_ids)
    found = rows(
        entries_for(actor, permission)
        .where(
            HourEntry.newcomer_id == newcomer_id, HourEntry.id.in_(wanted), HourEntry.reverses_id.is_(None)
        )
        .order_by(HourEntry.id)
    )
    if not wanted or len(found) != len(wanted):
        raise NotFound()
    return found


def _refuse_own_signature(actor: Viewer, entry: HourEntry) -> None:
    """Who confirmed the hours does not accept them, whether by account or by a link to the own address."""
    not_about_oneself(actor, entry.confirmed_by_id, entry.contact_person.person_id)
    person = session().get_one(Person, actor.person_id)
    if entry.contact_person.email and person.email_canonical == canonical_email(entry.contact_person.email):
        raise Forbidden()


def _note(
    actor: Viewer,
    entry: HourEntry,
    before: EntryState | None,
    after: EntryState,
    *,
    reason: str = "",
    note: str = "",
) -> None:
    record_transition(
        Subject.HOUR_ENTRY,
        entry.id,
        before,
        after,
        actor=actor,
        role=Role.COUNSELLOR,
        reason=reason,
        note=note,
    )
