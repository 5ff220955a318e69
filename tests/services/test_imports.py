"""Bringing in a list: all that is right or nothing, nobody twice, nobody of another network, the rest given back."""

import csv
import io
from datetime import timedelta
from threading import Barrier, Thread

import pytest

from app import db as database
from app.clock import now
from app.db import session, transaction
from app.errors import Forbidden, Invalid, Moved, NotFound
from app.models import AuditEntry, Buddy, BuddyImport, Message, Person, Transition
from app.queries.imports import list_of
from app.services import imports
from app.services.accounts import confirm_address
from app.vocabulary import BuddyState, Role
from tests import factories

LIST = """Naam;E-mail;Telefoon;Postcode;Nota
José Peeters;jose@example.be;0470 11 11 11;2800;x
Zonder adres;;0470 22 22 22;2800;
Fout;geen adres;;2800;
Ver weg;ver@example.be;;2300;
"""


def link_for(locale, token):
    return f"http://localhost/{locale}/confirm/{token}"


@pytest.fixture
def els(site):
    return factories.viewer(factories.coordinator())


def keep(actor, text=LIST, network="rivierenland"):
    return imports.keep_list(actor, network=network, data=text.encode(), text="")


def take(actor, kept, *, invite=False):
    return imports.take_over(actor, kept, invite=invite, link_for=link_for)


def given_back(actor, kept):
    data = imports.rows_given_back(actor, kept).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(data, newline=""), delimiter=";"))


def test_looking_adds_nobody_and_taking_over_adds_what_is_right(els):
    kept = keep(els)
    preview = imports.preview_of(els, list_of(els, kept))
    assert [item.person["full_name"] for item in preview.right] == ["José Peeters", "Zonder adres"]
    assert [(trouble.line, trouble.column) for trouble in preview.wrong] == [(4, "email"), (5, "postcode")]
    assert session().query(Buddy).count() == 0
    assert take(els, kept) == 2
    buddies = session().query(Buddy).order_by(Buddy.id).all()
    assert [(one.state, one.source, one.network_slug) for one in buddies] == [
        (BuddyState.REGISTERED, "import", "rivierenland")
    ] * 2
    assert {grant.role for grant in buddies[0].person.grants} == {Role.BUDDY}
    assert session().query(Transition).filter_by(reason="import", actor_id=els.person_id).count() == 2
    assert session().query(Message).count() == 0
    entry = session().query(AuditEntry).filter_by(action="list-taken-over").one()
    assert (entry.actor_id, entry.network_slug) == (els.person_id, "rivierenland")
    assert entry.facts == {"added": 2, "given_back": 2, "invited": False}


def test_rows_given_back_can_be_mended_and_sent_again(els):
    kept = keep(els)
    assert given_back(els, kept)[1][0] == "Fout"
    take(els, kept)
    lines = given_back(els, kept)
    assert [line[0] for line in lines] == ["Naam", "Fout", "Ver weg"]
    assert [line[5] for line in lines[1:]] == ["4", "5"]
    assert all(line[6] for line in lines)
    lines[1][1] = "goed@example.be"
    file = io.StringIO(newline="")
    csv.writer(file, delimiter=";").writerows(lines)
    assert take(els, keep(els, file.getvalue())) == 1


def test_phones_of_our_own_files_come_back_whole(els):
    kept = keep(els, "Naam;Telefoon;Postcode\nAnn;'+32470111111;2800\n")
    assert imports.preview_of(els, list_of(els, kept)).right[0].person["phone"] == "+32470111111"


def test_the_same_list_twice_adds_nobody(els):
    kept, again = keep(els), keep(els)
    take(els, kept)
    for call in (lambda: take(els, again), lambda: take(els, kept)):
        with pytest.raises(Moved):
            call()
    for data in (LIST.encode(), LIST.encode("utf-16"), LIST.replace("\n", "\r\n").encode("utf-8-sig")):
        with pytest.raises(Invalid):
            imports.keep_list(els, network="rivierenland", data=data, text="")
    with pytest.raises(Invalid):
        imports.keep_list(els, network="rivierenland", data=None, text=LIST)
    assert session().query(Buddy).count() == 2


