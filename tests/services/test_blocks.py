"""The block list: what is kept, who is noticed, that nobody else notices anything, and who decides."""

from datetime import timedelta

import pytest

from app.clock import today
from app.db import session
from app.errors import Forbidden, Invalid, Moved, NotFound
from app.models import AuditEntry, Block, BlockHit, Buddy, Message, Newcomer
from app.queries.privacy import held_about
from app.queries.today import today_of
from app.security import secrets
from app.security.secrets import contact_hash
from app.security.viewer import ANONYMOUS
from app.services import blocks, imports, intake, screening
from app.vocabulary import BuddyState, NewcomerState, Role
from app.vocabulary.blocks import BlockReason, HitOutcome
from app.vocabulary.today import Owing
from tests import factories
from tests.services.test_registrations import ADDRESSES, BUDDY, NEWCOMER, filled, finish

LATER = today() + timedelta(days=365)


@pytest.fixture
def els(site):
    return factories.viewer(factories.coordinator())


@pytest.fixture
def theirs(site):
    """A coordinator of the network that blocked somebody."""
    return factories.viewer(factories.coordinator("kempen"))


def put_on_list(actor, **values):
    """A buddy of Kempen who stopped, on the block list."""
    gone = factories.buddy("2300", state=BuddyState.LEFT)
    person = gone.person
    for name, value in values.items():
        setattr(person, name, value)
    session().commit()
    blocks.block_buddy(actor, gone.id, reason=BlockReason.SAFETY, review_on=LATER, note="KANARIE")
    return gone


def register(role=Role.BUDDY, steps=BUDDY, **changes):
    return finish(ANONYMOUS, role, filled(role, steps, **changes), "nl", ADDRESSES)


def test_no_name_and_no_address_is_kept(theirs):
    gone = put_on_list(theirs, email="Boze.Man+x@example.be", phone="+32470999999")
    block = session().query(Block).one()
    kept = " ".join(str(getattr(block, column.key)) for column in Block.__table__.columns)
    assert gone.person.full_name not in kept
    assert "example" not in kept
    assert "470999999" not in kept
    assert block.email_hash == contact_hash("boze.man@example.be")
    audit = session().query(AuditEntry).filter_by(action="blocked").one()
    assert (audit.subject_id, audit.facts) == (gone.id, {"reason": "safety"})


@pytest.mark.parametrize("changes", [{"email": "BOZE.man@example.be"}, {"phone": "0470 99 99 99"}])
@pytest.mark.parametrize(("role", "steps"), [(Role.BUDDY, BUDDY), (Role.NEWCOMER, NEWCOMER)])
def test_who_registers_again_sees_what_everybody_sees_and_only_the_coordinator_there_learns_of_it(
    theirs, role, steps, changes
):
    gone = put_on_list(theirs, email="boze.man@example.be", email_canonical=None, phone="+32470999999")
    free = register(role, steps, email="ander@example.be", phone="+32470111111")
    letters = [
        (one.kind, one.subject) for one in session().query(Message).filter_by(person_id=free.person_id)
    ]
    made = register(
        role,
        steps,
        **{
            "email": "nieuw@example.be",
            "phone": "+32470222222",
            **changes,
            **({"phone": "+32470999999"} if "phone" in changes else {}),
        },
    )
    assert made.person_id not in (None, gone.person_id)
    assert [
        (one.kind, one.subject) for one in session().query(Message).filter_by(person_id=made.person_id)
    ] == letters
    hit = session().query(BlockHit).one()
    assert (hit.person_id, hit.network_slug, hit.outcome) == (made.person_id, made.network_slug, None)
    counts = today_of(factories.viewer(factories.coordinator(made.network_slug))).counts
    assert counts[Owing.BLOCKED] == 1
    assert counts[Owing.CALL_BUDDY if role is Role.BUDDY else Owing.CALL_NEWCOMER] == 1, "the other one"
    assert Owing.BLOCKED not in today_of(theirs).counts
    held = held_about(factories.viewer(hit_person(hit)))
    assert "KANARIE" not in str(held)
    assert not any("block" in name for name in held)


def hit_person(hit):
    kind = Buddy if session().query(Buddy).filter_by(person_id=hit.person_id).count() else Newcomer
    return session().query(kind).filter_by(person_id=hit.person_id).one().person


