"""The six people as whom the demo can be tried, and what is told about them at a start."""

from sqlalchemy import select

from app.db import session
from app.models import ContactPerson, Duo, HourEntry, Newcomer, Offer, Person
from app.queries.accounts import viewer_of
from app.security.identity import canonical_email
from app.services.accounts import change_account, give_code, new_link
from app.services.demo.links import DemoLinks
from app.services.demo.pairs import Pairing, Story
from app.services.demo.population import DOMAIN
from app.services.demo.staff import Staff
from app.vocabulary import EntryState
from app.vocabulary.records import LinkPurpose

NETWORK = "rivierenland"
AGENCY = "agii"
NAMED = ("volunteer", "coordinator", "counsellor", "organisation", "helper", "administrator")


def choose(pairings: list[Pairing]) -> Duo:
    """The duo of Rivierenland that is tried: active, and with a newcomer who writes Arabic where there is one."""
    ids = [pairing.duo_id for pairing in pairings if pairing.story is Story.ACTIVE]
    duos = session().scalars(
        select(Duo).join(Newcomer, Newcomer.id == Duo.newcomer_id).join(Person, Person.id == Newcomer.person_id)
        .where(Duo.id.in_(ids), Duo.network_slug == NETWORK)
        .order_by(Person.locale != "ar", Duo.id)
    )  # fmt: skip
    return duos.unique().first() or session().get_one(Duo, ids[0])


def name_pair(duo: Duo) -> None:
    """Give the volunteer and the newcomer of that duo the names that are told; before papers are signed in them."""
    volunteer, newcomer = duo.buddy.person, duo.newcomer.person
    change_account(
        viewer_of(volunteer),
        full_name="Marleen Wouters",
        call_name="Marleen",
        phone=volunteer.phone,
        locale="nl",
    )
    change_account(
        viewer_of(newcomer), full_name="أمينة الحداد", call_name="أمينة", phone=newcomer.phone, locale="ar"
    )
    newcomer.email = newcomer.email_canonical = None  # comes in by code, as people without e-mail do
    _rename_as_contact(volunteer)
    session().flush()


def give_addresses(duo: Duo, staff: Staff) -> None:
    """Give the volunteer, the coordinator and the counsellor of that duo the addresses that are told."""
    # No use-case changes an address, which would have to be confirmed.
    counsellor = duo.newcomer.counsellor or staff.counsellors[AGENCY][0]
    for name, person in (
        ("volunteer", duo.buddy.person),
        ("coordinator", staff.coordinators[NETWORK]),
        ("counsellor", counsellor),
    ):
        person.email = f"{name}@{DOMAIN}"
        person.email_canonical = canonical_email(person.email)
    session().flush()


def _rename_as_contact(volunteer: Person) -> None:
    """Who signs the hours of a duo was written down under the name of that day: the new one stands there too."""
    contacts = list(session().scalars(select(ContactPerson).where(ContactPerson.person_id == volunteer.id)))
    for contact in contacts:
        contact.name = volunteer.full_name
    signed = Offer.contact_person_id.in_([contact.id for contact in contacts])
    for offer in session().scalars(select(Offer).where(Offer.duo_id.is_not(None), signed)):
        offer.title = volunteer.first_name


def tell_who(duo: Duo, password: str, links: DemoLinks, *, secret_key: str) -> list[str]:
    """The lines that tell who can be tried, and how; secrets are new at each load."""
    code = give_code(duo.newcomer.person_id, secret_key=secret_key)
    waiting = session().scalars(
        select(HourEntry).where(HourEntry.newcomer_id == duo.newcomer_id, HourEntry.state == EntryState.SUBMITTED)
        .order_by(HourEntry.id)
    ).first()  # fmt: skip
    lines = [
        "Try it as one of these people. All people are invented; the places and the proportions are real.",
        f"Sign in at {links.registration.sign_in('nl')} with the password {password}",
    ]
    lines += [f"  {name:<15} {name}@{DOMAIN}" for name in NAMED]
    lines.append(f"  {'newcomer':<15} {links.code('ar', code)}  (or type the code {code})")
    if waiting is not None:
        contact = waiting.contact_person
        token = new_link(LinkPurpose.CONFIRM_HOURS, locale="nl", contact_person_id=contact.id)
        lines.append(f"  {'contact person':<15} {links.confirm_hours('nl', token)}")
    return lines
