"""Two records become one: nothing points to the one that is gone, and nothing is lost or counted twice."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from app.clock import today
from app.db import Base, session, transaction
from app.errors import Forbidden, Invalid, NotFound
from app.models import (
    AuditEntry,
    Buddy,
    Consent,
    Duo,
    HourEntry,
    Merger,
    Newcomer,
    Person,
    Proposal,
    Run,
    SignIn,
    StaffNote,
    TrajectorySum,
    Transition,
)
from app.queries.duplicates import duplicates_of, went_to
from app.queries.history import history_of
from app.services import accounts, mergers, proofs
from app.services.outbox import tell
from app.vocabulary import DuoState, EntryState, NewcomerState, Role
from app.vocabulary.lists import ListKind
from app.vocabulary.records import RunState, Subject
from tests import duo_factories, factories

B, N = ListKind.BUDDY, ListKind.NEWCOMER


@pytest.fixture
def els(site):
    return factories.coordinator(full_name="Els")


@pytest.fixture
def actor(els):
    return factories.viewer(els)


def pointing_at(table, key):
    """Columns of the whole database that still point to that row."""
    target = Base.metadata.tables[table]
    return [
        str(column)
        for other in Base.metadata.sorted_tables
        for column in other.columns
        if any(foreign.column.table is target for foreign in column.foreign_keys)
        and session().scalar(select(func.count()).select_from(other).where(column == key))
    ]


def of(person, **values):
    for name, value in values.items():
        setattr(person, name, value)
    session().commit()


@pytest.mark.parametrize(
    ("first", "second", "shared"),
    [
        ({"full_name": "José Ünal"}, {"full_name": "jose  unal"}, ("phone", "place")),
        ({"full_name": "Jan Peeters"}, {"full_name": "Peeters Jan"}, ("phone", "place")),
        (
            {"full_name": "Jan Peeters", "phone": None},
            {"full_name": "Jan Peeters", "phone": None},
            ("place",),
        ),
        ({"full_name": "Jan Peeters"}, {"full_name": "An Peeters"}, None),
        ({"full_name": "سامي", "phone": "+32470333333"}, {"full_name": "سامي", "phone": None}, ("place",)),
    ],
)
def test_pairs_share_a_name_and_something_else(actor, first, second, shared):
    one, other = factories.buddy(), factories.buddy()
    of(one.person, **first)
    of(other.person, **second)
    found = [(pair.first.id, pair.second.id, pair.shared) for pair in duplicates_of(actor, B)]
    assert found == ([] if shared is None else [(one.id, other.id, shared)])


def test_the_same_name_elsewhere_is_somebody_else(actor):
    for postcode, phone in (("2800", None), ("2500", "+32470333333")):
        of(factories.newcomer(postcode, name="Sami Haddad").person, phone=phone)
    assert duplicates_of(actor, N) == []


def test_an_address_in_another_spelling_is_seen_and_another_network_is_not(actor):
    one = factories.newcomer("2800", name="Sami Haddad")
    other = factories.newcomer("2500", name="Sami Haddad")
    of(one.person, email="Sami@example.be", phone=None)
    of(other.person, email="sami@example.be", phone="+32470333333")
    factories.newcomer("9000", name="Sami Haddad")
    (pair,) = duplicates_of(actor, N)
    assert pair.shared == ("email",)


def plan(els, *pairs):
    with transaction() as db:
        run = Run(network_slug="rivierenland", programme_id=1, by_person_id=els.id, as_of=today(), weights_version="1", weights={}, state=RunState.DONE)  # fmt: skip
        db.add(run)
        db.flush()
        db.add_all(
            Proposal(run_id=run.id, newcomer_id=newcomer.id, buddy_id=buddy.id, score=1, utility=1, explanation={})
            for newcomer, buddy in pairs
        )  # fmt: skip


def test_everything_of_a_buddy_moves(els, actor):
    kept, gone = factories.buddy(name="Jan Peeters"), factories.buddy(name="Jan Peeters")
    first, second = factories.newcomer(), factories.newcomer()
    duo_factories.duo(newcomer=first, buddy=kept, approved_by=els)
    duo = duo_factories.duo(newcomer=second, buddy=gone, approved_by=els)
    plan(els, (first, kept), (first, gone), (second, gone))
    old_kept, old_gone = kept.person_id, gone.person_id
    accounts.sign_in(old_gone)
    with transaction() as db:
        db.add(StaffNote(person_id=old_gone, network_slug="rivierenland", by_person_id=old_gone, text="Fijn"))
        db.add(
            Transition(subject=Subject.BUDDY, subject_id=gone.id, to_state="registered", actor_id=old_gone)
        )
        db.add(Consent(person_id=old_gone, text="privacy", version="1", locale="nl"))
        tell(gone.person, "sign-in-link", link="http://localhost/x")
    of(
        gone.person,
        email="nieuw@example.be",
        email_canonical="nieuw@example.be",
        phone="+32470555555",
        password_hash="new",
    )
    of(gone, interests=["chess"], words="Graag")
    mergers.merge(actor, B, kept.id, gone_id := gone.id, from_gone=["email", "interests", "state", "id"])
    session().expire_all()
    assert session().get(Buddy, gone_id) is None
    assert session().get(Person, old_gone) is None
    assert pointing_at("buddy", gone_id) == pointing_at("person", old_gone) == []
    now_one = session().get_one(Buddy, kept.id)
    assert (now_one.person_id, now_one.capacity, now_one.places_taken) == (old_kept, 2, 2)
    assert (now_one.interests, now_one.words) == (["chess"], "Graag")
    person = now_one.person
    assert (person.email, person.email_canonical, person.phone, person.password_hash) == (
        "nieuw@example.be", "nieuw@example.be", "+32470000001", "new",
    )  # fmt: skip
    assert session().get_one(Duo, duo.id).buddy_id == kept.id
    assert session().query(Proposal).count() == 2
    assert session().query(SignIn).count() == 0
    assert {"note", "message", "act", "state"} <= {line.kind for line in history_of(actor, now_one)}
    (merger,) = session().query(Merger)
    assert (merger.gone_id, merger.kept_id, merger.by_person_id) == (gone_id, kept.id, els.id)
    logged = session().query(AuditEntry).filter_by(action="people-merged").one()
    assert logged.facts == {"gone": gone_id, "taken": ["email", "interests"]}
    assert went_to(actor, B, gone_id) == kept.id


def test_the_longest_waiting_and_the_hours_of_a_newcomer_move(els, actor):
    counsellor = factories.counsellor()
    kept = factories.newcomer(name="Sami", waiting_since=today() - timedelta(days=5))
    gone = factories.newcomer(name="Sami", waiting_since=today() - timedelta(days=90), counsellor=counsellor)
    factories.contract(kept, counsellor)
    duo_factories.duo(newcomer=gone, buddy=factories.buddy(), approved_by=els, state=DuoState.ACTIVE)
    offer = factories.offer()
    for one in (kept, gone):
        factories.entry(one, offer, minutes=60, state=EntryState.CONFIRMED)
    gone_id = gone.id
    mergers.merge(actor, N, kept.id, gone_id, from_gone=["place", "heard_through"])
    session().expire_all()
    now_one = session().get_one(Newcomer, kept.id)
    assert (now_one.waiting_since, now_one.counsellor_id, now_one.state) == (
        today() - timedelta(days=90), counsellor.id, NewcomerState.IN_DUO,
    )  # fmt: skip
    assert session().query(HourEntry).filter_by(newcomer_id=kept.id).count() == 2
    assert session().query(TrajectorySum).one().confirmed == 120
    assert pointing_at("newcomer", gone_id) == []


def test_where_a_record_went_is_followed_and_told_to_nobody_else(actor):
    one, two, three = (factories.buddy(name="Jan") for _ in range(3))
    keys = one.id, two.id, three.id
    mergers.merge(actor, B, keys[1], keys[0])
    mergers.merge(actor, B, keys[2], keys[1])
    assert went_to(actor, B, keys[0]) == keys[2]
    assert went_to(actor, B, keys[2]) is None
    assert went_to(factories.viewer(factories.coordinator("kempen")), B, keys[0]) is None


def refused(actor, kind, kept, gone):
    before = {
        table.name: session().scalar(select(func.count()).select_from(table))
        for table in Base.metadata.sorted_tables
    }
    with pytest.raises(Invalid):
        mergers.merge(actor, kind, kept.id, gone.id)
    session().expire_all()
    after = {
        table.name: session().scalar(select(func.count()).select_from(table))
        for table in Base.metadata.sorted_tables
    }
    assert after == before


def test_what_cannot_be_one_is_refused_and_nothing_moved(els, actor):
    counsellor = factories.counsellor()
    one, other = (factories.newcomer(name="Sami") for _ in range(2))
    for newcomer in (one, other):
        factories.contract(newcomer, counsellor)
    refused(actor, N, one, other)
    decided, plain = (factories.newcomer(name="Yusuf") for _ in range(2))
    factories.contract(decided, counsellor)
    refused(actor, N, plain, decided)
    third, fourth = (factories.newcomer(name="Ali") for _ in range(2))
    for newcomer in (third, fourth):
        duo_factories.duo(newcomer=newcomer, buddy=factories.buddy(), approved_by=els)
    refused(actor, N, third, fourth)
    volunteer, helper = factories.buddy(), factories.buddy()
    factories.grant(helper.person, Role.HELPER)
    refused(actor, B, volunteer, helper)
    offer = factories.offer()
    fifth, sixth = (factories.newcomer(name="Zahra") for _ in range(2))
    for newcomer in (fifth, sixth):
        entry = factories.entry(newcomer, offer, state=EntryState.CONFIRMED)
        with transaction():
            proofs.join(entry)
    refused(actor, N, fifth, sixth)


@pytest.mark.parametrize(
    ("make", "refusal"),
    [
        (lambda: factories.coordinator("kempen"), NotFound), (factories.administrator, Forbidden),
        (factories.counsellor, Forbidden), (lambda: factories.buddy().person, Forbidden),
    ],
)  # fmt: skip
def test_nobody_else_merges(actor, make, refusal):
    one, other = factories.buddy(), factories.buddy()
    with pytest.raises(refusal):
        mergers.merge(factories.viewer(make()), B, one.id, other.id)
    with pytest.raises(NotFound):
        mergers.merge(actor, B, one.id, one.id)
    with pytest.raises(NotFound):
        mergers.merge(actor, B, one.id, factories.buddy("2300").id)


def test_nobody_merges_oneself(els, actor):
    mine = factories.buddy()
    of(mine, person_id=els.id)
    with pytest.raises(Forbidden):
        mergers.merge(actor, B, mine.id, factories.buddy().id)


@pytest.mark.parametrize("lang", ["x-pseudo", "nl", "ar"])
@pytest.mark.parametrize("kind", list(ListKind))
def test_the_pages(els, signed_in, lang, kind):
    browser = signed_in(els)
    browser.get(f"/{lang}/people/duplicates/{kind.value}")
    make = factories.buddy if kind is B else factories.newcomer
    kept, gone = (
        make(name="Jan Peeters"),
        make("2801", name="Jan  Peeters", interests=["chess"], words="Graag"),
    )
    of(gone.person, email=None, email_canonical=None)
    keys = kept.id, gone.id
    address = f"/{lang}/people/duplicates/{kind.value}/{keys[0]}/{keys[1]}"
    assert address in browser.get(f"/{lang}/people/duplicates/{kind.value}").links()
    page = browser.get(address)
    assert page.soup.select_one("#email-first[checked]")
    assert page.soup.select_one("#words-second[checked]")
    browser.submit(page, "main form[method=post]", **{"take-interests": "second"})
    table = Buddy if kind is B else Newcomer
    assert session().get_one(table, keys[0], populate_existing=True).interests == ["chess"]
    folder = "buddies" if kind is B else "newcomers"
    assert browser.send("GET", f"/{lang}/people/{folder}/{keys[1]}").location.endswith(
        f"/people/{folder}/{keys[0]}"
    )
    assert browser.send("GET", f"/{lang}/people/{folder}/99999").status_code == 404


def test_a_refusal_keeps_what_was_chosen(els, signed_in):
    one, other = factories.buddy(name="Jan"), factories.buddy("2801", name="Jan")
    factories.grant(other.person, Role.HELPER)
    browser = signed_in(els)
    address = f"/nl/people/duplicates/buddy/{one.id}/{other.id}"
    page = browser.submit(
        browser.get(address), "main form[method=post]", status=422, **{"take-place": "second"}
    )
    assert page.soup.select_one("#place-second[checked]")
