"""The block list of the viewer's networks, and people who registered while they stand on it."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, exists, or_, select
from sqlalchemy.orm import QueryableAttribute, joinedload

from app.clock import today
from app.db import session
from app.models import Block, BlockHit, Buddy, Newcomer, Person
from app.queries.reach import one, reach, rows
from app.security.identity import canonical_email
from app.security.permissions import Permission, Scope
from app.security.secrets import contact_hash
from app.security.viewer import Viewer
from app.vocabulary import BuddyState, NewcomerState


def blocks_for(viewer: Viewer) -> Select[Block]:
    """The blocks that the viewer's networks made and did not lift, those to look at again first."""
    own = Block.network_slug.in_(viewer.networks)
    return (
        select(Block).where(reach(viewer, Permission.BLOCK, {Scope.NETWORK: own}), Block.lifted_at.is_(None))
        .order_by(Block.review_on, Block.id)
    )  # fmt: skip


def hits_for(viewer: Viewer) -> Select[BlockHit]:
    """Who registered in the viewer's networks while on the block list, and is not decided about."""
    own = BlockHit.network_slug.in_(viewer.networks)
    return (
        select(BlockHit).where(reach(viewer, Permission.BLOCK, {Scope.NETWORK: own}), BlockHit.outcome.is_(None))
        .order_by(BlockHit.id)
    )  # fmt: skip


@dataclass(frozen=True)
class HitPage:
    """Somebody who registered, the block that it meets, and the record to decide about."""

    hit: BlockHit
    person: Person
    by: str
    buddy_id: int | None
    newcomer_id: int | None


def hit_page(viewer: Viewer, hit_id: int) -> HitPage:
    """One of them. Raises NotFound, also when it is decided."""
    hit = one(hits_for(viewer).where(BlockHit.id == hit_id))
    found = session().execute(
        select(
            Person,
            select(Person.full_name).where(Person.id == hit.block.by_person_id).scalar_subquery(),
            select(Buddy.id).where(Buddy.person_id == hit.person_id).scalar_subquery(),
            select(Newcomer.id).where(Newcomer.person_id == hit.person_id).scalar_subquery(),
        ).where(Person.id == hit.person_id)
    ).one()  # fmt: skip
    return HitPage(hit, *found)


def people_hit(viewer: Viewer) -> list[tuple[BlockHit, Person]]:
    """The hits of the viewer's networks with who they are."""
    found = (
        hits_for(viewer).add_columns(Person).join(Person, Person.id == BlockHit.person_id)
        .options(joinedload(BlockHit.block))
    )  # fmt: skip
    return [(hit, person) for hit, person in session().execute(found)]


def own_blocks(viewer: Viewer) -> list[tuple[Block, str]]:
    """The blocks of the viewer's networks with the name of who made them."""
    found = blocks_for(viewer).add_columns(Person.full_name).join(Person, Person.id == Block.by_person_id)
    return [(block, name) for block, name in session().execute(found)]


def is_undecided(person_id: int) -> bool:
    """Whether that person waits for a decision because of the block list."""
    return bool(
        session().scalar(select(exists().where(BlockHit.person_id == person_id, BlockHit.outcome.is_(None))))
    )


def is_clear(person_id: QueryableAttribute[int]) -> ColumnElement[bool]:
    """Whether nobody has to decide about that person because of the block list; for who may be matched."""
    return ~exists().where(BlockHit.person_id == person_id, BlockHit.outcome.is_(None))


def hit_of(person_id: int) -> BlockHit | None:
    """That this person was noticed, decided or not."""
    return next(iter(rows(select(BlockHit).where(BlockHit.person_id == person_id))), None)


def networks_of(person_id: int) -> list[str]:
    """Where that person takes part: as a newcomer, as a buddy."""
    newcomers = select(Newcomer.network_slug).where(Newcomer.person_id == person_id)
    found = newcomers.union_all(select(Buddy.network_slug).where(Buddy.person_id == person_id))
    return list(session().scalars(found))


def same_number(person: Person) -> list[tuple[Person, str]]:
    """Others who take part and have the telephone number of that person, each with the network."""
    if not person.phone:
        return []
    same = (Person.phone == person.phone, Person.id != person.id, Person.active)
    buddies = select(Person, Buddy.network_slug).join(Buddy, Buddy.person_id == Person.id).where(
        *same, Buddy.state.not_in((BuddyState.LEFT, BuddyState.REJECTED))
    )  # fmt: skip
    newcomers = select(Person, Newcomer.network_slug).join(Newcomer, Newcomer.person_id == Person.id).where(
        *same, Newcomer.state != NewcomerState.LEFT
    )  # fmt: skip
    found = [*session().execute(buddies).unique(), *session().execute(newcomers).unique()]
    return [(other, network) for other, network in found]


def hashes_of(person: Person) -> tuple[str | None, str | None]:
    """What the block list keeps of that person's address and number."""
    return (
        contact_hash(canonical_email(person.email)) if person.email else None,
        contact_hash(person.phone) if person.phone else None,
    )


def block_of(person: Person) -> Block | None:
    """The oldest block, of any network, that meets the address or number of that person."""
    by_email, by_phone = hashes_of(person)
    same = [
        column == kept
        for column, kept in ((Block.email_hash, by_email), (Block.phone_hash, by_phone))
        if kept
    ]
    if not same:
        return None
    found = select(Block).where(Block.lifted_at.is_(None), or_(*same)).order_by(Block.id).limit(1)
    return next(iter(rows(found)), None)


def due_blocks(viewer: Viewer) -> Select[Block]:
    """The blocks of the viewer's networks to look at again."""
    return blocks_for(viewer).where(Block.review_on <= today())
