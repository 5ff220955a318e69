"""How long a long form takes: a minute or so for the gate, as long as SECURITY.md gives it with `--night`."""

import sys


def night() -> bool:
    """Whether the long measurements of the night were asked for: `python -m tests.soak --night …`."""
    return "--night" in sys.argv
