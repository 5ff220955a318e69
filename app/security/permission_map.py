"""Who may do what: the whole matrix on one page. What is not written here is denied.

Anonymous visitors are `None`. A person with two roles has the union of both, and never decides for
himself (see predicates.not_about_oneself).
"""

from collections.abc import Mapping
from types import MappingProxyType

from app.security.permissions import Permission as P
from app.security.permissions import Scope as S
from app.vocabulary import Role

Holder = Role | None
EVERYBODY: tuple[Holder, ...] = (None, *Role)
SIGNED_IN: tuple[Holder, ...] = tuple(Role)

BUDDY, NEWCOMER, COUNSELLOR = Role.BUDDY, Role.NEWCOMER, Role.COUNSELLOR
COORDINATOR, ORGANISATION, HELPER, ADMINISTRATOR = (
    Role.COORDINATOR,
    Role.ORGANISATION,
    Role.HELPER,
    Role.ADMINISTRATOR,
)

PERMISSION_MAP: Mapping[P, Mapping[Holder, S]] = MappingProxyType({
    P.SEE_PUBLIC: dict.fromkeys(EVERYBODY, S.ALL),
    P.REGISTER: {None: S.OWN},
    P.USE_LINK: dict.fromkeys(EVERYBODY, S.OWN),
    P.SIGN_OUT: dict.fromkeys(SIGNED_IN, S.OWN),
    P.OWN_ACCOUNT: dict.fromkeys(SIGNED_IN, S.OWN),
    P.OWN_BUDDY: {BUDDY: S.OWN},
    P.OWN_TRACK: {NEWCOMER: S.OWN},
    P.SEE_BUDDIES: {COORDINATOR: S.NETWORK, ADMINISTRATOR: S.ALL, BUDDY: S.OWN},
    P.SEE_BUDDY_CONTACT: {COORDINATOR: S.NETWORK, ADMINISTRATOR: S.ALL, BUDDY: S.OWN, NEWCOMER: S.DUO},
    P.SEE_NEWCOMERS: {COORDINATOR: S.NETWORK, COUNSELLOR: S.CASELOAD, ADMINISTRATOR: S.ALL, NEWCOMER: S.OWN},
    P.SEE_NEWCOMER_CONTACT: {COORDINATOR: S.NETWORK, COUNSELLOR: S.CASELOAD, ADMINISTRATOR: S.ALL, NEWCOMER: S.OWN, BUDDY: S.DUO},
    P.SEE_CONTRACT: {COUNSELLOR: S.CASELOAD, NEWCOMER: S.OWN},
    P.SET_CONTRACT: {COUNSELLOR: S.CASELOAD},
    P.JUDGE_BUDDY: {COORDINATOR: S.NETWORK},
    P.JUDGE_NEWCOMER: {COORDINATOR: S.NETWORK},
    P.RUN_MATCHER: {COORDINATOR: S.NETWORK, ADMINISTRATOR: S.ALL},
    P.SEE_PROPOSALS: {COORDINATOR: S.NETWORK, ADMINISTRATOR: S.ALL},
    P.JUDGE_PROPOSAL: {COORDINATOR: S.NETWORK},
    P.SEE_DUOS: {COORDINATOR: S.NETWORK, COUNSELLOR: S.CASELOAD, BUDDY: S.OWN, NEWCOMER: S.OWN, ADMINISTRATOR: S.ALL},
    P.ANSWER_DUO: {BUDDY: S.OWN, NEWCOMER: S.OWN},
    P.PAUSE_DUO: {COORDINATOR: S.NETWORK, BUDDY: S.OWN, NEWCOMER: S.OWN},
    P.END_DUO: {COORDINATOR: S.NETWORK, COUNSELLOR: S.CASELOAD, BUDDY: S.OWN, NEWCOMER: S.OWN},
    P.FOLLOW_DUO: {COORDINATOR: S.NETWORK},
    P.TELL_HOURS: {NEWCOMER: S.OWN, BUDDY: S.DUO},
    P.SEE_HOURS: {COUNSELLOR: S.CASELOAD, NEWCOMER: S.OWN, BUDDY: S.DUO, ORGANISATION: S.OFFER},
    P.SIGN_HOURS: {BUDDY: S.OWN, ORGANISATION: S.OFFER},
    P.ACCEPT_HOURS: {COUNSELLOR: S.CASELOAD},
    P.CORRECT_HOURS: {COUNSELLOR: S.CASELOAD},
    P.EDIT_OFFER: {COORDINATOR: S.NETWORK, ORGANISATION: S.OFFER},
    P.PUBLISH_OFFER: {COORDINATOR: S.NETWORK, ADMINISTRATOR: S.ALL},
    P.SEE_REPORT: {COORDINATOR: S.NETWORK, ADMINISTRATOR: S.ALL},
    P.IMPORT_BUDDIES: {COORDINATOR: S.NETWORK},
    P.SET_NETWORK: {COORDINATOR: S.NETWORK},
    P.HELP_REGISTER: {HELPER: S.OWN, COORDINATOR: S.NETWORK, COUNSELLOR: S.CASELOAD},
    P.READ_AUDIT: {COORDINATOR: S.NETWORK, ADMINISTRATOR: S.ALL},
    P.SET_STAFF: {ADMINISTRATOR: S.ALL},
    P.SET_WEIGHTS: {ADMINISTRATOR: S.ALL},
    P.ADMINISTER: {ADMINISTRATOR: S.ALL},
})  # fmt: skip


def scopes(roles: frozenset[Role], permission: P) -> frozenset[S]:
    """The reaches that somebody with these roles has for that permission; empty = denied."""
    cells = PERMISSION_MAP[permission]
    holders: tuple[Holder, ...] = tuple(roles) if roles else (None,)
    return frozenset(cells[holder] for holder in holders if holder in cells)
