"""Spreading one scan over blocks of rows: on threads, or wherever `joblib.parallel_config` says.

What all blocks need travels as plain arrays, each an argument of its own, so that a backend of several processes
or machines can send it once to each of them and not with every block.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, TypeVar

import numpy as np
from joblib import Parallel, delayed, effective_n_jobs, parallel_config

BLOCKS_PER_WORKER = 8
"""More than one, so that nobody waits long for the slowest."""
Part = TypeVar("Part")


def blocks_wanted() -> int:
    """How many blocks keep everybody busy who works for us now."""
    with parallel_config(prefer="threads"):
        return BLOCKS_PER_WORKER * int(effective_n_jobs(-1))


def spread(
    work: Callable[..., Part], blocks: Sequence[tuple[Any, ...]], shared: Sequence[NamedTuple]
) -> list[Part]:
    """`work(*block, *shared)` for every block, in their order; one block alone is done here.

    `blocks` holds what is of one block only; `shared` are named tuples of arrays and numbers.
    """
    if len(blocks) == 1:
        return [work(*block, *shared) for block in blocks]
    kinds = [type(item) for item in shared]
    flat = [value for item in shared for value in item]
    done: list[Part] = Parallel(n_jobs=-1, prefer="threads")(
        delayed(_on_block)(work, block, kinds, *flat) for block in blocks
    )
    return done


def _on_block(
    work: Callable[..., Part], block: tuple[Any, ...], kinds: Sequence[type[Any]], *flat: Any
) -> Part:
    """Put the shared tuples together again and work.

    What came from elsewhere may be closed for writing; compiled code is made for arrays that are open.
    """
    given = iter([_open(value) for value in flat])
    shared = [kind(*(next(given) for _ in kind._fields)) for kind in kinds]
    opened = tuple(
        type(item)(*map(_open, item)) if isinstance(item, tuple) else _open(item) for item in block
    )
    return work(*opened, *shared)


def _open(value: Any) -> Any:
    return np.require(value, requirements="W") if isinstance(value, np.ndarray) else value
