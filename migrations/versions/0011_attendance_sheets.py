"""Attendance sheets of paper, and the names that stand on them.

Revision ID: 0011
Revises: 0010
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make attendance_sheet and attendance_name."""
    op.create_table(
        "attendance_sheet",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("code", sa.String(20), nullable=False),
        sa.Column("offer_id", sa.Integer, nullable=False),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("made_by_id", sa.Integer, nullable=True),
        sa.Column("signed_name", sa.String(200), nullable=False),
        sa.Column("signed_on", sa.Date, nullable=True),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("entered_by_id", sa.Integer, nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_attendance_sheet"),
        sa.ForeignKeyConstraint(["offer_id"], ["offer.id"], name="fk_attendance_sheet_offer_id"),
        sa.ForeignKeyConstraint(["made_by_id"], ["person.id"], name="fk_attendance_sheet_made_by_id"),
        sa.ForeignKeyConstraint(["entered_by_id"], ["person.id"], name="fk_attendance_sheet_entered_by_id"),
        sa.UniqueConstraint("code", name="uq_attendance_sheet_code"),
    )
    op.create_index("ix_attendance_sheet_offer_id", "attendance_sheet", ["offer_id"])
    op.create_table(
        "attendance_name",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("sheet_id", sa.Integer, nullable=False),
        sa.Column("newcomer_id", sa.Integer, nullable=False),
        sa.Column("entry_id", sa.Integer, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_attendance_name"),
        sa.ForeignKeyConstraint(["sheet_id"], ["attendance_sheet.id"], name="fk_attendance_name_sheet_id"),
        sa.ForeignKeyConstraint(["newcomer_id"], ["newcomer.id"], name="fk_attendance_name_newcomer_id"),
        sa.ForeignKeyConstraint(["entry_id"], ["hour_entry.id"], name="fk_attendance_name_entry_id"),
        sa.UniqueConstraint("entry_id", name="uq_attendance_name_entry_id"),
    )
    op.create_index("ix_attendance_name_sheet_id", "attendance_name", ["sheet_id"])
    op.create_index("ix_attendance_name_newcomer_id", "attendance_name", ["newcomer_id"])


def downgrade() -> None:
    """Drop both tables."""
    op.drop_table("attendance_name")
    op.drop_table("attendance_sheet")
