"""Selections about second factors: who has one, and what of it can be shown."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select

from app.clock import now
from app.db import session
from app.models import Person, RecoveryCode, SecondFactor
from app.security.viewer import Viewer

RESET_WAITS = timedelta(days=1)


def has_factor(person_id: int) -> bool:
    """Whether that person is asked for a second factor at sign-in."""
    return session().get(SecondFactor, person_id) is not None


@dataclass(frozen=True)
class Factor:
    """What is shown of a second factor: since when, and how many recovery codes are left."""

    since: datetime
    codes_left: int


def own_factor(viewer: Viewer) -> Factor | None:
    """The viewer's second factor, if there is one."""
    left = (
        select(func.count())
        .select_from(RecoveryCode)
        .where(RecoveryCode.person_id == viewer.person_id, RecoveryCode.used_at.is_(None))
    )
    found = session().execute(
        select(SecondFactor.created_at, left.scalar_subquery()).where(
            SecondFactor.person_id == viewer.person_id
        )
    )
    row = found.one_or_none()
    return None if row is None else Factor(*row)


@dataclass(frozen=True)
class Held:
    """How the second factor of a member of staff stands; `asked_by` wants it taken away, a second one has to agree."""

    asked_by_id: int | None
    asked_by: str


def factors_of(person_ids: Collection[int]) -> dict[int, Held]:
    """Of those people, who has a second factor."""
    found = session().execute(
        select(
            SecondFactor.person_id, SecondFactor.asked_by_id, SecondFactor.asked_at, Person.full_name
        )
        .outerjoin(Person, Person.id == SecondFactor.asked_by_id)
        .where(SecondFactor.person_id.in_(person_ids))
    )  # fmt: skip
    asked = now() - RESET_WAITS
    return {
        person_id: Held(by, name) if at is not None and at > asked else Held(None, "")
        for person_id, by, at, name in found
    }
