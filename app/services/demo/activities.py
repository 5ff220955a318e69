"""What can be joined in the demo: invented organisations of every network with activities of all nine kinds."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from types import MappingProxyType
from typing import Final

from sqlalchemy import select

from app.clock import now, today
from app.db import session, transaction
from app.models import ContactPerson, Gathering, Offer, Organisation, Person
from app.reference import gazetteer
from app.reference.gazetteer import Municipality
from app.reference.networks import members, networks
from app.rhythms import monthly, weekly
from app.services import listings
from app.services.demo.names import families, men, women
from app.services.demo.population import CITIES, DOMAIN
from app.services.records import audit
from app.vocabulary import OfferKind
from app.vocabulary.activities import OfferGoal, OfferState, Suited

K = OfferKind
G = OfferGoal
INSURER: Final = "Voorbeeldverzekering"
MEETING_WORDS: Final = "We zitten samen aan tafel of werken samen, met buren die hier al lang wonen."
DAYTIME: Final = ["mon-morning", "tue-morning", "wed-morning"]
ON_FOR_DAYS: Final = 150


@dataclass(frozen=True)
class Activity:
    """A published activity: whose, what, in plain Dutch, when, for which goals, interest and level, and for how much.

    `on` is a day of the week (0 = Monday), `start` HH:MM and `minutes` long; `number` makes it that one of the month.
    Without `start` nothing is fixed and `when` says so.
    """

    house: str
    kind: OfferKind
    title: str
    words: str
    on: int
    start: str
    minutes: int
    goals: tuple[G, ...]
    level: str = "none"
    interest: str = ""
    price: int = 0
    note: str = ""
    when: str = ""
    number: int = 0
    suited: tuple[Suited, ...] = ()
    places: int | None = None


HOUSES: Final[Mapping[str, str]] = MappingProxyType({
    "house": "Buurthuis De Loods {town}", "library": "Bibliotheek {town}", "sport": "Sportclub Samen Sterk {town}",
    "garden": "Buurtmoestuin {town}", "culture": "Cultuurkring De Brug {town}", "school": "Avondschool {town}",
    "firm": "Atelier Handvast {town}",
})  # fmt: skip

ACTIVITIES: Final = (
    Activity("house", K.CONVERSATION_GROUP, "Koffie en praten in De Loods",
             "We drinken koffie en praten Nederlands. Er zijn altijd buren die goed Nederlands spreken. Je mag fouten maken.",
             1, "10:00", 120, (G.LEARN_DUTCH, G.MEET_PEOPLE), "a1", "languages-conversation", suited=tuple(Suited)),
    Activity("library", K.CONVERSATION_GROUP, "Praattafel in de bibliotheek",
             "Zes mensen aan een tafel, en een vrijwilliger. We praten over het nieuws, eten en de stad.",
             2, "19:00", 90, (G.LEARN_DUTCH,), "a2", "languages-conversation", suited=(Suited.WHEELCHAIR,), places=6),
    Activity("garden", K.VOLUNTEERING, "Helpen in de buurtmoestuin",
             "We zaaien, wieden en oogsten samen. Je krijgt groenten mee naar huis. Kinderen zijn welkom.",
             5, "09:30", 150, (G.BECOME_VOLUNTEER, G.MEET_PEOPLE), "a1", "gardening",
             suited=(Suited.CHILDREN, Suited.READS_LITTLE)),
    Activity("house", K.VOLUNTEERING, "Koken voor het buurtrestaurant",
             "Je kookt in een ploeg van vijf voor veertig mensen. Daarna eten we samen.",
             3, "14:00", 240, (G.BECOME_VOLUNTEER, G.PREPARE_FOR_WORK), "a2", "cooking", places=5),
    Activity("school", K.COURSE, "Fietsen repareren",
             "In vier lessen leer je een band plakken, remmen en lichten maken. De helft van de groep woont hier al lang.",
             0, "19:00", 180, (G.LEARN_SOMETHING,), "a2", "diy-repair", price=1000, places=12),
    Activity("culture", K.SOCIOCULTURAL_ASSOCIATION, "Zingen in het buurtkoor",
             "Je hoeft geen noten te lezen. We zingen liedjes uit de hele wereld, ook in het Nederlands.",
             3, "20:00", 120, (G.MEET_PEOPLE, G.MAKE_FRIENDS), "a1", "singing", price=500, note="Eerste maand gratis",
             suited=(Suited.READS_LITTLE,)),
    Activity("sport", K.SPORT, "Samen volleyballen",
             "Een gemengde ploeg voor iedereen. Sportschoenen zijn genoeg. Na de training drinken we iets.",
             3, "20:00", 90, (G.MAKE_FRIENDS,), "none", "volleyball", price=300, note="Eerste keer gratis",
             suited=(Suited.READS_LITTLE,)),
    Activity("sport", K.SPORT, "Wandelen met de buurt",
             "We wandelen een uur, traag genoeg om te praten. Elke week een andere weg.",
             6, "10:00", 60, (G.MEET_PEOPLE,), interest="walking", suited=(Suited.CHILDREN, Suited.READS_LITTLE)),
    Activity("sport", K.SPORT, "Voetballen met ouders en kinderen",
             "Grote en kleine spelers in één ploeg, voor het plezier. Je hoeft niet goed te kunnen voetballen.",
             2, "14:30", 90, (G.MEET_PEOPLE, G.MAKE_FRIENDS), interest="football",
             suited=(Suited.CHILDREN, Suited.READS_LITTLE)),
    Activity("library", K.OTHER, "Spelletjesmiddag",
             "Bordspellen die je zonder veel woorden leert. Samen met gezinnen uit de buurt.",
             2, "14:00", 180, (G.MEET_PEOPLE, G.MAKE_FRIENDS), interest="board-games", suited=tuple(Suited)),
    Activity("house", K.BUDDY, "Buddycafé",
             "Buddy's en nieuwkomers ontmoeten elkaar. Kom alleen of met je buddy.",
             4, "19:00", 120, (G.MAKE_FRIENDS,), interest="languages-conversation", number=1),
    Activity("house", K.INFORMAL_PARTICIPATION, "Straatfeest voorbereiden",
             "Samen met de buren maken we een feest voor de straat: tafels, muziek en eten.",
             5, "14:00", 240, (G.MEET_PEOPLE, G.LEARN_SOMETHING), "a1", "city-discovery"),
    Activity("firm", K.WORK_PLACEMENT, "Meelopen in het atelier",
             "Je werkt drie dagen mee en leert collega's kennen. Je krijgt een vaste begeleider.",
             0, "", 0, (G.PREPARE_FOR_WORK,), "a2", "job-search", when="Op afspraak, overdag", places=2),
)  # fmt: skip


def open_doors(coordinators: Mapping[str, Person]) -> dict[str, ContactPerson]:
    """Make the organisations, contact persons and published activities of all networks.

    Returns who signs for the neighbourhood house of each network. No use-case makes organisations and activities
    yet, so these rows are written here.
    """
    houses: dict[str, ContactPerson] = {}
    with transaction() as db:
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
        db.flush()
        listings.refresh(db.scalars(select(Offer.id).where(Offer.state == OfferState.PUBLISHED)))
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
        name=HOUSES[house].format(town=town), network_slug=network, municipality=town, insurer=INSURER,
        confirmed_at=now(), verified_at=now(), verified_by_id=coordinator.id,
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
    house = HOUSES[activity.house].format(town="").strip()
    offer = Offer(
        kind=activity.kind, title=activity.title, words=activity.words, words_language="nl", network_slug=network,
        state=OfferState.PUBLISHED, municipality=town, place=house, when_words=activity.when, price_cents=activity.price,
        price_words=activity.note, dutch_level=activity.level, goals=list(activity.goals), suited=list(activity.suited),
        interests=[activity.interest] if activity.interest else [], places=activity.places,
        waiting_places=5 if activity.places else 0, fluent_speakers=4, meeting_words=MEETING_WORDS,
        organisation_id=contact.organisation_id, contact_person_id=contact.id, dutch_spoken=True, people_met=True,
        criteria_by_id=coordinator.id, criteria_on=today() - timedelta(days=30), insurer=INSURER, published_at=now(),
        ends_on=today() + timedelta(days=ON_FOR_DAYS),
    )  # fmt: skip
    offer.gatherings = [_gathering(activity, house, town)]
    session().add(offer)


def _gathering(activity: Activity, house: str, town: str) -> Gathering:
    here = [place for place in gazetteer.places() if place.municipality == town]
    at = min(here, key=lambda place: (place.locality != town, place.postcode))
    where = {
        "place": house, "postcode": at.postcode, "locality": at.locality, "municipality": at.municipality,
    }  # fmt: skip
    if not activity.start:
        return Gathering(**where, slots=DAYTIME)
    rule = monthly(activity.on, activity.number) if activity.number else weekly([activity.on])
    return Gathering(
        **where, rule=rule, first_on=today() - timedelta(days=60), start=activity.start, minutes=activity.minutes,
        skips_public_holidays=True, skips_school_holidays=activity.house in ("school", "library"),
    )  # fmt: skip
