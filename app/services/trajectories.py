"""What a counsellor decides about hours: proofs accepted, doubted or returned, hours taken back; and who it is."""

from collections.abc import Callable, Collection
from typing import Any

from sqlalchemy import exists, select, update

from app.clock import now
from app.db import lock, session, transaction
from app.errors import Forbidden, Invalid, Moved, Refusal
from app.i18n import lazy_gettext as _
from app.models import Grant, HourEntry, Link, Newcomer, Person, Proof
from app.queries.contracts import contract_of, term_of
from app.queries.hours import NO_COUNTER, entries_for
from app.queries.reach import one
from app.security.identity import canonical_email
from app.security.permissions import Permission
from app.security.predicates import demand, not_about_oneself
from app.security.secrets import code_hash, new_code
from app.security.viewer import Viewer
from app.services import proofs
from app.services.accounts import LINK_LASTS
from app.services.contracts import own_newcomer, settle_reached
from app.services.criteria import refuse_unfit
from app.services.hours import LinkFor, ask_contact
from app.services.outbox import tell
from app.services.records import audit, move, record_transition
from app.vocabulary import EntryState, Role
from app.vocabulary.records import LinkPurpose, ProofState, Subject

TrackFor = Callable[[str], str]  # locale -> the absolute address of a newcomer's own track

# From which states a proof comes to which; accepted again = for lines that lay outside the term before.
JUDGED_FROM = {
    ProofState.ACCEPTED: (ProofState.SIGNED, ProofState.IN_VERIFICATION, ProofState.ACCEPTED),
    ProofState.IN_VERIFICATION: (ProofState.SIGNED,),
    ProofState.RETURNED: (ProofState.SIGNED, ProofState.IN_VERIFICATION),
}


def accept(actor: Viewer, newcomer_id: int, proof_id: int, track_for: TrackFor) -> int:
    """Accept a signed proof, and with it its lines within the term (R15); returns how many lines.

    Lines outside the term, or on an activity that was not judged to meet both criteria, are held: the proof can be
    accepted again for them when that changes (R03, R06, R09).
    Raises NotFound; Forbidden when the counsellor signed, confirmed or did these hours; Refusal when no line of it
    counts; Moved when the proof is not there to be accepted (any more).
    """
    with transaction():
        newcomer = own_newcomer(actor, newcomer_id, Permission.ACCEPT_HOURS)
        lock(Newcomer, newcomer.id)
        proof = _proof(actor, newcomer.id, proof_id, JUDGED_FROM[ProofState.ACCEPTED])
        contract = contract_of(newcomer.id)
        term = term_of(contract)
        lines = [entry for entry in proofs.entries_on(proof) if entry.state is EntryState.CONFIRMED]
        inside = [entry for entry in lines if term is not None and entry.day in term]
        counting = [entry for entry in inside if entry.offer.meets_criteria]
        for entry in lines:
            _refuse_own_signature(actor, entry)
        if not lines:
            raise Moved()
        if not inside:
            raise Refusal(
                _(
                    "These days are outside the term of the contract. They do not count, unless the term changes."
                ),
                code="outside-term",
            )
        if not counting:
            refuse_unfit(inside)
        for entry in counting:
            _accept_line(actor, entry)
        _judge(actor, proof, ProofState.ACCEPTED)
        audit(actor, "proof-accepted", "proof", proof.id)
        if settle_reached(newcomer, contract) and newcomer.person.email:
            tell(newcomer.person, "target-reached", link=track_for(newcomer.person.locale))
        return len(counting)


def doubt(actor: Viewer, newcomer_id: int, proof_id: int, *, note: str) -> None:
    """Keep a signed proof until the contact person has been called (R15); the note is for staff. Raises as `accept`, or Invalid."""
    with transaction():
        newcomer = own_newcomer(actor, newcomer_id, Permission.ACCEPT_HOURS)
        lock(Newcomer, newcomer.id)
        proof = _proof(actor, newcomer.id, proof_id, JUDGED_FROM[ProofState.IN_VERIFICATION])
        if not note:
            raise Invalid("note", _("Write what is not clear."))
        _judge(actor, proof, ProofState.IN_VERIFICATION, note=note)
        audit(actor, "proof-in-verification", "proof", proof.id)


