"""A whole site without files to open, and one that is asked to stop while people write (SECURITY, items 82 and 83)."""

import contextlib
import http.client
import socket
import time
from threading import Thread

import psutil

from tests.soak.served import KINDS, Visitor, served
from tests.soak.troubled import Crowd

FEW_FILES = 64
LONGEST_STOP = 30


def crowded_out(site):
    """Connections of people who send nothing, more than the web server may have open."""
    with contextlib.ExitStack() as held:
        for _ in range(2 * FEW_FILES):
            with contextlib.suppress(OSError):
                held.enter_context(socket.create_connection(("127.0.0.1", site.port), timeout=1))
        return held.pop_all()


def answered(site, seconds):
    """The status of a page, asked for until one comes; 0 when none comes in time."""
    visitor, limit = Visitor(site.address, patience=3), time.monotonic() + seconds
    while time.monotonic() < limit:
        with contextlib.suppress(OSError, http.client.HTTPException):
            return visitor.get("/nl/activities").status
    return 0


def test_it_outlives_a_lack_of_files_and_finishes_what_it_does_when_stopped(
    empty_database, database_kind, tmp_path
):
    kind = next(name for name in KINDS if name.lower() == database_kind)
    with served(kind, tmp_path / "site", DATABASE_URL=empty_database) as site:
        web = [one for one in site.processes() if "granian" in " ".join(one.cmdline())]
        before = {one.pid for one in web}
        limits = {one: one.rlimit(psutil.RLIMIT_NOFILE) for one in web}
        for one, (_least, most) in limits.items():
            one.rlimit(psutil.RLIMIT_NOFILE, (FEW_FILES, most))
        with crowded_out(site):
            # Without a file for a connection nobody can be let in, so that there may be no answer at all; never a fault.
            assert answered(site, 5) in (0, 200, 503)
        assert answered(site, 20) == 200
        assert before <= {one.pid for one in site.processes()}, "something had to be started again"

        for one, limit in limits.items():
            one.rlimit(psutil.RLIMIT_NOFILE, limit)
        crowd, took = Crowd(site, writers=1), []
        with crowd.at_work():
            stopping = Thread(target=lambda: took.append(site.stop()))
            stopping.start()
            stopping.join(60)
            crowd.stop.set()
        assert took
        assert took[0] <= LONGEST_STOP
        assert not crowd.odd()
        assert (found := crowd.found()).whole, found
