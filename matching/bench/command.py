"""The command line of `bench`."""

from __future__ import annotations

import argparse
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import NoReturn, TypeVar

from matching.bench import campaign
from matching.bench.instances import BALANCES, Balance
from matching.bench.table import markdown, replaced
from matching.bench.work import SOLVERS
from matching.output import write_all

Item = TypeVar("Item")
README = Path(__file__).parents[1] / "README.md"
DIFFERENT = 1
STOPPED = 130


def add_options(one: argparse.ArgumentParser) -> None:
    """The options of `bench`."""
    one.add_argument(
        "--sizes", type=_listed(_size), default=(1_000, 10_000), help="newcomers, such as 1000,10000"
    )
    one.add_argument("--balance", type=_listed(_balance), default=("scarce",), help=", ".join(BALANCES))
    one.add_argument("--against", type=_listed(_solver), default=("ortools", "scipy", "highs", "loop"),
                     help=", ".join(SOLVERS))  # fmt: skip
    one.add_argument(
        "--edges", type=_listed(_size), default=(30, 10), help="best pairs per newcomer for a peer"
    )
    one.add_argument("--repeat", type=_size, default=5)
    one.add_argument("--limit", type=float, default=120.0, help="seconds that one run of a peer may take")
    one.add_argument("--seed", type=_size, default=1)
    one.add_argument("--out", type=Path, help="write the table to this file as well")
    one.add_argument("--readme", action="store_true", help="put the table into the README of the matcher")


def run_bench(options: argparse.Namespace, progress: campaign.Progress) -> int:
    """Compare, print the table, and tell with 1 that a result differs, with 130 that somebody stopped it."""
    plan = campaign.Plan(
        options.sizes,
        options.balance,
        options.against,
        options.edges,
        options.repeat,
        options.limit,
        options.seed,
    )
    usual = signal.signal(signal.SIGTERM, _interrupt)
    try:
        cases = list(campaign.run(plan, progress))
    except KeyboardInterrupt:
        return STOPPED
    finally:
        signal.signal(signal.SIGTERM, usual)
    text = markdown(cases)
    sys.stdout.write(text)
    files = {options.out: text} if options.out else {}
    if options.readme:
        files[README] = replaced(README.read_text(encoding="utf-8"), text)
    write_all(files)
    wrong = any(row.wrong for case in cases for row in case.rows)
    return DIFFERENT if wrong else 0


def _interrupt(number: int, frame: FrameType | None) -> NoReturn:
    """Being asked to end is as good as Ctrl-C: nothing that was started goes on without us."""
    raise KeyboardInterrupt


def _listed(one: Callable[[str], Item]) -> Callable[[str], tuple[Item, ...]]:
    def read(text: str) -> tuple[Item, ...]:
        return tuple(one(part.strip()) for part in text.split(","))

    return read


def _size(text: str) -> int:
    if not (text.isascii() and text.isdigit()) or len(text) > 9 or int(text) == 0:
        raise argparse.ArgumentTypeError(f"expected a whole number from 1, found {text!r}")
    return int(text)


def _balance(text: str) -> Balance:
    for balance in BALANCES:
        if text == balance:
            return balance
    raise argparse.ArgumentTypeError(f"expected one of {', '.join(BALANCES)}, found {text!r}")


def _solver(text: str) -> str:
    if text not in SOLVERS:
        raise argparse.ArgumentTypeError(f"expected one of {', '.join(SOLVERS)}, found {text!r}")
    return text
