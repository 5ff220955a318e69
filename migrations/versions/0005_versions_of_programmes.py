"""Versions of a programme's setting: what was proposed with which evidence, and what was adopted from which day on.

The setting that a programme has becomes its first version, adopted on the day the programme was made.

Revision ID: 0005
Revises: 0004
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

PUBLISHED = (
    sa.column("programme_id", sa.Integer),
    sa.column("version", sa.String),
    sa.column("weights", sa.JSON),
    sa.column("evidence", sa.JSON),
    sa.column("created_at", sa.DateTime(timezone=True)),
    sa.column("state", sa.String),
    sa.column("attempt", sa.Integer),
    sa.column("compared", sa.Integer),
    sa.column("to_compare", sa.Integer),
    sa.column("touched_at", sa.DateTime(timezone=True)),
    sa.column("comparison", sa.JSON),
    sa.column("since", sa.Date),
)
programme = sa.table(
    "programme",
    sa.column("id", sa.Integer),
    sa.column("weights_version", sa.String),
    sa.column("weights", sa.JSON),
    sa.column("created_at", sa.DateTime(timezone=True)),
)


def upgrade() -> None:
    """Make programme_version and write down what is in force."""
    op.create_table(
        "programme_version",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("programme_id", sa.Integer, nullable=False),
        sa.Column("version", sa.String(40), nullable=False),
        sa.Column("weights", sa.JSON, nullable=False),
        sa.Column("evidence", sa.JSON, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_person_id", sa.Integer, nullable=True),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("attempt", sa.Integer, nullable=False),
        sa.Column("compared", sa.Integer, nullable=False),
        sa.Column("to_compare", sa.Integer, nullable=False),
        sa.Column("touched_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("comparison", sa.JSON, nullable=False),
        sa.Column("since", sa.Date, nullable=True),
        sa.Column("adopted_by_id", sa.Integer, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_programme_version"),
        sa.CheckConstraint(
            "state IN ('queued', 'running', 'done', 'failed', 'stopped')",
            name=op.f("ck_programme_version_runstate"),
        ),
        sa.ForeignKeyConstraint(["programme_id"], ["programme.id"], name="fk_programme_version_programme_id"),
        sa.ForeignKeyConstraint(["by_person_id"], ["person.id"], name="fk_programme_version_by_person_id"),
        sa.ForeignKeyConstraint(["adopted_by_id"], ["person.id"], name="fk_programme_version_adopted_by_id"),
        sa.UniqueConstraint("programme_id", "version", name="uq_programme_version_programme_id_version"),
    )
    rows = op.get_bind().execute(sa.select(programme)).mappings().all()
    if rows:
        op.bulk_insert(
            sa.table("programme_version", *PUBLISHED),
            [
                {
                    "programme_id": row["id"], "version": row["weights_version"], "weights": row["weights"],
                    "evidence": {}, "created_at": row["created_at"], "state": "done", "attempt": 0, "compared": 0,
                    "to_compare": 0, "touched_at": row["created_at"], "comparison": {},
                    "since": row["created_at"].date(),
                }
                for row in rows
            ],
        )  # fmt: skip


def downgrade() -> None:
    """Drop the table; what is in force stands in programme as well."""
    op.drop_table("programme_version")
