"""The programmes that a network runs: made, set, told about, closed; and who is placed in which."""

from dataclasses import asdict, dataclass

from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError

from app.clock import now, today
from app.db import lock, session, transaction
from app.errors import Invalid, Moved, NotFound, Refusal
from app.i18n import lazy_gettext as _
from app.models import (
    Buddy,
    BuddyProgramme,
    Network,
    Newcomer,
    Programme,
    ProgrammeText,
    ProgrammeVersion,
    Run,
)
from app.queries.network_programmes import own_programme, programmes_of
from app.reference import gazetteer
from app.security.permissions import Permission
from app.security.predicates import demand
from app.security.viewer import Viewer
from app.services.agreements import MONTHS, WEEKS_BETWEEN
from app.services.placing import drop_suggestions, undecided_pairs
from app.services.records import audit, move
from app.vocabulary import DutchLevel
from app.vocabulary.records import RunState

REFUSED_MONTHS = range(25)
LONGEST_LINE = 200
LONGEST_WORDS = 1000
UNDER_WAY = (RunState.QUEUED, RunState.RUNNING)


class StillDeciding(Refusal):
    """Pairs of the programme are open, so it cannot be closed."""

    code = "still_deciding"
    message = _("Decide first about the pairs of this programme that are on hold, shown or not told yet.")


@dataclass(frozen=True)
class ProgrammeSettings:
    """What a network decides about a programme of its own: period of a duo in months, weeks between two meetings."""

    name: str
    months: int
    weeks_between: int
    refused_months: int
    least_dutch: DutchLevel = DutchLevel.NONE
    municipalities: tuple[str, ...] = ()


def towns_of(network: str) -> list[str]:
    """The municipalities of a network, by name."""
    return sorted({place.municipality for place in gazetteer.places() if place.network == network})


def make_programme(actor: Viewer, network: str, wanted: ProgrammeSettings) -> int:
    """Begin a programme of a network, with the weights of its first one; returns its key.

    Raises NotFound for a network of others, Invalid that names the field.
    """
    _hold(actor, network)
    try:
        with transaction() as db:
            lock(Network, network)
            first = programmes_of(network)[0]
            _check(network, wanted)
            made = _copy(actor, first, network, wanted)
            db.flush()
            return made.id
    except IntegrityError as error:
        raise _same_name() from error


def make_own(actor: Viewer, network: str) -> int:
    """Give a network a first programme of its own in place of the shared one; everybody and every plan go along.

    Raises NotFound for a network of others, Moved when its first programme is its own already.
    """
    _hold(actor, network)
    with transaction() as db:
        lock(Network, network)
        shared = programmes_of(network)[0]
        if shared.network_slug is not None:
            raise Moved
        name = db.get_one(Network, network).name
        wanted = ProgrammeSettings(
            _free_name(network, name), shared.months, shared.weeks_between, shared.refused_months
        )
        made = _copy(actor, shared, network, wanted)
        db.flush()
        move(
            update(Network).where(Network.slug == network, Network.programme_id == shared.id)
            .values(programme_id=made.id)
        )  # fmt: skip
        db.execute(
            update(Run).where(Run.network_slug == network, Run.programme_id == shared.id)
            .values(programme_id=made.id)
        )  # fmt: skip
        ours = select(Buddy.id).where(Buddy.network_slug == network)
        db.execute(
            update(BuddyProgramme)
            .where(BuddyProgramme.programme_id == shared.id, BuddyProgramme.buddy_id.in_(ours))
            .values(programme_id=made.id)
        )
        return made.id


def set_programme(actor: Viewer, programme_id: int, wanted: ProgrammeSettings) -> list[str]:
    """Keep what a network decides about a programme; returns what changed. The first one asks no Dutch and no place.

    Raises NotFound for a programme of others or a closed one, Invalid that names the field.
    """
    demand(actor, Permission.SET_NETWORK)
    try:
        with transaction() as db:
            programme = own_programme(actor, programme_id)
            network = _network_of(programme)
            lock(Network, network)
            _check(network, wanted, but=programme_id)
            values = {**asdict(wanted), "municipalities": list(wanted.municipalities)}
            if db.get_one(Network, network).programme_id == programme_id:
                values |= {"least_dutch": DutchLevel.NONE, "municipalities": []}
            changed = sorted(name for name, value in values.items() if getattr(programme, name) != value)
            for name in changed:
                setattr(programme, name, values[name])
            if changed:
                audit(actor, "programme-set", "programme", programme_id, network=network, columns=changed)
            return changed
    except IntegrityError as error:
        raise _same_name() from error


