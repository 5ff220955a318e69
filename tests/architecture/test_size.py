"""How large things may grow, and what may not be left lying about."""

import ast
import re
import statistics

from tests.architecture.source import ROOT, Module, files, modules

LONGEST_MODULE = 400
LONGEST_FUNCTION = 60
UNFINISHED = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")
MACHINE = re.compile(r"(?<![\w.<])/(?:home|root|Users|work|opt|mnt)/\w")
LETTERS = (
    ".py",
    ".html",
    ".css",
    ".js",
    ".md",
    ".toml",
    ".cfg",
    ".in",
    ".po",
    ".pot",
    ".csv",
    ".txt",
    ".svg",
    ".typ",
)
# This file names what it forbids.
OWN = "tests/architecture/test_size.py"


def lengths() -> list[tuple[int, str]]:
    """(lines, name) of each function, its decorators and docstring not counted."""
    return sorted(
        (body_lines(node), f"{module.path}: {node.name}")
        for module in modules("app", "matching", "migrations", "tests")
        for node in module.nodes(ast.FunctionDef, ast.AsyncFunctionDef)
    )


def body_lines(node: ast.FunctionDef) -> int:
    """How many lines a function has from its name to its end, without its docstring."""
    words = ast.get_docstring(node, clean=False)
    return (node.end_lineno or node.lineno) - node.lineno + 1 - (words.count("\n") + 1 if words else 0)


def code() -> list[Module]:
    """The modules of the product."""
    return modules("app", "matching", "wsgi.py")


def too_long(found: list[Module]) -> list[str]:
    """Those that should be split, with their lengths."""
    return [f"{item.path}: {item.length}" for item in found if item.length > LONGEST_MODULE]


def test_no_module_is_too_long():
    assert not too_long(modules("app", "matching", "migrations", "tests"))


def test_a_test_module_that_is_too_long_would_be_seen(tmp_path, monkeypatch):
    """The negative control, by one line."""
    monkeypatch.setattr("tests.architecture.source.ROOT", tmp_path)
    for lines in (LONGEST_MODULE, LONGEST_MODULE + 1):
        (tmp_path / f"test_{lines}.py").write_text("x = 1\n" * lines)
    found = [Module(f"test_{lines}.py") for lines in (LONGEST_MODULE, LONGEST_MODULE + 1)]
    assert too_long(found) == ["test_401.py: 401"]


def test_most_modules_are_short():
    sizes = sorted(module.length for module in code() if module.length > 3)
    assert statistics.median(sizes) <= 120
    assert sizes[len(sizes) * 9 // 10] <= 250


def test_no_function_is_too_long():
    assert not [f"{name}: {lines}" for lines, name in lengths() if lines > LONGEST_FUNCTION and is_code(name)]


def is_code(name: str) -> bool:
    """The steps of a migration are lists of columns; the rest is code."""
    return not name.startswith("migrations/versions/")


def test_most_functions_are_short():
    sizes = [lines for lines, name in lengths() if name.startswith(("app/", "matching/"))]
    assert statistics.median(sizes) <= 10
    assert sizes[len(sizes) * 9 // 10] <= 30


def test_nothing_is_left_unfinished():
    found = [
        name for name in files() if name.endswith(LETTERS) and name != OWN and UNFINISHED.search(read(name))
    ]
    assert not found


def test_no_path_of_a_machine():
    found = [
        name for name in files() if name.endswith(LETTERS) and name != OWN and MACHINE.search(read(name))
    ]
    assert not found


def read(name: str) -> str:
    """The text of a file of the project."""
    return (ROOT / name).read_text(encoding="utf-8")
