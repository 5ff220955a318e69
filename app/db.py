"""Engine, session and transaction(): the only place where a commit is written.

Reads and writes of one request share one session. A write starts a new database transaction, so that it
never decides on what an earlier read saw: `BEGIN IMMEDIATE` on SQLite, row locks by `lock()` on PostgreSQL.
"""

import fcntl
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, DateTime, Dialect, Engine, MetaData, create_engine, event, func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.types import TypeDecorator

BUSY_SECONDS = 15
LOCK_SECONDS = 15  # the same on PostgreSQL, for who answers people
POOL_SECONDS = 3  # until a connection is free, for who answers people
PATIENT_SECONDS = 30  # the same for everybody else
CONNECT_SECONDS = 5
WRITE = "samenspoor_write"
INSIDE = "inside"


class UtcDateTime(TypeDecorator[datetime]):
    """An instant: aware in Python, UTC in the database (SQLite keeps no zone)."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs its time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return (
            None
            if value is None
            else value.replace(tzinfo=UTC)
            if value.tzinfo is None
            else value.astimezone(UTC)
        )


class Base(DeclarativeBase):
    """The mother of all tables; constraint names follow one convention so that migrations can name them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_N_label)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


_engine: Engine | None = None
_current: ContextVar[Session | None] = ContextVar("session", default=None)


def connect(url: str, *, at_work: bool = False) -> Engine:
    """Make an engine for that address with the pragmas and the kind of BEGIN that our guarantees need.

    `at_work` is for a site that people use: it gives up soon when no connection is free or a row is held for long, and what
    was acknowledged outlives a power cut, as PostgreSQL sees to by itself.
    """
    wait = POOL_SECONDS if at_work else PATIENT_SECONDS
    if not url.startswith("sqlite"):
        engine = create_engine(
            url, pool_pre_ping=True, pool_size=10, max_overflow=10, pool_timeout=wait,
            connect_args={"connect_timeout": CONNECT_SECONDS},
        )  # fmt: skip
        if at_work:
            event.listen(engine, "connect", _wait_no_longer)
        return engine
    # An open file costs little, and who has to wait for one among twenty that ask again and again may wait for long.
    engine = create_engine(
        url, connect_args={"timeout": BUSY_SECONDS}, pool_size=10, max_overflow=20, pool_timeout=wait
    )

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # the driver's own BEGIN would come too late for IMMEDIATE
        # secure_delete: what was erased does not stay readable in the free space of the file.
        synchronous = f"synchronous={'FULL' if at_work else 'NORMAL'}"
        for pragma in ("journal_mode=WAL", "foreign_keys=ON", synchronous, "secure_delete=ON"):
            connection.execute(f"PRAGMA {pragma}")
        # PostgreSQL has it; with it both sort names by the reader's alphabet.
        connection.create_function("translate", 3, _translate, deterministic=True)

    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:
        writing = connection.get_execution_options().get(WRITE)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")

    return engine


def _wait_no_longer(connection: Any, _record: Any) -> None:
    """Refuse to wait for long for a row that somebody holds; PostgreSQL would wait for ever."""
    connection.autocommit = True
    connection.execute(f"SET lock_timeout = {round(LOCK_SECONDS * 1000)}")
    connection.autocommit = False


def _translate(text: str | None, letters: str, others: str) -> str | None:
    return None if text is None else text.translate(_exchange(letters, others))


@lru_cache(maxsize=32)
def _exchange(letters: str, others: str) -> dict[int, int]:
    return str.maketrans(letters, others)


def bind(engine: Engine | None) -> None:
    """Let sessions of this process use that engine; an earlier one is let go."""
    global _engine
    release()
    if _engine is not None and _engine is not engine:
        _engine.dispose()
    _engine = engine


@contextmanager
def using(engine: Engine) -> Iterator[None]:
    """Let sessions use that engine inside, and the one of before afterwards."""
    global _engine
    release()
    before, _engine = _engine, engine
    try:
        yield
    finally:
        release()
        _engine = before


