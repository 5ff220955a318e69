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
    Consent,
    Duo,
    Grant,
    HourEntry,
    Loan,
    LoanRequest,
    LookBack,
    Message,
    Network,
    Newcomer,
    Organisation,
    Person,
    Proposal,
    SignUp,
    StaffNote,
    VolunteerCall,
)
from app.security.viewer import ANONYMOUS, Viewer
from app.services import (
    accounts,
    administrators,
    attendance,
    confirmations,
    erasures,
    imports,
    matches,
    network_programmes,
    objections,
    programmes,
    recordings,
    remarks,
    second_factors,
    shortages,
    sign_ups,
    trainings,
)
from app.services.network_programmes import ProgrammeSettings
from app.vocabulary import (
    BuddyState,
    DuoState,
    DutchLevel,
    EndReason,
    EntryState,
    HoursRefusal,
    NewcomerState,
    OfferKind,
    Role,
)  # fmt: skip
from app.vocabulary.activities import OfferState
from app.vocabulary.endings import Went
from app.vocabulary.following import WishState
from app.vocabulary.loans import LoanState, RequestState
from app.vocabulary.records import Answer, LinkPurpose
from app.vocabulary.registrations import CONSENT_VERSIONS, ConsentText
from app.vocabulary.spoken import spoken_text
from tests import factories, joining
from tests.activity_lists import lists_in_every_state
from tests.client import Client
from tests.crawl.isolation import NEWCOMER, VOLUNTEER, WORDS
from tests.duets import LINKS
from tests.factories import PASSWORD
from tests.factors import phone_of
from tests.sounds import ogg
from tests.web.walks import NEWCOMER as STEPS
from tests.web.walks import answered

TARGET_MINUTES = 2400
LIST = f"Naam;E-mail;Telefoon;Postcode;Nota\n{VOLUNTEER};zoe@example.be;0470 11 11 11;2800;x\nFout;geen adres;;2800;\n"
TOML = b'version = "crawl-2"\n[weights]\ninterests = 0\navailability = 0\nplace = 0\nlanguages = 1000\n'

Ids = dict[str, int | str]
# Where a duo stands, and what of it differs from what `factories.duo` makes.
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
# A newcomer for each next step about hours: the states of the entries that were told.
HOURS: dict[str, tuple[EntryState, ...]] = {
    "entries": tuple(EntryState),
    "to-send": (EntryState.DRAFT,),
    "sent": (EntryState.SUBMITTED,),
    "nothing-told": (),
}


