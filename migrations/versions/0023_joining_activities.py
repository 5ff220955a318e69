"""Who comes to an activity or waits for a place, and who was there.

Revision ID: 0023
Revises: 0022
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

PURPOSES = (
    "confirm_address", "reset_password", "sign_in", "invitation", "confirm_hours", "link_counsellor", "answer_duo",
    "still_available", "report_duo", "goes_on",
)  # fmt: skip
NEW_PURPOSES = (*PURPOSES, "leave_activity", "who_comes")
SUBJECTS = ("buddy", "newcomer", "proposal", "duo", "hour_entry", "proof", "offer", "organisation")
NEW_SUBJECTS = (*SUBJECTS, "sign_up")
STATES = ("joined", "waiting", "stopped")
PRESENCES = ("excused", "came", "missed")
LIVE = "state <> 'stopped'"
INSTANT = sa.DateTime(timezone=True)
MOMENTS = ("told_at", "announced_at", "asked_at")


def upgrade() -> None:
    """Make sign_up and presence; let links and transitions be about them."""
    change_words(NEW_PURPOSES, NEW_SUBJECTS)
    for name in MOMENTS:
        op.add_column("occurrence", sa.Column(name, INSTANT, nullable=True))
    op.create_table(
        "sign_up",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("offer_id", sa.Integer(), nullable=False),
        sa.Column("gathering_id", sa.Integer(), nullable=True),
        sa.Column("newcomer_id", sa.Integer(), nullable=False),
        sa.Column(
            "state", sa.Enum(*STATES, name="signupstate", native_enum=False, length=40, create_constraint=True), nullable=False
        ),
        sa.Column("entered_by_id", sa.Integer(), nullable=False),
        sa.Column("joined_at", INSTANT, nullable=True),
        sa.Column("stopped_at", INSTANT, nullable=True),
        sa.Column("reminded_on", sa.Date(), nullable=True),
        sa.Column("told", sa.Boolean(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["offer_id"], ["offer.id"], name=op.f("fk_sign_up_offer_id")),
        sa.ForeignKeyConstraint(
            ["gathering_id"], ["gathering.id"], name=op.f("fk_sign_up_gathering_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["newcomer_id"], ["newcomer.id"], name=op.f("fk_sign_up_newcomer_id")),
        sa.ForeignKeyConstraint(["entered_by_id"], ["person.id"], name=op.f("fk_sign_up_entered_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_up")),
    )  # fmt: skip
    for column in ("gathering_id", "newcomer_id"):
        op.create_index(op.f(f"ix_sign_up_{column}"), "sign_up", [column])
    op.create_index("ix_sign_up_queue", "sign_up", ["offer_id", "state", "id"])
    op.create_index(
        "uq_sign_up_live", "sign_up", ["offer_id", "newcomer_id"], unique=True, sqlite_where=sa.text(LIVE),
        postgresql_where=sa.text(LIVE),
    )  # fmt: skip
    op.create_table(
        "presence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sign_up_id", sa.Integer(), nullable=False),
        sa.Column("occurrence_id", sa.Integer(), nullable=False),
        sa.Column(
            "state", sa.Enum(*PRESENCES, name="presencestate", native_enum=False, length=40, create_constraint=True),
            nullable=False,
        ),
        sa.Column("entry_id", sa.Integer(), nullable=True),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["sign_up_id"], ["sign_up.id"], name=op.f("fk_presence_sign_up_id")),
        sa.ForeignKeyConstraint(["occurrence_id"], ["occurrence.id"], name=op.f("fk_presence_occurrence_id")),
        sa.ForeignKeyConstraint(["entry_id"], ["hour_entry.id"], name=op.f("fk_presence_entry_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_presence")),
        sa.UniqueConstraint("sign_up_id", "occurrence_id", name=op.f("uq_presence_sign_up_id_occurrence_id")),
        sa.UniqueConstraint("entry_id", name=op.f("uq_presence_entry_id")),
    )  # fmt: skip
    op.create_index(op.f("ix_presence_occurrence_id"), "presence", ["occurrence_id"])


def downgrade() -> None:
    """Drop both tables; who came keeps the hours, and places are free again."""
    op.drop_table("presence")
    op.drop_table("sign_up")
    op.execute("UPDATE offer SET places_taken = 0, waiting_taken = 0")
    with op.batch_alter_table("occurrence") as table:
        for name in MOMENTS:
            table.drop_column(name)
    op.execute("DELETE FROM link WHERE purpose IN ('leave_activity', 'who_comes')")
    op.execute("DELETE FROM transition WHERE subject = 'sign_up'")
    change_words(PURPOSES, SUBJECTS)


def change_words(purposes: tuple[str, ...], subjects: tuple[str, ...]) -> None:
    """Let links have these purposes and transitions these subjects."""
    with op.batch_alter_table("link") as table:
        table.drop_constraint(op.f("ck_link_linkpurpose"), type_="check")
        table.create_check_constraint(op.f("ck_link_linkpurpose"), one_of("purpose", purposes))
    with op.batch_alter_table("transition") as table:
        table.drop_constraint(op.f("ck_transition_subject"), type_="check")
        table.create_check_constraint(op.f("ck_transition_subject"), one_of("subject", subjects))


def one_of(column: str, values: tuple[str, ...]) -> str:
    """The check that a column holds one of these."""
    return f"{column} IN ({', '.join(repr(value) for value in values)})"
