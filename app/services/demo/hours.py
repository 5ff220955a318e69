"""Contracts and hours of the demo: told, confirmed, signed and accepted by the use-cases of the screens.

Confirmed hours are divided over the nine kinds exactly as published (DOMAIN F3). Trajectories with all their hours
are 44 of obliged and 7 of entitled newcomers, which is the published ratio of 3 290 to 521 (86.3 % and 13.7 %, F2)
at a scale at which each hour can be told and confirmed one by one.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta
from enum import StrEnum
from itertools import count
from random import Random
from types import MappingProxyType
from typing import Final

from sqlalchemy import select

from app.clock import now, today
from app.db import session
from app.models import Duo, HourEntry, Newcomer, Offer, Proof
from app.queries.accounts import viewer_of
from app.queries.proofs import listed, proofs_of
from app.queries.reach import rows
from app.security.viewer import ANONYMOUS, Viewer
from app.services import confirmations, contracts, hours, trajectories
from app.services.confirmations import Signer
from app.services.demo.enrolment import Enrolled
from app.services.demo.links import DemoLinks
from app.services.demo.pairs import BEGUN, Pairing, Story
from app.services.demo.staff import AGENCY_OF_NETWORK, Staff
from app.services.hours import Telling
from app.services.proofs import entries_on
from app.vocabulary import EntryState, HoursRefusal, NewcomerState, Obligation, OfferKind

K = OfferKind
BLOCKS: Final = 25  # of a hundred confirmed hours each
# A hundred hours with the published shares, as activities of whole hours; those of a buddy are told in duos.
BLOCK: Final[Mapping[OfferKind, tuple[int, ...]]] = MappingProxyType({
    K.CONVERSATION_GROUP: (3,) * 8 + (2,) * 5, K.VOLUNTEERING: (4,) * 6 + (3,) * 2, K.COURSE: (4, 3),
    K.SOCIOCULTURAL_ASSOCIATION: (4, 3), K.SPORT: (2, 2, 2), K.OTHER: (3, 2), K.INFORMAL_PARTICIPATION: (4,), K.WORK_PLACEMENT: (3,),
})  # fmt: skip
BUDDY_MEETINGS: Final = (2, 2)  # of a block
FINISHED: Final[Mapping[Obligation, int]] = MappingProxyType({Obligation.OBLIGED: 44, Obligation.ENTITLED: 7})
TARGET_HOURS: Final = 40
UNDER_WAY: Final = 70
CONTRACT_ONLY: Final = 150
OLDEST_DAY: Final = 170
LINES_TO_TRY: Final = 6
LEFT_DRAFT, LEFT_SENT = 0, 2
SIGNED_AFTER: Final = timedelta(days=2)


@dataclass(frozen=True)
class Client:
    """A newcomer with a contract: who tells, and the counsellor who accepts."""

    newcomer: Newcomer
    viewer: Viewer
    counsellor: Viewer
    days: Iterator[int]  # days ago that no hours were told for yet, the longest ago first


Deck = list[tuple[OfferKind, int]]


def spend_time(
    staff: Staff,
    enrolled: Enrolled,
    pairings: list[Pairing],
    links: DemoLinks,
    *,
    tried: Duo,
    secret_key: str,
    seed: int,
) -> None:
    """Write contracts, and let newcomers tell hours that are confirmed and accepted; the newcomer of `tried` a bit of all."""
    random = Random(f"hours {seed}")  # noqa: S311 - days and kinds, not secrets
    office = _Office(staff, enrolled, links, secret_key, random)
    duos = [pairing for pairing in pairings if pairing.story in BEGUN]
    with_buddy = [
        office.contract(session().get_one(Duo, it.duo_id).newcomer, Obligation.OBLIGED, it.days_ago)
        for it in duos
    ]
    alone = iter(_without_contract(enrolled, {client.newcomer.id for client in with_buddy}))
    finishing = [
        office.contract(next(alone), obligation) for obligation, many in FINISHED.items() for _ in range(many)
    ]
    under_way = [office.contract(next(alone), _either(random)) for _ in range(UNDER_WAY)]
    for _ in range(CONTRACT_ONLY):
        office.contract(next(alone), _either(random))

    deck: Deck = [
        (kind, length) for _ in range(BLOCKS) for kind, lengths in BLOCK.items() for length in lengths
    ]
    random.shuffle(deck)
    told = _Told(office)
    for client in finishing:
        told.add(client, _enough(deck), Far.ACCEPTED)
    to_try = next(client for client in with_buddy if client.newcomer.id == tried.newcomer_id)
    told.add(to_try, [deck.pop() for _ in range(LINES_TO_TRY)], Far.ACCEPTED)
    for at in (LEFT_DRAFT, LEFT_SENT, LEFT_SENT):
        told.leave_open(to_try, at)
    shares: dict[int, Deck] = defaultdict(list)
    for at, line in enumerate(deck):
        shares[at % len(under_way)].append(line)
    for at, lines in shares.items():
        told.add(under_way[at], lines, Far.ACCEPTED if at % 3 else list(Far)[at // 3 % len(Far)])
    meetings = [length for _ in range(BLOCKS) for length in BUDDY_MEETINGS]
    for at, client in enumerate(with_buddy):
        told.meet(client, duos[at], meetings[at :: len(with_buddy)])
    for at, client in enumerate((*under_way[:40], *with_buddy[:15])):
        told.leave_open(client, at)


def _without_contract(enrolled: Enrolled, others: set[int]) -> list[Newcomer]:
    """Newcomers who wait for a buddy, but those others, registered longest ago first."""
    waiting = session().scalars(
        select(Newcomer).where(Newcomer.state == NewcomerState.WAITING, Newcomer.id.not_in(others))
    )
    return sorted(waiting, key=lambda newcomer: (-enrolled.newcomers[newcomer.id], newcomer.id))


def _either(random: Random) -> Obligation:
    return random.choices(list(Obligation), (2, 1))[0]


def _enough(deck: Deck) -> Deck:
    """Lines from the deck that come to the target."""
    lines: Deck = []
    while sum(length for _, length in lines) < TARGET_HOURS:
        lines.append(deck.pop())
    return lines


class _Office:
    """The counsellors of the demo and what they need."""

    def __init__(
        self, staff: Staff, enrolled: Enrolled, links: DemoLinks, secret_key: str, random: Random
    ) -> None:
        self.enrolled, self.links, self.secret_key, self.random = enrolled, links, secret_key, random
        self.counsellors = {
            agency: [viewer_of(person) for person in people] for agency, people in staff.counsellors.items()
        }
        self.turn = count()
        published = session().scalars(select(Offer).where(Offer.published_at.is_not(None)).order_by(Offer.id))
        self.offers: dict[tuple[str, OfferKind], list[int]] = defaultdict(list)
        for offer in published:
            self.offers[offer.network_slug, offer.kind].append(offer.id)

    def contract(self, newcomer: Newcomer, obligation: Obligation, since: int = 0) -> Client:
        """Link a counsellor by code, as on the screens, who writes the first contract."""
        agency = AGENCY_OF_NETWORK.get(newcomer.network_slug, "agii")
        desks = self.counsellors[agency]
        counsellor = desks[next(self.turn) % len(desks)]
        viewer = viewer_of(newcomer.person)
        code = trajectories.new_counsellor_code(counsellor, secret_key=self.secret_key)
        trajectories.link_counsellor(viewer, code, secret_key=self.secret_key)
        random = self.random
        ago = timedelta(days=random.randint(250, 330))
        contracts.write_version(
            counsellor, newcomer.id, agency=agency, obligation=obligation, contains_trajectory=True,
            starts_on=today() - ago, ends_on=today() + timedelta(days=random.randint(5, 420)), at=now() - ago,
        )  # fmt: skip
        longest = since or min(self.enrolled.newcomers[newcomer.id], OLDEST_DAY)
        free = sorted(random.sample(range(1, max(longest, 30)), min(29, max(longest, 30) - 1)), reverse=True)
        return Client(newcomer, viewer, counsellor, iter(free))


class _Told:
    """Hours on their way from the newcomer over the contact person to the counsellor."""

    def __init__(self, office: _Office) -> None:
        self.office = office
        self.number = count(1)

    def add(self, client: Client, lines: Iterable[tuple[OfferKind, int]], far: "Far") -> None:
        """Tell these and let the contact persons confirm them; sign and judge the proofs as far as wanted."""
        entries = [self._tell(client, self._offer(client, kind), length) for kind, length in lines]
        for sent in self._by_contact(client, entries):
            confirmations.confirm(sent.signer, [entry.id for entry in sent.entries])
            self._sign_and_judge(client, sent.signer, far)

    def meet(self, client: Client, pairing: Pairing, lengths: list[int]) -> None:
        """Meetings of a duo, which the buddy confirms on the own page."""
        duo = session().get_one(Duo, pairing.duo_id)
        offer = session().scalars(select(Offer).where(Offer.duo_id == duo.id)).one()
        entries = [self._tell(client, offer.id, length) for length in lengths]
        for entry in entries:
            hours.send(client.viewer, entry.id, self.office.links.confirm_hours)
        if entries:
            buddy = confirmations.signer_by_account(viewer_of(duo.buddy.person))
            confirmations.confirm(buddy, [entry.id for entry in entries])
            far = Far.CONFIRMED if pairing.story is Story.ACTIVE else Far.ACCEPTED
            self._sign_and_judge(client, buddy, far)

    def leave_open(self, client: Client, at: int) -> None:
        """Hours that nobody has confirmed: told, sent, corrected or refused."""
        track = self.office.links.track
        entry = self._tell(client, self._offer(client, K.CONVERSATION_GROUP), 2)
        if at % 4 == LEFT_DRAFT:
            return
        (sent,) = self._by_contact(client, [entry])
        if at % 8 == 1:
            confirmations.correct(
                sent.signer, entry.id, minutes=90, note="Het was anderhalf uur.", track_for=track
            )
        elif at % 8 == 5:
            confirmations.refuse(
                sent.signer, entry.id, reason=HoursRefusal.NOT_PRESENT, note="", track_for=track
            )

    def _offer(self, client: Client, kind: OfferKind) -> int:
        found = self.office.offers[client.newcomer.network_slug, kind]
        return found[next(self.number) % len(found)]

    def _tell(self, client: Client, offer_id: int, length: int) -> HourEntry:
        number = next(self.number)
        telling = Telling(
            day=_day(next(client.days)),
            at=time(9 + number % 8),
            minutes=60 * length,
            dutch_company=True,
            key=f"demo-{number}",
        )
        return hours.tell(client.viewer, offer_id, telling, self.office.links.confirm_hours)

    def _by_contact(self, client: Client, entries: list[HourEntry]) -> list["_Sent"]:
        """Send the entries; each contact person with what was addressed to her."""
        signers: dict[int, Signer] = {}
        addressed: dict[int, list[HourEntry]] = defaultdict(list)
        for entry in entries:
            token = hours.send(client.viewer, entry.id, self.office.links.confirm_hours)
            if entry.contact_person_id not in signers:
                signers[entry.contact_person_id] = confirmations.signer_by_link(token, ANONYMOUS)
            addressed[entry.contact_person_id].append(entry)
        return [_Sent(signers[contact], lines) for contact, lines in addressed.items()]

    def _sign_and_judge(self, client: Client, signer: Signer, far: "Far") -> None:
        links, newcomer_id = self.office.links, client.newcomer.id
        if far is Far.CONFIRMED:
            return
        for proof in self._sign(newcomer_id, signer):
            if far is Far.ACCEPTED:
                trajectories.accept(client.counsellor, newcomer_id, proof.id, links.track)
            elif far is not Far.SIGNED:
                trajectories.doubt(
                    client.counsellor, newcomer_id, proof.id, note="Telefoonnummer klopt niet?"
                )
            if far is Far.SIGNED_ANEW:
                trajectories.return_proof(
                    client.counsellor, newcomer_id, proof.id, note="Klopt de laatste dag?",
                    track_for=links.track, link_for=links.confirm_hours,
                )  # fmt: skip
                waiting = signer.lines.where(
                    HourEntry.newcomer_id == newcomer_id, HourEntry.state == EntryState.SUBMITTED
                )
                confirmations.confirm(signer, [entry.id for entry in rows(waiting)])
                self._sign(newcomer_id, signer)

    def _sign(self, newcomer_id: int, signer: Signer) -> list[Proof]:
        """Sign what is open, two days after the last time on it."""
        done = []
        for item in listed(proofs_of(signer.lines).where(Proof.newcomer_id == newcomer_id))[0]:
            lines = entries_on(item.proof)
            at = min(max(entry.ends_at for entry in lines) + SIGNED_AFTER, now())
            seen, track = [entry.id for entry in lines], self.office.links.track
            done.append(confirmations.sign(signer, item.proof.id, seen=seen, track_for=track, at=at))
        return done


class Far(StrEnum):
    """How far hours have come in the demo."""

    CONFIRMED = "confirmed"
    SIGNED = "signed"
    IN_DOUBT = "in doubt"
    SIGNED_ANEW = "signed anew"  # after the counsellor returned it
    ACCEPTED = "accepted"


@dataclass(frozen=True)
class _Sent:
    signer: Signer
    entries: list[HourEntry]


def _day(days_ago: int) -> date:
    return today() - timedelta(days=days_ago)