def test_who_is_not_on_the_list_leaves_no_trace(els, theirs):
    put_on_list(theirs, email="boze.man@example.be", phone="+32470999999")
    register()
    register(email="", phone="+32470333333")
    assert session().query(BlockHit).count() == 0


def test_a_row_of_a_list_is_looked_up_too(els, theirs):
    put_on_list(theirs, email="boze.man@example.be", email_canonical=None)
    text = "Naam;E-mail;Postcode\nNieuw;boze.man@example.be;2800\nAnder;ander@example.be;2800\n"
    kept = imports.keep_list(els, network="rivierenland", data=text.encode(), text="")
    assert imports.take_over(els, kept, invite=False, link_for=lambda *_: "") == 2
    assert hit_person(session().query(BlockHit).one()).full_name == "Nieuw"


def hit_buddy(actor, state=BuddyState.REGISTERED):
    buddy = factories.buddy(state=state)
    return buddy, factories.blocked(session().get_one(type(buddy.person), actor.person_id), buddy)


def test_nobody_is_ready_or_waits_before_it_is_decided(els):
    buddy, first = hit_buddy(els, BuddyState.SCREENING)
    before = screening.missing_for_approval(buddy, "Ethias")
    blocks.decide(els, first.id, outcome=HitOutcome.ADMITTED)
    assert screening.missing_for_approval(buddy, "Ethias") == before[1:]
    newcomer = factories.newcomer(state=NewcomerState.READY)
    hit = factories.blocked(session().get_one(type(buddy.person), els.person_id), newcomer)
    with pytest.raises(Invalid):
        intake.wait(els, newcomer.id)
    blocks.decide(els, hit.id, outcome=HitOutcome.ADMITTED)
    intake.wait(els, newcomer.id)
    assert session().get_one(Newcomer, newcomer.id, populate_existing=True).state is NewcomerState.WAITING


def test_a_no_ends_it_with_the_ordinary_letter(els):
    buddy, hit = hit_buddy(els)
    blocks.decide(els, hit.id, outcome=HitOutcome.REFUSED)
    assert session().get_one(Buddy, buddy.id, populate_existing=True).state is BuddyState.REJECTED
    (letter,) = session().query(Message).filter_by(person_id=buddy.person_id)
    assert letter.kind == "buddy-not-accepted"
    newcomer = factories.newcomer(state=NewcomerState.REGISTERED)
    other = factories.blocked(session().get_one(type(buddy.person), els.person_id), newcomer)
    blocks.decide(els, other.id, outcome=HitOutcome.REFUSED)
    assert session().get_one(Newcomer, newcomer.id, populate_existing=True).state is NewcomerState.LEFT
    assert not today_of(els).counts.get(Owing.BLOCKED)


def test_it_is_decided_once(els):
    _buddy, hit = hit_buddy(els)
    blocks.decide(els, hit.id, outcome=HitOutcome.ADMITTED)
    with pytest.raises(NotFound):
        blocks.decide(els, hit.id, outcome=HitOutcome.REFUSED)


def test_without_a_record_there_is_nobody_to_refuse(els):
    by = session().get_one(type(factories.person()), els.person_id)
    buddy = factories.buddy()
    hit = factories.blocked(by, buddy)
    session().delete(session().get_one(Buddy, buddy.id))
    session().commit()
    with pytest.raises(Moved):
        blocks.decide(els, hit.id, outcome=HitOutcome.REFUSED)
    assert session().get_one(BlockHit, hit.id, populate_existing=True).outcome is None


@pytest.mark.parametrize(
    ("make", "refusal"),
    [
        (lambda: factories.coordinator("limburg"), NotFound), (factories.administrator, Forbidden),
        (factories.counsellor, Forbidden), (lambda: factories.buddy().person, Forbidden),
    ],
)  # fmt: skip
def test_nobody_else_blocks_lifts_or_decides(els, make, refusal):
    buddy, hit = hit_buddy(els)
    newcomer, other = factories.newcomer(), factories.viewer(make())
    for act in (
        lambda: blocks.block_buddy(other, buddy.id, reason=BlockReason.OTHER, review_on=LATER),
        lambda: blocks.block_newcomer(other, newcomer.id, reason=BlockReason.OTHER, review_on=LATER),
        lambda: blocks.lift(other, hit.block_id),
        lambda: blocks.go_on(other, hit.block_id, review_on=LATER),
        lambda: blocks.decide(other, hit.id, outcome=HitOutcome.ADMITTED),
    ):
        with pytest.raises(refusal):
            act()


