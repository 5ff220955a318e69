"""What waits for an answer in the demo: a group to confirm, hours refused, an activity to judge, and each decision once.

It is made after everything got its past, so that it is of these days.
"""

from collections.abc import Iterator
from datetime import time, timedelta

from sqlalchemy import ColumnElement, exists, select

from app.clock import today
from app.db import session
from app.models import (
    ContactPerson,
    ContractVersion,
    Duo,
    Grant,
    HourEntry,
    Newcomer,
    Offer,
    Person,
    TrajectoryReached,
)
from app.queries.accounts import viewer_of
from app.queries.contracts import contract_of
from app.queries.hours import offers_to_tell
from app.queries.reach import rows
from app.security.viewer import ANONYMOUS, Viewer
from app.services import confirmations, contracts, decisions, exemptions, handing, hours
from app.services.demo.links import DemoLinks
from app.services.demo.staff import Staff
from app.services.exemptions import Deciding
from app.services.hours import Occasion, Telling
from app.vocabulary import HoursRefusal, Obligation, OfferKind, Role
from app.vocabulary.contracts import DecisionKind, Evidence, ExemptionGround, ExtensionCause
from app.vocabulary.terms import Span

GROUP = 3
MONTHS_MORE = timedelta(days=92)
WORKS_SINCE = timedelta(days=120)


def fill_desk(tried: Duo, staff: Staff, links: DemoLinks) -> None:
    """Lay something of each kind before the volunteer, the organisation and the counsellor that are told at the start."""
    counsellor = tried.newcomer.counsellor
    assert counsellor is not None  # whoever has a contract has one
    meeting = session().scalars(select(Offer).where(Offer.duo_id == tried.id)).one()
    _send(tried.newcomer, meeting.id, 3, links)
    _group_to_confirm(tried.network_slug, links)
    quiet = iter(_without_hours(Newcomer.counsellor_id == counsellor.id))
    _refuse(next(quiet), links)
    _tell_something_else(next(quiet), links)
    _decide(viewer_of(counsellor), quiet)
    colleague = next(
        person
        for people in staff.counsellors.values() if counsellor in people
        for person in people if person.id != counsellor.id
    )  # fmt: skip
    _hand_over(colleague, counsellor)


def _without_hours(*where: ColumnElement[bool]) -> list[Newcomer]:
    """Obliged newcomers with a contract who told nothing yet, the first registered first."""
    told = exists(select(HourEntry.id).where(HourEntry.newcomer_id == Newcomer.id))
    obliged = exists(
        select(ContractVersion.id).where(
            ContractVersion.newcomer_id == Newcomer.id, ContractVersion.obligation == Obligation.OBLIGED,
            ContractVersion.ends_on > today() + MONTHS_MORE,
        )
    )  # fmt: skip
    return rows(select(Newcomer).where(*where, obliged, ~told).order_by(Newcomer.id))


def _telling(newcomer: Newcomer, days_ago: int) -> Telling:
    return Telling(
        day=today() - timedelta(days=days_ago), at=time(14), minutes=120, dutch_company=True,
        key=f"demo-desk-{newcomer.id}-{days_ago}",
    )  # fmt: skip


def _send(newcomer: Newcomer, offer_id: int, days_ago: int, links: DemoLinks) -> tuple[HourEntry, str]:
    """Hours that are told and sent; the entry and the secret of its link."""
    viewer = viewer_of(newcomer.person)
    entry = hours.tell(viewer, offer_id, _telling(newcomer, days_ago), links.confirm_hours)
    return entry, hours.send(viewer, entry.id, links.confirm_hours)


def _group_to_confirm(network: str, links: DemoLinks) -> None:
    """One meeting of several newcomers at the organisation that has an account."""
    own = select(Grant.organisation_id).where(Grant.role == Role.ORGANISATION)
    contacts = select(ContactPerson.id).where(ContactPerson.organisation_id.in_(own))
    offer = session().scalars(
        select(Offer).where(Offer.contact_person_id.in_(contacts), Offer.kind == OfferKind.VOLUNTEERING)
    ).first()  # fmt: skip
    assert offer is not None  # each house of the demo asks volunteers
    for newcomer in _without_hours(Newcomer.network_slug == network)[-GROUP:]:
        _send(newcomer, offer.id, 4, links)


def _refuse(newcomer: Newcomer, links: DemoLinks) -> None:
    """Hours that the contact person does not confirm: a call for the counsellor."""
    offer = rows(offers_to_tell(viewer_of(newcomer.person)))[0]
    entry, token = _send(newcomer, offer.id, 6, links)
    confirmations.refuse(
        confirmations.signer_by_link(token, ANONYMOUS), entry.id, reason=HoursRefusal.NOT_PRESENT,
        note="Die dag was er niemand: het was een feestdag.", track_for=links.track, language="nl",
    )  # fmt: skip


def _tell_something_else(newcomer: Newcomer, links: DemoLinks) -> None:
    """An activity of the newcomer's own, which nobody judged yet."""
    viewer = viewer_of(newcomer.person)
    occasion = Occasion(
        kind=OfferKind.INFORMAL_PARTICIPATION, title="Moestuin van de buren", contact_name="Rita De Smet",
        contact_email=None, contact_phone="+32400100300", language="nl",
    )  # fmt: skip
    entry = hours.tell_other(viewer, occasion, _telling(newcomer, 5))
    hours.send(viewer, entry.id, links.confirm_hours)


def _decide(counsellor: Viewer, quiet: Iterator[Newcomer]) -> None:
    """A longer term, an exemption, a warm handover planned, and a part that is completed."""
    extended, exempt, announced = (next(quiet).id for _ in range(3))
    term = contract_of(extended)
    assert term is not None
    contracts.extend(
        counsellor, extended, ends_on=term.ends_on + MONTHS_MORE, cause=ExtensionCause.COURSE_MOVED,
        reason="De cursus Nederlands begint drie maanden later.",
    )  # fmt: skip
    since = today() - WORKS_SINCE
    exemptions.exempt(
        counsellor, exempt,
        Deciding(
            ExemptionGround.WORK_EMPLOYEE, half_time=True, evidence=Evidence.EMPLOYMENT_CONTRACT, seen_on=today(), valid_from=since,
            contracts=(Span(since, None),),
        ),
    )  # fmt: skip
    handing.plan_handover(
        counsellor,
        announced,
        to_whom="Samen volleyballen",
        agreed=True,
        planned_on=today() + timedelta(days=5),
    )
    done = session().scalars(
        select(TrajectoryReached.newcomer_id).join(Newcomer, Newcomer.id == TrajectoryReached.newcomer_id)
        .where(Newcomer.counsellor_id == counsellor.person_id).order_by(Newcomer.id)
    ).first()  # fmt: skip
    assert done is not None  # every counsellor of the demo has some who came to the target
    decisions.decide(counsellor, done, DecisionKind.COMPLETED, words="")


def _hand_over(colleague: Person, to: Person) -> None:
    """A newcomer whom a colleague hands over, with what should be known."""
    newcomer = _without_hours(Newcomer.counsellor_id == colleague.id)[0]
    handing.transfer(
        viewer_of(colleague), newcomer.id, to.id, note="Zoekt iets op zaterdag: in de week is er avondschool."
    )
