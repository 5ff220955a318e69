"""The agreement of a duo: from when until when, how often, who insures it, and the offer its hours are told on."""

from calendar import monthrange
from datetime import date

from sqlalchemy import select, update

from app.clock import today
from app.db import session
from app.errors import Invalid
from app.i18n import lazy_gettext as _
from app.models import ContactPerson, Duo, Network, Newcomer, Offer
from app.queries.network_programmes import programme_of
from app.security.viewer import Viewer
from app.services.records import audit, move, record_transition
from app.vocabulary import DuoState, NewcomerState, OfferKind, Role
from app.vocabulary.records import Answer, Subject

MONTHS = range(6, 13)  # R39: fixed beforehand, 6 to 12 months
WEEKS_BETWEEN = (1, 2)  # R39: at least every two weeks


def insurers_of(duo: Duo) -> tuple[str, str]:
    """Who insures the volunteer (named for the buddy, else by the buddy's network) and the newcomer (by the own network).

    Two names, for the policy of volunteers does not cover participants (R43, R43b); empty when nobody is named.
    """
    lender = session().get_one(Network, duo.buddy.network_slug)
    return duo.buddy.insurer or lender.insurer, session().get_one(Network, duo.network_slug).newcomer_insurer


def begin(
    duo: Duo, actor: Viewer, role: Role, *, insurer: str = "", newcomer_insurer: str = "", starts_on: date | None = None,
    months: int | None = None, weeks_between: int | None = None,
) -> None:  # fmt: skip
    """Make a duo active, inside the transaction of the last yes or of the coordinator.

    Period and frequency are those of the newcomer's programme, unless others are given.
    A duo without a named insurer of the buddy and one of the newcomer does not become active (R43, R43b). Raises
    Invalid, or Moved when it is elsewhere.
    """
    of_buddy, of_newcomer = insurers_of(duo)
    insurer, newcomer_insurer = insurer or of_buddy, newcomer_insurer or of_newcomer
    if not insurer:
        raise Invalid("insurer", _("Name who insures this duo. Without insurance it cannot start."))
    if not newcomer_insurer:
        raise Invalid(
            "newcomer_insurer", _("Name who insures the newcomer. The insurance of volunteers does not.")
        )
    programme = programme_of(duo.newcomer)
    months = programme.months if months is None else months
    weeks_between = programme.weeks_between if weeks_between is None else weeks_between
    if months not in MONTHS:
        raise Invalid("months", _("Choose a period of 6 to 12 months."))
    if weeks_between not in WEEKS_BETWEEN:
        raise Invalid("weeks_between", _("They meet every week or every two weeks."))
    first = starts_on or today()
    if abs((first - today()).days) > 62:
        raise Invalid("starts_on", _("Choose a first day within two months from today."))
    move(
        update(Duo)
        .where(
            Duo.id == duo.id, Duo.state == DuoState.MEETING,
            Duo.newcomer_after == Answer.YES, Duo.buddy_after == Answer.YES,
        )
        .values(
            state=DuoState.ACTIVE, insurer=insurer, newcomer_insurer=newcomer_insurer, starts_on=first, ends_on=months_later(first, months),
            weeks_between=weeks_between,
        )
    )  # fmt: skip
    record_transition(Subject.DUO, duo.id, DuoState.MEETING, DuoState.ACTIVE, actor=actor, role=role)
    audit(actor, "duo-started", "duo", duo.id, network=duo.network_slug, months=months)
    move(
        update(Newcomer).where(Newcomer.id == duo.newcomer_id, Newcomer.state == NewcomerState.PROPOSED)
        .values(state=NewcomerState.IN_DUO)
    )  # fmt: skip
    record_transition(
        Subject.NEWCOMER, duo.newcomer_id, NewcomerState.PROPOSED, NewcomerState.IN_DUO, actor=actor, role=role
    )  # fmt: skip
    _make_offer(duo, actor)


def close_offer(duo: Duo, on: date | None = None) -> None:
    """No hours can be told any more for days after the end of a duo: that day, or today."""
    session().execute(update(Offer).where(Offer.duo_id == duo.id).values(ends_on=on or today()))


def months_later(day: date, months: int) -> date:
    """The same day of the month so many months later, or the last of that month."""
    count = day.month - 1 + months
    year, month = day.year + count // 12, count % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def _make_offer(duo: Duo, actor: Viewer) -> None:
    """The offer of kind buddy on which hours of this duo are told; the buddy confirms them (DOMAIN 3c)."""
    db = session()
    buddy = duo.buddy.person
    contact = db.scalars(
        select(ContactPerson).where(ContactPerson.person_id == buddy.id, ContactPerson.organisation_id.is_(None))
        .order_by(ContactPerson.id).limit(1)
    ).first()  # fmt: skip
    if contact is None:
        contact = ContactPerson(
            name=buddy.full_name, email=buddy.email, phone=buddy.phone, locale=buddy.locale, person_id=buddy.id,
            named_by_id=actor.person_id,
        )  # fmt: skip
        db.add(contact)
        db.flush()
    db.add(
        Offer(
            kind=OfferKind.BUDDY, title=buddy.first_name, words_language=buddy.locale, network_slug=duo.network_slug,
            municipality=duo.newcomer.municipality, contact_person_id=contact.id, duo_id=duo.id,
            newcomer_id=duo.newcomer_id, dutch_spoken=True, people_met=True, criteria_by_id=duo.approved_by_id,
            criteria_on=today(), insurer=duo.insurer, ends_on=duo.ends_on,
        )
    )  # fmt: skip
