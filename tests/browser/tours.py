"""Every page of the site as somebody meets it: who looks, what is in the database, and at which addresses.

A tour puts what it needs into a fresh database and says where its traveller stops. Together the tours stop at every
page that the site can show: tests/browser/test_every_page.py fails when a route is forgotten.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from app.clock import now, today
from app.db import transaction
from app.forms.registrations import EDITABLE, STEPS
from app.models import Proposal
from app.services import attendance, matches
from app.services.accounts import new_link
from app.services.trajectories import new_counsellor_code
from app.vocabulary import BuddyState, DuoState, EntryState, HoursRefusal, NewcomerState, ProposalState
from app.vocabulary.records import LinkPurpose
from tests import duo_factories, factories, joining
from tests.hours_world import World, by_account
from tests.web.walks import answered, new_browser

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask

    from app.models import Buddy, Person
    from tests.client import Client

LONG_NAME = "Verantwoordelijkheidsgevoel van den Broucke-Ó Súilleabháin أحمد"


@dataclass(frozen=True)
class Stop:
    """A page: its endpoint, its address after the language, and the form that is sent there, if any."""

    endpoint: str
    path: str
    status: int = 200
    sends: dict[str, str] | None = None


@dataclass(frozen=True)
class Tour:
    """Where one browser comes, and the cookie that says whose browser it is."""

    stops: tuple[Stop, ...]
    cookie: str | None = None


@dataclass(frozen=True)
class Ground:
    """What a tour may use: the site, a language, and a way to be signed in."""

    site: Flask
    lang: str
    signed_in: Callable[[Person], Client]

    def of(self, person: Person, *stops: Stop) -> Tour:
        """A tour of somebody who is signed in."""
        return Tour(stops, cookie_of(self.signed_in(person)))


def cookie_of(client: Client) -> str:
    """The session of a browser."""
    kept = client.browser.get_cookie("samenspoor")
    assert kept is not None
    return kept.value


def refused(endpoint: str, path: str, **sends: str) -> Stop:
    """The page after its form was sent without what it asks for, or with these values."""
    return Stop(endpoint, path, 422, sends)


def sheet_of(world: World) -> str:
    """The code of a sheet of paper that the buddy printed for yesterday."""
    signer = by_account(factories.viewer(world.buddy.person))
    return attendance.sheet_for_group(signer, world.offer.id, factories.days_from_now(-1)).code


# --- nobody in particular


def public(ground: Ground) -> Tour:
    """Pages that everybody sees, and links that come in a letter."""
    signing = World()
    paper = factories.proof(signing.entry(EntryState.CONFIRMED, confirmed_name="Marleen"))
    signs = f"c/{signing.link()}/proof/{paper.id}"
    offers = [
        factories.offer(title="Taalcafé", words="Koffie en gesprek. " * 6, price_words="gratis")
        for _ in range(3)
    ]
    world = World()
    entry = world.entry(EntryState.SUBMITTED)
    asked = duo_factories.duo(
        newcomer=factories.newcomer(),
        buddy=factories.buddy(),
        approved_by=world.coordinator,
        state=DuoState.ASKED,
    )
    answer = new_link(
        LinkPurpose.ANSWER_DUO, locale="nl", person_id=asked.newcomer.person_id, duo=asked.id, question="meet"
    )
    stop = new_link(LinkPurpose.REPORT_DUO, locale="nl", person_id=world.newcomer.person_id, duo=world.duo.id)
    over = duo_factories.duo(newcomer=factories.newcomer(), buddy=factories.buddy(), approved_by=world.coordinator, state=DuoState.ENDED, ended_at=now())  # fmt: skip
    looks = new_link(LinkPurpose.REPORT_DUO, locale="nl", person_id=over.newcomer.person_id, duo=over.id)
    hours, person = world.link(), world.newcomer.person_id
    sheet = sheet_of(world)
    links = {purpose: new_link(purpose, locale="nl", person_id=person) for purpose in (
        LinkPurpose.SIGN_IN, LinkPurpose.RESET_PASSWORD, LinkPurpose.CONFIRM_ADDRESS
    )}  # fmt: skip
    password = f"password/{links[LinkPurpose.RESET_PASSWORD]}"
    ready = new_link(LinkPurpose.STILL_AVAILABLE, locale="nl", person_id=factories.buddy().person_id)
    contact = new_link(LinkPurpose.CONFIRM_HOURS, locale="nl", contact_person_id=factories.contact().id)
    stays = new_link(LinkPurpose.STAY, locale="nl", person_id=factories.buddy().person_id)
    return Tour((
        Stop("staying.by_link", f"k/{stays}"), Stop("buddies.available", f"a/{ready}"), refused("buddies.available", f"a/{ready}"),
        Stop("pages.home", ""), Stop("pages.how_it_works", "how-it-works"), Stop("offers.index", "activities"),
        Stop("reports.numbers", "numbers"), Stop("pages.open_data", "open-data"), Stop("pages.privacy", "privacy"), Stop("pages.help", "help"),
        Stop("pages.accessibility", "accessibility"), Stop("pages.languages", "languages"),
        Stop("offers.show", f"activities/{offers[0].id}"), Stop("offers.index", "activities?place=2800&day=sat&suited=children"),
        Stop("offers.index", "activities?q=xyzzy&place=Halle&km=5"), Stop("offers.index", "activities?view=map"), Stop("offers.index", "activities?view=map&network=rivierenland"),
        Stop("offers.index", "activities?view=week&q=cooking"), Stop("offers.week_sheet", "activities/week-sheet/Mechelen"),
        Stop("sharing.door", "share/buddy"),
        Stop("proofs.guide", "proof-guide"), Stop("proofs.check", f"proof/{paper.paper.public_number}"),
        Stop("proofs.check", "proof/not-there", 0), Stop("confirmations.proof", signs),
        Stop("sharing.door", "share/newcomer?to=ar"), Stop("remarks.report", "remark?page=/ar/help"),
        refused("remarks.report", "remark"), Stop("accounts.sign_in", "sign-in"), refused("accounts.sign_in", "sign-in"),
        Stop("accounts.code", "sign-in/code"), refused("accounts.code", "sign-in/code", code="x"),
        Stop("accounts.ask_link", "sign-in/link"), refused("accounts.ask_link", "sign-in/link"),
        Stop("accounts.ask_link", "sign-in/link", sends={"email": "somebody@example.be"}),
        Stop("accounts.ask_password", "password"), Stop("accounts.use_link", f"sign-in/link/{links[LinkPurpose.SIGN_IN]}"),
        Stop("accounts.new_password", password), refused("accounts.new_password", password, password="x"),
        Stop("accounts.confirm_address", f"confirm-address/{links[LinkPurpose.CONFIRM_ADDRESS]}"),
        Stop("attendance.by_link", f"c/{hours}/sheet"), refused("attendance.by_link", f"c/{hours}/sheet", day="x"),
        Stop("attendance.paper", f"sheet/{sheet}"), Stop("confirmations.show", f"c/{hours}"), Stop("confirmations.forget", f"c/{contact}/delete"), Stop("confirmations.differ", f"c/{hours}/{entry.id}"),
        refused("confirmations.differ", f"c/{hours}/{entry.id}"), Stop("duos.by_link", f"d/{answer}"),
        refused("duos.by_link", f"d/{answer}"), Stop("safety.by_link", f"d/{stop}/report"),
        Stop("duos.look_back_by_link", f"d/{looks}/look-back"), refused("duos.look_back_by_link", f"d/{looks}/look-back"),
    ))  # fmt: skip


def nothing_yet(ground: Ground) -> Tour:
    """What everybody sees before there is anything, and what cannot be shown."""
    return Tour((
        Stop("offers.index", "activities"), Stop("reports.numbers", "numbers"), Stop("pages.home", "nowhere", 404),
        Stop("confirmations.show", "c/not-there", 404), Stop("accounts.use_link", "sign-in/link/not-there", 404),
        Stop("registrations.resume", "register/newcomer/continue/not-there", 410),
        Stop("organisations.register", "register/organisation"), refused("organisations.register", "register/organisation"),
        Stop("organisations.registered", "register/organisation/done"),
    ))  # fmt: skip


def begins(kind: str) -> Callable[[Ground], Tour]:
    """Every step of a registration, sent without an answer."""

    def tour(_ground: Ground) -> Tour:
        first = STEPS[kind][0].slug
        return Tour((
            Stop("registrations.start", f"register/{kind}"), refused("registrations.step", f"register/{kind}/{first}"),
            *(Stop("registrations.step", f"register/{kind}/{step.slug}", 0, {}) for step in STEPS[kind][1:]),
        ))  # fmt: skip

    return tour


def registers(kind: str) -> Callable[[Ground], Tour]:
    """Every step of a registration with its answers, coming back to it, and going on elsewhere."""

    def tour(ground: Ground) -> Tour:
        browser = new_browser(ground.site)
        answered(browser, kind, ground.lang, until=STEPS[kind][-1].slug)
        return Tour((
            *(Stop("registrations.step", f"register/{kind}/{step.slug}") for step in STEPS[kind]),
            Stop("registrations.start", f"register/{kind}"), Stop("registrations.later", f"register/{kind}/later"),
        ), cookie_of(browser))  # fmt: skip

    return tour


def registered(kind: str) -> Callable[[Ground], Tour]:
    """What comes when the last question is answered."""

    def tour(ground: Ground) -> Tour:
        browser = new_browser(ground.site)
        answered(browser, kind, ground.lang)
        end = (
            Stop("registrations.done", "register/buddy/done")
            if kind == "buddy"
            else Stop("registrations.card", "register/card")
        )
        return Tour((end,), cookie_of(browser))

    return tour


# --- newcomers and buddies


def newcomer(ground: Ground) -> Tour:
    """Somebody with a buddy, a contract, and hours in every state."""
    world = World()
    person = world.newcomer.person
    with transaction() as db:
        db.get_one(type(world.duo), world.duo.id).ends_on = factories.days_from_now(90)
        db.get_one(type(person), person.id).full_name = LONG_NAME
    entries = {
        state: world.entry(state, refusal=HoursRefusal.NOT_PRESENT if state is EntryState.REFUSED else None)
        for state in EntryState
        if state is not EntryState.REVERSED
    }
    offer = factories.offer(title="Taalcafé", gatherings=[factories.weekly()])
    mine = joining.sign_up_of(joining.comes_to(offer, world.newcomer), offer)
    agreed = factories.consent(person).id
    leave = new_link(LinkPurpose.LEAVE_ACTIVITY, locale="nl", person_id=person.id, sign_up=mine.id)
    code = new_counsellor_code(
        factories.viewer(world.counsellor), secret_key=ground.site.config["SECRET_KEY"]
    )
    tell = f"hours/tell/{world.offer.id}"
    return ground.of(
        person,
        Stop("newcomers.track", "my-track"), Stop("proofs.mine", "my-track/proofs"), Stop("offers.show", f"activities/{offer.id}"),
        Stop("sign_ups.by_link", f"j/{leave}"), Stop("newcomers.counsellor", "my-track/counsellor"),
        refused("newcomers.counsellor", "my-track/counsellor", code="x"),
        Stop("newcomers.counsellor", "my-track/counsellor", sends={"code": code}),
        Stop("hours.index", "hours"), Stop("hours.tell", "hours/tell"), Stop("hours.other", "hours/tell/other"),
        refused("hours.other", "hours/tell/other"), Stop("hours.about", tell), refused("hours.about", tell),
        Stop("attendance.own", f"{tell}/sheet"), refused("attendance.own", f"{tell}/sheet", day="x"),
        *(Stop("hours.show", f"hours/{entry.id}") for entry in entries.values()),
        Stop("hours.take_back", f"hours/{entries[EntryState.SUBMITTED].id}/take-back"),
        Stop("duos.mine", "my-duo"), Stop("safety.report", f"my-duo/{world.duo.id}/report"),
        refused("safety.report", f"my-duo/{world.duo.id}/report", words="x" * 2001), Stop("duos.end", f"duos/{world.duo.id}/end"),
        refused("duos.end", f"duos/{world.duo.id}/end"), Stop("newcomers.answers", "my-answers"),
        *(Stop("newcomers.edit", f"my-answers/{step.slug}") for step in EDITABLE["newcomer"]),
        Stop("newcomers.stop", "my-answers/stop"),
        Stop("privacy.my_data", "my-data"), Stop("privacy.my_data_paper", "my-data/paper"), Stop("privacy.agreed", f"my-data/texts/{agreed}"), Stop("privacy.erase", "my-data/delete"), Stop("privacy.agree", "my-data/texts"),
        Stop("accounts.account", "account"),
        refused("accounts.account", "account", full_name=""), Stop("accounts.change_password", "account/password"),
        Stop("pages.home", "today", 403),
    )  # fmt: skip


def new_newcomer(ground: Ground) -> Tour:
    """Somebody who registered a moment ago, without an e-mail address."""
    made = factories.newcomer(state=NewcomerState.REGISTERED, email=False)
    return ground.of(
        made.person, Stop("proofs.mine", "my-track/proofs"), Stop("accounts.taken_over", "account/yours"), Stop("accounts.add_address", "account/address"),
        refused("accounts.add_address", "account/address"), Stop("newcomers.track", "my-track"), Stop("hours.index", "hours"), Stop("hours.tell", "hours/tell"),
        Stop("duos.mine", "my-duo"), Stop("privacy.my_data", "my-data"), Stop("pages.home", ""),
    )  # fmt: skip


def choosing(ground: Ground) -> Tour:
    """Three buddies to choose from, signed in and by the link of the letter; and nobody to choose."""
    els, made = factories.coordinator(), factories.newcomer()
    factories.buddy()
    matches.start_run(factories.viewer(els), "rivierenland")
    with transaction() as db:
        like = db.query(Proposal).filter_by(newcomer_id=made.id).one()
        like.state = ProposalState.LAPSED
    buddies = [factories.buddy(name=name) for name in ("Marleen", LONG_NAME, "Jo")]
    wish = duo_factories.wish(made, like, els, *buddies)
    token = new_link(LinkPurpose.ANSWER_DUO, locale="nl", person_id=made.person_id, wish=wish.id)
    return ground.of(
        made.person, Stop("newcomers.track", "my-track"), Stop("wishes.choose", "my-choice"),
        refused("wishes.choose", "my-choice", buddy="x"), Stop("wishes.by_link", f"w/{token}"),
    )  # fmt: skip


def meeting(state: DuoState, **values: object) -> Callable[[Ground], Tour]:
    """The page of a duo on its way, for the newcomer."""

    def tour(ground: Ground) -> Tour:
        world = World()
        made = factories.newcomer()
        duo_factories.duo(
            newcomer=made, buddy=factories.buddy(), approved_by=world.coordinator, state=state,
            **{key: value() if callable(value) else value for key, value in values.items()},
        )  # fmt: skip
        return ground.of(made.person, Stop("duos.mine", "my-duo"), Stop("newcomers.track", "my-track"))

    return tour


def volunteer(ground: Ground) -> Tour:
    """A buddy with a newcomer, and hours to confirm."""
    world = World()
    with transaction() as db:
        db.get_one(type(world.duo), world.duo.id).ends_on = factories.days_from_now(90)
    entry = world.entry(EntryState.SUBMITTED)
    paper = factories.proof(world.entry(EntryState.CONFIRMED, confirmed_name="Marleen"))
    end = f"duos/{world.duo.id}/end"
    return ground.of(
        world.buddy.person,
        Stop("buddies.home", "buddy"), Stop("duos.mine", "my-duo"), Stop("hours.tell", "hours/tell"),
        *(Stop("buddies.edit", f"buddy/answers/{step.slug}") for step in EDITABLE["buddy"]),
        Stop("buddies.pause", "buddy/pause"), refused("buddies.pause", "buddy/pause", until="x"),
        Stop("buddies.stop", "buddy/stop"), Stop("buddies.trainings", "buddy/trainings"),
        refused("buddies.trainings", "buddy/trainings"),
        Stop("confirmations.mine", "to-confirm"), Stop("confirmations.differ_mine", f"to-confirm/{entry.id}"),
        Stop("attendance.mine", "to-confirm/sheet"), refused("attendance.mine", "to-confirm/sheet", day="x"),
        Stop("confirmations.my_proof", f"to-confirm/proof/{paper.id}"),
        refused("confirmations.differ_mine", f"to-confirm/{entry.id}"), Stop("duos.end", end),
        Stop("duos.sheet", f"duos/{world.duo.id}/sheet"), Stop("hours.about", f"hours/tell/{world.offer.id}"),
    )  # fmt: skip


def new_volunteer(ground: Ground) -> Tour:
    """A candidate who waits for a call."""
    made: Buddy = factories.buddy(state=BuddyState.REGISTERED)
    return ground.of(
        made.person, Stop("buddies.home", "buddy"), Stop("duos.mine", "my-duo"), Stop("confirmations.mine", "to-confirm"),
    )  # fmt: skip


READERS: dict[str, Callable[[Ground], Tour]] = {
    "public": public,
    "nothing yet": nothing_yet,
    "begins as newcomer": begins("newcomer"),
    "registers as newcomer": registers("newcomer"),
    "registered as newcomer": registered("newcomer"),
    "begins as buddy": begins("buddy"),
    "registers as buddy": registers("buddy"),
    "registered as buddy": registered("buddy"),
    "newcomer": newcomer,
    "newcomer chooses": choosing,
    "new newcomer": new_newcomer,
    "newcomer is asked": meeting(DuoState.ASKED),
    "newcomer meets": meeting(DuoState.MEETING),
    "newcomer met": meeting(DuoState.MEETING, first_meeting_at=lambda: now() - timedelta(days=2)),
    "newcomer pauses": meeting(DuoState.PAUSED, starts_on=today, ends_on=lambda: factories.days_from_now(90)),
    "volunteer": volunteer,
    "new volunteer": new_volunteer,
}
"""The tours through what the public, newcomers and volunteers see, in all languages."""
