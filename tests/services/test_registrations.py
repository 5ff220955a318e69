"""A registration is kept step by step and makes one person, once; who has an address is never told."""

import threading
from contextvars import Context
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app import db
from app.clock import now, today
from app.db import session, transaction
from app.errors import Gone, Invalid, NotFound
from app.extensions import queue
from app.jobs import NIGHTLY, duo_links_of
from app.models import (
    Buddy,
    Consent,
    Grant,
    Message,
    Newcomer,
    Person,
    Registration,
    RetentionRule,
    Transition,
)
from app.queries.registrations import registration_by_token
from app.security.viewer import ANONYMOUS
from app.services import arrivals, registrations, retention
from app.services.answers import BuddyAnswers, NewcomerAnswers
from app.services.registrations import Addresses, Registered, register_buddy, register_newcomer
from app.vocabulary import BuddyState, NewcomerState, Role, Slot
from app.vocabulary.registrations import CONSENT_VERSIONS, ConsentText
from app.vocabulary.retention import RetentionKind
from tests import factories

ADDRESSES = Addresses(
    confirm=lambda locale, token: f"http://localhost/{locale}/confirm/{token}",
    sign_in=lambda locale: f"http://localhost/{locale}/sign-in",
)
BUDDY = {
    "who": {"full_name": "Marleen d'Hondt", "call_name": "", "email": "marleen@example.be", "phone": "", "adult": True},
    "where": {"postcode": "2800", "locality": "Mechelen"},
    "languages": {"languages": ["fr", "ar"]},
    "likes": {"interests": ["cooking"], "likes_words": "samen koken", "likes_language": "nl"},
    "when": {"availability": ["sat-morning", "mon-evening"]},
    "wishes": {
        "max_km": 10, "capacity": 2, "meeting_wish": "family", "wished_gender": "", "gender": "f", "words": "Omdat ik graag help.",
        "words_language": "nl", "heard_through": "talk",
    },
}  # fmt: skip
NEWCOMER = {
    "name": {"full_name": "ሰላም", "email": "", "phone": ""},
    "where": {"postcode": "9000", "locality": "Gent"},
    "dutch": {"languages": ["ti"], "dutch_level": "none"},
    "likes": {"interests": ["cooking", "football"], "likes_words": "", "likes_language": ""},
    "when": {"availability": []},
    "hopes": {
        "goals": ["meet-people"],
        "wished_gender": "f",
        "gender": "",
        "words": "",
        "words_language": "",
    },
}


def flat(steps, **changes):
    return {
        **{name: value for step in steps.values() for name, value in step.items() if name != "adult"},
        **changes,
    }


def filled(role, steps, actor=ANONYMOUS, **changes):
    token = registrations.begin(actor, role, "nl")
    for slug, answers in steps.items():
        registrations.save_step(
            actor,
            role,
            token,
            slug,
            {**answers, **{k: v for k, v in changes.items() if k in answers}},
            locale="nl",
        )
    return token


@pytest.fixture(autouse=True)
def jobs_wait(site):
    """What the worker does is done here by finish(), with addresses of its own."""
    assert queue.huey is not None
    queue.huey.immediate = False
    yield
    queue.huey.flush()
    queue.huey.immediate = True


def finish(actor, role, token, locale, addresses, *, spoken=None):
    """Hand in, and be the worker that comes by: what became of it."""
    handed = arrivals.hand_in(actor, role, token, locale, spoken=spoken)
    for key in arrivals.waiting():
        arrivals.make(key, addresses)
    row = registration_by_token(actor, role, token)
    session().refresh(row)
    assert handed.network_slug == row.network_slug
    return Registered(row.person_id, row.network_slug)


def letters(kind):
    return session().query(Message).filter_by(kind=kind).all()


def test_a_buddy_is_made_of_all_steps(site):
    token = filled(Role.BUDDY, BUDDY)
    made = finish(ANONYMOUS, Role.BUDDY, token, "fr", ADDRESSES)
    buddy = session().query(Buddy).one()
    assert buddy.person_id == made.person_id
    assert (buddy.state, buddy.capacity, buddy.places_taken, buddy.max_km) == (
        BuddyState.REGISTERED,
        2,
        0,
        10,
    )
    assert (buddy.municipality, buddy.province, buddy.network_slug) == (
        "Mechelen",
        "antwerpen",
        "rivierenland",
    )
    assert buddy.availability == ["mon-evening", "sat-morning"]
    assert (buddy.words, buddy.words_language) == ("samen koken\nOmdat ik graag help.", "nl")
    assert (buddy.gender, buddy.wished_gender, buddy.meeting_wish, buddy.heard_through) == (
        "f",
        None,
        "family",
        "talk",
    )
    assert (buddy.person.full_name, buddy.person.locale, buddy.person.email_canonical) == (
        "Marleen d'Hondt",
        "fr",
        "marleen@example.be",
    )
    assert buddy.person.password_hash is None
    assert [grant.role for grant in session().query(Grant)] == [Role.BUDDY]
    consents = {(row.text, row.version, row.locale, row.helped_by_id) for row in session().query(Consent)}
    assert consents == {(text.value, CONSENT_VERSIONS[text], "fr", None) for text in ConsentText}
    assert session().query(Transition).one().to_state == "registered"
    assert "/fr/confirm/" in letters("confirm-address")[0].text
    row = session().query(Registration).one()
    assert row.answers == {}
    assert row.finished_at is not None


