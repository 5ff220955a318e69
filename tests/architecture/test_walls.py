"""What may know what: the import contracts of pyproject.toml, and the walls that only syntax trees show."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.source import ROOT, files, modules

WEB_ONLY = {"request", "session", "current_user", "flash", "redirect"}
DRAWERS = {
    "utils",
    "util",
    "helpers",
    "helper",
    "common",
    "misc",
    "shared",
    "base_utils",
    "tools",
    "stuff",
    "lib",
}
OURS = {"app", "migrations", "tests", "wsgi"}


def test_imports_go_down_only():
    program = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([program], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "5 kept, 0 broken" in done.stdout


def test_a_commit_is_written_in_one_place():
    places = {
        module.path
        for module in modules("app", "matching", "migrations")
        for node in module.nodes(ast.Call)
        if isinstance(node.func, ast.Attribute) and node.func.attr == "commit"
    }
    assert places == {"app/db.py"}


def test_only_the_web_layer_knows_the_request():
    found = [
        f"{module.path}: {name}"
        for module in modules("app")
        if not module.path.startswith("app/web/")
        for source, name in module.imported()
        if source in {"flask", "flask_login"} and name in WEB_ONLY
    ]
    assert not found


def test_the_matcher_takes_values_and_gives_values():
    found = [
        f"{module.path}: {source}"
        for module in modules("matching")
        for source, _ in module.imported()
        if source.split(".")[0] in OURS
    ]
    assert not found


def test_one_door_into_the_matcher():
    doors = {
        module.path
        for module in modules("app")
        for source, _ in module.imported()
        if source.split(".")[0] == "matching"
    }
    assert doors <= {
        "app/services/matchmaking/__init__.py",
        "app/services/matchmaking/activities.py",
        "app/services/matchmaking/around.py",
        "app/reference/folding.py",
    }


@pytest.mark.parametrize("folder", ["app", "matching", "tests", "migrations"])
def test_no_drawer_for_odds_and_ends(folder):
    found = [name for name in files() if name.startswith(f"{folder}/") and DRAWERS & set(name_parts(name))]
    assert not found


def name_parts(name: str) -> list[str]:
    """The folders of a path and its file name without ending."""
    path = Path(name)
    return [*path.parent.parts, path.stem]


def test_the_top_level_holds_what_it_holds():
    top = {name.split("/")[0] for name in files()}
    assert top <= {
        ".ci", ".gitattributes", ".gitignore", "LICENSE", "Makefile", "README.md", "SECURITY.md", "app", "docs", "matching", "migrations",
        "pyproject.toml", "requirements.in", "requirements.txt", "tests", "translations", "wsgi.py",
    }  # fmt: skip
