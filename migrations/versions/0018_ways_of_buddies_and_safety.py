"""Screening that lapses, buddies who are asked whether they are still there, talks, training, and calls for help.

Who is ready now was screened on the day that is known, else on the day of registration: for two years.

Revision ID: 0018
Revises: 0017
"""

from __future__ import annotations

from datetime import UTC, date, datetime

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

BUDDY_STATES = (
    "registered",
    "verified",
    "intake_planned",
    "screening",
    "approved",
    "paused",
    "left",
    "rejected",
)
NEW_BUDDY_STATES = (*BUDDY_STATES[:5], "lapsed", "away", *BUDDY_STATES[5:])
DUO_STATES = ("asked", "meeting", "active", "paused", "declined", "completed", "ended")
NEW_DUO_STATES = (*DUO_STATES[:4], "frozen", *DUO_STATES[4:])
PURPOSES = (
    "confirm_address", "reset_password", "sign_in", "invitation", "confirm_hours", "link_counsellor", "answer_duo",
)  # fmt: skip
NEW_PURPOSES = (*PURPOSES, "still_available", "report_duo")
ROLES = ("buddy", "newcomer", "counsellor", "coordinator", "organisation", "helper", "administrator")
KINDS = ("afraid", "hurt", "words", "money", "other")
OUTCOMES = ("go_on", "end", "block_buddy", "block_newcomer")
LIVE, NEW_LIVE = (
    f"state IN ({', '.join(repr(state) for state in states[:end])})"
    for states, end in ((DUO_STATES, 4), (NEW_DUO_STATES, 5))
)
TABLES = ("screening_rule", "intake_talk", "training", "safety_report", "safety_note")
YEARS = 2

buddy = sa.table(
    "buddy",
    sa.column("id", sa.Integer), sa.column("state", sa.String), sa.column("talk_at", sa.DateTime(timezone=True)),
    sa.column("screened_on", sa.Date), sa.column("screened_until", sa.Date),
    sa.column("registered_at", sa.DateTime(timezone=True)), sa.column("heard_at", sa.DateTime(timezone=True)),
)  # fmt: skip


def one_of(column: str, values: tuple[str, ...]) -> str:
    """The check that a column holds one of these."""
    return f"{column} IN ({', '.join(repr(value) for value in values)})"


def only_where(condition: str) -> dict[str, sa.TextClause]:
    """Let a unique index count only the rows that fulfil the condition, in the words of both databases."""
    return {"sqlite_where": sa.text(condition), "postgresql_where": sa.text(condition)}


def upgrade() -> None:
    """Change what buddies, duos, links and networks may hold, and make the new tables."""
    with op.batch_alter_table("buddy") as table:
        table.drop_constraint(op.f("ck_buddy_buddystate"), type_="check")
        table.create_check_constraint(op.f("ck_buddy_buddystate"), one_of("state", NEW_BUDDY_STATES))
        table.add_column(sa.Column("screened_until", sa.Date, nullable=True))
        table.add_column(sa.Column("heard_at", sa.DateTime(timezone=True), nullable=True))
        table.add_column(sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True))
        table.add_column(sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True))
    begin_ways()
    with op.batch_alter_table("buddy") as table:
        table.alter_column("heard_at", existing_type=sa.DateTime(timezone=True), nullable=False)
    change_duo(NEW_DUO_STATES, NEW_LIVE)
    change_links(NEW_PURPOSES)
    with op.batch_alter_table("network") as table:
        table.add_column(sa.Column("buddy_ask_weeks", sa.Integer, nullable=False, server_default="8"))
        table.create_check_constraint(op.f("ck_network_buddy_ask_weeks"), "buddy_ask_weeks BETWEEN 2 AND 52")
    with op.batch_alter_table("network") as table:
        table.alter_column("buddy_ask_weeks", existing_type=sa.Integer, server_default=None)
    make_ways()
    make_safety()


