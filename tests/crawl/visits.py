"""The list of the crawl: every GET route of the site, by whom it is looked at and in which states.

A route without a line here fails the build (`test_pages`); so does a line without a route.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum

from app.forms.registrations import EDITABLE, STEPS
from app.vocabulary import BuddyState, EntryState, NewcomerState
from app.vocabulary.activities import OfferState
from tests.crawl.world import DUOS


class Reader(Enum):
    """For whom a page is made; what must be translated and what stands beside it follows from that."""

    PUBLIC = "public"
    NEWCOMER = "newcomer"
    VOLUNTEER = "volunteer"
    STAFF = "staff"


PUBLIC, NEWCOMER, VOLUNTEER, STAFF = Reader


@dataclass(frozen=True)
class Visit:
    """One look at a page. `who` is a browser and `ids` are names of the world; `status` is the answer expected."""

    endpoint: str
    reader: Reader
    who: str = "nobody"
    ids: str = ""
    values: dict[str, str] = field(default_factory=dict)
    query: str = ""
    method: str = "GET"
    sent: dict[str, str] = field(default_factory=dict)
    status: int = 200
    both: bool = False  # stands in two languages whatever the switch says: a card to carry away
    lands: str = ""  # the page at which it ends, when it leads to another
    always: str = ""  # the language in which it stands whatever is asked: a paper for others than its printer

    def __str__(self) -> str:
        """How pytest names it."""
        parts = (self.endpoint, *self.values.values(), self.ids or self.who, self.query, self.method)
        return "-".join(part.replace(" ", "_") for part in parts if part not in ("", "GET", "nobody"))


# Not pages: files, and two addresses that answer without language. Fetched once, by whom, and with which values.
# Answered to programs that watch over the site, as its state and a token are: tests/web/test_watching.py.
WATCHED = {"watching.ready", "watching.metrics"}
FILES: dict[str, tuple[str, dict[str, str], str]] = {
    "pages.door": ("nobody", {}, ""),
    "pages.health": ("nobody", {}, ""),
    "static": ("nobody", {"filename": "css/site.css"}, ""),
    "recordings.listen": ("nobody", {}, "sound"),
    "offers.calendar": ("nobody", {}, ""),
    "offers.times": ("nobody", {}, "offer club"),
    "offers.news": ("nobody", {}, ""),
    "offers.week_sheet_pdf": ("nobody", {"town": "Mechelen"}, ""),
    "calendars.meeting": ("newcomer planned", {}, "duo planned"),
    "calendars.buddy_talk": ("buddy intake_planned", {}, ""),
    "calendars.newcomer_talk": ("newcomer intake_planned", {}, ""),
    "remarks.file": ("administrator", {}, ""),
    "buddies.certificate": ("buddy trained", {}, ""),
    "people.certificate": ("coordinator", {}, "buddy trained"),
    "proofs.guide_pdf": ("nobody", {}, ""),
    "proofs.own_pdf": ("newcomer nothing-told", {}, "proof"),
    "trajectories.caseload_file": ("counsellor", {"kind": "csv"}, ""),
    "trajectories.proof_pdf": ("counsellor", {}, "proof"),
    "confirmations.proof_pdf": ("nobody", {}, "signed"),
    "confirmations.my_proof_pdf": ("buddy signer", {}, "proof"),
    "people.buddies_file": ("coordinator", {"kind": "csv", "why": "reach"}, ""),
    "people.newcomers_file": ("coordinator", {"kind": "xlsx", "why": "report"}, ""),
    "people.import_rows": ("coordinator", {}, "list"),
    "offers.list_rows": ("coordinator", {}, "activities ready"),
    "offers.offers_file": ("coordinator", {"kind": "csv"}, ""),
    "quality.file": ("coordinator", {"slug": "rivierenland", "form": "csv"}, ""),
    "quality.missing_file": ("coordinator", {"slug": "rivierenland", "form": "xlsx"}, ""),
    "quality.languages_file": ("counsellor", {"form": "csv"}, ""),
    "privacy.my_data_file": ("newcomer entries", {}, ""),
    "reports.as_csv": ("nobody", {"table": "hours"}, ""),
    "reports.as_xlsx": ("nobody", {}, ""),
    "shortages.newsletter": ("coordinator", {}, "call"),
    **{
        f"api.{name}": ("nobody", {}, "")
        for name in (
            "index",
            "openapi",
            "schema",
            "words",
            "activities",
            "activities_json",
            "activities_csv",
            "numbers",
        )
    },
    "api.activity": ("nobody", {}, "offer club"),
    "api.table": ("nobody", {"table": "hours"}, ""),
    "staff_reports.file": ("counsellor", {"report": "running", "kind": "csv"}, ""),
    "staff_reports.proofs_file": ("counsellor", {"agency": "agii", "kind": "json"}, ""),
}
ENTRIES = [f"entry entries {state.value}" for state in EntryState]
TRACKS = (
    *(state.value for state in NewcomerState if state not in (NewcomerState.PROPOSED, NewcomerState.IN_DUO)),
    *DUOS, "entries", "to-send", "sent", "nothing-told", "reached", "late", "soon",
)  # fmt: skip


def visits() -> tuple[Visit, ...]:
    """All of them."""
    return (*_public(), *_coming_in(), *_registering(), *_newcomer(), *_volunteer(), *_staff(), *_refused())


def _public() -> Iterator[Visit]:
    for page in ("home", "how_it_works", "help", "languages", "privacy", "accessibility", "open_data"):
        yield Visit(f"pages.{page}", PUBLIC)
    yield Visit("pages.help", NEWCOMER, "newcomer entries")
    yield Visit("pages.privacy", NEWCOMER, "newcomer entries")
    yield Visit("offers.index", NEWCOMER)
    yield Visit("offers.index", NEWCOMER, query="place=2800&kind=sport")
    yield Visit("offers.index", NEWCOMER, query="place=nergens")
    for query in (
        "q=koken&place=2800",
        "q=xyzzy&day=sun",
        "view=map",
        "view=map&network=rivierenland",
        "view=week",
        "place=Beveren",
    ):
        yield Visit("offers.index", NEWCOMER, query=query)
    yield Visit("offers.index", NEWCOMER, "newcomer waiting")
    yield Visit("offers.show", NEWCOMER, ids="offer club")
    yield Visit("organisations.show", NEWCOMER, ids="club")
    yield Visit("organisations.show", PUBLIC, ids="house to_verify", status=404)
    yield Visit("offers.week_sheet", NEWCOMER, values={"town": "Mechelen"})
    yield Visit("offers.week_sheet", PUBLIC, values={"town": "Nergens"}, status=404)
    for kind in ("buddy", "newcomer"):
        yield Visit("sharing.door", PUBLIC, values={"kind": kind})
        yield Visit("sharing.door", PUBLIC, values={"kind": kind}, query="to=ti")
        yield Visit("sharing.poster", PUBLIC, values={"kind": kind}, both=True)
    for ids in ("call", "call over"):
        yield Visit("shortages.wanted", PUBLIC, ids=ids)
    yield Visit("shortages.wanted", PUBLIC, values={"code": "not-there"}, status=404)
    yield Visit("shortages.poster", PUBLIC, ids="call")
    yield Visit("proofs.guide", NEWCOMER)
    yield Visit("proofs.check", PUBLIC, ids="proof")
    yield Visit("proofs.check", PUBLIC, values={"public_number": "not-there"}, status=404)
    yield Visit("confirmations.proof", VOLUNTEER, ids="signed")
    yield Visit("confirmations.my_proof", VOLUNTEER, "buddy signer", ids="proof")
    yield Visit("proofs.mine", NEWCOMER, "newcomer nothing-told")
    yield Visit("proofs.mine", NEWCOMER, "newcomer entries")
    yield Visit("remarks.report", PUBLIC, query="page=/ar/help")
    yield Visit("remarks.report", PUBLIC, method="POST", status=422)
    yield Visit("reports.numbers", PUBLIC)
    yield Visit("reports.numbers", PUBLIC, query="first=2026-01-01&last=2026-06-30")
    yield Visit("confirmations.show", VOLUNTEER, ids="confirm")
    yield Visit("confirmations.forget", VOLUNTEER, ids="without an account")
    yield Visit("confirmations.differ", VOLUNTEER, ids="differ")
    yield Visit("attendance.by_link", VOLUNTEER, ids="confirm")
    yield Visit("attendance.paper", VOLUNTEER, ids="sheet", always="nl")


def _coming_in() -> Iterator[Visit]:
    yield Visit("accounts.sign_in", NEWCOMER)
    yield Visit("accounts.code", NEWCOMER)
    yield Visit("accounts.ask_link", NEWCOMER)
    yield Visit("accounts.ask_password", NEWCOMER)
    yield Visit("accounts.use_link", NEWCOMER, ids="sign in")
    yield Visit("accounts.new_password", NEWCOMER, ids="password")
    yield Visit("accounts.confirm_address", NEWCOMER, ids="address")
    yield Visit("accounts.home", NEWCOMER, "newcomer entries", lands="newcomers.track")
    yield Visit("accounts.home", VOLUNTEER, "buddy free 0", lands="buddies.home")
    yield Visit("accounts.account", NEWCOMER, "newcomer entries")
    yield Visit("accounts.change_password", NEWCOMER, "newcomer active")
    yield Visit("accounts.taken_over", NEWCOMER, "newcomer entries")
    yield Visit("accounts.add_address", NEWCOMER, "newcomer with card")
    yield Visit("privacy.my_data", NEWCOMER, "newcomer entries")
    yield Visit("privacy.my_data_paper", NEWCOMER, "newcomer entries")
    yield Visit("privacy.agreed", NEWCOMER, "newcomer entries", ids="agreed")
    yield Visit("privacy.my_data", NEWCOMER, "newcomer going")
    yield Visit("privacy.erase", NEWCOMER, "newcomer entries")
    yield Visit("privacy.agree", NEWCOMER, "newcomer entries")
    yield Visit("privacy.agree", NEWCOMER, "newcomer going")
    yield Visit("newcomers.track", NEWCOMER, lands="accounts.sign_in")  # which says why


def _registering() -> Iterator[Visit]:
    for kind, reader in (("newcomer", NEWCOMER), ("buddy", VOLUNTEER)):
        under_way, of_kind = f"{kind} under way", {"kind": kind}
        yield Visit("registrations.start", reader, values=of_kind, lands="registrations.step")
        yield Visit("registrations.start", reader, under_way, values=of_kind)
        yield Visit("registrations.go_on", reader, under_way, values=of_kind, lands="registrations.step")
        yield Visit("registrations.later", reader, under_way, values=of_kind)
        yield Visit("registrations.resume", reader, values={**of_kind, "token": "not-there"}, status=410)
        for step in STEPS[kind]:
            yield Visit("registrations.step", reader, under_way, values={**of_kind, "slug": step.slug})
        yield Visit("registrations.step", reader, values={**of_kind, "slug": STEPS[kind][-1].slug})
    yield Visit("registrations.done", VOLUNTEER, "buddy done")
    yield Visit("registrations.card", NEWCOMER, "newcomer with card", both=True)
    yield Visit("registrations.together", STAFF, "helper")
    for aim in ("register", "search"):
        yield Visit("registrations.together_begin", STAFF, "helper", values={"aim": aim})
    yield Visit("registrations.together_activities", NEWCOMER, "helper under way", query="place=2800")
    yield Visit("sign_ups.together", NEWCOMER, "helper under way", ids="joining")
    yield Visit("sign_ups.together", NEWCOMER, "helper under way", ids="joining", method="POST", status=422)
    for step in STEPS["newcomer"]:
        yield Visit("registrations.together_step", NEWCOMER, "helper under way", values={"slug": step.slug})
    yield Visit("registrations.together_card", NEWCOMER, "helper done", both=True)


def _newcomer() -> Iterator[Visit]:
    for who in TRACKS:
        yield Visit("newcomers.track", NEWCOMER, f"newcomer {who}")
    for who in ("waiting", "left"):
        yield Visit("newcomers.answers", NEWCOMER, f"newcomer {who}")
    for step in EDITABLE["newcomer"]:
        yield Visit("newcomers.edit", NEWCOMER, "newcomer waiting", values={"slug": step.slug})
    for who in ("waiting", "active"):
        yield Visit("newcomers.stop", NEWCOMER, f"newcomer {who}")
    yield Visit("newcomers.counsellor", NEWCOMER, "newcomer waiting")
    for who in ("waiting", "choosing", "chose", "chose-none"):
        yield Visit("wishes.choose", NEWCOMER, f"newcomer {who}")
    yield Visit(
        "wishes.choose", NEWCOMER, "newcomer choosing", method="POST", sent={"buddy": "?"}, status=422
    )
    yield Visit("newcomers.track", NEWCOMER, "newcomer choosing")
    yield Visit("wishes.by_link", NEWCOMER, ids="choose choosing")
    for who in ("waiting", "approved", *DUOS):
        yield Visit("duos.mine", NEWCOMER, f"newcomer {who}")
    for who in ("asked", "met", "said-yes"):
        yield Visit("duos.by_link", NEWCOMER, ids=f"answer {who}")
    for who in ("active", "frozen"):
        yield Visit("safety.report", NEWCOMER, f"newcomer {who}", ids=f"duo {who}")
        yield Visit("safety.by_link", NEWCOMER, ids=f"report {who}")
    for who in ("active", "ended", "completed"):
        yield Visit("duos.look_back_by_link", NEWCOMER, ids=f"report {who}")
    yield Visit("duos.look_back_by_link", NEWCOMER, ids="report ended", method="POST", status=422)
    for who in ("entries", "nothing-told"):
        yield Visit("hours.index", NEWCOMER, f"newcomer {who}")
        yield Visit("hours.tell", NEWCOMER, f"newcomer {who}")
    yield Visit("hours.about", NEWCOMER, "newcomer entries", ids="offer entries")
    yield Visit("hours.other", NEWCOMER, "newcomer entries")
    yield Visit("attendance.own", NEWCOMER, "newcomer entries", ids="offer entries")
    for ids in ENTRIES:
        yield Visit("hours.show", NEWCOMER, "newcomer entries", ids=ids)
    yield Visit("hours.show", NEWCOMER, "newcomer sent", ids="entry sent submitted")
    yield Visit("hours.take_back", NEWCOMER, "newcomer entries", ids="entry entries draft")
    for who in ("joined", "in line", "stopped"):
        yield Visit("newcomers.track", NEWCOMER, f"newcomer {who}")
        yield Visit("offers.show", NEWCOMER, f"newcomer {who}", ids="joining")
        yield Visit("sign_ups.by_link", NEWCOMER, ids=f"leave {who}")
    yield Visit("sign_ups.by_link", NEWCOMER, ids="leave joined too", method="POST", sent={"act": "leave"})
    yield Visit("duos.sheet", NEWCOMER, "newcomer planned", ids="duo planned")
    yield Visit("duos.end", NEWCOMER, "newcomer active", ids="duo active")


def _volunteer() -> Iterator[Visit]:
    for state in BuddyState:
        who = "free 0" if state is BuddyState.APPROVED else state.value
        yield Visit("buddies.home", VOLUNTEER, f"buddy {who}")
    for step in EDITABLE["buddy"]:
        yield Visit("buddies.edit", VOLUNTEER, "buddy free 0", values={"slug": step.slug})
    for who in ("free 0", "active"):
        yield Visit("buddies.pause", VOLUNTEER, f"buddy {who}")
        yield Visit("buddies.stop", VOLUNTEER, f"buddy {who}")
    for state in (BuddyState.AWAY, BuddyState.LAPSED, BuddyState.LEFT):
        yield Visit("buddies.available", VOLUNTEER, ids=f"available {state.value}")
    yield Visit("staying.by_link", VOLUNTEER, ids="stay trained")
    yield Visit("staying.by_link", VOLUNTEER, ids="stay trained", method="POST")
    for said in ("yes", "later"):
        yield Visit(
            "buddies.available", VOLUNTEER, ids="available trained", method="POST", sent={"says": said}
        )
    yield Visit("buddies.available", VOLUNTEER, ids="available trained", method="POST", status=422)
    for who in ("free 0", "trained"):
        yield Visit("buddies.trainings", VOLUNTEER, f"buddy {who}")
    yield Visit("buddies.trainings", VOLUNTEER, "buddy free 0", method="POST", status=422)
    for who in DUOS:
        yield Visit("duos.mine", VOLUNTEER, f"buddy {who}")
    for who in ("signer", "organisation"):
        yield Visit("confirmations.mine", VOLUNTEER, who if who == "organisation" else "buddy signer")
        yield Visit("attendance.mine", VOLUNTEER, who if who == "organisation" else "buddy signer")
    yield Visit("confirmations.differ_mine", VOLUNTEER, "buddy signer", ids="entry sent submitted")
    yield Visit("hours.tell", VOLUNTEER, "buddy signer")
    yield Visit("hours.index", VOLUNTEER, "buddy signer")
    yield Visit("hours.show", VOLUNTEER, "buddy signer", ids="entry entries draft")
    yield Visit("accounts.account", VOLUNTEER, "buddy signer")
    yield Visit("privacy.my_data", VOLUNTEER, "buddy signer")
    yield Visit("privacy.my_data_paper", VOLUNTEER, "buddy signer")
    yield Visit("privacy.erase", VOLUNTEER, "buddy signer")


def _joining() -> Iterator[Visit]:
    """Who comes and who was there, for contact persons and counsellors."""
    yield Visit("sign_ups.of_newcomer", STAFF, "counsellor", ids="newcomer joined")
    yield Visit("sign_ups.of_newcomer", STAFF, "counsellor", ids="newcomer stopped", query="q=praten")
    for endpoint, who in (("by_link", "nobody"), ("people", "organisation")):
        yield Visit(f"presence.{endpoint}", VOLUNTEER, who, ids="joining")
    yield Visit("presence.people", VOLUNTEER, "organisation", ids="joining", query="contact=1")
    yield Visit("presence.people", VOLUNTEER, "organisation", ids="activity draft")
    for endpoint, who in (("mark_by_link", "nobody"), ("mark", "organisation")):
        yield Visit(f"presence.{endpoint}", VOLUNTEER, who, ids="joining")
        yield Visit(f"presence.{endpoint}", VOLUNTEER, who, ids="joining", method="POST", status=422)


def _activities() -> Iterator[Visit]:
    """What organisations see and fill in, and what coordinators check of them."""
    yield Visit("organisations.register", STAFF, "nobody")
    yield Visit("organisations.register", STAFF, "nobody", method="POST", status=422)
    yield Visit("organisations.registered", STAFF, "nobody")
    yield Visit("organisations.mine", STAFF, "organisation")
    yield Visit("organisations.mine", STAFF, "organisation", query="state=ended")
    yield Visit("organisations.mine", STAFF, "coordinator")
    for who in ("registered", "to_verify", "refused"):
        yield Visit("organisations.mine", STAFF, f"house {who}")
        yield Visit("organisations.check", STAFF, "coordinator", ids=f"house {who}")
    yield Visit("organisations.check", STAFF, "coordinator", ids="club")
    for ids in ("club", "house to_verify"):
        yield Visit("organisations.edit", STAFF, "coordinator", ids=ids)
    yield Visit("organisations.edit", STAFF, "organisation", ids="club", method="POST", status=422)
    yield Visit("organisations.remove_contact", STAFF, "organisation", ids="club contact")
    for endpoint in ("activities.new", "activities.words", "activities.terms"):
        ids = "club" if endpoint == "activities.new" else "activity draft"
        yield Visit(endpoint, STAFF, "organisation", ids=ids)
        yield Visit(endpoint, STAFF, "organisation", ids=ids, method="POST", sent={"places": "x"}, status=422)
    for position in ("1", "2"):
        values = {"position": position}
        yield Visit("activities.where", STAFF, "organisation", ids="activity draft", values=values)
    yield Visit(
        "activities.where",
        STAFF,
        "organisation",
        ids="activity draft",
        values=values,
        method="POST",
        status=422,
    )
    for state in OfferState:
        yield Visit("activities.show", STAFF, "organisation", ids=f"activity {state.value}")
        yield Visit("activities.check", STAFF, "coordinator", ids=f"activity {state.value}")
    yield Visit("activities.check", STAFF, "coordinator", ids="activity to_check", method="POST", status=422)
    for tag in ("ar", "fr", "ti"):
        yield Visit("activities.text", STAFF, "organisation", ids="activity published", values={"tag": tag})
    yield Visit(
        "activities.text",
        STAFF,
        "organisation",
        ids="activity published",
        values={"tag": "ti"},
        method="POST",
        status=422,
    )
    yield Visit("activities.goes_on", VOLUNTEER, ids="goes on")
    yield Visit(
        "activities.goes_on",
        VOLUNTEER,
        ids="goes on",
        method="POST",
        sent={"until": "2020-01-01"},
        status=422,
    )


def _staff() -> Iterator[Visit]:
    for page in (
        "today.index", "shortages.index", "people.buddies", "people.newcomers", "people.import_list", "matches.index", "duos.index",
        "networks.settings", "admin.audit",
    ):  # fmt: skip
        yield Visit(page, STAFF, "coordinator")
    yield Visit("duos.index", STAFF, "coordinator", query="state=over")
    yield from _activities()
    yield from _joining()
    yield Visit("wishes.index", STAFF, "coordinator")
    yield Visit("wishes.show", STAFF, "coordinator", ids="proposal")
    yield Visit("loans.index", STAFF, "coordinator")
    yield Visit("loans.offer", STAFF, "coordinator", method="POST", status=422)
    for method, status in (("GET", 200), ("POST", 422)):
        yield Visit("loans.ask", STAFF, "coordinator", method=method, status=status)
        yield Visit("loans.asked", STAFF, "coordinator", ids="asked place", method=method, status=status)
    yield Visit("people.buddies", STAFF, "coordinator", query="q=nobody-is-called-so")
    yield Visit("networks.settings", STAFF, "coordinator", values={"slug": "rivierenland"})
    yield from _programmes()
    yield Visit("today.message", STAFF, "coordinator", ids="task")
    yield Visit("people.import_preview", STAFF, "coordinator", ids="list")
    yield from _offer_lists()
    for kind in ("buddy", "newcomer"):
        yield Visit("people.duplicates", STAFF, "coordinator", values={"people": kind})
    yield Visit("people.compare", STAFF, "coordinator", ids="twins", values={"people": "buddy"})
    yield Visit("people.buddies", STAFF, "coordinator", query="state=screening")
    yield Visit("people.block_list", STAFF, "coordinator")
    yield Visit("people.block_hit", STAFF, "coordinator", ids="hit")
    for state in BuddyState:
        who = "free 0" if state is BuddyState.APPROVED else state.value
        yield Visit("people.buddy", STAFF, "coordinator", ids=f"buddy {who}", query="contact=1")
    yield Visit("people.buddy", STAFF, "coordinator", ids="buddy trained")
    for who in ("registered", "intake_planned", "ready", "waiting", "active", "left"):
        yield Visit("people.newcomer", STAFF, "coordinator", ids=f"newcomer {who}", query="contact=1")
    yield Visit("recordings.index", STAFF, "coordinator")
    yield Visit("recordings.text", STAFF, "coordinator", ids="recording")
    yield Visit("recordings.remove", STAFF, "coordinator", ids="recording")
    yield Visit("matches.run", STAFF, "coordinator", ids="run")
    yield Visit("matches.judge", STAFF, "coordinator", ids="proposal")
    yield Visit("matches.ask_refusal", STAFF, "coordinator", ids="proposal")
    yield Visit("matches.judge", STAFF, "coordinator", ids="reserved")
    yield Visit("publishing.decided", STAFF, "coordinator", values={"slug": "rivierenland"})
    yield Visit("publishing.ask_undo", STAFF, "coordinator", ids="run")
    yield Visit("shortages.index", STAFF, "administrator", values={"slug": "kempen"})
    for ids in ("call", "call over"):
        yield Visit("shortages.call", STAFF, "coordinator", ids=ids)
    yield from _quality()
    for who in ("approved", *DUOS):
        yield Visit("duos.show", STAFF, "coordinator", ids=f"duo {who}")
    yield Visit("duos.end", STAFF, "coordinator", ids="duo active")
    yield Visit("safety.stop_contact", STAFF, "coordinator", ids="duo active")
    yield Visit("safety.stop_contact", STAFF, "coordinator", ids="duo active", method="POST", status=422)
    yield Visit("safety.index", STAFF, "coordinator")
    for page in ("show", "note", "close"):
        yield Visit(f"safety.{page}", STAFF, "coordinator", ids="safety")
    yield from _counsellor()
    yield from _administrator()


def _quality() -> Iterator[Visit]:
    here = {"slug": "rivierenland"}
    for query in ("", "finding=ends-soon", "finding=unseen&town=Lier", "without=ar"):
        yield Visit("quality.index", STAFF, "coordinator", values=here, query=query)
    yield Visit("quality.index", STAFF, "administrator", values={"slug": "kempen"})
    for query in ("", "show=all&lack=interests", "town=Bonheiden"):
        yield Visit("quality.missing", STAFF, "coordinator", values=here, query=query)
    for who in ("coordinator", "counsellor", "administrator"):
        yield Visit("quality.languages", STAFF, who)


def _offer_lists() -> Iterator[Visit]:
    yield Visit("offers.lists", STAFF, "coordinator")
    yield Visit("offers.lists", STAFF, "coordinator", method="POST", sent={"kind": "own"}, status=422)
    for state in ("reading", "ready", "taking", "done", "stopped", "failed"):
        yield Visit("offers.list_shown", STAFF, "coordinator", ids=f"activities {state}")
    yield Visit(
        "offers.take_offers",
        STAFF,
        "coordinator",
        ids="activities ready",
        method="POST",
        sent={"publish": "y"},
        status=422,
    )


def _programmes() -> Iterator[Visit]:
    for page in ("network_programmes.index", "network_programmes.new"):
        yield Visit(page, STAFF, "coordinator", values={"slug": "rivierenland"})
    yield Visit("network_programmes.index", STAFF, "coordinator kempen", values={"slug": "kempen"})
    yield Visit(
        "network_programmes.new",
        STAFF,
        "coordinator",
        values={"slug": "rivierenland"},
        method="POST",
        status=422,
    )
    for page in ("network_programmes.programme", "network_programmes.ask_close"):
        yield Visit(page, STAFF, "coordinator", ids="programme")
    yield Visit(
        "network_programmes.programme", STAFF, "coordinator", ids="programme", method="POST", status=422
    )
    for tag in ("nl", "ar"):
        yield Visit("network_programmes.words", STAFF, "coordinator", ids="programme", values={"tag": tag})
    yield Visit(
        "network_programmes.words", STAFF, "coordinator", ids="programme", values={"tag": "ar"}, method="POST",
        sent={"words": "x"}, status=422,
    )  # fmt: skip


def _counsellor() -> Iterator[Visit]:
    yield Visit("trajectories.caseload", STAFF, "counsellor")
    yield Visit("trajectories.caseload", STAFF, "counsellor", query="q=nobody-is-called-so")
    yield Visit("trajectories.code", STAFF, "counsellor")
    yield Visit("trajectories.code", STAFF, "counsellor", method="POST")
    for who in ("waiting", "entries", "reached", "late"):
        yield Visit("trajectories.show", STAFF, "counsellor", ids=f"newcomer {who}")
        yield Visit("trajectories.history", STAFF, "counsellor", ids=f"newcomer {who}")
    for who in ("waiting", "entries"):
        yield Visit("trajectories.contract", STAFF, "counsellor", ids=f"newcomer {who}")
    yield Visit("trajectories.proof", STAFF, "counsellor", ids="proof")
    for what in ("check", "back"):
        yield Visit("trajectories.judge_proof", STAFF, "counsellor", ids="proof", values={"what": what})
    yield from _decisions()
    yield Visit("attendance.code", STAFF, "coordinator")
    yield Visit("attendance.enter", STAFF, "coordinator", ids="sheet")
    yield Visit("staff_reports.proofs", STAFF, "counsellor")
    for who in ("counsellor", "coordinator", "administrator"):
        yield Visit("staff_reports.index", STAFF, who)
        for report in ("finished", "running", "hours", "flow", "channels"):
            yield Visit("staff_reports.show", STAFF, who, values={"report": report})
    for what, state in (("back", "confirmed"), ("reverse", "accepted")):
        yield Visit(
            "trajectories.judge", STAFF, "counsellor", ids=f"entry entries {state}", values={"what": what}
        )


def _decisions() -> Iterator[Visit]:
    yield Visit("trajectories.tasks", STAFF, "counsellor")
    yield Visit("trajectories.call", STAFF, "counsellor", ids="entry entries refused")
    yield Visit("trajectories.judge_offer", STAFF, "counsellor", ids="unjudged")
    for page in ("extend", "exempt", "transfer", "handover"):
        yield Visit(f"trajectories.{page}", STAFF, "counsellor", ids="newcomer entries")
        yield Visit(
            f"trajectories.{page}", STAFF, "counsellor", ids="newcomer entries", method="POST", status=422
        )
    yield Visit("trajectories.end_ground", STAFF, "counsellor", ids="exemption")
    for kind in ("completed", "not_reached", "looked_at"):
        yield Visit("trajectories.decide", STAFF, "counsellor", ids="newcomer late", values={"kind": kind})
    for what in ("accept", "remind"):
        yield Visit(
            "trajectories.several", STAFF, "counsellor", values={"what": what}, lands="trajectories.caseload"
        )


def _administrator() -> Iterator[Visit]:
    yield Visit("second_factors.own", STAFF, "administrator")
    yield Visit("second_factors.own", STAFF, "administrator", method="POST", status=422)
    yield Visit("second_factors.own", STAFF, "with a key")
    yield Visit("second_factors.turn_off", STAFF, "with a key", method="POST", status=422)
    yield Visit("admin.people", STAFF, "with a key")
    yield Visit("second_factors.ask", STAFF, "half in")
    yield Visit("second_factors.ask", STAFF, "half in", method="POST", status=422)
    yield Visit("second_factors.ask", STAFF, lands="accounts.sign_in")  # which says why
    for page in (
        "admin.people", "admin.invite", "admin.messages", "admin.audit", "programmes.weights", "remarks.index",
    ):  # fmt: skip
        yield Visit(page, STAFF, "administrator")
    yield Visit("retention.index", STAFF, "administrator")
    yield Visit("retention.add", STAFF, "administrator")
    yield Visit("retention.add", STAFF, "administrator", method="POST", status=422)
    yield Visit("rules.index", STAFF, "administrator")
    for kind in ("target", "term", "ground"):
        yield Visit("rules.add", STAFF, "administrator", values={"kind": kind})
        yield Visit("rules.add", STAFF, "administrator", values={"kind": kind}, method="POST", status=422)
    yield Visit("remarks.show", STAFF, "administrator", ids="remark")
    yield Visit("admin.message", STAFF, "administrator", ids="mail")
    yield Visit("programmes.version", STAFF, "administrator", ids="version")
    yield Visit("programmes.ask_adopt", STAFF, "administrator", ids="version")


def _refused() -> Iterator[Visit]:
    """Forms sent empty, and pages that are not there or not for this person: they speak every language too."""
    yield Visit("accounts.sign_in", NEWCOMER, method="POST", status=422)
    yield Visit("accounts.code", NEWCOMER, method="POST", status=422)
    for slug in ("name", "where", "consent"):
        values = {"kind": "newcomer", "slug": slug}
        wrong = {"full_name": "", "email": "wrong", "phone": "wrong", "place": "nergens"}
        yield Visit("registrations.step", NEWCOMER, values=values, method="POST", sent=wrong, status=422)
    yield Visit(
        "registrations.step", VOLUNTEER, values={"kind": "buddy", "slug": "who"}, method="POST", status=422
    )
    yield Visit("hours.about", NEWCOMER, "newcomer entries", ids="offer entries", method="POST", status=422)
    yield Visit("hours.other", NEWCOMER, "newcomer entries", method="POST", status=422)
    sent = {"kind": "nothing-such"}
    yield Visit(
        "safety.report", NEWCOMER, "newcomer active", ids="duo active", method="POST", sent=sent, status=422
    )
    for act in ("note", "close"):
        yield Visit(f"safety.{act}", STAFF, "coordinator", ids="safety", method="POST", status=422)
    yield Visit("today.index", PUBLIC, "newcomer waiting", status=403)
    yield Visit("hours.show", PUBLIC, "newcomer waiting", ids="entry sent submitted", status=404)
