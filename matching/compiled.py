"""The kernels compiled on first need, with their machine code kept on disk.

Small inputs never come here: who calls decides by the amount of work, on the input alone, and both ways give the
same integers because they are the same functions.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from types import FunctionType, ModuleType
from typing import Any

import numpy as np

from matching import auction, edges, ends, heap, kernels, scan, solver

OPTIONS: dict[str, Any] = {"nogil": True, "_nrt": False}


def _compile(modules: tuple[ModuleType, ...], names: tuple[str, ...]) -> dict[str, Any]:
    """Compile functions of some modules that call each other; the last named are the ones to call.

    numba keeps machine code beside the source or, when that cannot be written, in the user's cache folder or
    in NUMBA_CACHE_DIR; where nothing at all can be written it compiles for this process only. The kernels
    allocate nothing, so they go without reference counts (_nrt), which would cost ten times the work.
    """
    import numba  # noqa: PLC0415 - a small run never loads the compiler

    scope = {name: value for module in modules for name, value in vars(module).items()}
    for name in names:
        source = scope[name]
        copy = FunctionType(source.__code__, scope, name)
        copy.__qualname__, copy.__module__ = source.__qualname__, source.__module__
        try:
            scope[name] = numba.njit(cache=True, **OPTIONS)(copy)
        except RuntimeError:
            scope[name] = numba.njit(**OPTIONS)(copy)
    return {name: scope[name] for name in names}


@lru_cache(maxsize=1)
def functions() -> dict[str, Callable[..., Any]]:
    """The compiled functions by name."""
    return {
        **_compile((kernels, scan), scan.FUNCTIONS),
        **_compile((heap, solver), solver.FUNCTIONS),
        **_compile((heap, solver, ends), ends.FUNCTIONS),
        **_compile((auction,), auction.FUNCTIONS),
        **_compile((edges,), edges.FUNCTIONS),
    }


def call(function: Callable[..., Any], plain: bool, *arguments: Any) -> Any:
    """Call a kernel as plain Python or compiled; either way what it writes is in the arrays afterwards."""
    if not plain:
        return functions()[function.__name__](*arguments)
    lists = [_as_lists(item) for item in arguments]
    done = function(*lists)
    for array, items in zip(arguments, lists, strict=True):
        _write_back(array, items)
    return done


def _as_lists(item: Any) -> Any:
    """Arrays as lists, also inside named tuples: plain Python reads lists several times faster."""
    if isinstance(item, tuple):
        return type(item)(*map(_as_lists, item))
    return item.tolist() if isinstance(item, np.ndarray) else item


def _write_back(array: Any, items: Any) -> None:
    if isinstance(array, tuple):
        for one, other in zip(array, items, strict=True):
            _write_back(one, other)
    elif isinstance(array, np.ndarray) and array.flags.writeable:
        array[:] = items
