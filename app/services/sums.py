"""Keeps `trajectory_sum` in step with contracts and hours, inside the transaction that changes them.

A sum is never added to: it is counted anew from the entries of its newcomer, which are few. So no order of events can
make it drift, and `repair` is the same work for everybody.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.dialects import postgresql, sqlite

from app.db import session, transaction
from app.models import ContractVersion, HourEntry, Newcomer, TrajectorySum
from app.queries.contracts import term_of
from app.queries.hours import STANDING, EntryLine, totals_of

AT_ONCE = 500  # newcomers whose entries are read together


def count_entries(entry_ids: Collection[int]) -> None:
    """Count the newcomers of these entries anew; the last act of a transaction (`before_commit`)."""
    count_newcomers(
        session().scalars(select(HourEntry.newcomer_id).where(HourEntry.id.in_(entry_ids)).distinct()).all()
    )


def count_newcomers(newcomer_ids: Collection[int]) -> None:
    """Count these newcomers anew. The rows are held in one order, and nothing else is locked after them."""
    db = session()
    db.flush()
    for some in _parts(sorted(set(newcomer_ids))):
        _hold(some)
        lines, contracts = _lines_of(some), _contracts_of(some)
        db.execute(
            update(TrajectorySum),
            [{"newcomer_id": key, **_sum(contracts.get(key), lines[key])} for key in some],
        )


def repair() -> int:
    """Count every newcomer anew; returns how many sums were wrong. Safe while people work."""
    wrong = 0
    keys = session().scalars(select(Newcomer.id).order_by(Newcomer.id)).all()
    for some in _parts(keys):
        with transaction():
            before = _kept(some)
            count_newcomers(some)
            after = _kept(some)
            wrong += sum(before.get(key) != after[key] for key in some)
    return wrong


def _parts(keys: Collection[int]) -> Iterator[list[int]]:
    every = list(keys)
    return (every[at : at + AT_ONCE] for at in range(0, len(every), AT_ONCE))


def _hold(newcomer_ids: list[int]) -> None:
    """See to it that there is a row for each, and hold it: who counts later then sees what we wrote."""
    db = session()
    insert = postgresql.insert if db.get_bind().dialect.name == "postgresql" else sqlite.insert
    db.execute(
        insert(TrajectorySum)
        .values([{"newcomer_id": key} for key in newcomer_ids])
        .on_conflict_do_nothing(index_elements=["newcomer_id"])
    )
    mine = TrajectorySum.newcomer_id.in_(newcomer_ids)
    db.execute(
        select(TrajectorySum.newcomer_id).where(mine).order_by(TrajectorySum.newcomer_id).with_for_update()
    )


def _lines_of(newcomer_ids: list[int]) -> dict[int, list[EntryLine]]:
    lines: dict[int, list[EntryLine]] = defaultdict(list)
    found = session().execute(
        select(HourEntry.newcomer_id, HourEntry.state, HourEntry.minutes, HourEntry.starts_at)
        .where(HourEntry.newcomer_id.in_(newcomer_ids), HourEntry.state.in_(STANDING))
    )  # fmt: skip
    for newcomer_id, state, minutes, starts_at in found:
        lines[newcomer_id].append(EntryLine(state, minutes, starts_at))
    return lines


def _contracts_of(newcomer_ids: list[int]) -> dict[int, ContractVersion]:
    """The valid version of each: the one with the highest number."""
    found = session().scalars(
        select(ContractVersion)
        .where(ContractVersion.newcomer_id.in_(newcomer_ids))
        .order_by(ContractVersion.number)
    )
    return {version.newcomer_id: version for version in found}


def _sum(contract: ContractVersion | None, lines: list[EntryLine]) -> dict[str, Any]:
    totals = totals_of(lines, term_of(contract))
    return {
        "contract_id": contract and contract.id,
        "in_contract": contract is not None and contract.contains_trajectory,
        "starts_day": contract and contract.starts_on.toordinal(),
        "ends_day": contract and contract.ends_on.toordinal(),
        "rules_day": contract and contract.rules_on.toordinal(),
        "told": totals.told, "confirmed": totals.confirmed, "accepted": totals.accepted, "held": totals.held,
        "last_day": max((line.day.toordinal() for line in lines), default=None),
    }  # fmt: skip


def _kept(newcomer_ids: list[int]) -> dict[int, tuple[Any, ...]]:
    found = session().execute(
        select(TrajectorySum.__table__).where(TrajectorySum.newcomer_id.in_(newcomer_ids))
    )
    return {row.newcomer_id: tuple(row) for row in found}
