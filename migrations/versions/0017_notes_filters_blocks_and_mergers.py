"""Notes of staff with their author, filters that are kept, the block list, mergers, and lists of newcomers.

Revision ID: 0017
Revises: 0012
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0012"
branch_labels = None
depends_on = None

WHO = ("buddy", "newcomer")
note = sa.table(
    "staff_note",
    *(sa.column(name, sa.Integer) for name in ("id", "person_id")),
    sa.column("network_slug", sa.String),
    sa.column("text", sa.Text),
    sa.column("at", sa.DateTime(timezone=True)),
)


def _people(table: str) -> sa.TableClause:
    return sa.table(
        table,
        sa.column("person_id", sa.Integer),
        sa.column("network_slug", sa.String),
        sa.column("staff_note", sa.Text),
        sa.column("registered_at", sa.DateTime(timezone=True)),
    )


def _key(table: str) -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint("id", name=f"pk_{table}")


def _to(table: str, column: str, target: str, **options: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [target], name=f"fk_{table}_{column}", **options)


def upgrade() -> None:
    """Make the tables; the one note of each person becomes the first of many, its author and day not known."""
    _make_notes()
    _make_filters()
    _make_blocks()
    _make_mergers()
    with op.batch_alter_table("buddy_import") as table:
        table.add_column(sa.Column("kind", sa.String(40), nullable=False, server_default="buddy"))
        table.create_check_constraint(op.f("ck_buddy_import_listkind"), "kind IN ('buddy', 'newcomer')")


def _make_notes() -> None:
    op.create_table(
        "staff_note",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("person_id", sa.Integer, nullable=False),
        sa.Column("network_slug", sa.String(40), nullable=False),
        sa.Column("by_person_id", sa.Integer, nullable=True),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        _key("staff_note"),
        _to("staff_note", "person_id", "person.id", ondelete="RESTRICT"),
        _to("staff_note", "network_slug", "network.slug"),
        _to("staff_note", "by_person_id", "person.id"),
    )
    op.create_index("ix_staff_note_person_id", "staff_note", ["person_id"])
    op.create_index("ix_staff_note_network_slug", "staff_note", ["network_slug"])
    for who in map(_people, WHO):
        written = sa.select(who.c.person_id, who.c.network_slug, who.c.staff_note, who.c.registered_at)
        op.get_bind().execute(
            note.insert().from_select(
                ["person_id", "network_slug", "text", "at"], written.where(who.c.staff_note != "")
            )
        )
        op.drop_column(who.name, "staff_note")


def _make_filters() -> None:
    op.create_table(
        "saved_filter",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("person_id", sa.Integer, nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("query", sa.String(1000), nullable=False),
        sa.Column("is_start", sa.Boolean, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        _key("saved_filter"),
        sa.CheckConstraint("kind IN ('buddy', 'newcomer')", name=op.f("ck_saved_filter_listkind")),
        _to("saved_filter", "person_id", "person.id", ondelete="CASCADE"),
        sa.UniqueConstraint("person_id", "kind", "name", name="uq_saved_filter_person_id_kind_name"),
    )
    op.create_index("ix_saved_filter_person_id", "saved_filter", ["person_id"])
    only = sa.text("is_start")
    op.create_index(
        "uq_saved_filter_start", "saved_filter", ["person_id", "kind"], unique=True, sqlite_where=only,
        postgresql_where=only,
    )  # fmt: skip


def _make_blocks() -> None:
    op.create_table(
        "block",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("network_slug", sa.String(40), nullable=False),
        sa.Column("email_hash", sa.String(64), nullable=True),
        sa.Column("phone_hash", sa.String(64), nullable=True),
        sa.Column("reason", sa.String(40), nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("by_person_id", sa.Integer, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("review_on", sa.Date, nullable=False),
        sa.Column("lifted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lifted_by_id", sa.Integer, nullable=True),
        _key("block"),
        sa.CheckConstraint(
            "reason IN ('safety', 'rules', 'false', 'other')", name=op.f("ck_block_blockreason")
        ),
        _to("block", "network_slug", "network.slug"),
        _to("block", "by_person_id", "person.id"),
        _to("block", "lifted_by_id", "person.id"),
    )
    for column in ("network_slug", "email_hash", "phone_hash"):
        op.create_index(f"ix_block_{column}", "block", [column])
    op.create_table(
        "block_hit",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("block_id", sa.Integer, nullable=False),
        sa.Column("person_id", sa.Integer, nullable=False),
        sa.Column("network_slug", sa.String(40), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("outcome", sa.String(40), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by_id", sa.Integer, nullable=True),
        _key("block_hit"),
        sa.CheckConstraint("outcome IN ('refused', 'admitted')", name=op.f("ck_block_hit_hitoutcome")),
        _to("block_hit", "block_id", "block.id"),
        _to("block_hit", "person_id", "person.id", ondelete="CASCADE"),
        _to("block_hit", "network_slug", "network.slug"),
        _to("block_hit", "decided_by_id", "person.id"),
        sa.UniqueConstraint("person_id", name="uq_block_hit_person_id"),
    )
    op.create_index("ix_block_hit_block_id", "block_hit", ["block_id"])
    op.create_index("ix_block_hit_network_slug", "block_hit", ["network_slug"])


def _make_mergers() -> None:
    op.create_table(
        "merger",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("gone_id", sa.Integer, nullable=False),
        sa.Column("kept_id", sa.Integer, nullable=False),
        sa.Column("network_slug", sa.String(40), nullable=False),
        sa.Column("by_person_id", sa.Integer, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        _key("merger"),
        sa.CheckConstraint("kind IN ('buddy', 'newcomer')", name=op.f("ck_merger_listkind")),
        _to("merger", "network_slug", "network.slug"),
        _to("merger", "by_person_id", "person.id"),
        sa.UniqueConstraint("kind", "gone_id", name="uq_merger_kind_gone_id"),
    )
    op.create_index("ix_merger_network_slug", "merger", ["network_slug"])


def downgrade() -> None:
    """Drop the tables; the notes of a person become one again, and lists of newcomers, which it cannot hold, go."""
    for who in WHO:
        op.add_column(who, sa.Column("staff_note", sa.Text, nullable=False, server_default=""))
    connection = op.get_bind()
    texts: dict[int, list[str]] = {}
    for row in connection.execute(sa.select(note).order_by(note.c.at, note.c.id)):
        texts.setdefault(row.person_id, []).append(row.text)
    for person_id, lines in texts.items():
        for who in map(_people, WHO):
            one = who.update().where(who.c.person_id == person_id)
            connection.execute(one.values(staff_note="\n\n".join(lines)))
    connection.execute(sa.text("DELETE FROM buddy_import WHERE kind = 'newcomer'"))
    with op.batch_alter_table("buddy_import") as table:
        table.drop_constraint(op.f("ck_buddy_import_listkind"), type_="check")
        table.drop_column("kind")
    for table_name in ("merger", "block_hit", "block", "saved_filter", "staff_note"):
        op.drop_table(table_name)
