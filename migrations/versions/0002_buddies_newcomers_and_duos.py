"""Buddies, newcomers and their contracts, runs of the matcher, duos.

Revision ID: 0002
Revises: 0001
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

TABLES = (
    "buddy",
    "buddy_import",
    "newcomer",
    "contract_version",
    "trajectory_reached",
    "run",
    "proposal",
    "duo",
    "check_in",
)


def only_where(condition: str) -> dict[str, sa.TextClause]:
    """Let a unique index count only the rows that fulfil the condition, in the words of both databases."""
    return {"sqlite_where": sa.text(condition), "postgresql_where": sa.text(condition)}


def upgrade() -> None:
    """Make the tables, those that others point to first."""
    volunteers()
    newcomers()
    matches()


def downgrade() -> None:
    """Drop the tables with everything in them."""
    for table in reversed(TABLES):
        op.drop_table(table)


def volunteers() -> None:
    """Make buddy, buddy_import."""
    op.create_table(
        "buddy",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("person_id", sa.Integer, nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("capacity", sa.Integer, nullable=False),
        sa.Column("places_taken", sa.Integer, nullable=False),
        sa.Column("source", sa.String(40), nullable=False),
        sa.Column("heard_through", sa.String(40), nullable=False),
        sa.Column("meeting_wish", sa.String(20), nullable=False),
        sa.Column("talk_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("screened_on", sa.Date, nullable=True),
        sa.Column("insurer", sa.String(200), nullable=False),
        sa.Column("with_minors", sa.Boolean, nullable=False),
        sa.Column("extract_seen_on", sa.Date, nullable=True),
        sa.Column("paused_until", sa.Date, nullable=True),
        sa.Column("staff_note", sa.Text, nullable=False),
        sa.Column("registered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("postcode", sa.String(4), nullable=False),
        sa.Column("locality", sa.String(200), nullable=False),
        sa.Column("municipality", sa.String(200), nullable=False),
        sa.Column("province", sa.String(20), nullable=False),
        sa.Column("network_slug", sa.String(40), nullable=False),
        sa.Column("languages", sa.JSON, nullable=False),
        sa.Column("interests", sa.JSON, nullable=False),
        sa.Column("availability", sa.JSON, nullable=False),
        sa.Column("max_km", sa.Integer, nullable=True),
        sa.Column("gender", sa.String(1), nullable=True),
        sa.Column("wished_gender", sa.String(1), nullable=True),
        sa.Column("words", sa.Text, nullable=False),
        sa.Column("words_language", sa.String(35), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_buddy"),
        sa.UniqueConstraint("person_id", name="uq_buddy_person_id"),
        sa.CheckConstraint(
            "state IN ('registered', 'verified', 'intake_planned', 'screening', 'approved', 'paused', 'left', 'rejected')",
            name=op.f("ck_buddy_buddystate"),
        ),
        sa.CheckConstraint("capacity BETWEEN 0 AND 9", name=op.f("ck_buddy_capacity")),
        sa.CheckConstraint("places_taken BETWEEN 0 AND capacity", name=op.f("ck_buddy_places")),
        sa.ForeignKeyConstraint(["network_slug"], ["network.slug"], name="fk_buddy_network_slug"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_buddy_person_id"),
    )
    op.create_index("ix_buddy_network_slug", "buddy", ["network_slug"])
    op.create_index("ix_buddy_pool", "buddy", ["network_slug", "state"])
    op.create_index("ix_buddy_province", "buddy", ["province"])
    op.create_index("ix_buddy_recent", "buddy", ["network_slug", "registered_at"])
    op.create_table(
        "buddy_import",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("network_slug", sa.String(40), nullable=False),
        sa.Column("by_person_id", sa.Integer, nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("content", sa.Text, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("added", sa.Integer, nullable=False),
        sa.Column("given_back", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_buddy_import"),
        sa.ForeignKeyConstraint(["by_person_id"], ["person.id"], name="fk_buddy_import_by_person_id"),
        sa.ForeignKeyConstraint(["network_slug"], ["network.slug"], name="fk_buddy_import_network_slug"),
    )
    op.create_index("ix_buddy_import_network_slug", "buddy_import", ["network_slug"])
    op.create_index(
        "uq_buddy_import_file",
        "buddy_import",
        ["network_slug", "digest"],
        unique=True,
        **only_where("done_at IS NOT NULL"),
    )


def newcomers() -> None:
    """Make newcomer, contract_version, trajectory_reached."""
    op.create_table(
        "newcomer",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("person_id", sa.Integer, nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("dutch_level", sa.String(40), nullable=False),
        sa.Column("goals", sa.JSON, nullable=False),
        sa.Column("waiting_since", sa.Date, nullable=False),
        sa.Column("talk_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("counsellor_id", sa.Integer, nullable=True),
        sa.Column("helped_by_id", sa.Integer, nullable=True),
        sa.Column("heard_through", sa.String(40), nullable=False),
        sa.Column("staff_note", sa.Text, nullable=False),
        sa.Column("registered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("postcode", sa.String(4), nullable=False),
        sa.Column("locality", sa.String(200), nullable=False),
        sa.Column("municipality", sa.String(200), nullable=False),
        sa.Column("province", sa.String(20), nullable=False),
        sa.Column("network_slug", sa.String(40), nullable=False),
        sa.Column("languages", sa.JSON, nullable=False),
        sa.Column("interests", sa.JSON, nullable=False),
        sa.Column("availability", sa.JSON, nullable=False),
        sa.Column("max_km", sa.Integer, nullable=True),
        sa.Column("gender", sa.String(1), nullable=True),
        sa.Column("wished_gender", sa.String(1), nullable=True),
        sa.Column("words", sa.Text, nullable=False),
        sa.Column("words_language", sa.String(35), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_newcomer"),
        sa.UniqueConstraint("person_id", name="uq_newcomer_person_id"),
        sa.CheckConstraint(
            "dutch_level IN ('none', 'a1', 'a2', 'b1', 'b2')", name=op.f("ck_newcomer_dutchlevel")
        ),
        sa.CheckConstraint(
            "state IN ('registered', 'intake_planned', 'ready', 'waiting', 'proposed', 'in_duo', 'completed', 'advised_other_offer', 'left')",
            name=op.f("ck_newcomer_newcomerstate"),
        ),
        sa.ForeignKeyConstraint(["counsellor_id"], ["person.id"], name="fk_newcomer_counsellor_id"),
        sa.ForeignKeyConstraint(["helped_by_id"], ["person.id"], name="fk_newcomer_helped_by_id"),
        sa.ForeignKeyConstraint(["network_slug"], ["network.slug"], name="fk_newcomer_network_slug"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_newcomer_person_id"),
    )
    op.create_index("ix_newcomer_counsellor_id", "newcomer", ["counsellor_id"])
    op.create_index("ix_newcomer_network_slug", "newcomer", ["network_slug"])
    op.create_index("ix_newcomer_pool", "newcomer", ["network_slug", "state"])
    op.create_index("ix_newcomer_province", "newcomer", ["province"])
    op.create_index("ix_newcomer_recent", "newcomer", ["network_slug", "registered_at"])
    op.create_table(
        "contract_version",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("newcomer_id", sa.Integer, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("agency_slug", sa.String(20), nullable=False),
        sa.Column("obligation", sa.String(40), nullable=False),
        sa.Column("contains_trajectory", sa.Boolean, nullable=False),
        sa.Column("starts_on", sa.Date, nullable=False),
        sa.Column("ends_on", sa.Date, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("by_person_id", sa.Integer, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_contract_version"),
        sa.UniqueConstraint("newcomer_id", "number", name="uq_contract_version_newcomer_id_number"),
        sa.CheckConstraint(
            "obligation IN ('obliged', 'entitled')", name=op.f("ck_contract_version_obligation")
        ),
        sa.CheckConstraint("number > 0", name=op.f("ck_contract_version_number")),
        sa.CheckConstraint("starts_on <= ends_on", name=op.f("ck_contract_version_term")),
        sa.ForeignKeyConstraint(["agency_slug"], ["agency.slug"], name="fk_contract_version_agency_slug"),
        sa.ForeignKeyConstraint(["by_person_id"], ["person.id"], name="fk_contract_version_by_person_id"),
        sa.ForeignKeyConstraint(["newcomer_id"], ["newcomer.id"], name="fk_contract_version_newcomer_id"),
    )
    op.create_index("ix_contract_version_newcomer_id", "contract_version", ["newcomer_id"])
    op.create_table(
        "trajectory_reached",
        sa.Column("newcomer_id", sa.Integer, nullable=False),
        sa.Column("obligation", sa.String(40), nullable=False),
        sa.Column("on", sa.Date, nullable=False),
        sa.Column("minutes", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("newcomer_id", name="pk_trajectory_reached"),
        sa.CheckConstraint(
            "obligation IN ('obliged', 'entitled')", name=op.f("ck_trajectory_reached_obligation")
        ),
        sa.ForeignKeyConstraint(["newcomer_id"], ["newcomer.id"], name="fk_trajectory_reached_newcomer_id"),
    )


def matches() -> None:
    """Make run, proposal, duo, check_in."""
    op.create_table(
        "run",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("network_slug", sa.String(40), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("by_person_id", sa.Integer, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("as_of", sa.Date, nullable=False),
        sa.Column("weights_version", sa.String(40), nullable=False),
        sa.Column("weights", sa.JSON, nullable=False),
        sa.Column("newcomers", sa.Integer, nullable=False),
        sa.Column("places", sa.Integer, nullable=False),
        sa.Column("matched", sa.Integer, nullable=False),
        sa.Column("objective", sa.BigInteger, nullable=False),
        sa.Column("bound", sa.BigInteger, nullable=False),
        sa.Column("proved", sa.Boolean, nullable=False),
        sa.Column("stage", sa.String(40), nullable=False),
        sa.Column("attempt", sa.Integer, nullable=False),
        sa.Column("touched_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("idf", sa.JSON, nullable=False),
        sa.Column("prices", sa.JSON, nullable=False),
        sa.Column("report", sa.JSON, nullable=False),
        sa.Column("failure", sa.String(200), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_run"),
        sa.CheckConstraint(
            "state IN ('queued', 'running', 'done', 'failed', 'stopped')", name=op.f("ck_run_runstate")
        ),
        sa.ForeignKeyConstraint(["by_person_id"], ["person.id"], name="fk_run_by_person_id"),
        sa.ForeignKeyConstraint(["network_slug"], ["network.slug"], name="fk_run_network_slug"),
    )
    op.create_index("ix_run_network_slug", "run", ["network_slug"])
    op.create_index(
        "uq_run_under_way",
        "run",
        ["network_slug"],
        unique=True,
        **only_where("state IN ('queued', 'running')"),
    )
    op.create_table(
        "proposal",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("run_id", sa.Integer, nullable=False),
        sa.Column("newcomer_id", sa.Integer, nullable=False),
        sa.Column("buddy_id", sa.Integer, nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("score", sa.Integer, nullable=False),
        sa.Column("utility", sa.Integer, nullable=False),
        sa.Column("priority", sa.Boolean, nullable=False),
        sa.Column("explanation", sa.JSON, nullable=False),
        sa.Column("offered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("wish_rank", sa.Integer, nullable=True),
        sa.Column("refusal", sa.String(40), nullable=True),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("decided_by_id", sa.Integer, nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_proposal"),
        sa.UniqueConstraint(
            "run_id", "newcomer_id", "buddy_id", name="uq_proposal_run_id_newcomer_id_buddy_id"
        ),
        sa.CheckConstraint(
            "refusal IN ('not_a_fit', 'other_plan', 'wish_not_met', 'not_now', 'known_to_each_other', 'safety', 'other')",
            name=op.f("ck_proposal_proposalrefusal"),
        ),
        sa.CheckConstraint(
            "state IN ('suggested', 'offered', 'held', 'approved', 'refused', 'lapsed')",
            name=op.f("ck_proposal_proposalstate"),
        ),
        sa.CheckConstraint("score BETWEEN 0 AND 1000000", name=op.f("ck_proposal_score")),
        sa.ForeignKeyConstraint(["buddy_id"], ["buddy.id"], name="fk_proposal_buddy_id"),
        sa.ForeignKeyConstraint(["decided_by_id"], ["person.id"], name="fk_proposal_decided_by_id"),
        sa.ForeignKeyConstraint(["newcomer_id"], ["newcomer.id"], name="fk_proposal_newcomer_id"),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name="fk_proposal_run_id", ondelete="CASCADE"),
    )
    op.create_index("ix_proposal_buddy_id", "proposal", ["buddy_id"])
    op.create_index("ix_proposal_newcomer_id", "proposal", ["newcomer_id"])
    op.create_index("ix_proposal_run_id", "proposal", ["run_id"])
    op.create_table(
        "duo",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("newcomer_id", sa.Integer, nullable=False),
        sa.Column("buddy_id", sa.Integer, nullable=False),
        sa.Column("proposal_id", sa.Integer, nullable=True),
        sa.Column("network_slug", sa.String(40), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("approved_by_id", sa.Integer, nullable=False),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer_before", sa.DateTime(timezone=True), nullable=False),
        sa.Column("newcomer_wants", sa.String(40), nullable=True),
        sa.Column("buddy_wants", sa.String(40), nullable=True),
        sa.Column("contact_shared_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("first_meeting_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("first_meeting_where", sa.String(200), nullable=False),
        sa.Column("newcomer_after", sa.String(40), nullable=True),
        sa.Column("buddy_after", sa.String(40), nullable=True),
        sa.Column("insurer", sa.String(200), nullable=False),
        sa.Column("starts_on", sa.Date, nullable=True),
        sa.Column("ends_on", sa.Date, nullable=True),
        sa.Column("weeks_between", sa.Integer, nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("end_reason", sa.String(40), nullable=True),
        sa.Column("staff_note", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_duo"),
        sa.UniqueConstraint("proposal_id", name="uq_duo_proposal_id"),
        sa.CheckConstraint("buddy_after IN ('yes', 'no')", name=op.f("ck_duo_buddy_after")),
        sa.CheckConstraint("buddy_wants IN ('yes', 'no')", name=op.f("ck_duo_buddy_wants")),
        sa.CheckConstraint(
            "end_reason IN ('completed', 'mismatch', 'moved', 'no_time', 'drop_out', 'safety', 'other')",
            name=op.f("ck_duo_endreason"),
        ),
        sa.CheckConstraint("newcomer_after IN ('yes', 'no')", name=op.f("ck_duo_newcomer_after")),
        sa.CheckConstraint("newcomer_wants IN ('yes', 'no')", name=op.f("ck_duo_newcomer_wants")),
        sa.CheckConstraint(
            "state IN ('asked', 'meeting', 'active', 'paused', 'declined', 'completed', 'ended')",
            name=op.f("ck_duo_duostate"),
        ),
        sa.ForeignKeyConstraint(["approved_by_id"], ["person.id"], name="fk_duo_approved_by_id"),
        sa.ForeignKeyConstraint(["buddy_id"], ["buddy.id"], name="fk_duo_buddy_id"),
        sa.ForeignKeyConstraint(["network_slug"], ["network.slug"], name="fk_duo_network_slug"),
        sa.ForeignKeyConstraint(["newcomer_id"], ["newcomer.id"], name="fk_duo_newcomer_id"),
        sa.ForeignKeyConstraint(["proposal_id"], ["proposal.id"], name="fk_duo_proposal_id"),
    )
    op.create_index("ix_duo_buddy_id", "duo", ["buddy_id"])
    op.create_index("ix_duo_network_slug", "duo", ["network_slug"])
    op.create_index("ix_duo_newcomer_id", "duo", ["newcomer_id"])
    op.create_index(
        "uq_duo_live_newcomer",
        "duo",
        ["newcomer_id"],
        unique=True,
        **only_where("state IN ('asked', 'meeting', 'active', 'paused')"),
    )
    op.create_table(
        "check_in",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("duo_id", sa.Integer, nullable=False),
        sa.Column("on", sa.Date, nullable=False),
        sa.Column("by_person_id", sa.Integer, nullable=False),
        sa.Column("mood", sa.String(20), nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_check_in"),
        sa.ForeignKeyConstraint(["by_person_id"], ["person.id"], name="fk_check_in_by_person_id"),
        sa.ForeignKeyConstraint(["duo_id"], ["duo.id"], name="fk_check_in_duo_id"),
    )
    op.create_index("ix_check_in_duo_id", "check_in", ["duo_id"])
