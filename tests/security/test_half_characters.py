"""Half characters, which no text may hold (SECURITY 15): as bytes in the body of every form, and escaped inside a list in JSON."""

import io
import json
import re
from urllib.parse import quote_plus

import pytest

from app.db import session
from app.models import Organisation, ProgrammeVersion
from app.vocabulary.offer_lists import OfferListKind
from tests import factories
from tests.activity_lists import Desk, activity, event, events, offers
from tests.client import Client
from tests.security.test_matrix import address
from tests.web.test_organisations import REGISTER
from tests.weights import EVIDENCE, WEIGHTS

HALVES = ["%ED%A0%80", "%ED%BF%BF", "a%ED%A0%BDb", "%ED%A0%BD%ED%B8%80"]
HALF = "\ud800"
FIELDS = ("email", "password", "code", "full_name", "q", "next", "phone", "on", "page", "role")
URLENCODED = "application/x-www-form-urlencoded"


def is_whole(text):
    """Whether a text can be written down at all."""
    return not any("\ud800" <= letter <= "\udfff" for letter in text)


@pytest.mark.parametrize("half", HALVES)
def test_no_form_stumbles_over_half_a_character(site, signed_in, half):
    """The bytes themselves, as no client of ours would ever send them, to every address that takes a form."""
    site.config["SHOW_FAULT_PAGE"] = True
    body, tried = "&".join(f"{name}={half}" for name in FIELDS).encode(), 0
    for client in (
        Client(site.test_client()),
        signed_in(factories.coordinator()),
        signed_in(factories.administrator()),
    ):
        for rule in site.url_map.iter_rules():
            if "POST" in rule.methods and rule.endpoint != "accounts.sign_out":
                answer = client.send("POST", address(rule), data=body, content_type=URLENCODED)
                assert answer.status_code < 500, rule.rule
                tried += answer.status_code == 422
        for path in ("/nl/activities", "/nl/sign-in", "/api/v1/activities"):
            assert client.send("GET", f"{path}?q={half}&place={half}&next={half}").status_code < 500, path
    assert tried > 10
    site.config["SHOW_FAULT_PAGE"] = False


@pytest.mark.parametrize("half", HALVES)
def test_bytes_that_are_no_letters_stay_the_signs_in_which_they_were_written(site, half):
    """To us such a name is a percent sign with letters and figures behind it: a text as any other, kept and shown as it is."""
    client = Client(site.test_client())
    fields = {**client.get("/nl/register/organisation").form("form.stack"), **REGISTER}
    body = "&".join(
        f"{name}={half if name == 'name' else quote_plus(value)}" for name, value in fields.items()
    )
    answer = client.send("POST", "/nl/register/organisation", data=body.encode(), content_type=URLENCODED)
    assert answer.status_code == 303
    assert session().query(Organisation).one().name == half


def everywhere(found):
    """Copies of a row of a list, each with half a character at the end of one other text in it, or of one other name."""
    for name, value in found.items() if isinstance(found, dict) else enumerate(found):
        changed = (
            [value + HALF]
            if isinstance(value, str)
            else everywhere(value)
            if isinstance(value, dict | list)
            else []
        )
        for one in changed:
            yield (
                {**found, name: one} if isinstance(found, dict) else [*found[:name], one, *found[name + 1 :]]
            )
        if isinstance(found, dict):
            yield {**{other: kept for other, kept in found.items() if other != name}, f"{name}{HALF}": value}


@pytest.mark.parametrize("kind", [OfferListKind.OWN, OfferListKind.UITDATABANK])
def test_a_list_with_half_a_character_is_taken_without_it(site, kind):
    """At every place where a text can stand; what is beside it is kept, and never half a character."""
    own = kind is OfferListKind.OWN
    whole = activity(1, sign_up="x", organisation="De Brug") if own else event(1)
    odd = list(everywhere(whole))
    numbered = [
        {**row, "source_id" if own else "@id": f"{row.get('source_id') or row.get('@id') or ''}/{at}"}
        for at, row in enumerate(odd)
    ]
    rows = [*odd[:1], *numbered]
    content = {"source": f"Brug{HALF}", "activities": rows} if own else events(*rows)
    assert rb"\ud800" in json.dumps(content).encode()
    kept = Desk().take(content, kind)
    taken = offers()
    assert len(taken) > len(rows) // 2
    assert kept.report["rows"] == len(rows)
    for offer in taken:
        assert is_whole(offer.title + offer.words)
        assert "?" not in offer.title


@pytest.mark.parametrize("odd", ["\\ud800", "\\u0000", "\\ud83d"])
def test_evidence_and_settings_with_such_a_character_are_refused(site, signed_in, odd):
    """At the beginning of each text in the two files that an administrator may send: a page, nothing kept."""
    keeper, tried = signed_in(factories.administrator()), 0
    for name, whole in (("evidence", EVIDENCE), ("weights", WEIGHTS)):
        for text in re.finditer(rb'"[^"]*"', whole):
            at = text.start() + 1
            files = {"weights": WEIGHTS, "evidence": EVIDENCE, name: whole[:at] + odd.encode() + whole[at:]}
            sent = {"programme": "1", **{field: (io.BytesIO(found), "x") for field, found in files.items()}}
            answer = keeper.send("POST", "/nl/admin/weights", data=sent, content_type="multipart/form-data")
            assert answer.status_code == 422, (name, text)
            tried += 1
    assert tried > 20
    assert not session().query(ProgrammeVersion).filter_by(version="2026-2").count()
