"""What was decided or signed before stays as it is, whatever is sent again, and by whomever of those who may not (items 42, 44, 47, 48)."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from app.clock import in_brussels, now
from app.db import session, transaction
from app.extensions import queue
from app.models import Duo, Grant, HourEntry, Run, Transition
from app.security.viewer import ANONYMOUS
from app.services import confirmations
from app.vocabulary import DuoState, EntryState, ProposalRefusal, Role
from tests import factories
from tests.hours_acts import link_to
from tests.hours_world import SUBMITTED, World, by_account, track_for
from tests.pairs import NETWORK, Pairing
from tests.racing import at_once

SENT = {
    "approve": {},
    "hold": {},
    "instead": {"buddy": "other"},
    "refuse": {"reason": ProposalRefusal.NOT_A_FIT.value},
}


@pytest.mark.parametrize("state", ["refused", "lapsed", "told"])
def test_an_old_form_about_a_pair_changes_nothing(site, signed_in, state):
    """The same page of the plan, left open since: refused, of an older plan, or told by now."""
    pairing = Pairing(state)
    office = signed_in(pairing.coordinator)
    before = pairing.stands(), pairing.rests(), session().query(Transition).count()
    for act, fields in SENT.items():
        sent = {
            name: str(pairing.other_buddy_id) if text == "other" else text for name, text in fields.items()
        }
        page = office.post(f"/nl/matching/proposals/{pairing.key}/{act}", sent, status=409)
        assert page.soup.select_one(".messages").get_text(strip=True)
    assert (pairing.stands(), pairing.rests(), session().query(Transition).count()) == before


def test_a_second_start_hears_since_when_a_plan_is_made(site, signed_in, monkeypatch):
    monkeypatch.setattr(queue, "put", lambda *_job: None)
    office = [signed_in(factories.coordinator(NETWORK)) for _ in range(2)]
    pages = [desk.post("/nl/matching/runs", {"network": NETWORK}) for desk in office]
    assert pages[0].response.request.path == pages[1].response.request.path
    since = in_brussels(session().query(Run).one().created_at)
    assert f"{since:%H:%M}" in pages[1].soup.select_one(".messages").get_text()


def test_two_contact_persons_sign_one_line_and_the_second_hears_who_was_first(site):
    """Two people of one organisation, each by her own way in, at the same moment."""
    house = factories.organisation()
    first, second = (factories.organisation_contact(house, full_name=name) for name in ("Olena", "Marleen"))
    contact = factories.contact(name="Buurthuis", organisation_id=house.id)
    newcomer, offer = factories.newcomer(), factories.offer(contact_person=contact, organisation_id=house.id)
    signers = [by_account(factories.viewer(person)) for person in (first, second)]
    signers.append(confirmations.signer_by_link(link_to(contact.id), ANONYMOUS))
    for number in range(4):
        key = factories.entry(newcomer, offer, state=SUBMITTED).id
        heard = at_once(
            site, number, *[lambda who=who, key=key: confirmations.confirm(who, [key]) for who in signers]
        )
        entry = session().get_one(HourEntry, key, populate_existing=True)
        assert heard.count(1) == 1, heard
        assert entry.confirmed_name == signers[heard.index(1)].name
        refused = [str(said.message) for said in heard if said != 1]
        assert [entry.confirmed_name in words for words in refused] == [True, True], refused
        proof_id = entry.proof_id
    seen = [line.id for line in session().query(HourEntry).filter_by(proof_id=proof_id)]
    signing = [
        lambda who=who: confirmations.sign(who, proof_id, seen=seen, track_for=track_for).signed_name for who in signers
    ]  # fmt: skip
    heard = at_once(site, 1, *signing)
    (name,) = [said for said in heard if isinstance(said, str)]
    assert [name in str(said.message) for said in heard if not isinstance(said, str)] == [True, True], heard


def test_a_newcomer_who_speaks_for_an_organisation_does_not_sign_the_own_hours(site, signed_in):
    house = factories.organisation()
    contact = factories.contact(organisation_id=house.id)
    newcomer = factories.newcomer()
    with transaction() as inside:
        inside.add(Grant(person_id=newcomer.person_id, role=Role.ORGANISATION, organisation_id=house.id))
    entry = factories.entry(
        newcomer, factories.offer(contact_person=contact, organisation_id=house.id), state=SUBMITTED
    )
    hers = signed_in(newcomer.person)
    hers.post("/nl/to-confirm", {"entry": str(entry.id)}, status=403)
    hers.post(f"/nl/to-confirm/{entry.id}", {"other-minutes": "1:00"}, status=403)
    hers.post(f"/nl/c/{link_to(contact.id)}", {"entry": str(entry.id)}, status=403)
    assert session().get_one(HourEntry, entry.id, populate_existing=True).state is SUBMITTED


def test_a_buddy_whose_duo_ended_yesterday_does_not_sign_for_today(site, signed_in):
    world = World()
    today = world.entry(SUBMITTED, starts_at=now() - timedelta(hours=3))
    earlier = world.entry(SUBMITTED, starts_at=now() - timedelta(days=9))
    with transaction() as inside:
        inside.execute(
            update(Duo).where(Duo.id == world.duo.id).values(state=DuoState.ENDED, ended_at=now() - timedelta(days=1))
        )  # fmt: skip
    buddy = signed_in(world.buddy.person)
    for path, fields in (
        ("/nl/to-confirm", {"entry": str(today.id)}),
        (f"/nl/to-confirm/{today.id}", {"other-minutes": "1:00"}),
    ):
        buddy.post(path, fields, status=403)
    buddy.post("/nl/to-confirm", {"entry": str(earlier.id)})
    states = [session().get_one(HourEntry, one.id, populate_existing=True).state for one in (today, earlier)]
    assert states == [SUBMITTED, EntryState.CONFIRMED]
