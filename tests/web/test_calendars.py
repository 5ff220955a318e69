"""Meetings and talks for one's calendar: as a file with the mail and from the own page, for nobody else."""

from datetime import timedelta
from email import message_from_bytes
from email.policy import default

import pytest
from icalendar import Calendar

from app.clock import now
from app.db import session, transaction
from app.i18n import gettext as _
from app.i18n import speak
from app.mailer import _as_email
from app.models import Message, Network
from app.services import buddies, duos, intake, newcomers, screening
from app.vocabulary import BuddyState, DuoState, NewcomerState
from app.vocabulary.screening import BuddyRefusal
from tests import factories
from tests.duets import INSIDERS, LINKS, STRANGERS, Duet

SOON = timedelta(days=3)
CANARIES = ("+3247", "person", "@example.be")


def page_for(locale):
    return f"http://localhost/{locale}/account"


def event_of(text):
    return Calendar.from_ical(text).walk("VEVENT")[0]


def sent(kind, person):
    """The file that went with the last message of that kind to that person."""
    found = (
        session().query(Message).filter_by(kind=kind, person_id=person.id).order_by(Message.id.desc()).first()
    )
    return found.facts.get("calendar")


def plan(duet, *, at=None, by="newcomer"):
    duos.plan_meeting(duet.as_(by), duet.duo.id, at=at or now() + SOON, where="Café De Kroon", links=LINKS)


@pytest.mark.parametrize("lang", ["nl", "ar"])
def test_the_meeting_goes_with_the_mail_in_each_ones_language(site, signed_in, lang):
    duet = Duet(DuoState.MEETING)
    plan(duet)
    for person, other, tag in (
        (duet.newcomer.person, duet.buddy.person, "ar"),
        (duet.buddy.person, duet.newcomer.person, "nl"),
    ):
        text = sent("duo-meeting-planned", person)
        found = event_of(text)
        assert found["SUMMARY"].params["LANGUAGE"] == tag
        assert other.first_name in found["SUMMARY"]
        assert found["LOCATION"] == "Café De Kroon"
        assert ("----" in found["DESCRIPTION"]) == (tag == "ar"), "Dutch below, for newcomers"
        assert not [canary for canary in CANARIES if canary in text.replace("no-reply@", "")]
    own = signed_in(duet.newcomer.person)
    assert f"/{lang}/my-duo/{duet.duo.id}/meeting.ics" in own.get(f"/{lang}/my-duo").links()
    answer = own.send("GET", f"/{lang}/my-duo/{duet.duo.id}/meeting.ics")
    assert answer.mimetype == "text/calendar"
    assert answer.headers["Content-Disposition"].startswith("attachment; filename=")
    assert "no-store" in answer.headers["Cache-Control"]
    taken = event_of(answer.get_data(as_text=True))
    assert taken["SUMMARY"].params["LANGUAGE"] == lang
    assert taken["UID"] == found["UID"]


def test_a_mail_carries_the_file_as_a_calendar(site):
    duet = Duet(DuoState.MEETING)
    plan(duet)
    message = (
        session()
        .query(Message)
        .filter_by(kind="duo-meeting-planned", person_id=duet.newcomer.person_id)
        .one()
    )
    mail = message_from_bytes(bytes(_as_email(message, "Samenspoor <x@samenspoor.example>")), policy=default)
    (attached,) = mail.iter_attachments()
    assert attached.get_content_type() == "text/calendar"
    assert attached.get_param("method") == "PUBLISH"
    assert attached.get_filename() == "samenspoor.ics"
    content = attached.get_content()
    assert event_of(content)["SUMMARY"] == event_of(message.facts["calendar"])["SUMMARY"]
    assert [part.get_content_type() for part in mail.walk()][1:4] == [
        "multipart/alternative",
        "text/plain",
        "text/html",
    ]


def test_moved_and_taken_back(site):
    duet = Duet(DuoState.MEETING)
    plan(duet)
    first = event_of(sent("duo-meeting-planned", duet.buddy.person))
    plan(duet, at=now() + 2 * SOON, by="coordinator")
    moved = event_of(sent("duo-meeting-planned", duet.buddy.person))
    duos.take_back(duet.as_("coordinator"), duet.duo.id, links=LINKS)
    for person in (duet.buddy.person, duet.newcomer.person):
        gone = event_of(sent("duo-declined", person))
        assert gone["UID"] == first["UID"] == moved["UID"]
        assert gone["STATUS"] == "CANCELLED"
        assert gone.start == moved.start > first.start
    assert [found["SEQUENCE"] for found in (first, moved, gone)] == [0, 1, 2]


def test_a_meeting_that_took_place_is_not_taken_back(site):
    duet = Duet(DuoState.MEETING, first_meeting_at=now() - SOON, first_meeting_where="Café")
    duos.take_back(duet.as_("coordinator"), duet.duo.id, links=LINKS)
    assert sent("duo-declined", duet.buddy.person) is None


