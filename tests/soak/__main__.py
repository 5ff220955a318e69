"""`python -m tests.soak [B9 …] [--night]` measures the bars and prints their table; exit code 1 when one is not kept."""

import sys

from tests.soak.bars import BARS, run
from tests.soak.served import NIGHT


def main(words: list[str]) -> int:
    """Measure, print, and tell whether all that was measured is kept."""
    wanted = set(words) - {NIGHT}
    unknown = wanted - {bar.number for bar in BARS}
    if unknown:
        print(f"There is no {', '.join(sorted(unknown))}.", file=sys.stderr)
        return 2
    outcomes = run(wanted)
    print("| bar | what has to hold | measured | kept |\n| --- | --- | --- | --- |")
    for bar, outcome in outcomes:
        figure, kept = ("", "") if outcome is None else (outcome.figure, "yes" if outcome.kept else "NO")
        print(f"| {bar.number} | {bar.words} | {figure or 'quick form only'} | {kept} |")
    return 1 if any(outcome and not outcome.kept for _bar, outcome in outcomes) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
