"""Coming to an activity: a place, the waiting list, giving the place back; by whom, and in which states."""

import pytest

from app.clock import now
from app.db import session, transaction
from app.errors import Forbidden, Gone, Invalid, NotFound, Refusal
from app.models import Listing, Occurrence, Offer, Organisation, Presence, SignUp, Transition
from app.queries.sign_ups import joined_by, joined_to
from app.services import accounts, blocks, mergers, offer_writing, sign_ups
from app.services.accounts import new_link
from app.vocabulary import NewcomerState, Role
from app.vocabulary.activities import OfferState
from app.vocabulary.blocks import BlockReason, HitOutcome
from app.vocabulary.lists import ListKind
from app.vocabulary.records import LinkPurpose, Subject
from app.vocabulary.sign_ups import PresenceState, SignUpState
from tests import factories
from tests.activities import House
from tests.factories import viewer

JOINED, WAITING, STOPPED = SignUpState


@pytest.fixture
def house(site):
    return House()


def seats(offer):
    session().expire_all()
    row = session().get_one(Offer, offer.id)
    return row.places_taken, row.waiting_taken


def joining(offer, **traits):
    """Somebody new who signs up, and how that went."""
    newcomer = factories.newcomer(**traits)
    return newcomer, sign_ups.join(viewer(newcomer.person), offer.id)


def own(newcomer):
    return session().query(SignUp).filter_by(newcomer_id=newcomer.id).order_by(SignUp.id.desc()).first()


def leave(newcomer):
    sign_ups.leave(viewer(newcomer.person), own(newcomer).id)


def same(house, **values):
    """Terms with the answers that were checked."""
    return house.terms(meeting_words="Samen aan tafel.", **values)


def standing(newcomer):
    session().expire_all()
    return own(newcomer).state


def test_one_tap_is_a_place_and_a_second_tap_is_the_same_place(house):
    offer = house.offer()
    newcomer, state = joining(offer)
    assert state is JOINED
    assert sign_ups.join(viewer(newcomer.person), offer.id) is JOINED
    (joined,) = joined_by(newcomer.id, "ar")
    assert joined.time.starts_at > now()
    assert joined.title == offer.title
    assert seats(offer) == (1, 0)
    assert session().query(Transition).filter_by(subject=Subject.SIGN_UP).count() == 1


def test_who_comes_when_all_is_taken_waits_and_moves_up_in_turn(house):
    offer = house.offer(places=1, waiting_places=2)
    first, *others = [joining(offer) for _ in range(3)]
    assert [state for _who, state in (first, *others)] == [JOINED, WAITING, WAITING]
    assert [joined_to(one.id, offer.id, "ar").ahead for one, _state in others] == [0, 1]
    assert session().query(Listing.joinable).filter_by(offer_id=offer.id).scalar() is False
    with pytest.raises(Refusal, match="full"):
        joining(offer)
    leave(first[0])
    assert [standing(one) for one, _state in others] == [JOINED, WAITING]
    assert seats(offer) == (1, 1)
    assert session().query(Listing.joinable).filter_by(offer_id=offer.id).scalar() is True


def test_nobody_goes_past_who_waits(house):
    offer = house.offer(places=1, waiting_places=3)
    joining(offer)
    second, _state = joining(offer)
    with transaction() as db:
        db.get_one(Offer, offer.id).places = 2  # and nobody has moved up yet
    third, state = joining(offer)
    assert state is WAITING
    assert (standing(second), standing(third)) == (JOINED, WAITING)


def test_more_places_are_for_who_waits(house):
    offer = house.offer(places=1, waiting_places=2)
    people = [joining(offer)[0] for _ in range(3)]
    offer_writing.change_terms(house.actor, offer.id, same(house, places=2, waiting_places=2))
    assert [standing(one) for one in people] == [JOINED, JOINED, WAITING]
    offer_writing.change_terms(house.actor, offer.id, same(house, places=None, waiting_places=2))
    assert [standing(one) for one in people] == [JOINED] * 3
    assert seats(offer) == (3, 0)


def test_leaving_twice_gives_one_place_back_and_who_left_may_come_again(house):
    offer = house.offer(places=1)
    newcomer, _state = joining(offer)
    leave(newcomer)
    leave(newcomer)
    assert seats(offer) == (0, 0)
    assert joined_by(newcomer.id, "ar") == []
    assert sign_ups.join(viewer(newcomer.person), offer.id) is JOINED
    assert seats(offer) == (1, 0)


