"""The first tables, the 18 networks, the three agencies, the first programme and the first dated rule.

Revision ID: 0001
Revises:
"""

from __future__ import annotations

from datetime import UTC, date, datetime

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

NETWORKS = (
    ("antwerpen-stad", "Stad Antwerpen"),
    ("brussel", "Brussel (VGC)"),
    ("denderregio", "Denderregio"),
    ("gent-stad", "Stad Gent"),
    ("halle-vilvoorde", "Halle-Vilvoorde"),
    ("kempen", "Kempen"),
    ("limburg", "Limburg"),
    ("midwest", "Midwest"),
    ("oost-brabant", "Oost-Brabant"),
    ("regio-antwerpen", "Regio Antwerpen"),
    ("regio-brugge", "Regio Brugge"),
    ("regio-gent", "Regio Gent"),
    ("regio-oostende", "Regio Oostende"),
    ("rivierenland", "Rivierenland"),
    ("vlaamse-ardennen", "Vlaamse Ardennen"),
    ("waasland", "Waasland"),
    ("westhoek", "Westhoek"),
    ("zuid-west-vlaanderen", "Zuid-West-Vlaanderen"),
)
WEIGHTS = {
    "version": "2026-1",
    "weights": {"interests": 350, "availability": 250, "place": 250, "languages": 150},
    "neutral": {"interests": 120000, "availability": 500000},
    "rules": {"min_score": 300000, "max_km": 25, "shared_language": True, "min_dutch": "a1"},
    "turn": {"waiting": 400000, "half_days": 180, "owes": 250000, "term": 150000},
}


