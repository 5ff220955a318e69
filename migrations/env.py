"""How Alembic reaches the database: on the connection it is given, else on the one of the settings."""

from __future__ import annotations

from typing import Literal

from alembic import context
from sqlalchemy import Connection

from app import models  # noqa: F401 - the tables register themselves
from app.config import Settings
from app.db import Base, UtcDateTime, connect


def plain(kind: str, item: object, _context: object) -> str | Literal[False]:
    """Write our own kinds of columns in Alembic's words, so that a step imports nothing of ours."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(item, UtcDateTime) else False


def migrate(connection: Connection) -> None:
    """Run what Alembic was asked for; whoever gave the connection owns the transaction, if it has one."""
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=connection.dialect.name == "sqlite",
        render_item=plain,
        compare_type=True,
        transaction_per_migration=False,
    )
    with context.begin_transaction():
        context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    migrate(given)
else:
    # `alembic revision --autogenerate` and the like, typed by a developer.
    with connect(Settings.from_environment().database).connect() as own:
        migrate(own)
