"""Second factors and recovery codes; of a device only its kind is kept, not all that its browser tells.

Revision ID: 0026
Revises: 0025
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

PURPOSES = (
    "confirm_address", "reset_password", "sign_in", "invitation", "confirm_hours", "link_counsellor", "answer_duo",
    "still_available", "report_duo", "goes_on", "leave_activity", "who_comes",
)  # fmt: skip
NEW_PURPOSES = (*PURPOSES, "second_factor")
INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    change_purposes(NEW_PURPOSES)
    op.create_table(
        "second_factor",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("salt", sa.String(64), nullable=False),
        sa.Column("last_step", sa.Integer(), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=True),
        sa.Column("asked_at", INSTANT, nullable=True),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_second_factor_person_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["asked_by_id"], ["person.id"], name=op.f("fk_second_factor_asked_by_id")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_second_factor")),
    )
    op.create_table(
        "recovery_code",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("code_hash", sa.String(64), nullable=False),
        sa.Column("used_at", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_recovery_code_person_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recovery_code")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_recovery_code_code_hash")),
    )
    op.create_index(op.f("ix_recovery_code_person_id"), "recovery_code", ["person_id"])
    op.execute("UPDATE sign_in SET device = ''")


def downgrade() -> None:
    op.drop_table("recovery_code")
    op.drop_table("second_factor")
    op.execute("DELETE FROM link WHERE purpose = 'second_factor'")
    change_purposes(PURPOSES)


def change_purposes(purposes: tuple[str, ...]) -> None:
    """Let links have these purposes."""
    listed = ", ".join(repr(purpose) for purpose in purposes)
    with op.batch_alter_table("link") as table:
        table.drop_constraint(op.f("ck_link_linkpurpose"), type_="check")
        table.create_check_constraint(op.f("ck_link_linkpurpose"), f"purpose IN ({listed})")
