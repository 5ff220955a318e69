"""The block list: who may not be registered again (T20).

Somebody on it who registers gets the same screens and letters as everybody; only the coordinators of the network
where it happened learn of it, as a task. No name is kept, only keyed hashes of an address and a number.
"""

from datetime import date, timedelta

from sqlalchemy import update

from app.clock import now, today
from app.db import transaction
from app.errors import Invalid, Moved
from app.i18n import lazy_gettext as _
from app.models import Block, BlockHit, Buddy, Newcomer
from app.queries.blocks import block_of, blocks_for, hashes_of, hit_page, same_number
from app.queries.reach import one
from app.security.permissions import Permission
from app.security.predicates import demand
from app.security.viewer import Viewer
from app.services import intake, screening, sign_ups
from app.services.block_hits import look_up
from app.services.records import audit, move
from app.vocabulary.blocks import BlockReason, HitOutcome
from app.vocabulary.screening import BuddyRefusal, LetGoReason

LONGEST = timedelta(days=5 * 366)


def block_buddy(
    actor: Viewer, buddy_id: int, *, reason: BlockReason, review_on: date, note: str = ""
) -> None:
    """Put a buddy on the block list. Raises Invalid, NotFound for another network."""
    with transaction():
        buddy = screening.buddy_to_judge(actor, buddy_id)
        _block(actor, "buddy", buddy, reason=reason, review_on=review_on, note=note)


def block_newcomer(
    actor: Viewer, newcomer_id: int, *, reason: BlockReason, review_on: date, note: str = ""
) -> None:
    """Put a newcomer on the block list. Raises Invalid, NotFound for another network."""
    with transaction():
        newcomer = intake.newcomer_to_judge(actor, newcomer_id)
        _block(actor, "newcomer", newcomer, reason=reason, review_on=review_on, note=note)
        sign_ups.end_all(actor, newcomer_id)


def _block(
    actor: Viewer, subject: str, record: Buddy | Newcomer, *, reason: BlockReason, review_on: date, note: str
) -> None:
    demand(actor, Permission.BLOCK)
    if not today() < review_on <= today() + LONGEST:
        raise Invalid("review_on", _("Choose a day in the next five years."))
    by_email, by_phone = hashes_of(record.person)
    if by_email is None and by_phone is None:
        raise Invalid(None, _("We know no address and no number of this person, so we could not notice it."))
    if block_of(record.person) is not None:
        raise Invalid(None, _("This person is on the block list already."))
    with transaction() as db:
        db.add(
            Block(
                network_slug=record.network_slug, email_hash=by_email, phone_hash=by_phone, reason=reason, note=note,
                by_person_id=actor.person_id, review_on=review_on,
            )
        )  # fmt: skip
        audit(actor, "blocked", subject, record.id, network=record.network_slug, reason=reason.value)
        db.flush()
        for other, network in same_number(record.person):
            look_up(other, network)


def lift(actor: Viewer, block_id: int) -> None:
    """Take a block of the own network away. Raises NotFound, or Moved when somebody just did."""
    demand(actor, Permission.BLOCK)
    with transaction():
        block = one(blocks_for(actor).where(Block.id == block_id))
        move(
            update(Block).where(Block.id == block.id, Block.lifted_at.is_(None))
            .values(lifted_at=now(), lifted_by_id=actor.person_id)
        )  # fmt: skip
        audit(actor, "block-lifted", "block", block.id, network=block.network_slug)


def go_on(actor: Viewer, block_id: int, *, review_on: date) -> None:
    """Keep a block until another day to look again. Raises Invalid, NotFound."""
    demand(actor, Permission.BLOCK)
    if not today() < review_on <= today() + LONGEST:
        raise Invalid("review_on", _("Choose a day in the next five years."))
    with transaction():
        block = one(blocks_for(actor).where(Block.id == block_id))
        block.review_on = review_on
        audit(actor, "block-kept", "block", block.id, network=block.network_slug)


def decide(actor: Viewer, hit_id: int, *, outcome: HitOutcome) -> None:
    """May this person go on? A no refuses the candidate or lets the newcomer go, with the ordinary letter.

    Raises NotFound, also when it is decided, Moved when somebody decided in this moment, and Invalid while the person
    lives in a duo: that is ended first.
    """
    demand(actor, Permission.BLOCK)
    with transaction():
        found = hit_page(actor, hit_id)
        move(
            update(BlockHit).where(BlockHit.id == hit_id, BlockHit.outcome.is_(None))
            .values(outcome=outcome, decided_at=now(), decided_by_id=actor.person_id)
        )  # fmt: skip
        audit(
            actor, "block-decided", "person", found.person.id, network=found.hit.network_slug, outcome=outcome.value
        )  # fmt: skip
        if outcome is HitOutcome.ADMITTED:
            return
        if found.buddy_id is not None:
            _refuse_buddy(actor, found.buddy_id)
        elif found.newcomer_id is not None:
            sign_ups.end_all(actor, found.newcomer_id)
            intake.leave(actor, found.newcomer_id, reason=LetGoReason.OTHER)
        else:
            raise Moved()


def _refuse_buddy(actor: Viewer, buddy_id: int) -> None:
    """A candidate is refused; who was ready already stops."""
    state = screening.buddy_to_judge(actor, buddy_id).state
    if state in screening.BUDDY_CHANGES[screening.BuddyAct.REFUSE].before:
        screening.refuse(actor, buddy_id, reason=BuddyRefusal.OTHER)
    else:
        screening.let_go(actor, buddy_id, reason=LetGoReason.OTHER)
