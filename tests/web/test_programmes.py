"""The weights of the matcher on the site: what is in force, what is proposed and what it would change."""

from io import BytesIO

import pytest

from app.db import session, transaction
from app.models import Programme, ProgrammeVersion
from app.services import matches, programmes
from app.vocabulary.records import RunState
from matching.evidence import Evidence, evidence_json
from tests import factories
from tests.weights import EVIDENCE, WEIGHTS


@pytest.fixture
def town(site):
    """Six who speak Tigrinya and like what the buddy likes, six who share a language: the settings differ."""
    for _ in range(6):
        factories.newcomer(interests=["chess"], languages=["ti"], dutch_level="a1")
        factories.newcomer(interests=["cooking"], languages=["fr"], dutch_level="none")
    factories.buddy(interests=["chess"], languages=["fr"], capacity=6)
    matches.start_run(factories.viewer(factories.coordinator()), "rivierenland")


@pytest.fixture
def keeper(site, signed_in):
    return signed_in(factories.administrator())


def send(browser, weights=WEIGHTS, evidence=EVIDENCE, lang="nl", status=200):
    page = browser.get(f"/{lang}/admin/weights")
    files = {"weights": (BytesIO(weights), "../../w.toml")}
    if evidence is not None:
        files["evidence"] = (BytesIO(evidence), "e.json")
    values = {key: value for key, value in page.form().items() if key not in files and value is not None}
    return browser.post(page.action(), {**values, **files}, status=status)


@pytest.mark.usefixtures("town")
def test_from_file_to_adoption(keeper):
    page = send(keeper)
    assert "2026-2" in page.main.text
    assert page.main.select("#groups tbody tr, table.data tbody tr")
    page = keeper.get(page.main.select_one("a[href$='/adopt']")["href"])
    keeper.post(page.action())
    programme = session().query(Programme).one()
    assert programme.weights_version == "2026-2"
    page = keeper.get("/nl/admin/weights")
    assert "2026-1" in page.main.text
    kept = session().query(ProgrammeVersion).filter_by(version="2026-2").one()
    page = keeper.get(f"/nl/admin/weights/{kept.id}")
    assert not page.main.select("a[href$='/adopt'], form[action$='/compare']")


@pytest.mark.usefixtures("town")
@pytest.mark.parametrize("lang", ["x-pseudo", "nl", "ar"])
def test_pages_with_everything(keeper, lang):
    send(keeper, lang=lang)
    send(
        keeper,
        WEIGHTS.replace(b"2026-2", b"by-hand") + b"[rules]\nshared_language = false\n",
        None,
        lang=lang,
    )
    short = Evidence(
        outcomes=9, newcomers=9, went_on=5, did_not=4, current_version="2026-1", proposed_version="short"
    )  # fmt: skip
    send(keeper, WEIGHTS.replace(b"2026-2", b"short"), evidence_json(short).encode(), lang=lang)
    keeper.get(f"/{lang}/admin/weights")
    for kept in session().query(ProgrammeVersion).all():
        keeper.get(f"/{lang}/admin/weights/{kept.id}")
        keeper.get(f"/{lang}/admin/weights/{kept.id}/adopt")


@pytest.mark.parametrize("lang", ["x-pseudo", "nl", "ar"])
@pytest.mark.parametrize("state", list(RunState))
def test_nobody_waits_and_every_state_of_a_comparison(keeper, lang, state):
    send(keeper, evidence=None)
    kept = session().query(ProgrammeVersion).filter_by(version="2026-2").one()
    keeper.get(f"/{lang}/admin/weights/{kept.id}")
    with transaction():
        kept.state = state
    keeper.get(f"/{lang}/admin/weights/{kept.id}")


def test_compare_again(keeper):
    page = send(keeper, evidence=None)
    kept = session().query(ProgrammeVersion).filter_by(version="2026-2").one()
    keeper.submit(page, "form[action$='/compare']")
    session().expire_all()
    assert (kept.state, kept.attempt) == (RunState.DONE, 2)


@pytest.mark.parametrize(
    ("weights", "evidence"),
    [(b"", None), (b"<html>", None), (WEIGHTS, b"[]"), (WEIGHTS, b"x" * (programmes.LARGEST + 1))],
)
def test_a_wrong_file_is_refused_with_the_reason(keeper, weights, evidence):
    page = send(keeper, weights, evidence, status=422)
    assert page.main.select_one("[role=alert], .errors, .error")
    assert session().query(ProgrammeVersion).count() == 1


def test_two_programmes_are_chosen_from(keeper):
    with transaction() as db:
        first = db.query(Programme).one()
        db.add(Programme(name="Ander", weights_version="x", weights={**first.weights, "version": "x"}))
    page = keeper.get("/nl/admin/weights")
    assert len(page.main.select("select[name=programme] option")) == 2
    assert keeper.get("/x-pseudo/admin/weights")


def test_coordinators_do_not_see_it(signed_in):
    signed_in(factories.coordinator()).get("/nl/admin/weights", status=403)