def test_doubles_by_any_spelling_of_address_or_number_are_shown(els):
    known = factories.newcomer("2300")
    with transaction() as db:
        db.get_one(Person, known.person_id).phone = "+32470333333"
    text = f"""Naam;E-mail;Telefoon;Postcode
A;{known.person.email.upper()};;2800
B;b@example.be;0470 33 33 33;2800
C;c@example.be;;2800
D;C+x@EXAMPLE.be;;2800
E;e@example.be;0470 44 44 44;2800
F;f@example.be;+32 470 44 44 44;2800
"""
    kept = keep(els, text)
    preview = imports.preview_of(els, list_of(els, kept))
    assert [item.person["full_name"] for item in preview.right] == ["C", "E"]
    assert [(trouble.line, trouble.column) for trouble in preview.wrong] == [
        (2, "email"),
        (3, "phone"),
        (5, "email"),
        (7, "phone"),
    ]
    assert known.person.full_name not in str([str(trouble.message) for trouble in preview.wrong])
    assert take(els, kept) == 2


def test_who_is_invited_confirms_the_address(els):
    kept = keep(els)
    take(els, kept, invite=True)
    message = session().query(Message).one()
    assert (message.kind, message.to_email, message.network_slug) == (
        "imported",
        "jose@example.be",
        "rivierenland",
    )
    token = message.text.split("/confirm/")[1].split()[0]
    confirm_address(token)
    assert session().query(Buddy).filter_by(person_id=message.person_id).one().state is BuddyState.VERIFIED


def test_what_is_not_ones_own_does_not_exist(els):
    kept = keep(els)
    other = factories.viewer(factories.coordinator("kempen"))
    for call in (
        lambda: list_of(other, kept),
        lambda: take(other, kept),
        lambda: imports.rows_given_back(other, kept),
    ):
        with pytest.raises(NotFound):
            call()
    with pytest.raises(Invalid):
        keep(other)
    for person in (factories.administrator(), factories.counsellor(), factories.buddy().person):
        with pytest.raises(Forbidden):
            keep(factories.viewer(person))
        with pytest.raises((Forbidden, NotFound)):
            take(factories.viewer(person), kept)
    assert session().query(Buddy).filter_by(source="import").count() == 0


def test_a_network_that_is_taken_away_meanwhile_takes_its_rows_along(els):
    kept = keep(els)
    moved = factories.viewer(factories.coordinator("kempen"))
    with pytest.raises(NotFound):
        take(moved, kept)


def test_lists_are_not_kept_longer_than_needed(els):
    old, done = keep(els), keep(els, LIST.replace("jose", "josefien"))
    take(els, done)
    with transaction() as db:
        db.get_one(BuddyImport, old).created_at = now() - timedelta(days=2)
        db.get_one(BuddyImport, done).done_at = now() - timedelta(days=31)
    keep(els, LIST.replace("jose", "joske"))
    session().expire_all()
    assert session().get(BuddyImport, old) is None
    assert session().get_one(BuddyImport, done).content == ""


def test_one_list_taken_over_by_two_at_once_adds_its_people_once(els):
    url = database.engine().url
    assert url
    for attempt in range(5):
        text = LIST.replace("jose", f"jose{attempt}").replace("0470", f"04{71 + attempt}")
        kept = keep(els, text)
        session().rollback()
        start, outcomes = Barrier(2), []

        def take_once(kept=kept, start=start, outcomes=outcomes):
            from contextvars import Context

            def work():
                start.wait()
                try:
                    outcomes.append(take(els, kept))
                except Moved:
                    outcomes.append("moved")
                finally:
                    database.release()

            Context().run(work)

        threads = [Thread(target=take_once) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(map(str, outcomes)) == ["2", "moved"]
    assert session().query(Buddy).filter_by(source="import").count() == 10


def test_a_register_number_is_hidden_before_the_list_is_kept(els):
    """In whatever cell and writing; the row is still given back with why, and a telephone number stays as it is."""
    text = "Naam;E-mail;Telefoon;Postcode;Nota\nAnn;ann@example.be;+32470123456;2800;nummer 85.07.30-033.28\nBob;bob@example.be;0470 12 34 57;2800;85073003328 x\nCis;cis@example.be;;2800;x\n"
    kept = session().get_one(
        BuddyImport, imports.keep_list(els, network="rivierenland", data=None, text=text)
    )
    assert "0330328" not in kept.content.replace(".", "").replace("-", "")
    assert kept.content.count("xx.xx.xx-xxx.xx") == 2
    assert "+32470123456" in kept.content
    preview = imports.preview_of(els, kept)
    assert [item.person["full_name"] for item in preview.right] == ["Cis"]
    assert [trouble.line for trouble in preview.wrong] == [2, 3]
