"""Coming to an activity: a place or the waiting list, which moves up by itself, and giving the place back.

Rows are held in one order: newcomer, activity, sign-up. Letters about it: sign_up_letters.
"""

from sqlalchemy import CursorResult, Update, or_, select, update

from app.clock import now
from app.db import after_commit, lock, session, transaction
from app.errors import Invalid, NotFound, Refusal
from app.extensions import queue
from app.i18n import lazy_gettext as _
from app.models import Listing, Newcomer, Occurrence, Offer, Person, Presence, SignUp
from app.queries.blocks import block_of, hit_of
from app.queries.newcomers import newcomers_for
from app.queries.reach import one, rows
from app.queries.sign_ups import LIVE, sign_ups_for, there
from app.security.permissions import Permission
from app.security.predicates import demand
from app.security.viewer import Viewer
from app.services import listings
from app.services.accounts import open_link, person_by_code
from app.services.records import audit, move, record_transition
from app.vocabulary import Role
from app.vocabulary.activities import OfferState
from app.vocabulary.blocks import HitOutcome
from app.vocabulary.records import LinkPurpose, Subject
from app.vocabulary.sign_ups import PresenceState, SignUpState


def join(
    actor: Viewer, offer_id: int, *, newcomer_id: int | None = None, gathering_id: int | None = None
) -> SignUpState:
    """Take a place in an activity, or one on its waiting list; who has one keeps it. For oneself or for one's caseload.

    Raises NotFound, Forbidden, or Refusal when all is taken, or while somebody must decide about the newcomer first.
    """
    with transaction():
        demand(actor, Permission.JOIN_OFFER)
        key = newcomer_id or actor.newcomer_id or 0
        newcomer = one(newcomers_for(actor, Permission.JOIN_OFFER).where(Newcomer.id == key))
        return _join(actor, actor.role_for(Permission.JOIN_OFFER), newcomer, offer_id, gathering_id)


def join_with_code(
    actor: Viewer, offer_id: int, code: str, *, secret_key: str, gathering_id: int | None = None
) -> SignUpState:
    """As `join`, by a helper who sits beside the newcomer: the personal code says who. Raises Invalid for another code."""
    demand(actor, Permission.HELP_REGISTER)
    person = person_by_code(code, secret_key=secret_key)
    with transaction():
        found = rows(select(Newcomer).where(Newcomer.person_id == person.id)) if person else []
        if not found:
            raise Invalid("code", _("We do not know this code. Look at the card again."))
        return _join(actor, actor.role_for(Permission.HELP_REGISTER), found[0], offer_id, gathering_id)


def leave(actor: Viewer, sign_up_id: int) -> None:
    """Come no more: the place goes to who waits longest. Twice is once. Raises NotFound."""
    with transaction():
        sign_up = one(sign_ups_for(actor).where(SignUp.id == sign_up_id))
        _leave(actor, actor.role_for(Permission.JOIN_OFFER), sign_up)


def skip(actor: Viewer, sign_up_id: int, occurrence_id: int) -> None:
    """Say that one time is not possible: the place is kept. Raises NotFound, also for a time that began."""
    with transaction():
        _skip(one(sign_ups_for(actor).where(SignUp.id == sign_up_id)), occurrence_id)


def come(actor: Viewer, sign_up_id: int, occurrence_id: int) -> None:
    """Say that this time is possible after all. Raises NotFound."""
    with transaction() as db:
        sign_up = one(sign_ups_for(actor).where(SignUp.id == sign_up_id))
        said = select(Presence).where(
            Presence.sign_up_id == sign_up.id, Presence.occurrence_id == occurrence_id,
            Presence.state == PresenceState.EXCUSED,
        )  # fmt: skip
        for presence in rows(said):
            db.delete(presence)


def sign_up_of_link(token: str) -> SignUp:
    """What the link of a letter is about. Raises NotFound or Gone."""
    link = open_link(token, LinkPurpose.LEAVE_ACTIVITY)
    return one(select(SignUp).where(SignUp.id == link.facts.get("sign_up")))


