"""A program that carries out runs of the matcher and is killed in the middle, as often as it is asked to.

Each line of input is the key of a run and a number of seconds; a copy of this program carries the run out and is
killed (SIGKILL) after that time, wherever it is. The answer is `killed`, or `done` when it had ended by then.
"""

import os
import signal
import sys
import time

from app import create_app, db
from app.config import Settings
from app.services.matchmaking import carry_out


def main(url: str) -> None:
    """Answer every line."""
    site = create_app(
        Settings(secret_key="k" * 40, database_url=url, testing=True, base_url="http://localhost")
    )
    db.bind(None)
    for line in sys.stdin:
        run_id, seconds = line.split()
        copy = os.fork()
        if copy == 0:
            db.bind(db.connect(url))
            with site.app_context():
                carry_out(int(run_id))
            os._exit(0)
        status = wait(copy, float(seconds))
        print("killed" if os.WIFSIGNALED(status) else "done", flush=True)


def wait(copy: int, seconds: float) -> int:
    """How the copy ended: by itself within that time, or killed."""
    until = time.perf_counter() + seconds
    while time.perf_counter() < until:
        gone, status = os.waitpid(copy, os.WNOHANG)
        if gone:
            return status
        time.sleep(0.001)
    os.kill(copy, signal.SIGKILL)
    return os.waitpid(copy, 0)[1]


if __name__ == "__main__":
    main(sys.argv[1])
