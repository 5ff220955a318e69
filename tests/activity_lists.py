"""Rows of lists of activities, for tests that bring them in."""

import json
from datetime import timedelta

from app.clock import today
from app.db import transaction
from app.models import OfferList
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