def leave_by_link(token: str, actor: Viewer) -> SignUp:
    """As `leave`, by who holds the letter; no account is asked for. Raises NotFound or Gone."""
    with transaction():
        sign_up = sign_up_of_link(token)
        _leave(actor, Role.NEWCOMER, sign_up)
        return sign_up


def skip_by_link(token: str, occurrence_id: int) -> SignUp:
    """As `skip`, by who holds the letter. Raises NotFound or Gone."""
    with transaction():
        sign_up = sign_up_of_link(token)
        _skip(sign_up, occurrence_id)
        return sign_up


def move_up(offer_id: int, *, tells: bool = True) -> int:
    """Give free places to who waits, the longest first; returns how many. Inside the transaction that freed them.

    `tells` False = nobody is written to, because it was written before.
    """
    with transaction():
        lock(Offer, offer_id)
        waiting = rows(
            select(SignUp).where(SignUp.offer_id == offer_id, SignUp.state == SignUpState.WAITING)
            .order_by(SignUp.id)
        )  # fmt: skip
        done = 0
        for sign_up in waiting:
            if not changed(_to_a_place(offer_id)):
                break
            changed(_from_waiting(offer_id))
            sign_up.state, sign_up.joined_at, sign_up.told = SignUpState.JOINED, now(), not tells
            record_transition(
                Subject.SIGN_UP, sign_up.id, SignUpState.WAITING, SignUpState.JOINED, actor=None, reason="moved-up"
            )  # fmt: skip
            done += 1
        if done:
            _write_soon()
        _seats_changed(offer_id)
        return done


def end_all(actor: Viewer | None, newcomer_id: int, *, tells: bool = True) -> None:
    """Give back every place of somebody who stops; inside the transaction in which the newcomer is held.

    `actor` None = the system; `tells` as for `move_up`.
    """
    with transaction():
        for sign_up in rows(
            select(SignUp).where(SignUp.newcomer_id == newcomer_id, SignUp.state.in_(LIVE)).order_by(SignUp.offer_id)
        ):  # fmt: skip
            _leave(actor, None, sign_up, tells=tells)


def unite(actor: Viewer, kept_id: int, gone_id: int) -> None:
    """Before two records become one: where both come to one activity, one place of the two is given back."""
    with transaction():
        both = select(SignUp).where(SignUp.state.in_(LIVE)).order_by(SignUp.offer_id)
        kept = {row.offer_id: row for row in rows(both.where(SignUp.newcomer_id == kept_id))}
        for gone in rows(both.where(SignUp.newcomer_id == gone_id)):
            mine = kept.get(gone.offer_id)
            if mine is not None:
                _leave(actor, None, mine if gone.state is SignUpState.JOINED else gone)


def changed(statement: Update) -> bool:
    """Whether a conditional update found its row as it should be."""
    result = session().execute(statement)
    assert isinstance(result, CursorResult)
    return result.rowcount == 1


def _join(
    actor: Viewer, role: Role | None, newcomer: Newcomer, offer_id: int, gathering_id: int | None
) -> SignUpState:
    lock(Newcomer, newcomer.id)
    session().refresh(newcomer)
    offer = _open(offer_id, gathering_id)
    mine = rows(
        select(SignUp).where(SignUp.offer_id == offer_id, SignUp.newcomer_id == newcomer.id, SignUp.state.in_(LIVE))
    )  # fmt: skip
    if mine:
        return mine[0].state
    if _is_blocked(newcomer.person):
        raise Refusal(_("You cannot join yet. Ask your network."), code="not-yet")
    state = _take(offer_id)
    at = now()
    made = SignUp(
        offer_id=offer_id, gathering_id=gathering_id if len(offer.gatherings) > 1 else None, newcomer_id=newcomer.id,
        state=state, entered_by_id=actor.person_id, joined_at=at if state is SignUpState.JOINED else None, created_at=at,
        told=state is not SignUpState.JOINED or newcomer.person.email is None,
    )  # fmt: skip
    session().add(made)
    session().flush()
    record_transition(Subject.SIGN_UP, made.id, None, state, actor=actor, role=role)
    audit(
        actor, f"activity-{state.value}", Subject.OFFER, offer_id, network=offer.network_slug, sign_up=made.id
    )
    _seats_changed(offer_id)
    _write_soon()
    return state


