"""Accounts that nobody uses: asked after a year, kept by one tap, erased half a year later; whoever takes part is left alone."""

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select, update

from app.clock import now, today
from app.db import session, transaction
from app.errors import Gone
from app.models import AuditEntry, Erasure, Message, Offer, Person, RetentionRule
from app.services import accounts, erasures, forgetting, inactivity, sign_ups
from app.vocabulary import BuddyState, DuoState
from app.vocabulary.activities import OfferState
from app.vocabulary.records import Channel
from app.vocabulary.retention import FIRST_DAYS, RetentionKind
from tests import duo_factories, factories
from tests.activities import House
from tests.services.test_erasures import links

ASK = timedelta(days=FIRST_DAYS[RetentionKind.ASKED_TO_STAY] + 2)
END = timedelta(days=FIRST_DAYS[RetentionKind.INACTIVE] + 4)
TOKENS = []


def link_for(locale, token):
    TOKENS.append(token)
    return f"http://localhost/{locale}/k/{token}"


def at(when, work):
    with time_machine.travel(when, tick=False):
        return work()


def ask(when=ASK):
    return at(now() + when, lambda: inactivity.ask_who_stays(link_for))


def night(tmp_path, when=END):
    return at(now() + when, lambda: forgetting.forget(links(), tmp_path))["inactive"]


@pytest.fixture(autouse=True)
def long_audit(site):
    """The database's own clock guards the log, and does not travel."""
    with transaction() as db:
        db.add(RetentionRule(kind=RetentionKind.AUDIT, since=today(), days=3_660))
        db.add(RetentionRule(kind=RetentionKind.LETTERS, since=today(), days=3_660))


@pytest.mark.parametrize("lang", ["nl", "ar", "ti"])
def test_asked_once_after_a_year_in_the_own_language_and_erased_after_eighteen_months(site, tmp_path, lang):
    person_id = factories.buddy(locale=lang).person_id
    assert ask(ASK - timedelta(days=5)) == 0
    assert ask() == 1
    assert ask(ASK + timedelta(days=1)) == 0
    (letter,) = session().scalars(select(Message).where(Message.person_id == person_id))
    assert (letter.kind, letter.locale) == ("stay-asked", lang)
    assert f"http://localhost/{lang}/k/" in letter.text
    assert night(tmp_path, END - timedelta(days=6)) == 0
    assert night(tmp_path) == 1
    assert session().get_one(Person, person_id).erased_at is not None


def test_one_tap_keeps_the_account_and_the_time_begins_anew(site, tmp_path):
    person_id = factories.buddy().person_id
    ask()
    at(now() + ASK + timedelta(days=20), lambda: [inactivity.stay(TOKENS[-1]), inactivity.stay(TOKENS[-1])])
    assert night(tmp_path) == 0
    assert ask(ASK + ASK) == 0
    assert ask(ASK + ASK + timedelta(days=30)) == 1
    assert session().get_one(Person, person_id).erased_at is None


def test_who_signs_in_after_the_question_stays(site, tmp_path):
    person_id = factories.newcomer().person_id
    ask()
    at(now() + ASK + timedelta(days=3), lambda: accounts.sign_in(person_id))
    assert night(tmp_path) == 0
    assert session().get_one(Person, person_id).stay_asked_on is None


def test_who_was_never_asked_is_never_erased(site, tmp_path):
    factories.buddy()
    assert night(tmp_path, timedelta(days=2_000)) == 0


def test_a_question_that_was_asked_late_leaves_thirty_days_whatever_is_set(site, tmp_path):
    factories.buddy()
    with transaction() as db:
        for kind in (RetentionKind.ASKED_TO_STAY, RetentionKind.INACTIVE):
            db.add(RetentionRule(kind=kind, since=today(), days=200))
    ask(timedelta(days=202))
    assert night(tmp_path, timedelta(days=230)) == 0
    assert night(tmp_path, timedelta(days=233)) == 1


def test_the_link_works_as_long_as_the_notice_that_is_set(site, tmp_path):
    person_id = factories.buddy().person_id
    with transaction() as db:
        db.add(RetentionRule(kind=RetentionKind.INACTIVE, since=today(), days=365 + 900))
    ask()
    last = ASK + timedelta(days=900)
    assert night(tmp_path, last - timedelta(days=3)) == 0
    at(now() + last - timedelta(days=2), lambda: inactivity.stay(TOKENS[-1]))
    assert night(tmp_path, last + timedelta(days=9)) == 0
    assert session().get_one(Person, person_id).erased_at is None