@dataclass
class World:
    """Browsers by who sits behind them, and what addresses need, by name."""

    site: Flask
    browsers: dict[str, Client] = field(default_factory=dict)
    ids: dict[str, Ids] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._staff()
        self._network()
        self._offers()
        self._people_in_every_state()
        self._a_plan()
        self._choices()
        self._duos()
        self._hours()
        self._joining()
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

    def _offers(self) -> None:
        club = factories.organisation(name=WORDS)
        self.contact = factories.contact(name=VOLUNTEER, organisation_id=club.id)
        self.offer = factories.offer(
            title=WORDS, words=WORDS, words_language="nl", when_words=WORDS, price_words=WORDS, place=WORDS,
            organisation_id=club.id, contact_person=self.contact,
        )  # fmt: skip
        member = factories.person(full_name=VOLUNTEER)
        with transaction() as db:
            db.add(Grant(person_id=member.id, role=Role.ORGANISATION, organisation_id=club.id))
        self.browser("organisation", member)
        self._activities(club)

    def _activities(self, club: Organisation) -> None:
        """Activities of the club in every state, with texts, organisations in every state, and a link that asks."""
        for state in OfferState:
            shown = state in (OfferState.PUBLISHED, OfferState.ENDED)
            made = factories.offer(
                title=WORDS, words=WORDS, when_words=WORDS, price_words=WORDS, check_note=WORDS, meeting_words=WORDS, insurer=WORDS,
                price_cents=250, reduced_cents=100, fluent_speakers=4, goals=["learn-dutch"], suited=["children"],
                interests=["chess"], organisation_id=club.id, contact_person=self.contact, state=state,
                published_at=now() if shown else None, ends_on=factories.days_from_now(20),
                gatherings=[factories.weekly(place=WORDS, route=WORDS, skips_school_holidays=True)],
            )  # fmt: skip
            factories.text(made, "ar", title=WORDS, words=WORDS)
            factories.text(made, "fr", title=WORDS, words=WORDS, source_mark="older")
            self.ids[f"activity {state.value}"] = {"offer_id": made.id}
            if state is OfferState.PUBLISHED:
                token = accounts.new_link(
                    LinkPurpose.GOES_ON, locale="nl", contact_person_id=self.contact.id, offer=made.id
                )
                self.ids["goes on"] = {"token": token}
        self.ids["club"] = {"organisation_id": club.id}
        self.ids["club contact"] = {"organisation_id": club.id, "contact_id": self.contact.id}
        for who, values in {
            "registered": {"confirmed_at": None}, "to_verify": {}, "refused": {"refused_at": now(), "refusal": WORDS},
        }.items():  # fmt: skip
            house = factories.organisation(
                name=WORDS, words=WORDS, website="https://example.be", verified=False, **values
            )
            self.ids[f"house {who}"] = {"organisation_id": house.id}
            self.browser(f"house {who}", factories.organisation_contact(house, full_name=VOLUNTEER))

    def newcomer(self, who: str, **values) -> Newcomer:
        """A newcomer with a browser of that name."""
        made = factories.newcomer(
            name=NEWCOMER, counsellor=self.counsellor, words=WORDS, words_language="ti", **values
        )
        self.ids[f"newcomer {who}"] = {"newcomer_id": made.id}
        self.browser(f"newcomer {who}", made.person)
        return made

    def _joining(self) -> None:
        """An activity with people who come and wait, a time that is over, and the links of the letters."""
        offer = factories.offer(
            title=WORDS, words=WORDS, organisation_id=self.contact.organisation_id, contact_person=self.contact, places=2,
            waiting_places=3, gatherings=[factories.weekly()],
        )  # fmt: skip
        for who in ("joined", "joined too", "in line"):
            newcomer = joining.comes_to(offer, self.newcomer(who))
            mine = joining.sign_up_of(newcomer, offer)
            token = accounts.new_link(
                LinkPurpose.LEAVE_ACTIVITY, locale="ar", person_id=newcomer.person_id, sign_up=mine.id
            )
            self.ids[f"leave {who}"] = {"token": token}
        gone = joining.comes_to(factories.offer(title=WORDS), self.newcomer("stopped"))
        mine = session().query(SignUp).filter_by(newcomer_id=gone.id).one()
        token = accounts.new_link(
            LinkPurpose.LEAVE_ACTIVITY, locale="ar", person_id=gone.person_id, sign_up=mine.id
        )
        sign_ups.leave(factories.viewer(gone.person), mine.id)
        self.ids["leave stopped"] = {"token": token}
        self.ids["joining"] = {
            "offer_id": offer.id, "time_id": joining.yesterday_at(offer).id, "token": joining.link_to(offer),
            "newcomer_id": gone.id,
        }  # fmt: skip

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
            wish = factories.wish(newcomer, like, self.coordinator, *buddies, state=state)
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
            self.duos[who] = factories.duo(
                newcomer=self.newcomer(who),
                buddy=self.buddy(who),
                approved_by=self.coordinator,
                state=state,
                **values,
            )
            self.ids[f"duo {who}"] = {"duo_id": self.duos[who].id}
        asking = self.duos["frozen"].newcomer.person
        made = factories.safety_report(self.duos["frozen"], asking, words=WORDS, words_language="ti")
        self.ids["safety"] = {"report_id": made.id}
        accounts.set_password(self.duos["active"].newcomer.person_id, PASSWORD)
        self.browser("newcomer active", self.duos["active"].newcomer.person)

    def _hours(self) -> None:
        buddy = self.buddy("signer", capacity=9)
        self.signer = factories.contact(name=VOLUNTEER, person_id=buddy.person_id)
        for who, states in HOURS.items():
            newcomer = self.newcomer(who)
            factories.contract(newcomer, self.counsellor, reason=WORDS)
            duo = factories.duo(newcomer=newcomer, buddy=buddy, approved_by=self.coordinator)
            offer = factories.offer(
                kind=OfferKind.BUDDY,
                title=WORDS,
                contact_person=self.signer,
                duo_id=duo.id,
                published_at=None,
            )
            self.ids[f"offer {who}"] = {"offer_id": offer.id}
            for state in states:
                entry = self._entry(newcomer, offer, duo, state)
                self.ids[f"entry {who} {state.value}"] = {"entry_id": entry.id, "newcomer_id": newcomer.id}
        signed = self._entry(newcomer, offer, duo, EntryState.CONFIRMED)
        made = factories.proof(signed)
        self.ids["proof"] = {
            "proof_id": made.id,
            "newcomer_id": newcomer.id,
            "public_number": made.paper.public_number,
        }
        self.ids["offer club"] = {
            "offer_id": factories.offer(title=WORDS, words=WORDS, words_language="ar").id
        }
        reached = self.newcomer("reached")
        factories.contract(reached, self.counsellor)
        for _ in range(TARGET_MINUTES // 600):
            self._entry(reached, self.offer, None, EntryState.ACCEPTED, minutes=600)
        going = self.newcomer("going").person
        erasures.ask(factories.viewer(going), page="http://localhost/nl/my-data")
        objections.set_objection(factories.viewer(going), objects=True)
        with transaction() as db:
            db.add_all(
                Consent(person_id=going.id, text=text.value, version="older", locale="ti")
                for text in ConsentText
            )
            agreed = Consent(
                person_id=session().get_one(Newcomer, self.ids["newcomer entries"]["newcomer_id"]).person_id,
                text=ConsentText.PRIVACY.value, version=CONSENT_VERSIONS[ConsentText.PRIVACY], locale="ti",
            )  # fmt: skip
            db.add(agreed)
            db.flush()
            self.ids["agreed"] = {"consent_id": agreed.id}
        late = self.newcomer("late")
        factories.contract(late, self.counsellor, days=-3)
        self._entry(late, self.offer, None, EntryState.CONFIRMED)
        exempt = factories.exemption(late, self.counsellor, note=WORDS)
        self.ids["exemption"] = {"newcomer_id": late.id, "exemption_id": exempt.id}
        unjudged = factories.offer(title=WORDS, newcomer_id=late.id, dutch_spoken=None, people_met=None)
        self.ids["unjudged"] = {"offer_id": unjudged.id}
        soon = self.newcomer("soon")
        factories.contract(soon, self.counsellor, days=20)

    def _entry(
        self, newcomer: Newcomer, offer, duo: Duo | None, state: EntryState, minutes: int = 150
    ) -> HourEntry:
        kinds = EntryState
        noted = state in (kinds.CORRECTED, kinds.REFUSED)
        signed = state in (kinds.CONFIRMED, kinds.ACCEPTED, kinds.REVERSED)
        return factories.entry(
            newcomer, offer, state=state, minutes=minutes, duo_id=duo and duo.id,
            asked_minutes=90 if state is kinds.CORRECTED else None, contact_note=WORDS if noted else "",
            refusal=HoursRefusal.OTHER if state is kinds.REFUSED else None,
            confirmed_name=VOLUNTEER if signed else "", confirmed_at=now() if signed else None,
            accepted_at=now() if state is kinds.ACCEPTED else None,
        )  # fmt: skip

    def _links(self) -> None:
        person = self.duos["asked"].newcomer.person
        for name, purpose in (
            ("sign in", LinkPurpose.SIGN_IN), ("password", LinkPurpose.RESET_PASSWORD), ("address", LinkPurpose.CONFIRM_ADDRESS),
        ):  # fmt: skip
            self.ids[name] = {"token": accounts.new_link(purpose, locale="ar", person_id=person.id)}
        for question, who in (("meet", "asked"), ("go_on", "met"), ("meet", "said-yes")):
            duo = self.duos[who]
            token = accounts.new_link(
                LinkPurpose.ANSWER_DUO,
                locale="ar",
                person_id=duo.newcomer.person_id,
                duo=duo.id,
                question=question,
            )
            self.ids[f"answer {who}"] = {"token": token}
        for who in ("away", "lapsed", "left", "trained"):
            volunteer = session().get_one(Buddy, self.ids[f"buddy {who}"]["buddy_id"]).person_id
            token = accounts.new_link(LinkPurpose.STILL_AVAILABLE, locale="ar", person_id=volunteer)
            self.ids[f"available {who}"] = {"token": token}
            token = accounts.new_link(LinkPurpose.STAY, locale="ar", person_id=volunteer)
            self.ids[f"stay {who}"] = {"token": token}
        with transaction() as db:
            said = {"side": Role.NEWCOMER.value, "went": Went.GOOD, "words": WORDS}
            db.add(LookBack(duo_id=self.duos["completed"].id, **said))
        for who in ("active", "frozen", "ended", "completed"):
            person_id = self.duos[who].newcomer.person_id
            token = accounts.new_link(
                LinkPurpose.REPORT_DUO, locale="ar", person_id=person_id, duo=self.duos[who].id
            )
            self.ids[f"report {who}"] = {"token": token}
        token = accounts.new_link(LinkPurpose.CONFIRM_HOURS, locale="nl", contact_person_id=self.signer.id)
        self.ids["confirm"] = {"token": token}
        alone = factories.contact(name=VOLUNTEER).id
        token_alone = accounts.new_link(LinkPurpose.CONFIRM_HOURS, locale="nl", contact_person_id=alone)
        self.ids["without an account"] = {"token": token_alone}
        asked = self.ids["entry sent submitted"]["entry_id"]
        self.ids["differ"] = {"token": token, "entry_id": asked}
        signer = confirmations.signer_by_link(token, ANONYMOUS)
        sheet = attendance.sheet_for_group(
            signer, int(self.ids["offer entries"]["offer_id"]), today() - timedelta(days=1)
        )
        self.ids["sheet"] = {"token": sheet.code}
        self.ids["signed"] = {"token": token, "proof_id": self.ids["proof"]["proof_id"]}
        passed_on = {"links_to_pass_on": {str(self.signer.id): token}}
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