@pytest.mark.parametrize("state", list(DuoState))
def test_no_file_before_contact_is_shared_nor_after_the_duo(site, signed_in, state):
    duet = Duet(state, first_meeting_at=now() + SOON)
    shared = state in (DuoState.MEETING, DuoState.ACTIVE, DuoState.PAUSED)
    for person in (duet.newcomer.person, duet.buddy.person):
        answer = signed_in(person).send("GET", f"/nl/my-duo/{duet.duo.id}/meeting.ics")
        assert answer.status_code == (200 if shared else 404)


def test_no_file_without_a_plan(site, signed_in):
    duet = Duet(DuoState.MEETING)
    assert (
        signed_in(duet.buddy.person).send("GET", f"/nl/my-duo/{duet.duo.id}/meeting.ics").status_code == 404
    )


@pytest.mark.parametrize("name", sorted({*INSIDERS, *STRANGERS} - {"newcomer", "buddy"}))
def test_no_file_for_anybody_else(site, signed_in, name):
    duet = Duet(DuoState.MEETING, first_meeting_at=now() + SOON)
    person = {"coordinator": duet.coordinator, "counsellor": duet.counsellor}.get(name) or STRANGERS[name]()
    answer = signed_in(person).send("GET", f"/nl/my-duo/{duet.duo.id}/meeting.ics")
    assert answer.status_code in (403, 404)
    assert b"VEVENT" not in answer.get_data()


# --- talks


def candidates():
    """(record, plan, refuse or advise, withdraw, address) of a buddy and of a newcomer."""
    return {
        "buddy": (
            factories.buddy(state=BuddyState.VERIFIED, locale="fr"),
            screening.plan_talk,
            lambda who, key: screening.refuse(who, key, reason=next(iter(BuddyRefusal))),
            buddies.withdraw,
            ("buddy", "buddy/talk.ics"),
            ("buddy-not-accepted", "buddy-stopped"),
        ),
        "newcomer": (
            factories.newcomer(state=NewcomerState.REGISTERED),
            intake.plan_talk,
            lambda who, key: intake.advise(who, key, page_for=page_for),
            newcomers.withdraw,
            ("my-track", "my-track/talk.ics"),
            ("other-offer-first", "newcomer-stopped"),
        ),
    }


@pytest.mark.parametrize("role", ["buddy", "newcomer"])
def test_a_talk_is_planned_moved_and_taken_back(site, signed_in, role):
    els = factories.coordinator()
    with transaction() as db:
        network = db.get_one(Network, "rivierenland")
        network.caller_name, network.help_phone = "Els Peeters", "+3215123456"
    record, plan_talk, let_go, _withdraw, (home, path), (kind, _other) = candidates()[role]
    own = signed_in(record.person)
    assert own.send("GET", f"/nl/{path}").status_code == 404
    for days in (3, 5):
        plan_talk(factories.viewer(els), record.id, at=now() + timedelta(days=days), page_for=page_for)
    moved = event_of(sent("talk-planned", record.person))
    assert moved["SEQUENCE"] == 1
    with speak(record.person.locale):
        assert moved["SUMMARY"] == _("Your first talk")
    for lang in ("x-pseudo", "nl", "ar"):
        assert f"/{lang}/{path}" in own.get(f"/{lang}/{home}").links()
    taken = event_of(own.send("GET", f"/nl/{path}").get_data(as_text=True))
    assert (taken["UID"], taken["SEQUENCE"], taken.start) == (moved["UID"], 1, moved.start)
    assert "+32 15 12 34 56" in taken["DESCRIPTION"]
    let_go(factories.viewer(els), record.id)
    gone = event_of(sent(kind, record.person))
    assert (gone["UID"], gone["SEQUENCE"], gone["STATUS"]) == (moved["UID"], 2, "CANCELLED")
    assert own.send("GET", f"/nl/{path}").status_code == 404


@pytest.mark.parametrize("role", ["buddy", "newcomer"])
def test_who_stops_takes_the_talk_back(site, role):
    els = factories.coordinator()
    record, plan_talk, _let_go, withdraw, _paths, (_other, kind) = candidates()[role]
    plan_talk(factories.viewer(els), record.id, at=now() + SOON, page_for=page_for)
    withdraw(factories.viewer(record.person))
    assert event_of(sent(kind, record.person))["STATUS"] == "CANCELLED"


def test_a_talk_that_is_over_is_not_told(site):
    els, buddy = factories.coordinator(), factories.buddy(state=BuddyState.VERIFIED)
    screening.plan_talk(factories.viewer(els), buddy.id, at=now() - SOON, page_for=page_for)
    assert session().query(Message).filter_by(kind="talk-planned").count() == 0
