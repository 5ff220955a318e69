"""Sums of trajectories, counted once from contracts and hours, so that a long caseload is sorted at once.

Revision ID: 0012
Revises: 0011
"""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, date
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

BRUSSELS = ZoneInfo("Europe/Brussels")
AT_ONCE = 500
KIND_OF_SUM = {
    "draft": "told", "submitted": "told", "overdue": "told", "corrected": "told", "confirmed": "confirmed",
    "accepted": "accepted",
}  # fmt: skip
NUMBERS = ("told", "confirmed", "accepted", "held")

newcomer = sa.table("newcomer", sa.column("id", sa.Integer))
contract = sa.table(
    "contract_version",
    *(sa.column(name, sa.Integer) for name in ("id", "newcomer_id", "number")),
    sa.column("contains_trajectory", sa.Boolean),
    *(sa.column(name, sa.Date) for name in ("starts_on", "ends_on", "rules_on")),
)
entry = sa.table(
    "hour_entry",
    *(sa.column(name, sa.Integer) for name in ("newcomer_id", "minutes")),
    sa.column("state", sa.String),
    sa.column("starts_at", sa.DateTime(timezone=True)),
)
kept = sa.table(
    "trajectory_sum",
    *(sa.column(name, sa.Integer) for name in ("newcomer_id", "contract_id", "starts_day", "ends_day", "rules_day", "last_day", *NUMBERS)),
    sa.column("in_contract", sa.Boolean),
)  # fmt: skip


def upgrade() -> None:
    """Make trajectory_sum, and count what is there."""
    op.create_table(
        "trajectory_sum",
        sa.Column("newcomer_id", sa.Integer, nullable=False),
        sa.Column("contract_id", sa.Integer, nullable=True),
        sa.Column("in_contract", sa.Boolean, nullable=False),
        sa.Column("starts_day", sa.Integer, nullable=True),
        sa.Column("ends_day", sa.Integer, nullable=True),
        sa.Column("rules_day", sa.Integer, nullable=True),
        *(sa.Column(name, sa.Integer, nullable=False) for name in NUMBERS),
        sa.Column("last_day", sa.Integer, nullable=True),
        sa.PrimaryKeyConstraint("newcomer_id", name="pk_trajectory_sum"),
        sa.ForeignKeyConstraint(
            ["newcomer_id"], ["newcomer.id"], name="fk_trajectory_sum_newcomer_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["contract_id"], ["contract_version.id"], name="fk_trajectory_sum_contract_id"
        ),
    )
    op.create_index("ix_trajectory_sum_contract_id", "trajectory_sum", ["contract_id"])
    connection = op.get_bind()
    keys = connection.scalars(sa.select(newcomer.c.id).order_by(newcomer.c.id)).all()
    for at in range(0, len(keys), AT_ONCE):
        connection.execute(kept.insert(), counted(connection, keys[at : at + AT_ONCE]))


def downgrade() -> None:
    """Drop the sums; what they were counted from stays."""
    op.drop_table("trajectory_sum")


def counted(connection: sa.Connection, keys: list[int]) -> list[dict[str, object]]:
    """One row for each of these newcomers, as app/services/sums.py counted on the day of this step."""
    versions = {
        row.newcomer_id: row
        for row in connection.execute(
            sa.select(contract).where(contract.c.newcomer_id.in_(keys)).order_by(contract.c.number)
        )
    }
    lines: dict[int, list[tuple[str, int, date]]] = defaultdict(list)
    found = connection.execute(
        sa.select(entry).where(entry.c.newcomer_id.in_(keys), entry.c.state.in_(KIND_OF_SUM))
    )
    for row in found:
        instant = row.starts_at if row.starts_at.tzinfo else row.starts_at.replace(tzinfo=UTC)
        lines[row.newcomer_id].append(
            (KIND_OF_SUM[row.state], row.minutes, instant.astimezone(BRUSSELS).date())
        )
    return [one(key, versions.get(key), lines[key]) for key in keys]


def one(key: int, version: sa.Row | None, lines: list[tuple[str, int, date]]) -> dict[str, object]:
    """The sum of one newcomer; without the trajectory in a contract there is no term, and nothing is held."""
    sums = dict.fromkeys(NUMBERS, 0)
    has_term = version is not None and version.contains_trajectory
    for name, minutes, day in lines:
        inside = not has_term or version.starts_on <= day <= version.ends_on
        sums[name if inside else "held"] += minutes
    return {
        "newcomer_id": key,
        "contract_id": version and version.id,
        "in_contract": bool(has_term),
        "starts_day": version and version.starts_on.toordinal(),
        "ends_day": version and version.ends_on.toordinal(),
        "rules_day": version and version.rules_on.toordinal(),
        "last_day": max((day.toordinal() for _name, _minutes, day in lines), default=None),
        **sums,
    }
