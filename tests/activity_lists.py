"""Rows of lists of activities, for tests that bring them in."""

import json
from datetime import timedelta

from app.clock import today
from app.db import session, transaction
from app.models import Offer, OfferList
from app.services import offer_lists
from app.services.offer_lists.taking import Answers
from app.vocabulary.offer_lists import OfferListKind, OfferListState
from tests import factories

DAY = (today() + timedelta(days=10)).isoformat()
ANSWERS = {"fluent_speakers": 3, "meeting_words": "Samen.", "insurer": "Ethias"}


def activity(number, **values):
    """A row in our own form, in Mechelen each Monday evening."""
    where = {
        "postcode": "2800",
        "rule": "FREQ=WEEKLY;BYDAY=MO",
        "first_on": "2026-01-05",
        "start": "19:00",
        "minutes": 120,
    }
    return {
        "source_id": str(number), "title": f"Koken {number}", "words": "Wij koken samen.", "kind": "course",
        "interests": ["cooking"], "gatherings": [where], **values,
    }  # fmt: skip


def event(number, **values):
    """An event as UiTdatabank gives it, in Mechelen in ten days."""
    times = {"startDate": f"{DAY}T19:00:00", "endDate": f"{DAY}T20:30:00"}
    return {
        "@id": f"https://io.uitdatabank.be/event/event-{number}", "@type": "Event", "mainLanguage": "nl",
        "name": {"nl": f"Zwemmen {number}"}, "description": {"nl": "Samen zwemmen."}, "calendarType": "single", **times,
        "subEvent": [{**times, "status": {"type": "Available"}}], "workflowStatus": "APPROVED", "status": {"type": "Available"},
        "terms": [{"id": "0.59.0.0.0", "label": "Sportactiviteit", "domain": "eventtype"}],
        "location": {
            "name": {"nl": "Zwembad"},
            "address": {"nl": {"addressCountry": "BE", "postalCode": "2800", "addressLocality": "Mechelen", "streetAddress": "Kaai 1"}},
        },
        "bookingInfo": {"url": f"https://example.be/{number}"}, **values,
    }  # fmt: skip


def events(*found):
    """A page of events as the search of UiTdatabank answers."""
    return {"@type": "PagedCollection", "itemsPerPage": 30, "totalItems": len(found), "member": list(found)}


def lists_in_every_state(actor):
    """A list in each state, brought in by that coordinator: state -> key."""
    house = factories.organisation(name="De <b>Brug", insurer="Ethias")
    factories.contact(organisation_id=house.id)
    content = events(
        event(1), event(2, name="<b>Praattafel</b>"), event(3, typicalAgeRange="6-12"), {"name": "<i>x"}
    )
    found = {}
    for state in OfferListState:
        data = b"{" if state is OfferListState.FAILED else json.dumps(content).encode()
        key = offer_lists.keep_list(
            actor, organisation_id=house.id, kind=OfferListKind.UITDATABANK, data=data
        )
        found[state.value] = key
    offer_lists.take_over(actor, found["done"], Answers(**ANSWERS, publish=True))
    offer_lists.stop_list(actor, found["stopped"])
    with transaction() as db:
        for state in ("reading", "taking"):
            db.get_one(OfferList, found[state]).state = OfferListState(state)
    return found


class Desk:
    """A coordinator of Rivierenland with an organisation for which somebody speaks."""

    def __init__(self):
        self.house = factories.organisation(name="De Brug", insurer="Ethias")
        self.contact = factories.contact(organisation_id=self.house.id)
        self.person = factories.coordinator()

    @property
    def actor(self):
        return factories.viewer(self.person)

    def keep(self, content, kind=OfferListKind.OWN):
        data = content if isinstance(content, bytes) else json.dumps(content).encode()
        key = offer_lists.keep_list(self.actor, organisation_id=self.house.id, kind=kind, data=data)
        return self.kept(key)

    def kept(self, key):
        return session().get_one(OfferList, key, populate_existing=True)

    def take(self, content, kind=OfferListKind.OWN, **answers):
        kept = self.keep(content, kind)
        assert kept.state is OfferListState.READY, kept.failure
        offer_lists.take_over(self.actor, kept.id, Answers(**{**ANSWERS, **answers}))
        return self.kept(kept.id)


def offers():
    return session().query(Offer).order_by(Offer.id).populate_existing().all()


def counts(kept):
    return kept.added, kept.changed, kept.same, kept.ended, kept.left_out


def codes(kept, part="left_out"):
    return [(row["line"], row["code"]) for row in kept.report[part]]
