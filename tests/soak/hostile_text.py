"""B10 over HTTP: hostile texts in each text field of each form, then random requests to the open API: no fault, soon, flat memory."""

from __future__ import annotations

import secrets
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from urllib.parse import quote, urlencode, urlsplit

from bs4 import BeautifulSoup, Tag
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.crawl.world import World
from tests.security.filling import ordinary
from tests.security.hostile import PAYLOADS
from tests.soak.pace import night
from tests.soak.populated import addresses, on_a_populated_site, visitor_of
from tests.soak.served import Answer, Served, Visitor
from tests.web.test_api_fuzz import NAMES, PIECES

GATE_SECONDS = 60.0
LONGEST = 2.0  # seconds for 99 of 100 answers
MOST_GROWTH = 50_000_000  # bytes
TYPED = {"text", "search", "email", "tel", "url", "password", "number", "date", "time"}
PLACE = "/api/v1"


@dataclass(frozen=True)
class Field:
    """One text field: who sees it on which page, where its form is sent and how, and what else the form holds."""

    who: str
    page: str
    method: str
    action: str
    name: str
    others: tuple[tuple[str, str | Sequence[str]], ...]


@dataclass
class Told:
    """What came back: answers by status, how many forms were taken, the seconds of each, and which requests were faults."""

    answers: Counter[int] = field(default_factory=Counter)
    taken: int = 0
    times: list[float] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def add(self, what: str, answer: Answer | None) -> None:
        """Count an answer; None where none came."""
        status = answer.status if answer else 0
        self.answers[status] += 1
        if answer:
            self.times.append(answer.seconds)
            self.taken += status == 303 and "/sign-in" not in answer.location
        if not 0 < status < 500:
            self.faults.append(f"{status} {what}")

    def p99(self) -> float:
        """Seconds for 99 of 100."""
        return sorted(self.times)[int(len(self.times) * 0.99)] if self.times else 0.0


@dataclass(frozen=True)
class Measured:
    """Fields and texts, the answers to both kinds of requests, the bytes by which memory grew, and whether only a share
    of the pairs was asked for.
    """

    fields: int
    texts: Told
    api: Told
    growth: int
    share: bool

    @property
    def pairs(self) -> int:
        """How many there are of a text and a field."""
        return self.fields * len(PAYLOADS)

    @property
    def tried(self) -> int:
        """How many of these were sent."""
        return sum(self.texts.answers.values())

    def kept(self) -> bool:
        """Whether all of it is within the bar: every pair tried, unless a share was asked for, and some of them taken."""
        told = (self.texts, self.api)
        return (
            len(set(PAYLOADS)) >= 120
            and (self.share or self.tried == self.pairs)
            and self.texts.taken > 0
            and all(one.times and not one.faults and one.p99() <= LONGEST for one in told)
            and self.growth <= MOST_GROWTH
        )

    def words(self) -> str:
        """The figures."""
        tried = (
            f"all {self.pairs}"
            if self.tried == self.pairs
            else f"a minute's share, {self.tried} of {self.pairs}"
        )
        return (
            f"{tried} pairs of {len(PAYLOADS)} texts and {self.fields} fields: {len(self.texts.faults)} faults, {self.texts.taken} taken, "
            f"p99 {self.texts.p99():.2f} s, {self.texts.answers[429]} too often; {len(self.api.times)} random requests to the API: "
            f"{len(self.api.faults)} faults, p99 {self.api.p99():.2f} s; memory {self.growth / 1e6:+.0f} MB"
        )


def measure() -> tuple[str, bool]:
    """Measure it on both databases: a minute of each for the gate, every pair at night."""
    return on_a_populated_site(hostile)


def hostile(site: Served, world: World) -> Measured:
    """Look at every page first, which also warms up; then type, then ask at random."""
    fields = list(text_fields(site, world))
    before = site.memory()
    texts = typed(site, world, fields, GATE_SECONDS)
    api = asked_at_random(site, GATE_SECONDS)
    return Measured(len(fields), texts, api, site.memory() - before, not night())


def text_fields(site: Served, world: World) -> Iterator[Field]:
    """The text fields of all forms on all pages, each of an address without its numbers once."""
    seen = set()
    for who, paths in addresses(world).items():
        visitor = visitor_of(site, world, who)
        for path in paths:
            answer = visitor.get(path)
            if "html" not in answer.headers.get("content-type", ""):
                continue
            for form in BeautifulSoup(answer.text, "html.parser").select("form"):
                for found in _on(form, who, path):
                    key = (
                        "".join(letter for letter in found.action if not letter.isdigit()),
                        found.method,
                        found.name,
                    )
                    if key not in seen:
                        seen.add(key)
                        yield found


def _on(form: Tag, who: str, page: str) -> Iterator[Field]:
    action = urlsplit(str(form.get("action") or page)).path
    values = tuple((name, value) for name, value in ordinary(form).items() if name != "csrf_token")
    for one in form.select("input[name], textarea[name]"):
        if one.name == "textarea" or str(one.get("type", "text")) in TYPED:
            yield Field(who, page, str(form.get("method", "get")).upper(), action, str(one["name"]), values)


def typed(site: Served, world: World, fields: list[Field], seconds: float) -> Told:
    """Each text in each field, in an order in which each field and each text has its turn early; for so long."""
    told, until = Told(), time.monotonic() + seconds
    visitors = {who: visitor_of(site, world, who) for who in {one.who for one in fields}}
    for round_number in range(len(PAYLOADS)):
        for number, one in enumerate(fields):
            if time.monotonic() > until and not night():
                return told
            payload = PAYLOADS[(round_number + number) % len(PAYLOADS)]
            told.add(
                f"{one.method} {one.action} {one.name} {payload[:30]!r}",
                _send(visitors[one.who], one, payload),
            )
    return told


def _send(visitor: Visitor, one: Field, payload: str) -> Answer | None:
    visitor.from_address = f"10.{secrets.randbelow(250)}.{secrets.randbelow(250)}.{secrets.randbelow(250)}"
    fields = {**dict(one.others), one.name: payload}
    try:
        if one.method == "GET":
            return visitor.send("GET", f"{one.action}?{urlencode(fields, doseq=True)}")
        if not visitor.token:
            visitor.get(one.page)
        return visitor.send("POST", one.action, fields)
    except OSError:
        return None


def asked_at_random(site: Served, seconds: float) -> Told:
    """Random addresses, questions and methods to the open API, each time from elsewhere; for so long."""
    told, until = Told(), time.monotonic() + seconds

    @settings(
        max_examples=50,
        deadline=None,
        database=None,
        phases=(Phase.generate,),
        suppress_health_check=list(HealthCheck),
    )
    @given(
        path=st.sampled_from(["/activities", "/activities/1", "/numbers/hours", "/words", "/activities.csv"])
        | PIECES.map(lambda text: "/" + quote(text, safe="")),
        query=st.lists(st.tuples(st.sampled_from(NAMES) | PIECES, PIECES), max_size=4),
        method=st.sampled_from(["GET", "GET", "GET", "HEAD", "OPTIONS", "POST", "DELETE"]),
    )
    def ask(path: str, query: list[tuple[str, str]], method: str) -> None:
        address = f"{PLACE}{path}?{urlencode(query)}"
        try:
            told.add(f"{method} {address[:100]}", Visitor(site.address).send(method, address))
        except OSError:
            told.add(f"{method} {address[:100]}", None)

    while time.monotonic() < until:
        ask()
    return told
