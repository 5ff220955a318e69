"""Backups of a database with rows in every table, and what stands in it before and after."""

from sqlalchemy import text

from app import db, schema
from app.services import backups
from app.services.backups import rows
from tests.migrations import rows as example

KEY = "a key of more than twenty characters"
SECRET = "the secret of the site"


def make(url):
    engine = db.connect(url)
    schema.upgrade(engine)
    with engine.begin() as connection:
        example.fill(connection, count=3)
    engine.dispose()


def written(engine, path, key=KEY):
    return backups.write(engine, path, key=key, secret_key=SECRET)


def restored(engine, path, **other):
    return backups.restore(engine, path, key=KEY, secret_key=SECRET, folder=path.parent, **other)


def everything(engine):
    """Every row of every table in the common form, without what a restore changes on purpose."""
    found = {}
    with rows.snapshot(engine) as seen:
        for name in rows.tables(seen):
            names = sorted(rows.columns(seen, name))
            if name not in ("sign_in", "message"):
                found[name] = sorted(str(row) for row in rows.rows_of(seen, name, names))
    return found


def counted(engine):
    with engine.connect() as connection:
        return {
            name: connection.execute(text(f'SELECT count(*) FROM "{name}"')).scalar_one()
            for name in rows.tables(connection)
        }
