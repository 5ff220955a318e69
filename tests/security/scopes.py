"""Who sees what, as data: of each selection of the queries, the records of the own side by who looks at them.

`~` in front means: of the other network. An administrator sees `ALL` of both sides where the matrix says so. Whoever
is not named sees nothing.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from app.db import session
from app.queries import (
    admin,
    attendance,
    blocks,
    buddies,
    criteria,
    duos,
    history,
    hours,
    imports,
    loans,
    matches,
    network_programmes,
    networks,
    newcomers,
    offer_exports,
    offer_lists,
    organisations,
    programmes,
    proofs,
    remarks,
    safety,
    saved_filters,
    shortages,
    sign_ups,
    today,
    trainings,
    wishes,
)
from app.security.permissions import Permission as P
from app.security.viewer import Viewer
from app.vocabulary.remarks import RemarkState
from tests.security.sides import LOOKED_FOR, Side, of_no_side

Selection = Callable[[Viewer], Any]


@dataclass(frozen=True)
class Row:
    """A selection, the names of records to look for, who sees which, and which administrators see: all, none or these names."""

    name: str
    select: Selection
    names: str
    seen: Mapping[str, str]
    all: bool | str = False

    @property
    def function(self) -> Any:
        """The function of the queries that selects."""
        return self.select.args[0] if isinstance(self.select, partial) else self.select


def found(row: Row, viewer: Viewer) -> set[int | str]:
    """The keys of all that the selection gives."""
    return {getattr(item, "slug", None) or item.id for item in session().scalars(row.select(viewer)).unique()}


def wrong(
    row: Row, sides: dict[str, Side], viewers: dict[str, dict[str, Viewer]], keeper: Viewer
) -> Iterator[str]:
    """Who sees more or less than the row says, one after the other."""
    every = {(side, name): sides[side].keys[name] for side in sides for name in row.names.split()}
    everything = set(every.values())
    for side, other in (("here", "there"), ("there", "here")):
        for who, viewer in viewers[side].items():
            named = row.seen.get(who, "").split()
            wanted = {every[other if name[0] == "~" else side, name.lstrip("~")] for name in named}
            if found(row, viewer) & everything != wanted:
                yield f"{who} {side}"
    yield from (who for who, viewer in of_no_side().items() if found(row, viewer))
    named = row.names if row.all is True else row.all or ""
    if found(row, keeper) & everything != {every[side, name] for side in sides for name in named.split()}:
        yield "administrator"


def _with(function: Callable[..., Any], permission: P) -> Selection:
    return partial(_asked, function, permission)


def _asked(function: Callable[..., Any], permission: P, viewer: Viewer) -> Any:
    return function(viewer, permission)


def _looked(function: Callable[..., Any], viewer: Viewer) -> Any:
    return function(viewer, LOOKED_FOR)


def _named(function: Callable[..., Any], viewer: Viewer) -> Any:
    return function(viewer, "zoek_naam")


def _new_in_dutch(function: Callable[..., Any], viewer: Viewer) -> Any:
    return function(viewer, language="nl", state=RemarkState.NEW)


BUDDIES, NEWCOMERS = "buddy alone_buddy lender", "newcomer alone guest"
OWN_BUDDY = {who: who for who in BUDDIES.split()}
OWN_NEWCOMER = {who: who for who in NEWCOMERS.split()}
OWN_DUO = {
    "buddy": "duo",
    "alone_buddy": "asked",
    "newcomer": "duo",
    "alone": "asked",
    "guest": "lent",
    "lender": "~lent",
}
HOUSES = "club other_club unverified silent"
ACTIVITIES = "group unjudged other_group"
ENTRIES = "entry duo_entry alone_entry signed"
CASELOAD = "entry duo_entry signed"
LEFT = "emptied_entry erased_entry"  # of who was erased, or whose records are empty, and not both
STAFF = "staff_coordinator staff_counsellor staff_member staff_helper"
LOOKED_AT = "first_act last_act"

SCOPES = (
    Row("buddies", _with(buddies.buddies_for, P.SEE_BUDDIES), BUDDIES, {"coordinator": BUDDIES, **OWN_BUDDY}, all=True),
    Row(
        "how to reach buddies", _with(buddies.buddies_for, P.SEE_BUDDY_CONTACT), BUDDIES,
        {"coordinator": BUDDIES, **OWN_BUDDY, "newcomer": "buddy", "guest": "~lender"}, all=True,
    ),
    Row("buddies to judge", _with(buddies.buddies_for, P.JUDGE_BUDDY), BUDDIES, {"coordinator": BUDDIES}),
    Row(
        "newcomers", _with(newcomers.newcomers_for, P.SEE_NEWCOMERS), NEWCOMERS,
        {"coordinator": NEWCOMERS, "counsellor": "newcomer", **OWN_NEWCOMER}, all=True,
    ),
    Row(
        "how to reach newcomers", _with(newcomers.newcomers_for, P.SEE_NEWCOMER_CONTACT), NEWCOMERS,
        {"coordinator": NEWCOMERS, "counsellor": "newcomer", **OWN_NEWCOMER, "buddy": "newcomer", "lender": "~guest"}, all=True,
    ),
    Row(
        "contracts", _with(newcomers.newcomers_for, P.SEE_CONTRACT), NEWCOMERS,
        {"counsellor": "newcomer", **OWN_NEWCOMER},
    ),
    Row("contracts to set", _with(newcomers.newcomers_for, P.SET_CONTRACT), NEWCOMERS, {"counsellor": "newcomer"}),
    Row("own track", _with(newcomers.newcomers_for, P.OWN_TRACK), NEWCOMERS, OWN_NEWCOMER),
    Row(
        "duos", _with(duos.duos_for, P.SEE_DUOS), "duo asked lent",
        {"coordinator": "duo asked lent ~lent", "counsellor": "duo", **OWN_DUO}, all=True,
    ),
    Row("duos to follow", _with(duos.duos_for, P.FOLLOW_DUO), "duo asked lent", {"coordinator": "duo asked lent ~lent"}),
    Row("duos to answer", _with(duos.duos_for, P.ANSWER_DUO), "duo asked lent", OWN_DUO),
    Row(
        "hours", _with(hours.entries_for, P.SEE_HOURS), f"{ENTRIES} {LEFT} gone_entry",
        {
            "counsellor": CASELOAD, "newcomer": CASELOAD, "alone": "alone_entry", "buddy": "duo_entry",
            "member": f"entry {LEFT} gone_entry", "other member": "alone_entry signed",
        },
    ),
    Row(
        "hours to sign", _with(hours.entries_for, P.SIGN_HOURS), f"{ENTRIES} {LEFT} gone_entry",
        {"buddy": "duo_entry", "member": f"entry {LEFT}", "other member": "alone_entry signed"},
    ),
    Row("hours to accept", _with(hours.entries_for, P.ACCEPT_HOURS), ENTRIES, {"counsellor": CASELOAD}),
    Row(
        "hours told", _with(hours.entries_for, P.TELL_HOURS), ENTRIES,
        {"newcomer": CASELOAD, "alone": "alone_entry", "buddy": "duo_entry"},
    ),
    Row("own proofs", _with(proofs.proofs_for, P.OWN_TRACK), "proof", {"newcomer": "proof"}),
    Row("proofs to accept", _with(proofs.proofs_for, P.ACCEPT_HOURS), "proof", {"counsellor": "proof"}),
    Row(
        "organisations", _with(organisations.organisations_for, P.EDIT_OFFER), HOUSES,
        {"coordinator": HOUSES, "member": "club", "other member": "other_club"},
    ),
    Row(
        "organisations to check", _with(organisations.organisations_for, P.PUBLISH_OFFER), HOUSES,
        {"coordinator": HOUSES}, all=True,
    ),
    Row(
        "activities", _with(organisations.offers_for, P.EDIT_OFFER), f"{ACTIVITIES} informal",
        {"coordinator": ACTIVITIES, "member": "group unjudged", "other member": "other_group"},
    ),
    Row(
        "people who come", _with(organisations.offers_for, P.SEE_SIGN_UPS), f"{ACTIVITIES} informal",
        {"member": "group unjudged", "other member": "other_group"},
    ),
    Row("activities as a file", offer_exports.offers_to_take, f"{ACTIVITIES} informal", {"coordinator": ACTIVITIES}, all=ACTIVITIES),
    Row("lists of activities", offer_lists.lists_for, "list", {"coordinator": "list"}, all=True),
    Row("organisations of lists", offer_lists.houses_for, HOUSES, {"coordinator": "club other_club"}, all="club other_club"),
    Row(
        "sign-ups", _with(sign_ups.sign_ups_for, P.JOIN_OFFER), "sign_up", {"newcomer": "sign_up", "counsellor": "sign_up"}
    ),
    Row("activities to judge", criteria.offers_to_judge, f"{ACTIVITIES} informal far", {"counsellor": "informal unjudged far"}),
    Row(
        "names on sheets", attendance.names_to_enter, "name stray_name",
        {"counsellor": "name", "colleague": "name", "coordinator": "name stray_name", "member": "name stray_name"},
    ),
    Row("runs", _with(matches.runs_for, P.SEE_PROPOSALS), "run", {"coordinator": "run"}, all=True),
    Row("proposals", _with(matches.proposals_for, P.SEE_PROPOSALS), "proposal", {"coordinator": "proposal"}, all=True),
    Row("proposals to judge", _with(matches.proposals_for, P.JUDGE_PROPOSAL), "proposal", {"coordinator": "proposal"}),
    Row("own choice", _with(wishes.wishes_for, P.CHOOSE_BUDDY), "wish", {"newcomer": "wish"}),
    Row("choices asked", _with(wishes.wishes_for, P.JUDGE_PROPOSAL), "wish", {"coordinator": "wish"}),
    Row("loans", loans.loans_for, "loan", {"coordinator": "loan ~loan"}),
    Row("questions for a place", loans.requests_for, "request", {"coordinator": "request ~request"}),
    Row("reports of safety", safety.reports_for, "report", {"coordinator": "report"}, all=True),
    Row("blocks", blocks.blocks_for, "block lifted", {"coordinator": "block"}),
    Row("people on the block list", blocks.hits_for, "hit settled", {"coordinator": "hit"}),
    Row("notes", history.notes_for, "note", {"coordinator": "note"}),
    Row("lists of people", imports.lists_for, "lines", {"coordinator": "lines"}),
    Row("calls", shortages.calls_for, "call", {"coordinator": "call"}),
    Row("own trainings", _with(trainings.trainings_for, P.OWN_BUDDY), "training", {"buddy": "training"}),
    Row("trainings to see", _with(trainings.trainings_for, P.JUDGE_BUDDY), "training", {"coordinator": "training"}),
    Row("own filters", saved_filters.filters_for, "filter", {"coordinator": "filter"}),
    Row("messages to do", today.messages_to_do, "task failed done later lost queued sent", {"coordinator": "task failed"}),
    Row("audit log", admin.audit_for, "audit", {"coordinator": "audit"}, all=True),
    Row(
        "audit log looked through", partial(_looked, admin.audit_for), f"{LOOKED_AT} other_act about_other by_other too_early too_late",
        {"coordinator": LOOKED_AT}, all=LOOKED_AT,
    ),
    Row("people who work here", admin.staff_for, f"{STAFF} staff_buddy staff_nobody", {}, all=STAFF),
    Row(
        "people who work here, looked for", partial(_named, admin.staff_for), "by_name by_mail not_by_name not_by_mail", {},
        all="by_name by_mail",
    ),
    Row("who is to become an administrator", admin.requests_for, "asked_for too_long by_former by_stopped", {}, all="asked_for"),
    Row("mails", admin.messages_for, "task failed done later lost queued sent", {}, all="failed queued sent"),
    Row("places to lend", loans.free_buddies, f"{BUDDIES} full unready stopped", {"coordinator": BUDDIES}),
    Row("versions of the matcher", programmes.versions_for, "version", {}, all=True),
    Row("what readers say of sentences", remarks.remarks_for, "remark other_remark settled_remark", {}, all=True),
    Row(
        "what they say, looked for", partial(_new_in_dutch, remarks.remarks_for), "remark other_remark settled_remark", {}, all="remark",
    ),
    Row("own programmes", network_programmes.own_programmes, "programme", {"coordinator": "programme"}),
    Row("networks", networks.networks_for, "network", {"coordinator": "network"}),
)  # fmt: skip
