"""What holds for every address of the site, whoever adds it."""

import pytest

from app.security.permissions import Permission
from app.web.guards import UNGUARDED, refuse_unguarded

SAFE = {"GET", "HEAD", "OPTIONS"}


def test_every_route_names_its_permission(site):
    for rule in site.url_map.iter_rules():
        if rule.endpoint not in UNGUARDED:
            assert isinstance(site.view_functions[rule.endpoint].permission, Permission), rule


def test_a_route_without_a_guard_stops_the_start(site):
    site.view_functions["bare"] = lambda: ""
    try:
        with pytest.raises(RuntimeError, match="bare"):
            refuse_unguarded(site)
    finally:
        del site.view_functions["bare"]


def test_only_the_static_files_are_unguarded():
    assert {"static"} == UNGUARDED


def test_every_page_has_its_language_in_its_address(site):
    pages = [rule.rule for rule in site.url_map.iter_rules() if not rule.endpoint.startswith("api.")]
    bare = {address for address in pages if not address.startswith("/<lang>/")}
    assert bare <= {"/", "/health", "/ready", "/metrics", "/static/<path:filename>", "/robots.txt"}


def test_what_changes_something_is_not_asked_by_get(site):
    for rule in site.url_map.iter_rules():
        assert rule.methods is not None
        assert rule.methods <= SAFE or not rule.methods & (SAFE - {"OPTIONS"}) or "POST" in rule.methods, rule
