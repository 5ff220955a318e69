"""What readers say about a sentence, and forms that are kept for who has to sign in again.

Revision ID: 0007
Revises: 0006
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make remark and kept_form."""
    op.create_table(
        "remark",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("locale", sa.String(35), nullable=False),
        sa.Column("page", sa.String(300), nullable=False),
        sa.Column("sentence", sa.Text, nullable=False),
        sa.Column("better", sa.Text, nullable=False),
        sa.Column("contact", sa.String(200), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_by_id", sa.Integer, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_remark"),
        sa.CheckConstraint("state IN ('new', 'mended', 'not_taken')", name=op.f("ck_remark_remarkstate")),
        sa.ForeignKeyConstraint(["settled_by_id"], ["person.id"], name="fk_remark_settled_by_id"),
    )
    op.create_index("ix_remark_open", "remark", ["state", "locale"])
    op.create_table(
        "kept_form",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("person_id", sa.Integer, nullable=True),
        sa.Column("page", sa.String(300), nullable=False),
        sa.Column("action", sa.String(300), nullable=False),
        sa.Column("fields", sa.JSON, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_kept_form"),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name="fk_kept_form_person_id", ondelete="CASCADE"
        ),
        sa.UniqueConstraint("token_hash", name="uq_kept_form_token_hash"),
    )
    op.create_index("ix_kept_form_person_id", "kept_form", ["person_id"])


def downgrade() -> None:
    """Drop both tables."""
    op.drop_table("kept_form")
    op.drop_table("remark")
