"""Asking to be erased, taking it back, and what happens to everybody else when it is done."""

from datetime import timedelta

import pytest
import time_machine
from huey import SqliteHuey
from sqlalchemy import func, select, text

from app.clock import now, today
from app.db import session, transaction
from app.errors import Moved, NotFound, Refusal
from app.extensions import Queue
from app.models import (
    AdministratorRequest,
    AuditEntry,
    Erasure,
    HourEntry,
    Message,
    Person,
    ProofPaper,
    RetentionRule,
    SignIn,
)
from app.queries.erasures import law_wants_of, open_erasure
from app.queries.people import named
from app.security.viewer import ANONYMOUS
from app.services import accounts, confirmations, erasures, retention, tombstones
from app.services.duo_letters import DuoLinks
from app.services.erasures.whose import GONE_NAME
from app.services.mergers import merge
from app.services.outbox import tell
from app.services.records import audit
from app.vocabulary import BuddyState, DuoState, EntryState, HoursRefusal, NewcomerState
from app.vocabulary.lists import ListKind
from app.vocabulary.records import LinkPurpose, MessageState
from app.vocabulary.retention import RetentionKind
from tests import duo_factories, factories

FIFTEEN_DAYS = timedelta(days=15)


def links():
    """Addresses of letters that nobody opens here."""

    def page(locale, token=""):
        return f"http://localhost/{locale}/{token}"

    return DuoLinks(answer=page, mine=page, report=page, look_back=page)


def viewer(person):
    return factories.viewer(person)


def ask(person):
    return erasures.ask(viewer(person), page="http://localhost/nl/my-data")


def later(work):
    with time_machine.travel(now() + FIFTEEN_DAYS, tick=False):
        return work()


class TestAsking:
    def test_it_is_done_after_fourteen_days_and_not_before(self, site):
        buddy = factories.buddy(name="Piet Kanarie")
        asked = ask(buddy.person)
        assert asked.due_at - asked.asked_at == pytest.approx(timedelta(days=14), abs=timedelta(seconds=5))
        assert erasures.carry_out_due(links()) == 0
        assert later(lambda: erasures.carry_out_due(links())) == 1
        session().expire_all()
        assert buddy.person.full_name == GONE_NAME
        assert (buddy.person.email, buddy.person.phone, buddy.person.active) == (None, None, False)
        assert buddy.state is BuddyState.LEFT
        assert later(lambda: erasures.carry_out_due(links())) == 0

    def test_nor_do_days_stay_or_an_address_that_another_administrator_wrote_otherwise(self, site):
        person, els = factories.person(), factories.administrator()
        otherwise = person.email.replace("@", "+x@").upper()
        accounts.sign_in(person.id)
        asked = {"full_name": "Ann", "locale": "nl", "asked_by_id": els.id}
        with transaction() as db:
            db.get_one(Person, person.id).stay_asked_on = today()
            db.add(AdministratorRequest(email=otherwise, email_canonical=person.email, **asked))
            db.add(AdministratorRequest(email="jan@example.be", email_canonical="jan@example.be", **asked))
        assert person.seen_on == today()
        erasures.erase(person.id, links=links())
        session().expire_all()
        assert (person.seen_on, person.stay_asked_on) == (None, None)
        assert session().scalars(select(AdministratorRequest.email)).all() == ["jan@example.be"]

    def test_it_is_taken_back_once(self, site):
        buddy = factories.buddy()
        ask(buddy.person)
        erasures.take_back(viewer(buddy.person))
        assert open_erasure(buddy.person_id) is None
        assert later(lambda: erasures.carry_out_due(links())) == 0
        with pytest.raises(Moved):
            erasures.take_back(viewer(buddy.person))

    def test_asked_twice_is_asked_once_and_one_letter_is_written(self, site):
        buddy = factories.buddy()
        assert ask(buddy.person).id == ask(buddy.person).id
        kinds = session().scalars(select(Message.kind).where(Message.person_id == buddy.person_id))
        assert list(kinds) == ["erasure-asked"]

    def test_who_is_needed_is_told_what_to_do_first(self, site):
        counsellor, administrator = factories.counsellor(), factories.administrator()
        factories.newcomer(counsellor=counsellor)
        for person in (counsellor, administrator):
            with pytest.raises(Refusal):
                ask(person)
        factories.administrator()
        assert ask(administrator)


