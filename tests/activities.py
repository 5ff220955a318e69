"""An organisation of Rivierenland with its people, and an activity of it, for tests of activities."""

from dataclasses import dataclass, field
from datetime import timedelta

from sqlalchemy import select

from app import rhythms
from app.clock import today
from app.db import session
from app.models import ContactPerson, Listing, Message, Offer, Organisation, Person
from app.services import offer_writing
from app.services.offer_writing import Terms, Where, Words
from app.vocabulary import OfferKind
from app.vocabulary.activities import OfferState
from tests import factories
from tests.factories import viewer

TITLE, WORDS = "Praattafel", "We drinken koffie en praten Nederlands."


def page_for(locale, offer_id):
    return f"https://example.org/{locale}/my-activities/{offer_id}"


def home_for(locale):
    return f"https://example.org/{locale}/my-activities"


def link_for(locale, token):
    return f"https://example.org/{locale}/g/{token}"


@dataclass
class House:
    """A verified organisation, the person who signs in for it, and the coordinator of its network."""

    organisation: Organisation = field(default_factory=factories.organisation)
    coordinator: Person = field(default_factory=factories.coordinator)
    person: Person = field(init=False)
    contact: ContactPerson = field(init=False)

    def __post_init__(self):
        self.person = factories.organisation_contact(self.organisation)
        self.contact = session().query(ContactPerson).filter_by(person_id=self.person.id).one()

    @property
    def actor(self):
        return viewer(self.person)

    @property
    def desk(self):
        return viewer(self.coordinator)

    def draft(self, **values):
        """A draft with all that it needs to be checked."""
        key = offer_writing.begin(self.actor, self.organisation.id, words(**values))
        offer_writing.change_gatherings(self.actor, key, [where()])
        offer_writing.change_terms(self.actor, key, self.terms())
        return key

    def terms(self, **values):
        given = {
            "contact_person_id": self.contact.id, "insurer": "Ethias", "fluent_speakers": 4,
            "meeting_words": "We zitten samen aan tafel.", **values,
        }  # fmt: skip
        return Terms(**given)

    def offer(self, state=OfferState.PUBLISHED, **values):
        """An activity of the organisation in that state, straight into the database."""
        shown = state in (OfferState.PUBLISHED, OfferState.ENDED)
        given = {
            "organisation_id": self.organisation.id, "contact_person": self.contact, "state": state, "title": TITLE,
            "words": WORDS, "goals": ["learn-dutch"], "fluent_speakers": 4, "meeting_words": "Samen aan tafel.",
            "insurer": "Ethias", "gatherings": [factories.weekly()], **({} if shown else {"published_at": None}), **values,
        }  # fmt: skip
        return factories.offer(**given)


def words(**values):
    given = {
        "title": TITLE,
        "kind": OfferKind.CONVERSATION_GROUP,
        "words": WORDS,
        "goals": ["learn-dutch"],
        **values,
    }
    return Words(**given)


def where(**values):
    given = {
        "postcode": "2800", "locality": "Mechelen", "place": "Buurthuis", "rule": rhythms.weekly([1]),
        "first_on": today() - timedelta(days=7), "start": "10:00", "minutes": 120, **values,
    }  # fmt: skip
    return Where(**given)


def state_of(offer_id):
    session().expire_all()
    return session().get_one(Offer, offer_id).state


def listed(offer_id):
    """The rows by which a search finds it."""
    return session().scalars(select(Listing.id).where(Listing.offer_id == offer_id)).all()


def letters(kind):
    """Who got that kind of letter."""
    return [row.to_email for row in session().query(Message).filter_by(kind=kind).order_by(Message.id)]
