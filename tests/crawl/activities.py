"""Activities of the world that the crawl walks through, and those who come to them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.clock import now
from app.db import session, transaction
from app.models import Grant, Organisation, SignUp
from app.services import accounts, sign_ups
from app.vocabulary import Role
from app.vocabulary.activities import OfferState
from app.vocabulary.records import LinkPurpose
from tests import factories, joining
from tests.crawl.isolation import VOLUNTEER, WORDS

if TYPE_CHECKING:
    from tests.crawl.world import World


def fill_club(world: World) -> None:
    """An organisation with an activity, and others; `world.contact` speaks for it and `world.offer` is its."""
    club = factories.organisation(name=WORDS)
    world.contact = factories.contact(name=VOLUNTEER, organisation_id=club.id)
    world.offer = factories.offer(
        title=WORDS, words=WORDS, words_language="nl", when_words=WORDS, price_words=WORDS, place=WORDS,
        organisation_id=club.id, contact_person=world.contact,
    )  # fmt: skip
    member = factories.person(full_name=VOLUNTEER)
    with transaction() as db:
        db.add(Grant(person_id=member.id, role=Role.ORGANISATION, organisation_id=club.id))
    world.browser("organisation", member)
    _in_every_state(world, club)


def _in_every_state(world: World, club: Organisation) -> None:
    """Activities of the club in every state, with texts, organisations in every state, and a link that asks."""
    for state in OfferState:
        shown = state in (OfferState.PUBLISHED, OfferState.ENDED)
        made = factories.offer(
            title=WORDS, words=WORDS, when_words=WORDS, price_words=WORDS, check_note=WORDS, meeting_words=WORDS, insurer=WORDS,
            price_cents=250, reduced_cents=100, fluent_speakers=4, goals=["learn-dutch"], suited=["children"],
            interests=["chess"], organisation_id=club.id, contact_person=world.contact, state=state,
            published_at=now() if shown else None, ends_on=factories.days_from_now(20),
            gatherings=[factories.weekly(place=WORDS, route=WORDS, skips_school_holidays=True)],
        )  # fmt: skip
        factories.text(made, "ar", title=WORDS, words=WORDS)
        factories.text(made, "fr", title=WORDS, words=WORDS, source_mark="older")
        world.ids[f"activity {state.value}"] = {"offer_id": made.id}
        if state is OfferState.PUBLISHED:
            token = accounts.new_link(
                LinkPurpose.GOES_ON, locale="nl", contact_person_id=world.contact.id, offer=made.id
            )
            world.ids["goes on"] = {"token": token}
    world.ids["club"] = {"organisation_id": club.id}
    world.ids["club contact"] = {"organisation_id": club.id, "contact_id": world.contact.id}
    for who, values in {
        "registered": {"confirmed_at": None}, "to_verify": {}, "refused": {"refused_at": now(), "refusal": WORDS},
    }.items():  # fmt: skip
        house = factories.organisation(
            name=WORDS, words=WORDS, website="https://example.be", verified=False, **values
        )
        world.ids[f"house {who}"] = {"organisation_id": house.id}
        world.browser(f"house {who}", factories.organisation_contact(house, full_name=VOLUNTEER))


def fill_places(world: World) -> None:
    """An activity with people who come and wait, a time that is over, and the links of the letters."""
    offer = factories.offer(
        title=WORDS, words=WORDS, organisation_id=world.contact.organisation_id, contact_person=world.contact, places=2,
        waiting_places=3, gatherings=[factories.weekly()],
    )  # fmt: skip
    for who in ("joined", "joined too", "in line"):
        newcomer = joining.comes_to(offer, world.newcomer(who))
        mine = joining.sign_up_of(newcomer, offer)
        token = accounts.new_link(
            LinkPurpose.LEAVE_ACTIVITY, locale="ar", person_id=newcomer.person_id, sign_up=mine.id
        )
        world.ids[f"leave {who}"] = {"token": token}
    gone = joining.comes_to(factories.offer(title=WORDS), world.newcomer("stopped"))
    mine = session().query(SignUp).filter_by(newcomer_id=gone.id).one()
    token = accounts.new_link(
        LinkPurpose.LEAVE_ACTIVITY, locale="ar", person_id=gone.person_id, sign_up=mine.id
    )
    sign_ups.leave(factories.viewer(gone.person), mine.id)
    world.ids["leave stopped"] = {"token": token}
    world.ids["joining"] = {
        "offer_id": offer.id, "time_id": joining.yesterday_at(offer).id, "token": joining.link_to(offer),
        "newcomer_id": gone.id,
    }  # fmt: skip
