"""What a buddy learned, and what stands on the certificate of a volunteer."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, func, select

from app.clock import in_brussels
from app.db import session
from app.models import Buddy, Duo, Network, Training, Transition
from app.queries.buddies import buddies_for
from app.queries.reach import one, rows
from app.security.permissions import Permission
from app.security.viewer import Viewer
from app.vocabulary import BuddyState
from app.vocabulary.records import Subject


def trainings_of(buddy_id: int) -> list[Training]:
    """The trainings of a buddy whom the caller found within the viewer's reach, newest first."""
    return rows(
        select(Training).where(Training.buddy_id == buddy_id).order_by(Training.on.desc(), Training.id.desc())
    )


def trainings_for(viewer: Viewer, permission: Permission) -> Select[Training]:
    """The trainings of the buddies that the permission reaches."""
    reached = buddies_for(viewer, permission).with_only_columns(Buddy.id)
    return select(Training).where(Training.buddy_id.in_(reached))


def total_of(trainings: list[Training]) -> int:
    """The minutes that a coordinator has seen."""
    return sum(training.minutes for training in trainings if training.checked_at)


@dataclass(frozen=True)
class Service:
    """What a volunteer did, without a word about others: since when a buddy, how many duos, which trainings."""

    name: str
    network: str
    since: date
    duos: int
    trainings: list[Training]


def ready_since(buddy: Buddy) -> date | None:
    """The day on which this buddy was first ready; None for who never was."""
    first = session().scalar(
        select(func.min(Transition.at)).where(
            Transition.subject == Subject.BUDDY, Transition.subject_id == buddy.id,
            Transition.to_state == BuddyState.APPROVED.value,
        )
    )  # fmt: skip
    return in_brussels(first).date() if first else buddy.screened_on


def service_of(viewer: Viewer, permission: Permission, buddy_id: int) -> Service | None:
    """What stands on the certificate of a buddy within reach; None for who was never ready. Raises NotFound."""
    buddy = one(buddies_for(viewer, permission).where(Buddy.id == buddy_id))
    since = ready_since(buddy)
    if since is None:
        return None
    duos = session().scalar(
        select(func.count(Duo.id)).where(Duo.buddy_id == buddy.id, Duo.starts_on.is_not(None))
    )
    return Service(
        name=buddy.person.full_name, network=session().get_one(Network, buddy.network_slug).name, since=since,
        duos=duos or 0, trainings=[item for item in reversed(trainings_of(buddy.id)) if item.checked_at],
    )  # fmt: skip
