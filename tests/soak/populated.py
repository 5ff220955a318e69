"""A served site full of people and records in every state, with a visitor for each of them who is signed in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.crawl.test_pages import VISITS, address, wanted
from tests.crawl.visits import FILES
from tests.crawl.world import World
from tests.soak.figures import Figure, on_each
from tests.soak.served import Served, Visitor, served

TAGS = ("nl", "ar", "fr", "ti")


@contextmanager
def populated(kind: str, folder: Path, **environment: str) -> Iterator[tuple[Served, World]]:
    """A site of its own and its world; the application of the world is bound as long as this lasts."""
    with served(kind, folder, **environment) as site, site.inside() as app:
        app.config["WTF_CSRF_ENABLED"] = False
        yield site, World(app)


def on_a_populated_site(measured: Callable[[Served, World], Figure]) -> tuple[str, bool]:
    """Measure on such a site on each kind of database, and tell them together."""

    def populated_alone(kind: str, folder: Path) -> Figure:
        with populated(kind, folder) as (site, world):
            return measured(site, world)

    return on_each(populated_alone)


def visitor_of(site: Served, world: World, who: str) -> Visitor:
    """Somebody of that world, over HTTP."""
    visitor = Visitor(site.address)
    kept = world.browsers[who].browser.get_cookie("samenspoor")
    if kept is not None:
        visitor.cookies["samenspoor"] = kept.value
    return visitor


def addresses(world: World) -> dict[str, list[str]]:
    """Every page and file of the crawl that can simply be looked at, by who looks at it."""
    found: dict[str, list[str]] = {}
    for number, visit in enumerate(VISITS):
        if visit.method == "GET" and visit.status == 200:
            ids = {
                name: value
                for name, value in world.ids.get(visit.ids, {}).items()
                if name in wanted(world, visit)
            }
            path = address(
                world, visit.endpoint, TAGS[number % len(TAGS)], {**visit.values, **ids}, visit.query
            )
            found.setdefault(visit.who, []).append(path)
    for endpoint, (who, values, ids_of) in FILES.items():
        path = address(world, endpoint, "nl", {**values, **world.ids.get(ids_of, {})}).split("?lang")[0]
        found.setdefault(who, []).append(path)
    return found
