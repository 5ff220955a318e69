"""People and things for tests, straight into the database, with named traits. Inside a transaction of their own."""

from datetime import date, datetime, timedelta
from itertools import count
from typing import Any

from app import rhythms
from app.clock import now, today
from app.db import session, transaction
from app.models import (
    Agency,
    Block,
    BlockHit,
    Buddy,
    Consent,
    ContactPerson,
    ContractVersion,
    Exemption,
    Gathering,
    Grant,
    HourEntry,
    Network,
    Newcomer,
    Offer,
    OfferText,
    Organisation,
    Person,
    Proof,
)  # fmt: skip
from app.queries.accounts import viewer_of
from app.queries.blocks import hashes_of
from app.reference import gazetteer
from app.security.identity import canonical_email
from app.security.viewer import ANONYMOUS, Viewer
from app.services import listings, proofs, sums
from app.vocabulary import BuddyState, DutchLevel, EntryState, NewcomerState, Obligation, OfferKind, Role
from app.vocabulary.activities import OfferState, TextMaker
from app.vocabulary.blocks import BlockReason
from app.vocabulary.contracts import Evidence, ExemptionGround
from app.vocabulary.registrations import CONSENT_VERSIONS, ConsentText

_numbers = count(1)
PASSWORD = "korenbloem-vijver-42"


def _place(postcode: str) -> dict[str, str]:
    place = gazetteer.find(postcode)[0]
    return {
        "postcode": place.postcode, "locality": place.locality, "municipality": place.municipality,
        "province": place.province, "network_slug": place.network,
    }  # fmt: skip


def person(
    *, roles: tuple[Role, ...] = (), network: str | None = None, email: bool = True, **values: Any
) -> Person:
    """A person; `email=False` has none. `roles` are granted in `network` where they need one."""
    number = next(_numbers)
    address = f"person{number}@example.be" if email else None
    values = {"full_name": f"Person {number}", "locale": "nl", "email": address, **values}
    values.setdefault("email_canonical", values["email"] and canonical_email(values["email"]))
    with transaction() as db:
        made = Person(**values)
        db.add(made)
        db.flush()
        for role in roles:
            db.add(
                Grant(
                    person_id=made.id, role=role, network_slug=network if role is Role.COORDINATOR else None
                )
            )
        db.flush()
    return made


def coordinator(network: str = "rivierenland", **values: Any) -> Person:
    """A coordinator of that network."""
    return person(roles=(Role.COORDINATOR,), network=network, **values)


def counsellor(agency: str = "agii", **values: Any) -> Person:
    """A trajectory counsellor of that agency."""
    made = person(**values)
    with transaction() as db:
        db.add(Grant(person_id=made.id, role=Role.COUNSELLOR, agency_slug=agency))
    return made


def grant(human: Person, role: Role, *, network: str | None = None, agency: str | None = None) -> None:
    """One more role for that person."""
    with transaction() as db:
        db.add(Grant(person_id=human.id, role=role, network_slug=network, agency_slug=agency))


def administrator(**values: Any) -> Person:
    """Somebody who keeps the site."""
    return person(roles=(Role.ADMINISTRATOR,), **values)


def buddy(
    postcode: str = "2800",
    *,
    state: BuddyState = BuddyState.APPROVED,
    locale: str = "nl",
    name: str | None = None,
    **values: Any,
) -> Buddy:
    """A buddy, ready and with one free place unless said otherwise."""
    human = person(
        roles=(Role.BUDDY,), locale=locale, **({"full_name": name} if name else {}), phone="+32470000001"
    )
    defaults: dict[str, Any] = {
        "languages": ["fr"], "interests": ["cooking", "cycling"], "availability": ["sat-morning", "wed-evening"],
        "max_km": 25, "insurer": "Ethias", "capacity": 1,
    }  # fmt: skip
    with transaction() as db:
        made = Buddy(person_id=human.id, state=state, **{**_place(postcode), **defaults, **values})
        db.add(made)
    return made


