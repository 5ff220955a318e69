"""What was decided stays: contract versions, rules of law, decisions and exemptions are never edited.

The services only ever add to these tables (R24: a change is a new version; a change of law is a new row). With this the
database refuses the rest. Of an exemption the end of its ground can be written, and nothing else. Rows can be deleted:
a person has a right to that.

Revision ID: 0013
Revises: 0012
"""

from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

REFUSED = "what was decided is not changed"
# Of each table the columns that may change.
KEPT = {
    "contract_version": (),
    "target_rule": (),
    "term_rule": (),
    "exemption_rule": (),
    "trajectory_decision": (),
    "seen_contract": (),
    "exemption": ("ended_on", "ended_by_id"),
}
EXEMPTION = (
    "newcomer_id", "ground", "half_time", "evidence", "seen_on", "note", "valid_from", "valid_to", "decided_by_id",
    "decided_on", "created_at",
)  # fmt: skip


def upgrade() -> None:
    """Make the guards."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            f"""CREATE FUNCTION decided_stays() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
            RAISE EXCEPTION '{REFUSED}' USING ERRCODE = '23514'; END $$"""
        )
        for table, free in KEPT.items():
            op.execute(
                f"""CREATE TRIGGER {table}_stays BEFORE UPDATE ON {table} FOR EACH ROW
                {when(free, "IS DISTINCT FROM")} EXECUTE FUNCTION decided_stays()"""
            )
        return
    for table, free in KEPT.items():
        op.execute(
            f"""CREATE TRIGGER {table}_stays BEFORE UPDATE ON {table} {when(free, "IS NOT")}
            BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END"""
        )


def downgrade() -> None:
    """Drop the guards."""
    on = op.get_bind().dialect.name == "postgresql"
    for table in KEPT:
        op.execute(f"DROP TRIGGER {table}_stays" + (f" ON {table}" if on else ""))
    if on:
        op.execute("DROP FUNCTION decided_stays()")


def when(free: tuple[str, ...], differs: str) -> str:
    """The condition that something else than the free columns changes; nothing when all columns stay."""
    if not free:
        return ""
    return "WHEN (" + " OR ".join(f"NEW.{name} {differs} OLD.{name}" for name in EXEMPTION) + ")"
