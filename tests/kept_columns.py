"""What stays of each table when somebody is erased, column by column, and why.

A new column is in neither list until somebody decides what happens to it.

The other columns are emptied by a rule of app/services/erasures/columns.py, or point to another row.
"""

CODES = "codes and numbers, or a choice from a list"
PLACE = "a municipality or larger: counts of areas stay right"
OFFER = "an activity of an organisation, made to be published"
SITE = "how the site or a network is set up"
INSURER = "an insurance company"

# Columns in which words can stand: (why they say nothing about people, which).
WORDS: dict[str, tuple[str, str]] = {
    "agency": (SITE, "name slug"),
    "attendance_sheet": (CODES, "code"),
    "audit_entry": (CODES, "action facts network_slug subject"),
    "block": ("keyed hashes, which nobody can turn back", "email_hash phone_hash"),
    "buddy": (PLACE, "municipality province source"),
    "buddy_import": (CODES, "digest"),
    "check_in": (CODES, "mood"),
    "consent": (CODES, "locale spoken text version"),
    "contact_person": (CODES, "locale"),
    "duo": (INSURER, "insurer newcomer_insurer"),
    "exemption_rule": (SITE, "source"),
    "gathering": (OFFER, "address dates except_dates locality municipality place postcode route rule slots start"),
    "hour_entry": (CODES, "submission_key"),
    "listing": (OFFER, "municipality search_key"),
    "loan_request": ("networks write to each other about places", "words"),
    "look_back": (CODES, "side"),
    "network": (SITE, "call_when call_when_language help_phone insurer name newcomer_insurer slug"),
    "newcomer": (PLACE, "municipality province"),
    "offer": (OFFER, "dutch_level goals insurer interests municipality source source_id suited words_language"),
    "offer_list": (OFFER, "address answers content failure report"),
    "offer_text": (OFFER, "language source_mark title words"),
    "organisation": ("an organisation", "insurer locality municipality name postcode refusal website words words_language"),
    "programme": (SITE, "municipalities name weights weights_version"),
    "programme_text": (SITE, "language line words"),
    "programme_version": (SITE, "comparison evidence version weights"),
    "proof": (CODES, "number"),
    "remark": ("a sentence of the site", "better locale page reason sentence"),
    "run": ("keys and counts", "failure idf prices replaced report stage weights weights_version"),
    "target_rule": (SITE, "source"),
    "term_rule": (SITE, "source"),
    "transition": (CODES, "from_state reason to_state"),
    "volunteer_call": (SITE, "code languages moments towns wish"),
}  # fmt: skip

# Days, moments, numbers and choices from a list. Who they were about is gone with the name.
NUMBERS: dict[str, str] = {
    "attendance_sheet": "day signed_on entered_at created_at",
    "audit_entry": "at subject_id",
    "block": "reason created_at review_on lifted_at",
    "buddy": (
        "state capacity places_taken screened_on screened_until with_minors paused_until "
        "registered_at heard_at asked_at reminded_at"
    ),
    "buddy_import": "kind created_at done_at added given_back",
    "check_in": "on",
    "consent": "asked_aloud given_at",
    "contact_person": "left_at created_at",
    "contact_tombstone": "made_at erased_at",
    "contract_version": (
        "number obligation contains_trajectory starts_on ends_on kind cause rules_on created_at"
    ),
    "counsellor_transfer": "created_at seen_at",
    "duo": (
        "state approved_at answer_before newcomer_wants buddy_wants contact_shared_at "
        "first_meeting_at newcomer_after buddy_after starts_on ends_on weeks_between ended_at "
        "end_reason goes_on may_again"
    ),
    "erasure": "asked_at due_at taken_back_at done_at",
    "exemption": "ground half_time evidence seen_on valid_from valid_to decided_on ended_on created_at",
    "exemption_rule": "ground since counts least_months",
    "gathering": "position first_on minutes skips_public_holidays skips_school_holidays",
    "hour_entry": (
        "starts_at ends_at minutes asked_minutes dutch_company state entered_at confirmed_at refusal "
        "accepted_at"
    ),
    "intake_talk": "at state created_at",
    "listing": (
        "lat lon kind level goal_bits interest_bits slot_bits suited_bits price_cents joinable "
        "next_at ends_on"
    ),
    "loan": "state until offered_at answered_at closed_at",
    "loan_request": "state until asked_at answered_at",
    "look_back": "went at",
    "merged_person": "gone_made_at",
    "merger": "kind gone_id kept_id at",
    "network": "call_within_days duo_silent_weeks check_in_weeks buddy_ask_weeks",
    "newcomer": "state dutch_level waiting_since registered_at records_emptied_at",
    "occurrence": "starts_at ends_at cancelled_at told_at announced_at asked_at created_at",
    "offer": (
        "kind state price_cents reduced_cents places places_taken waiting_places waiting_taken "
        "dutch_spoken people_met fluent_speakers criteria_on published_at ends_on asked_at changed_at "
        "created_at"
    ),
    "offer_list": (
        "kind state attempt rows_done rows_all added changed same ended left_out touched_at done_at "
        "created_at"
    ),
    "offer_look": "shown opened",
    "offer_text": "made_by checked_at created_at",
    "organisation": "kind confirmed_at verified_at refused_at created_at",
    "person": "demo objects_at erased_at created_at",
    "presence": "state created_at",
    "programme": "months weeks_between least_dutch refused_months created_at closed_on",
    "programme_version": "created_at state attempt compared to_compare touched_at since",
    "proof": "kind state signed_at judged_at created_at",
    "proposal": "state score utility priority offered_at wish_rank beside refusal decided_at tell_at told_at",
    "remark": "state created_at settled_at",
    "retention_rule": "kind since days created_at",
    "run": (
        "state created_at finished_at as_of newcomers places matched objective bound proved attempt "
        "touched_at undone_at"
    ),
    "safety_note": "at",
    "safety_report": "by_role kind duo_was created_at outcome decided_at",
    "screening_rule": "since months",
    "seen_contract": "starts_on ends_on",
    "sign_up": "state joined_at stopped_at reminded_on told created_at",
    "target_rule": "since minutes",
    "term_rule": "since longest_months",
    "tombstone": "made_at erased_at",
    "training": "on minutes created_at checked_at",
    "trajectory_decision": "version_number kind on created_at",
    "trajectory_reached": "obligation on minutes",
    "trajectory_sum": "in_contract starts_day ends_day rules_day told confirmed accepted held last_day",
    "transition": "subject subject_id actor_role at",
    "volunteer_call": "waiting visits created_at closed_at",
    "warm_handover": "agreed_on planned_on done_on created_at",
    "wish": "state asked_at answer_before answered_at reason",
}  # fmt: skip