def newcomer(
    postcode: str = "2800", *, state: NewcomerState = NewcomerState.WAITING, locale: str = "ar", email: bool = True,
    name: str | None = None, counsellor: Person | None = None, **values: Any,
) -> Newcomer:  # fmt: skip
    """A newcomer who waits, unless said otherwise; `email=False` has neither e-mail nor password."""
    human = person(
        roles=(Role.NEWCOMER,),
        locale=locale,
        email=email,
        **({"full_name": name} if name else {}),
        phone="+32470000002",
    )
    defaults: dict[str, Any] = {
        "languages": ["ar", "fr"], "interests": ["cooking", "cycling"], "availability": ["sat-morning"], "max_km": 20,
        "dutch_level": DutchLevel.A2, "waiting_since": today() - timedelta(days=40), "goals": ["practise-dutch"],
    }  # fmt: skip
    with transaction() as db:
        made = Newcomer(
            person_id=human.id, state=state, counsellor_id=counsellor and counsellor.id,
            **{**_place(postcode), **defaults, **values},
        )  # fmt: skip
        db.add(made)
    return made


def blocked(by: Person, one: Buddy | Newcomer, **values: Any) -> BlockHit:
    """Somebody who registered while on the block list of the network, and is not decided about."""
    by_email, by_phone = hashes_of(one.person)
    defaults: dict[str, Any] = {"reason": BlockReason.SAFETY, "review_on": today() + timedelta(days=90)}
    with transaction() as db:
        block = Block(
            network_slug=one.network_slug, by_person_id=by.id, email_hash=by_email, phone_hash=by_phone,
            **{**defaults, **values},
        )  # fmt: skip
        made = BlockHit(block=block, person_id=one.person_id, network_slug=one.network_slug)
        db.add(made)
    return made


def contract(
    newcomer: Newcomer,
    by: Person,
    *,
    obligation: Obligation = Obligation.OBLIGED,
    days: int = 300,
    **values: Any,
) -> ContractVersion:
    """A first contract that began 60 days ago and runs for `days` more."""
    defaults: dict[str, Any] = {
        "number": 1,
        "agency_slug": "agii",
        "starts_on": today() - timedelta(days=60),
        "ends_on": today() + timedelta(days=days),
    }
    with transaction() as db:
        made = ContractVersion(
            newcomer_id=newcomer.id, obligation=obligation, by_person_id=by.id, **{**defaults, **values}
        )
        db.add(made)
        sums.count_newcomers([newcomer.id])
    return made


def exemption(newcomer: Newcomer, by: Person, **values: Any) -> Exemption:
    """An exemption for studies that began ten days ago and has no end."""
    defaults: dict[str, Any] = {
        "ground": ExemptionGround.STUDY, "half_time": False, "evidence": Evidence.ENROLMENT, "seen_on": today(),
        "valid_from": today() - timedelta(days=10), "decided_on": today(),
    }  # fmt: skip
    with transaction() as db:
        made = Exemption(newcomer_id=newcomer.id, decided_by_id=by.id, **{**defaults, **values})
        db.add(made)
    return made


def organisation(network: str = "rivierenland", *, verified: bool = True, **values: Any) -> Organisation:
    """An organisation, verified unless said otherwise."""
    with transaction() as db:
        made = Organisation(
            **{
                "name": f"Club {next(_numbers)}",
                "network_slug": network,
                "confirmed_at": now(),
                "verified_at": now() if verified else None,
                **values,
            }
        )
        db.add(made)
    return made


def member() -> Person:
    """Somebody of a verified organisation that has nothing to do with anything else here."""
    human, club = person(), organisation()
    with transaction() as db:
        db.add(Grant(person_id=human.id, role=Role.ORGANISATION, organisation_id=club.id))
    return human


def contact(**values: Any) -> ContactPerson:
    """A contact person with an e-mail address and no account."""
    with transaction() as db:
        made = ContactPerson(
            **{"name": f"Contact {next(_numbers)}", "email": f"contact{next(_numbers)}@example.be", **values}
        )
        db.add(made)
    return made


def offer(
    *, kind: OfferKind = OfferKind.CONVERSATION_GROUP, network: str = "rivierenland", **values: Any
) -> Offer:
    """A published offer that meets both criteria, with a contact person of its own unless one is given.

    `interest` and `slot` name one of each; `gatherings` are rows of values of Gathering (else one in the municipality,
    `slot` its moment). `published_at=None` makes a draft where an organisation is given, and else what is nobody's.
    """
    by = values.pop("contact_person", None) or contact()
    slot, interest = values.pop("slot", None), values.pop("interest", None)
    gatherings = values.pop("gatherings", None)
    defaults: dict[str, Any] = {
        "title": f"Offer {next(_numbers)}", "municipality": "Mechelen", "dutch_spoken": True, "people_met": True,
        "published_at": now(), "contact_person_id": by.id, "interests": [interest] if interest else [],
    }  # fmt: skip
    values = {**defaults, **values}
    if not values.get("duo_id") and not values.get("newcomer_id"):
        draft = OfferState.DRAFT if values.get("organisation_id") else None
        values.setdefault("state", OfferState.PUBLISHED if values["published_at"] else draft)
    if gatherings is None:
        gatherings = [{"municipality": values["municipality"], "slots": [slot] if slot else []}]
    with transaction() as db:
        made = Offer(kind=kind, network_slug=network, **values)
        if made.state is not None:
            made.gatherings = [Gathering(position=at, **row) for at, row in enumerate(gatherings)]
        db.add(made)
        db.flush()
        if made.state is OfferState.PUBLISHED:
            listings.refresh([made.id])
    return made