def downgrade() -> None:
    """Drop the tables; who is in a state that was not there before goes to the one nearest to it."""
    op.execute(
        "UPDATE duo SET state = COALESCE((SELECT duo_was FROM safety_report WHERE safety_report.duo_id = duo.id"
        " ORDER BY safety_report.id DESC LIMIT 1), 'paused') WHERE state = 'frozen'"
    )
    op.execute("UPDATE duo SET state = 'paused' WHERE state = 'frozen'")
    op.execute("UPDATE buddy SET state = 'screening' WHERE state = 'lapsed'")
    op.execute("UPDATE buddy SET state = 'paused' WHERE state = 'away'")
    op.execute("DELETE FROM link WHERE purpose IN ('still_available', 'report_duo')")
    for name in reversed(TABLES):
        op.drop_table(name)
    with op.batch_alter_table("network") as table:
        table.drop_constraint(op.f("ck_network_buddy_ask_weeks"), type_="check")
        table.drop_column("buddy_ask_weeks")
    change_links(PURPOSES)
    change_duo(DUO_STATES, LIVE)
    with op.batch_alter_table("buddy") as table:
        table.drop_constraint(op.f("ck_buddy_buddystate"), type_="check")
        table.create_check_constraint(op.f("ck_buddy_buddystate"), one_of("state", BUDDY_STATES))
        for column in ("reminded_at", "asked_at", "heard_at", "screened_until"):
            table.drop_column(column)


def change_duo(states: tuple[str, ...], live: str) -> None:
    """Let duo hold these states; a newcomer has one living duo."""
    op.drop_index("uq_duo_live_newcomer", "duo")
    with op.batch_alter_table("duo") as table:
        table.drop_constraint(op.f("ck_duo_duostate"), type_="check")
        table.create_check_constraint(op.f("ck_duo_duostate"), one_of("state", states))
    op.create_index("uq_duo_live_newcomer", "duo", ["newcomer_id"], unique=True, **only_where(live))


def change_links(purposes: tuple[str, ...]) -> None:
    """Let links have these purposes."""
    with op.batch_alter_table("link") as table:
        table.drop_constraint(op.f("ck_link_linkpurpose"), type_="check")
        table.create_check_constraint(op.f("ck_link_linkpurpose"), one_of("purpose", purposes))


def begin_ways() -> None:
    """Who registered was heard of that day, or is now where somebody ready would be asked tonight; ready people were screened."""
    connection = op.get_bind()
    now = datetime.now(UTC)
    for row in connection.execute(sa.select(buddy)).all():
        ready = row.state in ("approved", "paused")
        screened = row.screened_on or row.registered_at.date()
        connection.execute(
            buddy.update().where(buddy.c.id == row.id).values(
                heard_at=now if ready else row.registered_at, screened_until=two_years_after(screened, now.date()) if ready else None
            )
        )  # fmt: skip