def return_proof(
    actor: Viewer, newcomer_id: int, proof_id: int, *, note: str, track_for: TrackFor, link_for: LinkFor
) -> None:
    """Return a signed proof to its contact person, with a note that she and the newcomer read (6d).

    Its lines are taken back and told anew, to be confirmed again; both are kept (R50). Raises as `accept`, or Invalid.
    """
    with transaction():
        newcomer = own_newcomer(actor, newcomer_id, Permission.ACCEPT_HOURS)
        lock(Newcomer, newcomer.id)
        proof = _proof(actor, newcomer.id, proof_id, JUDGED_FROM[ProofState.RETURNED])
        if not note:
            raise Invalid("note", _("Write what is not clear."))
        for entry in proofs.entries_on(proof):
            if entry.state is EntryState.CONFIRMED:
                _tell_anew(actor, entry, note)
        _judge(actor, proof, ProofState.RETURNED, note=note)
        audit(actor, "proof-returned", "proof", proof.id)
        ask_contact(proof.contact_person, link_for)
        person = newcomer.person
        if person.email:
            tell(
                person,
                "proof-returned",
                link=track_for(person.locale),
                contact=proof.contact_person.name,
                note=note,
            )


def give_back(actor: Viewer, newcomer_id: int, entry_id: int, *, note: str, track_for: TrackFor) -> None:
    """Return confirmed hours, not signed yet, to the contact person with a note that she and the newcomer read.

    Raises NotFound, Moved, Refusal when they stand on a signed proof, or Invalid without a note.
    """
    with transaction():
        newcomer = own_newcomer(actor, newcomer_id, Permission.ACCEPT_HOURS)
        lock(Newcomer, newcomer.id)
        entry = _entry(actor, newcomer.id, entry_id, Permission.ACCEPT_HOURS)
        if not note:
            raise Invalid("note", _("Write what is not clear."))
        if proofs.is_signed(entry):
            raise Refusal(_("This time stands on a signed proof. Return the proof."), code="on-signed-proof")
        move(
            update(HourEntry).where(HourEntry.id == entry.id, HourEntry.state == EntryState.CONFIRMED)
            .values(state=EntryState.SUBMITTED, confirmed_at=None, confirmed_name="", confirmed_by_id=None, proof_id=None)
        )  # fmt: skip
        _note(actor, entry, EntryState.CONFIRMED, EntryState.SUBMITTED, reason="returned", note=note)
        audit(actor, "hours-returned", "hour_entry", entry.id)
        if newcomer.person.email:
            tell(newcomer.person, "hours-returned", link=track_for(newcomer.person.locale), what=entry.offer.title,
                 day=entry.day.isoformat(), note=note)  # fmt: skip


def reverse(actor: Viewer, newcomer_id: int, entry_id: int, *, note: str) -> HourEntry:
    """Take accepted hours back by an entry of their own with negative minutes; both are kept (R50).

    Neither of the two counts in any total, and a new proof without them replaces the one they stand on. Raises NotFound, Moved, or Invalid without a note.
    """
    with transaction():
        newcomer = own_newcomer(actor, newcomer_id, Permission.CORRECT_HOURS)
        lock(Newcomer, newcomer.id)
        entry = _entry(actor, newcomer.id, entry_id, Permission.CORRECT_HOURS)
        if not note:
            raise Invalid("note", _("Write what was wrong."))
        counter = _counter(actor, entry, EntryState.ACCEPTED, reason="reversed", note=note)
        audit(actor, "hours-reversed", "hour_entry", entry.id, minutes=counter.minutes)
        proofs.redraw(actor, entry)
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
    """The link of that code, while who gave it still is a counsellor (T19)."""
    still = exists().where(
        Grant.person_id == Link.person_id,
        Grant.role == Role.COUNSELLOR,
        Person.id == Link.person_id,
        Person.active,
    )
    found = session().scalars(
        select(Link).where(
            Link.token_hash == code_hash(code, secret_key), Link.purpose == LinkPurpose.LINK_COUNSELLOR, still
        )
    ).one_or_none()  # fmt: skip
    if found is None or not found.usable(now()):
        raise Invalid(
            "code", _("We do not know this code, or it is too old. Ask your counsellor for a new one.")
        )
    return found


