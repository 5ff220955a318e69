"""Hours in every state, for the world that the crawl walks through."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.clock import now
from app.db import session, transaction
from app.models import Consent, Duo, HourEntry, Newcomer
from app.services import erasures, objections
from app.vocabulary import EntryState, HoursRefusal, OfferKind
from app.vocabulary.registrations import CONSENT_VERSIONS, ConsentText
from tests import duo_factories, factories
from tests.crawl.isolation import VOLUNTEER, WORDS

if TYPE_CHECKING:
    from tests.crawl.world import World

TARGET_MINUTES = 2400
# A newcomer for each next step about hours: the states of the entries that were told.
HOURS: dict[str, tuple[EntryState, ...]] = {
    "entries": tuple(EntryState),
    "to-send": (EntryState.DRAFT,),
    "sent": (EntryState.SUBMITTED,),
    "nothing-told": (),
}


def fill_hours(world: World) -> None:
    """Newcomers with hours in every state; `world.signer` confirms them."""
    buddy = world.buddy("signer", capacity=9)
    world.signer = factories.contact(name=VOLUNTEER, person_id=buddy.person_id)
    for who, states in HOURS.items():
        newcomer = world.newcomer(who)
        factories.contract(newcomer, world.counsellor, reason=WORDS)
        duo = duo_factories.duo(newcomer=newcomer, buddy=buddy, approved_by=world.coordinator)
        offer = factories.offer(
            kind=OfferKind.BUDDY,
            title=WORDS,
            contact_person=world.signer,
            duo_id=duo.id,
            published_at=None,
        )
        world.ids[f"offer {who}"] = {"offer_id": offer.id}
        for state in states:
            entry = _entry(world, newcomer, offer, duo, state)
            world.ids[f"entry {who} {state.value}"] = {"entry_id": entry.id, "newcomer_id": newcomer.id}
    signed = _entry(world, newcomer, offer, duo, EntryState.CONFIRMED)
    made = factories.proof(signed)
    world.ids["proof"] = {
        "proof_id": made.id,
        "newcomer_id": newcomer.id,
        "public_number": made.paper.public_number,
    }
    world.ids["offer club"] = {"offer_id": factories.offer(title=WORDS, words=WORDS, words_language="ar").id}
    reached = world.newcomer("reached")
    factories.contract(reached, world.counsellor)
    for _ in range(TARGET_MINUTES // 600):
        _entry(world, reached, world.offer, None, EntryState.ACCEPTED, minutes=600)
    going = world.newcomer("going").person
    erasures.ask(factories.viewer(going), page="http://localhost/nl/my-data")
    objections.set_objection(factories.viewer(going), objects=True)
    with transaction() as db:
        db.add_all(
            Consent(person_id=going.id, text=text.value, version="older", locale="ti") for text in ConsentText
        )
        agreed = Consent(
            person_id=session().get_one(Newcomer, world.ids["newcomer entries"]["newcomer_id"]).person_id,
            text=ConsentText.PRIVACY.value, version=CONSENT_VERSIONS[ConsentText.PRIVACY], locale="ti",
        )  # fmt: skip
        db.add(agreed)
        db.flush()
        world.ids["agreed"] = {"consent_id": agreed.id}
    late = world.newcomer("late")
    factories.contract(late, world.counsellor, days=-3)
    _entry(world, late, world.offer, None, EntryState.CONFIRMED)
    exempt = factories.exemption(late, world.counsellor, note=WORDS)
    world.ids["exemption"] = {"newcomer_id": late.id, "exemption_id": exempt.id}
    unjudged = factories.offer(title=WORDS, newcomer_id=late.id, dutch_spoken=None, people_met=None)
    world.ids["unjudged"] = {"offer_id": unjudged.id}
    soon = world.newcomer("soon")
    factories.contract(soon, world.counsellor, days=20)


def _entry(
    world: World, newcomer: Newcomer, offer, duo: Duo | None, state: EntryState, minutes: int = 150
) -> HourEntry:
    kinds = EntryState
    noted = state in (kinds.CORRECTED, kinds.REFUSED)
    signed = state in (kinds.CONFIRMED, kinds.ACCEPTED, kinds.REVERSED)
    return factories.entry(
        newcomer, offer, state=state, minutes=minutes, duo_id=duo and duo.id,
        asked_minutes=90 if state is kinds.CORRECTED else None, contact_note=WORDS if noted else "",
        refusal=HoursRefusal.OTHER if state is kinds.REFUSED else None,
        confirmed_name=VOLUNTEER if signed else "", confirmed_at=now() if signed else None,
        accepted_at=now() if state is kinds.ACCEPTED else None,
    )  # fmt: skip
