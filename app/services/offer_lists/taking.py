"""Making activities of the items of a list: new ones, changes of those that are here, and the end of those that are over."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, timedelta
from typing import Any, Final

from app.clock import now, today
from app.db import session
from app.models import Gathering, Network, Offer, OfferList, OfferText
from app.queries.offer_exports import record
from app.queries.offer_lists import first_contacts, houses_for, known_offers, may_come_back
from app.queries.reach import rows
from app.reference.folding import fold
from app.rhythms import last_day
from app.security.permissions import Permission, Scope
from app.security.viewer import Viewer
from app.services.offer_lists.rows import Item, LeftOut, Told
from app.services.offer_lists.uitdatabank import KINDS
from app.services.records import record_transition
from app.vocabulary import OfferKind
from app.vocabulary.activities import OfferGoal, OfferState, TextMaker
from app.vocabulary.offer_lists import OfferListKind
from app.vocabulary.records import Subject

SHOWN_AT_MOST: Final = timedelta(days=183)
"""How long an activity without an end is shown before its organisation is asked whether it goes on."""
HORIZON: Final = timedelta(days=366)
GOALS: Final[Mapping[OfferKind, OfferGoal]] = {
    OfferKind.CONVERSATION_GROUP: OfferGoal.LEARN_DUTCH, OfferKind.COURSE: OfferGoal.LEARN_SOMETHING,
    OfferKind.VOLUNTEERING: OfferGoal.BECOME_VOLUNTEER, OfferKind.WORK_PLACEMENT: OfferGoal.PREPARE_FOR_WORK,
}  # fmt: skip
"""What somebody comes for where a list does not say it; for the other kinds, to meet people."""
COLUMNS: Final = {
    "title": "title", "words": "words", "language": "words_language", "interests": "interests", "level": "dutch_level",
    "suited": "suited", "link": "link", "price_cents": "price_cents", "reduced_cents": "reduced_cents",
    "price_words": "price_words", "when_words": "when_words", "places": "places", "waiting_places": "waiting_places",
}  # fmt: skip
BY_LIST: Final = "list"
"""Why a state changed: the list said so, nobody here."""
ANSWERED: Final = ("fluent_speakers", "meeting_words", "insurer")


@dataclass(frozen=True)
class Answers:
    """What is chosen when a list is taken over: a kind for each sort of it ("" = leave out), the answers to the two
    criteria and who insures where a row does not say, and whether what is complete is published at once.
    """

    kinds: Mapping[str, str] = field(default_factory=dict)
    fluent_speakers: int | None = None
    meeting_words: str = ""
    insurer: str = ""
    publish: bool = False

    def as_facts(self) -> dict[str, Any]:
        """The same as it is kept."""
        return {**asdict(self), "kinds": dict(self.kinds)}


def kind_of(kept: OfferList, item: Item, answers: Answers) -> OfferKind | None:
    """The kind that an item gets; None = left out."""
    if kept.kind is OfferListKind.OWN:
        return OfferKind(item.record["kind"])
    usual = KINDS.get(item.term)
    chosen = answers.kinds.get(item.term, usual.value if usual else "")
    return OfferKind(chosen) if chosen in set(OfferKind) else None


def differs(offer: Offer, item: Item) -> bool:
    """Whether an item says anything else than the activity that is here; what is said of criteria only counts when told."""
    here = record(offer, source="")
    told = {name: item.record[name] for name in (*COLUMNS, "gatherings", "texts", "ends_on")}
    told |= {name: item.record[name] for name in (*ANSWERED, "goals") if item.record[name]}
    if not told["ends_on"]:
        del told["ends_on"]
    return any(here[name] != value for name, value in told.items())


def changes(offer: Offer, item: Item, back: Collection[int]) -> bool:
    """Whether an item changes the activity that is here; one that ended does so only where it is among those that may
    come back.
    """
    return offer.id in back or (offer.state is not OfferState.ENDED and differs(offer, item))


def demand_may(actor: Viewer, item: Item, offer: Offer | None, own_source: str) -> None:
    """Raise LeftOut with the reason when the actor may not take that item over."""
    everywhere = Scope.ALL in actor.scopes(Permission.MOVE_OFFERS)
    if item.gone and offer is None:
        raise LeftOut(item.gone)
    if offer is None and item.source == own_source:
        raise LeftOut("elsewhere")
    if offer is not None and not everywhere and offer.network_slug not in actor.networks:
        raise LeftOut("elsewhere")
    network = None if item.gone else item.network
    if network and not everywhere and network not in actor.networks:
        raise LeftOut("other_network", {"network": session().get_one(Network, network).name})


def may(actor: Viewer, item: Item, offer: Offer | None, own_source: str) -> bool:
    """Whether the actor may take that item over."""
    try:
        demand_may(actor, item, offer, own_source)
    except LeftOut:
        return False
    return True


def days_of(offer: Offer | None) -> set[str]:
    """The single dates of an activity that is here."""
    return {day for gathering in offer.gatherings for day in gathering.dates} if offer else set()


def take_all(
    actor: Viewer, kept: OfferList, items: Sequence[Item], answers: Answers, *, own_source: str
) -> tuple[dict[str, int], list[int]]:
    """Write all of it, inside a transaction; the items were sorted out before, and are once more.

    Returns how many were added, changed, the same, ended and left out, and the keys for which searches go by something else.
    """
    known = known_offers([(item.source, item.source_id) for item in items], own_source=own_source)
    back = may_come_back(known.values(), reason=BY_LIST)
    houses = {fold(house.name): house.id for house in rows(houses_for(actor))}
    contacts = first_contacts({*houses.values(), kept.organisation_id})
    counts: Counter[str] = Counter(added=0, changed=0, same=0, ended=0, left_out=0)
    fresh: list[Offer] = []
    touched: list[Offer] = []
    returned: list[Offer] = []
    for item in items:
        offer = known.get((item.source, item.source_id))
        kind = None if item.gone else kind_of(kept, item, answers)
        if not may(actor, item, offer, own_source):
            done = "left_out"
        elif item.gone:
            done = _end(actor, offer)
        elif kind is None:
            done = "left_out"
        elif offer is None:
            house = houses.get(fold(item.record["organisation"]), kept.organisation_id)
            offer = Offer(
                organisation_id=house, contact_person_id=contacts[house], source=item.source, source_id=item.source_id, kind=kind,
            )  # fmt: skip
            _write(offer, item, kind, answers, new=True)
            fresh.append(offer)
            done = "added"
        elif changes(offer, item, back):
            if offer.id in back:
                offer.ends_on = None
                returned.append(offer)
            _write(
                offer,
                item,
                offer.kind if kept.kind is OfferListKind.UITDATABANK else kind,
                answers,
                new=False,
            )
            done = "changed"
        else:
            done = "same"
        counts[done] += 1
        if offer is not None and done in ("changed", "ended"):
            touched.append(offer)
    session().add_all(fresh)
    session().flush()
    _settle(actor, [*fresh, *returned], publish=answers.publish)
    session().flush()
    public = [offer for offer in fresh if offer.state is OfferState.PUBLISHED]
    return dict(counts), [offer.id for offer in (*public, *touched)]


def _write(offer: Offer, item: Item, kind: OfferKind, answers: Answers, *, new: bool) -> None:
    told = item.record
    for name, column in COLUMNS.items():
        setattr(offer, column, told[name])
    if offer.places is not None and not new:
        offer.places = max(offer.places, offer.places_taken)
        offer.waiting_places = max(offer.waiting_places, offer.waiting_taken)
    offer.kind = kind
    if told["goals"] or new:
        offer.goals = list(told["goals"]) or [GOALS.get(kind, OfferGoal.MEET_PEOPLE).value]
    for name in ANSWERED:
        given = told[name] or (getattr(answers, name) if new else None)
        if given or new:
            setattr(offer, name, given)
    if told["ends_on"]:
        offer.ends_on = date.fromisoformat(told["ends_on"])
    first = told["gatherings"][0]
    offer.municipality, offer.place, offer.network_slug = first["municipality"], first["place"], item.network
    offer.changed_at = now()
    _write_gatherings(offer, told["gatherings"])
    _write_texts(offer, told["texts"])


def _write_gatherings(offer: Offer, told: Sequence[Told]) -> None:
    made = [
        {**one, "first_on": one["first_on"] and date.fromisoformat(one["first_on"]), "position": at}
        for at, one in enumerate(told)
    ]
    for old, new in zip(offer.gatherings, made, strict=False):
        for column, value in new.items():
            setattr(old, column, value)
    offer.gatherings = [
        *offer.gatherings[: len(made)],
        *(Gathering(**one) for one in made[len(offer.gatherings) :]),
    ]


def _write_texts(offer: Offer, told: Sequence[Told]) -> None:
    """Texts in other languages: those that the list brings are made of the text that it brings."""
    here = {text.language: text for text in offer.texts}
    for one in told:
        if one["language"] == offer.words_language:
            continue
        text = here.get(one["language"])
        if text is None:
            text = OfferText(language=one["language"])
            offer.texts.append(text)
        elif (text.title, text.words) == (one["title"], one["words"]):
            continue
        text.title, text.words, text.made_by = one["title"], one["words"], TextMaker(one["made_by"])
        text.source_mark, text.checked_at, text.checked_by_id = offer.text_mark, None, None


def _settle(actor: Viewer, fresh: Sequence[Offer], *, publish: bool) -> None:
    """New ones, and those that come back, wait to be checked when nothing is missing, and are published when that was
    chosen.
    """
    role = actor.role_for(Permission.MOVE_OFFERS)
    for offer in fresh:
        complete = bool(
            offer.words and offer.fluent_speakers and offer.meeting_words and offer.insurer
            and all(gathering.rhythm.fixed or gathering.slots for gathering in offer.gatherings)
        )  # fmt: skip
        state = OfferState.DRAFT if not complete else OfferState.PUBLISHED if publish else OfferState.TO_CHECK
        if state is OfferState.PUBLISHED:
            offer.published_at = now()
            offer.ends_on = offer.ends_on or _own_end(offer)
        before, offer.state = offer.state, state
        record_transition(Subject.OFFER, offer.id, before, state, actor=actor, role=role, reason=BY_LIST)


def _own_end(offer: Offer) -> date:
    ends = [last_day(gathering.rhythm, today() + HORIZON) for gathering in offer.gatherings]
    known = max((day for day in ends if day), default=None) if all(ends) else None
    return min(known or today() + SHOWN_AT_MOST, today() + HORIZON)


def _end(actor: Viewer, offer: Offer | None) -> str:
    """What is cancelled there is over here; what was told and signed for it stays."""
    if offer is None or offer.state is OfferState.ENDED:
        return "same"
    before, offer.state = offer.state, OfferState.ENDED
    offer.ends_on, offer.changed_at = min(today(), offer.ends_on or today()), now()
    record_transition(
        Subject.OFFER,
        offer.id,
        before,
        OfferState.ENDED,
        actor=actor,
        role=actor.role_for(Permission.MOVE_OFFERS),
        reason=BY_LIST,
    )
    return "ended"