def two_years_after(day: date, now: date) -> date:
    """The day two years later, but no sooner than a month from now: nobody is put aside by this step."""
    later = date(day.year + YEARS, day.month, min(day.day, 28))
    return max(later, date(now.year + now.month // 12, now.month % 12 + 1, min(now.day, 28)))


def make_ways() -> None:
    """Make screening_rule, intake_talk and training."""
    op.create_table(
        "screening_rule",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("network_slug", sa.String(40), nullable=False),
        sa.Column("since", sa.Date, nullable=False),
        sa.Column("months", sa.Integer, nullable=False),
        sa.Column("by_person_id", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_screening_rule"),
        sa.CheckConstraint("months BETWEEN 3 AND 60", name=op.f("ck_screening_rule_months")),
        sa.ForeignKeyConstraint(["network_slug"], ["network.slug"], name="fk_screening_rule_network_slug"),
        sa.ForeignKeyConstraint(["by_person_id"], ["person.id"], name="fk_screening_rule_by_person_id"),
        sa.UniqueConstraint("network_slug", "since", name="uq_screening_rule_network_slug_since"),
    )
    op.create_index("ix_screening_rule_network_slug", "screening_rule", ["network_slug"])
    op.create_table(
        "intake_talk",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("buddy_id", sa.Integer, nullable=True),
        sa.Column("newcomer_id", sa.Integer, nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("by_person_id", sa.Integer, nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_intake_talk"),
        sa.CheckConstraint(
            "(buddy_id IS NULL) <> (newcomer_id IS NULL)", name=op.f("ck_intake_talk_of_one_person")
        ),
        sa.CheckConstraint(
            "state IN ('planned', 'held', 'cancelled')", name=op.f("ck_intake_talk_talkstate")
        ),
        sa.ForeignKeyConstraint(["buddy_id"], ["buddy.id"], name="fk_intake_talk_buddy_id"),
        sa.ForeignKeyConstraint(["newcomer_id"], ["newcomer.id"], name="fk_intake_talk_newcomer_id"),
        sa.ForeignKeyConstraint(["by_person_id"], ["person.id"], name="fk_intake_talk_by_person_id"),
    )
    for side in ("buddy", "newcomer"):
        op.create_index(f"ix_intake_talk_{side}_id", "intake_talk", [f"{side}_id"])
        op.create_index(
            f"uq_intake_talk_{side}",
            "intake_talk",
            [f"{side}_id"],
            unique=True,
            **only_where("state = 'planned'"),
        )
    for side, other in (("buddy", "newcomer"), ("newcomer", "buddy")):
        op.execute(
            f"INSERT INTO intake_talk ({side}_id, {other}_id, at, state, by_person_id, created_at)"  # noqa: S608
            " SELECT id, NULL, talk_at, CASE WHEN state = 'intake_planned' THEN 'planned'"
            " WHEN state IN ('registered', 'verified', 'rejected', 'left') THEN 'cancelled' ELSE 'held' END,"
            f" NULL, registered_at FROM {side} WHERE talk_at IS NOT NULL"
        )
    op.create_table(
        "training",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("buddy_id", sa.Integer, nullable=False),
        sa.Column("on", sa.Date, nullable=False),
        sa.Column("minutes", sa.Integer, nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("told_by_id", sa.Integer, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("checked_by_id", sa.Integer, nullable=True),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_training"),
        sa.CheckConstraint("minutes BETWEEN 15 AND 1440", name=op.f("ck_training_minutes")),
        sa.ForeignKeyConstraint(["buddy_id"], ["buddy.id"], name="fk_training_buddy_id"),
        sa.ForeignKeyConstraint(["told_by_id"], ["person.id"], name="fk_training_told_by_id"),
        sa.ForeignKeyConstraint(["checked_by_id"], ["person.id"], name="fk_training_checked_by_id"),
    )
    op.create_index("ix_training_buddy_id", "training", ["buddy_id"])


def make_safety() -> None:
    """Make safety_report and safety_note."""
    op.create_table(
        "safety_report",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("duo_id", sa.Integer, nullable=False),
        sa.Column("network_slug", sa.String(40), nullable=False),
        sa.Column("by_person_id", sa.Integer, nullable=False),
        sa.Column("by_role", sa.String(40), nullable=False),
        sa.Column("kind", sa.String(40), nullable=True),
        sa.Column("words", sa.Text, nullable=False),
        sa.Column("words_language", sa.String(35), nullable=True),
        sa.Column("duo_was", sa.String(40), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("outcome", sa.String(40), nullable=True),
        sa.Column("decided_by_id", sa.Integer, nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_safety_report"),
        sa.CheckConstraint(one_of("by_role", ROLES), name=op.f("ck_safety_report_role")),
        sa.CheckConstraint(one_of("kind", KINDS), name=op.f("ck_safety_report_safetykind")),
        sa.CheckConstraint(one_of("duo_was", NEW_DUO_STATES), name=op.f("ck_safety_report_duostate")),
        sa.CheckConstraint(one_of("outcome", OUTCOMES), name=op.f("ck_safety_report_safetyoutcome")),
        sa.ForeignKeyConstraint(["duo_id"], ["duo.id"], name="fk_safety_report_duo_id"),
        sa.ForeignKeyConstraint(["network_slug"], ["network.slug"], name="fk_safety_report_network_slug"),
        sa.ForeignKeyConstraint(
            ["by_person_id"], ["person.id"], name="fk_safety_report_by_person_id", ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(["decided_by_id"], ["person.id"], name="fk_safety_report_decided_by_id"),
    )
    for column in ("duo_id", "network_slug", "by_person_id"):
        op.create_index(f"ix_safety_report_{column}", "safety_report", [column])
    op.create_index("ix_safety_report_network", "safety_report", ["network_slug", "decided_at"])
    op.create_index(
        "uq_safety_report_open",
        "safety_report",
        ["duo_id", "by_person_id"],
        unique=True,
        **only_where("decided_at IS NULL"),
    )
    op.create_table(
        "safety_note",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("report_id", sa.Integer, nullable=False),
        sa.Column("by_person_id", sa.Integer, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("words", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_safety_note"),
        sa.ForeignKeyConstraint(["report_id"], ["safety_report.id"], name="fk_safety_note_report_id"),
        sa.ForeignKeyConstraint(["by_person_id"], ["person.id"], name="fk_safety_note_by_person_id"),
    )
    op.create_index("ix_safety_note_report_id", "safety_note", ["report_id"])
