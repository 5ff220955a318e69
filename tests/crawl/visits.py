"""The list of the crawl: every GET route of the site, by whom it is looked at and in which states.

A route without a line here fails the build (`test_pages`); so does a line without a route.
"""

from collections.abc import Iterator

from app.forms.registrations import EDITABLE, STEPS
from app.vocabulary import BuddyState, EntryState, NewcomerState
from tests.crawl.readers import NEWCOMER, PUBLIC, STAFF, VOLUNTEER, Visit
from tests.crawl.staff_visits import staff
from tests.crawl.world import DUOS

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
    return (*_public(), *_coming_in(), *_registering(), *_newcomer(), *_volunteer(), *staff(), *_refused())


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
