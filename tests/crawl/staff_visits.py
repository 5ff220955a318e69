"""The visits of staff and of organisations; see tests/crawl/visits.py."""

from collections.abc import Iterator

from app.vocabulary import BuddyState
from app.vocabulary.activities import OfferState
from tests.crawl.readers import STAFF, VOLUNTEER, Visit
from tests.crawl.world import DUOS


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


def staff() -> Iterator[Visit]:
    """All of them."""
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
    yield Visit("people.buddies", STAFF, "coordinator", query="why=", status=422)
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
