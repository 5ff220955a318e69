"""Publishing: approved pairs are told together, some minutes later, and a plan can be taken back until then.

Pairs that were approved before this step were told at once.

Revision ID: 0014
Revises: 0013
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
proposal = sa.table(
    "proposal", sa.column("state", sa.String), sa.column("told_at", INSTANT), sa.column("decided_at", INSTANT)
)


def upgrade() -> None:
    """Add the instants of telling and of taking back."""
    op.add_column("run", sa.Column("undone_at", INSTANT, nullable=True))
    op.add_column("run", sa.Column("replaced", sa.JSON, nullable=False, server_default="[]"))
    op.add_column("proposal", sa.Column("tell_at", INSTANT, nullable=True))
    op.add_column("proposal", sa.Column("told_at", INSTANT, nullable=True))
    op.create_index("ix_proposal_tell_at", "proposal", ["tell_at"])
    op.get_bind().execute(
        proposal.update().where(proposal.c.state == "approved").values(told_at=proposal.c.decided_at)
    )


def downgrade() -> None:
    """Drop them; who was told is known by the duo."""
    op.drop_index("ix_proposal_tell_at", "proposal")
    for table, column in (
        ("proposal", "told_at"),
        ("proposal", "tell_at"),
        ("run", "replaced"),
        ("run", "undone_at"),
    ):
        op.drop_column(table, column)
