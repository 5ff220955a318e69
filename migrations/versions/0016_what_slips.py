"""How long a duo may be silent before its coordinator is told, the list on Monday, and calls for volunteers.

Revision ID: 0016
Revises: 0015
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

WEEKS = {"duo_silent_weeks": "4", "check_in_weeks": "8"}


def upgrade() -> None:
    """Add both settings to network and the source to registration; make monday_list and volunteer_call."""
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
    with op.batch_alter_table("registration") as table:
        table.add_column(sa.Column("source", sa.String(40), nullable=False, server_default="site"))
    with op.batch_alter_table("registration") as table:
        table.alter_column("source", server_default=None)
    op.create_index("ix_buddy_source", "buddy", ["source"])
    make_calls()


def make_calls() -> None:
    """Make volunteer_call."""
    op.create_table(
        "volunteer_call",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("network_slug", sa.String(40), nullable=False),
        sa.Column("run_id", sa.Integer, nullable=True),
        sa.Column("code", sa.String(24), nullable=False),
        *(sa.Column(name, sa.JSON, nullable=False) for name in ("languages", "moments", "towns")),
        sa.Column("wish", sa.String(1), nullable=False),
        sa.Column("waiting", sa.Integer, nullable=True),
        sa.Column("visits", sa.Integer, nullable=False),
        sa.Column("by_person_id", sa.Integer, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_volunteer_call"),
        sa.UniqueConstraint("code", name="uq_volunteer_call_code"),
        sa.CheckConstraint("visits >= 0", name=op.f("ck_volunteer_call_visits")),
        sa.CheckConstraint("waiting >= 5", name=op.f("ck_volunteer_call_waiting")),
        sa.ForeignKeyConstraint(["network_slug"], ["network.slug"], name="fk_volunteer_call_network_slug"),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name="fk_volunteer_call_run_id", ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["by_person_id"], ["person.id"], name="fk_volunteer_call_by_person_id"),
    )
    for column in ("network_slug", "by_person_id"):
        op.create_index(f"ix_volunteer_call_{column}", "volunteer_call", [column])
    still_open = sa.text("closed_at IS NULL")
    op.create_index(
        "uq_volunteer_call_open", "volunteer_call", ["run_id"], unique=True, sqlite_where=still_open,
        postgresql_where=still_open,
    )  # fmt: skip


def downgrade() -> None:
    """Take all of it away."""
    op.drop_table("volunteer_call")
    op.drop_index("ix_buddy_source", "buddy")
    with op.batch_alter_table("registration") as table:
        table.drop_column("source")
    op.drop_table("monday_list")
    with op.batch_alter_table("network") as table:
        for name in WEEKS:
            table.drop_constraint(op.f(f"ck_network_{name}"), type_="check")
            table.drop_column(name)
