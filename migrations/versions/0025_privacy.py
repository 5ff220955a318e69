"""Erasure, objection, dated retention, and an audit log to which the database only lets rows be added.

Words in what was decided or signed may be emptied once the time of the law is over for that newcomer; nothing else of it
changes.
Rows of the audit log that are older than a year may go, as their retention says. While all people in the database are
invented, the demo dates its log back; from the first real person on, nobody does.

Revision ID: 0025
Revises: 0024
"""

from __future__ import annotations

from datetime import UTC, date, datetime

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
OPEN = sa.text("taken_back_at IS NULL AND done_at IS NULL")
DAYS = {
    "registrations": 30, "stopped": 183, "hours": 365, "letters": 7, "sign_ins": 30, "lists": 7, "safety": 365,
    "audit": 730, "backups": 35,
}  # fmt: skip
REFUSED = "the audit log is only added to"
DECIDED = "what was decided is not changed"
SIGNED = "a signed proof is not changed"
# Of each table the columns that never change, and the words that may be emptied.
DECISIONS = {
    "contract_version": (
        ("newcomer_id", "number", "agency_slug", "obligation", "contains_trajectory", "starts_on", "ends_on", "kind",
         "cause", "rules_on", "by_person_id", "created_at"), "reason",
    ),
    "trajectory_decision": (
        ("newcomer_id", "version_number", "kind", "by_person_id", '"on"', "created_at"), "words",
    ),
    "exemption": (
        ("newcomer_id", "ground", "half_time", "evidence", "seen_on", "valid_from", "valid_to", "decided_by_id",
         "decided_on", "created_at"), "note",
    ),
}  # fmt: skip
EXEMPTION_BEFORE = (
    "newcomer_id", "ground", "half_time", "evidence", "seen_on", "note", "valid_from", "valid_to", "decided_by_id",
    "decided_on", "created_at",
)  # fmt: skip
AUDIT = ("id", "at", "action", "subject", "subject_id", "network_slug", "facts")
TRANSITION = ("id", "subject", "subject_id", "actor_role", "at", "from_state", "to_state", "reason")
PROOF = ("newcomer_id", "kind", "contact_person_id", "signed_at")
NEW_NUMBER = "(NEW.number <> OLD.number AND OLD.number NOT LIKE 'open-%')"


def upgrade() -> None:
    """Make the tables, write the first settings, and set the guards."""
    op.add_column("person", sa.Column("objects_at", MOMENT, nullable=True))
    op.add_column("person", sa.Column("erased_at", MOMENT, nullable=True))
    op.add_column("newcomer", sa.Column("records_emptied_at", MOMENT, nullable=True))
    op.create_index(
        "ix_person_real", "person", ["id"], sqlite_where=sa.text("demo = 0"), postgresql_where=sa.text("NOT demo")
    )  # fmt: skip
    make_tables()
    postgresql = op.get_bind().dialect.name == "postgresql"
    drop_decided(postgresql=postgresql)
    for table, (columns, words) in DECISIONS.items():
        guard_decided(
            table, f"{changed(columns, postgresql)} OR {too_early(words, postgresql)}", postgresql=postgresql
        )
    freeze_proofs(
        f"{changed(PROOF, postgresql)} OR {too_early('signed_name', postgresql)}", postgresql=postgresql
    )
    for statement in guards(postgresql=postgresql):
        op.execute(statement)


def downgrade() -> None:
    """Take the guards back to what they were, and drop the rest."""
    postgresql = op.get_bind().dialect.name == "postgresql"
    for table in ("audit_entry", "transition"):
        for act in ("changed", "deleted"):
            op.execute(f"DROP TRIGGER {table}_{act}" + (f" ON {table}" if postgresql else ""))
            if postgresql:
                op.execute(f"DROP FUNCTION {table}_{act}()")
    drop_decided(postgresql=postgresql)
    if postgresql:
        for table in DECISIONS:
            op.execute(f"DROP FUNCTION {table}_stays()")
    guard_decided("contract_version", "", postgresql=postgresql)
    guard_decided("trajectory_decision", "", postgresql=postgresql)
    guard_decided("exemption", changed(EXEMPTION_BEFORE, postgresql), postgresql=postgresql)
    freeze_proofs(changed((*PROOF, "signed_name"), postgresql), postgresql=postgresql)
    for table in ("retention_rule", "merged_person", "tombstone", "erasure"):
        op.drop_table(table)
    op.drop_index("ix_person_real", "person")
    op.drop_column("newcomer", "records_emptied_at")
    op.drop_column("person", "erased_at")
    op.drop_column("person", "objects_at")


