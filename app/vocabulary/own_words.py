"""The columns of the own data in plain words, for the paper that somebody prints; the file (JSON) keeps the names of our tables."""

from app.i18n import Lazy, lazy_gettext, lazy_pgettext

_GROUPS: tuple[tuple[Lazy, str], ...] = (
    (lazy_pgettext("own data", "Name"), "full_name name title to_name signed_name confirmed_name to_whom device"),
    (lazy_gettext("Telephone number"), "phone to_phone"),
    (lazy_gettext("E-mail address"), "email to_email"),
    (
        lazy_gettext("When"),
        ("at on agreed_on asked_at decided_on given_at registered_at created_at signed_at used_at seen_on screened_on approved_at "
        "done_at seen_at offered_at sent_for"),
    ),
    (lazy_gettext("From"), "starts_at starts_on valid_from joined_at planned_on waiting_since"),
    (
        lazy_gettext("Until"),
        ("ends_at ends_on valid_to until expires_at paused_until screened_until answer_before due_at stopped_at ended_at "
        "ended_on left_at closed_at taken_back_at"),
    ),
    (lazy_pgettext("own data", "Minutes"), "minutes asked_minutes"),
    (lazy_gettext("Status"), "state outcome went to_state"),
    (
        lazy_pgettext("own data", "What kind"),
        "kind role obligation ground evidence cause dutch_level meeting_wish function subject",
    ),
    (lazy_pgettext("own data", "Why"), "reason refusal"),
    (lazy_gettext("Text"), "words text note contact_note query"),
    (lazy_pgettext("own data", "Number"), "number public_number version version_number capacity places_taken"),
    (lazy_gettext("Languages"), "locale spoken language"),
    (lazy_gettext("Town"), "network_slug"),
)  # fmt: skip

WORDS_OF: dict[str, Lazy] = {name: words for words, names in _GROUPS for name in names.split()}
"""The words above a value, by the name of its column."""

ONLY_IN_THE_FILE = frozenset({
    "id", "granted_by", "stay_asked_on", "active", "accepted_at", "answered_at", "asked_aloud", "by_role", "call_name", "channel",
    "checked_at", "confirmed_at", "contains_trajectory", "content", "decided_at", "demo", "done_on", "duo_was",
    "dutch_company", "email_canonical", "email_confirmed_at", "entered_at", "erased_at", "extract_seen_on", "facts",
    "failure", "from_state", "half_time", "heard_at", "html", "insurer", "is_start", "judged_at", "latin_name",
    "message_id", "next_try_at", "objects_at", "plain_key", "records_emptied_at", "reminded_at", "reminded_on",
    "rules_on", "search_key", "side", "sort_key", "source", "talk_at", "told", "tries", "wanted", "with_minors",
    "words_language", "contact_note_language", "milliseconds", "agency_slug", "from_slug", "to_slug",
    "organisation_id",
})  # fmt: skip
"""Columns of the machine, or that say again what another one says."""

IN_THE_ANSWERS = frozenset({
    "postcode", "locality", "municipality", "province", "languages", "interests", "availability", "max_km",
    "gender", "wished_gender", "words", "words_language", "goals", "dutch_level", "heard_through", "meeting_wish",
})  # fmt: skip
"""Columns of buddies and newcomers that stand among the answers in words."""
