"""Machine code is made once, also for an install that nobody may write to, and never while a page waits."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import matching

PACKAGE = Path(matching.__file__).parent
ROOT = PACKAGE.parent
SCRIPT = """
import numpy as np
from matching import compiled, scan
beyond = compiled._compile((scan,), ("beyond",))["beyond"]
assert beyond(np.array([5, 3, 1]), 0, 3, 2) == 2
stats = beyond.stats
print(compiled.__file__, sum(stats.cache_hits.values()), sum(stats.cache_misses.values()))
"""
PAGES = """
import importlib, pkgutil, sys
import app, wsgi
from app.extensions import queue
from app.services import matchmaking

for module in pkgutil.walk_packages(app.__path__, "app."):
    importlib.import_module(module.name)
page = wsgi.application.test_client().get("/")
assert page.status_code in (200, 302), page.status_code
assert queue.huey._startup["warm_up"] is matchmaking.warm_up
print([name for name in ("numba", "llvmlite", "sklearn", "ortools", "highspy", "matching.bench.peers") if name in sys.modules])
"""


@pytest.fixture
def installed(tmp_path):
    """A copy of the package that cannot be written to.

    For root no folder is closed; so a file also stands where the folder of machine code would be.
    """
    copy = tmp_path / "install" / "matching"
    shutil.copytree(PACKAGE, copy, ignore=shutil.ignore_patterns("__pycache__"))
    (copy / "__pycache__").write_text("", encoding="utf-8")
    folders = [copy, *(path for path in copy.rglob("*") if path.is_dir())]
    for folder in folders:
        folder.chmod(0o555)
    yield copy
    for folder in folders:
        folder.chmod(0o755)


def run(installed, **settings):
    """Use a kernel in a process of its own: which file it came from, code loaded from disk, code made."""
    kept = {
        name: text for name, text in os.environ.items() if name not in {"NUMBA_CACHE_DIR", "XDG_CACHE_HOME"}
    }
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT], cwd=installed.parent, capture_output=True, text=True, check=True,
        env={**kept, **settings},
    )  # fmt: skip
    assert done.stderr == ""
    file, hits, misses = done.stdout.rsplit(maxsplit=2)
    assert file == str(installed / "compiled.py")
    return int(hits), int(misses)


def code_in(folder):
    return sorted(path.suffix for path in folder.rglob("*.nb[ci]"))


def test_a_read_only_install_keeps_its_code_in_the_cache_of_the_user(installed, tmp_path):
    home = tmp_path / "home"
    home.mkdir()
    where = {"HOME": str(home)}
    assert run(installed, **where) == (0, 1)
    assert run(installed, **where) == (1, 0)
    assert code_in(home) == [".nbc", ".nbi"]
    assert code_in(installed) == []


def test_a_read_only_install_keeps_its_code_where_it_is_told_to(installed, tmp_path):
    where = {"NUMBA_CACHE_DIR": str(tmp_path / "code"), "HOME": "/proc"}
    assert run(installed, **where) == (0, 1)
    assert run(installed, **where) == (1, 0)
    assert code_in(tmp_path / "code") == [".nbc", ".nbi"]
    assert code_in(installed) == []


def test_where_nothing_can_be_written_it_is_made_for_the_process(installed):
    where = {"HOME": "/proc"}
    assert run(installed, **where) == (0, 1)
    assert run(installed, **where) == (0, 1)


def test_no_page_loads_the_compiler_and_the_worker_does_at_its_start(tmp_path):
    clean = {name: text for name, text in os.environ.items() if name in {"PATH", "HOME", "LANG"}}
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", PAGES], cwd=ROOT, capture_output=True, text=True, check=False,
        env={**clean, "DATA_DIR": str(tmp_path)},
    )  # fmt: skip
    assert done.stdout.splitlines()[-1:] == ["[]"], done.stderr


def test_a_source_that_changed_is_made_anew(installed, tmp_path):
    where = {"NUMBA_CACHE_DIR": str(tmp_path / "code")}
    assert run(installed, **where) == (0, 1)
    source = installed / "scan.py"
    source.write_text(source.read_text(encoding="utf-8") + "\n# another version\n", encoding="utf-8")
    assert run(installed, **where) == (0, 1)
