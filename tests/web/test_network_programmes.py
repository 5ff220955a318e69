"""The pages of the programmes of a network, and what people read of them."""

import pytest

from app.clock import today
from app.db import session, transaction
from app.models import Newcomer, Programme, Proposal
from app.queries.network_programmes import named_by
from app.services import matches, network_programmes
from app.services.network_programmes import ProgrammeSettings
from app.vocabulary import DuoState, DutchLevel
from app.vocabulary.records import Answer
from tests import duo_factories, factories
from tests.services.test_matches import fresh

NETWORK = "rivierenland"


@pytest.fixture
def els(site):
    return factories.coordinator()


@pytest.fixture
def families(els):
    wanted = ProgrammeSettings("Gezinnen", 9, 1, 3, DutchLevel.B1)
    return network_programmes.make_programme(factories.viewer(els), NETWORK, wanted)


def test_from_the_settings_to_a_programme_with_texts_and_closed_again(signed_in, els):
    browser = signed_in(els)
    listed = browser.get(f"/nl/network/{NETWORK}/programmes")
    assert len(listed.main.select("section.card h2")) == 1
    page = browser.get(f"/nl/network/{NETWORK}/programmes/new")
    made = browser.submit(
        page,
        name="عائلات",
        months="9",
        weeks_between="1",
        refused_months="3",
        least_dutch="a1",
        municipalities=["Lier"],
    )
    assert made.form()["name"] == "عائلات"
    programme = session().query(Programme).filter_by(network_slug=NETWORK).one()
    assert (programme.months, programme.weeks_between, programme.municipalities) == (9, 1, ["Lier"])
    browser.submit(
        browser.get(f"/nl/network/programmes/{programme.id}/texts/ar"), line="معا", words="كل أسبوع"
    )
    page = browser.get(f"/nl/network/programmes/{programme.id}")
    assert page.main.select_one("[lang=ar][dir=auto]").text == "معا"
    changed = browser.submit(page, months="12")
    assert changed.form()["months"] == "12"
    asked = browser.get(f"/nl/network/programmes/{programme.id}/close")
    closed = browser.submit(asked)
    assert "عائلات" not in closed.main.text
    browser.get(f"/nl/network/programmes/{programme.id}", status=404)


def test_the_shared_programme_becomes_the_own_one(signed_in, els):
    browser = signed_in(els)
    browser.submit(browser.get(f"/nl/network/{NETWORK}/programmes"), "main form[action$=own]")
    own = session().query(Programme).filter_by(network_slug=NETWORK).one()
    assert factories.a_network().programme_id == own.id
    page = browser.get(f"/nl/network/programmes/{own.id}")
    assert "least_dutch" not in page.form()
    assert not page.main.select("a[href$=close]")
    browser.submit(page, months="8")
    assert fresh(Programme, own.id).months == 8


@pytest.mark.parametrize(
    ("field", "value"),
    [("name", ""), ("name", "Gezinnen"), ("months", "5"), ("weeks_between", "4"), ("refused_months", "25"), ("municipalities", ["Gent"])],
)  # fmt: skip
def test_what_is_refused_is_shown_again(signed_in, els, families, field, value):
    browser = signed_in(els)
    page = browser.get(f"/nl/network/{NETWORK}/programmes/new")
    given = {"name": "KANARIE", field: value}
    refused = browser.submit(page, status=422, **given)
    assert refused.form()["name"] == given["name"]
    assert refused.soup.select_one("[role=alert]")
    assert session().query(Programme).filter_by(network_slug=NETWORK).count() == 1


def test_others_find_nothing(signed_in, families):
    browser = signed_in(factories.coordinator("kempen"))
    for path in (
        f"network/{NETWORK}/programmes",
        f"network/programmes/{families}",
        f"network/programmes/{families}/close",
    ):
        browser.get(f"/nl/{path}", status=404)
    signed_in(factories.coordinator()).get(f"/nl/network/programmes/{families}/texts/xx", status=404)


