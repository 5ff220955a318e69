"""Programmes of a network's own, with texts; who is in which, and of which programme each run is.

All programmes that are there go on as those that networks share; every run is of the programme that its network has.

Revision ID: 0019
Revises: 0018
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

LEVELS = ("none", "a1", "a2", "b1", "b2")
OPEN = "closed_on IS NULL"
CHECKS = {
    "dutchlevel": f"least_dutch IN ({', '.join(repr(level) for level in LEVELS)})",
    "months": "months BETWEEN 6 AND 12",
    "weeks_between": "weeks_between BETWEEN 1 AND 2",
    "refused_months": "refused_months BETWEEN 0 AND 24",
}
ADDED = {
    "months": (sa.Integer, "6"),
    "weeks_between": (sa.Integer, "2"),
    "least_dutch": (sa.String(40), "none"),
    "municipalities": (sa.JSON, "[]"),
}


def upgrade() -> None:
    """Give programmes what a network decides about them, and make the tables of their texts and buddies."""
    op.execute("UPDATE programme SET refused_months = 24 WHERE refused_months > 24")
    op.execute("UPDATE programme SET refused_months = 0 WHERE refused_months < 0")
    with op.batch_alter_table("programme") as table:
        table.add_column(sa.Column("network_slug", sa.String(40), nullable=True))
        for name, (kind, default) in ADDED.items():
            table.add_column(sa.Column(name, kind, nullable=False, server_default=default))
        table.add_column(sa.Column("closed_on", sa.Date, nullable=True))
        table.create_foreign_key("fk_programme_network_slug", "network", ["network_slug"], ["slug"])
        for name, condition in CHECKS.items():
            table.create_check_constraint(op.f(f"ck_programme_{name}"), condition)
    with op.batch_alter_table("programme") as table:
        for name, (kind, _default) in ADDED.items():
            table.alter_column(name, existing_type=kind, server_default=None)
    op.create_index("ix_programme_network_slug", "programme", ["network_slug"])
    op.create_index(
        "uq_programme_open_name",
        "programme",
        ["network_slug", "name"],
        unique=True,
        sqlite_where=sa.text(OPEN),
        postgresql_where=sa.text(OPEN),
    )
    with op.batch_alter_table("newcomer") as table:
        table.add_column(sa.Column("programme_id", sa.Integer, nullable=True))
        table.create_foreign_key("fk_newcomer_programme_id", "programme", ["programme_id"], ["id"])
    op.create_index("ix_newcomer_programme_id", "newcomer", ["programme_id"])
    with op.batch_alter_table("run") as table:
        table.add_column(sa.Column("programme_id", sa.Integer, nullable=True))
        table.create_foreign_key("fk_run_programme_id", "programme", ["programme_id"], ["id"])
    op.execute(
        "UPDATE run SET programme_id = (SELECT programme_id FROM network WHERE network.slug = run.network_slug)"
    )
    with op.batch_alter_table("run") as table:
        table.alter_column("programme_id", existing_type=sa.Integer, nullable=False)
    op.create_index("ix_run_programme_id", "run", ["programme_id"])
    make_tables()


def make_tables() -> None:
    """Make programme_text and buddy_programme."""
    op.create_table(
        "programme_text",
        sa.Column("programme_id", sa.Integer, nullable=False),
        sa.Column("language", sa.String(35), nullable=False),
        sa.Column("line", sa.String(200), nullable=False),
        sa.Column("words", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("programme_id", "language", name="pk_programme_text"),
        sa.ForeignKeyConstraint(
            ["programme_id"], ["programme.id"], name="fk_programme_text_programme_id", ondelete="CASCADE"
        ),
    )
    op.create_table(
        "buddy_programme",
        sa.Column("buddy_id", sa.Integer, nullable=False),
        sa.Column("programme_id", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("buddy_id", "programme_id", name="pk_buddy_programme"),
        sa.ForeignKeyConstraint(
            ["buddy_id"], ["buddy.id"], name="fk_buddy_programme_buddy_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["programme_id"], ["programme.id"], name="fk_buddy_programme_programme_id", ondelete="CASCADE"
        ),
    )
    op.create_index("ix_buddy_programme_programme_id", "buddy_programme", ["programme_id"])


def downgrade() -> None:
    """Every network keeps the programme that it has; suggestions of its other programmes are no longer valid."""
    op.execute(
        "UPDATE proposal SET state = 'lapsed' WHERE state IN ('suggested', 'held') AND run_id IN (SELECT run.id FROM run"
        " JOIN network ON network.slug = run.network_slug WHERE run.programme_id <> network.programme_id)"
    )
    op.drop_table("buddy_programme")
    op.drop_table("programme_text")
    op.drop_index("ix_run_programme_id", "run")
    with op.batch_alter_table("run") as table:
        table.drop_constraint("fk_run_programme_id", type_="foreignkey")
        table.drop_column("programme_id")
    op.drop_index("ix_newcomer_programme_id", "newcomer")
    with op.batch_alter_table("newcomer") as table:
        table.drop_constraint("fk_newcomer_programme_id", type_="foreignkey")
        table.drop_column("programme_id")
    op.drop_index("uq_programme_open_name", "programme")
    op.drop_index("ix_programme_network_slug", "programme")
    with op.batch_alter_table("programme") as table:
        table.drop_constraint("fk_programme_network_slug", type_="foreignkey")
        for name in CHECKS:
            table.drop_constraint(op.f(f"ck_programme_{name}"), type_="check")
        for name in ("closed_on", *reversed(ADDED), "network_slug"):
            table.drop_column(name)