def make_tables() -> None:
    """Who wants to be erased, who was, whose record went up in another, and how long things are kept."""
    op.create_table(
        "erasure",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("person_id", sa.Integer, sa.ForeignKey("person.id", name="fk_erasure_person_id", ondelete="RESTRICT"), nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("taken_back_at", MOMENT, nullable=True),
        sa.Column("done_at", MOMENT, nullable=True),
        sa.CheckConstraint("taken_back_at IS NULL OR done_at IS NULL", name=op.f("ck_erasure_one_end")),
    )  # fmt: skip
    op.create_index("ix_erasure_person_id", "erasure", ["person_id"])
    op.create_index("ix_erasure_due", "erasure", ["due_at"])
    op.create_index(
        "uq_erasure_open", "erasure", ["person_id"], unique=True, sqlite_where=OPEN, postgresql_where=OPEN
    )
    op.create_table(
        "tombstone",
        sa.Column("person_id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("erased_at", MOMENT, nullable=False),
    )
    op.create_table(
        "merged_person",
        sa.Column("gone_id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("gone_made_at", MOMENT, nullable=False),
        sa.Column("kept_id", sa.Integer, sa.ForeignKey("person.id", name="fk_merged_person_kept_id", ondelete="RESTRICT"), nullable=False),
    )  # fmt: skip
    op.create_index("ix_merged_person_kept_id", "merged_person", ["kept_id"])
    rules = op.create_table(
        "retention_rule",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("since", sa.Date, nullable=False),
        sa.Column("days", sa.Integer, nullable=False),
        sa.Column("by_person_id", sa.Integer, sa.ForeignKey("person.id", name="fk_retention_rule_by_person_id"), nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.UniqueConstraint("kind", "since", name="uq_retention_rule_kind_since"),
        sa.CheckConstraint("days BETWEEN 1 AND 3660", name=op.f("ck_retention_rule_days")),
        sa.CheckConstraint(f"kind IN ({', '.join(map(repr, DAYS))})", name=op.f("ck_retention_rule_retentionkind")),
    )  # fmt: skip
    made = datetime(2026, 1, 1, tzinfo=UTC)
    op.bulk_insert(
        rules,
        [
            {"kind": kind, "since": date(2026, 1, 1), "days": days, "created_at": made}
            for kind, days in DAYS.items()
        ],
    )


def changed(columns: tuple[str, ...], postgresql: bool) -> str:
    """The condition that one of these columns gets another value."""
    if not postgresql:
        return " OR ".join(f"NEW.{name} IS NOT OLD.{name}" for name in columns)
    kinds = {"facts": "::text"}  # JSON has no equality there
    return " OR ".join(
        f"NEW.{name}{kinds.get(name, '')} IS DISTINCT FROM OLD.{name}{kinds.get(name, '')}" for name in columns
    )  # fmt: skip


def filled(words: str, postgresql: bool) -> str:
    """The condition that words change into something else than nothing."""
    return f"({changed((words,), postgresql)}) AND NEW.{words} <> ''"


def too_early(words: str, postgresql: bool) -> str:
    """The condition that words change, unless into nothing when the time of the law is over for that newcomer."""
    over = "EXISTS (SELECT 1 FROM newcomer WHERE id = OLD.newcomer_id AND records_emptied_at IS NOT NULL)"
    return f"(({changed((words,), postgresql)}) AND NOT (NEW.{words} = '' AND {over}))"


def drop_decided(*, postgresql: bool) -> None:
    """Take away the guards that are to be set anew."""
    for table in DECISIONS:
        op.execute(f"DROP TRIGGER {table}_stays" + (f" ON {table}" if postgresql else ""))
    op.execute("DROP TRIGGER proof_is_frozen" + (" ON proof" if postgresql else ""))


def guard_decided(table: str, refused: str, *, postgresql: bool) -> None:
    """Refuse the changes of that condition, or every change."""
    when = f"WHEN ({refused})" if refused else ""
    if postgresql and "SELECT" in refused:  # a condition of a trigger may not look into other tables there
        op.execute(
            f"""CREATE FUNCTION {table}_stays() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
            IF {refused} THEN RAISE EXCEPTION '{DECIDED}' USING ERRCODE = '23514'; END IF;
            RETURN NEW; END $$"""
        )
        op.execute(
            f"""CREATE TRIGGER {table}_stays BEFORE UPDATE ON {table} FOR EACH ROW
            EXECUTE FUNCTION {table}_stays()"""
        )
    elif postgresql:
        op.execute(
            f"""CREATE TRIGGER {table}_stays BEFORE UPDATE ON {table} FOR EACH ROW {when}
            EXECUTE FUNCTION decided_stays()"""
        )
    else:
        op.execute(
            f"""CREATE TRIGGER {table}_stays BEFORE UPDATE ON {table} {when}
            BEGIN SELECT RAISE(ABORT, '{DECIDED}'); END"""
        )


def freeze_proofs(frozen: str, *, postgresql: bool) -> None:
    """Refuse the changes of that condition to a proof that is signed."""
    condition = f"OLD.state <> 'open' AND (NEW.state = 'open' OR {NEW_NUMBER} OR {frozen})"
    if postgresql:
        op.execute(
            f"""CREATE OR REPLACE FUNCTION proof_is_frozen() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
            IF {condition} THEN RAISE EXCEPTION '{SIGNED}' USING ERRCODE = '23514'; END IF;
            RETURN NEW; END $$"""
        )
        op.execute(
            "CREATE TRIGGER proof_is_frozen BEFORE UPDATE ON proof FOR EACH ROW EXECUTE FUNCTION proof_is_frozen()"
        )
    else:
        op.execute(
            f"""CREATE TRIGGER proof_is_frozen BEFORE UPDATE ON proof WHEN {condition}
            BEGIN SELECT RAISE(ABORT, '{SIGNED}'); END"""
        )


def guards(*, postgresql: bool) -> list[str]:
    """The triggers that let the audit log and the changes of state only be added to."""
    invented = "NOT demo" if postgresql else "demo = 0"
    real = f"EXISTS (SELECT 1 FROM person WHERE {invented})"  # noqa: S608 - our words
    merged = "EXISTS (SELECT 1 FROM merged_person WHERE gone_id = OLD.actor_id AND kept_id = NEW.actor_id)"
    other = f"(({changed(('actor_id',), postgresql)}) AND NOT {merged})"
    year = "now() - interval '366 days'" if postgresql else "datetime('now', '-366 days')"
    conditions = {
        ("audit_entry", "changed", "UPDATE"): f"({changed(AUDIT, postgresql)} OR {other}) AND {real}",
        ("audit_entry", "deleted", "DELETE"): f"OLD.at > {year} AND {real}",
        ("transition", "changed", "UPDATE"): f"({changed(TRANSITION, postgresql)} OR {filled('note', postgresql)} OR {other}) AND {real}",
        ("transition", "deleted", "DELETE"): real,
    }  # fmt: skip
    if not postgresql:
        return [
            f"CREATE TRIGGER {table}_{act} BEFORE {verb} ON {table} WHEN {when} BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END"
            for (table, act, verb), when in conditions.items()
        ]
    made: list[str] = []
    for (table, act, verb), when in conditions.items():
        made += [
            f"""CREATE FUNCTION {table}_{act}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
            IF {when} THEN RAISE EXCEPTION '{REFUSED}' USING ERRCODE = '23514'; END IF;
            RETURN {"NEW" if verb == "UPDATE" else "OLD"}; END $$""",
            f"CREATE TRIGGER {table}_{act} BEFORE {verb} ON {table} FOR EACH ROW EXECUTE FUNCTION {table}_{act}()",
        ]
    return made
