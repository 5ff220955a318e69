"""The kernels compiled on first need, with their machine code kept on disk.

Small inputs never come here: `run` decides by the amount of work, on the input alone, and both ways give the
same integers because they are the same functions.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from types import FunctionType, ModuleType
from typing import Any

from matching import ends, kernels, solver

SCAN = (
    "beyond", "shares_more", "squares_of", "availability_of", "language_of", "score_at_least", "is_past",
    "worse", "swap", "keep", "fitting", "scan_row", "scan_rows",
)  # fmt: skip
"""The functions of `kernels` in the order in which they call each other."""
OPTIONS: dict[str, Any] = {"nogil": True, "_nrt": False}


def _compile(module: ModuleType, names: tuple[str, ...]) -> dict[str, Any]:
    """Compile functions of a module that call each other; the last named are the ones to call.

    numba keeps machine code beside the source or, when that cannot be written, in the user's cache folder or
    in NUMBA_CACHE_DIR; where nothing at all can be written it compiles for this process only. The kernels
    allocate nothing, so they go without reference counts (_nrt), which would cost ten times the work.
    """
    import numba  # noqa: PLC0415 - a small run never loads the compiler

    scope = dict(vars(module))
    for name in names:
        source = scope[name]
        copy = FunctionType(source.__code__, scope, name)
        copy.__qualname__, copy.__module__ = source.__qualname__, source.__module__
        try:
            scope[name] = numba.njit(cache=True, **OPTIONS)(copy)
        except RuntimeError:
            scope[name] = numba.njit(**OPTIONS)(copy)
    return scope


@lru_cache(maxsize=1)
def scan_rows() -> Callable[..., None]:
    """The compiled `kernels.scan_rows`."""
    return _compile(kernels, SCAN)["scan_rows"]  # type: ignore[no-any-return]


@lru_cache(maxsize=1)
def solver_functions() -> dict[str, Callable[..., Any]]:
    """The compiled functions of `solver` and `ends` by name."""
    return {**_compile(solver, solver.FUNCTIONS), **_compile(ends, ends.FUNCTIONS)}


def plain(function: Callable[..., Any]) -> Callable[..., Any]:
    """A kernel as it stands, to be run on lists; the types of its arrays are not asked for."""
    return function


def as_lists(arrays: Any) -> Any:
    """A named tuple of arrays as one of lists: plain Python reads lists several times faster."""
    return type(arrays)(*(item.tolist() if hasattr(item, "tolist") else item for item in arrays))


def warm_up() -> None:
    """Compile (or load from disk) everything that a large run needs, on a tiny population."""
    import sklearn.neighbors  # noqa: F401, PLC0415 - as above

    from matching.assignment import assign  # noqa: PLC0415 - these import this module
    from matching.population import AS_OF, generate  # noqa: PLC0415

    newcomers, buddies = generate(newcomers=6, buddies=4, seed=1)
    assign(newcomers, buddies, as_of=AS_OF, compiled_too=True)