def test_a_block_is_looked_at_again_kept_and_lifted(els):
    newcomer = factories.newcomer(state=NewcomerState.LEFT)
    blocks.block_newcomer(els, newcomer.id, reason=BlockReason.RULES, review_on=LATER)
    block = session().query(Block).one()
    block.review_on = today()
    session().commit()
    assert today_of(els).counts == {Owing.REVIEW_BLOCK: 1}
    blocks.go_on(els, block.id, review_on=LATER)
    assert today_of(els).counts == {}
    blocks.lift(els, block.id)
    with pytest.raises(NotFound):
        blocks.lift(els, block.id)
    blocks.block_newcomer(els, newcomer.id, reason=BlockReason.RULES, review_on=LATER)
    assert session().query(Block).count() == 2


def test_what_cannot_be_blocked_is_said(els):
    buddy = factories.buddy(state=BuddyState.LEFT)
    for day in (today(), today() + timedelta(days=2000)):
        with pytest.raises(Invalid) as refusal:
            blocks.block_buddy(els, buddy.id, reason=BlockReason.OTHER, review_on=day)
        assert refusal.value.field == "review_on"
    blocks.block_buddy(els, buddy.id, reason=BlockReason.OTHER, review_on=LATER)
    with pytest.raises(Invalid):
        blocks.block_buddy(els, buddy.id, reason=BlockReason.OTHER, review_on=LATER)
    with pytest.raises(Invalid):
        blocks.go_on(els, session().query(Block).one().id, review_on=today())
    nameless = factories.buddy(state=BuddyState.LEFT)
    nameless.person.email = nameless.person.phone = None
    session().commit()
    with pytest.raises(Invalid):
        blocks.block_buddy(els, nameless.id, reason=BlockReason.OTHER, review_on=LATER)


def test_without_the_secret_of_the_site_nothing_is_hashed(monkeypatch):
    monkeypatch.setattr(secrets, "_site_key", b"")
    with pytest.raises(RuntimeError):
        contact_hash("x")


@pytest.mark.parametrize("lang", ["x-pseudo", "nl", "ar"])
def test_the_pages(els, signed_in, lang):
    browser = signed_in(session().get_one(type(factories.person()), els.person_id))
    browser.get(f"/{lang}/people/blocks")
    buddy, hit = hit_buddy(els)
    assert f"/{lang}/people/blocks/people/{hit.id}" in browser.get(f"/{lang}/people/blocks").links()
    browser.get(f"/{lang}/people/blocks/people/{hit.id}")
    gone = factories.buddy(state=BuddyState.LEFT)
    gone.person.phone = "+32470888888"
    session().commit()
    page = browser.get(f"/{lang}/people/buddies/{gone.id}")
    browser.submit(page, f"form[action$='buddies/{gone.id}/block']", **{"block-reason": "rules"})
    assert session().query(Block).count() == 2
    page = browser.get(f"/{lang}/people/blocks")
    refused = browser.submit(
        page,
        f"form[action$='{hit.block_id}/keep']",
        status=422,
        **{f"{hit.block_id}-review_on": today().isoformat()},
    )
    browser.submit(
        refused, f"form[action$='{hit.block_id}/keep']", **{f"{hit.block_id}-review_on": LATER.isoformat()}
    )
    assert session().get_one(Block, hit.block_id, populate_existing=True).review_on == LATER
    browser.submit(browser.get(f"/{lang}/people/blocks/people/{hit.id}"), "form[action$='admitted']")
    browser.submit(browser.get(f"/{lang}/people/blocks"), f"form[action$='{hit.block_id}/lift']")
    assert buddy.state is BuddyState.REGISTERED
    other = factories.blocked(session().get_one(type(buddy.person), els.person_id), factories.newcomer())
    browser.submit(browser.get(f"/{lang}/people/blocks/people/{other.id}"), "form[action$='admitted']")
