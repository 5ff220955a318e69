"""When something is not right in a duo: contact stops at once, few people learn of it, and one of them decides.

What is written here stands apart from all that is ordinary: in the audit log for administrators only, and in no
history without a name. Both people of the duo are told the same words: your coordinator will call you.
"""

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import select, update

from app.clock import now
from app.db import lock, session, transaction
from app.errors import Gone, Invalid, NotFound
from app.i18n import lazy_gettext as _
from app.letters.duos import LETTERS as DUO_LETTERS
from app.models import Buddy, Duo, Link, Message, Newcomer, Person, SafetyNote, SafetyReport
from app.queries.accounts import viewer_of
from app.queries.buddies import CONTACT_SHARED
from app.queries.duos import LIVE
from app.queries.matches import duos_for
from app.queries.reach import one, rows
from app.queries.safety import handlers_of, report_of, reports_for, told_already
from app.security.permissions import Permission
from app.security.predicates import demand, not_about_oneself
from app.security.viewer import Viewer
from app.services import sign_ups
from app.services.accounts import open_link
from app.services.duo_letters import DuoLinks, person_of
from app.services.duos import stop_frozen, thaw
from app.services.outbox import tell
from app.services.publishing import let_go_of
from app.services.records import audit, move, record_transition
from app.vocabulary import BuddyState, DuoState, NewcomerState, Role
from app.vocabulary.records import LinkPurpose, MessageState, Subject
from app.vocabulary.safety import SafetyKind
from app.vocabulary.screening import LetGoReason, SafetyOutcome

PageFor = Callable[[str, int], str]  # (locale, number of a report) -> the absolute address of its page
STOPPED = "contact_stopped"


@dataclass(frozen=True)
class Told:
    """What somebody says: what is not right, own words and their language; all of it may be empty."""

    kind: SafetyKind | None = None
    words: str = ""
    language: str | None = None


def link_for_report(token: str) -> tuple[Link, Viewer]:
    """Who holds a link by which to report, and about which duo; a link to answer by will do too. Raises NotFound or Gone."""
    try:
        link = open_link(token, LinkPurpose.REPORT_DUO)
    except NotFound:
        link = open_link(token, LinkPurpose.ANSWER_DUO)
    holder = session().get_one(Person, link.person_id)
    if not holder.active:
        raise Gone()
    return link, viewer_of(holder)


def duo_to_report(actor: Viewer, duo_id: int) -> tuple[Duo, Role]:
    """An own duo in which contact was ever shared, and as whom; also long after its end. Raises NotFound or Forbidden."""
    demand(actor, Permission.REPORT_DUO)
    duo = one(
        duos_for(actor, Permission.REPORT_DUO)
        .where(Duo.id == duo_id)
        .execution_options(populate_existing=True)
    )
    sides = {duo.newcomer.person_id: Role.NEWCOMER, duo.buddy.person_id: Role.BUDDY}
    if duo.contact_shared_at is None or actor.person_id not in sides:
        raise NotFound()
    return duo, sides[actor.person_id]


def report(actor: Viewer, duo_id: int, told: Told, *, page_for: PageFor) -> None:
    """One of the two says that something is not right: contact stops, and those who handle it get a mail at once.

    Said again while it is open, the words become a note of the same report. Raises NotFound or Forbidden.
    """
    with transaction() as db:
        lock(Duo, duo_id)
        duo, role = duo_to_report(actor, duo_id)
        assert actor.person_id is not None
        earlier = told_already(actor, duo_id)
        if earlier is not None:
            _add_words(earlier, actor.person_id, told.words)
            return
        made = SafetyReport(
            duo_id=duo.id, network_slug=duo.network_slug, by_person_id=actor.person_id, by_role=role, kind=told.kind,
            words=told.words, words_language=told.language if told.words else None, duo_was=_freeze(duo),
        )  # fmt: skip
        db.add(made)
        db.flush()
        audit(None, "safety-reported", "duo", duo.id)
        for handler in handlers_of(duo.network_slug, duo.newcomer.person_id, duo.buddy.person_id):
            tell(handler, "safety-reported", link=page_for(handler.locale, made.id))


