"""A network that asks a neighbour for a place with a buddy.

Revision ID: 0020
Revises: 0019
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

STATES = ("open", "offered", "declined", "withdrawn")
IS_OPEN = sa.text("state = 'open'")


def upgrade() -> None:
    """Make loan_request: one open question from a network to another."""
    op.create_table(
        "loan_request",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("by_slug", sa.String(40), nullable=False),
        sa.Column("to_slug", sa.String(40), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("until", sa.Date, nullable=False),
        sa.Column("words", sa.Text, nullable=False),
        sa.Column("asked_by_id", sa.Integer, nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_by_id", sa.Integer, nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("loan_id", sa.Integer, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_loan_request"),
        sa.CheckConstraint("by_slug <> to_slug", name=op.f("ck_loan_request_two_networks")),
        sa.CheckConstraint("answered_by_id <> asked_by_id", name=op.f("ck_loan_request_two_people")),
        sa.CheckConstraint(
            f"state IN ({', '.join(repr(state) for state in STATES)})", name=op.f("ck_loan_request_requeststate")
        ),
        *(
            sa.ForeignKeyConstraint([column], [target], name=f"fk_loan_request_{column}")
            for column, target in (
                ("by_slug", "network.slug"), ("to_slug", "network.slug"), ("asked_by_id", "person.id"),
                ("answered_by_id", "person.id"), ("loan_id", "loan.id"),
            )
        ),
    )  # fmt: skip
    for column in ("by_slug", "to_slug", "loan_id"):
        op.create_index(f"ix_loan_request_{column}", "loan_request", [column])
    op.create_index(
        "uq_loan_request_open", "loan_request", ["by_slug", "to_slug"], unique=True,
        sqlite_where=IS_OPEN, postgresql_where=IS_OPEN,
    )  # fmt: skip


def downgrade() -> None:
    """Drop the table."""
    op.drop_table("loan_request")
