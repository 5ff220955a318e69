"""No page asks the database more than eight times, the sign-in included, however much there is to show."""

import pytest

from app.clock import now, today
from app.db import session, transaction
from app.models import Message, ProgrammeVersion, Proposal, VolunteerCall
from app.queries.loans import partners
from app.services import attendance, matches, network_programmes, recordings, remarks, shortages
from app.services.accounts import new_link
from app.services.matchmaking import carry_out
from app.services.network_programmes import ProgrammeSettings
from app.services.outbox import tell
from app.services.records import audit
from app.vocabulary import BuddyState, DuoState, EntryState, HoursRefusal, NewcomerState
from app.vocabulary.records import Answer, Channel, LinkPurpose
from app.vocabulary.spoken import spoken_text
from tests import duo_factories, factories, sounds
from tests.activity_lists import lists_in_every_state
from tests.counting import statements
from tests.hours_world import by_account
from tests.security.test_matrix import address

MOST = 8
EVERYTHING = {
    "privacy.my_data",
    "privacy.my_data_paper",
}  # show one person all that is kept, from a dozen tables
# Routes that are no page of their own: files, doors that send on, and what needs a secret or an upload first.
LEFT_OUT = {
    "activities.goes_on", "static", "pages.door", "pages.health", "watching.ready", "watching.metrics", "accounts.home", "accounts.confirm_address", "accounts.new_password",
    "accounts.use_link", "second_factors.ask", "confirmations.show", "confirmations.forget", "confirmations.differ", "confirmations.differ_mine", "confirmations.proof", "confirmations.proof_pdf",
    "duos.by_link", "duos.look_back_by_link", "wishes.by_link", "safety.by_link", "buddies.available", "staying.by_link", "buddies.certificate", "people.certificate",
    "registrations.start", "registrations.resume", "registrations.done", "registrations.card", "registrations.go_on",
    "registrations.later", "registrations.together_step", "registrations.together_card", "people.import_preview",
    "people.import_rows", "people.buddies_file", "people.newcomers_file", "privacy.my_data_file", "recordings.listen", "reports.as_csv",
    "reports.as_xlsx", "shortages.newsletter", "offers.calendar", "offers.times", "offers.news", "offers.week_sheet_pdf", "calendars.meeting", "calendars.buddy_talk", "calendars.newcomer_talk", "remarks.file", "trajectories.caseload_file", "trajectories.code", "trajectories.several",
    "api.index", "api.openapi", "api.schema", "api.words", "api.activities", "api.activity", "api.activities_json", "api.activities_csv",
    "api.numbers", "api.table",  # counted in test_api
    "offers.list_rows", "offers.offers_file", "quality.file", "quality.missing_file", "quality.languages_file",
    "sign_ups.by_link", "presence.by_link", "presence.mark_by_link", "presence.people", "presence.mark",  # counted in test_sign_ups
}  # fmt: skip


SLUGS = {
    "offers.week_sheet": {"town": "Mechelen"},
    "activities.where": {"position": 1}, "registrations.step": {"slug": "who"}, "shortages.index": {"slug": "rivierenland"}, "quality.index": {"slug": "rivierenland"}, "quality.missing": {"slug": "rivierenland"}, "networks.settings": {"slug": "rivierenland"}, "network_programmes.index": {"slug": "rivierenland"}, "network_programmes.new": {"slug": "rivierenland"}, "newcomers.edit": {"slug": "likes"},
    "publishing.decided": {"slug": "rivierenland"}, "recordings.text": {"tag": "ti", "digest": spoken_text("My track", "ti").digest},
}  # fmt: skip


# Where a name of the address stands for something else than on most pages.
OTHERS = {
    "today.message": {"message_id": "task_id"}, "trajectories.call": {"entry_id": "refused_id"},
    "trajectories.judge_offer": {"offer_id": "unjudged_id"}, "attendance.by_link": {"token": "link"},
    "attendance.paper": {"token": "sheet"}, "attendance.enter": {"token": "sheet"},
}  # fmt: skip


