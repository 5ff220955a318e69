"""Why a contract version was written, exemptions, decisions on trajectories, and dated rules about both.

Versions written before: the first is the first, the others are changes; the rules of the first day hold for all.

Revision ID: 0010
Revises: 0009
"""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

KINDS = ("first", "change", "extension", "continued")
CAUSES = ("no_offer", "offer_stopped", "course_moved", "moved_house", "life_event", "other")
GROUNDS = ("work_employee", "work_self_employed", "work_civil_servant", "study", "other_by_counsellor")
EVIDENCE = ("employment_contract", "proof_of_activity", "appointment", "enrolment", "other_paper")
DECISIONS = ("completed", "not_reached", "looked_at")
LAW = "BVR 17 December 2021, as changed on 7 October 2022; in force on 1 January 2023"
LEAST_MONTHS = {"work_employee": 3}


def one_of(column: str, values: tuple[str, ...]) -> str:
    """The check that a column holds one of these."""
    return f"{column} IN ({', '.join(repr(value) for value in values)})"


NEW_CHECKS = {
    "ck_contract_version_versionkind": one_of("kind", KINDS),
    "ck_contract_version_extensioncause": one_of("cause", CAUSES),
    "ck_contract_version_extension_has_cause": "kind <> 'extension' OR cause IS NOT NULL",
}


def upgrade() -> None:
    """Change contract_version, and make the new tables with their first rows."""
    with op.batch_alter_table("contract_version") as table:
        table.add_column(sa.Column("kind", sa.String(40), nullable=True))
        table.add_column(sa.Column("cause", sa.String(40), nullable=True))
        table.add_column(sa.Column("rules_on", sa.Date, nullable=True))
    op.execute("UPDATE contract_version SET kind = CASE number WHEN 1 THEN 'first' ELSE 'change' END")
    op.execute(
        "UPDATE contract_version SET rules_on = (SELECT one.starts_on FROM contract_version AS one"
        " WHERE one.newcomer_id = contract_version.newcomer_id ORDER BY one.number LIMIT 1)"
    )
    with op.batch_alter_table("contract_version") as table:
        table.alter_column("kind", existing_type=sa.String(40), nullable=False)
        table.alter_column("rules_on", existing_type=sa.Date, nullable=False)
        for name, check in NEW_CHECKS.items():
            table.create_check_constraint(op.f(name), check)
    make_exemptions()
    make_followup()
    make_rules()


def downgrade() -> None:
    """Drop the tables and the columns."""
    for table_name in (
        "term_rule", "exemption_rule", "warm_handover", "counsellor_transfer", "trajectory_decision", "seen_contract",
        "exemption",
    ):  # fmt: skip
        op.drop_table(table_name)
    with op.batch_alter_table("contract_version") as table:
        for name in NEW_CHECKS:
            table.drop_constraint(op.f(name), type_="check")
        for column in ("rules_on", "cause", "kind"):
            table.drop_column(column)


