"""`python -m matching interests`: what phrases mean, how well they are understood, and how fast."""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import time
from typing import BinaryIO, Final, Protocol

from matching.tables import TableError
from matching.understanding import lexicon, measure, storage
from matching.understanding.features import LONGEST_TEXT
from matching.understanding.meaning import UNKNOWN, understand

MOST_LINES: Final = 1_000_000
MOST_BYTES: Final = 4 * LONGEST_TEXT + 2
INPUT: Final = "standard input"
FRESH: Final = (
    "import time; begun = time.process_time(); from matching.understanding import storage;"
    "imported = time.process_time(); storage.current(); print(imported - begun, time.process_time() - imported)"
)
RUNS: Final = 5


class Progress(Protocol):
    """Told what is being done and how far it is."""

    def __call__(self, stage: str, done: int, total: int | None) -> None: ...


def options(command: argparse.ArgumentParser) -> None:
    """The options of the command."""
    one = command.add_mutually_exclusive_group(required=True)
    one.add_argument("--lang", type=_language, help="the language of the phrases on standard input, or und")
    one.add_argument(
        "--build", action="store_true", help="learn the model from the lexicon, unless it is there"
    )
    one.add_argument(
        "--measure", action="store_true", help="count right and wrong answers on labelled phrases"
    )
    one.add_argument("--bench", action="store_true", help="time building, loading and answering")


def run(chosen: argparse.Namespace, progress: Progress) -> None:
    """`interests`; wrong input raises TableError before anything is written."""
    phrases = [] if chosen.lang is None else read_phrases(sys.stdin.buffer)
    progress("build", 0, None)
    path = storage.build()
    if chosen.build:
        sys.stdout.write(f"{path}\n")
    elif chosen.measure:
        sys.stdout.write(measure.table(storage.current()))
    elif chosen.bench:
        sys.stdout.write(bench())
    else:
        sys.stdout.buffer.write(answers(phrases, chosen.lang))
        sys.stdout.buffer.flush()


def read_phrases(stream: BinaryIO) -> list[str]:
    """The lines of a stream, in UTF-8 with or without BOM; what is not that raises TableError."""
    phrases: list[str] = []
    while line := stream.readline(MOST_BYTES + 1):
        number = len(phrases) + 1
        if number > MOST_LINES:
            raise TableError(INPUT, number, None, f"at most {MOST_LINES} lines")
        try:
            text = line.decode("utf-8-sig" if number == 1 else "utf-8").rstrip("\r\n")
        except UnicodeDecodeError as error:
            if len(line) <= MOST_BYTES:
                raise TableError(INPUT, number, None, "text in UTF-8") from error
            text = " " * len(line)
        if len(text) > LONGEST_TEXT:
            raise TableError(INPUT, number, None, f"a phrase of at most {LONGEST_TEXT} characters")
        phrases.append(text)
    return phrases


def answers(phrases: list[str], language: str) -> bytes:
    """One line of JSON for each phrase, in UTF-8."""
    model = storage.current()
    lines = []
    for phrase in phrases:
        tags = [{"tag": one.tag, "score": one.score} for one in understand(model, phrase, language)]
        lines.append(json.dumps({"phrase": phrase, "tags": tags}, ensure_ascii=False) + "\n")
    return "".join(lines).encode()


def bench() -> str:
    """Processor seconds to learn, to load in a fresh process, and to answer one labelled phrase."""
    from matching.understanding.training import train  # noqa: PLC0415 - answering never loads scipy

    begun = time.process_time()
    train(lexicon.read())
    built = time.process_time() - begun
    starts = [_fresh() for _ in range(RUNS)]
    imported, loaded = (statistics.median(times) for times in zip(*starts, strict=True))
    model, times = storage.current(), []
    for language in measure.languages():
        for one in measure.labelled(language):
            begun = time.process_time()
            understand(model, one.phrase, language)
            times.append(time.process_time() - begun)
    size = storage.build().stat().st_size
    return (
        f"processor time: learn {built:.1f} s; in a fresh process import {imported:.2f} s and load {loaded:.3f} s "
        f"({size / 1e6:.1f} MB); answer {statistics.median(times) * 1e3:.2f} ms, 99 of 100 within "
        f"{statistics.quantiles(times, n=100)[-1] * 1e3:.2f} ms, over {len(times)} phrases\n"
    )


def _fresh() -> tuple[float, float]:
    """Processor seconds that a new process takes to import the library, and then to load the model."""
    command = [sys.executable, "-c", FRESH]
    done = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603 - our own words
    imported, loaded = done.stdout.split()
    return float(imported), float(loaded)


def _language(text: str) -> str:
    known = (*lexicon.languages(), UNKNOWN)
    if text.split("-", maxsplit=1)[0].lower() not in known:
        raise argparse.ArgumentTypeError(f"expected one of {', '.join(known)}, found {text[:80]!r}")
    return text