def test_one_person_who_cannot_be_asked_or_erased_holds_up_nobody(site, tmp_path, monkeypatch):
    first, second = (factories.buddy().person_id for _ in range(2))

    def failing(module, name):
        work = getattr(module, name)

        def fails_for_one(*given, **named):
            if first in (given[0], getattr(given[0], "id", None)):
                raise ValueError("a fault in the rows of one person")
            return work(*given, **named)

        monkeypatch.setattr(module, name, fails_for_one)

    failing(inactivity, "tell")
    assert ask() == 1
    monkeypatch.undo()
    assert ask() == 1
    failing(erasures, "erase")
    with transaction() as db:
        db.add(AuditEntry(action="old", at=now() - timedelta(days=5_000)))
    found = at(now() + END, lambda: forgetting.forget(links(), tmp_path))
    assert (found["inactive"], found["audit"]) == (1, 1)
    assert [session().get_one(Person, key).erased_at is None for key in (first, second)] == [True, False]


def in_a_duo():
    buddy = factories.buddy()
    duo_factories.duo(
        newcomer=factories.newcomer(), buddy=buddy, approved_by=factories.coordinator(), state=DuoState.ACTIVE
    )


def with_a_contract():
    counsellor = factories.counsellor()
    newcomer = factories.newcomer(counsellor=counsellor)
    factories.contract(newcomer, counsellor, ends_on=today() + timedelta(days=900))


def leaving():
    buddy = factories.buddy()
    with transaction() as db:
        db.add(Erasure(person_id=buddy.person_id, due_at=now() + timedelta(days=900)))


def told_hours():
    newcomer = factories.newcomer()
    at(now() + timedelta(days=300), lambda: factories.entry(newcomer, factories.offer()))


def invented():
    buddy = factories.buddy()
    with transaction() as db:
        db.get_one(Person, buddy.person_id).demo = True


def expected(state=OfferState.PUBLISHED):
    newcomer, offer = factories.newcomer(), House().offer()
    sign_ups.join(factories.viewer(newcomer.person), offer.id)
    with transaction() as db:
        db.get_one(Offer, offer.id).state = state


HERE = {
    "works here": factories.coordinator, "in a duo": in_a_duo, "contract runs": with_a_contract, "asked to be erased": leaving,
    "told hours": told_hours, "invented for the demo": invented,
    "expected somewhere": expected, "said to be available": lambda: factories.buddy(heard_at=now() + timedelta(days=300)),
    "erased": lambda: erasures.erase(factories.buddy(state=BuddyState.LEFT).person_id, links=None),
}  # fmt: skip


@pytest.mark.parametrize("why", HERE)
def test_who_takes_part_is_left_alone(site, why):
    HERE[why]()
    assert ask() == 0


@pytest.mark.parametrize("state", [OfferState.ENDED, OfferState.TAKEN_BACK])
def test_who_joined_an_activity_that_is_no_more_is_asked(site, state):
    expected(state)
    assert ask() == 1


def test_who_has_no_address_is_called_by_the_network(site):
    newcomer = factories.newcomer(email=False)
    assert ask() == 1
    (task,) = session().scalars(select(Message).where(Message.kind == "stay-asked"))
    assert (task.channel, task.network_slug) == (Channel.TASK, newcomer.network_slug)


@pytest.mark.parametrize("lang", ["nl", "ar", "ti", "x-pseudo"])
def test_the_page_of_the_link_keeps_nothing_until_it_is_tapped(browser, lang):
    buddy = factories.buddy()
    ask()
    page = browser.get(f"/{lang}/k/{TOKENS[-1]}")
    session().expire_all()
    assert buddy.person.stay_asked_on is not None
    browser.submit(page)
    session().expire_all()
    assert (buddy.person.stay_asked_on, buddy.person.seen_on) == (None, today())
    with transaction() as db:
        db.execute(update(Person).where(Person.id == buddy.person_id).values(active=False))
    with pytest.raises(Gone):
        inactivity.asked_of(TOKENS[-1])
    browser.get(f"/{lang}/k/{TOKENS[-1]}", status=410)
    browser.get(f"/{lang}/k/nothing", status=404)
