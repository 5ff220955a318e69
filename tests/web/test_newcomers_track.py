"""My track, and what its pages weigh and ask."""

from datetime import timedelta

import pytest

from app.clock import now
from app.db import session, transaction
from app.models import HourEntry, Network, Newcomer
from app.vocabulary import DuoState, EntryState
from tests import duo_factories, factories
from tests.counting import statements
from tests.hours_screens import LANGS, link_in_mail


@pytest.fixture
def people(site):
    """A newcomer with counsellor and contract, and a published offer near."""
    counsellor = factories.counsellor(full_name="Els Peeters")
    newcomer = factories.newcomer(name="أحمد", counsellor=counsellor)
    factories.contract(newcomer, counsellor)
    contact = factories.contact(name="Olena Café", email="olena@example.be")
    offer = factories.offer(title="Taalcafé", contact_person=contact)
    return newcomer, counsellor, offer


@pytest.mark.parametrize("also_dutch", [False, True])
@pytest.mark.parametrize("lang", LANGS)
def test_tracks_of_those_who_wait(site, signed_in, lang, also_dutch):
    with transaction() as db:
        db.get(Network, "rivierenland").caller_name = "Jan Claes"
    for state in ("registered", "waiting", "proposed", "advised_other_offer", "left"):
        client = signed_in(factories.newcomer(state=state).person)
        if also_dutch:
            client.post(f"/{lang}/also-in-dutch", {"on": "1", "next": f"/{lang}/my-track"})
        page = client.get(f"/{lang}/my-track")
        assert page.soup.select_one(".next-step")
        if also_dutch and lang == "ar":
            assert page.soup.select_one("h1 .dutch[lang=nl]")


def test_pages_ask_little_of_the_database(people, signed_in, browser):
    newcomer, counsellor, offer = people
    buddy = factories.buddy()
    duo_factories.duo(newcomer=newcomer, buddy=buddy, approved_by=factories.coordinator())
    for number in range(12):
        factories.entry(
            newcomer, offer, state=list(EntryState)[number % 7], starts_at=now() - timedelta(days=number + 1)
        )
    for number in range(6):
        factories.offer(
            title=f"Aanbod {number}",
            contact_person=factories.contact(organisation_id=factories.organisation().id),
        )
        factories.contract(factories.newcomer(counsellor=counsellor), counsellor)
    hers, office = signed_in(newcomer.person), signed_in(counsellor)
    hers.submit(
        hers.get(f"/nl/hours/{session().query(HourEntry).filter_by(state=EntryState.DRAFT).first().id}"),
        "main form[action$=send]",
    )
    visits = [
        (hers, path)
        for path in (
            "my-track",
            "hours",
            "hours/tell",
            f"hours/tell/{offer.id}",
            f"hours/{session().query(HourEntry).first().id}",
        )
    ]
    visits += [(office, "caseload"), (office, f"caseload/{newcomer.id}"), (browser, link_in_mail()[4:])]
    for client, path in visits:
        with statements() as sent:
            client.get(f"/nl/{path}")
        assert len(sent) <= 8, f"{path}: {len(sent)}\n" + "\n\n".join(sent)


def test_track_is_light(people, signed_in):
    import gzip
    from pathlib import Path

    newcomer, _counsellor, offer = people
    for number in range(12):
        factories.entry(newcomer, offer, starts_at=now() - timedelta(days=number + 1))
        factories.offer(title=f"Aanbod {number}")
    page = signed_in(newcomer.person).get("/ar/my-track")
    static = Path("app/static")
    files = [static / "css/site.css", *(static / "js").glob("*.js")]
    weight = len(gzip.compress(page.html.encode())) + sum(
        len(gzip.compress(file.read_bytes())) for file in files
    )
    assert weight <= 60_000, weight


def test_track_shows_nobody_before_contact_is_shared(people, signed_in):
    newcomer, _counsellor, _offer = people
    buddy = factories.buddy(name="Marleen Maes")
    duo_factories.duo(
        newcomer=newcomer, buddy=buddy, approved_by=factories.coordinator(), state=DuoState.ASKED
    )
    page = signed_in(newcomer.person).get("/nl/my-track")
    assert "Marleen" not in page.html
    assert buddy.person.email not in page.html


def test_who_has_no_track_gets_none(site, signed_in, browser):
    signed_in(factories.coordinator()).get("/nl/my-track", status=403)
    assert browser.get("/nl/my-track").soup.select_one("input[name=password]")
    lost = factories.newcomer()
    with transaction() as db:
        db.delete(db.get(Newcomer, lost.id))
    signed_in(lost.person).get("/nl/my-track", status=404)


@pytest.mark.parametrize("lang", LANGS)
def test_who_still_has_to_confirm_is_named_once_with_a_way_to_ask_again(people, signed_in, lang):
    newcomer, _counsellor, offer = people
    other = factories.offer(
        contact_person=factories.contact(name="Bart <Buur>", email=None, phone="+32470111111")
    )
    for number, about in enumerate((offer, offer, other)):
        factories.entry(
            newcomer, about, state=EntryState.SUBMITTED, starts_at=now() - timedelta(days=number + 2),
            entered_at=now() - timedelta(days=20 - number),
        )  # fmt: skip
    client = signed_in(newcomer.person)
    client.post(f"/{lang}/also-in-dutch", {"on": "1", "next": f"/{lang}/my-track"})
    page = client.get(f"/{lang}/my-track")
    waiting = page.soup.select("section[aria-labelledby=unanswered] article")
    assert [one.select_one("h3").get_text() for one in waiting] == ["Olena Café", "Bart <Buur>"]
    client.submit(page, "section[aria-labelledby=unanswered] form[action$=send]")
    assert not signed_in(factories.newcomer().person).get(f"/{lang}/my-track").soup.select("#unanswered")


@pytest.mark.parametrize(
    ("days", "accepted", "told"),
    [(300, 0, False), (279, 0, False), (278, 0, True), (100, 0, True), (100, 1800, False), (-1, 0, False)],
)
def test_at_the_pace_of_a_duo_it_is_said_early_that_more_is_needed_r39(site, signed_in, days, accepted, told):
    """Two hours every two weeks: forty hours need twenty times two weeks."""
    counsellor = factories.counsellor()
    newcomer = factories.newcomer(counsellor=counsellor)
    factories.contract(newcomer, counsellor, days=days)
    for number in range(accepted // 600):
        at = now() - timedelta(days=number + 3)
        factories.entry(newcomer, factories.offer(), minutes=600, state=EntryState.ACCEPTED, starts_at=at)
    page = signed_in(newcomer.person).get("/ar/my-track")
    assert bool(page.soup.select("#pace")) is told
    assert not told or page.soup.select_one("#pace a")["href"] == "/ar/activities"
    assert not signed_in(factories.newcomer().person).get("/nl/my-track").soup.select("#pace")
