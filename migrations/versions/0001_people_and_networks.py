"""Networks, agencies, organisations, and the people who act in them.

Revision ID: 0001
Revises: nothing
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

TABLES = (
    "programme",
    "agency",
    "network",
    "target_rule",
    "person",
    "registration",
    "consent",
    "sign_in",
    "organisation",
    "contact_person",
    "role_grant",
    "link",
)


def only_where(condition: str) -> dict[str, sa.TextClause]:
    """Let a unique index count only the rows that fulfil the condition, in the words of both databases."""
    return {"sqlite_where": sa.text(condition), "postgresql_where": sa.text(condition)}


def upgrade() -> None:
    """Make the tables, those that others point to first."""
    networks()
    people()
    organisations()
    access()


def downgrade() -> None:
    """Drop the tables with everything in them."""
    for table in reversed(TABLES):
        op.drop_table(table)


def networks() -> None:
    """Make programme, agency, network, target_rule."""
    op.create_table(
        "programme",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("weights_version", sa.String(40), nullable=False),
        sa.Column("weights", sa.JSON, nullable=False),
        sa.Column("refused_months", sa.Integer, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_programme"),
    )
    op.create_table(
        "agency",
        sa.Column("slug", sa.String(20), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.PrimaryKeyConstraint("slug", name="pk_agency"),
    )
    op.create_table(
        "network",
        sa.Column("slug", sa.String(40), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("programme_id", sa.Integer, nullable=False),
        sa.Column("caller_name", sa.String(200), nullable=False),
        sa.Column("deputy_name", sa.String(200), nullable=False),
        sa.Column("call_within_days", sa.Integer, nullable=False),
        sa.Column("call_when", sa.String(200), nullable=False),
        sa.Column("call_when_language", sa.String(35), nullable=False),
        sa.Column("help_phone", sa.String(20), nullable=True),
        sa.Column("insurer", sa.String(200), nullable=False),
        sa.PrimaryKeyConstraint("slug", name="pk_network"),
        sa.CheckConstraint("call_within_days BETWEEN 1 AND 60", name=op.f("ck_network_call_within_days")),
        sa.ForeignKeyConstraint(["programme_id"], ["programme.id"], name="fk_network_programme_id"),
    )
    op.create_table(
        "target_rule",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("since", sa.Date, nullable=False),
        sa.Column("minutes", sa.Integer, nullable=False),
        sa.Column("source", sa.String(300), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_target_rule"),
        sa.UniqueConstraint("since", name="uq_target_rule_since"),
        sa.CheckConstraint("minutes > 0", name=op.f("ck_target_rule_minutes")),
    )


def people() -> None:
    """Make person, registration, consent, sign_in."""
    op.create_table(
        "person",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("full_name", sa.String(200), nullable=False),
        sa.Column("call_name", sa.String(200), nullable=False),
        sa.Column("search_key", sa.Text, nullable=False),
        sa.Column("locale", sa.String(35), nullable=False),
        sa.Column("email", sa.String(254), nullable=True),
        sa.Column("email_canonical", sa.String(254), nullable=True),
        sa.Column("email_confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("phone", sa.String(20), nullable=True),
        sa.Column("password_hash", sa.String(200), nullable=True),
        sa.Column("code_hash", sa.String(64), nullable=True),
        sa.Column("active", sa.Boolean, nullable=False),
        sa.Column("demo", sa.Boolean, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_person"),
        sa.UniqueConstraint("code_hash", name="uq_person_code_hash"),
        sa.UniqueConstraint("email_canonical", name="uq_person_email_canonical"),
    )
    op.create_index("ix_person_phone", "person", ["phone"])
    op.create_table(
        "registration",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("role", sa.String(40), nullable=False),
        sa.Column("locale", sa.String(35), nullable=False),
        sa.Column("answers", sa.JSON, nullable=False),
        sa.Column("helped_by_id", sa.Integer, nullable=True),
        sa.Column("person_id", sa.Integer, nullable=True),
        sa.Column("network_slug", sa.String(40), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("touched_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["helped_by_id"], ["person.id"], name="fk_registration_helped_by_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["network_slug"], ["network.slug"], name="fk_registration_network_slug"),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name="fk_registration_person_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_registration"),
        sa.UniqueConstraint("token_hash", name="uq_registration_token_hash"),
        sa.CheckConstraint(
            "role IN ('buddy', 'newcomer', 'counsellor', 'coordinator', 'organisation', 'helper', 'administrator')",
            name=op.f("ck_registration_role"),
        ),
    )
    op.create_table(
        "consent",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("person_id", sa.Integer, nullable=False),
        sa.Column("text", sa.String(40), nullable=False),
        sa.Column("version", sa.String(20), nullable=False),
        sa.Column("locale", sa.String(35), nullable=False),
        sa.Column("helped_by_id", sa.Integer, nullable=True),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_consent"),
        sa.ForeignKeyConstraint(["helped_by_id"], ["person.id"], name="fk_consent_helped_by_id"),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name="fk_consent_person_id", ondelete="RESTRICT"
        ),
    )
    op.create_index("ix_consent_person_id", "consent", ["person_id"])
    op.create_table(
        "sign_in",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("person_id", sa.Integer, nullable=False),
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("device", sa.String(200), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_sign_in"),
        sa.UniqueConstraint("token_hash", name="uq_sign_in_token_hash"),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name="fk_sign_in_person_id", ondelete="RESTRICT"
        ),
    )
    op.create_index("ix_sign_in_person_id", "sign_in", ["person_id"])


def organisations() -> None:
    """Make organisation, contact_person."""
    op.create_table(
        "organisation",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("network_slug", sa.String(40), nullable=False),
        sa.Column("verified_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("verified_by_id", sa.Integer, nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_organisation"),
        sa.ForeignKeyConstraint(["network_slug"], ["network.slug"], name="fk_organisation_network_slug"),
        sa.ForeignKeyConstraint(["verified_by_id"], ["person.id"], name="fk_organisation_verified_by_id"),
    )
    op.create_index("ix_organisation_network_slug", "organisation", ["network_slug"])
    op.create_table(
        "contact_person",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("function", sa.String(200), nullable=False),
        sa.Column("email", sa.String(254), nullable=True),
        sa.Column("phone", sa.String(20), nullable=True),
        sa.Column("locale", sa.String(35), nullable=False),
        sa.Column("organisation_id", sa.Integer, nullable=True),
        sa.Column("person_id", sa.Integer, nullable=True),
        sa.Column("named_by_id", sa.Integer, nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_contact_person"),
        sa.CheckConstraint(
            "email IS NOT NULL OR phone IS NOT NULL OR person_id IS NOT NULL",
            name=op.f("ck_contact_person_reachable"),
        ),
        sa.ForeignKeyConstraint(["named_by_id"], ["person.id"], name="fk_contact_person_named_by_id"),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name="fk_contact_person_organisation_id"
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_contact_person_person_id"),
    )
    op.create_index("ix_contact_person_organisation_id", "contact_person", ["organisation_id"])
    op.create_index("ix_contact_person_person_id", "contact_person", ["person_id"])


def access() -> None:
    """Make role_grant, link."""
    op.create_table(
        "role_grant",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("person_id", sa.Integer, nullable=False),
        sa.Column("role", sa.String(40), nullable=False),
        sa.Column("network_slug", sa.String(40), nullable=True),
        sa.Column("agency_slug", sa.String(20), nullable=True),
        sa.Column("organisation_id", sa.Integer, nullable=True),
        sa.Column("granted_by", sa.Integer, nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_role_grant"),
        sa.CheckConstraint(
            "role IN ('buddy', 'newcomer', 'counsellor', 'coordinator', 'organisation', 'helper', 'administrator')",
            name=op.f("ck_role_grant_role"),
        ),
        sa.CheckConstraint(
            "role <> 'counsellor' OR agency_slug IS NOT NULL",
            name=op.f("ck_role_grant_counsellor_has_agency"),
        ),
        sa.CheckConstraint(
            "role <> 'coordinator' OR network_slug IS NOT NULL",
            name=op.f("ck_role_grant_coordinator_has_network"),
        ),
        sa.CheckConstraint(
            "role <> 'organisation' OR organisation_id IS NOT NULL",
            name=op.f("ck_role_grant_contact_has_organisation"),
        ),
        sa.ForeignKeyConstraint(["agency_slug"], ["agency.slug"], name="fk_role_grant_agency_slug"),
        sa.ForeignKeyConstraint(["granted_by"], ["person.id"], name="fk_role_grant_granted_by"),
        sa.ForeignKeyConstraint(["network_slug"], ["network.slug"], name="fk_role_grant_network_slug"),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name="fk_role_grant_organisation_id"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name="fk_role_grant_person_id", ondelete="CASCADE"
        ),
    )
    op.create_index("ix_role_grant_person_id", "role_grant", ["person_id"])
    op.create_index(
        "uq_role_grant_network",
        "role_grant",
        ["person_id", "role", "network_slug"],
        unique=True,
        **only_where("network_slug IS NOT NULL"),
    )
    op.create_index(
        "uq_role_grant_plain",
        "role_grant",
        ["person_id", "role"],
        unique=True,
        **only_where("network_slug IS NULL AND organisation_id IS NULL"),
    )
    op.create_table(
        "link",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("purpose", sa.String(40), nullable=False),
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("person_id", sa.Integer, nullable=True),
        sa.Column("contact_person_id", sa.Integer, nullable=True),
        sa.Column("locale", sa.String(35), nullable=False),
        sa.Column("facts", sa.JSON, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_link"),
        sa.UniqueConstraint("token_hash", name="uq_link_token_hash"),
        sa.CheckConstraint(
            "purpose IN ('confirm_address', 'reset_password', 'sign_in', 'invitation', 'confirm_hours', 'link_counsellor', 'answer_duo')",
            name=op.f("ck_link_linkpurpose"),
        ),
        sa.ForeignKeyConstraint(
            ["contact_person_id"], ["contact_person.id"], name="fk_link_contact_person_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_link_person_id", ondelete="CASCADE"),
    )
    op.create_index("ix_link_contact_person_id", "link", ["contact_person_id"])
    op.create_index("ix_link_person_id", "link", ["person_id"])
