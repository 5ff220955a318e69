"""The first administrator of an empty site, no second one by the same door, and every further one by two."""

import threading
from contextvars import Context
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.clock import now
from app.db import session, transaction
from app.errors import Forbidden, Invalid, NotFound
from app.models import AdministratorRequest, AuditEntry, Grant, Link, Message, Person, SignIn
from app.services import accounts, administrators, staff
from app.vocabulary import Role
from app.vocabulary.records import LinkPurpose
from tests import factories

ADA = {"full_name": " Ada  Lovelace ", "email": "Ada@Example.org", "locale": "nl"}


def test_the_first_one_gets_a_link_to_choose_a_password(site):
    token = administrators.first(**ADA)
    person = session().scalars(select(Person)).one()
    assert person.email_canonical == "ada@example.org"
    assert [grant.role for grant in session().scalars(select(Grant))] == [Role.ADMINISTRATOR]
    assert accounts.open_link(token, LinkPurpose.INVITATION).person_id == person.id
    assert session().scalars(select(AuditEntry.action)).all() == ["first-administrator"]


def test_there_is_no_second_one(site):
    administrators.first(**ADA)
    with pytest.raises(Forbidden):
        administrators.first(**{**ADA, "email": "eve@example.org"})
    assert len(session().scalars(select(Person)).all()) == 1


@pytest.mark.parametrize(
    ("field", "text"), [("full_name", " \u200b "), ("email", "not an address"), ("locale", "klingon")]
)
def test_what_is_wrong_is_named(site, field, text):
    with pytest.raises(Invalid) as refusal:
        administrators.first(**{**ADA, field: text})
    assert refusal.value.field == field
    assert not session().scalars(select(Person)).all()


# --- a further one, whom two make

NEW = {"full_name": "Noor Aziz", "email": "Noor@example.be", "locale": "fr"}


def link_for(locale, token):
    return f"http://localhost/{locale}/password/{token}"


def keeper(**values):
    return factories.viewer(factories.administrator(**values))


def ask(actor, **changes):
    return administrators.ask(actor, **{**NEW, **changes}, link_for=link_for)


def request_id():
    return session().scalars(select(AdministratorRequest.id)).one()


def is_one(email=NEW["email"]):
    session().rollback()
    roles = select(Grant.role).join(Person, Person.id == Grant.person_id).where(Person.email == email)
    return Role.ADMINISTRATOR in session().scalars(roles).all()


def acts():
    return session().scalars(select(AuditEntry.action).order_by(AuditEntry.id)).all()


@pytest.mark.parametrize("way", ["agrees", "asks too", "from the server"])
def test_two_make_an_administrator(site, way):
    first, second = keeper(), keeper()
    assert not ask(first)
    assert not is_one()
    assert not session().query(Message).count()
    if way == "agrees":
        assert administrators.agree(second, request_id(), link_for=link_for)
    elif way == "asks too":
        assert ask(second, email="NOOR@example.be", full_name="Somebody else")
    else:
        administrators.agree_by_hand("noor+x@example.be", link_for=link_for)
    noor = session().scalars(select(Person).where(Person.email == NEW["email"])).one()
    assert (noor.full_name, noor.locale) == (NEW["full_name"], NEW["locale"])
    assert is_one()
    assert session().query(AdministratorRequest).count() == 0
    letter = session().query(Message).one()
    assert (letter.to_email, "/fr/password/" in letter.text) == (NEW["email"], True)
    given = session().scalars(select(AuditEntry).where(AuditEntry.action == "role-given")).one()
    assert given.facts == {"role": "administrator", "asked_by": first.person_id}
    assert given.actor_id == (None if way == "from the server" else second.person_id)
    with pytest.raises(Invalid):
        ask(first)


def test_the_command_for_who_runs_the_server(site):
    ask(keeper())
    run = site.test_cli_runner().invoke
    assert run(args=["agree-administrator", "nobody@example.be"]).exit_code == 1
    assert run(args=["agree-administrator", "no address"]).exit_code == 1
    assert run(args=["agree-administrator", NEW["email"]]).exit_code == 0
    assert is_one()
    assert "http://localhost/fr/password/" in session().query(Message).one().text


def test_the_command_works_where_no_other_host_is_known(site, monkeypatch):
    ask(keeper())
    there = replace(site.extensions["settings"], base_url="https://samenspoor.be")
    monkeypatch.setitem(site.extensions, "settings", there)
    monkeypatch.setitem(site.config, "TRUSTED_HOSTS", ["samenspoor.be"])
    done = site.test_cli_runner().invoke(args=["agree-administrator", NEW["email"]])
    assert done.exit_code == 0, done.exception
    assert is_one()


