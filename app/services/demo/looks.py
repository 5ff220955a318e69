"""How the activities of the demo are found, what is amiss with some of them, and their texts in other languages."""

from collections import defaultdict
from datetime import timedelta
from random import Random
from typing import Final

from sqlalchemy import insert, select

from app.clock import days_ago, today
from app.db import session
from app.models import Gathering, Offer, OfferLook, OfferText
from app.rhythms import weekly
from app.services import listings
from app.vocabulary import OfferKind
from app.vocabulary.activities import OfferState, TextMaker

COUNTED: Final = 40
"""For so many days looks were counted already."""
STALE: Final = "Breicafé"
UNJUDGED: Final = "Samen schaken"
WORDS: Final = {
    STALE: "We breien en praten. Neem wol en naalden mee als je die hebt.",
    UNJUDGED: "We leren schaken van elkaar. Je hebt geen woorden nodig om te beginnen.",
}
TEXTS: Final = {
    "Koffie en praten in De Loods": {
        "ar": ("قهوة وحديث في دي لودز", "نشرب القهوة ونتحدث الهولندية. يمكنك أن تخطئ."),
        "fr": ("Café et conversation à De Loods", "Nous buvons un café et parlons néerlandais. On peut faire des fautes."),
        "uk": ("Кава й розмова в De Loods", "П'ємо каву й говоримо нідерландською. Помилятися можна."),
    },
    "Samen volleyballen": {
        "fr": ("Jouer au volley ensemble", "Une équipe mixte, ouverte à tous."),
        "tr": ("Birlikte voleybol", "Herkese açık karma bir takım."),
    },
    "Voetballen met ouders en kinderen": {
        "ar": ("كرة القدم مع الأهل والأطفال", "كبار وصغار في فريق واحد، للمتعة. لا داعي لأن تلعب جيدًا."),
        "ti": ("ምስ ወለድን ቆልዑን ኩዕሶ እግሪ ምጽዋት", "ዓበይትን ናእሽቱን ንመዘናግዒ ሓቢሮም ይጻወቱ። ጽቡቕ ክትጻወት ኣየድልየካን።"),
        "tr": ("Ebeveynler ve çocuklarla futbol", "Büyükler ve küçükler aynı takımda, eğlence için. İyi oynamanız gerekmez."),
        "uk": ("Футбол для батьків і дітей", "Дорослі й діти в одній команді, для задоволення. Добре грати не обов'язково."),
    },
}  # fmt: skip
"""title -> language -> (title, words) there; the French was made before the Dutch changed, some by a machine."""
BY_MACHINE: Final = ("ti", "tr")


def let_look_around(seed: int) -> None:
    """Give every network activities that are stale or not judged, texts in other languages, and counts of looks."""
    random, shown = Random(seed), _published()  # noqa: S311 - invented numbers
    made = [_also(offers[0], title) for offers in shown.values() for title in WORDS]
    session().add_all(made)
    session().flush()
    listings.refresh(offer.id for offer in made)
    every = [offer for offers in shown.values() for offer in offers]
    said = set(session().scalars(select(OfferText.offer_id)))
    session().add_all(text for offer in every if offer.id not in said for text in _texts(offer))
    looks = [
        {"offer_id": offer.id, "day": today() - timedelta(days=back), "shown": seen, "opened": random.randint(0, seen // 4)}
        for at, offer in enumerate([*every, *(one for one in made if one.title == UNJUDGED)])
        for back in range(COUNTED)
        if (seen := random.randint(0, 12)) and at % 12 != 10  # one of each network is never shown
    ]  # fmt: skip
    session().execute(insert(OfferLook), looks)


def _published() -> dict[str, list[Offer]]:
    """The activities that everybody sees, by network, in order of their key."""
    found: dict[str, list[Offer]] = defaultdict(list)
    published = select(Offer).where(Offer.state == OfferState.PUBLISHED).order_by(Offer.id)
    for offer in session().scalars(published).unique():
        offer.published_at = days_ago(60)
        found[offer.network_slug].append(offer)
    return found


def _also(other: Offer, title: str) -> Offer:
    """One more activity of the organisation of another: its dates are past, or no counsellor judged it."""
    stale = title == STALE
    there = other.gatherings[0]
    copied = {
        "place": there.place,
        "postcode": there.postcode,
        "locality": there.locality,
        "municipality": there.municipality,
    }
    when = {"dates": [(today() - timedelta(days=100)).isoformat()]} if stale else {"rule": weekly([3])}
    judged = {"dutch_spoken": True, "people_met": True} if stale else {}
    made = Offer(
        kind=OfferKind.SOCIOCULTURAL_ASSOCIATION, title=title, words=WORDS[title], words_language="nl",
        network_slug=other.network_slug, state=OfferState.PUBLISHED, municipality=other.municipality, place=other.place,
        price_cents=0, goals=["meet-people"], interests=[] if stale else ["chess"], fluent_speakers=4,
        meeting_words=other.meeting_words, organisation_id=other.organisation_id,
        contact_person_id=other.contact_person_id, insurer=other.insurer, published_at=days_ago(200),
        changed_at=days_ago(200) if stale else days_ago(10), ends_on=today() + timedelta(days=120), **judged,
    )  # fmt: skip
    made.gatherings = [
        Gathering(**copied, **when, first_on=today() - timedelta(days=107), start="19:30", minutes=120)
    ]
    return made


def _texts(offer: Offer) -> list[OfferText]:
    return [
        OfferText(
            offer_id=offer.id, language=language, title=title, words=words,
            made_by=TextMaker.MACHINE if language in BY_MACHINE else TextMaker.PERSON,
            source_mark="" if language == "fr" else offer.text_mark,
        )
        for language, (title, words) in TEXTS.get(offer.title, {}).items()
    ]  # fmt: skip