def test_a_newcomer_needs_neither_address_nor_password(site):
    token = filled(Role.NEWCOMER, NEWCOMER)
    finish(ANONYMOUS, Role.NEWCOMER, token, "ti", ADDRESSES)
    newcomer = session().query(Newcomer).one()
    assert (newcomer.state, newcomer.waiting_since, newcomer.helped_by_id) == (
        NewcomerState.REGISTERED,
        today(),
        None,
    )
    assert (newcomer.person.full_name, newcomer.person.email, newcomer.wished_gender) == ("ሰላም", None, "f")
    assert newcomer.interests == ["football", "cooking"]
    assert newcomer.words_language is None
    assert session().query(Message).count() == 0
    code = registrations.code_for(ANONYMOUS, Role.NEWCOMER, token, secret_key="x" * 32)
    assert len(code) == 11


def test_the_same_form_sent_twice_makes_one_person(site):
    token = filled(Role.BUDDY, BUDDY)
    assert finish(ANONYMOUS, Role.BUDDY, token, "nl", ADDRESSES) == finish(
        ANONYMOUS, Role.BUDDY, token, "nl", ADDRESSES
    )
    assert session().query(Person).count() == 1
    assert len(letters("confirm-address")) == 1
    with transaction() as db_:
        db_.query(Registration).one().finished_at = now() - timedelta(minutes=11)
    with pytest.raises(Gone):
        finish(ANONYMOUS, Role.BUDDY, token, "nl", ADDRESSES)
    with pytest.raises(Gone):
        registrations.save_step(ANONYMOUS, Role.BUDDY, token, "where", BUDDY["where"], locale="nl")
    assert registrations.code_for(ANONYMOUS, Role.BUDDY, token, secret_key="x" * 32) is None


