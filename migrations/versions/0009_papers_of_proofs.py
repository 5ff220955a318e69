"""Papers of proofs: what was signed, kept as it was; the database itself refuses to change it.

Hours that were confirmed before proofs were kept join the open proof of their newcomer, kind and contact person, so
that they can be signed. Hours accepted before stay as they are.

Revision ID: 0009
Revises: 0008
"""

from __future__ import annotations

import secrets

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

# What may not change on a proof that is signed, and on an entry that stands on one.
PROOF_FROZEN = ("newcomer_id", "kind", "contact_person_id", "signed_at", "signed_name")
ENTRY_FROZEN = ("proof_id", "newcomer_id", "offer_id", "contact_person_id", "starts_at", "ends_at", "minutes")

entry = sa.table(
    "hour_entry",
    *(sa.column(name, sa.Integer) for name in ("id", "newcomer_id", "offer_id", "contact_person_id", "proof_id", "reverses_id")),
    sa.column("state", sa.String),
    sa.column("confirmed_at", sa.DateTime(timezone=True)),
)  # fmt: skip
offer = sa.table("offer", sa.column("id", sa.Integer), sa.column("kind", sa.String))
proof = sa.table(
    "proof",
    *(sa.column(name, sa.Integer) for name in ("id", "newcomer_id", "contact_person_id")),
    *(sa.column(name, sa.String) for name in ("number", "kind", "state", "signed_name")),
    sa.column("created_at", sa.DateTime(timezone=True)),
)


