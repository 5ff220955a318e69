"""How a duo ended and how the two look back on it, each for who may see it."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select

from app.clock import in_brussels
from app.db import session
from app.models import Duo, LookBack, Transition
from app.vocabulary import DuoState, Role
from app.vocabulary.following import EndMoment

OVER = (DuoState.DECLINED, DuoState.COMPLETED, DuoState.ENDED)
FIRST_DAYS = timedelta(days=30)


def own_look_back(duo_id: int, side: Role) -> LookBack | None:
    """What that side said after the end."""
    return session().scalars(
        select(LookBack).where(LookBack.duo_id == duo_id, LookBack.side == side.value)
    ).one_or_none()  # fmt: skip


def look_backs(duo_id: int) -> list[tuple[Role, LookBack]]:
    """What each side said after the end, for staff."""
    found = session().scalars(
        select(LookBack).where(LookBack.duo_id == duo_id).order_by(LookBack.side.desc())
    )
    return [(Role(row.side), row) for row in found]


@dataclass(frozen=True)
class Ending:
    """Who ended a duo, as which role, and when against what was agreed; a duo that never began has no `moment`."""

    role: Role | None
    moment: EndMoment | None


def ending_of(duo: Duo, history: list[Transition]) -> Ending | None:
    """How a duo that is over ended; None while it lives."""
    last = next((step for step in reversed(history) if step.to_state == duo.state.value), None)
    if duo.state not in OVER or last is None:
        return None
    return Ending(Role(last.actor_role) if last.actor_role else None, _moment(duo))


def _moment(duo: Duo) -> EndMoment | None:
    if duo.starts_on is None or duo.ends_on is None or duo.ended_at is None:
        return None
    day = in_brussels(duo.ended_at).date()
    if day - duo.starts_on < FIRST_DAYS:
        return EndMoment.FIRST_MONTH
    return EndMoment.EARLY if day < duo.ends_on else EndMoment.AS_AGREED
