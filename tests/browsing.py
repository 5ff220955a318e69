"""One Chromium for all tests of a worker that look at pages: a second one could not be started beside it."""

from collections.abc import Iterator

import pytest

from tests import chromium

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # A microphone that hums, and nobody who has to say that it may be used.
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
)


@pytest.fixture(scope="session")
def chrome() -> Iterator[object]:
    """The browser; each test opens a context of its own in it, with nothing of the others."""
    from playwright.sync_api import sync_playwright

    found = chromium.find()
    if found is None:
        pytest.skip("no Chromium on this machine")
    with sync_playwright() as tools:
        browser = tools.chromium.launch(executable_path=found, args=list(FLAGS))
        yield browser
        browser.close()
