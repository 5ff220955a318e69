"""Notes of staff: who may write and take them away, where they are seen and where not."""

from datetime import timedelta

import pytest

from app.clock import now, today
from app.db import session, transaction
from app.errors import Forbidden, Invalid, NotFound
from app.models import AuditEntry, CheckIn, Merger, Message, Proposal, Run, StaffNote, Transition
from app.queries.history import history_of
from app.queries.privacy import held_about
from app.services import notes
from app.services.outbox import tell
from app.vocabulary import DuoState, EntryState, ProposalRefusal, ProposalState
from app.vocabulary.lists import ListKind
from app.vocabulary.records import RunState, Subject
from tests import duo_factories, factories

TEXT = "Liever 's avonds bellen"


@pytest.fixture
def els(site):
    return factories.coordinator(full_name="Els")


def test_notes_stand_one_after_the_other_with_author_and_day(els):
    buddy, viewer = factories.buddy(), factories.viewer(els)
    for text in (TEXT, "Nog iets"):
        notes.write_on_buddy(viewer, buddy.id, note=text)
    lines = [line for line in history_of(viewer, buddy) if line.kind == "note"]
    assert [(line.note, line.who) for line in lines] == [("Nog iets", "Els"), (TEXT, "Els")]
    assert all(now() - line.at < timedelta(minutes=1) for line in lines)


def test_a_note_needs_words(els):
    newcomer = factories.newcomer()
    with pytest.raises(Invalid):
        notes.write_on_newcomer(factories.viewer(els), newcomer.id, note="")
    assert session().query(StaffNote).count() == 0


@pytest.mark.parametrize(
    ("make", "refusal"),
    [
        (lambda: factories.coordinator("kempen"), NotFound), (factories.administrator, Forbidden),
        (factories.counsellor, Forbidden), (lambda: factories.newcomer().person, Forbidden),
        (lambda: factories.buddy().person, Forbidden),
    ],
)  # fmt: skip
def test_nobody_else_writes_or_takes_away(els, make, refusal):
    buddy, newcomer, mine = factories.buddy(), factories.newcomer(), factories.viewer(els)
    notes.write_on_buddy(mine, buddy.id, note=TEXT)
    note, other = session().query(StaffNote).one(), factories.viewer(make())
    for act in (
        lambda: notes.write_on_buddy(other, buddy.id, note=TEXT),
        lambda: notes.write_on_newcomer(other, newcomer.id, note=TEXT),
        lambda: notes.take_away(other, note.id),
    ):
        with pytest.raises(refusal):
            act()
    assert session().query(StaffNote).count() == 1


def test_what_should_not_stand_there_is_deleted_and_that_it_was_done_stays(els):
    newcomer, viewer = factories.newcomer(), factories.viewer(els)
    notes.write_on_newcomer(viewer, newcomer.id, note=TEXT)
    notes.take_away(viewer, session().query(StaffNote).one().id)
    assert session().query(StaffNote).count() == 0
    written, removed = session().query(AuditEntry).order_by(AuditEntry.id)
    assert (written.action, removed.action) == ("note-written", "note-removed")
    assert TEXT not in str(written.facts) + str(removed.facts)


def test_the_person_reads_a_note_among_all_that_is_kept_and_nowhere_else(els, signed_in):
    newcomer = factories.newcomer()
    notes.write_on_newcomer(factories.viewer(els), newcomer.id, note=TEXT)
    browser = signed_in(newcomer.person)
    for path in ("nl/my-track", "nl/my-answers"):
        assert TEXT not in browser.get(f"/{path}").soup.get_text()
    for path in ("nl/my-data", "nl/my-data/paper"):
        page = browser.get(f"/{path}")
        assert TEXT in page.main.get_text()
        assert els.full_name not in page.text.split()
    (held,) = held_about(factories.viewer(newcomer.person))["notes of staff"]
    assert (held["text"], held["network_slug"], set(held)) == (
        TEXT,
        "rivierenland",
        {"at", "network_slug", "text"},
    )
    assert TEXT.encode() in browser.send("GET", "/nl/my-data.json").data


