"""What killed work leaves behind: backups that were never whole, and databases that a restore was still making."""

from __future__ import annotations

import shutil
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Final

from app.clock import now

ENDING: Final = ".backup"
PART: Final = ".part"
RESTORING: Final = "restoring-"
UNTOUCHED: Final = timedelta(
    hours=1
)  # nobody works on it any more: a backup of 10 000 people takes two minutes


def sweep(folder: Path) -> None:
    """Remove them from that folder when nobody has written to them for an hour."""
    limit = (now() - UNTOUCHED).timestamp()
    for path in [*folder.glob(f"*{ENDING}{PART}"), *folder.glob(f"{RESTORING}*")]:
        with suppress(FileNotFoundError):  # another one sweeps too
            if max(one.stat().st_mtime for one in (path, *path.glob("*"))) >= limit:
                continue
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink()
