"""Backups: of one moment, closed to others, whole or refused, and kept as long as was said."""

import os
from contextlib import contextmanager
from datetime import timedelta
from threading import Event, Thread

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from app import db
from app.clock import now
from app.services import backups, forgetting
from app.services.backups import BadBackup, contents, envelope, rows
from tests.backups import KEY, SECRET, counted, make, restored, written
from tests.services.test_erasures import links

pytestmark = pytest.mark.usefixtures("quick_keys")


@contextmanager
def writing(engine):
    """Somebody who goes on adding two networks in one act, as long as it lasts."""
    stop, begun = Event(), Event()

    def work():
        number = 0
        while not stop.is_set():
            number += 1
            with engine.connect().execution_options(**{db.WRITE: True}) as connection, connection.begin():
                for table in ("shortage_note", "remark"):
                    connection.execute(text(f"INSERT INTO pair_{table} VALUES ({number})"))
            begun.set()

    with engine.begin() as connection:
        for table in ("shortage_note", "remark"):
            connection.execute(text(f"CREATE TABLE pair_{table} (number bigint)"))
    thread = Thread(target=work, daemon=True)
    thread.start()
    try:
        assert begun.wait(20)
        yield
    finally:
        stop.set()
        thread.join()


def pairs(path):
    counts = backups.check(path, key=KEY)
    return counts["pair_remark"], counts["pair_shortage_note"]


def test_a_backup_is_of_one_moment_while_people_write(full, tmp_path):
    with writing(full):
        for number in range(3):
            written(full, tmp_path / f"{number}.backup")
    found = [pairs(tmp_path / f"{number}.backup") for number in range(3)]
    assert all(one == other for one, other in found), found
    assert found[0][0] < found[2][0]


def test_without_one_moment_the_test_above_would_see_it(full, tmp_path, monkeypatch):
    @contextmanager
    def careless(engine):
        """Each statement sees what is there when it comes, as it would with no transaction around all of them."""
        with engine.connect() as connection:
            connection.begin()  # of PostgreSQL's own kind, READ COMMITTED
            if engine.dialect.name == "sqlite":
                connection.exec_driver_sql("COMMIT")
            yield connection

    slowly = rows.columns

    def columns(connection, table):
        if table == "pair_shortage_note":  # the second of the two
            Event().wait(0.2)
        return slowly(connection, table)

    monkeypatch.setattr(rows, "snapshot", careless)
    monkeypatch.setattr(contents, "columns", columns)
    with writing(full):
        written(full, tmp_path / "x.backup")
    one, other = pairs(tmp_path / "x.backup")
    assert one < other


def test_a_sealed_backup_shows_nothing_and_opens_for_its_key_only(full, tmp_path):
    path = tmp_path / "x.backup"
    with full.begin() as connection:
        connection.execute(text("UPDATE person SET full_name = 'Canary Kanarie'"))
    written(full, path)
    assert path.stat().st_mode & 0o777 == 0o600
    assert b"Canary" not in path.read_bytes()
    for key, words in (("", "sealed"), (KEY + "x", "another key"), ("short", "at least 20")):
        with pytest.raises(BadBackup, match=words):
            backups.check(path, key=key)


def test_a_poor_key_or_a_name_in_use_leaves_no_file(full, tmp_path):
    with pytest.raises(BadBackup, match="at least 20"):
        written(full, tmp_path / "x.backup", key="short")
    assert not list(tmp_path.glob("x*"))
    (tmp_path / "x.backup").write_text("kept")
    with pytest.raises(BadBackup, match="never overwrites"):
        written(full, tmp_path / "x.backup")
    assert (tmp_path / "x.backup").read_text() == "kept"


def test_what_is_written_badly_is_seen_at_once(full, tmp_path, monkeypatch):
    monkeypatch.setattr(contents, "write", lambda file, *_: file.write(b"nothing") and {})
    with pytest.raises(BadBackup):
        written(full, tmp_path / "x.backup")
    monkeypatch.setattr(contents, "write", lambda file, *_: {"person": 3})
    monkeypatch.setattr(backups, "check", lambda *_, **__: {"person": 2})
    with pytest.raises(BadBackup, match="not what was read"):
        written(full, tmp_path / "x.backup")
    assert not list(tmp_path.glob("x*"))


