"""What can be joined in the demo: invented organisations of every network with activities of all nine kinds."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from types import MappingProxyType
from typing import Final

from app.clock import now, today
from app.db import session, transaction
from app.models import ContactPerson, Offer, Organisation, Person
from app.reference.gazetteer import Municipality
from app.reference.networks import members, networks
from app.services.demo.names import families, men, women
from app.services.demo.population import CITIES, DOMAIN
from app.services.records import audit
from app.vocabulary import OfferKind

K = OfferKind
INSURER: Final = "Voorbeeldverzekering"


@dataclass(frozen=True)
class Activity:
    """A published activity: whose, what, in plain Dutch, when, and for which interest and level."""

    house: str
    kind: OfferKind
    title: str
    words: str
    when: str
    slot: str
    price: str = "gratis"
    level: str = "none"
    interest: str = ""


HOUSES: Final[Mapping[str, str]] = MappingProxyType({
    "house": "Buurthuis De Loods {town}", "library": "Bibliotheek {town}", "sport": "Sportclub Samen Sterk {town}",
    "garden": "Buurtmoestuin {town}", "culture": "Cultuurkring De Brug {town}", "school": "Avondschool {town}",
    "firm": "Atelier Handvast {town}",
})  # fmt: skip

ACTIVITIES: Final = (
    Activity("house", K.CONVERSATION_GROUP, "Koffie en praten in De Loods",
             "We drinken koffie en praten Nederlands. Er zijn altijd buren die goed Nederlands spreken. Je mag fouten maken.",
             "Elke dinsdag van 10 tot 12 uur", "tue-morning", level="a1", interest="languages-conversation"),
    Activity("library", K.CONVERSATION_GROUP, "Praattafel in de bibliotheek",
             "Zes mensen aan een tafel, en een vrijwilliger. We praten over het nieuws, eten en de stad.",
             "Elke woensdag van 19 tot 20.30 uur", "wed-evening", level="a2", interest="languages-conversation"),
    Activity("garden", K.VOLUNTEERING, "Helpen in de buurtmoestuin",
             "We zaaien, wieden en oogsten samen. Je krijgt groenten mee naar huis. Kinderen zijn welkom.",
             "Elke zaterdag vanaf 9.30 uur", "sat-morning", level="a1", interest="gardening"),
    Activity("house", K.VOLUNTEERING, "Koken voor het buurtrestaurant",
             "Je kookt in een ploeg van vijf voor veertig mensen. Daarna eten we samen.",
             "Elke donderdag van 14 tot 18 uur", "thu-afternoon", level="a2", interest="cooking"),
    Activity("school", K.COURSE, "Fietsen repareren",
             "In vier lessen leer je een band plakken, remmen en lichten maken. De helft van de groep woont hier al lang.",
             "Vier maandagen van 19 tot 22 uur", "mon-evening", "10 euro", "a2", "diy-repair"),
    Activity("culture", K.SOCIOCULTURAL_ASSOCIATION, "Zingen in het buurtkoor",
             "Je hoeft geen noten te lezen. We zingen liedjes uit de hele wereld, ook in het Nederlands.",
             "Elke donderdag van 20 tot 22 uur", "thu-evening", "eerste maand gratis", "a1", "singing"),
    Activity("sport", K.SPORT, "Samen volleyballen",
             "Een gemengde ploeg voor iedereen. Sportschoenen zijn genoeg. Na de training drinken we iets.",
             "Elke donderdag om 20 uur", "thu-evening", "eerste keer gratis", "none", "volleyball"),
    Activity("sport", K.SPORT, "Wandelen met de buurt",
             "We wandelen een uur, traag genoeg om te praten. Elke week een andere weg.",
             "Elke zondag om 10 uur", "sun-morning", interest="walking"),
    Activity("library", K.OTHER, "Spelletjesmiddag",
             "Bordspellen die je zonder veel woorden leert. Samen met gezinnen uit de buurt.",
             "Elke woensdag van 14 tot 17 uur", "wed-afternoon", interest="board-games"),
    Activity("house", K.BUDDY, "Buddycafé",
             "Buddy's en nieuwkomers ontmoeten elkaar. Kom alleen of met je buddy.",
             "Elke eerste vrijdag om 19 uur", "fri-evening", interest="languages-conversation"),
    Activity("house", K.INFORMAL_PARTICIPATION, "Straatfeest voorbereiden",
             "Samen met de buren maken we een feest voor de straat: tafels, muziek en eten.",
             "Zaterdag van 14 tot 18 uur", "sat-afternoon", level="a1", interest="city-discovery"),
    Activity("firm", K.WORK_PLACEMENT, "Meelopen in het atelier",
             "Je werkt drie dagen mee en leert collega's kennen. Je krijgt een vaste begeleider.",
             "Op afspraak, overdag", "mon-morning", level="a2", interest="job-search"),
)  # fmt: skip


def open_doors(coordinators: Mapping[str, Person]) -> dict[str, ContactPerson]:
    """Make the organisations, contact persons and published activities of all networks.

    Returns who signs for the neighbourhood house of each network. No use-case makes organisations and activities
    yet, so these rows are written here.
    """
    houses: dict[str, ContactPerson] = {}
    with transaction():
        for number, network in enumerate(networks()):
            coordinator, towns = coordinators[network.slug], _towns(network.slug)
            contacts = {}
            for at, house in enumerate(HOUSES):
                name = _contact_name(7 * number + at)
                contacts[house] = _organisation(
                    house, towns[at % len(towns)].name, name, coordinator, network.slug
                )
            for activity in ACTIVITIES:
                _offer(activity, *contacts[activity.house], coordinator, network.slug)
            houses[network.slug] = contacts["house"][0]
    return houses


def _towns(network: str) -> list[Municipality]:
    """The three towns of a network where most happens: the biggest, then the first."""
    return sorted(members(network), key=lambda town: (-CITIES.get(town.name, 0), town.nis))[:3]


def _contact_name(number: int) -> str:
    names, kin = (women("nl"), men("nl"))[number % 2], families("nl")
    return f"{names[3 * number % len(names)]} {kin[5 * number % len(kin)]}"


def _organisation(
    house: str, town: str, contact_name: str, coordinator: Person, network: str
) -> tuple[ContactPerson, str]:
    """An organisation that its coordinator has verified, with the person who signs for it; and its town."""
    organisation = Organisation(
        name=HOUSES[house].format(town=town), network_slug=network, verified_at=now(), verified_by_id=coordinator.id
    )  # fmt: skip
    session().add(organisation)
    session().flush()
    audit(None, "organisation-verified", "organisation", organisation.id, network=network)
    contact = ContactPerson(
        name=contact_name, function="Verantwoordelijke", organisation_id=organisation.id, locale="nl",
        email=f"{house}.{network}@{DOMAIN}",
    )  # fmt: skip
    session().add(contact)
    session().flush()
    return contact, town


def _offer(activity: Activity, contact: ContactPerson, town: str, coordinator: Person, network: str) -> None:
    offer = Offer(
        kind=activity.kind, title=activity.title, words=activity.words, words_language="nl", network_slug=network,
        municipality=town, place=HOUSES[activity.house].format(town="").strip(), when_words=activity.when, slot=activity.slot,
        price_words=activity.price, dutch_level=activity.level, interest=activity.interest or None,
        organisation_id=contact.organisation_id, contact_person_id=contact.id, dutch_spoken=True, people_met=True,
        criteria_by_id=coordinator.id, criteria_on=today() - timedelta(days=30), insurer=INSURER, published_at=now(),
    )  # fmt: skip
    session().add(offer)
