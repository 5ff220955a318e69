"""An administrator is made by two: who is asked for waits until a second one agrees.

Revision ID: 0027
Revises: 0026
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "administrator_request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("full_name", sa.String(200), nullable=False),
        sa.Column("email", sa.String(254), nullable=False),
        sa.Column("email_canonical", sa.String(254), nullable=False),
        sa.Column("locale", sa.String(35), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["asked_by_id"], ["person.id"], name=op.f("fk_administrator_request_asked_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_administrator_request")),
        sa.UniqueConstraint("email_canonical", name=op.f("uq_administrator_request_email_canonical")),
    )
    op.create_index(op.f("ix_administrator_request_asked_by_id"), "administrator_request", ["asked_by_id"])


def downgrade() -> None:
    op.drop_table("administrator_request")
