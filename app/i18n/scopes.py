"""Who reads a message: seen from the files in which it stands (LANGUAGES, scope of translation)."""

from babel.messages.catalog import Message

from app.i18n.languages import Scope

# What only staff see may be missing in a language that is complete for the others.
STAFF_PATHS = (
    "app/forms/activities",
    "app/forms/admin",
    "app/forms/attendance",
    "app/forms/duos_staff",
    "app/forms/followup",
    "app/forms/matches",
    "app/forms/network_programmes",
    "app/forms/networks",
    "app/forms/organisations",
    "app/forms/offer_lists",
    "app/forms/people",
    "app/forms/programmes",
    "app/forms/recordings",
    "app/forms/rules",
    "app/forms/safety_staff",
    "app/forms/trajectories",
    "app/forms/loans",
    "app/services/loan_requests",
    "app/services/loans",
    "app/services/wishes",
    "app/vocabulary/following",
    "app/vocabulary/loans",
    "app/web/loans",
    "app/letters/organisations",
    "app/letters/today",
    "app/papers/proof",  # always in Dutch
    "app/services/agreements",
    "app/papers/certificate",  # always in Dutch, as is the next
    "app/papers/proof",
    "app/services/attendance",
    "app/services/audio/",
    "app/services/blocks",
    "app/services/buddy_lists",
    "app/services/buddy_rows",
    "app/services/calls",
    "app/services/continuations",
    "app/services/contracts",
    "app/services/criteria",
    "app/services/decisions",
    "app/services/exemptions",
    "app/services/handing",
    "app/services/imports",
    "app/services/intake",
    "app/services/matchmaking",
    "app/services/mergers",
    "app/services/notes",
    "app/services/network_programmes",
    "app/services/offer_lists",
    "app/services/networks",
    "app/services/offer_texts",
    "app/services/offer_writing",
    "app/services/offers",
    "app/services/organisations",
    "app/services/placing",
    "app/services/programmes",
    "app/services/publishing",
    "app/services/recordings",
    "app/services/remarks",
    "app/services/rules",
    "app/services/saved_filters",
    "app/services/screening",
    "app/services/staff",
    "app/templates/activities/check",
    "app/templates/activities/parts",
    "app/templates/activities/show",
    "app/templates/activities/terms",
    "app/templates/activities/text",
    "app/templates/activities/where",
    "app/templates/activities/words",
    "app/templates/admin/",
    "app/templates/attendance/code",
    "app/templates/attendance/enter",
    "app/templates/attendance/sheet",  # printed in Dutch
    "app/templates/duos/end_for_them",
    "app/templates/duos/index",
    "app/templates/duos/show",
    "app/templates/layouts/staff",
    "app/templates/matches/",
    "app/templates/network_programmes/",
    "app/templates/networks/",
    "app/templates/organisations/check",
    "app/templates/organisations/edit",
    "app/templates/organisations/mine",
    "app/templates/organisations/register",
    "app/templates/offer_lists/",
    "app/templates/people/",
    "app/templates/programmes/",
    "app/templates/recordings/",
    "app/templates/rules/",
    "app/templates/shortages/call",
    "app/templates/shortages/index",
    "app/templates/safety/index",
    "app/templates/safety/show",
    "app/templates/safety/stop",
    "app/templates/staff_reports/",
    "app/templates/today/",
    "app/templates/loans/",
    "app/templates/wishes/index",
    "app/templates/wishes/show",
    "app/templates/trajectories/",
    "app/vocabulary/actions",
    "app/vocabulary/blocks",
    "app/vocabulary/contracts",
    "app/vocabulary/effects",
    "app/vocabulary/intake",
    "app/vocabulary/offer_lists",
    "app/vocabulary/planning",
    "app/vocabulary/remarks",
    "app/vocabulary/screening",
    "app/vocabulary/settings",
    "app/vocabulary/spoken",
    "app/vocabulary/today",
    "app/vocabulary/trajectories",
    "app/web/activities",
    "app/web/admin",
    "app/web/api",  # for programmers
    "app/web/attendance",
    "app/web/blocks",
    "app/web/calls",
    "app/web/caseload",
    "app/web/criteria",
    "app/web/duplicates",
    "app/web/followup",
    "app/web/matches",
    "app/web/navigation",
    "app/web/network_programmes",
    "app/web/networks",
    "app/web/organisations",
    "app/web/offer_lists",
    "app/web/people",
    "app/web/person",
    "app/web/programmes",
    "app/web/publishing",
    "app/web/recordings",
    "app/web/rules",
    "app/web/shortages",
    "app/web/saved_filters",
    "app/web/today",
    "app/web/trajectories",
    "app/web/trajectory_history",
)

# Seen by everybody or by organisations, in all languages, but no step on a newcomer's or volunteer's way.
# Whatever stands in neither list is for newcomers and volunteers, and is held to plain words (S4).
PUBLIC_PATHS = (
    "app/forms/reports",
    "app/services/confirmations",
    "app/letters/offers",
    "app/templates/activities/goes_on",
    "app/templates/attendance/group",
    "app/templates/confirmations/",
    "app/templates/organisations/",
    "app/templates/pages/accessibility",
    "app/templates/pages/open_data",
    "app/templates/proofs/check",
    "app/templates/reports/",
    "app/templates/shortages/",
    "app/vocabulary/volunteer_calls",
    "app/vocabulary/channels",
    "app/web/confirmations",
    "app/web/reports",
)


def scope_of_path(path: str) -> Scope:
    """The readers of one file, its path counted from the folder of the project."""
    if path.startswith(STAFF_PATHS):
        return Scope.STAFF
    return Scope.PUBLIC if path.startswith(PUBLIC_PATHS) else Scope.NEWCOMER


def scopes_of(message: Message) -> frozenset[Scope]:
    """Everybody who reads this message."""
    return frozenset(scope_of_path(name) for name, _ in message.locations)


def main_scope(message: Message) -> Scope:
    """The scope to count a message under: that of the reader who needs it most, also where nobody is known."""
    scopes = scopes_of(message)
    order = (Scope.NEWCOMER, Scope.PUBLIC, Scope.STAFF)
    return next((scope for scope in order if scope in scopes), Scope.NEWCOMER)