class Town:
    """A network with several of everything, so that a statement for each row would show."""

    def __init__(self, rows=3):
        self.coordinator, self.counsellor = factories.coordinator(), factories.counsellor()
        self.administrator = factories.administrator()
        self.neighbours = iter(partners("rivierenland"))
        for number in range(rows):
            self.fill()
            self.programme = network_programmes.make_programme(
                factories.viewer(self.coordinator),
                "rivierenland",
                ProgrammeSettings(f"Gezinnen {number}", 9, 1, 3),
            )
        self.lists = lists_in_every_state(factories.viewer(self.coordinator))
        self.plan()
        self.remark = remarks.report(locale="ar", page="/ar/help", sentence="جملة")
        self.recording = recordings.keep_recording(
            factories.viewer(self.administrator), "ti", spoken_text("My hours", "ti").digest, sounds.ogg()
        )

    def fill(self):
        for state in (BuddyState.REGISTERED, BuddyState.SCREENING, BuddyState.APPROVED):
            factories.buddy(state=state)
        for state in (NewcomerState.REGISTERED, NewcomerState.READY):
            factories.newcomer(state=state)
        self.waiting = factories.newcomer(state=NewcomerState.WAITING, email=False)
        self.free = factories.buddy(state=BuddyState.APPROVED)
        self.newcomer = factories.newcomer(counsellor=self.counsellor)
        self.buddy = factories.buddy()
        factories.contract(self.newcomer, self.counsellor)
        self.exemption = factories.exemption(self.newcomer, self.counsellor)
        duo_factories.duo(
            newcomer=factories.newcomer(), buddy=factories.buddy(), approved_by=self.coordinator,
            state=DuoState.MEETING, newcomer_after=Answer.YES, first_meeting_at=now(),
        )  # fmt: skip
        self.duo = duo_factories.duo(
            newcomer=self.newcomer, buddy=self.buddy, approved_by=self.coordinator, insurer="Ethias",
            starts_on=today(), ends_on=factories.days_from_now(180),
        )  # fmt: skip
        stopped = duo_factories.duo(
            newcomer=factories.newcomer(),
            buddy=factories.buddy(),
            approved_by=self.coordinator,
            state=DuoState.FROZEN,
        )
        self.asked = duo_factories.loan_request("rivierenland", by=next(self.neighbours))
        self.report = duo_factories.safety_report(stopped, stopped.newcomer.person)
        self.offer = factories.offer(
            contact_person=factories.contact(person_id=self.buddy.person_id), organisation_id=factories.organisation().id
        )  # fmt: skip
        self.contact = factories.contact(organisation_id=self.offer.organisation_id)
        for state in (EntryState.DRAFT, EntryState.SUBMITTED, EntryState.CONFIRMED, EntryState.ACCEPTED):
            self.entry = factories.entry(self.newcomer, self.offer, state=state)
        self.refused = factories.entry(
            self.newcomer, self.offer, state=EntryState.REFUSED, refusal=HoursRefusal.OTHER
        )
        self.unjudged = factories.offer(newcomer_id=self.newcomer.id, dutch_spoken=None, people_met=None)
        self.hit = factories.blocked(self.coordinator, factories.buddy(state=BuddyState.REGISTERED))
        self.proof = factories.proof(
            *(factories.entry(self.newcomer, self.offer, state=EntryState.CONFIRMED) for _ in range(3))
        )
        with transaction():
            for person in (self.waiting.person, self.newcomer.person):
                tell(person, "sign-in-link", network="rivierenland", link="http://localhost/nl/x")
            audit(
                factories.viewer(self.coordinator),
                "contact-seen",
                "buddy",
                self.buddy.id,
                network="rivierenland",
            )

    def plan(self):
        """The last plan, made by the matcher itself."""
        actor = factories.viewer(self.coordinator)
        carry_out(matches.start_run(actor, "rivierenland"))
        self.call = session().get_one(VolunteerCall, shortages.make_call(actor, "rivierenland"))
        self.proposal = session().query(Proposal).order_by(Proposal.id.desc()).first()

    def sheet(self):
        """The code of a printed sheet."""
        signer = by_account(factories.viewer(self.buddy.person))
        return attendance.sheet_for_group(signer, self.offer.id, factories.days_from_now(-1)).code

    def link(self):
        """What a contact person got in a mail."""
        return new_link(
            LinkPurpose.CONFIRM_HOURS, locale="nl", contact_person_id=self.offer.contact_person_id
        )

    def ids(self):
        """What routes ask for by name."""
        message = session().query(Message).order_by(Message.id.desc()).first()
        task = session().query(Message).filter_by(channel=Channel.TASK).first()
        return {
            "buddy_id": self.buddy.id, "newcomer_id": self.newcomer.id, "duo_id": self.duo.id, "entry_id": self.entry.id,
            "run_id": self.proposal.run_id, "hit_id": self.hit.id, "kept_id": self.buddy.id, "gone_id": self.free.id, "people": "buddy", "proposal_id": self.proposal.id, "offer_id": self.offer.id,
            "refused_id": self.refused.id, "unjudged_id": self.unjudged.id, "report_id": self.report.id, "sheet": self.sheet(), "link": self.link(),
            "proof_id": self.proof.id, "public_number": self.proof.paper.public_number,
            "recording_id": self.recording.id, "remark_id": self.remark, "version_id": session().query(ProgrammeVersion).first().id, "message_id": message.id, "exemption_id": self.exemption.id, "task_id": task.id, "slug": "languages",
            "organisation_id": self.offer.organisation_id, "contact_id": self.contact.id, "request_id": self.asked.id, "call_id": self.call.id, "code": self.call.code, "programme_id": self.programme, "tag": "ar",
            "consent_id": factories.consent(self.newcomer.person).id, "list_id": self.lists["ready"],
        }  # fmt: skip

    def people(self):
        """Who looks: None is anybody."""
        return [
            None,
            self.coordinator,
            self.counsellor,
            self.administrator,
            self.newcomer.person,
            self.waiting.person,  # has no e-mail address
            self.buddy.person,
        ]


