"""The night in which things go: people who asked for it, what was kept long enough, and the tombstones beside the database."""

from collections.abc import Callable
from pathlib import Path

from app import db
from app.extensions import queue
from app.services import erasures, inactivity, retention, tombstones
from app.services.backups.leftovers import sweep
from app.services.duo_letters import DuoLinks
from app.vocabulary.retention import RetentionKind

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
    done[RetentionKind.INACTIVE.value] = inactivity.erase_silent(links)
    done |= retention.purge(links, seconds=seconds, stop=stop)
    folder.mkdir(parents=True, exist_ok=True)
    sweep(folder)
    done[ERASED] += tombstones.bury_again(tombstones.read(folder / tombstones.FILE))
    tombstones.keep(folder)
    db.release()
    db.empty_log()
    queue.forget()
    return done
