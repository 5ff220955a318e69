"""The staff of the demo: one coordinator a network, counsellors of the three agencies, a helper, an administrator."""

from dataclasses import dataclass
from random import Random

from sqlalchemy import select

from app.db import session
from app.models import Grant, Organisation, Person
from app.queries.accounts import viewer_of
from app.reference.networks import networks
from app.security.identity import canonical_email
from app.security.viewer import Viewer
from app.services import administrators, staff
from app.services.accounts import LinkFor
from app.services.demo.activities import INSURER
from app.services.demo.names import families, men, women
from app.services.demo.population import DOMAIN
from app.vocabulary import Role

COUNSELLORS = {"agii": 5, "atlas": 2, "amal": 2}
AGENCY_OF_NETWORK = {"antwerpen-stad": "atlas", "gent-stad": "amal"}


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
    administrator = session().scalars(select(Person).where(Person.email_canonical == canonical_email(address))).one()
    boss = viewer_of(administrator)

    def invite(name: str, role: Role, network: str | None = None, agency: str | None = None) -> Person:
        full_name = f"{random.choice(women('nl') + men('nl'))} {random.choice(families('nl'))}"
        return staff.invite(
            boss, full_name=full_name, email=f"{name}@{DOMAIN}", locale="nl", role=role, network=network, agency=agency,
            link_for=invitation,
        )  # fmt: skip

    coordinators = {
        network.slug: invite(f"coordinator.{network.slug}", Role.COORDINATOR, network=network.slug) for network in networks()
    }
    counsellors = {
        agency: [invite(f"counsellor{number}.{agency}", Role.COUNSELLOR, agency=agency) for number in range(1, count + 1)]
        for agency, count in COUNSELLORS.items()
    }
    invite("helper", Role.HELPER)
    for slug, coordinator in coordinators.items():
        _settle_network(viewer_of(coordinator), slug, coordinator)
    return Staff(coordinators, counsellors, administrator)


def _settle_network(actor: Viewer, slug: str, coordinator: Person) -> None:
    raise NotImplementedError


def welcome_organisation(organisation: Organisation, full_name: str) -> Person:
    """An account for a contact of an organisation; organisations cannot register on the site yet."""
    person = Person(
        full_name=full_name, locale="nl", email=f"organisation@{DOMAIN}", email_canonical=canonical_email(f"organisation@{DOMAIN}")
    )
    person.grants.append(Grant(role=Role.ORGANISATION, organisation_id=organisation.id))
    session().add(person)
    session().flush()
    return person