def test_one_alone_does_not(site):
    alone = keeper()
    ask(alone)
    assert not ask(alone)
    assert not administrators.agree(alone, request_id(), link_for=link_for)
    for role in (Role.ADMINISTRATOR,):
        with pytest.raises(Forbidden):
            staff.grant(alone, factories.person().id, role=role)
        with pytest.raises(Forbidden):
            staff.invite(alone, **NEW, role=role, network=None, agency=None, link_for=link_for)
    assert not is_one()
    assert session().query(Person).filter_by(email=NEW["email"]).count() == 0, "nothing is left of the try"


def test_who_is_there_already_keeps_the_account_and_signs_in_again(site):
    first, second, els = keeper(), keeper(), factories.coordinator()
    accounts.sign_in(els.id)
    ask(first, email=els.email)
    assert administrators.agree(second, request_id(), link_for=link_for)
    assert is_one(els.email)
    assert session().query(Link).count() == 0
    assert session().query(SignIn).filter(SignIn.ended_at.is_(None)).count() == 0


def test_nobody_makes_oneself(site):
    first, second = keeper(), keeper()
    els = factories.coordinator()
    ask(first, email=els.email)
    factories.grant(els, Role.ADMINISTRATOR)
    with pytest.raises(Forbidden):
        administrators.agree(factories.viewer(els), request_id(), link_for=link_for)
    session().rollback()
    with pytest.raises(Forbidden):
        ask(second, email=session().get_one(Person, second.person_id).email)


def test_no_is_no_and_can_be_taken_back(site):
    first, second = keeper(), keeper()
    for actor in (second, first):
        ask(first)
        key = request_id()
        administrators.refuse(actor, key)
        with pytest.raises(NotFound):
            administrators.agree(second, key, link_for=link_for)
        session().rollback()
    assert not is_one()
    assert acts() == ["administrator-asked", "administrator-refused"] * 2


def lapse(first):
    with transaction() as db:
        db.query(AdministratorRequest).update({"asked_at": now() - timedelta(days=7, minutes=1)})


def take_role(first):
    with transaction() as db:
        db.query(Grant).filter_by(person_id=first.person_id).delete()


def stop(first):
    with transaction() as db:
        db.get_one(Person, first.person_id).active = False


@pytest.mark.parametrize("change", [lapse, take_role, stop])
def test_what_is_too_old_or_asked_by_nobody_of_now_does_not_count(site, change):
    first, second = keeper(), keeper()
    ask(first)
    key = request_id()
    change(first)
    with pytest.raises(NotFound):
        administrators.agree(second, key, link_for=link_for)
    session().rollback()
    with pytest.raises(NotFound):
        administrators.agree_by_hand(NEW["email"], link_for=link_for)
    session().rollback()
    assert not ask(second), "it begins anew"
    assert session().query(AdministratorRequest).one().asked_by_id == second.person_id
    assert not is_one()


def test_each_night_what_lapsed_is_forgotten(site):
    first = keeper()
    ask(first)
    assert administrators.forget_requests() == 0
    lapse(first)
    assert administrators.forget_requests() == 1


@pytest.mark.parametrize("viewer", [factories.coordinator, factories.counsellor])
def test_only_administrators_ask_and_agree(site, viewer):
    ask(keeper())
    other = factories.viewer(viewer())
    for act in (
        lambda: ask(other),
        lambda: administrators.agree(other, request_id(), link_for=link_for),
        lambda: administrators.refuse(other, request_id()),
    ):
        with pytest.raises(Forbidden):
            act()
        session().rollback()
    assert not is_one()


def test_of_two_who_agree_at_once_one_does(site):
    first, others = keeper(), [keeper() for _ in range(4)]
    ask(first)
    key, start, heard = request_id(), threading.Barrier(4), []

    def run(actor):
        with site.app_context():
            start.wait()
            try:
                heard.append(administrators.agree(actor, key, link_for=link_for))
            except NotFound:
                heard.append(False)
            finally:
                session().close()

    threads = [threading.Thread(target=Context().run, args=(run, actor)) for actor in others]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(heard) == [False, False, False, True]
    session().rollback()
    assert session().query(Grant).filter_by(role=Role.ADMINISTRATOR).count() == 6
    assert session().query(Message).count() == 1
