"""Lists of activities that are brought in from a file or an address.

Revision ID: 0022
Revises: 0021
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

KINDS = ("own", "uitdatabank")
STATES = ("reading", "ready", "taking", "done", "stopped", "failed")
COUNTS = ("attempt", "rows_done", "rows_all", "added", "changed", "same", "ended", "left_out")


def upgrade() -> None:
    op.create_table(
        "offer_list",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("network_slug", sa.String(40), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("by_person_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind", sa.Enum(*KINDS, name="offerlistkind", native_enum=False, length=40, create_constraint=True), nullable=False
        ),
        sa.Column(
            "state", sa.Enum(*STATES, name="offerliststate", native_enum=False, length=40, create_constraint=True),
            nullable=False,
        ),
        sa.Column("address", sa.String(1000), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("report", sa.JSON(), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("failure", sa.String(200), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in COUNTS),
        sa.Column("touched_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["network_slug"], ["network.slug"], name=op.f("fk_offer_list_network_slug")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_offer_list_organisation_id")),
        sa.ForeignKeyConstraint(
            ["by_person_id"], ["person.id"], name=op.f("fk_offer_list_by_person_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_offer_list")),
    )  # fmt: skip
    for column in ("network_slug", "organisation_id", "by_person_id"):
        op.create_index(op.f(f"ix_offer_list_{column}"), "offer_list", [column])
    op.create_index("ix_offer_list_network_state", "offer_list", ["network_slug", "state"])


def downgrade() -> None:
    op.drop_table("offer_list")
