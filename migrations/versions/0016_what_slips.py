"""How long a duo may be silent before its coordinator is told, and the list that coordinators get on Monday.

Revision ID: 0016
Revises: 0012
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0012"
branch_labels = None
depends_on = None

WEEKS = {"silent_weeks": "4", "check_in_weeks": "8"}


def upgrade() -> None:
    """Add both settings to network, and make monday_list."""
    with op.batch_alter_table("network") as table:
        for name, weeks in WEEKS.items():
            table.add_column(sa.Column(name, sa.Integer, nullable=False, server_default=weeks))
            table.create_check_constraint(op.f(f"ck_network_{name}"), f"{name} BETWEEN 1 AND 26")
    with op.batch_alter_table("network") as table:
        for name in WEEKS:
            table.alter_column(name, server_default=None)
    op.create_table(
        "monday_list",
        sa.Column("person_id", sa.Integer, nullable=False),
        sa.Column("wanted", sa.Boolean, nullable=False),
        sa.Column("sent_for", sa.Date, nullable=True),
        sa.PrimaryKeyConstraint("person_id", name="pk_monday_list"),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name="fk_monday_list_person_id", ondelete="CASCADE"
        ),
    )


def downgrade() -> None:
    """Take all of it away."""
    op.drop_table("monday_list")
    with op.batch_alter_table("network") as table:
        for name in WEEKS:
            table.drop_constraint(op.f(f"ck_network_{name}"), type_="check")
            table.drop_column(name)
