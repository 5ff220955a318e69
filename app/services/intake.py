"""A coordinator's acts on newcomers: first talk, another offer first, the waiting list, stop (DOMAIN 6b)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from sqlalchemy import select, update

from app.db import lock, transaction
from app.errors import Forbidden, Invalid, Moved
from app.i18n import lazy_gettext as _
from app.models import Grant, Newcomer, Person
from app.queries.appointments import talk_of
from app.queries.blocks import is_undecided
from app.queries.newcomers import newcomers_for
from app.queries.reach import one
from app.security.identity import canonical_email
from app.security.permissions import Permission
from app.security.predicates import demand, not_about_oneself
from app.security.viewer import Viewer
from app.services import talks
from app.services.accounts import end_all_sign_ins, give_code
from app.services.block_hits import look_up
from app.services.outbox import tell
from app.services.records import audit, move, record_transition
from app.services.screening import PageFor, check_talk, tell_talk
from app.vocabulary import NewcomerState, Role
from app.vocabulary.channels import Channel
from app.vocabulary.intake import TalkState
from app.vocabulary.records import Subject
from app.vocabulary.screening import LetGoReason

S = NewcomerState
PAIRED = frozenset({S.PROPOSED, S.IN_DUO})


@dataclass(frozen=True)
class Change:
    """A change of state: from any of these, to that."""

    before: frozenset[NewcomerState]
    after: NewcomerState


class NewcomerAct(StrEnum):
    """What a coordinator may do that changes where a newcomer stands."""

    PLAN_TALK = "plan_talk"
    TALK_HELD = "talk_held"
    TALK_AGAIN = "talk_again"
    ADVISE = "advise"
    WAIT = "wait"
    LEAVE = "leave"


NEWCOMER_CHANGES: Mapping[NewcomerAct, Change] = MappingProxyType({
    NewcomerAct.PLAN_TALK: Change(
        frozenset({S.REGISTERED, S.INTAKE_PLANNED, S.READY, S.ADVISED_OTHER_OFFER}), S.INTAKE_PLANNED
    ),
    NewcomerAct.TALK_HELD: Change(frozenset({S.INTAKE_PLANNED}), S.READY),
    NewcomerAct.TALK_AGAIN: Change(frozenset({S.INTAKE_PLANNED}), S.INTAKE_PLANNED),
    NewcomerAct.ADVISE: Change(
        frozenset({S.REGISTERED, S.INTAKE_PLANNED, S.READY, S.WAITING}), S.ADVISED_OTHER_OFFER
    ),
    NewcomerAct.WAIT: Change(
        frozenset({S.REGISTERED, S.INTAKE_PLANNED, S.READY, S.ADVISED_OTHER_OFFER}), S.WAITING
    ),
    NewcomerAct.LEAVE: Change(frozenset(S) - PAIRED - {S.LEFT}, S.LEFT),
})  # fmt: skip


def plan_talk(actor: Viewer, newcomer_id: int, *, at: datetime, page_for: PageFor) -> None:
    """Plan a talk: the first, one more, or one planned before on another day. Raises Invalid, Moved, NotFound."""
    _plan_talk(actor, newcomer_id, NewcomerAct.PLAN_TALK, at, page_for)


def talk_again(actor: Viewer, newcomer_id: int, *, at: datetime, page_for: PageFor) -> None:
    """Note that the talk took place, and plan the next one. Raises Invalid, Moved, NotFound."""
    _plan_talk(actor, newcomer_id, NewcomerAct.TALK_AGAIN, at, page_for)


def _plan_talk(actor: Viewer, newcomer_id: int, act: NewcomerAct, at: datetime, page_for: PageFor) -> None:
    check_talk(at)
    with transaction():
        newcomer = _turn(actor, newcomer_to_judge(actor, newcomer_id), act, talk_at=at)
        if act is NewcomerAct.TALK_AGAIN:
            talks.end_planned(newcomer, TalkState.HELD)
        talks.plan(actor, newcomer, at)
        audit(
            actor, "talk-planned", "newcomer", newcomer.id, network=newcomer.network_slug, when=at.isoformat()
        )
        tell_talk(newcomer, page_for)


def talk_held(actor: Viewer, newcomer_id: int) -> None:
    """Note that the talk took place."""
    with transaction():
        newcomer = newcomer_to_judge(actor, newcomer_id)
        talks.end_planned(_turn(actor, newcomer, NewcomerAct.TALK_HELD), TalkState.HELD)


def advise(actor: Viewer, newcomer_id: int, *, note: str = "", page_for: PageFor) -> None:
    """Advise another activity first, such as a conversation table; the waiting time is kept."""
    with transaction():
        newcomer = _turn(actor, newcomer_to_judge(actor, newcomer_id), NewcomerAct.ADVISE, note=note)
        person, over = newcomer.person, talk_of(newcomer, cancelled=True)
        talks.end_planned(newcomer, TalkState.CANCELLED)
        tell(
            person,
            "other-offer-first",
            network=newcomer.network_slug,
            link=page_for(person.locale),
            planned=over,
        )


def wait(actor: Viewer, newcomer_id: int) -> None:
    """Put on the waiting list for a buddy, since the day of registration.

    Raises Invalid while nobody decided about the block list, on which is looked now.
    """
    with transaction():  # what the look found is kept also when the rest is refused
        newcomer = newcomer_to_judge(actor, newcomer_id)
        look_up(newcomer.person, newcomer.network_slug)
        undecided = is_undecided(newcomer.person_id)
        if not undecided:
            talks.end_planned(_turn(actor, newcomer, NewcomerAct.WAIT), TalkState.CANCELLED)
    if undecided:
        raise Invalid(None, _("First decide about the block list."))


def leave(actor: Viewer, newcomer_id: int, *, reason: LetGoReason, note: str = "") -> None:
    """The newcomer stops. Raises Invalid while a duo lives or is asked: that is ended first."""
    with transaction():
        newcomer = newcomer_to_judge(actor, newcomer_id)
        if newcomer.state in PAIRED:
            raise Invalid(None, _("This newcomer has a buddy or is asked about one. End the duo first."))
        _turn(actor, newcomer, NewcomerAct.LEAVE, reason=reason.value, note=note)
        talks.end_planned(newcomer, TalkState.CANCELLED)


def note_channel(actor: Viewer, newcomer_id: int, *, channel: Channel) -> None:
    """Note through whom this newcomer came (P13); it can be changed."""
    with transaction():
        newcomer = newcomer_to_judge(actor, newcomer_id)
        newcomer.heard_through = channel.value
        audit(
            actor, "channel-noted", "newcomer", newcomer.id, network=newcomer.network_slug, channel=channel.value
        )  # fmt: skip


def new_code(actor: Viewer, newcomer_id: int, *, secret_key: str) -> str:
    """Give a newcomer a new personal code, told this once; the old one and all sign-ins end.

    Only where the code opens a newcomer's page and nothing else: raises Forbidden for a person with another
    role, whose rights the holder of the code would have.
    """
    with transaction() as db:
        newcomer = newcomer_to_judge(actor, newcomer_id)
        lock(Person, newcomer.person_id)
        roles = set(db.scalars(select(Grant.role).where(Grant.person_id == newcomer.person_id)))
        if roles != {Role.NEWCOMER}:
            raise Forbidden(_("This person works here too. Only an administrator can help with signing in."))
        code = give_code(newcomer.person_id, secret_key=secret_key)
        end_all_sign_ins(newcomer.person_id)
        audit(actor, "code-renewed", "newcomer", newcomer.id, network=newcomer.network_slug)
        return code


def link_counsellor(actor: Viewer, newcomer_id: int, *, email: str) -> None:
    """Say who the newcomer's counsellor is. Raises Invalid when no counsellor has that address."""
    with transaction() as db:
        newcomer = newcomer_to_judge(actor, newcomer_id)
        found = db.scalar(
            select(Person.id).join(Grant, Grant.person_id == Person.id)
            .where(Person.email_canonical == canonical_email(email), Person.active, Grant.role == Role.COUNSELLOR)
        )  # fmt: skip
        if found is None:
            raise Invalid(
                "email", _("No counsellor has this address. Ask the agency which address is used here.")
            )
        not_about_oneself(actor, found)
        if found == newcomer.person_id:
            raise Invalid("email", _("Nobody can be the own counsellor."))
        before, newcomer.counsellor_id = newcomer.counsellor_id, found
        network = newcomer.network_slug
        audit(
            actor, "counsellor-linked", "newcomer", newcomer.id, network=network, counsellor=found, before=before
        )  # fmt: skip