def test_who_waits_and_leaves_makes_place_on_the_waiting_list(house):
    offer = house.offer(places=1, waiting_places=1)
    joining(offer)
    second, _state = joining(offer)
    leave(second)
    assert seats(offer) == (1, 0)


@pytest.mark.parametrize("state", OfferState)
def test_only_what_everybody_sees_can_be_joined(house, state):
    offer = house.offer(state)
    if state is OfferState.PUBLISHED:
        assert joining(offer)[1] is JOINED
    else:
        with pytest.raises(NotFound):
            joining(offer)
        assert seats(offer) == (0, 0)


def test_nothing_of_an_organisation_that_nobody_knows_can_be_joined(house):
    with transaction() as db:
        db.get_one(Organisation, house.organisation.id).verified_at = None
    with pytest.raises(NotFound):
        joining(house.offer())


def test_what_was_taken_over_from_elsewhere_is_joined_there(house):
    with pytest.raises(Refusal, match="elsewhere"):
        joining(house.offer(source="uitdatabank", source_id="1"))
    assert joining(house.offer(source="file:1", source_id="1"))[1] is JOINED


def test_one_place_of_several_is_chosen_and_says_which_times(house):
    offer = house.offer(gatherings=[factories.weekly(1), factories.weekly(3, "19:00")])
    newcomer, other = factories.newcomer(), house.offer()
    evening = session().get_one(Offer, offer.id).gatherings[1].id
    sign_ups.join(viewer(newcomer.person), offer.id, gathering_id=evening)
    assert joined_to(newcomer.id, offer.id, "ar").time.gathering_id == evening
    with pytest.raises(NotFound):
        sign_ups.join(viewer(newcomer.person), other.id, gathering_id=evening)


ACTORS = {
    Role.BUDDY: lambda: factories.buddy().person,
    Role.COORDINATOR: factories.coordinator,
    Role.ORGANISATION: factories.member,
    Role.HELPER: lambda: factories.person(roles=(Role.HELPER,)),
    Role.ADMINISTRATOR: factories.administrator,
}


@pytest.mark.parametrize("role", ACTORS)
def test_other_roles_sign_nobody_up(house, role):
    newcomer, offer = factories.newcomer(), house.offer()
    with pytest.raises(Forbidden):
        sign_ups.join(viewer(ACTORS[role]()), offer.id, newcomer_id=newcomer.id)
    sign_ups.join(viewer(newcomer.person), offer.id)
    with pytest.raises(NotFound):
        sign_ups.leave(viewer(ACTORS[role]()), own(newcomer).id)


def test_a_newcomer_acts_for_herself_alone(house):
    newcomer, other, offer = factories.newcomer(), factories.newcomer(), house.offer()
    with pytest.raises(NotFound):
        sign_ups.join(viewer(newcomer.person), offer.id, newcomer_id=other.id)
    sign_ups.join(viewer(other.person), offer.id)
    for act in (sign_ups.leave, lambda who, key: sign_ups.skip(who, key, 1)):
        with pytest.raises(NotFound):
            act(viewer(newcomer.person), own(other).id)
    assert standing(other) is JOINED


def test_a_counsellor_signs_up_and_off_for_the_own_caseload(house):
    counsellor, offer = factories.counsellor(), house.offer()
    mine, other = factories.newcomer(counsellor=counsellor), factories.newcomer()
    assert sign_ups.join(viewer(counsellor), offer.id, newcomer_id=mine.id) is JOINED
    assert own(mine).entered_by_id == counsellor.id
    for newcomer_id in (other.id, None):
        with pytest.raises(NotFound):
            sign_ups.join(viewer(counsellor), offer.id, newcomer_id=newcomer_id)
    sign_ups.leave(viewer(counsellor), own(mine).id)
    assert standing(mine) is STOPPED


