"""The settings of a network: by its own coordinators, written down, with what was typed kept when refused."""

import pytest

from app.db import session, transaction
from app.errors import Forbidden, NotFound
from app.models import AuditEntry, Network
from app.services.networks import NetworkSettings, set_network
from app.vocabulary import Role
from tests import factories

WANTED = NetworkSettings("Els", "An", 4, 6, 10, "Monday", "en", "+3215000000", "Ethias")


@pytest.mark.parametrize("lang", ["x-pseudo", "nl", "ar"])
def test_settings_are_kept_and_written_down(signed_in, lang):
    els = factories.coordinator()
    browser = signed_in(els)
    page = browser.get(f"/{lang}/network")
    fields = {
        "caller_name": "أحمد",
        "call_within_days": "4",
        "call_when": "Maandag 9-12",
        "help_phone": "015 12 34 56",
        "insurer": "Ethias",
    }
    after = browser.submit(page, **fields)
    assert after.form()["caller_name"] == "أحمد"
    assert after.form()["help_phone"] == "+3215123456"
    entry = session().query(AuditEntry).filter_by(action="network-set").one()
    assert (entry.actor_id, entry.network_slug) == (els.id, "rivierenland")
    assert "أحمد" not in str(entry.facts)
    assert set(entry.facts["columns"]) == {
        "caller_name",
        "call_within_days",
        "call_when",
        "help_phone",
        "insurer",
    }
    browser.submit(after)
    assert session().query(AuditEntry).filter_by(action="network-set").count() == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("duo_silent_weeks", "0"), ("check_in_weeks", "27"), ("call_within_days", "0"), ("call_within_days", "61"), ("call_within_days", "x"), ("call_within_days", ""),
        ("call_when", "x" * 201), ("help_phone", "no"), ("caller_name", "a\x00b"), ("call_when_language", "xx"),
    ],
)  # fmt: skip
def test_what_is_refused_is_shown_again(signed_in, field, value):
    browser = signed_in(factories.coordinator())
    page = browser.get("/nl/network")
    refused = browser.submit(page, status=422, **{"insurer": "KANARIE", field: value})
    assert refused.form()["insurer"] == "KANARIE"
    assert refused.soup.select_one("[role=alert]")
    assert factories.a_network().insurer != "KANARIE"


def test_two_networks_of_one_coordinator(signed_in):
    els = factories.coordinator("rivierenland")
    factories.grant(els, Role.COORDINATOR, network="kempen")
    browser = signed_in(els)
    browser.submit(browser.get("/nl/network/rivierenland"), caller_name="Els")
    with transaction() as db:
        assert db.get_one(Network, "rivierenland").caller_name == "Els"
        assert db.get_one(Network, "kempen").caller_name != "Els"


def test_nobody_else_sets(site):
    with pytest.raises(NotFound):
        set_network(factories.viewer(factories.coordinator()), "kempen", WANTED)
    for person in (factories.administrator(), factories.counsellor(), factories.buddy().person):
        with pytest.raises(Forbidden):
            set_network(factories.viewer(person), "rivierenland", WANTED)