class TestDone:
    def test_the_other_of_a_duo_waits_on_and_is_told_without_a_name(self, site):
        newcomer, buddy = factories.newcomer(), factories.buddy(name="Piet Kanarie")
        duo = duo_factories.duo(
            newcomer=newcomer, buddy=buddy, approved_by=factories.coordinator(), state=DuoState.ACTIVE
        )
        erasures.erase(buddy.person_id, links=links())
        session().expire_all()
        assert (duo.state, newcomer.state, buddy.places_taken) == (DuoState.ENDED, NewcomerState.WAITING, 0)
        told = session().scalars(select(Message).where(Message.person_id == newcomer.person_id)).one()
        assert (told.kind, told.state) == ("duo-ended", MessageState.QUEUED)
        assert "Piet" not in told.text + told.subject
        assert (
            session().scalar(
                select(func.count()).select_from(Message).where(Message.person_id == buddy.person_id)
            )
            == 0
        )

    def test_mails_that_wait_and_name_the_person_are_not_sent(self, site):
        newcomer, buddy = factories.newcomer(), factories.buddy(name="Piet Kanarie")
        duo_factories.duo(
            newcomer=newcomer, buddy=buddy, approved_by=factories.coordinator(), state=DuoState.ACTIVE
        )
        with transaction():
            tell(
                newcomer.person,
                "duo-contact-shared",
                other="Piet",
                phone="+32470000001",
                email="p@example.be",
                link="x",
                report="x",
            )
        erasures.erase(buddy.person_id, links=None)
        session().expire_all()
        waiting = session().scalars(select(Message).where(Message.person_id == newcomer.person_id)).one()
        assert (waiting.state, waiting.text, waiting.html) == (MessageState.DONE, "", "")

    def test_no_name_is_found_and_no_sign_in_holds(self, site):
        newcomer = factories.newcomer(name="Amina Kanarie")
        accounts.sign_in(newcomer.person_id)
        wanted = select(Person.id).where(named("Kanarie"))
        assert session().scalars(wanted).all()
        erasures.erase(newcomer.person_id, links=None)
        assert not session().scalars(wanted).all()
        assert not session().scalars(select(SignIn)).all()

    def test_signed_totals_and_papers_stay_until_a_year_after_the_contract(self, site):
        counsellor = factories.counsellor()
        newcomer = factories.newcomer(name="Amina Kanarie", counsellor=counsellor)
        factories.contract(newcomer, counsellor)
        factories.proof(factories.entry(newcomer, factories.offer(), state=EntryState.CONFIRMED))
        until = law_wants_of(newcomer.person_id)
        total = session().scalar(select(func.sum(HourEntry.minutes)))
        with transaction() as db:  # the database's own clock guards the log, and does not travel
            db.add(RetentionRule(kind=RetentionKind.AUDIT, since=today(), days=3_660))
        erasures.erase(newcomer.person_id, links=None)
        session().expire_all()
        papers = session().scalars(select(ProofPaper)).all()
        with time_machine.travel(now() + (until - today()) + timedelta(days=2), tick=False):
            retention.purge(links())
        session().expire_all()
        assert newcomer.records_emptied_at is not None
        assert session().scalar(select(func.sum(HourEntry.minutes))) == total
        assert len(session().scalars(select(ProofPaper)).all()) == 0 <= len(papers)

    def test_without_a_contract_nothing_is_kept_for_the_law(self, site):
        newcomer = factories.newcomer()
        factories.entry(newcomer, factories.offer(), words="met Kanarie")
        erasures.erase(newcomer.person_id, links=None)
        assert session().scalars(select(HourEntry.words)).all() == [""]

    def test_hours_of_who_was_erased_are_nobodys_to_confirm(self, site):
        newcomer, els = factories.newcomer(name="Amina Kanarie"), factories.contact(name="Els Kanarie")
        waiting = factories.entry(newcomer, factories.offer(contact_person=els), state=EntryState.SUBMITTED)
        token = accounts.new_link(LinkPurpose.CONFIRM_HOURS, locale="nl", contact_person_id=els.id)
        signer = confirmations.signer_by_link(token, ANONYMOUS)
        erasures.erase(newcomer.person_id, links=None)
        for act in (
            lambda: confirmations.confirm(signer, [waiting.id]),
            lambda: confirmations.refuse(
                signer, waiting.id, reason=HoursRefusal.OTHER, note="Kanarie", track_for=lambda locale: locale
            ),
        ):
            with pytest.raises(NotFound):
                act()
        session().expire_all()
        assert (waiting.state, waiting.confirmed_name) == (EntryState.SUBMITTED, "")

    def test_hours_confirmed_at_that_very_moment_are_refused_too(self, site):
        """The lines were read before somebody was erased: what is written looks again."""
        newcomer, els = factories.newcomer(), factories.contact(name="Els Kanarie")
        waiting = factories.entry(newcomer, factories.offer(contact_person=els), state=EntryState.SUBMITTED)
        everything = confirmations.Signer(select(HourEntry), els.name, confirmations.BY_MAIL, ANONYMOUS)
        erasures.erase(newcomer.person_id, links=None)
        with pytest.raises(Moved):
            confirmations.confirm(everything, [waiting.id])

    def test_names_that_came_after_the_law_was_over_go_in_the_night(self, site):
        """Of who is here they go when nothing happened for as long again; of who was erased the next night."""
        newcomer, erased = factories.newcomer(), factories.newcomer()
        els = factories.contact(name="Els Kanarie")
        long_ago = now() - timedelta(days=900)
        for one in (newcomer, erased):
            factories.entry(one, factories.offer(contact_person=els), starts_at=long_ago, words="")
        assert retention.purge(links())["hours"] == 2
        late = [
            factories.entry(
                one, factories.offer(contact_person=els), state=EntryState.CONFIRMED, confirmed_name=els.name
            )
            for one in (newcomer, erased)
        ]
        erasures.erase(erased.person_id, links=None)
        with transaction() as db:
            db.execute(
                text("UPDATE hour_entry SET confirmed_name = 'Els Kanarie' WHERE id = :id"),
                {"id": late[1].id},
            )
            db.execute(
                text("UPDATE newcomer SET records_emptied_at = :at"), {"at": now() - timedelta(minutes=1)}
            )

        def names():
            session().expire_all()
            return [entry.confirmed_name for entry in late]

        assert retention.purge(links())["hours"] == 1
        assert names() == ["Els Kanarie", ""]
        assert retention.purge(links())["hours"] == 0
        with time_machine.travel(now() + timedelta(days=400), tick=False):
            assert retention.purge(links())["hours"] == 1
            assert names() == ["", ""]
            assert retention.purge(links())["hours"] == 0

    def test_one_that_fails_holds_up_nobody(self, site, monkeypatch):
        first, second = factories.buddy(), factories.buddy()
        ask(first.person), ask(second.person)
        real = erasures.whose_person

        def failing(person):
            if person.id == first.person_id:
                raise RuntimeError("no")
            return real(person)

        monkeypatch.setattr(erasures, "whose_person", failing)
        assert later(lambda: erasures.carry_out_due(links())) == 1
        session().expire_all()
        assert (first.person.erased_at, second.person.erased_at is None) == (None, False)
        assert session().scalars(
            select(Erasure.done_at).where(Erasure.person_id == first.person_id)
        ).all() == [None]


