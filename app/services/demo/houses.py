"""What an organisation is busy with in the demo: texts in other languages, a draft, one to check; and a new organisation."""

from datetime import timedelta
from typing import Final

from sqlalchemy import select, update

from app.clock import now, today
from app.db import session
from app.models import Offer, Organisation, Person
from app.queries.accounts import viewer_of
from app.rhythms import weekly
from app.services import offer_texts, offer_writing, offers, organisations
from app.services.demo.links import DemoLinks
from app.services.demo.population import DOMAIN
from app.services.offer_writing import Terms, Where, Words
from app.services.organisations import About, Contact
from app.vocabulary import OfferKind
from app.vocabulary.activities import OrganisationKind

TEXTS: Final = {
    "ar": ("قهوة ومحادثة", "نشرب القهوة ونتحدث بالهولندية. هناك دائمًا جيران يتحدثون الهولندية جيدًا. لا بأس بالأخطاء.", True),
    "fr": ("Café et conversation", "Nous buvons un café et parlons néerlandais. Il y a toujours des voisins qui le parlent bien. On peut se tromper.", False),
    "ti": ("ቡንን ዕላልን", "ቡን ንሰቲ ብቋንቋ ሆላንድ ድማ ነዕልል። ጽቡቕ ሆላንድ ዝዛረቡ ጎረባብቲ ኩሉ ግዜ ኣለዉ። ምግጋይ ጸገም የብሉን።", True),
}  # fmt: skip


def open_desk(person: Person, links: DemoLinks) -> None:
    """Let the organisation with an account begin things, and another organisation register that nobody decided about."""
    actor = viewer_of(person)
    (house,) = actor.organisations
    first = (
        session()
        .scalars(select(Offer).where(Offer.organisation_id == house).order_by(Offer.id).limit(1))
        .one()
    )
    for language, (title, words, by_machine) in TEXTS.items():
        offer_texts.write_text(actor, first.id, language, title=title, words=words, by_machine=by_machine)
    offer_texts.check_text(actor, first.id, "fr")
    offer_writing.begin(actor, house, Words("Naaien en herstellen", OfferKind.INFORMAL_PARTICIPATION))
    sent = offer_writing.begin(
        actor, house,
        Words(
            "Samen Nederlandse liedjes leren", OfferKind.CONVERSATION_GROUP, "We zingen korte liedjes. Daarna praten we erover.",
            goals=["learn-dutch", "meet-people"], interests=["singing"], dutch_level="a1",
        ),
    )  # fmt: skip
    place = first.gatherings[0]
    offer_writing.change_gatherings(
        actor, sent,
        [Where(place.postcode, place.locality, place.place, rule=weekly([4]), first_on=today() + timedelta(days=7), start="14:00", minutes=90)],
    )  # fmt: skip
    offer_writing.change_terms(
        actor, sent,
        Terms(first.contact_person_id, places=12, price_cents=0, insurer=first.insurer, fluent_speakers=3,
              meeting_words="We zitten in een kring, met buren die hier al lang wonen."),
    )  # fmt: skip
    offers.send_to_check(actor, sent)
    _register(place.postcode, place.locality, links)


def _register(postcode: str, locality: str, links: DemoLinks) -> None:
    about = About(
        "Repair Café De Schroef", OrganisationKind.ASSOCIATION, postcode, locality,
        "We herstellen samen fietsen, lampen en kleren.", insurer="Voorbeeldverzekering",
    )  # fmt: skip
    contact = Contact("Lies Maes", "Voorzitter", f"schroef@{DOMAIN}", locale="nl")
    organisations.register(about, contact, addresses=links.registration)
    session().execute(
        update(Organisation)
        .where(Organisation.name == about.name)
        .values(confirmed_at=now() - timedelta(days=2))
    )
