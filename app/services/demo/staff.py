"""The staff of the demo: one coordinator a network, counsellors of the three agencies, a helper, an administrator."""

from dataclasses import dataclass
from random import Random

from sqlalchemy import select

from app.db import session
from app.models import ContactPerson, Grant, Person, SecondFactor
from app.queries.accounts import viewer_of
from app.reference.networks import networks
from app.security.identity import canonical_email
from app.security.secrets import new_token
from app.security.viewer import Viewer
from app.services import administrators, staff
from app.services.accounts import LinkFor
from app.services.demo.activities import INSURER
from app.services.demo.names import families, men, women
from app.services.demo.population import DOMAIN
from app.services.networks import NetworkSettings, set_network
from app.vocabulary import Role

COUNSELLORS = {"agii": 5, "atlas": 2, "amal": 2}
AGENCY_OF_NETWORK = {"antwerpen-stad": "atlas", "gent-stad": "amal"}  # elsewhere AgII
WITH_A_KEY = ("antwerpen-stad", "gent-stad", "kempen")
HELP_PHONE = "+32400100200"  # in a range that nobody has


@dataclass(frozen=True)
class Staff:
    """Who works in the demo: coordinators by network, counsellors by agency, the administrator."""

    coordinators: dict[str, Person]
    counsellors: dict[str, list[Person]]
    administrator: Person


def hire(seed: int, invitation: LinkFor) -> Staff:
    """Make the staff as a first administrator would: by inviting them."""
    random = Random(f"staff {seed}")  # noqa: S311 - names, not secrets
    address = f"administrator@{DOMAIN}"
    administrators.first(full_name="Machteld Coppens", email=address, locale="nl")
    administrator = (
        session().scalars(select(Person).where(Person.email_canonical == canonical_email(address))).one()
    )
    boss = viewer_of(administrator)
    _more_administrators(boss, invitation)

    def invite(name: str, role: Role, network: str | None = None, agency: str | None = None) -> Person:
        full_name = f"{random.choice(women('nl') + men('nl'))} {random.choice(families('nl'))}"
        return staff.invite(
            boss, full_name=full_name, email=f"{name}@{DOMAIN}", locale="nl", role=role, network=network, agency=agency,
            link_for=invitation,
        )  # fmt: skip

    coordinators = {
        network.slug: invite(f"coordinator.{network.slug}", Role.COORDINATOR, network=network.slug)
        for network in networks()
    }
    counsellors = {
        agency: [
            invite(f"counsellor{number}.{agency}", Role.COUNSELLOR, agency=agency)
            for number in range(1, count + 1)
        ]
        for agency, count in COUNSELLORS.items()
    }
    invite("helper", Role.HELPER)
    for slug, coordinator in coordinators.items():
        deputy = f"{random.choice(women('nl'))} {random.choice(families('nl'))}"
        set_network(
            viewer_of(coordinator),
            slug,
            _settings(coordinator.full_name, deputy, random.choice((3, 5, 7, 10))),
        )
    return Staff(coordinators, counsellors, administrator)


def _more_administrators(boss: Viewer, invitation: LinkFor) -> None:
    """A second one, to whom who runs the server agreed, and a third one for whom that one asks: the first may agree."""
    second = f"administrator2@{DOMAIN}"
    administrators.ask(boss, full_name="Wouter De Smet", email=second, locale="nl", link_for=invitation)
    administrators.agree_by_hand(second, link_for=invitation)
    person = session().scalars(select(Person).where(Person.email_canonical == canonical_email(second))).one()
    administrators.ask(
        viewer_of(person), full_name="Ines Claes", email=f"administrator3@{DOMAIN}", locale="nl", link_for=invitation
    )  # fmt: skip


def give_keys(staff: Staff) -> None:
    """Some coordinators, none of whom is tried, have the second factor that in service all have."""
    session().add_all(
        SecondFactor(person_id=staff.coordinators[slug].id, salt=new_token(), last_step=0) for slug in WITH_A_KEY
    )  # fmt: skip


def _settings(caller: str, deputy: str, days: int) -> NetworkSettings:
    return NetworkSettings(
        caller_name=caller, deputy_name=deputy, call_within_days=days, duo_silent_weeks=4, check_in_weeks=8,
        call_when="Op werkdagen tussen 9 en 17 uur, op dinsdag ook 's avonds", call_when_language="nl",
        help_phone=HELP_PHONE, insurer=INSURER, newcomer_insurer=INSURER, buddy_ask_weeks=8,
    )  # fmt: skip


def give_account(contact: ContactPerson) -> Person:
    """An account for a contact person of an organisation that was there already."""
    address = f"organisation@{DOMAIN}"
    person = Person(
        full_name=contact.name, locale="nl", email=address, email_canonical=canonical_email(address)
    )
    person.grants.append(Grant(role=Role.ORGANISATION, organisation_id=contact.organisation_id))
    session().add(person)
    session().flush()
    contact.person_id = person.id
    return person