def test_a_helper_needs_the_code_of_the_newcomer(house):
    helper, offer, newcomer = factories.person(roles=(Role.HELPER,)), house.offer(), factories.newcomer()
    code = accounts.give_code(newcomer.person_id, secret_key="k")
    with pytest.raises(Invalid):
        sign_ups.join_with_code(viewer(helper), offer.id, "NOT-IT", secret_key="k")
    assert sign_ups.join_with_code(viewer(helper), offer.id, code, secret_key="k") is JOINED
    assert own(newcomer).entered_by_id == helper.id
    with pytest.raises(Forbidden):
        sign_ups.join_with_code(viewer(newcomer.person), offer.id, code, secret_key="k")


def test_not_this_time_keeps_the_place(house):
    offer = house.offer()
    newcomer, _state = joining(offer)
    actor, key = viewer(newcomer.person), own(newcomer).id
    time = joined_to(newcomer.id, offer.id, "ar").time
    for _ in range(2):
        sign_ups.skip(actor, key, time.id)
    assert joined_to(newcomer.id, offer.id, "ar").skips
    assert session().query(Presence).one().state is PresenceState.EXCUSED
    sign_ups.come(actor, key, time.id)
    assert not joined_to(newcomer.id, offer.id, "ar").skips
    with transaction() as db:
        db.get_one(Occurrence, time.id).starts_at = now()
    with pytest.raises(NotFound):
        sign_ups.skip(actor, key, time.id)
    assert seats(offer) == (1, 0)


def test_a_letter_gives_the_place_back_without_an_account(house):
    offer = house.offer(places=1, waiting_places=1)
    newcomer, _state = joining(offer)
    second, _state = joining(offer)
    token = new_link(
        LinkPurpose.LEAVE_ACTIVITY, locale="ar", person_id=newcomer.person_id, sign_up=own(newcomer).id
    )
    time = joined_to(newcomer.id, offer.id, "ar").time
    sign_ups.skip_by_link(token, time.id)
    assert joined_to(newcomer.id, offer.id, "ar").skips
    for _ in range(2):
        sign_ups.leave_by_link(token, factories.ANONYMOUS)
    assert (standing(newcomer), standing(second)) == (STOPPED, JOINED)
    with pytest.raises(NotFound):
        sign_ups.skip_by_link(token, time.id)
    with pytest.raises((NotFound, Gone)):
        sign_ups.leave_by_link(token[:-1], factories.ANONYMOUS)


def test_who_is_on_the_block_list_comes_to_nothing_until_a_coordinator_lets_her_in(house):
    newcomer, offer = factories.newcomer(), house.offer()
    hit = factories.blocked(house.coordinator, newcomer)
    with pytest.raises(Refusal, match="not-yet"):
        sign_ups.join(viewer(newcomer.person), offer.id)
    blocks.decide(house.desk, hit.id, outcome=HitOutcome.ADMITTED)
    assert sign_ups.join(viewer(newcomer.person), offer.id) is JOINED


def test_who_is_put_on_the_block_list_gives_all_places_back(house):
    offer = house.offer(places=1, waiting_places=1)
    newcomer, _state = joining(offer)
    second, _state = joining(offer)
    blocks.block_newcomer(
        house.desk, newcomer.id, reason=BlockReason.SAFETY, review_on=factories.days_from_now(30)
    )
    assert (standing(newcomer), standing(second)) == (STOPPED, JOINED)
    with pytest.raises(Refusal):
        sign_ups.join(viewer(newcomer.person), offer.id)


def test_who_looks_for_no_buddy_any_more_still_comes(house):
    assert joining(house.offer(), state=NewcomerState.LEFT)[1] is JOINED


@pytest.mark.parametrize("kept_waits", [True, False])
def test_two_records_that_become_one_keep_one_place(house, kept_waits):
    offer, both = house.offer(places=1, waiting_places=2), house.offer()
    one, _state = joining(offer)
    other, _state = joining(offer)
    third, _state = joining(offer)
    kept, gone = (other, one) if kept_waits else (one, other)
    sign_ups.join(viewer(gone.person), both.id)
    mergers.merge(house.desk, ListKind.NEWCOMER, kept.id, gone.id)
    live = {
        row.offer_id: row.state
        for row in session().query(SignUp).filter_by(newcomer_id=kept.id)
        if row.state is not STOPPED
    }
    assert live == {offer.id: JOINED, both.id: JOINED}
    assert seats(offer) == (1, 1)
    assert standing(third) is WAITING
