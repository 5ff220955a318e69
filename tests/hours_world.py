"""A duo with a contract, everybody who could want something of its hours, and what they do."""

from datetime import time, timedelta

from app.clock import today
from app.models import HourEntry, Person
from app.security.viewer import ANONYMOUS, Viewer
from app.services import confirmations
from app.services.accounts import new_link
from app.services.hours import Telling
from app.vocabulary import EntryState, OfferKind, Role
from app.vocabulary.records import LinkPurpose
from tests import duo_factories, factories

DRAFT, SUBMITTED, CORRECTED, CONFIRMED = (
    EntryState.DRAFT,
    EntryState.SUBMITTED,
    EntryState.CORRECTED,
    EntryState.CONFIRMED,
)
REFUSED, ACCEPTED, REVERSED, OVERDUE = (
    EntryState.REFUSED,
    EntryState.ACCEPTED,
    EntryState.REVERSED,
    EntryState.OVERDUE,
)


def link_for(locale: str, token: str) -> str:
    return f"http://localhost/{locale}/c/{token}"


def track_for(locale: str) -> str:
    return f"http://localhost/{locale}/my-track"


def telling(key: str = "form", **values) -> Telling:
    return Telling(
        **{
            "day": today() - timedelta(days=1),
            "at": time(10),
            "minutes": 120,
            "dutch_company": True,
            "key": key,
            **values,
        }
    )


class World:
    """A duo with a contract, unless it is not `contracted`, and everybody who could want something of its hours."""

    def __init__(self, *, contracted: bool = True) -> None:
        self.counsellor = factories.counsellor()
        self.newcomer = factories.newcomer(name="Sami", counsellor=self.counsellor)
        self.buddy = factories.buddy(name="Marleen")
        self.coordinator = factories.coordinator()
        self.duo = duo_factories.duo(newcomer=self.newcomer, buddy=self.buddy, approved_by=self.coordinator)
        if contracted:
            factories.contract(self.newcomer, self.counsellor)
        self.contact = factories.contact(name="Marleen", person_id=self.buddy.person_id)
        self.offer = factories.offer(
            kind=OfferKind.BUDDY, contact_person=self.contact, duo_id=self.duo.id, published_at=None
        )
        other_duo = duo_factories.duo(
            newcomer=factories.newcomer(), buddy=factories.buddy(), approved_by=self.coordinator
        )
        self.people: dict[str, Person] = {
            "newcomer": self.newcomer.person, "buddy": self.buddy.person, "counsellor": self.counsellor,
            "coordinator": self.coordinator, "administrator": factories.administrator(),
            "other newcomer": other_duo.newcomer.person, "other buddy": other_duo.buddy.person,
            "other counsellor": factories.counsellor(), "other coordinator": factories.coordinator("kempen"),
            "organisation": factories.member(), "helper": factories.person(roles=(Role.HELPER,)),
        }  # fmt: skip

    def everybody(self) -> dict[str, Viewer]:
        """Who they are at this moment, and somebody who is not signed in."""
        return {name: factories.viewer(human) for name, human in self.people.items()} | {"nobody": ANONYMOUS}

    def entry(self, state: EntryState, **values) -> HourEntry:
        asked = 90 if state is CORRECTED else None
        return factories.entry(
            self.newcomer, self.offer, state=state, duo_id=self.duo.id, asked_minutes=asked, **values
        )

    def link(self, **facts) -> str:
        return new_link(LinkPurpose.CONFIRM_HOURS, locale="nl", contact_person_id=self.contact.id, **facts)


def by_account(actor: Viewer) -> confirmations.Signer:
    return confirmations.signer_by_account(actor)