def close_programme(actor: Viewer, programme_id: int) -> None:
    """End a programme: its people go back to the first one of the network, and what it suggests is no longer valid.

    Raises NotFound, Moved for the first one or while a plan is made, StillDeciding while pairs of it are open.
    """
    demand(actor, Permission.SET_NETWORK)
    with transaction() as db:
        programme = own_programme(actor, programme_id)
        network = _network_of(programme)
        lock(Network, network)
        if db.get_one(Network, network, populate_existing=True).programme_id == programme_id:
            raise Moved
        under_way = select(Run.id).where(Run.programme_id == programme_id, Run.state.in_(UNDER_WAY))
        if db.scalar(under_way.limit(1)) is not None:
            raise Moved
        if undecided_pairs(Run.programme_id == programme_id):
            raise StillDeciding
        move(
            update(Programme).where(Programme.id == programme_id, Programme.closed_on.is_(None))
            .values(closed_on=today())
        )  # fmt: skip
        drop_suggestions(Run.programme_id == programme_id, reason="programme_closed")
        db.execute(update(Newcomer).where(Newcomer.programme_id == programme_id).values(programme_id=None))
        db.execute(delete(BuddyProgramme).where(BuddyProgramme.programme_id == programme_id))
        audit(actor, "programme-closed", "programme", programme_id, network=network)


def write_text(actor: Viewer, programme_id: int, language: str, *, line: str, words: str) -> None:
    """Keep what a programme tells people in one language; an empty line takes the text away.

    Raises NotFound, Invalid when there are sentences without a line.
    """
    demand(actor, Permission.SET_NETWORK)
    if words and not line:
        raise Invalid("line", _("Write one line too. It stands above the other sentences."))
    with transaction() as db:
        programme = own_programme(actor, programme_id)
        lock(Network, _network_of(programme))
        kept = db.get(ProgrammeText, (programme_id, language))
        if not line:
            if kept is not None:
                db.delete(kept)
        elif kept is None:
            db.add(ProgrammeText(programme_id=programme_id, language=language, line=line, words=words))
        else:
            kept.line, kept.words = line, words
        audit(
            actor, "programme-told", "programme", programme_id, network=programme.network_slug, language=language
        )  # fmt: skip


def _hold(actor: Viewer, network: str) -> None:
    demand(actor, Permission.SET_NETWORK)
    if network not in actor.networks:
        raise NotFound


def _network_of(programme: Programme) -> str:
    if programme.network_slug is None:
        raise NotFound
    return programme.network_slug


def _check(network: str, wanted: ProgrammeSettings, but: int | None = None) -> None:
    """Refuse what the rules do not leave. Raises Invalid."""
    if wanted.months not in MONTHS:
        raise Invalid("months", _("Choose a period of 6 to 12 months."))
    if wanted.weeks_between not in WEEKS_BETWEEN:
        raise Invalid("weeks_between", _("They meet every week or every two weeks."))
    if wanted.refused_months not in REFUSED_MONTHS:
        raise Invalid("refused_months", _("Choose 0 to 24 months."))
    if set(wanted.municipalities) - set(towns_of(network)):
        raise Invalid("municipalities", _("Choose from what is shown here."))
    elsewhere = {town for other in programmes_of(network) if other.id != but for town in other.municipalities}
    if elsewhere & set(wanted.municipalities):
        raise Invalid(
            "municipalities", _("One of these municipalities belongs to another programme already.")
        )


def _copy(actor: Viewer, source: Programme, network: str, wanted: ProgrammeSettings) -> Programme:
    """A new programme that matches as the source does, with the version in force as its first."""
    db = session()
    made = Programme(
        network_slug=network, weights=source.weights, weights_version=source.weights_version,
        **{**asdict(wanted), "municipalities": list(wanted.municipalities)},
    )  # fmt: skip
    db.add(made)
    db.flush()
    db.add(
        ProgrammeVersion(
            programme_id=made.id, version=source.weights_version, weights=source.weights, state=RunState.DONE,
            since=today(), touched_at=now(), by_person_id=actor.person_id, adopted_by_id=actor.person_id,
        )
    )  # fmt: skip
    audit(actor, "programme-made", "programme", made.id, network=network, source=source.id)
    return made


def _free_name(network: str, name: str) -> str:
    """That name, or with a number where an open programme of the network has it."""
    taken = {item.name for item in programmes_of(network)}
    return next(
        one for one in (name, *(f"{name} {number}" for number in range(2, len(taken) + 3))) if one not in taken
    )  # fmt: skip


def _same_name() -> Invalid:
    return Invalid("name", _("Your network has a programme with this name already."))