def newcomer_to_judge(actor: Viewer, newcomer_id: int) -> Newcomer:
    """The newcomer within the actor's reach, held until the transaction ends, as it is now. Never oneself."""
    demand(actor, Permission.JUDGE_NEWCOMER)
    lock(Newcomer, newcomer_id)
    wanted = newcomers_for(actor, Permission.JUDGE_NEWCOMER).where(Newcomer.id == newcomer_id)
    newcomer = one(wanted.execution_options(populate_existing=True))
    not_about_oneself(actor, newcomer.person_id)
    return newcomer


def _turn(
    actor: Viewer, newcomer: Newcomer, act: NewcomerAct, *, reason: str = "", note: str = "", **values: Any
) -> Newcomer:  # fmt: skip
    """Move a newcomer whom the actor holds (`newcomer_to_judge`). Raises Moved."""
    before, change = newcomer.state, NEWCOMER_CHANGES[act]
    if before not in change.before:
        raise Moved()
    move(
        update(Newcomer).where(Newcomer.id == newcomer.id, Newcomer.state == before)
        .values(state=change.after, **values)
    )  # fmt: skip
    record_transition(
        Subject.NEWCOMER, newcomer.id, before, change.after, actor=actor, role=Role.COORDINATOR, reason=reason, note=note
    )  # fmt: skip
    audit(
        actor,
        f"newcomer-{act.value.replace('_', '-')}",
        "newcomer",
        newcomer.id,
        network=newcomer.network_slug,
    )
    return newcomer