def together(call, times=6):
    """Run that call in threads that start at the same moment, each with a session of its own."""
    start, results = threading.Barrier(times), []

    def run():
        start.wait()
        try:
            results.append(call())
        finally:
            db.release()

    threads = [threading.Thread(target=Context().run, args=(run,)) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def in_app(site, call):
    def run():
        with site.app_context():
            return call()

    return run


def test_sent_six_times_at_once_makes_one_person(site):
    token = filled(Role.BUDDY, BUDDY)
    made = together(in_app(site, lambda: finish(ANONYMOUS, Role.BUDDY, token, "nl", ADDRESSES)))
    session().rollback()
    assert len(made) == 6
    assert len({one.person_id for one in made}) == 1
    assert session().query(Person).count() == session().query(Buddy).count() == 1


def test_one_address_from_six_browsers_at_once_makes_one_buddy(site):
    tokens = [filled(Role.BUDDY, BUDDY) for _ in range(6)]
    made = together(in_app(site, lambda: finish(ANONYMOUS, Role.BUDDY, tokens.pop(), "nl", ADDRESSES)))
    session().rollback()
    assert [one.person_id is None for one in made].count(True) == 5
    assert session().query(Buddy).count() == 1
    assert len(letters("already-known")) == 3


@pytest.mark.parametrize(
    "spelling", ["MARLEEN@example.be", "marleen+buddy@Example.BE", "marleen@example.be."]
)
def test_a_known_address_gets_a_letter_and_no_second_person(site, spelling):
    register_buddy(BuddyAnswers.of(flat(BUDDY)), locale="fr", addresses=ADDRESSES)
    token = filled(Role.BUDDY, BUDDY, email=spelling)
    made = finish(ANONYMOUS, Role.BUDDY, token, "nl", ADDRESSES)
    assert (made.person_id, made.network_slug) == (None, "rivierenland")
    assert session().query(Person).count() == 1
    letter = letters("already-known")[0]
    assert (letter.to_email, letter.locale) == ("marleen@example.be", "fr")
    assert registrations.code_for(ANONYMOUS, Role.BUDDY, token, secret_key="x" * 32) is None


def test_a_newcomer_with_a_known_address_is_reached_there_but_cannot_come_in_with_it(site):
    register_buddy(BuddyAnswers.of(flat(BUDDY)), locale="nl", addresses=ADDRESSES)
    given = NewcomerAnswers.of(flat(NEWCOMER, email="marleen@example.be"))
    made = register_newcomer(given, locale="ar", addresses=ADDRESSES)
    person = session().get_one(Person, made.person_id)
    assert (person.email, person.email_canonical) == ("marleen@example.be", None)
    assert len(letters("already-known")) == 1
    assert len(letters("confirm-address")) == 1


def test_a_code_only_where_it_tells_nothing(site):
    by_mail = filled(Role.BUDDY, BUDDY)
    by_phone = filled(Role.BUDDY, BUDDY, email="", phone="+32470123456")
    for token in (by_mail, by_phone):
        finish(ANONYMOUS, Role.BUDDY, token, "nl", ADDRESSES)
    codes = [
        registrations.code_for(ANONYMOUS, Role.BUDDY, token, secret_key="x" * 32)
        for token in (by_mail, by_phone)
    ]
    assert codes[0] is None
    assert codes[1] is not None


def test_a_missing_step_is_refused_and_nothing_is_made(site):
    token = filled(Role.BUDDY, {slug: answers for slug, answers in BUDDY.items() if slug != "when"})
    with pytest.raises(Invalid) as refusal:
        finish(ANONYMOUS, Role.BUDDY, token, "nl", ADDRESSES)
    assert refusal.value.code == "missing"
    assert session().query(Person).count() == 0
    assert session().query(Registration).one().finished_at is None


@pytest.mark.parametrize(
    "wrong",
    [
        {"interests": ["church"]}, {"availability": ["mon-night"]}, {"languages": ["nl"]}, {"gender": "q"}, {"capacity": 0},
        {"capacity": 10}, {"postcode": "0000"}, {"postcode": "2800", "locality": "Gent"}, {"meeting_wish": "crowd"},
    ],
)  # fmt: skip
def test_what_no_form_offers_is_refused(site, wrong):
    with pytest.raises(Invalid):
        register_buddy(BuddyAnswers.of(flat(BUDDY, **wrong)), locale="nl", addresses=ADDRESSES)
    session().rollback()
    assert session().query(Person).count() == 0


def test_only_the_helper_who_began_reads_a_registration(site):
    helper, other = (factories.viewer(factories.person(roles=(Role.HELPER,))) for _ in range(2))
    token = filled(Role.NEWCOMER, NEWCOMER, actor=helper)
    for stranger in (ANONYMOUS, other):
        with pytest.raises(NotFound):
            finish(stranger, Role.NEWCOMER, token, "ti", ADDRESSES)
    finish(helper, Role.NEWCOMER, token, "ti", ADDRESSES, spoken="ti")
    newcomer = session().query(Newcomer).one()
    consent = session().query(Consent).one()
    assert newcomer.helped_by_id == consent.helped_by_id == helper.person_id
    assert consent.locale == "ti"
    assert session().query(Transition).one().actor_id == helper.person_id


@pytest.mark.parametrize("days", [None, 40, 3])
def test_old_registrations_are_forgotten_when_the_setting_says_so(site, days):
    """After thirty days when nothing was set; what the notice says is all that counts."""
    with transaction() as db_:
        if days:
            db_.add(RetentionRule(kind=RetentionKind.REGISTRATIONS, since=today(), days=days))
    kept = timedelta(days=days or 30)
    old, young = (
        registrations.begin(ANONYMOUS, Role.BUDDY, "nl"),
        registrations.begin(ANONYMOUS, Role.BUDDY, "nl"),
    )
    with transaction() as db_:
        first, second = db_.query(Registration).order_by(Registration.id)
        first.touched_at, second.touched_at = (
            now() - kept - timedelta(hours=1),
            now() - kept + timedelta(hours=1),
        )
    assert not [name for name in NIGHTLY if "registrations" in name]  # no days of its own beside the setting
    assert retention.purge(duo_links_of("http://localhost"))["registrations"] == 1
    with pytest.raises(NotFound):
        registrations.save_step(ANONYMOUS, Role.BUDDY, old, "where", {}, locale="nl")
    registrations.save_step(ANONYMOUS, Role.BUDDY, young, "where", {}, locale="nl")


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    slots=st.lists(st.sampled_from([slot.value for slot in Slot]), max_size=30),
    name=st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=60).filter(str.strip),
    words=st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=80),
)
def test_answers_come_back_as_given(site, slots, name, words):
    given_ = NewcomerAnswers.of(
        flat(NEWCOMER, full_name=name, availability=slots, words=words, words_language="ti" if words else "")
    )
    made = register_newcomer(given_, locale="ti", addresses=None)
    session().expire_all()
    newcomer = session().query(Newcomer).filter_by(person_id=made.person_id).one()
    assert newcomer.availability == [slot.value for slot in Slot if slot.value in slots]
    assert (newcomer.person.full_name, newcomer.words) == (name, words)
