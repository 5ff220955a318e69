"""The programmes of a network: which there are, who is in which, the last plan of each, and what they tell people."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, and_, exists, false, func, or_, select
from sqlalchemy.orm import aliased

from app.db import session
from app.models import Buddy, BuddyProgramme, Duo, Network, Newcomer, Programme, ProgrammeText, Run
from app.queries.reach import one, reach, rows
from app.security.permissions import Permission, Scope
from app.security.viewer import Viewer
from app.vocabulary import DutchLevel
from app.vocabulary.records import RunState

LEVELS = list(DutchLevel)


@dataclass(frozen=True)
class Offered:
    """A programme that a network offers, and whether one buddy named it."""

    programme: Programme
    named: bool = False


def of_network(network: str) -> Select[Programme]:
    """The open programmes of a network: the one everybody begins in, and its own ones."""
    first = select(Network.programme_id).where(Network.slug == network).scalar_subquery()
    own = and_(Programme.network_slug == network, Programme.closed_on.is_(None))
    return select(Programme).where(or_(Programme.id == first, own))


def programmes_of(network: str) -> list[Programme]:
    """The open programmes of a network: the first one, then the others by name."""
    first = session().scalar(select(Network.programme_id).where(Network.slug == network))
    return _sorted(rows(of_network(network)), first)


def programmes_in(networks: Sequence[Network]) -> dict[str, list[Programme]]:
    """The open programmes of these networks, by slug, each as `programmes_of` orders them."""
    found = rows(select(Programme).where(Programme.closed_on.is_(None)).order_by(Programme.id))
    return {
        item.slug: _sorted(
            [one_ for one_ in found if item.slug == one_.network_slug or item.programme_id == one_.id],
            item.programme_id,
        )
        for item in networks
    }


def _sorted(found: Iterable[Programme], first: int | None) -> list[Programme]:
    return [item.programme for item in in_order((Offered(one_) for one_ in found), first)]


def in_order(found: Iterable[Offered], first: int | None) -> list[Offered]:
    """The first programme of the network first, then the others by name."""
    return sorted(
        found, key=lambda it: (it.programme.id != first, it.programme.name.casefold(), it.programme.id)
    )


def is_open_in_network() -> ColumnElement[bool]:
    """A programme of the row of the network beside it: its first one, or an open one of its own."""
    own = and_(Programme.network_slug == Network.slug, Programme.closed_on.is_(None))
    return or_(Programme.id == Network.programme_id, own)


def named_by_one(record: Buddy | Newcomer) -> ColumnElement[bool]:
    """Whether that person named the programme of the row, which only buddies do."""
    if not isinstance(record, Buddy):
        return false()
    return exists().where(
        BuddyProgramme.buddy_id == record.id, BuddyProgramme.programme_id == Programme.id
    ).correlate(Programme)  # fmt: skip


def key_of(newcomer: Newcomer) -> ColumnElement[int]:
    """The programme in which a newcomer is: the one told, while it is an open one of the network, else the first."""
    told = select(Programme.id).where(
        Programme.id == newcomer.programme_id, Programme.network_slug == newcomer.network_slug,
        Programme.closed_on.is_(None),
    ).scalar_subquery()  # fmt: skip
    first = select(Network.programme_id).where(Network.slug == newcomer.network_slug).scalar_subquery()
    return func.coalesce(told, first)


def programme_of(newcomer: Newcomer) -> Programme:
    """The programme in which a newcomer is."""
    return one(select(Programme).where(Programme.id == key_of(newcomer)))


def below(programme: Programme, newcomer: Newcomer) -> bool:
    """Whether somebody speaks less Dutch than the programme wishes; a hint for staff, never a refusal (R10)."""
    return LEVELS.index(newcomer.dutch_level) < LEVELS.index(programme.least_dutch)


def newcomers_in(network: str, programme_id: int) -> ColumnElement[bool]:
    """The newcomers who are in that programme of the network; who is in no open one of it is in the first."""
    first = select(Network.programme_id).where(Network.slug == network).scalar_subquery()
    others = select(Programme.id).where(
        Programme.network_slug == network, Programme.closed_on.is_(None), Programme.id != first
    )
    elsewhere = and_(Newcomer.programme_id.is_not(None), Newcomer.programme_id.in_(others))
    return and_(
        Newcomer.network_slug == network,
        or_(
            and_(elsewhere, Newcomer.programme_id == programme_id),
            and_(first == programme_id, or_(Newcomer.programme_id.is_(None), Newcomer.programme_id.not_in(others))),
        ),
    )  # fmt: skip


def buddies_in(network: str, programme_id: int) -> ColumnElement[bool]:
    """The buddies who take part in that programme: those who named it, and those who named none of the network's."""
    open_ones = of_network(network).with_only_columns(Programme.id)
    named = exists().where(BuddyProgramme.buddy_id == Buddy.id)
    return or_(
        named.where(BuddyProgramme.programme_id == programme_id).correlate(Buddy),
        ~named.where(BuddyProgramme.programme_id.in_(open_ones)).correlate(Buddy),
    )


def named_by(buddy_id: int) -> list[int]:
    """The keys of the programmes that a buddy named; empty = all."""
    found = select(BuddyProgramme.programme_id).where(BuddyProgramme.buddy_id == buddy_id)
    return sorted(session().scalars(found))