def test_one_line_of_time_for_everything_that_happened(els):
    """A change of state, an act, a pair, a duo, a check-in, a letter, a note, and what happened to a record that went up in this one."""
    viewer, newcomer, buddy = (
        factories.viewer(els),
        factories.newcomer(name="Sami"),
        factories.buddy(name="Ann"),
    )
    duo = duo_factories.duo(newcomer=newcomer, buddy=buddy, approved_by=els)
    days = iter(range(20, 0, -1))
    with transaction() as db:
        run = Run(network_slug="rivierenland", programme_id=1, by_person_id=els.id, as_of=today(), weights_version="1", weights={}, state=RunState.DONE)  # fmt: skip
        db.add(run)
        db.flush()

        def at():
            return now() - timedelta(days=next(days))

        db.add_all([
            Transition(subject=Subject.NEWCOMER, subject_id=9_999, to_state="registered", at=at()),
            Merger(kind=ListKind.NEWCOMER, gone_id=9_999, kept_id=newcomer.id, network_slug="rivierenland", by_person_id=els.id),
            Transition(subject=Subject.NEWCOMER, subject_id=newcomer.id, to_state="waiting", at=at(), actor_id=els.id),
            AuditEntry(action="contact-seen", subject="newcomer", subject_id=newcomer.id, at=at()),
            Proposal(run_id=run.id, newcomer_id=newcomer.id, buddy_id=buddy.id, state=ProposalState.REFUSED, score=1, utility=1, explanation={}, refusal=ProposalRefusal.OTHER, decided_at=at(), decided_by_id=els.id),
            Transition(subject=Subject.DUO, subject_id=duo.id, to_state=DuoState.ACTIVE.value, at=at()),
            CheckIn(duo_id=duo.id, on=at().date(), by_person_id=els.id, mood="good", note="Fijn"),
            StaffNote(person_id=newcomer.person_id, network_slug="rivierenland", by_person_id=els.id, text=TEXT, at=at()),
            StaffNote(person_id=newcomer.person_id, network_slug="kempen", by_person_id=els.id, text="KANARIE", at=at()),
        ])  # fmt: skip
        tell(newcomer.person, "sign-in-link", network="rivierenland", link="http://localhost/nl/x")
        tell(newcomer.person, "sign-in-link", network="kempen", link="http://localhost/nl/KANARIE")
        session().query(Message).filter_by(network_slug="kempen").update({"subject": "KANARIE"})
    lines = list(reversed(history_of(viewer, newcomer)))
    assert [(line.kind, line.what, line.other) for line in lines] == [
        ("state", "registered", ""), ("state", "waiting", ""), ("act", "contact-seen", ""),
        ("proposal", "refused", "Ann"), ("duo", "active", "Ann"), ("check-in", "good", "Ann"), ("note", "", ""),
        ("message", "queued", ""),
    ]  # fmt: skip
    assert lines[6].note == TEXT
    assert "KANARIE" not in str(lines)
    assert {line.other for line in history_of(viewer, buddy)} == {"Sami"}


def test_hours_of_a_duo_are_shown_as_a_sum(els, signed_in):
    newcomer, buddy = factories.newcomer(), factories.buddy()
    duo = duo_factories.duo(newcomer=newcomer, buddy=buddy, approved_by=els)
    offer = factories.offer(duo_id=duo.id)
    for state in (EntryState.DRAFT, EntryState.ACCEPTED, EntryState.REFUSED):
        factories.entry(newcomer, offer, minutes=90, state=state, duo_id=duo.id)
    page = signed_in(els).get(f"/nl/people/buddies/{buddy.id}")
    assert "3:00" in page.text or "3 uur" in page.text