def weekly(weekday: int = 1, start: str = "10:00", minutes: int = 120, **values: Any) -> dict[str, Any]:
    """A gathering each week on that day (0 = Monday) in Mechelen, from a week ago on, for `offer(gatherings=[…])`."""
    return {
        "place": "Buurthuis", "postcode": "2800", "locality": "Mechelen", "municipality": "Mechelen",
        "rule": rhythms.weekly([weekday]), "first_on": today() - timedelta(days=7), "start": start, "minutes": minutes,
        **values,
    }  # fmt: skip


def text(offer: Offer, language: str, **values: Any) -> OfferText:
    """A fresh text of that activity in that language, made by a person."""
    with transaction() as db:
        defaults: dict[str, Any] = {
            "title": f"{offer.title} ({language})", "made_by": TextMaker.PERSON, "source_mark": offer.text_mark,
        }  # fmt: skip
        made = OfferText(offer_id=offer.id, language=language, **{**defaults, **values})
        db.add(made)
    return made


def organisation_contact(of: Organisation, **values: Any) -> Person:
    """A contact person of that organisation who has an account, and is known as its contact person."""
    made = person(**values)
    with transaction() as db:
        db.add(Grant(person_id=made.id, role=Role.ORGANISATION, organisation_id=of.id))
        db.add(ContactPerson(name=made.full_name, email=made.email, organisation_id=of.id, person_id=made.id))
    return made


def entry(
    newcomer: Newcomer, offer: Offer, *, starts_at: datetime | None = None, minutes: int = 120,
    state: EntryState = EntryState.DRAFT, **values: Any,
) -> HourEntry:  # fmt: skip
    """Some time told; each entry without a start lies on a day of its own in the past."""
    starts_at = starts_at or now().replace(hour=9, minute=0, second=0, microsecond=0) - timedelta(
        days=next(_numbers) % 50 + 1
    )
    with transaction() as db:
        made = HourEntry(
            newcomer_id=newcomer.id, offer_id=offer.id, contact_person_id=offer.contact_person_id, starts_at=starts_at,
            ends_at=HourEntry.end(starts_at, minutes), minutes=minutes, dutch_company=True, state=state,
            entered_by_id=newcomer.person_id, submission_key=f"test-{next(_numbers)}", **values,
        )  # fmt: skip
        db.add(made)
        sums.count_newcomers([newcomer.id])
    return made


def proof(*entries: HourEntry) -> Proof:
    """A signed proof on which these confirmed entries of one newcomer, kind and contact person stand."""
    with transaction() as db:
        for line in entries:
            proofs.join(line)
        made = db.get_one(Proof, entries[0].proof_id)
        by = proofs.Signature(made.contact_person.name, "mailed-link", now())
        proofs.freeze(made, entries, by, actor=ANONYMOUS, role=None, remark="")
    return made


def consent(human: Person, **values: Any) -> Consent:
    """That somebody agreed to today's text about privacy, read in Dutch."""
    text = ConsentText.PRIVACY
    made = Consent(
        **{
            "person_id": human.id,
            "text": text.value,
            "version": CONSENT_VERSIONS[text],
            "locale": "nl",
            **values,
        }
    )
    with transaction() as db:
        db.add(made)
        db.flush()
    return made


def viewer(human: Person) -> Viewer:
    """What that person may be at this moment."""
    session().expire_all()
    return viewer_of(session().get_one(Person, human.id))


def a_network(slug: str = "rivierenland") -> Network:
    """The network of that slug, as the migrations made it."""
    return session().get_one(Network, slug)


def an_agency(slug: str = "agii") -> Agency:
    """The agency of that slug, as the migrations made it."""
    return session().get_one(Agency, slug)


def days_from_now(days: int) -> date:
    """A day relative to today."""
    return today() + timedelta(days=days)
