"""The world that the crawl walks through: every role, and records in every state that a page shows otherwise."""

from collections.abc import Callable
from contextvars import Context
from dataclasses import dataclass, field
from datetime import timedelta

from flask import Flask
from flask.testing import FlaskClient

from app.clock import now, today
from app.db import session, transaction
from app.models import (
    Buddy,
    Duo,
    Link,
    Loan,
    LoanRequest,
    Message,
    Network,
    Newcomer,
    Person,
    Proposal,
    StaffNote,
    VolunteerCall,
)
from app.security.viewer import Viewer
from app.services import (
    accounts,
    administrators,
    imports,
    matches,
    network_programmes,
    programmes,
    recordings,
    remarks,
    second_factors,
    shortages,
    trainings,
)
from app.services.network_programmes import ProgrammeSettings
from app.vocabulary import BuddyState, DuoState, DutchLevel, EndReason, NewcomerState, Role
from app.vocabulary.following import WishState
from app.vocabulary.loans import LoanState, RequestState
from app.vocabulary.records import Answer, LinkPurpose
from app.vocabulary.spoken import spoken_text
from tests import duo_factories, factories
from tests.activity_lists import lists_in_every_state
from tests.client import Client
from tests.crawl import activities, hours, links
from tests.crawl.isolation import NEWCOMER, VOLUNTEER, WORDS
from tests.duets import LINKS
from tests.factories import PASSWORD
from tests.factors import phone_of
from tests.sounds import ogg
from tests.web.walks import NEWCOMER as STEPS
from tests.web.walks import answered

LIST = f"Naam;E-mail;Telefoon;Postcode;Nota\n{VOLUNTEER};zoe@example.be;0470 11 11 11;2800;x\nFout;geen adres;;2800;\n"
TOML = b'version = "crawl-2"\n[weights]\ninterests = 0\navailability = 0\nplace = 0\nlanguages = 1000\n'

Ids = dict[str, int | str]
# Where a duo stands, and what of it differs from what `duo_factories.duo` makes.
DUOS: dict[str, tuple[DuoState, Callable[[], dict[str, object]]]] = {
    "asked": (DuoState.ASKED, dict),
    "said-yes": (DuoState.ASKED, lambda: {"newcomer_wants": Answer.YES, "buddy_wants": None}),
    "meeting": (DuoState.MEETING, dict),
    "planned": (DuoState.MEETING, lambda: {"first_meeting_at": now() + timedelta(days=3), "first_meeting_where": WORDS}),
    "met": (DuoState.MEETING, lambda: {"first_meeting_at": now() - timedelta(days=1), "first_meeting_where": WORDS}),
    "both-yes": (
        DuoState.MEETING,
        lambda: {
            "first_meeting_at": now() - timedelta(days=2), "first_meeting_where": WORDS,
            "newcomer_after": Answer.YES, "buddy_after": Answer.YES,
        },
    ),
    "active": (DuoState.ACTIVE, dict),
    "frozen": (DuoState.FROZEN, dict),
    "paused": (DuoState.PAUSED, dict),
    "declined": (DuoState.DECLINED, lambda: {"newcomer_after": Answer.NO, "ended_at": now()}),
    "ended": (DuoState.ENDED, lambda: {"end_reason": EndReason.MISMATCH, "ended_at": now()}),
    "completed": (DuoState.COMPLETED, lambda: {"end_reason": EndReason.COMPLETED, "ended_at": now()}),
}  # fmt: skip