def duo_to_stop(actor: Viewer, duo_id: int) -> Duo:
    """A duo in which who handles calls for help can stop contact; never an own one. Raises NotFound or Forbidden."""
    demand(actor, Permission.HANDLE_SAFETY)
    reached = duos_for(actor, Permission.HANDLE_SAFETY).where(Duo.id == duo_id, Duo.state.in_(CONTACT_SHARED))
    duo = one(reached.execution_options(populate_existing=True))
    not_about_oneself(actor, duo.newcomer.person_id, duo.buddy.person_id)
    return duo


def stop_contact(actor: Viewer, duo_id: int, side: Role, told: Told, *, page_for: PageFor) -> int:
    """Stop contact for one of the two, who told it to the actor: as if that person had asked for help here.

    The words are kept as a note of the actor. Returns the report. Raises NotFound, also when no contact is left to
    stop, Forbidden, or Invalid without words.
    """
    with transaction() as db:
        lock(Duo, duo_id)
        duo = duo_to_stop(actor, duo_id)
        if not told.words:
            raise Invalid("words", _("Write in a few words what was said."))
        person = person_of(duo, side)
        made = report_of(person.id, duo.id)
        if made is None:
            made = SafetyReport(
                duo_id=duo.id, network_slug=duo.network_slug, by_person_id=person.id, by_role=side, kind=told.kind,
                words="", duo_was=_freeze(duo),
            )  # fmt: skip
            db.add(made)
            db.flush()
        db.add(SafetyNote(report_id=made.id, by_person_id=actor.person_id, words=told.words))
        audit(actor, "contact-stopped", "duo", duo.id)
        two = (duo.newcomer.person_id, duo.buddy.person_id)
        for handler in handlers_of(duo.network_slug, *two):
            if handler.id != actor.person_id:
                tell(handler, "safety-reported", link=page_for(handler.locale, made.id))
        return made.id


def add_note(actor: Viewer, report_id: int, *, words: str) -> None:
    """Keep what was done or said. Raises NotFound, Forbidden, or Invalid without words."""
    demand(actor, Permission.HANDLE_SAFETY)
    assert actor.person_id is not None
    with transaction():
        found = one(reports_for(actor).where(SafetyReport.id == report_id))
        if not words:
            raise Invalid("words", _("Write in a few words what was said."))
        session().add(SafetyNote(report_id=found.id, by_person_id=actor.person_id, words=words))
        audit(actor, "safety-noted", "duo", found.duo_id)


def close(actor: Viewer, report_id: int, *, outcome: SafetyOutcome, links: DuoLinks) -> None:
    """Decide: contact goes on, or the duo ends, or one of the two takes part no more. Closes every report of that duo.

    Raises NotFound outside the actor's reach, Forbidden, or Moved when it was closed already.
    """
    demand(actor, Permission.HANDLE_SAFETY)
    with transaction():
        found = one(reports_for(actor).where(SafetyReport.id == report_id))
        lock(Duo, found.duo_id)
        duo = session().get_one(Duo, found.duo_id, populate_existing=True)
        before = _close_all(actor, found, outcome)
        role = actor.role_for(Permission.HANDLE_SAFETY)
        if duo.state is DuoState.FROZEN:
            if outcome is SafetyOutcome.GO_ON:
                thaw(duo, before or DuoState.PAUSED, actor, role, links=links)
            else:
                stop_frozen(duo, actor, role, links=links)
        if outcome is SafetyOutcome.BLOCK_BUDDY:
            _block_buddy(actor, role, duo.buddy_id, links)
        elif outcome is SafetyOutcome.BLOCK_NEWCOMER:
            _block_newcomer(actor, role, duo.newcomer_id, links)
        audit(actor, "safety-closed", "duo", duo.id, outcome=outcome.value)


