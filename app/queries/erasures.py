"""Who asked to be erased, and until when the law wants hours and proofs to be there."""

from datetime import date, timedelta

from sqlalchemy import ColumnElement, exists, func, select

from app.clock import in_brussels, today
from app.db import session
from app.models import ContractVersion, Erasure, HourEntry, Newcomer, Person
from app.queries.retention import days_kept
from app.vocabulary.retention import RetentionKind

OPEN = (Erasure.taken_back_at.is_(None), Erasure.done_at.is_(None))


def open_erasure(person_id: int | None) -> Erasure | None:
    """That the person wants to be erased, while it can be taken back."""
    return session().scalars(select(Erasure).where(Erasure.person_id == person_id, *OPEN)).one_or_none()


def takes_part() -> ColumnElement[bool]:
    """Whether the matcher may propose a person: objects to nothing, and does not want to be erased."""
    return Person.objects_at.is_(None) & ~exists().where(Erasure.person_id == Person.id, *OPEN)


def law_wants_until(newcomer_id: int) -> date | None:
    """The last day on which hours and proofs of a newcomer are kept with names; None without a contract, or when it is past."""
    ends_on = session().scalar(
        select(func.max(ContractVersion.ends_on)).where(ContractVersion.newcomer_id == newcomer_id)
    )
    if ends_on is None:
        return None
    last: date = ends_on + timedelta(days=days_kept()[RetentionKind.HOURS])
    return last if last >= today() else None


def law_wants_of(person_id: int | None) -> date | None:
    """The same for the newcomer that a person is, if any."""
    newcomer_id = session().scalar(select(Newcomer.id).where(Newcomer.person_id == person_id))
    return law_wants_until(newcomer_id) if newcomer_id else None


def last_hour_on(newcomer_id: int) -> date | None:
    """The day of the last hour that a newcomer told."""
    at = session().scalar(select(func.max(HourEntry.starts_at)).where(HourEntry.newcomer_id == newcomer_id))
    return in_brussels(at).date() if at else None