def upgrade() -> None:
    """Bring the tables to this version."""
    op.create_table(
        "agency",
        sa.Column("slug", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("slug", name=op.f("pk_agency")),
    )
    op.create_table(
        "person",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("full_name", sa.String(length=200), nullable=False),
        sa.Column("call_name", sa.String(length=200), nullable=False),
        sa.Column("search_key", sa.Text(), nullable=False),
        sa.Column("locale", sa.String(length=35), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("email_canonical", sa.String(length=254), nullable=True),
        sa.Column("email_confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("phone", sa.String(length=20), nullable=True),
        sa.Column("password_hash", sa.String(length=200), nullable=True),
        sa.Column("code_hash", sa.String(length=64), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("demo", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_person_code_hash")),
        sa.UniqueConstraint("email_canonical", name=op.f("uq_person_email_canonical")),
    )
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_person_phone"), ["phone"], unique=False)

    op.create_table(
        "programme",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("weights_version", sa.String(length=40), nullable=False),
        sa.Column("weights", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programme")),
    )
    op.create_table(
        "registration",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "buddy",
                "newcomer",
                "counsellor",
                "coordinator",
                "organisation",
                "helper",
                "administrator",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("locale", sa.String(length=35), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("touched_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_registration")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_registration_token_hash")),
    )
    op.create_table(
        "target_rule",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=300), nullable=False),
        sa.CheckConstraint("minutes > 0", name=op.f("ck_target_rule_minutes")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_target_rule")),
        sa.UniqueConstraint("since", name=op.f("uq_target_rule_since")),
    )
    op.create_table(
        "audit_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("action", sa.String(length=60), nullable=False),
        sa.Column("subject", sa.String(length=40), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=True),
        sa.Column("network_slug", sa.String(length=40), nullable=True),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["person.id"], name=op.f("fk_audit_entry_actor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entry")),
    )
    with op.batch_alter_table("audit_entry", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_audit_entry_action"), ["action"], unique=False)
        batch_op.create_index(batch_op.f("ix_audit_entry_actor_id"), ["actor_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_audit_entry_network_slug"), ["network_slug"], unique=False)
        batch_op.create_index("ix_audit_entry_subject", ["subject", "subject_id"], unique=False)

    op.create_table(
        "consent",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(length=40), nullable=False),
        sa.Column("version", sa.String(length=20), nullable=False),
        sa.Column("locale", sa.String(length=35), nullable=False),
        sa.Column("helped_by_id", sa.Integer(), nullable=True),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["helped_by_id"], ["person.id"], name=op.f("fk_consent_helped_by_id")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_consent_person_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent")),
    )
    with op.batch_alter_table("consent", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_consent_person_id"), ["person_id"], unique=False)

    op.create_table(
        "network",
        sa.Column("slug", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column("caller_name", sa.String(length=200), nullable=False),
        sa.Column("deputy_name", sa.String(length=200), nullable=False),
        sa.Column("call_within_days", sa.Integer(), nullable=False),
        sa.Column("call_when", sa.String(length=200), nullable=False),
        sa.Column("call_when_language", sa.String(length=35), nullable=False),
        sa.Column("help_phone", sa.String(length=20), nullable=True),
        sa.Column("insurer", sa.String(length=200), nullable=False),
        sa.CheckConstraint("call_within_days BETWEEN 1 AND 60", name=op.f("ck_network_call_within_days")),
        sa.ForeignKeyConstraint(["programme_id"], ["programme.id"], name=op.f("fk_network_programme_id")),
        sa.PrimaryKeyConstraint("slug", name=op.f("pk_network")),
    )
    op.create_table(
        "sign_in",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("device", sa.String(length=200), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_sign_in_person_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_sign_in_token_hash")),
    )
    with op.batch_alter_table("sign_in", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sign_in_person_id"), ["person_id"], unique=False)

    op.create_table(
        "transition",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "subject",
            sa.Enum(
                "buddy",
                "newcomer",
                "proposal",
                "duo",
                "hour_entry",
                "proof",
                name="subject",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column(
            "actor_role",
            sa.Enum(
                "buddy",
                "newcomer",
                "counsellor",
                "coordinator",
                "organisation",
                "helper",
                "administrator",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("from_state", sa.String(length=40), nullable=True),
        sa.Column("to_state", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["person.id"], name=op.f("fk_transition_actor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_transition")),
    )
    with op.batch_alter_table("transition", schema=None) as batch_op:
        batch_op.create_index("ix_transition_subject", ["subject", "subject_id"], unique=False)

    op.create_table(
        "buddy",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "registered",
                "verified",
                "intake_planned",
                "screening",
                "approved",
                "paused",
                "left",
                "rejected",
                name="buddystate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.Column("places_taken", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=40), nullable=False),
        sa.Column("heard_through", sa.String(length=40), nullable=False),
        sa.Column("meeting_wish", sa.String(length=20), nullable=False),
        sa.Column("talk_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("screened_on", sa.Date(), nullable=True),
        sa.Column("insurer", sa.String(length=200), nullable=False),
        sa.Column("with_minors", sa.Boolean(), nullable=False),
        sa.Column("extract_seen_on", sa.Date(), nullable=True),
        sa.Column("paused_until", sa.Date(), nullable=True),
        sa.Column("staff_note", sa.Text(), nullable=False),
        sa.Column("registered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("postcode", sa.String(length=4), nullable=False),
        sa.Column("locality", sa.String(length=200), nullable=False),
        sa.Column("municipality", sa.String(length=200), nullable=False),
        sa.Column("province", sa.String(length=20), nullable=False),
        sa.Column("network_slug", sa.String(length=40), nullable=False),
        sa.Column("languages", sa.JSON(), nullable=False),
        sa.Column("interests", sa.JSON(), nullable=False),
        sa.Column("availability", sa.JSON(), nullable=False),
        sa.Column("max_km", sa.Integer(), nullable=True),
        sa.Column("gender", sa.String(length=1), nullable=True),
        sa.Column("wished_gender", sa.String(length=1), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("words_language", sa.String(length=35), nullable=True),
        sa.CheckConstraint("capacity BETWEEN 0 AND 9", name=op.f("ck_buddy_capacity")),
        sa.CheckConstraint("places_taken BETWEEN 0 AND capacity", name=op.f("ck_buddy_places")),
        sa.ForeignKeyConstraint(["network_slug"], ["network.slug"], name=op.f("fk_buddy_network_slug")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_buddy_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_buddy")),
        sa.UniqueConstraint("person_id", name=op.f("uq_buddy_person_id")),
    )
    with op.batch_alter_table("buddy", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_buddy_network_slug"), ["network_slug"], unique=False)
        batch_op.create_index("ix_buddy_pool", ["network_slug", "state"], unique=False)
        batch_op.create_index(batch_op.f("ix_buddy_province"), ["province"], unique=False)

    op.create_table(
        "buddy_import",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("network_slug", sa.String(length=40), nullable=False),
        sa.Column("by_person_id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("added", sa.Integer(), nullable=False),
        sa.Column("given_back", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["by_person_id"], ["person.id"], name=op.f("fk_buddy_import_by_person_id")),
        sa.ForeignKeyConstraint(
            ["network_slug"], ["network.slug"], name=op.f("fk_buddy_import_network_slug")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_buddy_import")),
    )
    with op.batch_alter_table("buddy_import", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_buddy_import_network_slug"), ["network_slug"], unique=False)
        batch_op.create_index(
            "uq_buddy_import_file",
            ["network_slug", "digest"],
            unique=True,
            sqlite_where=sa.text("done_at IS NOT NULL"),
            postgresql_where=sa.text("done_at IS NOT NULL"),
        )

    op.create_table(
        "message",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "channel",
            sa.Enum("mail", "task", name="channel", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "queued",
                "sent",
                "failed",
                "done",
                name="messagestate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("to_name", sa.String(length=200), nullable=False),
        sa.Column("to_email", sa.String(length=254), nullable=True),
        sa.Column("to_phone", sa.String(length=20), nullable=True),
        sa.Column("network_slug", sa.String(length=40), nullable=True),
        sa.Column("locale", sa.String(length=35), nullable=False),
        sa.Column("subject", sa.String(length=300), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("message_id", sa.String(length=120), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_try_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_by_id", sa.Integer(), nullable=True),
        sa.Column("failure", sa.String(length=300), nullable=False),
        sa.ForeignKeyConstraint(["done_by_id"], ["person.id"], name=op.f("fk_message_done_by_id")),
        sa.ForeignKeyConstraint(["network_slug"], ["network.slug"], name=op.f("fk_message_network_slug")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_message_person_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message")),
        sa.UniqueConstraint("message_id", name=op.f("uq_message_message_id")),
    )
    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.create_index("ix_message_due", ["state", "next_try_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_message_network_slug"), ["network_slug"], unique=False)
        batch_op.create_index(batch_op.f("ix_message_person_id"), ["person_id"], unique=False)

    op.create_table(
        "newcomer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "registered",
                "intake_planned",
                "ready",
                "waiting",
                "proposed",
                "in_duo",
                "completed",
                "advised_other_offer",
                "left",
                name="newcomerstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "dutch_level",
            sa.Enum(
                "none",
                "a1",
                "a2",
                "b1",
                "b2",
                name="dutchlevel",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("goals", sa.JSON(), nullable=False),
        sa.Column("waiting_since", sa.Date(), nullable=False),
        sa.Column("talk_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("counsellor_id", sa.Integer(), nullable=True),
        sa.Column("helped_by_id", sa.Integer(), nullable=True),
        sa.Column("heard_through", sa.String(length=40), nullable=False),
        sa.Column("staff_note", sa.Text(), nullable=False),
        sa.Column("registered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("postcode", sa.String(length=4), nullable=False),
        sa.Column("locality", sa.String(length=200), nullable=False),
        sa.Column("municipality", sa.String(length=200), nullable=False),
        sa.Column("province", sa.String(length=20), nullable=False),
        sa.Column("network_slug", sa.String(length=40), nullable=False),
        sa.Column("languages", sa.JSON(), nullable=False),
        sa.Column("interests", sa.JSON(), nullable=False),
        sa.Column("availability", sa.JSON(), nullable=False),
        sa.Column("max_km", sa.Integer(), nullable=True),
        sa.Column("gender", sa.String(length=1), nullable=True),
        sa.Column("wished_gender", sa.String(length=1), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("words_language", sa.String(length=35), nullable=True),
        sa.ForeignKeyConstraint(["counsellor_id"], ["person.id"], name=op.f("fk_newcomer_counsellor_id")),
        sa.ForeignKeyConstraint(["helped_by_id"], ["person.id"], name=op.f("fk_newcomer_helped_by_id")),
        sa.ForeignKeyConstraint(["network_slug"], ["network.slug"], name=op.f("fk_newcomer_network_slug")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_newcomer_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_newcomer")),
        sa.UniqueConstraint("person_id", name=op.f("uq_newcomer_person_id")),
    )
    with op.batch_alter_table("newcomer", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_newcomer_counsellor_id"), ["counsellor_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_newcomer_network_slug"), ["network_slug"], unique=False)
        batch_op.create_index("ix_newcomer_pool", ["network_slug", "state"], unique=False)
        batch_op.create_index(batch_op.f("ix_newcomer_province"), ["province"], unique=False)

    op.create_table(
        "organisation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("network_slug", sa.String(length=40), nullable=False),
        sa.Column("verified_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("verified_by_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["network_slug"], ["network.slug"], name=op.f("fk_organisation_network_slug")
        ),
        sa.ForeignKeyConstraint(
            ["verified_by_id"], ["person.id"], name=op.f("fk_organisation_verified_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation")),
    )
    with op.batch_alter_table("organisation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_organisation_network_slug"), ["network_slug"], unique=False)

    op.create_table(
        "run",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("network_slug", sa.String(length=40), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "queued",
                "running",
                "done",
                "failed",
                "stopped",
                name="runstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("by_person_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("weights_version", sa.String(length=40), nullable=False),
        sa.Column("weights", sa.JSON(), nullable=False),
        sa.Column("newcomers", sa.Integer(), nullable=False),
        sa.Column("places", sa.Integer(), nullable=False),
        sa.Column("matched", sa.Integer(), nullable=False),
        sa.Column("objective", sa.BigInteger(), nullable=False),
        sa.Column("bound", sa.BigInteger(), nullable=False),
        sa.Column("proved", sa.Boolean(), nullable=False),
        sa.Column("stage", sa.String(length=40), nullable=False),
        sa.Column("idf", sa.JSON(), nullable=False),
        sa.Column("prices", sa.JSON(), nullable=False),
        sa.Column("report", sa.JSON(), nullable=False),
        sa.Column("failure", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["by_person_id"], ["person.id"], name=op.f("fk_run_by_person_id")),
        sa.ForeignKeyConstraint(["network_slug"], ["network.slug"], name=op.f("fk_run_network_slug")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_run")),
    )
    with op.batch_alter_table("run", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_run_network_slug"), ["network_slug"], unique=False)
        batch_op.create_index(
            "uq_run_under_way",
            ["network_slug"],
            unique=True,
            sqlite_where=sa.text("state IN ('queued', 'running')"),
            postgresql_where=sa.text("state IN ('queued', 'running')"),
        )

    op.create_table(
        "contact_person",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("function", sa.String(length=200), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("phone", sa.String(length=20), nullable=True),
        sa.Column("locale", sa.String(length=35), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("named_by_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "email IS NOT NULL OR phone IS NOT NULL OR person_id IS NOT NULL",
            name=op.f("ck_contact_person_reachable"),
        ),
        sa.ForeignKeyConstraint(["named_by_id"], ["person.id"], name=op.f("fk_contact_person_named_by_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_contact_person_organisation_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_contact_person_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_person")),
    )
    with op.batch_alter_table("contact_person", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_contact_person_organisation_id"), ["organisation_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_contact_person_person_id"), ["person_id"], unique=False)

    op.create_table(
        "contract_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("newcomer_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("agency_slug", sa.String(length=20), nullable=False),
        sa.Column(
            "obligation",
            sa.Enum(
                "obliged", "entitled", name="obligation", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("contains_trajectory", sa.Boolean(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by_person_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("number > 0", name=op.f("ck_contract_version_number")),
        sa.CheckConstraint("starts_on <= ends_on", name=op.f("ck_contract_version_term")),
        sa.ForeignKeyConstraint(
            ["agency_slug"], ["agency.slug"], name=op.f("fk_contract_version_agency_slug")
        ),
        sa.ForeignKeyConstraint(
            ["by_person_id"], ["person.id"], name=op.f("fk_contract_version_by_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["newcomer_id"], ["newcomer.id"], name=op.f("fk_contract_version_newcomer_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contract_version")),
        sa.UniqueConstraint("newcomer_id", "number", name=op.f("uq_contract_version_newcomer_id_number")),
    )
    with op.batch_alter_table("contract_version", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_contract_version_newcomer_id"), ["newcomer_id"], unique=False)

    op.create_table(
        "proposal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("newcomer_id", sa.Integer(), nullable=False),
        sa.Column("buddy_id", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "suggested",
                "offered",
                "held",
                "approved",
                "refused",
                "lapsed",
                name="proposalstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("utility", sa.Integer(), nullable=False),
        sa.Column("priority", sa.Boolean(), nullable=False),
        sa.Column("explanation", sa.JSON(), nullable=False),
        sa.Column("offered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("wish_rank", sa.Integer(), nullable=True),
        sa.Column(
            "refusal",
            sa.Enum(
                "not_a_fit",
                "other_plan",
                "wish_not_met",
                "not_now",
                "known_to_each_other",
                "safety",
                "other",
                name="proposalrefusal",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("score BETWEEN 0 AND 1000000", name=op.f("ck_proposal_score")),
        sa.ForeignKeyConstraint(["buddy_id"], ["buddy.id"], name=op.f("fk_proposal_buddy_id")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["person.id"], name=op.f("fk_proposal_decided_by_id")),
        sa.ForeignKeyConstraint(["newcomer_id"], ["newcomer.id"], name=op.f("fk_proposal_newcomer_id")),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name=op.f("fk_proposal_run_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposal")),
        sa.UniqueConstraint(
            "run_id", "newcomer_id", "buddy_id", name=op.f("uq_proposal_run_id_newcomer_id_buddy_id")
        ),
    )
    with op.batch_alter_table("proposal", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_proposal_buddy_id"), ["buddy_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_proposal_newcomer_id"), ["newcomer_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_proposal_run_id"), ["run_id"], unique=False)

    op.create_table(
        "role_grant",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "buddy",
                "newcomer",
                "counsellor",
                "coordinator",
                "organisation",
                "helper",
                "administrator",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("network_slug", sa.String(length=40), nullable=True),
        sa.Column("agency_slug", sa.String(length=20), nullable=True),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("granted_by", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "role <> 'coordinator' OR network_slug IS NOT NULL",
            name=op.f("ck_role_grant_coordinator_has_network"),
        ),
        sa.CheckConstraint(
            "role <> 'counsellor' OR agency_slug IS NOT NULL",
            name=op.f("ck_role_grant_counsellor_has_agency"),
        ),
        sa.CheckConstraint(
            "role <> 'organisation' OR organisation_id IS NOT NULL",
            name=op.f("ck_role_grant_contact_has_organisation"),
        ),
        sa.ForeignKeyConstraint(["agency_slug"], ["agency.slug"], name=op.f("fk_role_grant_agency_slug")),
        sa.ForeignKeyConstraint(["granted_by"], ["person.id"], name=op.f("fk_role_grant_granted_by")),
        sa.ForeignKeyConstraint(["network_slug"], ["network.slug"], name=op.f("fk_role_grant_network_slug")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_role_grant_organisation_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_role_grant_person_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_role_grant")),
    )
    with op.batch_alter_table("role_grant", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_role_grant_person_id"), ["person_id"], unique=False)
        batch_op.create_index(
            "uq_role_grant_network",
            ["person_id", "role", "network_slug"],
            unique=True,
            sqlite_where=sa.text("network_slug IS NOT NULL"),
            postgresql_where=sa.text("network_slug IS NOT NULL"),
        )
        batch_op.create_index(
            "uq_role_grant_plain",
            ["person_id", "role"],
            unique=True,
            sqlite_where=sa.text("network_slug IS NULL AND organisation_id IS NULL"),
            postgresql_where=sa.text("network_slug IS NULL AND organisation_id IS NULL"),
        )

    op.create_table(
        "trajectory_reached",
        sa.Column("newcomer_id", sa.Integer(), nullable=False),
        sa.Column(
            "obligation",
            sa.Enum(
                "obliged", "entitled", name="obligation", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["newcomer_id"], ["newcomer.id"], name=op.f("fk_trajectory_reached_newcomer_id")
        ),
        sa.PrimaryKeyConstraint("newcomer_id", name=op.f("pk_trajectory_reached")),
    )
    op.create_table(
        "duo",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("newcomer_id", sa.Integer(), nullable=False),
        sa.Column("buddy_id", sa.Integer(), nullable=False),
        sa.Column("proposal_id", sa.Integer(), nullable=True),
        sa.Column("network_slug", sa.String(length=40), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "asked",
                "meeting",
                "active",
                "paused",
                "declined",
                "completed",
                "ended",
                name="duostate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("approved_by_id", sa.Integer(), nullable=False),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer_before", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "newcomer_wants",
            sa.Enum("yes", "no", name="newcomer_wants", native_enum=False, create_constraint=True, length=40),
            nullable=True,
        ),
        sa.Column(
            "buddy_wants",
            sa.Enum("yes", "no", name="buddy_wants", native_enum=False, create_constraint=True, length=40),
            nullable=True,
        ),
        sa.Column("contact_shared_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("first_meeting_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("first_meeting_where", sa.String(length=200), nullable=False),
        sa.Column(
            "newcomer_after",
            sa.Enum("yes", "no", name="newcomer_after", native_enum=False, create_constraint=True, length=40),
            nullable=True,
        ),
        sa.Column(
            "buddy_after",
            sa.Enum("yes", "no", name="buddy_after", native_enum=False, create_constraint=True, length=40),
            nullable=True,
        ),
        sa.Column("insurer", sa.String(length=200), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("weeks_between", sa.Integer(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "end_reason",
            sa.Enum(
                "completed",
                "mismatch",
                "moved",
                "no_time",
                "drop_out",
                "safety",
                "other",
                name="endreason",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("staff_note", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["approved_by_id"], ["person.id"], name=op.f("fk_duo_approved_by_id")),
        sa.ForeignKeyConstraint(["buddy_id"], ["buddy.id"], name=op.f("fk_duo_buddy_id")),
        sa.ForeignKeyConstraint(["network_slug"], ["network.slug"], name=op.f("fk_duo_network_slug")),
        sa.ForeignKeyConstraint(["newcomer_id"], ["newcomer.id"], name=op.f("fk_duo_newcomer_id")),
        sa.ForeignKeyConstraint(["proposal_id"], ["proposal.id"], name=op.f("fk_duo_proposal_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duo")),
        sa.UniqueConstraint("proposal_id", name=op.f("uq_duo_proposal_id")),
    )
    with op.batch_alter_table("duo", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_duo_buddy_id"), ["buddy_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_duo_network_slug"), ["network_slug"], unique=False)
        batch_op.create_index(batch_op.f("ix_duo_newcomer_id"), ["newcomer_id"], unique=False)
        batch_op.create_index(
            "uq_duo_live_newcomer",
            ["newcomer_id"],
            unique=True,
            sqlite_where=sa.text("state IN ('asked', 'meeting', 'active', 'paused')"),
            postgresql_where=sa.text("state IN ('asked', 'meeting', 'active', 'paused')"),
        )

    op.create_table(
        "link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "purpose",
            sa.Enum(
                "confirm_address",
                "reset_password",
                "sign_in",
                "invitation",
                "confirm_hours",
                "link_counsellor",
                name="linkpurpose",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("contact_person_id", sa.Integer(), nullable=True),
        sa.Column("locale", sa.String(length=35), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["contact_person_id"],
            ["contact_person.id"],
            name=op.f("fk_link_contact_person_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_link_person_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_link")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_link_token_hash")),
    )
    with op.batch_alter_table("link", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_link_contact_person_id"), ["contact_person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_link_person_id"), ["person_id"], unique=False)

    op.create_table(
        "proof",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("newcomer_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "conversation_group",
                "volunteering",
                "course",
                "sociocultural_association",
                "sport",
                "other",
                "buddy",
                "informal_participation",
                "work_placement",
                name="offerkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("contact_person_id", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "open",
                "signed",
                "accepted",
                "in_verification",
                "returned",
                name="proofstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("signed_name", sa.String(length=200), nullable=False),
        sa.Column("judged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("judged_by_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["contact_person_id"], ["contact_person.id"], name=op.f("fk_proof_contact_person_id")
        ),
        sa.ForeignKeyConstraint(["judged_by_id"], ["person.id"], name=op.f("fk_proof_judged_by_id")),
        sa.ForeignKeyConstraint(["newcomer_id"], ["newcomer.id"], name=op.f("fk_proof_newcomer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proof")),
        sa.UniqueConstraint("number", name=op.f("uq_proof_number")),
    )
    with op.batch_alter_table("proof", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_proof_contact_person_id"), ["contact_person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_proof_newcomer_id"), ["newcomer_id"], unique=False)
        batch_op.create_index(
            "uq_proof_open",
            ["newcomer_id", "kind", "contact_person_id"],
            unique=True,
            sqlite_where=sa.text("state = 'open'"),
            postgresql_where=sa.text("state = 'open'"),
        )

    op.create_table(
        "check_in",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("duo_id", sa.Integer(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("by_person_id", sa.Integer(), nullable=False),
        sa.Column("mood", sa.String(length=20), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["by_person_id"], ["person.id"], name=op.f("fk_check_in_by_person_id")),
        sa.ForeignKeyConstraint(["duo_id"], ["duo.id"], name=op.f("fk_check_in_duo_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_check_in")),
    )
    with op.batch_alter_table("check_in", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_check_in_duo_id"), ["duo_id"], unique=False)

    op.create_table(
        "offer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "conversation_group",
                "volunteering",
                "course",
                "sociocultural_association",
                "sport",
                "other",
                "buddy",
                "informal_participation",
                "work_placement",
                name="offerkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("words_language", sa.String(length=35), nullable=False),
        sa.Column("network_slug", sa.String(length=40), nullable=False),
        sa.Column("municipality", sa.String(length=200), nullable=False),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("when_words", sa.String(length=200), nullable=False),
        sa.Column("slot", sa.String(length=20), nullable=True),
        sa.Column("price_words", sa.String(length=200), nullable=False),
        sa.Column("dutch_level", sa.String(length=4), nullable=False),
        sa.Column("interest", sa.String(length=40), nullable=True),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("contact_person_id", sa.Integer(), nullable=False),
        sa.Column("duo_id", sa.Integer(), nullable=True),
        sa.Column("newcomer_id", sa.Integer(), nullable=True),
        sa.Column("dutch_spoken", sa.Boolean(), nullable=True),
        sa.Column("people_met", sa.Boolean(), nullable=True),
        sa.Column("criteria_by_id", sa.Integer(), nullable=True),
        sa.Column("criteria_on", sa.Date(), nullable=True),
        sa.Column("insurer", sa.String(length=200), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["contact_person_id"], ["contact_person.id"], name=op.f("fk_offer_contact_person_id")
        ),
        sa.ForeignKeyConstraint(["criteria_by_id"], ["person.id"], name=op.f("fk_offer_criteria_by_id")),
        sa.ForeignKeyConstraint(["duo_id"], ["duo.id"], name=op.f("fk_offer_duo_id")),
        sa.ForeignKeyConstraint(["network_slug"], ["network.slug"], name=op.f("fk_offer_network_slug")),
        sa.ForeignKeyConstraint(["newcomer_id"], ["newcomer.id"], name=op.f("fk_offer_newcomer_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_offer_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_offer")),
        sa.UniqueConstraint("duo_id", name=op.f("uq_offer_duo_id")),
    )
    with op.batch_alter_table("offer", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_offer_contact_person_id"), ["contact_person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_offer_kind"), ["kind"], unique=False)
        batch_op.create_index(batch_op.f("ix_offer_network_slug"), ["network_slug"], unique=False)
        batch_op.create_index(batch_op.f("ix_offer_newcomer_id"), ["newcomer_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_offer_organisation_id"), ["organisation_id"], unique=False)

    op.create_table(
        "hour_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("newcomer_id", sa.Integer(), nullable=False),
        sa.Column("offer_id", sa.Integer(), nullable=False),
        sa.Column("contact_person_id", sa.Integer(), nullable=False),
        sa.Column("duo_id", sa.Integer(), nullable=True),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("asked_minutes", sa.Integer(), nullable=True),
        sa.Column("dutch_company", sa.Boolean(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("words_language", sa.String(length=35), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "submitted",
                "corrected",
                "confirmed",
                "refused",
                "accepted",
                "reversed",
                "overdue",
                name="entrystate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("entered_by_id", sa.Integer(), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submission_key", sa.String(length=64), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("confirmed_name", sa.String(length=200), nullable=False),
        sa.Column("confirmed_by_id", sa.Integer(), nullable=True),
        sa.Column(
            "refusal",
            sa.Enum(
                "not_present",
                "wrong_date",
                "wrong_length",
                "not_ours",
                "unknown_person",
                "other",
                name="hoursrefusal",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("contact_note", sa.Text(), nullable=False),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("accepted_by_id", sa.Integer(), nullable=True),
        sa.Column("proof_id", sa.Integer(), nullable=True),
        sa.Column("reverses_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(minutes BETWEEN 1 AND 1440 AND reverses_id IS NULL) OR (minutes BETWEEN -1440 AND -1 AND reverses_id IS NOT NULL)",
            name=op.f("ck_hour_entry_minutes"),
        ),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("ck_hour_entry_order")),
        sa.ForeignKeyConstraint(["accepted_by_id"], ["person.id"], name=op.f("fk_hour_entry_accepted_by_id")),
        sa.ForeignKeyConstraint(
            ["confirmed_by_id"], ["person.id"], name=op.f("fk_hour_entry_confirmed_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["contact_person_id"], ["contact_person.id"], name=op.f("fk_hour_entry_contact_person_id")
        ),
        sa.ForeignKeyConstraint(["duo_id"], ["duo.id"], name=op.f("fk_hour_entry_duo_id")),
        sa.ForeignKeyConstraint(["entered_by_id"], ["person.id"], name=op.f("fk_hour_entry_entered_by_id")),
        sa.ForeignKeyConstraint(["newcomer_id"], ["newcomer.id"], name=op.f("fk_hour_entry_newcomer_id")),
        sa.ForeignKeyConstraint(["offer_id"], ["offer.id"], name=op.f("fk_hour_entry_offer_id")),
        sa.ForeignKeyConstraint(["proof_id"], ["proof.id"], name=op.f("fk_hour_entry_proof_id")),
        sa.ForeignKeyConstraint(["reverses_id"], ["hour_entry.id"], name=op.f("fk_hour_entry_reverses_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hour_entry")),
        sa.UniqueConstraint("reverses_id", name=op.f("uq_hour_entry_reverses_id")),
        sa.UniqueConstraint("submission_key", name=op.f("uq_hour_entry_submission_key")),
    )
    with op.batch_alter_table("hour_entry", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_hour_entry_contact_person_id"), ["contact_person_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_hour_entry_duo_id"), ["duo_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_hour_entry_newcomer_id"), ["newcomer_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_hour_entry_offer_id"), ["offer_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_hour_entry_proof_id"), ["proof_id"], unique=False)
        batch_op.create_index("ix_hour_entry_time", ["newcomer_id", "starts_at"], unique=False)

    seed()


def seed() -> None:
    """Fill in what no deployment can do without; the sources stand in app/reference/tables/README.md."""
    programme = sa.table(
        "programme",
        sa.column("id"),
        sa.column("name"),
        sa.column("weights_version"),
        sa.column("weights", sa.JSON),
        sa.column("created_at", sa.DateTime(timezone=True)),
    )
    op.bulk_insert(
        programme,
        [
            {
                "id": 1,
                "name": "Samenspoor",
                "weights_version": WEIGHTS["version"],
                "weights": WEIGHTS,
                "created_at": datetime(2026, 1, 1, tzinfo=UTC),
            }
        ],
    )
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SELECT setval(pg_get_serial_sequence('programme', 'id'), 1)")
    network = sa.table(
        "network",
        *map(
            sa.column,
            (
                "slug",
                "name",
                "programme_id",
                "caller_name",
                "deputy_name",
                "call_within_days",
                "call_when",
                "call_when_language",
                "insurer",
            ),
        ),
    )
    op.bulk_insert(
        network,
        [
            {
                "slug": slug,
                "name": name,
                "programme_id": 1,
                "caller_name": "",
                "deputy_name": "",
                "call_within_days": 7,
                "call_when": "",
                "call_when_language": "nl",
                "insurer": "",
            }
            for slug, name in NETWORKS
        ],
    )
    agency = sa.table("agency", sa.column("slug"), sa.column("name"))
    op.bulk_insert(
        agency,
        [
            {"slug": "agii", "name": "AgII"},
            {"slug": "atlas", "name": "Atlas"},
            {"slug": "amal", "name": "Amal"},
        ],
    )
    target_rule = sa.table(
        "target_rule", sa.column("since", sa.Date), sa.column("minutes"), sa.column("source")
    )
    op.bulk_insert(
        target_rule,
        [
            {
                "since": date(2023, 1, 1),
                "minutes": 2400,
                "source": "BVR 17 December 2021; in force on 1 January 2023: at least 40 hours",
            }
        ],
    )


def downgrade() -> None:
    """Take the tables back to the version before."""
    with op.batch_alter_table("hour_entry", schema=None) as batch_op:
        batch_op.drop_index("ix_hour_entry_time")
        batch_op.drop_index(batch_op.f("ix_hour_entry_proof_id"))
        batch_op.drop_index(batch_op.f("ix_hour_entry_offer_id"))
        batch_op.drop_index(batch_op.f("ix_hour_entry_newcomer_id"))
        batch_op.drop_index(batch_op.f("ix_hour_entry_duo_id"))
        batch_op.drop_index(batch_op.f("ix_hour_entry_contact_person_id"))

    op.drop_table("hour_entry")
    with op.batch_alter_table("offer", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_offer_organisation_id"))
        batch_op.drop_index(batch_op.f("ix_offer_newcomer_id"))
        batch_op.drop_index(batch_op.f("ix_offer_network_slug"))
        batch_op.drop_index(batch_op.f("ix_offer_kind"))
        batch_op.drop_index(batch_op.f("ix_offer_contact_person_id"))

    op.drop_table("offer")
    with op.batch_alter_table("check_in", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_check_in_duo_id"))

    op.drop_table("check_in")
    with op.batch_alter_table("proof", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_proof_open",
            sqlite_where=sa.text("state = 'open'"),
            postgresql_where=sa.text("state = 'open'"),
        )
        batch_op.drop_index(batch_op.f("ix_proof_newcomer_id"))
        batch_op.drop_index(batch_op.f("ix_proof_contact_person_id"))

    op.drop_table("proof")
    with op.batch_alter_table("link", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_link_person_id"))
        batch_op.drop_index(batch_op.f("ix_link_contact_person_id"))

    op.drop_table("link")
    with op.batch_alter_table("duo", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_duo_live_newcomer",
            sqlite_where=sa.text("state IN ('asked', 'meeting', 'active', 'paused')"),
            postgresql_where=sa.text("state IN ('asked', 'meeting', 'active', 'paused')"),
        )
        batch_op.drop_index(batch_op.f("ix_duo_newcomer_id"))
        batch_op.drop_index(batch_op.f("ix_duo_network_slug"))
        batch_op.drop_index(batch_op.f("ix_duo_buddy_id"))

    op.drop_table("duo")
    op.drop_table("trajectory_reached")
    with op.batch_alter_table("role_grant", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_role_grant_plain",
            sqlite_where=sa.text("network_slug IS NULL AND organisation_id IS NULL"),
            postgresql_where=sa.text("network_slug IS NULL AND organisation_id IS NULL"),
        )
        batch_op.drop_index(
            "uq_role_grant_network",
            sqlite_where=sa.text("network_slug IS NOT NULL"),
            postgresql_where=sa.text("network_slug IS NOT NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_role_grant_person_id"))

    op.drop_table("role_grant")
    with op.batch_alter_table("proposal", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_proposal_run_id"))
        batch_op.drop_index(batch_op.f("ix_proposal_newcomer_id"))
        batch_op.drop_index(batch_op.f("ix_proposal_buddy_id"))

    op.drop_table("proposal")
    with op.batch_alter_table("contract_version", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_contract_version_newcomer_id"))

    op.drop_table("contract_version")
    with op.batch_alter_table("contact_person", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_contact_person_person_id"))
        batch_op.drop_index(batch_op.f("ix_contact_person_organisation_id"))

    op.drop_table("contact_person")
    with op.batch_alter_table("run", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_run_under_way",
            sqlite_where=sa.text("state IN ('queued', 'running')"),
            postgresql_where=sa.text("state IN ('queued', 'running')"),
        )
        batch_op.drop_index(batch_op.f("ix_run_network_slug"))

    op.drop_table("run")
    with op.batch_alter_table("organisation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_organisation_network_slug"))

    op.drop_table("organisation")
    with op.batch_alter_table("newcomer", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_newcomer_province"))
        batch_op.drop_index("ix_newcomer_pool")
        batch_op.drop_index(batch_op.f("ix_newcomer_network_slug"))
        batch_op.drop_index(batch_op.f("ix_newcomer_counsellor_id"))

    op.drop_table("newcomer")
    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_message_person_id"))
        batch_op.drop_index(batch_op.f("ix_message_network_slug"))
        batch_op.drop_index("ix_message_due")

    op.drop_table("message")
    with op.batch_alter_table("buddy_import", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_buddy_import_file",
            sqlite_where=sa.text("done_at IS NOT NULL"),
            postgresql_where=sa.text("done_at IS NOT NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_buddy_import_network_slug"))

    op.drop_table("buddy_import")
    with op.batch_alter_table("buddy", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_buddy_province"))
        batch_op.drop_index("ix_buddy_pool")
        batch_op.drop_index(batch_op.f("ix_buddy_network_slug"))

    op.drop_table("buddy")
    with op.batch_alter_table("transition", schema=None) as batch_op:
        batch_op.drop_index("ix_transition_subject")

    op.drop_table("transition")
    with op.batch_alter_table("sign_in", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sign_in_person_id"))

    op.drop_table("sign_in")
    op.drop_table("network")
    with op.batch_alter_table("consent", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_consent_person_id"))

    op.drop_table("consent")
    with op.batch_alter_table("audit_entry", schema=None) as batch_op:
        batch_op.drop_index("ix_audit_entry_subject")
        batch_op.drop_index(batch_op.f("ix_audit_entry_network_slug"))
        batch_op.drop_index(batch_op.f("ix_audit_entry_actor_id"))
        batch_op.drop_index(batch_op.f("ix_audit_entry_action"))

    op.drop_table("audit_entry")
    op.drop_table("target_rule")
    op.drop_table("registration")
    op.drop_table("programme")
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_person_phone"))

    op.drop_table("person")
    op.drop_table("agency")