def _is_blocked(person: Person) -> bool:
    """Whether the block list meets this person and no coordinator let her in."""
    hit = hit_of(person.id)
    if hit is not None:
        return hit.outcome is not HitOutcome.ADMITTED
    return block_of(person) is not None


def _open(offer_id: int, gathering_id: int | None) -> Offer:
    """An activity that everybody may see and that is joined here; it stands in the list of what can be found."""
    listed = select(Listing.offer_id).where(Listing.offer_id == offer_id)
    if gathering_id is not None:
        listed = listed.where(Listing.gathering_id == gathering_id)
    offer = one(select(Offer).where(Offer.id.in_(listed)))
    if offer.is_taken_over:
        raise Refusal(_("You sign up for this activity where it is from."), code="elsewhere")
    return offer


def _take(offer_id: int) -> SignUpState:
    """A place, unless others wait for one; else one on the waiting list. Of two who want the last, one has it."""
    nobody_waits = Offer.waiting_taken == 0
    if changed(_to_a_place(offer_id).where(nobody_waits)):
        return SignUpState.JOINED
    waits = update(Offer).where(Offer.id == offer_id, Offer.waiting_taken < Offer.waiting_places)
    if changed(waits.values(waiting_taken=Offer.waiting_taken + 1)):
        return SignUpState.WAITING
    raise Refusal(_("All places are taken now. Look at other activities."), code="full")


def _to_a_place(offer_id: int) -> Update:
    free = or_(Offer.places.is_(None), Offer.places_taken < Offer.places)
    return (
        update(Offer)
        .where(Offer.id == offer_id, free, Offer.state == OfferState.PUBLISHED)
        .values(places_taken=Offer.places_taken + 1)
    )


def _from_waiting(offer_id: int) -> Update:
    return update(Offer).where(Offer.id == offer_id).values(waiting_taken=Offer.waiting_taken - 1)


def _leave(actor: Viewer | None, role: Role | None, sign_up: SignUp, *, tells: bool = True) -> None:
    lock(Offer, sign_up.offer_id)
    session().refresh(sign_up)
    before = sign_up.state
    if before is SignUpState.STOPPED:
        return
    move(
        update(SignUp).where(SignUp.id == sign_up.id, SignUp.state == before)
        .values(state=SignUpState.STOPPED, stopped_at=now(), told=True)
    )  # fmt: skip
    session().refresh(sign_up)
    if before is SignUpState.JOINED:
        free = update(Offer).where(Offer.id == sign_up.offer_id)
        changed(free.values(places_taken=Offer.places_taken - 1))
    else:
        changed(_from_waiting(sign_up.offer_id))
    record_transition(Subject.SIGN_UP, sign_up.id, before, SignUpState.STOPPED, actor=actor, role=role)
    audit(
        actor, "activity-left", Subject.OFFER, sign_up.offer_id, network=sign_up.offer.network_slug, sign_up=sign_up.id
    )  # fmt: skip
    move_up(sign_up.offer_id, tells=tells)


def _skip(sign_up: SignUp, occurrence_id: int) -> None:
    lock(Offer, sign_up.offer_id)
    if sign_up.state is SignUpState.STOPPED:
        raise NotFound()
    time = one(
        select(Occurrence).join(SignUp, there())
        .where(Occurrence.id == occurrence_id, SignUp.id == sign_up.id, Occurrence.starts_at > now())
    )  # fmt: skip
    known = select(Presence).where(Presence.sign_up_id == sign_up.id, Presence.occurrence_id == time.id)
    if not rows(known):
        session().add(Presence(sign_up_id=sign_up.id, occurrence_id=time.id, state=PresenceState.EXCUSED))


def _seats_changed(offer_id: int) -> None:
    offer = session().get_one(Offer, offer_id, populate_existing=True)
    listings.seats_changed(offer)


def _write_soon() -> None:
    after_commit(_put_letters)


def _put_letters() -> None:
    queue.hint("tell_about_activities")
