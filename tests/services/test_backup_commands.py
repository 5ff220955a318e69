"""`flask backup` and `flask restore`, as they are typed."""

import os
from dataclasses import replace
from datetime import timedelta

import pytest

from app import db
from app.clock import now, today
from app.db import transaction
from app.models import RetentionRule
from app.services import backups
from app.vocabulary.retention import RetentionKind
from tests import factories

KEY = "a key of more than twenty characters"
pytestmark = pytest.mark.usefixtures("quick_keys")


@pytest.fixture
def run(site, tmp_path, monkeypatch):
    monkeypatch.setitem(
        site.extensions, "settings", replace(site.extensions["settings"], data_dir=str(tmp_path))
    )

    def invoke(*words):
        done = site.test_cli_runner().invoke(args=list(map(str, words)))
        return done.exit_code, done.output

    return invoke


@pytest.fixture
def key_file(tmp_path):
    (tmp_path / "key").write_text(f"{KEY}\n")
    return tmp_path / "key"


def test_there_and_back(run, key_file, tmp_path):
    factories.person()
    code, said = run("backup", "--key-file", key_file, "--forget-days", 35)
    assert code == 0, said
    assert said.endswith("0 older backups are removed\n")
    (file,) = (tmp_path / "backups").glob("*.backup")
    assert run("backup", "--check", file, "--key-file", key_file)[0] == 0
    assert run("restore", file, "--key-file", key_file) == (
        1, "Error: There are people in this database: say --replace when all of it may be overwritten.\n",
    )  # fmt: skip
    code, said = run("restore", file, "--key-file", key_file, "--replace")
    assert code == 0, said
    assert "0 mails are held" in said
    assert "SECRET_KEY" not in said
    assert run("release-mail") == (0, "0 mails are on their way\n")


def test_older_ones_go_as_the_site_is_set_and_never_beside_a_file_of_ones_own(run, tmp_path):
    """The notice tells people for how long copies are kept."""
    (tmp_path / "backups").mkdir()
    kept = {}
    for folder, days in (
        (tmp_path, 400),
        (tmp_path / "backups", 9),
        (tmp_path / "backups", 11),
        (tmp_path / "backups", 36),
    ):
        kept[folder, days] = folder / f"{days}.backup"
        kept[folder, days].touch()
        made = (now() - timedelta(days=days)).timestamp()
        os.utime(kept[folder, days], (made, made))

    def left():
        return [days for (_folder, days), path in kept.items() if path.exists()]

    assert run("backup", "--unsealed", tmp_path / "x.backup")[0] == 0
    assert left() == [400, 9, 11, 36]
    assert run("backup", "--unsealed", "--forget-days", 100)[0] == 0
    assert left() == [400, 9, 11, 36]
    for path in (tmp_path / "backups").glob("samenspoor-*"):
        path.unlink()  # two within a second would have one name
    code, said = run("backup", "--unsealed")
    assert (code, left()) == (0, [400, 9, 11]), said
    with transaction() as inside:
        inside.add(RetentionRule(kind=RetentionKind.BACKUPS, since=today(), days=10))
    for path in (tmp_path / "backups").glob("samenspoor-*"):
        path.unlink()
    code, said = run("backup", "--unsealed")
    assert (code, left()) == (0, [400, 9]), said


def test_without_a_key_one_says_so(run, tmp_path):
    assert run("backup", tmp_path / "x")[0] == 1
    assert run("backup", tmp_path / "x", "--unsealed")[0] == 0
    assert run("backup", "--check", tmp_path / "x")[0] == 0
    assert run("backup", "--check") == (2, run("backup", "--check")[1])


def test_with_a_key_one_says_that_an_unsealed_file_is_trusted(run, key_file, tmp_path):
    assert run("backup", tmp_path / "x", "--unsealed")[0] == 0
    for words in (("backup", "--check", tmp_path / "x"), ("restore", tmp_path / "x")):
        code, said = run(*words, "--key-file", key_file)
        assert code == 1
        assert said.count("\n") == 1
        assert "say --unsealed" in said
        assert run(*words, "--key-file", key_file, "--unsealed")[0] == 0


def test_another_secret_is_told(run, site, tmp_path):
    file = tmp_path / "x.backup"
    backups.write(db.engine(), file, key="", secret_key="another")
    assert "SECRET_KEY is another one" in run("restore", file)[1]
