"""Part of B7: a site with the code of before is read and written while a long step changes the tables that it needs."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Thread
from time import sleep

from app import db, schema
from app.security.passwords import hash_password
from tests import factories
from tests.soak.figures import on_a_site
from tests.soak.served import Answer, Served, Visitor

SLACK_SECONDS = 5.0
SECONDS = db.BUSY_SECONDS + 2 * SLACK_SECONDS
"""How long the step takes: longer than anybody may wait, so that who does not give up is seen."""
PASSWORD = "een boot vol bloemkolen"
STEP = '''
"""A step that takes long, for measuring."""
import time
import sqlalchemy as sa
from alembic import op
revision, down_revision, branch_labels, depends_on = "9000", "{before}", None, None
def upgrade():
    op.add_column("person", sa.Column("later", sa.String(20), nullable=True))
    op.add_column("sign_in", sa.Column("later", sa.String(20), nullable=False, server_default=""))
    op.execute("UPDATE person SET later = 'x'")
    time.sleep({seconds})
def downgrade():
    op.drop_column("sign_in", "later")
    op.drop_column("person", "later")
'''


@dataclass(frozen=True)
class Beside:
    """Answers while the step was under way by status, the longest wait of a read and of a write, and how it went after."""

    statuses: dict[int, int]
    reading: float
    writing: float
    unexplained: int
    after: tuple[int, int]

    def kept(self) -> bool:
        """Whether everybody was answered within the time that anybody waits, or told when to come again."""
        waits = max(self.reading, self.writing)
        return not self.unexplained and waits <= db.BUSY_SECONDS + SLACK_SECONDS and self.after == (200, 303)

    def words(self) -> str:
        """The figures in words."""
        many = ", ".join(f"{number} × {status}" for status, number in sorted(self.statuses.items()))
        return (
            f"{many} during a step of {SECONDS:.0f} s, longest read {self.reading:.1f} s and write {self.writing:.1f} s, "
            f"{self.unexplained} other, then {self.after[0]} and {self.after[1]}"
        )


def measure() -> tuple[str, bool]:
    """Measure it on both databases: the figures in words, and whether both are within the bar."""
    return on_a_site(beside)


def beside(site: Served) -> Beside:
    """Run the step on the database of that site, and visit it meanwhile and after."""
    with site.inside():
        with db.transaction():
            people = [factories.person() for _ in range(12)]
            for person in people:
                person.password_hash = hash_password(PASSWORD)
        emails = [person.email or "" for person in people]
    read, write = _reader(site, emails[0]), _writer(site, emails[1:])
    before = [read(), write()]
    if [answer.status for answer in before] != [200, 303]:
        raise RuntimeError(f"the site does not work: {[answer.text[:200] for answer in before]}")
    reads: list[Answer] = []
    writes: list[Answer] = []
    stop = Event()
    visits = [Thread(target=_visit, args=(act, seen, stop)) for act, seen in ((read, reads), (write, writes))]
    step = Thread(target=_step, args=(site, site.folder / "steps"))
    step.start()
    sleep(1)
    for thread in visits:
        thread.start()
    step.join()
    stop.set()
    for thread in visits:
        thread.join()
    return _of(reads, writes, (read().status, write().status))


def _of(reads: list[Answer], writes: list[Answer], after: tuple[int, int]) -> Beside:
    statuses: dict[int, int] = {}
    for answer in (*reads, *writes):
        statuses[answer.status] = statuses.get(answer.status, 0) + 1
    unexplained = [answer for answer in reads if not _right(answer, 200)]
    unexplained += [answer for answer in writes if not _right(answer, 303)]
    longest = [max((answer.seconds for answer in seen), default=0.0) for seen in (reads, writes)]
    return Beside(statuses, longest[0], longest[1], len(unexplained), after)


def _right(answer: Answer, wanted: int) -> bool:
    return answer.status == wanted or (answer.status == 503 and "retry-after" in answer.headers)


def _visit(act: Callable[[], Answer], seen: list[Answer], stop: Event) -> None:
    while not stop.is_set():
        seen.append(act())
        stop.wait(1.0)


def _reader(site: Served, email: str) -> Callable[[], Answer]:
    """Somebody who is signed in: each page reads who that is, in the tables that are changed."""
    visitor = Visitor(site.address)
    visitor.sign_in(email, PASSWORD)
    return lambda: visitor.get("/nl/activities")


def _writer(site: Served, emails: list[str]) -> Callable[[], Answer]:
    """Sign in, each time as the next one, because nobody may try too often."""
    turn = iter(emails * 20)
    first = Visitor(site.address)
    first.get("/nl/sign-in")

    def write() -> Answer:
        visitor = Visitor(site.address)
        visitor.cookies, visitor.token = dict(first.cookies), first.token
        return visitor.send("POST", "/nl/sign-in", {"email": next(turn), "password": PASSWORD, "next": ""})

    return write


def _step(site: Served, folder: Path) -> None:
    """What the next version would do when it starts, while this one goes on."""
    shutil.copytree(schema.MIGRATIONS, folder)
    text = STEP.format(before=schema.newest(), seconds=SECONDS)
    (folder / "versions" / "9000_later.py").write_text(text, encoding="utf-8")
    own, engine = schema.MIGRATIONS, site.engine()
    setattr(schema, "MIGRATIONS", folder)  # noqa: B010 - it is final to everybody else
    try:
        schema.upgrade(engine)
    finally:
        setattr(schema, "MIGRATIONS", own)  # noqa: B010
        engine.dispose()