class TestAfterARestore:
    def test_a_backup_brings_nobody_back(self, site, tmp_path):
        buddy = factories.buddy(name="Piet Kanarie")
        erasures.erase(buddy.person_id, links=None)
        path = tombstones.keep(tmp_path)
        assert "Kanarie" not in path.read_text()
        with transaction() as db:  # as the backup of yesterday has it
            db.execute(
                text(
                    "UPDATE person SET full_name = 'Piet Kanarie', erased_at = NULL, email = 'piet@example.be'"
                )
            )
            db.execute(text("DELETE FROM tombstone"))
        session().expire_all()
        mails = session().scalar(select(func.count()).select_from(Message))
        assert tombstones.bury_again(tombstones.read(path)) == 1
        assert tombstones.bury_again(tombstones.read(path)) == 0
        session().expire_all()
        assert (buddy.person.full_name, buddy.person.email) == (GONE_NAME, None)
        assert session().scalar(select(func.count()).select_from(Message)) == mails

    def test_another_person_with_that_key_is_left_alone(self, site):
        buddy = factories.buddy(name="Piet Kanarie")
        stone = tombstones.Stone(buddy.person_id, now() - timedelta(days=900), now())
        assert tombstones.bury_again([stone]) == 0
        assert buddy.person.full_name == "Piet Kanarie"

    def test_a_record_that_had_gone_up_in_another_is_erased_too(self, site):
        els, kept, gone = factories.coordinator(), factories.buddy(), factories.buddy()
        gone_id, made_at = gone.person_id, gone.person.created_at
        audit(viewer(gone.person), "answers-changed", "buddy", gone.id)
        session().commit()
        merge(viewer(els), ListKind.BUDDY, kept.id, gone.id)
        erasures.erase(kept.person_id, links=None)
        assert {(stone.person_id, stone.made_at) for stone in tombstones.stones()} == {
            (kept.person_id, kept.person.created_at), (gone_id, made_at),
        }  # fmt: skip
        assert gone_id not in session().scalars(select(AuditEntry.actor_id)).all()

    def test_the_file_keeps_what_stood_in_it(self, site, tmp_path):
        old = tombstones.Stone(77, now(), now())
        (tmp_path / tombstones.FILE).write_text(old.line() + "\n")
        erasures.erase(factories.buddy().person_id, links=None)
        assert old in tombstones.read(tombstones.keep(tmp_path))
        assert len(tombstones.read(tombstones.keep(tmp_path))) == 2


def test_the_queue_keeps_no_address_of_a_job_that_is_done(tmp_path):
    """B16, the files beside the database: a link is asked for by address, and SQLite leaves what is deleted in its log."""
    huey = SqliteHuey("samenspoor", filename=str(tmp_path / "queue.sqlite3"))
    mine = Queue()
    mine.bind(huey, {"send_link": huey.task()(lambda canonical: None)})

    def found():
        return sum(path.read_bytes().count(b"kanarie@example.be") for path in tmp_path.iterdir())

    mine.put("send_link", "kanarie@example.be")
    huey.execute(huey.dequeue())
    assert found()
    mine.forget()
    assert not found()
    mine.put("send_link", "other@example.be")
    assert huey.dequeue().args == ("other@example.be",)
    Queue().forget()
