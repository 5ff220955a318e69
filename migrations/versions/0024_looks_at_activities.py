"""How often activities are shown and opened, and the mark of their text for the database to compare.

Revision ID: 0024
Revises: 0023
"""

from __future__ import annotations

import hashlib

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

AT_ONCE = 500
UNJUDGED = sa.text("state = 'published' AND (dutch_spoken IS NULL OR people_met IS NULL)")

offer = sa.table(
    "offer",
    sa.column("id", sa.Integer),
    *(sa.column(name, sa.Text) for name in ("words_language", "title", "words", "kept_mark")),
)


def upgrade() -> None:
    """Make the table, and keep the mark of every text as app/models/offers.py made it on the day of this step."""
    op.create_table(
        "offer_look",
        sa.Column("offer_id", sa.Integer, nullable=False),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("shown", sa.Integer, nullable=False),
        sa.Column("opened", sa.Integer, nullable=False),
        sa.CheckConstraint("shown >= 0 AND opened >= 0", name=op.f("ck_offer_look_counts")),
        sa.ForeignKeyConstraint(
            ["offer_id"], ["offer.id"], name="fk_offer_look_offer_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("offer_id", "day", name="pk_offer_look"),
    )
    op.create_index("ix_offer_look_day", "offer_look", ["day"])
    op.create_index(
        "ix_offer_unjudged", "offer", ["network_slug"], sqlite_where=UNJUDGED, postgresql_where=UNJUDGED
    )
    op.add_column("offer", sa.Column("kept_mark", sa.String(64), nullable=False, server_default=""))
    _keep_marks()


def _keep_marks() -> None:
    keep = offer.update().where(offer.c.id == sa.bindparam("key")).values(kept_mark=sa.bindparam("mark"))
    last, connection = 0, op.get_bind()
    some = sa.select(offer.c.id, offer.c.words_language, offer.c.title, offer.c.words).order_by(offer.c.id)
    while found := connection.execute(some.where(offer.c.id > last).limit(AT_ONCE)).all():
        connection.execute(keep, [{"key": key, "mark": _mark(*words)} for key, *words in found])
        last = found[-1][0]


def _mark(language: str, title: str, words: str) -> str:
    return hashlib.sha256(f"{language}\0{title}\0{words}".encode()).hexdigest()


def downgrade() -> None:
    op.drop_index("ix_offer_unjudged", "offer")
    op.drop_column("offer", "kept_mark")
    op.drop_table("offer_look")
