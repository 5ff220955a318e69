"""Texts read aloud by staff, so that readers whose device has no voice of their language can hear them.

Revision ID: 0006
Revises: 0005
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make recording."""
    op.create_table(
        "recording",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("language", sa.String(35), nullable=False),
        sa.Column("message", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("text_digest", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
        sa.Column("content_digest", sa.String(64), nullable=False),
        sa.Column("size", sa.Integer, nullable=False),
        sa.Column("milliseconds", sa.Integer, nullable=False),
        sa.Column("by_person_id", sa.Integer, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_recording"),
        sa.UniqueConstraint("language", "text_digest", name="uq_recording_language_text_digest"),
        sa.CheckConstraint(
            "kind IN ('audio/ogg', 'audio/webm', 'audio/mpeg', 'audio/mp4', 'audio/aac')",
            name=op.f("ck_recording_audiokind"),
        ),
        sa.CheckConstraint("length(content) BETWEEN 1 AND 200000", name=op.f("ck_recording_content")),
        sa.CheckConstraint("milliseconds > 0", name=op.f("ck_recording_milliseconds")),
        sa.ForeignKeyConstraint(["by_person_id"], ["person.id"], name="fk_recording_by_person_id"),
    )
    op.create_index("ix_recording_content_digest", "recording", ["content_digest"])
    op.create_index("ix_recording_by_person_id", "recording", ["by_person_id"])


def downgrade() -> None:
    """Drop the table, and what was read aloud with it."""
    op.drop_table("recording")
