"""Compiling ahead of time what a large run needs."""

from __future__ import annotations

from matching.assignment import assign
from matching.population import AS_OF, generate


def warm_up() -> None:
    """Compile (or load from disk) everything that a large run needs, on a tiny population."""
    newcomers, buddies = generate(newcomers=6, buddies=4, seed=1)
    assign(newcomers, buddies, as_of=AS_OF, compiled_too=True)