def test_a_database_without_tables_is_not_kept(place, tmp_path):
    with pytest.raises(BadBackup, match="nothing to keep"):
        written(place, tmp_path / "x.backup")


@pytest.fixture(scope="module")
def samples(tmp_path_factory):
    """A sealed and a plain backup of several pieces, made by hand."""
    folder = tmp_path_factory.mktemp("samples")
    make(f"sqlite:///{folder / 'full.sqlite3'}")
    engine = db.connect(f"sqlite:///{folder / 'full.sqlite3'}")
    before, envelope.PIECE = envelope.PIECE, 4000
    for name, key in (("sealed", KEY), ("plain", "")):
        written(engine, folder / name, key=key)
    yield folder
    envelope.PIECE = before
    engine.dispose()


@pytest.mark.parametrize("name", ["sealed", "plain"])
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_every_change_and_every_cut_is_seen(samples, name, data):
    """Another byte anywhere, an end that is missing, or two pieces of a sealed file the other way round."""
    whole = (samples / name).read_bytes()
    at = data.draw(st.integers(0, len(whole) - 1))
    if data.draw(st.booleans()):
        changed = whole[:at]
    else:
        changed = whole[:at] + bytes([whole[at] ^ data.draw(st.integers(1, 255))]) + whole[at + 1 :]
    bad = samples / "bad"
    bad.write_bytes(changed)
    with pytest.raises(BadBackup):
        backups.check(bad, key=KEY if name == "sealed" else "")


def test_with_a_key_nothing_unsealed_is_put_back(samples, place):
    """Who may write in the folder of the backups could put a database of their own there."""
    with pytest.raises(BadBackup, match="not sealed"):
        restored(place, samples / "plain")
    assert counted(place) == {}
    assert backups.restore(
        place, samples / "plain", key="", secret_key=SECRET, folder=samples
    ).counts == counted(place)  # fmt: skip


def test_pieces_in_another_order_are_seen(samples):
    whole = (samples / "sealed").read_bytes()
    start, size = len(envelope.SEALED) + envelope.SALT, 5 + 4000 + envelope.SEAL
    one, two = whole[start : start + size], whole[start + size : start + 2 * size]
    bad = samples / "bad"
    bad.write_bytes(whole[:start] + two + one + whole[start + 2 * size :])
    with pytest.raises(BadBackup, match="damaged"):
        backups.check(bad, key=KEY)


def half_done(folder, *, hours):
    """What a backup and a restore leave when they are killed, touched so many hours ago."""
    made = [folder / "half.backup.part", folder / "restoring-x" / "new.sqlite3"]
    made[1].parent.mkdir(exist_ok=True)
    at = (now() - timedelta(hours=hours)).timestamp()
    for path in (*made, made[1].parent):
        path.touch()
        os.utime(path, (at, at))
    return made


@pytest.mark.parametrize("act", ["write", "restore", "forget", "the night"])
def test_what_killed_work_left_is_swept_when_nobody_writes_to_it(site, tmp_path, act, place):
    written(db.engine(), tmp_path / "x.backup")
    acts = {
        "write": lambda: written(db.engine(), tmp_path / "y.backup"),
        "restore": lambda: restored(place, tmp_path / "x.backup", replace=True),
        "forget": lambda: backups.forget(tmp_path, days=35),
        "the night": lambda: forgetting.forget(links(), tmp_path),
    }
    for hours, kept in ((0, True), (2, False)):
        made = half_done(tmp_path, hours=hours)
        if act == "write":
            (tmp_path / "y.backup").unlink(missing_ok=True)
        acts[act]()
        assert [path.exists() for path in made] == [kept, kept]
    assert (tmp_path / "x.backup").exists()


def test_what_somebody_else_is_writing_is_left_alone(full, tmp_path):
    (tmp_path / "x.backup.part").write_text("half of another")
    with pytest.raises(BadBackup, match="being written"):
        written(full, tmp_path / "x.backup")
    assert (tmp_path / "x.backup.part").read_text() == "half of another"


def test_old_backups_are_removed(tmp_path):
    for name in ("old.backup", "new.backup", "old.txt"):
        (tmp_path / name).touch()
    for name in ("old.backup", "old.txt"):
        os.utime(tmp_path / name, (1, 1))
    assert backups.forget(tmp_path, days=35) == 1
    assert sorted(path.name for path in tmp_path.iterdir()) == ["new.backup", "old.txt"]