def _freeze(duo: Duo) -> DuoState | None:
    """Stop contact: nobody sees how to reach the other, and what was to be sent is not. Returns the state before.

    Of a duo that is stopped already, the one before that; None for a duo that is over.
    """
    if duo.state is DuoState.FROZEN:
        return session().scalar(
            select(SafetyReport.duo_was)
            .where(SafetyReport.duo_id == duo.id, SafetyReport.decided_at.is_(None))
            .limit(1)
        )
    before = duo.state
    if before not in CONTACT_SHARED:
        return None
    move(update(Duo).where(Duo.id == duo.id, Duo.state == before).values(state=DuoState.FROZEN))
    record_transition(Subject.DUO, duo.id, before, DuoState.FROZEN, actor=None, reason=STOPPED)
    waiting = select(Message).where(
        Message.kind.in_(tuple(DUO_LETTERS)), Message.state.in_((MessageState.QUEUED, MessageState.FAILED)),
        Message.person_id.in_([duo.newcomer.person_id, duo.buddy.person_id]),
    )  # fmt: skip
    for message in session().scalars(waiting):
        if message.facts.get("duo", duo.id) == duo.id:
            message.state, message.done_at = MessageState.DONE, now()
    return before


def _add_words(earlier: SafetyReport, person_id: int, words: str) -> None:
    said = {earlier.words, *(note.words for note in earlier.notes)}
    if words and words not in said:
        session().add(SafetyNote(report_id=earlier.id, by_person_id=person_id, words=words))


def _close_all(actor: Viewer, found: SafetyReport, outcome: SafetyOutcome) -> DuoState | None:
    """Close this report and the others about the same duo; returns the state that the duo had before. Raises Moved."""
    values = {"outcome": outcome, "decided_by_id": actor.person_id, "decided_at": now()}
    move(
        update(SafetyReport)
        .where(SafetyReport.id == found.id, SafetyReport.decided_at.is_(None))
        .values(values)
    )
    session().execute(
        update(SafetyReport)
        .where(SafetyReport.duo_id == found.duo_id, SafetyReport.decided_at.is_(None))
        .values(values)
    )
    return found.duo_was


def _block_buddy(actor: Viewer, role: Role | None, buddy_id: int, links: DuoLinks) -> None:
    """A buddy takes part no more; newcomers who meet this buddy too wait again since the same day."""
    let_go_of(session().get_one(Buddy, buddy_id))
    lock(Buddy, buddy_id)
    for other in rows(select(Duo).where(Duo.buddy_id == buddy_id, Duo.state.in_(LIVE)).order_by(Duo.id)):
        stop_frozen(other, actor, role, links=links)
    before = session().get_one(Buddy, buddy_id, populate_existing=True).state
    if before in (BuddyState.REJECTED, BuddyState.LEFT):
        return
    move(
        update(Buddy).where(Buddy.id == buddy_id, Buddy.state == before)
        .values(state=BuddyState.REJECTED, paused_until=None)
    )  # fmt: skip
    record_transition(
        Subject.BUDDY,
        buddy_id,
        before,
        BuddyState.REJECTED,
        actor=actor,
        role=role,
        reason=LetGoReason.OTHER.value,
    )


def _block_newcomer(actor: Viewer, role: Role | None, newcomer_id: int, links: DuoLinks) -> None:
    """A newcomer gets no buddy any more; hours and proofs stay."""
    let_go_of(session().get_one(Newcomer, newcomer_id))
    lock(Newcomer, newcomer_id)
    for other in rows(
        select(Duo).where(Duo.newcomer_id == newcomer_id, Duo.state.in_(LIVE)).order_by(Duo.id)
    ):
        stop_frozen(other, actor, role, links=links)
    sign_ups.end_all(actor, newcomer_id)
    before = session().get_one(Newcomer, newcomer_id, populate_existing=True).state
    if before is NewcomerState.LEFT:
        return
    move(
        update(Newcomer)
        .where(Newcomer.id == newcomer_id, Newcomer.state == before)
        .values(state=NewcomerState.LEFT)
    )
    record_transition(
        Subject.NEWCOMER,
        newcomer_id,
        before,
        NewcomerState.LEFT,
        actor=actor,
        role=role,
        reason=LetGoReason.OTHER.value,
    )


def note_look(actor: Viewer, report_id: int) -> None:
    """Write down that somebody looks at a report, with the telephone numbers that stand on its page (T18). Raises NotFound."""
    with transaction():
        about = reports_for(actor).where(SafetyReport.id == report_id).with_only_columns(SafetyReport.duo_id)
        duo_id = session().scalar(about)
        if duo_id is None:
            raise NotFound()
        audit(actor, "safety-seen", "duo", duo_id)