@dataclass
class World:
    """Browsers by who sits behind them, and what addresses need, by name."""

    site: Flask
    browsers: dict[str, Client] = field(default_factory=dict)
    ids: dict[str, Ids] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._staff()
        self._network()
        activities.fill_club(self)
        self._people_in_every_state()
        self._a_plan()
        self._choices()
        self._duos()
        hours.fill_hours(self)
        activities.fill_places(self)
        self._links()
        self._lists_and_settings()
        self._registrations()
        session().rollback()

    def browser(self, who: str, person: Person | None = None) -> Client:
        """A browser under that name, in which that person is signed in."""
        client = self.site.test_client()
        if person is not None:
            Context().run(keep, client, _user_id=accounts.sign_in(person.id), _fresh=True)
        self.browsers[who] = Client(client)
        return self.browsers[who]

    def _staff(self) -> None:
        self.coordinator = factories.coordinator(full_name=VOLUNTEER, phone="+32470123456")
        self.counsellor = factories.counsellor(full_name=VOLUNTEER)
        self.keeper = factories.administrator(full_name=VOLUNTEER)
        locked = factories.administrator(full_name=VOLUNTEER)
        phone_of(locked)
        second_factors.ask_reset(factories.viewer(self.keeper), locked.id)
        administrators.ask(
            factories.viewer(locked),
            full_name=VOLUNTEER,
            email="new@example.be",
            locale="nl",
            link_for="{}{}".format,
        )
        self.browser("with a key", locked)
        token = accounts.new_link(LinkPurpose.SECOND_FACTOR, locale="nl", person_id=locked.id)
        with transaction() as db:  # ten minutes are few for all the pages of a world
            db.query(Link).filter_by(person_id=locked.id).update({"expires_at": now() + timedelta(days=1)})
        half = {"token": token, "person": locked.id, "key": "", "then": "/"}
        Context().run(keep, self.browser("half in").browser, half_in=half)
        self.browser("nobody")
        self.browser("coordinator", self.coordinator)
        self.browser("counsellor", self.counsellor)
        self.browser("administrator", self.keeper)
        self.browser("helper", factories.person(roles=(Role.HELPER,), full_name=VOLUNTEER))

    def _network(self) -> None:
        with transaction() as db:
            network = db.get_one(Network, "rivierenland")
            network.caller_name, network.deputy_name = VOLUNTEER, VOLUNTEER
            network.call_when, network.help_phone, network.insurer = WORDS, "+3215111213", WORDS

    def newcomer(self, who: str, **values) -> Newcomer:
        """A newcomer with a browser of that name."""
        made = factories.newcomer(
            name=NEWCOMER, counsellor=self.counsellor, words=WORDS, words_language="ti", **values
        )
        self.ids[f"newcomer {who}"] = {"newcomer_id": made.id}
        self.browser(f"newcomer {who}", made.person)
        return made

    def buddy(self, who: str, **values) -> Buddy:
        """A buddy with a browser of that name."""
        made = factories.buddy(name=VOLUNTEER, words=WORDS, words_language="nl", **values)
        self.ids[f"buddy {who}"] = {"buddy_id": made.id}
        with transaction() as db:
            db.add(StaffNote(person_id=made.person_id, network_slug=made.network_slug, text=WORDS))
        self.browser(f"buddy {who}", made.person)
        return made

    def _people_in_every_state(self) -> None:
        talk = now() + timedelta(days=2)
        for state in NewcomerState:
            if state not in (NewcomerState.PROPOSED, NewcomerState.IN_DUO):
                self.newcomer(state.value, state=state, talk_at=talk, max_km=1, wished_gender="m")
        for state in BuddyState:
            if state is not BuddyState.APPROVED:
                until = today() + timedelta(days=20) if state is BuddyState.PAUSED else None
                self.buddy(state.value, state=state, talk_at=talk, paused_until=until)

        trained = self.buddy("trained", screened_on=today(), screened_until=today(), asked_at=now())
        trainings.tell_training(factories.viewer(trained.person), title=WORDS, on=today(), minutes=90)
        for minutes in (60, 150):
            trainings.note_training(
                factories.viewer(self.coordinator), trained.id, title=WORDS, on=today(), minutes=minutes
            )

    def _a_plan(self) -> None:
        for number in range(3):
            self.newcomer(f"matched {number}", interests=["cooking"], email=False)
            self.buddy(f"free {number}", interests=["cooking", "cycling"])
        actor = factories.viewer(self.coordinator)
        run = matches.start_run(actor, "rivierenland")
        self._calls(actor)
        first, second, third = session().query(Proposal).order_by(Proposal.id).limit(3).all()
        matches.reserve(actor, third.id)
        self.ids["reserved"] = {"proposal_id": third.id}
        self.ids["run"] = {"run_id": run}
        self.ids["proposal"] = {"proposal_id": second.id}
        person = first.newcomer.person_id
        self.ids["duo approved"] = {"duo_id": matches.approve(actor, first.id, links=LINKS)}
        self.browser("newcomer approved", session().get_one(Person, person))

    def _choices(self) -> None:
        like = session().get_one(Proposal, self.ids["proposal"]["proposal_id"])
        for who, state in (
            ("choosing", WishState.OPEN),
            ("chose", WishState.CHOSEN),
            ("chose-none", WishState.NONE),
        ):
            newcomer = self.newcomer(who)
            buddies = [self.buddy(f"shown {who} {number}") for number in range(3)]
            wish = duo_factories.wish(newcomer, like, self.coordinator, *buddies, state=state)
            token = accounts.new_link(
                LinkPurpose.ANSWER_DUO, locale="ar", person_id=newcomer.person_id, wish=wish.id
            )
            self.ids[f"choose {who}"] = {"token": token}
        asks = {"by_slug": "kempen", "to_slug": "rivierenland", "words": WORDS, "asked_by_id": self.keeper.id}
        with transaction() as db:
            asked = LoanRequest(until=today() + timedelta(days=30), **asks)
            db.add(asked)
            db.flush()
            self.ids["asked place"] = {"request_id": asked.id}
            asks |= {"by_slug": "rivierenland", "to_slug": "kempen"}
            for answer in (RequestState.OPEN, RequestState.DECLINED):
                db.add(LoanRequest(until=today() + timedelta(days=30), state=answer, **asks))
            for state in LoanState:
                db.add(
                    Loan(
                        buddy_id=buddies[0].id, from_slug="kempen", to_slug="rivierenland", state=state,
                        until=today() + timedelta(days=30), offered_by_id=self.keeper.id,
                    )
                )  # fmt: skip

    def _calls(self, actor: Viewer) -> None:
        for ids in ("call over", "call"):
            made = session().get_one(VolunteerCall, shortages.make_call(actor, "rivierenland"))
            self.ids[ids] = {"call_id": made.id, "code": made.code}
            if ids == "call over":
                shortages.close_call(actor, made.id)
        with transaction() as db:
            call = db.get_one(VolunteerCall, made.id)
            call.languages, call.moments, call.towns = ["ti", "ar"], ["sat-morning"], ["Mechelen"]
            call.wish, call.waiting = "f", 12

    def _duos(self) -> None:
        self.duos: dict[str, Duo] = {}
        for who, (state, more) in DUOS.items():
            agreed = {"starts_on": today(), "ends_on": today() + timedelta(days=180), "insurer": WORDS}
            values = {
                **(agreed if state in (DuoState.ACTIVE, DuoState.PAUSED) else {}),
                "staff_note": WORDS,
                **more(),
            }
            self.duos[who] = duo_factories.duo(
                newcomer=self.newcomer(who),
                buddy=self.buddy(who),
                approved_by=self.coordinator,
                state=state,
                **values,
            )
            self.ids[f"duo {who}"] = {"duo_id": self.duos[who].id}
        asking = self.duos["frozen"].newcomer.person
        made = duo_factories.safety_report(self.duos["frozen"], asking, words=WORDS, words_language="ti")
        self.ids["safety"] = {"report_id": made.id}
        accounts.set_password(self.duos["active"].newcomer.person_id, PASSWORD)
        self.browser("newcomer active", self.duos["active"].newcomer.person)

    def _links(self) -> None:
        links.make_links(self)
        passed_on = {"links_to_pass_on": {str(self.signer.id): self.ids["confirm"]["token"]}}
        Context().run(keep, self.browsers["newcomer sent"].browser, **passed_on)

    def _lists_and_settings(self) -> None:
        actor = factories.viewer(self.coordinator)
        kept = imports.keep_list(actor, network="rivierenland", data=LIST.encode(), text="")
        self.ids["list"] = {"import_id": kept}
        self.ids |= {
            f"activities {state}": {"list_id": key} for state, key in lists_in_every_state(actor).items()
        }
        stranger = factories.buddy(name=VOLUNTEER, state=BuddyState.REGISTERED)
        twin = factories.buddy(name=VOLUNTEER, state=BuddyState.REGISTERED)
        self.ids["twins"] = {"kept_id": stranger.id, "gone_id": twin.id}
        self.ids["hit"] = {"hit_id": factories.blocked(self.coordinator, stranger, note=WORDS).id}
        families = ProgrammeSettings("Gezinnen", 9, 1, 3, DutchLevel.B1, ("Lier",))
        made = network_programmes.make_programme(actor, "rivierenland", families)
        network_programmes.write_text(actor, made, "nl", line=WORDS, words=WORDS)
        self.ids["programme"] = {"programme_id": made}
        self.browser("coordinator kempen", factories.coordinator("kempen", full_name=VOLUNTEER))
        version = programmes.propose(factories.viewer(self.keeper), 1, weights=TOML, evidence=None)
        self.ids["version"] = {"version_id": version}
        said = spoken_text("My track", "ti").digest
        heard = recordings.keep_recording(actor, "ti", said, ogg())
        self.ids["recording"] = {"recording_id": heard.id, "tag": "ti", "digest": said}
        self.ids["sound"] = {"digest": heard.content_digest}
        remark = remarks.report(locale="ar", page="/ar/help", sentence=WORDS, contact=NEWCOMER)
        self.ids["remark"] = {"remark_id": remark}
        messages = session().query(Message).order_by(Message.id).all()
        self.ids["mail"] = {"message_id": next(one.id for one in messages if one.to_email)}
        self.ids["task"] = {"message_id": next(one.id for one in messages if not one.to_email)}

    def _registrations(self) -> None:
        name = {"full_name": NEWCOMER, "phone": "0470 12 34 56"}
        answered(self.browser("newcomer under way"), "newcomer", "ar", until="consent", name=name)
        answered(self.browser("newcomer with card"), "newcomer", "ar", name=name)
        who = {"full_name": VOLUNTEER, "email": "", "phone": "0470 12 34 57"}
        answered(self.browser("buddy under way"), "buddy", "ar", until="agree", who=who)
        answered(self.browser("buddy done"), "buddy", "ar", who=who)
        for until in ("under way", "done"):
            self._together(f"helper {until}", done=until == "done")

    def _together(self, who: str, *, done: bool) -> None:
        browser = self.browser(who, factories.person(roles=(Role.HELPER,), full_name=VOLUNTEER))
        browser.send("POST", "/nl/together/begin/register", data={"language": "ar"})
        for slug, answers in STEPS if done else STEPS[:-1]:
            asked = {"asked_aloud": "y", "spoken": "ar"} if slug == "consent" else {}
            browser.send("POST", f"/ar/together/{slug}", data={**answers, **asked})


def keep(browser: FlaskClient, **values: object) -> None:
    """Put something into the session of a browser; run it in a context of its own."""
    with browser.session_transaction() as kept:
        kept.update(values)
