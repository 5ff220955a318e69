"""What a contact person says of the hours: yes, another length, or no; and the signature under the proof of them.

With a link and no account, or with an account. Who answers is a `Signer`: it holds exactly the lines addressed to it (T5). Nobody answers for the own time (R13).
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import CursorResult, Select, update

from app.clock import now
from app.db import lock, session, transaction
from app.errors import Forbidden, Invalid, Moved, NotFound
from app.i18n import lazy_gettext as _
from app.models import ContactPerson, Duo, HourEntry, Newcomer, Person, Proof
from app.queries.hours import AWAITING, NO_COUNTER, addressed_by_link, entries_for, is_told_by_somebody
from app.queries.proofs import proofs_of
from app.queries.reach import one, rows
from app.reference.writing import language_of
from app.security.identity import canonical_email
from app.security.permissions import Permission
from app.security.predicates import demand, not_about_oneself
from app.security.viewer import Viewer
from app.services import proofs
from app.services.accounts import open_link
from app.services.hours import LONGEST_MINUTES
from app.services.outbox import tell
from app.services.records import record_transition
from app.vocabulary import EntryState, HoursRefusal, Role
from app.vocabulary.records import LinkPurpose, ProofState, Subject

TrackFor = Callable[[str], str]  # locale -> the absolute address of a newcomer's own track

LONGEST_REMARK = 300
BY_MAIL, PASSED_ON, BY_ACCOUNT = "mailed-link", "passed-link", "account"


@dataclass(frozen=True)
class Signer:
    """Who answers: the lines addressed to this person, the name that is kept, and the way it came in."""

    lines: Select[HourEntry]
    name: str
    way: str
    actor: Viewer
    role: Role | None = None


def signer_by_link(token: str, actor: Viewer) -> Signer:
    """The holder of a link; `actor` is who is signed in here, perhaps nobody. Raises NotFound, Gone or Forbidden.

    A link that a newcomer passed on opens that newcomer's lines only, and never for the newcomer.
    """
    link = open_link(token, LinkPurpose.CONFIRM_HOURS)
    if link.contact_person_id is None:
        raise NotFound()
    not_about_oneself(actor, link.person_id if link.facts.get("newcomer") == actor.newcomer_id else None)
    contact = session().get_one(ContactPerson, link.contact_person_id)
    refuse_unverified(contact)
    lines = addressed_by_link(contact.id, link.facts.get("newcomer"))
    return Signer(lines, contact.name, PASSED_ON if "newcomer" in link.facts else BY_MAIL, actor)


def signer_by_account(actor: Viewer) -> Signer:
    """A buddy, or a contact of an organisation, who is signed in. Raises Forbidden."""
    demand(actor, Permission.SIGN_HOURS)
    lines = entries_for(actor, Permission.SIGN_HOURS)
    return Signer(lines, actor.name, BY_ACCOUNT, actor, actor.role_for(Permission.SIGN_HOURS))


def confirm(signer: Signer, entry_ids: Collection[int]) -> int:
    """Say that these lines are right; they join the open proof. Returns how many were confirmed now.

    Raises NotFound for a line that is not addressed to the signer, Forbidden, or Moved that names who was first
    when none of them waits any more.
    """
    with transaction():
        entries = _addressed(signer, entry_ids)
        done = [
            entry for entry in entries if _answer(signer, entry, EntryState.CONFIRMED, confirmed_at=now())
        ]
        if not done:
            raise _already(entries[0])
        for entry in done:
            proofs.join(entry)
        return len(done)


def sign(
    signer: Signer,
    proof_id: int,
    *,
    seen: Collection[int],
    remark: str = "",
    track_for: TrackFor,
    at: datetime | None = None,
) -> Proof:
    """Sign an open proof with exactly the lines that were seen: from then on neither can be changed (6d).

    `at` is when it was signed: now, unless a past is told (the demo); a signature cannot be moved in time afterwards.
    Raises NotFound for a proof that is not addressed to the signer, Forbidden for the own time (R13), Invalid with the
    field `remark`, or Moved when it is signed already or when other lines stand on it now.
    """
    with transaction():
        proof = one(proofs_of(signer.lines).where(Proof.id == proof_id))
        lock(Newcomer, proof.newcomer_id)
        session().refresh(proof)
        one(
            proofs_of(signer.lines).where(Proof.id == proof_id)
        )  # who was erased meanwhile has no proofs to sign
        refuse_unverified(proof.contact_person)
        lines = proofs.entries_on(proof)
        for entry in lines:
            _refuse_own_time(signer, entry)
        if proof.state is not ProofState.OPEN:
            raise Moved(_("This proof is already signed by %(name)s.", name=proof.signed_name), code="signed")
        if {entry.id for entry in lines} != set(seen):
            raise Moved(
                _("The times on this proof have changed. Look at them again, then sign."), code="other-lines"
            )
        if len(remark) > LONGEST_REMARK:
            raise Invalid("remark", _("This is too long for the paper."))
        signature = proofs.Signature(signer.name, signer.way, at or now(), signer.actor.person_id)
        proofs.freeze(proof, lines, signature, actor=signer.actor, role=signer.role, remark=remark)
        person = proof.newcomer.person
        if person.email:
            tell(person, "proof-signed", link=track_for(person.locale), contact=proof.contact_person.name)
        return proof


def correct(
    signer: Signer,
    entry_id: int,
    *,
    minutes: int,
    note: str,
    track_for: TrackFor,
    language: str | None = None,
) -> None:
    """Give another length in whole minutes; it holds when the newcomer agrees. `language` is that of the page.

    Raises as `confirm`, or Invalid.
    """
    with transaction():
        (entry,) = _addressed(signer, [entry_id])
        if not 1 <= minutes <= LONGEST_MINUTES:
            raise Invalid("minutes", _("One time cannot be longer than 24 hours."))
        if minutes == entry.minutes:
            raise Invalid("minutes", _("This is the same length. If it is right, go back and confirm it."))
        if HourEntry.end(entry.starts_at, minutes) > now():
            raise Invalid("minutes", _("This time would not be over yet."))
        if not _answer(
            signer,
            entry,
            EntryState.CORRECTED,
            fact=str(minutes),
            asked_minutes=minutes,
            **_note(note, language),
        ):
            raise _already(entry)
        _tell_newcomer(entry, "hours-corrected", track_for, asked=minutes)


def refuse(
    signer: Signer, entry_id: int, *, reason: HoursRefusal, note: str, track_for: TrackFor, language: str | None = None
) -> None:  # fmt: skip
    """Say no, with a reason (R16). Raises as `confirm`, or Invalid when another reason is not written down."""
    with transaction():
        (entry,) = _addressed(signer, [entry_id])
        if reason is HoursRefusal.OTHER and not note:
            raise Invalid("note", _("Write in a few words why not."))
        if not _answer(
            signer, entry, EntryState.REFUSED, fact=reason.value, refusal=reason, **_note(note, language)
        ):
            raise _already(entry)
        _tell_newcomer(entry, "hours-refused", track_for, reason=reason.value)


def _note(note: str, page: str | None) -> dict[str, str | None]:
    """The columns of a note, with the language in which it was written where that is known (U1)."""
    return {"contact_note": note, "contact_note_language": language_of(note, page) if note and page else None}


def _addressed(signer: Signer, entry_ids: Collection[int]) -> list[HourEntry]:
    """These lines, all of them addressed to the signer and open to be answered by her; their newcomers are held from here on."""
    wanted = set(entry_ids)
    entries = rows(signer.lines.where(HourEntry.id.in_(wanted), NO_COUNTER).order_by(HourEntry.id))
    if not wanted or len(entries) != len(wanted):
        raise NotFound()
    for newcomer_id in sorted({entry.newcomer_id for entry in entries}):
        lock(Newcomer, newcomer_id)
    for entry in entries:
        _refuse_own_time(signer, entry)
        refuse_unverified(entry.contact_person)
        _refuse_after_the_duo(entry)
    return entries


def _refuse_own_time(signer: Signer, entry: HourEntry) -> None:
    newcomer, contact = entry.newcomer.person, entry.contact_person
    not_about_oneself(signer.actor, newcomer.id)
    if is_same_person(newcomer, contact):
        raise Forbidden(_("Nobody can confirm the own hours."))


def is_same_person(newcomer: Person, contact: ContactPerson) -> bool:
    """R13, also when the contact person is the newcomer under another name."""
    same_address = contact.email is not None and newcomer.email_canonical == canonical_email(contact.email)
    same_number = contact.phone is not None and contact.phone == newcomer.phone
    return same_address or same_number or contact.person_id == newcomer.id


def refuse_unverified(contact: ContactPerson) -> None:
    """An organisation can sign once a coordinator has verified it (T6)."""
    if contact.organisation is not None and contact.organisation.verified_at is None:
        raise Forbidden(
            _(
                "This organisation cannot confirm hours yet. The coordinator of the network must know it first."
            )
        )


def _refuse_after_the_duo(entry: HourEntry) -> None:
    duo = session().get(Duo, entry.duo_id) if entry.duo_id else None
    if duo is not None and duo.ended_at and entry.starts_at > duo.ended_at:
        raise Forbidden(_("You no longer met as a duo on that day."))


def _answer(signer: Signer, entry: HourEntry, after: EntryState, *, fact: str = "", **values: Any) -> bool:
    """Move a waiting line to its answer; False when somebody answered first."""
    before = entry.state
    result = session().execute(
        update(HourEntry).where(HourEntry.id == entry.id, HourEntry.state.in_(AWAITING), is_told_by_somebody())
        .values(state=after, confirmed_name=signer.name, confirmed_by_id=signer.actor.person_id, **values)
    )  # fmt: skip
    assert isinstance(result, CursorResult)
    if result.rowcount != 1:
        return False
    record_transition(
        Subject.HOUR_ENTRY,
        entry.id,
        before,
        after,
        actor=signer.actor,
        role=signer.role,
        reason=signer.way,
        note=fact,
    )
    return True


def _already(entry: HourEntry) -> Moved:
    session().refresh(entry)
    words = {
        EntryState.CONFIRMED: _("Already confirmed by %(name)s.", name=entry.confirmed_name),
        EntryState.ACCEPTED: _("Already confirmed by %(name)s.", name=entry.confirmed_name),
        EntryState.CORRECTED: _("Already corrected by %(name)s.", name=entry.confirmed_name),
        EntryState.REFUSED: _("Already answered by %(name)s.", name=entry.confirmed_name),
    }
    return Moved(words.get(entry.state), code="answered")


def _tell_newcomer(entry: HourEntry, kind: str, track_for: TrackFor, **facts: Any) -> None:
    """Write to the newcomer. Who has no e-mail reads it on the own track: staff of the network see no hours."""
    person = entry.newcomer.person
    if person.email:
        tell(
            person, kind, link=track_for(person.locale), contact=entry.contact_person.name, what=entry.offer.title,
            day=entry.day.isoformat(), minutes=entry.minutes, **facts,
        )  # fmt: skip
