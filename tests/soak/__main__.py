"""`python -m tests.soak [B9 …] [--write] [--night]` measures the bars and prints their table.

`--write` also puts what was measured into SECURITY.md; the exit code is 1 when a bar is not kept.
"""

import sys

from app.clock import today
from app.config import ROOT
from tests.soak import table
from tests.soak.bars import BARS, run

OPTIONS = {"--write", "--night"}


def main(words: list[str]) -> int:
    """Measure, print, and tell whether all that was measured is kept."""
    wanted = set(words) - OPTIONS
    unknown = wanted - {bar.number for bar in BARS}
    if unknown:
        print(f"There is no {', '.join(sorted(unknown))}.", file=sys.stderr)
        return 2
    stamp, rows = table.when(today()), []
    for bar, outcome in run(wanted):
        row = table.Row(bar.number, bar.words)
        if outcome is not None:
            row = table.Row(bar.number, bar.words, outcome.figure, "yes" if outcome.kept else "NO", stamp)
        rows.append(row)
    print("\n".join(table.lines(rows)))
    measured = [row for row in rows if row.when]
    if "--write" in words:
        try:
            table.write(ROOT / "SECURITY.md", [(bar.number, bar.words) for bar in BARS], measured)
        except table.NoTable as missing:
            print(missing, file=sys.stderr)
            return 2
    return 1 if any(row.kept == "NO" for row in measured) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
