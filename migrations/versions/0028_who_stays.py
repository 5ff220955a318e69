"""When somebody was last seen and asked to stay, and settings for how long an account that nobody uses is kept.

Of people who are here already nothing is known of earlier times: the time begins on the day of this step.

Revision ID: 0028
Revises: 0027
"""

from __future__ import annotations

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

PURPOSES = (
    "confirm_address", "reset_password", "sign_in", "invitation", "confirm_hours", "link_counsellor", "answer_duo",
    "still_available", "report_duo", "goes_on", "leave_activity", "who_comes", "second_factor",
)  # fmt: skip
KINDS = ("registrations", "stopped", "hours", "letters", "sign_ins", "lists", "safety", "audit", "backups")
NEW_KINDS = ("asked_to_stay", "inactive")  # without a row: code of before would not know what it is


def upgrade() -> None:
    op.create_table(
        "contact_tombstone",
        sa.Column("contact_id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.add_column("person", sa.Column("seen_on", sa.Date(), nullable=True))
    op.add_column("person", sa.Column("stay_asked_on", sa.Date(), nullable=True))
    op.create_index(op.f("ix_person_seen_on"), "person", ["seen_on"])
    op.execute(
        sa.table("person", sa.column("seen_on", sa.Date)).update().values(seen_on=datetime.now(UTC).date())
    )
    allow("link", "purpose", "ck_link_linkpurpose", (*PURPOSES[:-1], "stay", PURPOSES[-1]))
    allow("retention_rule", "kind", "ck_retention_rule_retentionkind", (*KINDS[:2], *NEW_KINDS, *KINDS[2:]))


def downgrade() -> None:
    op.execute("DELETE FROM retention_rule WHERE kind IN ('asked_to_stay', 'inactive')")
    op.execute("DELETE FROM link WHERE purpose = 'stay'")
    allow("retention_rule", "kind", "ck_retention_rule_retentionkind", KINDS)
    allow("link", "purpose", "ck_link_linkpurpose", PURPOSES)
    op.drop_index(op.f("ix_person_seen_on"), "person")
    op.drop_column("person", "stay_asked_on")
    op.drop_column("person", "seen_on")
    op.drop_table("contact_tombstone")


def allow(table: str, column: str, name: str, values: tuple[str, ...]) -> None:
    """Let a column hold these values."""
    listed = ", ".join(repr(value) for value in values)
    with op.batch_alter_table(table) as altered:
        altered.drop_constraint(op.f(name), type_="check")
        altered.create_check_constraint(op.f(name), f"{column} IN ({listed})")
