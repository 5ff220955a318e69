"""What was measured on each kind of database, told in one row of the table."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from tests.soak.served import KINDS, Served, served


class Figure(Protocol):
    """What was measured once."""

    def words(self) -> str:
        """The figures in words."""

    def kept(self) -> bool:
        """Whether all of it is within the bar."""


@dataclass(frozen=True)
class Several:
    """Figures of one measurement, each with the name of what it is of."""

    found: Mapping[str, Figure]

    def words(self) -> str:
        """All of them, each after its name."""
        return ", ".join(f"{name}: {one.words()}" for name, one in self.found.items())

    def kept(self) -> bool:
        """Whether all are within the bar."""
        return all(one.kept() for one in self.found.values())


def together(found: Mapping[str, Figure]) -> tuple[str, bool]:
    """All figures in words, each after its name, and whether all are within the bar."""
    words = "; ".join(f"{name}: {one.words()}" for name, one in found.items())
    return words, all(one.kept() for one in found.values())


def on_each(measured: Callable[[str, Path], Figure]) -> tuple[str, bool]:
    """Measure in a folder for each kind of database, given with its name (KINDS), and tell them together."""
    with tempfile.TemporaryDirectory() as folder:
        return together({kind: measured(kind, Path(folder) / kind) for kind in KINDS})


def on_a_site(measured: Callable[[Served], Figure]) -> tuple[str, bool]:
    """Measure on a served site on each kind of database, and tell them together."""

    def served_alone(kind: str, folder: Path) -> Figure:
        with served(kind, folder) as site:
            return measured(site)

    return on_each(served_alone)
