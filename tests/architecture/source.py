"""The code of the project as syntax trees, for the rules that no import contract can hold."""

from __future__ import annotations

import ast
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Module:
    """One file of Python."""

    path: str

    @cached_property
    def text(self) -> str:
        return (ROOT / self.path).read_text(encoding="utf-8")

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text, self.path)

    @property
    def length(self) -> int:
        return self.text.count("\n")

    def nodes(self, *kinds: type) -> Iterator[ast.AST]:
        return (node for node in ast.walk(self.tree) if isinstance(node, kinds))

    def imported(self) -> Iterator[tuple[str, str]]:
        """(module, name) of each thing imported; the name is empty for `import module`."""
        for node in self.nodes(ast.Import, ast.ImportFrom):
            for alias in node.names:
                yield (alias.name, "") if isinstance(node, ast.Import) else (node.module or "", alias.name)


@cache
def files() -> tuple[str, ...]:
    """Every file of the project, as Git sees it, new ones included."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    found = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if found.returncode == 0:
        names = found.stdout.splitlines()
    else:  # a copy without its history
        names = [str(path.relative_to(ROOT)) for folder in FOLDERS for path in (ROOT / folder).rglob("*")]
    return tuple(sorted(name for name in set(names) if (ROOT / name).is_file() and "__pycache__" not in name))


FOLDERS = ("app", "matching", "migrations", "tests", "translations", "docs")


def modules(*folders: str) -> list[Module]:
    """The Python files in those folders."""
    return [Module(name) for name in files() if name.endswith(".py") and name.startswith(folders)]