@contextmanager
def inside(connection: Connection) -> Iterator[None]:
    """Let sessions work inside the transaction of that connection: what they store is there when it is, or not at all.

    Nothing is safely stored before that, so nothing of after_commit() runs.
    """
    release()
    _current.set(Session(connection, join_transaction_mode="create_savepoint", info={INSIDE: True}))
    try:
        yield
    finally:
        release()


def engine() -> Engine:
    """The engine in use. Raises RuntimeError before the application is built."""
    if _engine is None:
        raise RuntimeError("no database is bound")
    return _engine


def session() -> Session:
    """The session of this request, job or command; opened at first use, closed by release()."""
    current = _current.get()
    if current is None:
        current = Session(engine())
        _current.set(current)
    return current


def release() -> None:
    """Close the session of this request, job or command.

    Nothing is stored here any more: a server that went away meanwhile takes nothing from an answer that is made.
    """
    current = _current.get()
    if current is None:
        return
    _current.set(None)
    try:
        current.close()
    except SQLAlchemyError:
        current.invalidate()


@contextmanager
def transaction() -> Iterator[Session]:
    """One use-case: everything inside happens, or nothing. A use-case called by another joins its transaction."""
    current = session()
    if current.info.get(WRITE):
        yield current
        return
    current.rollback()  # ends the snapshot of earlier reads
    current.info[WRITE] = True
    current.info["after_commit"] = []
    current.info["before_commit"] = {}
    try:
        current.connection(execution_options={WRITE: True})
        yield current
        for last, keys in current.info["before_commit"].items():
            last(keys)
        current.commit()
        calls = [] if INSIDE in current.info else current.info["after_commit"]
    except BaseException:
        current.rollback()
        raise
    finally:
        current.info.pop(WRITE, None)
        current.info.pop("after_commit", None)
        current.info.pop("before_commit", None)
    for call in calls:
        call()


def before_commit(call: Callable[[set[int]], object], key: int) -> None:
    """Run `call` once as the last act of the transaction under way, with all the keys that were named for it."""
    current = session()
    if WRITE not in current.info:
        raise RuntimeError("before_commit() belongs inside transaction()")
    current.info["before_commit"].setdefault(call, set()).add(key)


def after_commit(call: Callable[[], object]) -> None:
    """Run `call` once when the transaction under way is safely stored, never when it is rolled back."""
    current = session()
    if WRITE not in current.info:
        raise RuntimeError("after_commit() belongs inside transaction()")
    if call not in current.info["after_commit"]:
        current.info["after_commit"].append(call)


def empty_log() -> None:
    """Let the file of an embedded database take over its write-ahead log, so that what was erased is not in there either.

    PostgreSQL keeps its own logs; docs/privacy.md says for how long.
    """
    if engine().dialect.name == "sqlite":
        with engine().connect() as connection:
            connection.exec_driver_sql("ROLLBACK")
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
            connection.exec_driver_sql("BEGIN")


def lock(model: type[Base], key: object) -> None:
    """Hold the row of a person or network until this transaction ends, so that what concerns it happens in turn.

    SQLite has one writer at a time and needs no more than the write transaction; PostgreSQL takes FOR UPDATE.
    """
    current = session()
    if not current.info.get(WRITE):
        raise RuntimeError("lock() belongs inside transaction()")
    if current.get_bind().dialect.name == "sqlite":
        return
    primary_key = next(iter(model.__table__.primary_key))
    current.execute(select(primary_key).where(primary_key == key).with_for_update())


@contextmanager
def only_one(work: str) -> Iterator[bool]:
    """Tell whether nobody else who uses this database is at that work; then nobody is until this ends.

    Held by the process and outside any transaction, for work that takes long: who is killed holds nothing any more.
    """
    bound = engine()
    if bound.dialect.name == "sqlite":
        with open(f"{bound.url.database}.{work}", "w", encoding="ascii") as file:  # noqa: PTH123 - may be a relative address
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                yield False
            else:
                yield True
        return
    key = zlib.crc32(work.encode())
    with bound.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        mine = bool(connection.scalar(select(func.pg_try_advisory_lock(key))))
        try:
            yield mine
        finally:
            with suppress(SQLAlchemyError):  # a server that went away has let go of it
                if mine:
                    connection.scalar(select(func.pg_advisory_unlock(key)))