def upgrade() -> None:
    """Make proof_paper and the guards, and put what is confirmed on proofs."""
    op.create_table(
        "proof_paper",
        sa.Column("proof_id", sa.Integer, nullable=False),
        sa.Column("public_number", sa.String(24), nullable=False),
        sa.Column("minutes", sa.Integer, nullable=False),
        sa.Column("content", sa.JSON, nullable=False),
        sa.Column("signed_by_id", sa.Integer, nullable=True),
        sa.Column("replaces_id", sa.Integer, nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("proof_id", name="pk_proof_paper"),
        sa.UniqueConstraint("public_number", name="uq_proof_paper_public_number"),
        sa.UniqueConstraint("replaces_id", name="uq_proof_paper_replaces_id"),
        sa.CheckConstraint("minutes > 0", name=op.f("ck_proof_paper_minutes")),
        sa.ForeignKeyConstraint(["proof_id"], ["proof.id"], name="fk_proof_paper_proof_id"),
        sa.ForeignKeyConstraint(["signed_by_id"], ["person.id"], name="fk_proof_paper_signed_by_id"),
        sa.ForeignKeyConstraint(["replaces_id"], ["proof.id"], name="fk_proof_paper_replaces_id"),
    )
    join_what_is_confirmed()
    for statement in POSTGRESQL if op.get_bind().dialect.name == "postgresql" else SQLITE:
        op.execute(statement)


def downgrade() -> None:
    """Drop the guards and the papers; the proofs stay."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP TRIGGER proof_is_frozen ON proof")
        op.execute("DROP TRIGGER entry_is_frozen ON hour_entry")
        op.execute("DROP TRIGGER paper_is_frozen ON proof_paper")
        op.execute("DROP FUNCTION proof_is_frozen, entry_is_frozen, paper_is_frozen")
    else:
        for name in ("proof_is_frozen", "entry_is_frozen", "entry_comes_too_late"):
            op.execute(f"DROP TRIGGER {name}")
    op.drop_table("proof_paper")


def join_what_is_confirmed() -> None:
    """An open proof for each newcomer, kind and contact person with confirmed hours, and those hours on it."""
    connection = op.get_bind()
    waiting = connection.execute(
        sa.select(entry.c.id, entry.c.newcomer_id, offer.c.kind, entry.c.contact_person_id, entry.c.confirmed_at)
        .join(offer, offer.c.id == entry.c.offer_id)
        .where(entry.c.state == "confirmed", entry.c.reverses_id.is_(None), entry.c.proof_id.is_(None))
        .order_by(entry.c.id)
    ).all()  # fmt: skip
    keys: dict[tuple[int, str, int], list[sa.Row]] = {}
    for row in waiting:
        keys.setdefault((row.newcomer_id, row.kind, row.contact_person_id), []).append(row)
    for (newcomer, kind, contact), rows in keys.items():
        number = f"open-{secrets.token_hex(7)}"
        connection.execute(
            proof.insert().values(
                number=number, newcomer_id=newcomer, kind=kind, contact_person_id=contact, state="open", signed_name="",
                created_at=rows[0].confirmed_at or sa.func.current_timestamp(),
            )
        )  # fmt: skip
        made = connection.scalar(sa.select(proof.c.id).where(proof.c.number == number))
        connection.execute(
            entry.update().where(entry.c.id.in_([row.id for row in rows])).values(proof_id=made)
        )


def changed(columns: tuple[str, ...], same: str) -> str:
    """The condition that one of these columns gets another value, in the words of a database."""
    return " OR ".join(f"NEW.{name} {same} OLD.{name}" for name in columns)


def signed(which: str) -> str:
    """The condition that an entry stands on a proof that is no longer open."""
    return f"EXISTS (SELECT 1 FROM proof WHERE id = {which}.proof_id AND state <> 'open')"  # noqa: S608 - our words


# A number follows from the key, so a row has a provisional one for the moment in which it is made.
NEW_NUMBER = "(NEW.number <> OLD.number AND OLD.number NOT LIKE 'open-%')"
REFUSED = "a signed proof is not changed"
SQLITE = (
    f"""CREATE TRIGGER proof_is_frozen BEFORE UPDATE ON proof
    WHEN OLD.state <> 'open' AND (NEW.state = 'open' OR {NEW_NUMBER} OR {changed(PROOF_FROZEN, "IS NOT")})
    BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END""",
    f"""CREATE TRIGGER entry_is_frozen BEFORE UPDATE ON hour_entry
    WHEN ({changed(ENTRY_FROZEN, "IS NOT")})
        AND ({signed("OLD")} OR (NEW.proof_id IS NOT OLD.proof_id AND {signed("NEW")}))
    BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END""",
    f"""CREATE TRIGGER entry_comes_too_late BEFORE INSERT ON hour_entry WHEN {signed("NEW")}
    BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END""",
    f"""CREATE TRIGGER paper_is_frozen BEFORE UPDATE ON proof_paper
    BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END""",
)  # fmt: skip
# RAISE as an integrity error (23514), which both drivers report alike.
POSTGRESQL = (
    f"""CREATE FUNCTION proof_is_frozen() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF OLD.state <> 'open' AND (NEW.state = 'open' OR {NEW_NUMBER} OR {changed(PROOF_FROZEN, "IS DISTINCT FROM")}) THEN
        RAISE EXCEPTION '{REFUSED}' USING ERRCODE = '23514';
    END IF;
    RETURN NEW; END $$""",
    f"""CREATE FUNCTION entry_is_frozen() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF TG_OP = 'INSERT' THEN
        IF {signed("NEW")} THEN RAISE EXCEPTION '{REFUSED}' USING ERRCODE = '23514'; END IF;
    ELSIF ({changed(ENTRY_FROZEN, "IS DISTINCT FROM")})
        AND ({signed("OLD")} OR (NEW.proof_id IS DISTINCT FROM OLD.proof_id AND {signed("NEW")})) THEN
        RAISE EXCEPTION '{REFUSED}' USING ERRCODE = '23514';
    END IF;
    RETURN NEW; END $$""",
    f"""CREATE FUNCTION paper_is_frozen() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    RAISE EXCEPTION '{REFUSED}' USING ERRCODE = '23514'; END $$""",
    "CREATE TRIGGER proof_is_frozen BEFORE UPDATE ON proof FOR EACH ROW EXECUTE FUNCTION proof_is_frozen()",
    "CREATE TRIGGER entry_is_frozen BEFORE INSERT OR UPDATE ON hour_entry FOR EACH ROW EXECUTE FUNCTION entry_is_frozen()",
    "CREATE TRIGGER paper_is_frozen BEFORE UPDATE ON proof_paper FOR EACH ROW EXECUTE FUNCTION paper_is_frozen()",
)  # fmt: skip