def make_exemptions() -> None:
    """Make exemption and seen_contract."""
    op.create_table(
        "exemption",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("newcomer_id", sa.Integer, nullable=False),
        sa.Column("ground", sa.String(40), nullable=False),
        sa.Column("half_time", sa.Boolean, nullable=False),
        sa.Column("evidence", sa.String(40), nullable=False),
        sa.Column("seen_on", sa.Date, nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("valid_from", sa.Date, nullable=False),
        sa.Column("valid_to", sa.Date, nullable=True),
        sa.Column("decided_by_id", sa.Integer, nullable=False),
        sa.Column("decided_on", sa.Date, nullable=False),
        sa.Column("ended_on", sa.Date, nullable=True),
        sa.Column("ended_by_id", sa.Integer, nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_exemption"),
        sa.CheckConstraint("valid_to IS NULL OR valid_from <= valid_to", name=op.f("ck_exemption_validity")),
        sa.CheckConstraint("ended_on IS NULL OR valid_from <= ended_on", name=op.f("ck_exemption_ended")),
        sa.CheckConstraint("ground NOT LIKE 'work%' OR half_time", name=op.f("ck_exemption_half_time")),
        sa.CheckConstraint(one_of("ground", GROUNDS), name=op.f("ck_exemption_exemptionground")),
        sa.CheckConstraint(one_of("evidence", EVIDENCE), name=op.f("ck_exemption_evidence")),
        sa.ForeignKeyConstraint(["newcomer_id"], ["newcomer.id"], name="fk_exemption_newcomer_id"),
        sa.ForeignKeyConstraint(["decided_by_id"], ["person.id"], name="fk_exemption_decided_by_id"),
        sa.ForeignKeyConstraint(["ended_by_id"], ["person.id"], name="fk_exemption_ended_by_id"),
    )
    op.create_table(
        "seen_contract",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("exemption_id", sa.Integer, nullable=False),
        sa.Column("starts_on", sa.Date, nullable=False),
        sa.Column("ends_on", sa.Date, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_seen_contract"),
        sa.CheckConstraint("ends_on IS NULL OR starts_on <= ends_on", name=op.f("ck_seen_contract_order")),
        sa.ForeignKeyConstraint(["exemption_id"], ["exemption.id"], name="fk_seen_contract_exemption_id"),
    )
    for column in ("newcomer_id", "decided_by_id", "ended_by_id"):
        op.create_index(f"ix_exemption_{column}", "exemption", [column])
    op.create_index("ix_seen_contract_exemption_id", "seen_contract", ["exemption_id"])


def make_followup() -> None:
    """Make trajectory_decision, counsellor_transfer and warm_handover."""
    op.create_table(
        "trajectory_decision",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("newcomer_id", sa.Integer, nullable=False),
        sa.Column("version_number", sa.Integer, nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("words", sa.Text, nullable=False),
        sa.Column("by_person_id", sa.Integer, nullable=False),
        sa.Column("on", sa.Date, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_trajectory_decision"),
        sa.CheckConstraint(one_of("kind", DECISIONS), name=op.f("ck_trajectory_decision_decisionkind")),
        sa.ForeignKeyConstraint(["newcomer_id"], ["newcomer.id"], name="fk_trajectory_decision_newcomer_id"),
        sa.ForeignKeyConstraint(["by_person_id"], ["person.id"], name="fk_trajectory_decision_by_person_id"),
    )
    op.create_table(
        "counsellor_transfer",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("newcomer_id", sa.Integer, nullable=False),
        sa.Column("from_person_id", sa.Integer, nullable=False),
        sa.Column("to_person_id", sa.Integer, nullable=False),
        sa.Column("agency_slug", sa.String(20), nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_counsellor_transfer"),
        sa.ForeignKeyConstraint(["newcomer_id"], ["newcomer.id"], name="fk_counsellor_transfer_newcomer_id"),
        sa.ForeignKeyConstraint(
            ["from_person_id"], ["person.id"], name="fk_counsellor_transfer_from_person_id"
        ),
        sa.ForeignKeyConstraint(["to_person_id"], ["person.id"], name="fk_counsellor_transfer_to_person_id"),
        sa.ForeignKeyConstraint(["agency_slug"], ["agency.slug"], name="fk_counsellor_transfer_agency_slug"),
    )
    op.create_table(
        "warm_handover",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("newcomer_id", sa.Integer, nullable=False),
        sa.Column("to_whom", sa.String(200), nullable=False),
        sa.Column("agreed_on", sa.Date, nullable=False),
        sa.Column("planned_on", sa.Date, nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("by_person_id", sa.Integer, nullable=False),
        sa.Column("done_on", sa.Date, nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_warm_handover"),
        sa.ForeignKeyConstraint(["newcomer_id"], ["newcomer.id"], name="fk_warm_handover_newcomer_id"),
        sa.ForeignKeyConstraint(["by_person_id"], ["person.id"], name="fk_warm_handover_by_person_id"),
    )
    for table, column in (
        ("trajectory_decision", "newcomer_id"), ("trajectory_decision", "by_person_id"),
        ("counsellor_transfer", "newcomer_id"), ("counsellor_transfer", "from_person_id"),
        ("counsellor_transfer", "to_person_id"), ("warm_handover", "newcomer_id"), ("warm_handover", "by_person_id"),
    ):  # fmt: skip
        op.create_index(f"ix_{table}_{column}", table, [column])


def make_rules() -> None:
    """Make exemption_rule and term_rule, and write down what holds since the start."""
    grounds = op.create_table(
        "exemption_rule",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("ground", sa.String(40), nullable=False),
        sa.Column("since", sa.Date, nullable=False),
        sa.Column("counts", sa.Boolean, nullable=False),
        sa.Column("least_months", sa.Integer, nullable=False),
        sa.Column("source", sa.String(300), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_exemption_rule"),
        sa.UniqueConstraint("ground", "since", name="uq_exemption_rule_ground_since"),
        sa.CheckConstraint("least_months BETWEEN 0 AND 120", name=op.f("ck_exemption_rule_least_months")),
        sa.CheckConstraint(one_of("ground", GROUNDS), name=op.f("ck_exemption_rule_exemptionground")),
    )
    terms = op.create_table(
        "term_rule",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("since", sa.Date, nullable=False),
        sa.Column("longest_months", sa.Integer, nullable=False),
        sa.Column("source", sa.String(300), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_term_rule"),
        sa.UniqueConstraint("since", name="uq_term_rule_since"),
        sa.CheckConstraint("longest_months BETWEEN 1 AND 240", name=op.f("ck_term_rule_longest_months")),
    )
    start = date(2023, 1, 1)
    op.bulk_insert(
        grounds,
        [
            {"ground": ground, "since": start, "counts": True, "least_months": LEAST_MONTHS.get(ground, 0), "source": LAW}
            for ground in GROUNDS
        ],
    )  # fmt: skip
    own = "No longest term is set by law; six years keeps typing errors out"
    op.bulk_insert(terms, [{"since": start, "longest_months": 72, "source": own}])
