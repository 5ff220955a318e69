"""B20, in small: pages that are asked for again and again leave nothing behind; and a site that keeps something is seen."""

import gc

import pytest

from tests import factories

PAGES = (
    "/nl/",
    "/nl/help",
    "/ar/sign-in",
    "/nl/activities?q=voetbal&place=2800",
    "/nl/today",
    "/nl/no-such-page",
    "/nl/people",
)
ROUNDS = 12
MOST = 2  # objects left behind by a page, on average: what is counted or cached once, shared by all rounds


def left_behind(clients):
    """How many objects a request leaves, on average, once everything that is kept on purpose is there."""

    def ask():
        for path in PAGES:
            for client in clients:
                client.send("GET", path).close()

    for _ in range(3):
        ask()
    gc.collect()
    before = len(gc.get_objects())
    for _ in range(ROUNDS):
        ask()
    gc.collect()
    return (len(gc.get_objects()) - before) / (ROUNDS * len(PAGES) * len(clients))


@pytest.mark.parametrize("leaking", [False, True], ids=["as it is", "leaking"])
def test_pages_leave_nothing_behind(site, browser, signed_in, monkeypatch, leaking):
    kept = []

    def keep(*_, **__):
        kept.append([[], {}, [[]]])

    if leaking:
        monkeypatch.setitem(site.before_request_funcs, None, [*site.before_request_funcs[None], keep])
    assert (left_behind([browser, signed_in(factories.coordinator())]) <= MOST) is not leaking