def pages(site, ids):
    """(endpoint, address) of every page."""
    for rule in site.url_map.iter_rules():
        if "GET" in rule.methods and rule.endpoint not in LEFT_OUT:
            wanted = {**ids, **SLUGS.get(rule.endpoint, {})}
            wanted |= {name: ids[other] for name, other in OTHERS.get(rule.endpoint, {}).items()}
            yield (
                rule.endpoint,
                address(rule, **{name: wanted[name] for name in rule.arguments & set(wanted)}),
            )


def test_no_page_asks_more_than_eight_times(site, signed_in, browser):
    town = Town()
    tried, too_many = set(), {}
    for human in town.people():
        client = signed_in(human) if human else browser
        for endpoint, path in pages(site, town.ids()):
            with statements() as sent:
                answer = client.send("GET", path)
            if answer.status_code == 200:
                tried.add(endpoint)
                if len(sent) > MOST:
                    too_many[endpoint] = len(sent)
    assert set(too_many) <= EVERYTHING, too_many
    assert {endpoint for endpoint, _path in pages(site, town.ids())} - tried == set()


@pytest.mark.parametrize(
    "path",
    [
        "today",
        "matching",
        "duos",
        "people/buddies",
        "people/newcomers",
        "audit",
        "caseload",
        "admin/people",
        "hours",
    ],
)
def test_more_rows_are_not_more_statements(site, signed_in, path):
    """A town of six asks as often as one of three."""
    town = Town()
    before = asked(signed_in, town, path)
    assert before <= MOST
    for _ in range(3):
        town.fill()
    town.plan()
    assert asked(signed_in, town, path) == before


def asked(signed_in, town, path):
    """How many statements the page takes for who may see it."""
    for human in town.people()[1:]:
        client = signed_in(human)
        with statements() as sent:
            answer = client.send("GET", f"/nl/{path}")
        if answer.status_code == 200:
            return len(sent)
    raise AssertionError(f"nobody sees {path}")
