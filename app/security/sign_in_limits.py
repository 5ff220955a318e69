"""How long somebody stays signed in: without doing anything, and at most. The strictest role decides (T8)."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType

from app.vocabulary import Role


@dataclass(frozen=True)
class Limits:
    """`idle`: since the last request; `longest`: since the sign-in, whatever is done.

    Where a sign-in does not go `on_by_use`, only saying that one wants to stay begins `idle` anew.
    """

    idle: timedelta
    longest: timedelta
    on_by_use: bool = True


OWN_PHONE = Limits(timedelta(days=14), timedelta(days=90), on_by_use=False)
OFFICE = Limits(timedelta(hours=2), timedelta(hours=12))
LIMITS: Mapping[Role, Limits] = MappingProxyType({
    Role.NEWCOMER: OWN_PHONE,
    Role.BUDDY: OWN_PHONE,
    Role.ORGANISATION: Limits(timedelta(days=1), timedelta(days=14)),
    Role.COORDINATOR: OFFICE,
    Role.COUNSELLOR: OFFICE,
    Role.HELPER: Limits(timedelta(hours=1), timedelta(hours=12)),
    Role.ADMINISTRATOR: Limits(timedelta(hours=1), timedelta(hours=12)),
})  # fmt: skip


def limits_of(roles: Collection[Role]) -> Limits:
    """The limits of somebody with these roles; without any, those of somebody at home."""
    given = [LIMITS[role] for role in roles] or [OWN_PHONE]
    return Limits(
        min(one.idle for one in given), min(one.longest for one in given), any(one.on_by_use for one in given)
    )


def ends_at(began_at: datetime, at: datetime, roles: Collection[Role]) -> datetime:
    """When a sign-in that began then and is used at `at` ends unless it is used again."""
    limits = limits_of(roles)
    return min(at + limits.idle, began_at + limits.longest)
