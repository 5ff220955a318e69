"""Everything that can be permitted, and how far a permission can reach. Who has which is in permission_map."""

from enum import StrEnum


class Permission(StrEnum):
    """One thing that somebody may be permitted to do. The comment names whose data it is about."""

    SEE_PUBLIC = "see-public"
    REGISTER = "register"
    USE_LINK = "use-link"  # a secret link or code, checked by what it opens
    SIGN_OUT = "sign-out"
    OWN_ACCOUNT = "own-account"  # read and edit one's own profile, sign-ins, data
    OWN_FACTOR = "own-factor"  # one's second factor
    OWN_BUDDY = "own-buddy"  # a buddy's own page, pause, withdraw
    OWN_TRACK = "own-track"  # a newcomer's own track
    SEE_BUDDIES = "see-buddies"
    SEE_BUDDY_CONTACT = "see-buddy-contact"
    SEE_NEWCOMERS = "see-newcomers"
    SEE_NEWCOMER_CONTACT = "see-newcomer-contact"
    SEE_CONTRACT = "see-contract"  # term, obliged or entitled, and the matcher's turn, which betrays them
    SET_CONTRACT = "set-contract"
    JUDGE_BUDDY = "judge-buddy"  # talk, screening, ready, refused
    JUDGE_NEWCOMER = "judge-newcomer"
    RUN_MATCHER = "run-matcher"
    SEE_PROPOSALS = "see-proposals"
    JUDGE_PROPOSAL = "judge-proposal"
    CHOOSE_BUDDY = "choose-buddy"  # say with whom of the buddies shown one wants to meet
    LEND_PLACES = "lend-places"  # places with a buddy, between networks; each coordinator for the own side
    CALL_VOLUNTEERS = "call-volunteers"  # ask the public for whom a network misses
    SEE_DUOS = "see-duos"
    ANSWER_DUO = "answer-duo"  # say yes or no for oneself
    PAUSE_DUO = "pause-duo"  # a break, and its end
    END_DUO = "end-duo"
    FOLLOW_DUO = "follow-duo"  # check-ins and notes of staff
    REPORT_DUO = "report-duo"  # that something is not right between the two
    HANDLE_SAFETY = "handle-safety"  # such reports: read, note, close; never about oneself
    TELL_HOURS = "tell-hours"
    SEE_HOURS = "see-hours"
    SIGN_HOURS = "sign-hours"
    ACCEPT_HOURS = "accept-hours"
    JUDGE_CRITERIA = "judge-criteria"  # does an activity count: Dutch is spoken, people meet
    ENTER_SHEETS = "enter-sheets"  # hours from a signed attendance sheet, to whoever holds its code
    CORRECT_HOURS = "correct-hours"  # a counter-entry to accepted hours
    EDIT_OFFER = "edit-offer"
    PUBLISH_OFFER = "publish-offer"
    JOIN_OFFER = "join-offer"  # come to an activity, for oneself or for a newcomer of the caseload
    SEE_SIGN_UPS = "see-sign-ups"  # who comes to the activities of an organisation
    MOVE_OFFERS = "move-offers"  # lists of activities: bring in, take away as a file
    SEE_REPORT = "see-report"  # of the people in reach
    EXPORT_PROOFS = "export-proofs"  # accepted proofs as a file for the agency's own database
    IMPORT_BUDDIES = "import-buddies"  # and newcomers
    BLOCK = "block"  # who may not be registered again
    SET_NETWORK = "set-network"
    HELP_REGISTER = "help-register"  # register together with a newcomer
    READ_AUDIT = "read-audit"
    SET_STAFF = "set-staff"  # make coordinators, counsellors, administrators
    SET_WEIGHTS = "set-weights"  # of the matcher: propose, compare, adopt
    RECORD_TEXTS = "record-texts"  # read the texts of the site aloud, for everybody
    ADMINISTER = "administer"  # outbox, settings, retention


class Scope(StrEnum):
    """How far a permission reaches."""

    ALL = "all"
    OWN = "own"  # the record of the person who acts
    CASELOAD = "caseload"  # newcomers whose counsellor acts
    AGENCY = "agency"  # newcomers of counsellors of the same agency
    NETWORK = "network"  # people and things of the networks of the person who acts
    DUO = "duo"  # the other half of a duo in which contact is shared
    OFFER = "offer"  # what belongs to an organisation of the person who acts
