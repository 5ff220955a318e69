"""A real browser on the real site, served from this process."""

import threading
from collections.abc import Iterator

import pytest
from flask import Flask
from werkzeug.serving import make_server

PHONE = {"width": 360, "height": 740}
DESKTOP = {"width": 1280, "height": 900}


@pytest.hookimpl(wrapper=True)
def pytest_pycollect_makemodule():
    """Mark the files before their tests are made: what a browser shows is asked on one database."""
    module = yield
    module.add_marker(pytest.mark.browser)
    return module


@pytest.fixture
def address(site: Flask) -> Iterator[str]:
    """Where the site answers, several requests at a time; at the end the last of them are waited for.

    A request of a page that was left would otherwise still read while the next test puts the database back.
    """
    site.config["WTF_CSRF_ENABLED"] = True
    server = make_server("127.0.0.1", 0, site, threaded=True)
    server.daemon_threads = False
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://localhost:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()
    site.config["WTF_CSRF_ENABLED"] = False


@pytest.fixture
def visitor(chrome, address, request):
    """Opens a new browser of somebody: visitor(lang="ar", phone=True, scripts=True) gives a page."""
    contexts = []

    def open_for(*, lang: str = "nl", phone: bool = True, scripts: bool = True):
        context = chrome.new_context(
            base_url=address, locale=lang, viewport=PHONE if phone else DESKTOP, java_script_enabled=scripts
        )
        context.set_default_timeout(8000)
        contexts.append(context)
        page = context.new_page()
        request.node.open_pages = [*getattr(request.node, "open_pages", []), page]
        page.on("pageerror", lambda error: pytest.fail(f"script error: {error}"))
        return page

    yield open_for
    for context in contexts:
        context.close()


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo) -> Iterator[None]:
    """On a failure, say what each open page showed."""
    outcome = yield
    report = outcome.get_result()
    if report.when == "call" and report.failed:
        for page in getattr(item, "open_pages", []):
            text = (
                " ".join(page.locator("main").inner_text().split())[:700]
                if page.locator("main").count()
                else ""
            )
            report.sections.append((f"page at {page.url}", text))
