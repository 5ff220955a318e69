"""Buddies to choose from, places lent between networks, who insures the newcomer, and looking back on a duo.

Revision ID: 0015
Revises: 0014
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

WISHES = ("open", "chosen", "none", "lapsed", "withdrawn")
REASONS = ("too_far", "interests", "moments", "not_now", "other")
LOANS = ("offered", "lent", "used", "declined", "returned")
WENT = ("good", "so_so", "hard")
IS_OPEN = sa.text("state = 'open'")


def one_of(column: str, values: tuple[str, ...]) -> str:
    """The check that a column holds one of these."""
    return f"{column} IN ({', '.join(repr(value) for value in values)})"


def upgrade() -> None:
    """Make wish, loan and look_back, and the columns of proposal, duo and network."""
    make_wish()
    make_loan()
    op.create_table(
        "look_back",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("duo_id", sa.Integer, nullable=False),
        sa.Column("side", sa.String(20), nullable=False),
        sa.Column("went", sa.String(40), nullable=False),
        sa.Column("words", sa.Text, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_look_back"),
        sa.UniqueConstraint("duo_id", "side", name="uq_look_back_duo_id_side"),
        sa.CheckConstraint(one_of("went", WENT), name=op.f("ck_look_back_went")),
        sa.ForeignKeyConstraint(["duo_id"], ["duo.id"], name="fk_look_back_duo_id"),
    )
    with op.batch_alter_table("proposal") as table:
        table.add_column(sa.Column("wish_id", sa.Integer, nullable=True))
        table.add_column(sa.Column("beside", sa.Boolean, nullable=False, server_default=sa.false()))
        table.create_foreign_key("fk_proposal_wish_id", "wish", ["wish_id"], ["id"])
        table.create_index("ix_proposal_wish_id", ["wish_id"])
    op.add_column("duo", sa.Column("newcomer_insurer", sa.String(200), nullable=False, server_default=""))
    op.add_column("duo", sa.Column("goes_on", sa.Boolean, nullable=True))
    op.add_column("duo", sa.Column("may_again", sa.Boolean, nullable=False, server_default=sa.false()))
    op.add_column("network", sa.Column("newcomer_insurer", sa.String(200), nullable=False, server_default=""))


def downgrade() -> None:
    """Drop the tables and the columns."""
    op.drop_column("network", "newcomer_insurer")
    for column in ("may_again", "goes_on", "newcomer_insurer"):
        op.drop_column("duo", column)
    with op.batch_alter_table("proposal") as table:
        table.drop_index("ix_proposal_wish_id")
        table.drop_constraint("fk_proposal_wish_id", type_="foreignkey")
        table.drop_column("beside")
        table.drop_column("wish_id")
    for name in ("look_back", "loan", "wish"):
        op.drop_table(name)


def make_wish() -> None:
    """Make wish: one open question per newcomer."""
    op.create_table(
        "wish",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("newcomer_id", sa.Integer, nullable=False),
        sa.Column("network_slug", sa.String(40), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("asked_by_id", sa.Integer, nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer_before", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.String(40), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_wish"),
        sa.CheckConstraint(one_of("state", WISHES), name=op.f("ck_wish_wishstate")),
        sa.CheckConstraint(one_of("reason", REASONS), name=op.f("ck_wish_nonereason")),
        sa.ForeignKeyConstraint(["newcomer_id"], ["newcomer.id"], name="fk_wish_newcomer_id"),
        sa.ForeignKeyConstraint(["network_slug"], ["network.slug"], name="fk_wish_network_slug"),
        sa.ForeignKeyConstraint(["asked_by_id"], ["person.id"], name="fk_wish_asked_by_id"),
    )
    for column in ("newcomer_id", "network_slug"):
        op.create_index(f"ix_wish_{column}", "wish", [column])
    op.create_index(
        "uq_wish_open_newcomer",
        "wish",
        ["newcomer_id"],
        unique=True,
        sqlite_where=IS_OPEN,
        postgresql_where=IS_OPEN,
    )


def make_loan() -> None:
    """Make loan: a place with a buddy, from one network to another, by two people."""
    op.create_table(
        "loan",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("buddy_id", sa.Integer, nullable=False),
        sa.Column("from_slug", sa.String(40), nullable=False),
        sa.Column("to_slug", sa.String(40), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("until", sa.Date, nullable=False),
        sa.Column("offered_by_id", sa.Integer, nullable=False),
        sa.Column("offered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_by_id", sa.Integer, nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("duo_id", sa.Integer, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_loan"),
        sa.CheckConstraint("from_slug <> to_slug", name=op.f("ck_loan_two_networks")),
        sa.CheckConstraint("answered_by_id <> offered_by_id", name=op.f("ck_loan_two_people")),
        sa.CheckConstraint(one_of("state", LOANS), name=op.f("ck_loan_loanstate")),
        sa.ForeignKeyConstraint(["buddy_id"], ["buddy.id"], name="fk_loan_buddy_id"),
        sa.ForeignKeyConstraint(["from_slug"], ["network.slug"], name="fk_loan_from_slug"),
        sa.ForeignKeyConstraint(["to_slug"], ["network.slug"], name="fk_loan_to_slug"),
        sa.ForeignKeyConstraint(["offered_by_id"], ["person.id"], name="fk_loan_offered_by_id"),
        sa.ForeignKeyConstraint(["answered_by_id"], ["person.id"], name="fk_loan_answered_by_id"),
        sa.ForeignKeyConstraint(["duo_id"], ["duo.id"], name="fk_loan_duo_id"),
    )
    for column in ("buddy_id", "from_slug", "to_slug", "duo_id"):
        op.create_index(f"ix_loan_{column}", "loan", [column])
