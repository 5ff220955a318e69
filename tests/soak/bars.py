"""The bars B1 to B20 as data: what has to hold, which tests are their quick form, and what measures the long one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tests.soak import (
    coming_in,
    erasing,
    filling,
    hostile_text,
    killed_matcher,
    killing,
    last_places,
    libraries,
    longer_tests,
    mailing,
    migrating,
    mixed,
    restarting,
    restoring,
    same_hours,
    slow,
    telling,
)


@dataclass(frozen=True)
class Outcome:
    """What was measured, in words, and whether it is within the bar."""

    figure: str
    kept: bool


@dataclass(frozen=True)
class Bar:
    """One bar: its number, what has to hold, the quick forms in `make test`, and the measurement of the long form."""

    number: str
    words: str
    quick: tuple[str, ...] = ()
    measure: Callable[[], tuple[str, bool]] | None = None


BARS = (
    Bar(
        "B1", "200 approvals of one last place: 1 success",
        ("tests/services/test_last_places.py", "tests/services/test_last_seat.py", "tests/services/test_morning_races.py"),
        last_places.measure,
    ),
    Bar(
        "B2", "50 identical or overlapping hour posts: 1 row",
        ("tests/services/test_hours_races.py", "tests/web/test_hours_input.py"), same_hours.measure,
    ),
    Bar(
        "B3", "kill -9: nothing acknowledged is lost or doubled", ("tests/soak/test_killing.py",), killing.measure,
    ),
    Bar(
        "B4", "database restart: success within 10 s, only 503 between",
        ("tests/web/test_away.py", "tests/soak/test_troubled.py"), restarting.measure,
    ),
    Bar(
        "B5", "500 mails with SMTP down: all out within 120 s of its return, requests not slowed, at most 1 doubled per kill",
        ("tests/services/test_mail_away.py",), mailing.measure,
    ),
    Bar(
        "B6", "20 kills of the matcher: the same plan; 10 starts: 1 run",
        ("tests/services/test_killed_runs.py", "tests/services/test_last_places.py"), killed_matcher.measure,
    ),
    Bar(
        "B7", "migrations: killed, up and down with rows, two at once",
        ("tests/migrations/test_migrations.py", "tests/migrations/test_guards.py", "tests/migrations/test_older_code.py",
         "tests/migrations/test_beside_a_site.py"), migrating.measure,
    ),
    Bar(
        "B8", "full disk: nothing corrupt, reads go on, recovery within 10 s",
        ("tests/web/test_away.py", "tests/soak/test_troubled.py"), filling.measure,
    ),
    Bar(
        "B9", "restore of 10 000 users within 120 s, of one moment, 0 mails again, the erased stay erased",
        ("tests/services/test_backups.py", "tests/services/test_restores.py", "tests/services/test_backups_and_erasure.py"), restoring.measure,
    ),
    Bar(
        "B10", "120 hostile texts in each field, random requests to the API: 0 5xx, p99 within 2 s, memory +50 MB at most",
        ("tests/security/test_hostile_text.py", "tests/web/test_api_fuzz.py", "tests/security/test_large_requests.py"), hostile_text.measure,
    ),
    Bar("B11", "every cell of the matrix, every route", longer_tests.B11, longer_tests.measure_rights),
    Bar(
        "B12", "200 slow clients: 99 % of others are answered, p95 within 1 s",
        ("tests/setup/test_door.py",), slow.measure,
    ),
    Bar(
        "B13", "guessing: 10 tries per account in 15 min; the owner can reset",
        ("tests/security/test_passwords.py", "tests/security/test_guesses.py"), coming_in.measure_guessing,
    ),
    Bar(
        "B14", "known or unknown: the same answer, AUC of time at most 0.60", ("tests/security/test_enumeration.py", "tests/soak/test_coming_in.py"),
        telling.measure,
    ),
    Bar(
        "B15", "a session ends within 1 s of a change of password or role", ("tests/security/test_sessions.py",),
        coming_in.measure_ending,
    ),
    Bar(
        "B16", "export within 30 s; 0 traces of who was erased",
        ("tests/services/test_erasing_everywhere.py", "tests/services/test_erasures.py", "tests/web/test_privacy.py"),
        erasing.measure,
    ),
    Bar("B17", "the headers on every answer", longer_tests.B17, longer_tests.measure_headers),
    Bar("B18", "0 known faults in libraries, 0 high in bandit, 0 requests to others", libraries.QUICK, libraries.measure),
    Bar(
        "B19", "4 changes of the clock by 10 shifts, in three time zones", longer_tests.B19, longer_tests.measure_clocks,
    ),
    Bar("B20", "60 s of mixed load: 0 5xx, memory flat", ("tests/web/test_memory.py",), mixed.measure),
)  # fmt: skip


def run(wanted: set[str]) -> list[tuple[Bar, Outcome | None]]:
    """Measure the bars of these numbers (all, when none is given) that have a long form."""
    chosen = [bar for bar in BARS if not wanted or bar.number in wanted]
    return [(bar, None if bar.measure is None else Outcome(*bar.measure())) for bar in chosen]
