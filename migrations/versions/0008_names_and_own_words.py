"""Names in the reader's order and in Latin letters, how an agreement was asked, the language of a contact's note.

Revision ID: 0008
Revises: 0007
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from app.reference.sorting import order_key

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

AT_ONCE = 5_000
person = sa.table(
    "person", sa.column("id", sa.Integer), sa.column("full_name"), sa.column("sort_key", sa.Text)
)


def upgrade() -> None:
    """Add the columns, and give everybody who is there a key to be sorted by."""
    op.add_column("person", sa.Column("latin_name", sa.String(200), nullable=False, server_default=""))
    op.add_column("person", sa.Column("sort_key", sa.Text, nullable=False, server_default=""))
    op.add_column("consent", sa.Column("spoken", sa.String(35), nullable=True))
    op.add_column("consent", sa.Column("asked_aloud", sa.Boolean, nullable=False, server_default=sa.false()))
    op.add_column("hour_entry", sa.Column("contact_note_language", sa.String(35), nullable=True))
    op.create_index("ix_newcomer_helped_by_id", "newcomer", ["helped_by_id"])
    keep = person.update().where(person.c.id == sa.bindparam("key")).values(sort_key=sa.bindparam("kept"))
    last = 0
    while found := _after(last):
        op.get_bind().execute(keep, [{"key": key, "kept": order_key(name)} for key, name in found])
        last = found[-1][0]


def _after(last: int) -> list[tuple[int, str]]:
    some = sa.select(person.c.id, person.c.full_name).where(person.c.id > last).order_by(person.c.id)
    return [(row[0], row[1]) for row in op.get_bind().execute(some.limit(AT_ONCE))]


def downgrade() -> None:
    """Drop the columns."""
    op.drop_index("ix_newcomer_helped_by_id", "newcomer")
    op.drop_column("hour_entry", "contact_note_language")
    op.drop_column("consent", "asked_aloud")
    op.drop_column("consent", "spoken")
    op.drop_column("person", "sort_key")
    op.drop_column("person", "latin_name")
