"""The night in which things go: people who asked for it, what was kept long enough, and the tombstones beside the database."""

from collections.abc import Callable
from pathlib import Path

from app import db
from app.services import erasures, retention, tombstones
from app.services.duo_letters import DuoLinks

ERASED = "erased"


def forget(
    links: DuoLinks,
    folder: Path,
    *,
    seconds: float = retention.SECONDS,
    stop: Callable[[], bool] = lambda: False,
) -> dict[str, int]:
    """Erase whose fourteen days are over, let go of what was kept long enough, and write the tombstones; how much of each.

    Can be stopped at any moment, and run again as often as one likes.
    """
    done = {ERASED: erasures.carry_out_due(links)}
    done |= retention.purge(links, seconds=seconds, stop=stop)
    folder.mkdir(parents=True, exist_ok=True)
    tombstones.keep(folder)
    db.release()
    db.empty_log()
    return done