def last_runs(network: str | None = None) -> Select[int]:
    """The keys of the plans that stand: the last finished one of each open programme of each network, or of one."""
    found = (
        select(func.max(Run.id).label("id"))
        .join(Network, Network.slug == Run.network_slug)
        .join(Programme, Programme.id == Run.programme_id)
        .where(Run.state == RunState.DONE, Programme.closed_on.is_(None))
        .where(or_(Run.programme_id == Network.programme_id, Programme.network_slug == Run.network_slug))
        .group_by(Run.network_slug, Run.programme_id)
    )
    return found if network is None else found.where(Run.network_slug == network)


def last_run_of(network: str, programme_id: int) -> int | None:
    """The key of the plan of one programme that stands."""
    return session().scalar(last_runs(network).where(Run.programme_id == programme_id))


def told_apart() -> ColumnElement[str]:
    """The programme's name for a run joined with its network; empty where the network has one programme."""
    another = aliased(Programme)
    others = (
        exists()
        .where(
            another.network_slug == Run.network_slug,
            another.closed_on.is_(None),
            another.id != Run.programme_id,
        )
        .correlate(Run)
    )
    name = select(Programme.name).where(
        Programme.id == Run.programme_id, or_(Network.programme_id != Run.programme_id, others)
    ).correlate(Run, Network).scalar_subquery()  # fmt: skip
    return func.coalesce(name, "")


def network_of(run: Run) -> tuple[Network, str]:
    """The network of a run, and its programme's name where the network has more than one."""
    found = session().execute(
        select(Network, told_apart()).select_from(Run).join(Network, Network.slug == Run.network_slug)
        .where(Run.id == run.id)
    ).one()  # fmt: skip
    return found[0], found[1]


def own_programmes(viewer: Viewer) -> Select[Programme]:
    """The own programmes of the networks that the viewer sets, closed ones too."""
    reached = reach(
        viewer, Permission.SET_NETWORK, {Scope.NETWORK: Programme.network_slug.in_(viewer.networks)}
    )
    return select(Programme).where(Programme.network_slug.is_not(None), reached)


@dataclass(frozen=True)
class Listed:
    """A programme in the list of its network: how many newcomers are in it, and the languages of its texts."""

    programme: Programme
    first: bool
    newcomers: int
    languages: list[str]


def listed(network: str) -> list[Listed]:
    """The open programmes of a network, the first one first, with who is in them."""
    found = programmes_of(network)
    keys = [item.id for item in found]
    texts = session().execute(
        select(ProgrammeText.programme_id, ProgrammeText.language).where(ProgrammeText.programme_id.in_(keys))
    ).all()  # fmt: skip
    counted: dict[int | None, int] = dict(
        session().execute(
            select(Newcomer.programme_id, func.count()).where(Newcomer.network_slug == network)
            .group_by(Newcomer.programme_id)
        ).all()
    )  # fmt: skip
    elsewhere = sum(counted.get(key, 0) for key in keys[1:])
    return [
        Listed(
            programme=item,
            first=item is found[0],
            newcomers=sum(counted.values()) - elsewhere if item is found[0] else counted.get(item.id, 0),
            languages=sorted(language for key, language in texts if key == item.id),
        )
        for item in found
    ]


def own_programme(viewer: Viewer, programme_id: int) -> Programme:
    """An open own programme of one of the viewer's networks. Raises NotFound."""
    return one(own_programmes(viewer).where(Programme.id == programme_id, Programme.closed_on.is_(None)))


def texts_of(programme_id: int) -> dict[str, ProgrammeText]:
    """What a programme tells, by language."""
    found = rows(select(ProgrammeText).where(ProgrammeText.programme_id == programme_id))
    return {text.language: text for text in found}


def told_to(viewer: Viewer, language: str) -> dict[int, ProgrammeText]:
    """What the programme of each of the viewer's own duos tells, by duo: in that language, else in Dutch."""
    own = select(Programme.id).where(
        Programme.id == Newcomer.programme_id, Programme.network_slug == Newcomer.network_slug,
        Programme.closed_on.is_(None),
    ).correlate(Newcomer).scalar_subquery()  # fmt: skip
    found = session().execute(
        select(Duo.id, ProgrammeText).select_from(Duo).join(Newcomer, Newcomer.id == Duo.newcomer_id)
        .join(Network, Network.slug == Newcomer.network_slug)
        .join(ProgrammeText, ProgrammeText.programme_id == func.coalesce(own, Network.programme_id))
        .where(
            or_(Duo.newcomer_id == (viewer.newcomer_id or 0), Duo.buddy_id == (viewer.buddy_id or 0)),
            ProgrammeText.language.in_((language, "nl")),
        )
    ).all()  # fmt: skip
    told: dict[int, ProgrammeText] = {}
    for duo_id, text in found:
        if duo_id not in told or text.language == language:
            told[duo_id] = text
    return told


def told_in(programme_id: int, language: str) -> ProgrammeText | None:
    """What a programme tells in that language, else in Dutch; None where nothing is written."""
    wanted = select(ProgrammeText).where(
        ProgrammeText.programme_id == programme_id, ProgrammeText.language.in_((language, "nl"))
    )
    found = {text.language: text for text in rows(wanted)}
    return found.get(language) or found.get("nl")