def test_an_open_pair_keeps_a_programme_open_and_says_so(signed_in, els, families):
    factories.newcomer(programme_id=families)
    factories.buddy()
    run_id = matches.start_run(factories.viewer(els), NETWORK, families)
    matches.hold(factories.viewer(els), session().query(Proposal).filter_by(run_id=run_id).one().id)
    browser = signed_in(els)
    page = browser.submit(browser.get(f"/nl/network/programmes/{families}/close"))
    assert page.soup.select_one(".notice")
    assert fresh(Programme, families).closed_on is None


def test_matching_has_a_button_for_each_programme(signed_in, els, families):
    factories.newcomer(programme_id=families)
    factories.buddy()
    browser = signed_in(els)
    page = browser.get("/nl/matching")
    assert [int(tag["value"]) for tag in page.main.select("input[name=programme]")] == [1, families]
    found = browser.post("/nl/matching/runs", {"network": NETWORK, "programme": families})
    assert "Gezinnen" in found.text


def test_a_newcomer_is_placed_with_a_hint_and_not_refused(signed_in, els, families):
    person = factories.newcomer(dutch_level=DutchLevel.NONE)
    browser = signed_in(els)
    after = browser.post(f"/nl/people/newcomers/{person.id}/programme", {"place-programme": families})
    assert fresh(Newcomer, person.id).programme_id == families
    chosen = after.main.select_one("select[name=place-programme] option[selected]")
    assert chosen["value"] == str(families)
    assert after.main.select_one("#hint-place-programme")


def test_a_buddy_takes_part_in_some(signed_in, els, families):
    buddy = factories.buddy()
    browser = signed_in(els)
    after = browser.post(f"/nl/people/buddies/{buddy.id}/programmes", {"place-programmes": [families]})
    assert named_by(buddy.id) == [families]
    assert [tag["value"] for tag in after.main.select("input[name=place-programmes][checked]")] == [
        str(families)
    ]


def test_an_agreement_begins_with_the_programme(signed_in, els, families):
    duo = duo_factories.duo(
        newcomer=factories.newcomer(programme_id=families), buddy=factories.buddy(), approved_by=els,
        state=DuoState.MEETING, newcomer_after=Answer.YES, buddy_after=Answer.YES,
    )  # fmt: skip
    form = signed_in(els).get(f"/nl/duos/{duo.id}")
    chosen = {tag.parent["name"]: tag["value"] for tag in form.main.select("option[selected]")}
    assert (chosen["months"], chosen["weeks_between"]) == ("9", "1")


@pytest.mark.parametrize(("lang", "line"), [("ar", "مع عائلتك"), ("so", "Met je gezin")])
def test_both_read_what_to_expect(signed_in, els, families, lang, line):
    viewer = factories.viewer(els)
    network_programmes.write_text(viewer, families, "nl", line="Met je gezin", words="Elke week.")
    network_programmes.write_text(viewer, families, "ar", line="مع عائلتك", words="")
    newcomer = factories.newcomer(programme_id=families)
    buddy = factories.buddy()
    duo_factories.duo(newcomer=newcomer, buddy=buddy, approved_by=els, starts_on=today(), ends_on=today())
    for person in (newcomer.person, buddy.person):
        page = signed_in(person).get(f"/{lang}/my-duo")
        assert page.main.find(string=line).find_parent(attrs={"lang": True})["lang"] == (
            "ar" if lang == "ar" else "nl"
        )


def test_nobody_reads_of_a_programme_without_text(signed_in, els):
    newcomer = factories.newcomer()
    duo_factories.duo(
        newcomer=newcomer, buddy=factories.buddy(), approved_by=els, starts_on=today(), ends_on=today()
    )
    with transaction():
        assert session().query(Programme).count() == 1
    assert not signed_in(newcomer.person).get("/nl/my-duo").main.select("h3")
