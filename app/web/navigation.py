"""What stands in the side bar of staff: the pages that their permissions open."""

from collections.abc import Callable
from functools import partial
from typing import Any

from flask import current_app, request, url_for

from app.i18n import Lazy, lazy_pgettext
from app.queries.criteria import tasks_open
from app.queries.remarks import open_remarks
from app.queries.safety import open_reports
from app.security.permissions import Permission as P
from app.security.viewer import Viewer

# (words, icon, endpoint, permission), in the order of a day
SECTIONS: tuple[tuple[Lazy, str, str, P], ...] = (
    (lazy_pgettext("section", "Today"), "sun", "today.index", P.JUDGE_PROPOSAL),
    (lazy_pgettext("section", "Safety"), "life-buoy", "safety.index", P.HANDLE_SAFETY),
    (lazy_pgettext("section", "Matching"), "git-merge", "matches.index", P.SEE_PROPOSALS),
    (lazy_pgettext("section", "Shortages"), "megaphone", "shortages.index", P.SEE_PROPOSALS),
    (lazy_pgettext("section", "Duos"), "users", "duos.index", P.FOLLOW_DUO),
    (lazy_pgettext("section", "Buddies"), "hand-heart", "people.buddies", P.JUDGE_BUDDY),
    (lazy_pgettext("section", "Newcomers"), "map-pin-house", "people.newcomers", P.JUDGE_NEWCOMER),
    (lazy_pgettext("section", "Register together"), "user-plus", "registrations.together", P.HELP_REGISTER),
    (lazy_pgettext("section", "Import"), "upload", "people.import_list", P.IMPORT_BUDDIES),
    (lazy_pgettext("section", "My network"), "settings-2", "networks.settings", P.SET_NETWORK),
    (lazy_pgettext("section", "Caseload"), "list-checks", "trajectories.caseload", P.ACCEPT_HOURS),
    (lazy_pgettext("section", "To do"), "phone", "trajectories.tasks", P.ACCEPT_HOURS),
    (lazy_pgettext("section", "Manage activities"), "calendar-check", "organisations.mine", P.EDIT_OFFER),
    (lazy_pgettext("section", "Lists of activities"), "list-plus", "offers.lists", P.MOVE_OFFERS),
    (lazy_pgettext("section", "Paper sheets"), "clipboard-pen", "attendance.code", P.ENTER_SHEETS),
    (lazy_pgettext("section", "Reports"), "chart-column", "staff_reports.index", P.SEE_REPORT),
    (lazy_pgettext("section", "People and roles"), "user-cog", "admin.people", P.SET_STAFF),
    (lazy_pgettext("section", "Weights of the matcher"), "scale", "programmes.weights", P.SET_WEIGHTS),
    (lazy_pgettext("section", "Rules"), "scale", "rules.index", P.ADMINISTER),
    (lazy_pgettext("section", "How long kept"), "calendar-x", "retention.index", P.ADMINISTER),
    (lazy_pgettext("section", "Recordings"), "mic", "recordings.index", P.RECORD_TEXTS),
    (lazy_pgettext("section", "Messages"), "mails", "admin.messages", P.ADMINISTER),
    (lazy_pgettext("section", "Remarks"), "message-square-warning", "remarks.index", P.ADMINISTER),
    (lazy_pgettext("section", "Audit log"), "scroll-text", "admin.audit", P.READ_AUDIT),
)


def _calls_for_help(viewer: Viewer) -> int:
    """Only for who has no page Today, where they stand first."""
    return 0 if viewer.can(P.JUDGE_PROPOSAL) else open_reports(viewer)


# What waits behind a page: counted when the side bar is drawn, not for every request
WAITING: dict[str, Callable[[Viewer], int]] = {
    "remarks.index": open_remarks,
    "safety.index": _calls_for_help,
    "trajectories.tasks": tasks_open,
}


def sections(viewer: Viewer) -> list[dict[str, Any]]:
    """The pages of that viewer's work; the one being shown is marked, and the one that a page under it belongs to."""
    found = [
        (words, icon, endpoint, url_for(endpoint))
        for words, icon, endpoint, permission in SECTIONS
        if viewer.can(permission) and endpoint in current_app.view_functions
    ]
    above = [url for *_words, url in found if f"{request.path}/".startswith(f"{url}/")]
    current = max(above, key=len, default="")
    return [
        {
            "label": words, "icon": icon, "url": url, "current": url == current and ("page" if url == request.path else "true"),
            "waiting": partial(WAITING[endpoint], viewer) if endpoint in WAITING else None,
        }
        for words, icon, endpoint, url in found
    ]  # fmt: skip
