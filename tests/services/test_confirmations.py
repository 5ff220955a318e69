"""Answering hours: never the own ones, exactly the lines of a link, corrections that need a yes."""

from datetime import timedelta

import pytest
import time_machine

from app.clock import now
from app.db import session, transaction
from app.errors import Forbidden, Gone, Invalid, Moved, NotFound
from app.models import Grant, Message, Transition
from app.security.viewer import ANONYMOUS
from app.services import confirmations, hours, trajectories
from app.services.accounts import new_link
from app.services.hours import Occasion
from app.vocabulary import HoursRefusal, OfferKind, Role
from app.vocabulary.records import LinkPurpose
from tests import factories
from tests.factories import viewer
from tests.hours_world import (
    CONFIRMED,
    DRAFT,
    SUBMITTED,
    World,
    by_account,
    link_for,
    telling,
    track_for,
)


@pytest.fixture
def world(site) -> World:
    return World()


class TestOwnHours:
    """Nobody confirms the own time, under whatever name (R13)."""

    def occasion(self, **values) -> Occasion:
        return Occasion(
            **{
                "kind": OfferKind.SPORT,
                "title": "Voetbal",
                "contact_name": "Piet",
                "contact_email": None,
                "contact_phone": None,
                "language": "nl",
                **values,
            }
        )

    def test_own_address_and_number_are_refused(self, world):
        person = world.newcomer.person
        for field, value in (
            ("contact_email", person.email.upper()),
            ("contact_email", person.email.replace("@", "+x@")),
            ("contact_phone", person.phone),
        ):
            with pytest.raises(Invalid) as refusal:
                hours.tell_other(viewer(person), self.occasion(**{field: value}), telling())
            assert refusal.value.field == field

    @pytest.mark.parametrize("same", ["email", "phone", "person_id"])
    def test_contact_person_who_is_the_newcomer(self, world, same):
        person = world.newcomer.person
        value = person.id if same == "person_id" else getattr(person, same)
        contact = factories.contact(**{"email": None, "phone": None, same: value})
        entry = factories.entry(world.newcomer, factories.offer(contact_person=contact), state=SUBMITTED)
        token = new_link(LinkPurpose.CONFIRM_HOURS, locale="nl", contact_person_id=contact.id)
        with pytest.raises(Forbidden):
            confirmations.confirm(confirmations.signer_by_link(token, ANONYMOUS), [entry.id])

    def test_newcomer_with_the_link_in_the_own_browser(self, world):
        entry = world.entry(DRAFT)
        actor = viewer(world.newcomer.person)
        token = hours.send(actor, entry.id, link_for)
        with pytest.raises(Forbidden):
            confirmations.signer_by_link(token, actor)
        with pytest.raises(Forbidden):
            confirmations.confirm(confirmations.signer_by_link(world.link(), actor), [entry.id])

    def test_newcomer_who_is_contact_of_an_organisation(self, world):
        club = factories.organisation()
        contact = factories.contact(organisation_id=club.id)
        entry = factories.entry(world.newcomer, factories.offer(contact_person=contact), state=SUBMITTED)
        with transaction() as inside:
            inside.add(
                Grant(person_id=world.newcomer.person_id, role=Role.ORGANISATION, organisation_id=club.id)
            )
        with pytest.raises(Forbidden):
            confirmations.confirm(by_account(viewer(world.newcomer.person)), [entry.id])

    def test_counsellor_who_confirmed_does_not_accept(self, world):
        by_person = world.entry(CONFIRMED, confirmed_by_id=world.counsellor.id)
        contact = factories.contact(email=world.counsellor.email)
        by_address = factories.entry(world.newcomer, factories.offer(contact_person=contact), state=CONFIRMED)
        for entry in (by_person, by_address):
            with pytest.raises(Forbidden):
                trajectories.accept(
                    viewer(world.counsellor), world.newcomer.id, factories.proof(entry).id, track_for
                )