def _entry(actor: Viewer, newcomer_id: int, entry_id: int, permission: Permission) -> HourEntry:
    return one(
        entries_for(actor, permission).where(
            HourEntry.newcomer_id == newcomer_id, HourEntry.id == entry_id, NO_COUNTER
        )
    )


def _proof(actor: Viewer, newcomer_id: int, proof_id: int, states: Collection[ProofState]) -> Proof:
    """A proof of that newcomer in one of these states, on which the actor may decide; the newcomer is held."""
    proof = one(select(Proof).where(Proof.id == proof_id, Proof.newcomer_id == newcomer_id))
    session().refresh(proof)
    if proof.state not in states or proof.replaced_by is not None or proof.paper is None:
        raise Moved()
    not_about_oneself(actor, proof.paper.signed_by_id, proof.contact_person.person_id)
    return proof


def _judge(actor: Viewer, proof: Proof, after: ProofState, *, note: str = "") -> None:
    before = proof.state
    move(
        update(Proof).where(Proof.id == proof.id, Proof.state == before)
        .values(state=after, judged_at=now(), judged_by_id=actor.person_id)
    )  # fmt: skip
    record_transition(Subject.PROOF, proof.id, before, after, actor=actor, role=Role.COUNSELLOR, note=note)


def _accept_line(actor: Viewer, entry: HourEntry) -> None:
    move(
        update(HourEntry).where(HourEntry.id == entry.id, HourEntry.state == EntryState.CONFIRMED)
        .values(state=EntryState.ACCEPTED, accepted_at=now(), accepted_by_id=actor.person_id)
    )  # fmt: skip
    _note(actor, entry, EntryState.CONFIRMED, EntryState.ACCEPTED)
    audit(actor, "hours-accepted", "hour_entry", entry.id, minutes=entry.minutes)


def _counter(actor: Viewer, entry: HourEntry, before: EntryState, *, reason: str, note: str) -> HourEntry:
    """Take an entry back and write its counter-entry, which is returned."""
    db = session()
    move(
        update(HourEntry).where(HourEntry.id == entry.id, HourEntry.state == before)
        .values(state=EntryState.REVERSED)
    )  # fmt: skip
    _note(actor, entry, before, EntryState.REVERSED, reason=reason, note=note)
    counter = HourEntry(
        **_same(entry), minutes=-entry.minutes, state=EntryState.REVERSED, entered_by_id=actor.person_id,
        submission_key=f"reverses-{entry.id}", reverses_id=entry.id,
    )  # fmt: skip
    db.add(counter)
    db.flush()
    _note(actor, counter, None, EntryState.REVERSED, reason="counter-entry", note=str(counter.minutes))
    return counter


def _tell_anew(actor: Viewer, entry: HourEntry, note: str) -> None:
    """Take a line of a returned proof back, and let it wait for the contact person again as an entry of its own."""
    _counter(actor, entry, EntryState.CONFIRMED, reason="proof-returned", note=note)
    db = session()
    anew = HourEntry(
        **_same(entry), minutes=entry.minutes, words=entry.words, words_language=entry.words_language, state=EntryState.SUBMITTED,
        entered_by_id=entry.entered_by_id, submission_key=f"replaces-{entry.id}",
    )  # fmt: skip
    db.add(anew)
    db.flush()
    _note(actor, anew, None, EntryState.SUBMITTED, reason="returned", note=note)


def _same(entry: HourEntry) -> dict[str, Any]:
    """What an entry that replaces or takes back another has in common with it."""
    names = (
        "newcomer_id",
        "offer_id",
        "contact_person_id",
        "duo_id",
        "starts_at",
        "ends_at",
        "dutch_company",
    )
    return {name: getattr(entry, name) for name in names}


def _refuse_own_signature(actor: Viewer, entry: HourEntry) -> None:
    """Who confirmed the hours does not accept them: by account, or by a link to the own address or number."""
    contact = entry.contact_person
    not_about_oneself(actor, entry.confirmed_by_id, contact.person_id)
    person = session().get_one(Person, actor.person_id)
    same_address = contact.email is not None and person.email_canonical == canonical_email(contact.email)
    if same_address or (contact.phone is not None and contact.phone == person.phone):
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
