"""Offers, hours and proofs; what happened, and messages.

Revision ID: 0003
Revises: 0002
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

TABLES = (
    "offer",
    "proof",
    "hour_entry",
    "transition",
    "audit_entry",
    "message",
)


def only_where(condition: str) -> dict[str, sa.TextClause]:
    """Let a unique index count only the rows that fulfil the condition, in the words of both databases."""
    return {"sqlite_where": sa.text(condition), "postgresql_where": sa.text(condition)}


def upgrade() -> None:
    """Make the tables, those that others point to first."""
    offers()
    hours()
    records()


def downgrade() -> None:
    """Drop the tables with everything in them."""
    for table in reversed(TABLES):
        op.drop_table(table)


def offers() -> None:
    """Make offer."""
    op.create_table(
        "offer",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("words", sa.Text, nullable=False),
        sa.Column("words_language", sa.String(35), nullable=False),
        sa.Column("network_slug", sa.String(40), nullable=False),
        sa.Column("municipality", sa.String(200), nullable=False),
        sa.Column("place", sa.String(200), nullable=False),
        sa.Column("when_words", sa.String(200), nullable=False),
        sa.Column("slot", sa.String(20), nullable=True),
        sa.Column("price_words", sa.String(200), nullable=False),
        sa.Column("dutch_level", sa.String(4), nullable=False),
        sa.Column("interest", sa.String(40), nullable=True),
        sa.Column("organisation_id", sa.Integer, nullable=True),
        sa.Column("contact_person_id", sa.Integer, nullable=False),
        sa.Column("duo_id", sa.Integer, nullable=True),
        sa.Column("newcomer_id", sa.Integer, nullable=True),
        sa.Column("dutch_spoken", sa.Boolean, nullable=True),
        sa.Column("people_met", sa.Boolean, nullable=True),
        sa.Column("criteria_by_id", sa.Integer, nullable=True),
        sa.Column("criteria_on", sa.Date, nullable=True),
        sa.Column("insurer", sa.String(200), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ends_on", sa.Date, nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_offer"),
        sa.UniqueConstraint("duo_id", name="uq_offer_duo_id"),
        sa.CheckConstraint(
            "kind IN ('conversation_group', 'volunteering', 'course', 'sociocultural_association', 'sport', 'other', 'buddy', 'informal_participation', 'work_placement')",
            name=op.f("ck_offer_offerkind"),
        ),
        sa.ForeignKeyConstraint(
            ["contact_person_id"], ["contact_person.id"], name="fk_offer_contact_person_id"
        ),
        sa.ForeignKeyConstraint(["criteria_by_id"], ["person.id"], name="fk_offer_criteria_by_id"),
        sa.ForeignKeyConstraint(["duo_id"], ["duo.id"], name="fk_offer_duo_id"),
        sa.ForeignKeyConstraint(["network_slug"], ["network.slug"], name="fk_offer_network_slug"),
        sa.ForeignKeyConstraint(["newcomer_id"], ["newcomer.id"], name="fk_offer_newcomer_id"),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name="fk_offer_organisation_id"),
    )
    op.create_index("ix_offer_contact_person_id", "offer", ["contact_person_id"])
    op.create_index("ix_offer_kind", "offer", ["kind"])
    op.create_index("ix_offer_network_slug", "offer", ["network_slug"])
    op.create_index("ix_offer_newcomer_id", "offer", ["newcomer_id"])
    op.create_index("ix_offer_organisation_id", "offer", ["organisation_id"])


def hours() -> None:
    """Make proof, hour_entry."""
    op.create_table(
        "proof",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("number", sa.String(20), nullable=False),
        sa.Column("newcomer_id", sa.Integer, nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("contact_person_id", sa.Integer, nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("signed_name", sa.String(200), nullable=False),
        sa.Column("judged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("judged_by_id", sa.Integer, nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_proof"),
        sa.UniqueConstraint("number", name="uq_proof_number"),
        sa.CheckConstraint(
            "kind IN ('conversation_group', 'volunteering', 'course', 'sociocultural_association', 'sport', 'other', 'buddy', 'informal_participation', 'work_placement')",
            name=op.f("ck_proof_offerkind"),
        ),
        sa.CheckConstraint(
            "state IN ('open', 'signed', 'accepted', 'in_verification', 'returned')",
            name=op.f("ck_proof_proofstate"),
        ),
        sa.ForeignKeyConstraint(
            ["contact_person_id"], ["contact_person.id"], name="fk_proof_contact_person_id"
        ),
        sa.ForeignKeyConstraint(["judged_by_id"], ["person.id"], name="fk_proof_judged_by_id"),
        sa.ForeignKeyConstraint(["newcomer_id"], ["newcomer.id"], name="fk_proof_newcomer_id"),
    )
    op.create_index("ix_proof_contact_person_id", "proof", ["contact_person_id"])
    op.create_index("ix_proof_newcomer_id", "proof", ["newcomer_id"])
    op.create_index(
        "uq_proof_open",
        "proof",
        ["newcomer_id", "kind", "contact_person_id"],
        unique=True,
        **only_where("state = 'open'"),
    )
    op.create_table(
        "hour_entry",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("newcomer_id", sa.Integer, nullable=False),
        sa.Column("offer_id", sa.Integer, nullable=False),
        sa.Column("contact_person_id", sa.Integer, nullable=False),
        sa.Column("duo_id", sa.Integer, nullable=True),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("minutes", sa.Integer, nullable=False),
        sa.Column("asked_minutes", sa.Integer, nullable=True),
        sa.Column("dutch_company", sa.Boolean, nullable=False),
        sa.Column("words", sa.Text, nullable=False),
        sa.Column("words_language", sa.String(35), nullable=True),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("entered_by_id", sa.Integer, nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submission_key", sa.String(64), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("confirmed_name", sa.String(200), nullable=False),
        sa.Column("confirmed_by_id", sa.Integer, nullable=True),
        sa.Column("refusal", sa.String(40), nullable=True),
        sa.Column("contact_note", sa.Text, nullable=False),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("accepted_by_id", sa.Integer, nullable=True),
        sa.Column("proof_id", sa.Integer, nullable=True),
        sa.Column("reverses_id", sa.Integer, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_hour_entry"),
        sa.UniqueConstraint("reverses_id", name="uq_hour_entry_reverses_id"),
        sa.UniqueConstraint("submission_key", name="uq_hour_entry_submission_key"),
        sa.CheckConstraint(
            "refusal IN ('not_present', 'wrong_date', 'wrong_length', 'not_ours', 'unknown_person', 'other')",
            name=op.f("ck_hour_entry_hoursrefusal"),
        ),
        sa.CheckConstraint(
            "state IN ('draft', 'submitted', 'corrected', 'confirmed', 'refused', 'accepted', 'reversed', 'overdue')",
            name=op.f("ck_hour_entry_entrystate"),
        ),
        sa.CheckConstraint(
            "(minutes BETWEEN 1 AND 1440 AND reverses_id IS NULL) OR (minutes BETWEEN -1440 AND -1 AND reverses_id IS NOT NULL)",
            name=op.f("ck_hour_entry_minutes"),
        ),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("ck_hour_entry_order")),
        sa.ForeignKeyConstraint(["accepted_by_id"], ["person.id"], name="fk_hour_entry_accepted_by_id"),
        sa.ForeignKeyConstraint(["confirmed_by_id"], ["person.id"], name="fk_hour_entry_confirmed_by_id"),
        sa.ForeignKeyConstraint(
            ["contact_person_id"], ["contact_person.id"], name="fk_hour_entry_contact_person_id"
        ),
        sa.ForeignKeyConstraint(["duo_id"], ["duo.id"], name="fk_hour_entry_duo_id"),
        sa.ForeignKeyConstraint(["entered_by_id"], ["person.id"], name="fk_hour_entry_entered_by_id"),
        sa.ForeignKeyConstraint(["newcomer_id"], ["newcomer.id"], name="fk_hour_entry_newcomer_id"),
        sa.ForeignKeyConstraint(["offer_id"], ["offer.id"], name="fk_hour_entry_offer_id"),
        sa.ForeignKeyConstraint(["proof_id"], ["proof.id"], name="fk_hour_entry_proof_id"),
        sa.ForeignKeyConstraint(["reverses_id"], ["hour_entry.id"], name="fk_hour_entry_reverses_id"),
    )
    op.create_index("ix_hour_entry_contact_person_id", "hour_entry", ["contact_person_id"])
    op.create_index("ix_hour_entry_duo_id", "hour_entry", ["duo_id"])
    op.create_index("ix_hour_entry_newcomer_id", "hour_entry", ["newcomer_id"])
    op.create_index("ix_hour_entry_offer_id", "hour_entry", ["offer_id"])
    op.create_index("ix_hour_entry_proof_id", "hour_entry", ["proof_id"])
    op.create_index("ix_hour_entry_time", "hour_entry", ["newcomer_id", "starts_at"])


def records() -> None:
    """Make transition, audit_entry, message."""
    op.create_table(
        "transition",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("subject", sa.String(40), nullable=False),
        sa.Column("subject_id", sa.Integer, nullable=False),
        sa.Column("actor_id", sa.Integer, nullable=True),
        sa.Column("actor_role", sa.String(40), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("from_state", sa.String(40), nullable=True),
        sa.Column("to_state", sa.String(40), nullable=False),
        sa.Column("reason", sa.String(40), nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_transition"),
        sa.CheckConstraint(
            "actor_role IN ('buddy', 'newcomer', 'counsellor', 'coordinator', 'organisation', 'helper', 'administrator')",
            name=op.f("ck_transition_role"),
        ),
        sa.CheckConstraint(
            "subject IN ('buddy', 'newcomer', 'proposal', 'duo', 'hour_entry', 'proof')",
            name=op.f("ck_transition_subject"),
        ),
        sa.ForeignKeyConstraint(["actor_id"], ["person.id"], name="fk_transition_actor_id"),
    )
    op.create_index("ix_transition_subject", "transition", ["subject", "subject_id"])
    op.create_table(
        "audit_entry",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.Integer, nullable=True),
        sa.Column("action", sa.String(60), nullable=False),
        sa.Column("subject", sa.String(40), nullable=False),
        sa.Column("subject_id", sa.Integer, nullable=True),
        sa.Column("network_slug", sa.String(40), nullable=True),
        sa.Column("facts", sa.JSON, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_audit_entry"),
        sa.ForeignKeyConstraint(["actor_id"], ["person.id"], name="fk_audit_entry_actor_id"),
    )
    op.create_index("ix_audit_entry_action", "audit_entry", ["action"])
    op.create_index("ix_audit_entry_actor_id", "audit_entry", ["actor_id"])
    op.create_index("ix_audit_entry_network_slug", "audit_entry", ["network_slug"])
    op.create_index("ix_audit_entry_subject", "audit_entry", ["subject", "subject_id"])
    op.create_table(
        "message",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("channel", sa.String(40), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("person_id", sa.Integer, nullable=True),
        sa.Column("to_name", sa.String(200), nullable=False),
        sa.Column("to_email", sa.String(254), nullable=True),
        sa.Column("to_phone", sa.String(20), nullable=True),
        sa.Column("network_slug", sa.String(40), nullable=True),
        sa.Column("locale", sa.String(35), nullable=False),
        sa.Column("subject", sa.String(300), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("html", sa.Text, nullable=False),
        sa.Column("facts", sa.JSON, nullable=False),
        sa.Column("message_id", sa.String(120), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_try_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_by_id", sa.Integer, nullable=True),
        sa.Column("failure", sa.String(300), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_message"),
        sa.UniqueConstraint("message_id", name="uq_message_message_id"),
        sa.CheckConstraint("channel IN ('mail', 'task')", name=op.f("ck_message_channel")),
        sa.CheckConstraint(
            "state IN ('queued', 'sent', 'failed', 'done')", name=op.f("ck_message_messagestate")
        ),
        sa.ForeignKeyConstraint(["done_by_id"], ["person.id"], name="fk_message_done_by_id"),
        sa.ForeignKeyConstraint(["network_slug"], ["network.slug"], name="fk_message_network_slug"),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name="fk_message_person_id", ondelete="CASCADE"
        ),
    )
    op.create_index("ix_message_address", "message", ["to_email", "created_at"])
    op.create_index("ix_message_due", "message", ["state", "next_try_at"])
    op.create_index("ix_message_network_slug", "message", ["network_slug"])
    op.create_index("ix_message_person_id", "message", ["person_id"])