class TestLinks:
    def test_a_link_opens_exactly_the_lines_addressed_to_it(self, world):
        mine, elsewhere = (
            world.entry(SUBMITTED),
            factories.entry(world.newcomer, factories.offer(), state=SUBMITTED),
        )
        another = factories.entry(factories.newcomer(), world.offer, state=SUBMITTED)
        everybody = confirmations.signer_by_link(world.link(), ANONYMOUS)
        passed_on = confirmations.signer_by_link(world.link(newcomer=world.newcomer.id), ANONYMOUS)
        ids = lambda signer: {entry.id for entry in session().scalars(signer.lines).unique()}  # noqa: E731
        assert ids(everybody) == {mine.id, another.id}
        assert ids(passed_on) == {mine.id}
        for signer, foreign in ((everybody, elsewhere), (passed_on, another)):
            for answer in (
                lambda s, e: confirmations.confirm(s, [mine.id, e.id]),
                lambda s, e: confirmations.correct(s, e.id, minutes=30, note="", track_for=track_for),
                lambda s, e: confirmations.refuse(
                    s, e.id, reason=HoursRefusal.NOT_OURS, note="", track_for=track_for
                ),
            ):
                with pytest.raises(NotFound):
                    answer(signer, foreign)
        session().expire_all()
        assert {mine.state, elsewhere.state, another.state} == {SUBMITTED}

    def test_what_is_no_link_any_more(self, world):
        token = world.link()
        with pytest.raises(NotFound):
            confirmations.signer_by_link(token + "x", ANONYMOUS)
        with pytest.raises(NotFound):
            confirmations.signer_by_link(
                new_link(LinkPurpose.SIGN_IN, locale="nl", person_id=world.buddy.person_id), ANONYMOUS
            )
        with pytest.raises(NotFound):
            confirmations.signer_by_link(new_link(LinkPurpose.CONFIRM_HOURS, locale="nl"), ANONYMOUS)
        with time_machine.travel(now() + timedelta(days=31)), pytest.raises(Gone):
            confirmations.signer_by_link(token, ANONYMOUS)

    def test_second_answer_hears_who_was_first(self, world):
        entry = world.entry(SUBMITTED)
        first = confirmations.signer_by_link(world.link(), ANONYMOUS)
        confirmations.confirm(first, [entry.id])
        for again in (
            lambda: confirmations.confirm(first, [entry.id]),
            lambda: confirmations.correct(
                by_account(viewer(world.buddy.person)), entry.id, minutes=30, note="", track_for=track_for
            ),
        ):
            with pytest.raises(Moved) as refusal:
                again()
            assert "Marleen" in str(refusal.value.message)

    def test_one_line_answered_meanwhile_does_not_hold_up_the_others(self, world):
        answered, open_one = world.entry(SUBMITTED), world.entry(SUBMITTED)
        signer = confirmations.signer_by_link(world.link(), ANONYMOUS)
        confirmations.confirm(signer, [answered.id])
        assert confirmations.confirm(signer, [answered.id, open_one.id]) == 1

    def test_unverified_organisation_cannot_sign(self, world):
        contact = factories.contact(organisation_id=factories.organisation(verified=False).id)
        factories.entry(world.newcomer, factories.offer(contact_person=contact), state=SUBMITTED)
        with pytest.raises(Forbidden):
            confirmations.signer_by_link(
                new_link(LinkPurpose.CONFIRM_HOURS, locale="nl", contact_person_id=contact.id), ANONYMOUS
            )

    def test_no_address_is_flooded(self, world):
        contact = factories.contact(email="olena@example.be")
        offer = factories.offer(contact_person=contact)
        entry = factories.entry(world.newcomer, offer)
        for _ in range(6):
            hours.send(viewer(world.newcomer.person), entry.id, link_for)
        assert session().query(Message).filter_by(to_email="olena@example.be").count() == 3

    def test_no_mail_and_no_task_without_an_address(self, world):
        contact = factories.contact(email=None, phone="+32470998877")
        entry = factories.entry(world.newcomer, factories.offer(contact_person=contact))
        assert hours.send(viewer(world.newcomer.person), entry.id, link_for)
        assert session().query(Message).count() == 0

    def test_the_way_is_kept(self, world):
        entries = [world.entry(SUBMITTED) for _ in range(3)]
        signers = [
            confirmations.signer_by_link(world.link(), ANONYMOUS),
            confirmations.signer_by_link(world.link(newcomer=world.newcomer.id), ANONYMOUS),
            by_account(viewer(world.buddy.person)),
        ]
        for signer, entry in zip(signers, entries, strict=True):
            confirmations.confirm(signer, [entry.id])
        kept = [
            row.reason
            for row in session().query(Transition).filter_by(to_state="confirmed").order_by(Transition.id)
        ]
        assert kept == ["mailed-link", "passed-link", "account"]


class TestCorrections:
    def test_a_longer_time_that_runs_into_the_next_is_not_agreed(self, world):
        actor = viewer(world.newcomer.person)
        start = (now() - timedelta(days=5)).replace(hour=9, minute=0)
        entry = world.entry(SUBMITTED, starts_at=start, minutes=60)
        world.entry(DRAFT, starts_at=start + timedelta(minutes=90), minutes=60)
        confirmations.correct(
            by_account(viewer(world.buddy.person)), entry.id, minutes=120, note="", track_for=track_for
        )
        with pytest.raises(Invalid):
            hours.agree(actor, entry.id)

    @pytest.mark.parametrize("minutes", [0, 1441, 120])
    def test_lengths_that_are_none_or_the_same(self, world, minutes):
        entry = world.entry(SUBMITTED)
        with pytest.raises(Invalid):
            confirmations.correct(
                by_account(viewer(world.buddy.person)),
                entry.id,
                minutes=minutes,
                note="",
                track_for=track_for,
            )

    def test_not_into_the_future(self, world):
        entry = world.entry(SUBMITTED, starts_at=now() - timedelta(hours=3))
        with pytest.raises(Invalid):
            confirmations.correct(
                by_account(viewer(world.buddy.person)), entry.id, minutes=200, note="", track_for=track_for
            )

    def test_no_agreement_asks_the_contact_person_again(self, world):
        entry = world.entry(SUBMITTED)
        confirmations.correct(
            by_account(viewer(world.buddy.person)), entry.id, minutes=60, note="", track_for=track_for
        )
        hours.disagree(viewer(world.newcomer.person), entry.id, link_for)
        session().expire_all()
        assert (entry.state, entry.minutes, entry.confirmed_name) == (SUBMITTED, 120, "")
        assert (
            session().query(Message).filter_by(to_email=world.contact.email, kind="confirm-hours").count()
            == 1
        )

    def test_another_reason_needs_words(self, world):
        entry = world.entry(SUBMITTED)
        signer = by_account(viewer(world.buddy.person))
        with pytest.raises(Invalid):
            confirmations.refuse(signer, entry.id, reason=HoursRefusal.OTHER, note="", track_for=track_for)
        confirmations.refuse(
            signer, entry.id, reason=HoursRefusal.OTHER, note="Het was iemand anders", track_for=track_for
        )

    def test_staff_of_the_network_hear_nothing_when_the_newcomer_has_no_address(self, world):
        lost = factories.newcomer(email=False)
        entry = factories.entry(lost, world.offer, state=SUBMITTED)
        signer = confirmations.signer_by_link(world.link(), ANONYMOUS)
        confirmations.refuse(signer, entry.id, reason=HoursRefusal.NOT_PRESENT, note="", track_for=track_for)
        assert session().query(Message).count() == 0
