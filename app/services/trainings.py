"""Training hours of a volunteer: told by the buddy, or kept by the coordinator. They count once a coordinator saw them."""

from datetime import date, timedelta

from sqlalchemy import delete, update

from app.clock import now, today
from app.db import session, transaction
from app.errors import Invalid, Moved
from app.i18n import lazy_gettext as _
from app.models import Training
from app.queries.buddies import buddies_for
from app.queries.reach import one
from app.queries.trainings import trainings_for
from app.security.permissions import Permission
from app.security.predicates import demand
from app.security.viewer import Viewer
from app.services.records import audit, move
from app.services.screening import buddy_to_judge

SHORTEST, LONGEST = 15, 24 * 60
LONGEST_AGO = timedelta(days=3 * 365)


def tell_training(actor: Viewer, *, title: str, on: date, minutes: int) -> None:
    """The buddy tells a training; the coordinator looks at it. The same one twice is one. Raises Invalid, Forbidden."""
    demand(actor, Permission.OWN_BUDDY)
    _check(on, minutes)
    with transaction():
        _keep(actor, one(buddies_for(actor, Permission.OWN_BUDDY)).id, title, on, minutes, seen=False)


def note_training(actor: Viewer, buddy_id: int, *, title: str, on: date, minutes: int) -> None:
    """A coordinator keeps a training that took place; it counts at once. Raises Invalid, NotFound, Forbidden."""
    _check(on, minutes)
    with transaction():
        buddy = buddy_to_judge(actor, buddy_id)
        _keep(actor, buddy.id, title, on, minutes, seen=True)
        audit(actor, "training-noted", "buddy", buddy.id, network=buddy.network_slug, minutes=minutes)


def see_training(actor: Viewer, training_id: int) -> int:
    """It was so: it counts from now on. Returns the buddy's key. Raises Moved when somebody did this already."""
    with transaction():
        buddy_id = _of_candidate(actor, training_id)
        move(
            update(Training).where(Training.id == training_id, Training.checked_at.is_(None))
            .values(checked_at=now(), checked_by_id=actor.person_id)
        )  # fmt: skip
        return buddy_id


def refuse_training(actor: Viewer, training_id: int) -> int:
    """It was not so: what the buddy told goes away. Returns the buddy's key. Raises Moved for one that counts."""
    with transaction() as db:
        buddy_id = _of_candidate(actor, training_id)
        gone = db.execute(
            delete(Training)
            .where(Training.id == training_id, Training.checked_at.is_(None))
            .returning(Training.id)
        )
        if gone.first() is None:
            raise Moved()
        audit(actor, "training-refused", "buddy", buddy_id)
        return buddy_id


def _of_candidate(actor: Viewer, training_id: int) -> int:
    demand(actor, Permission.JUDGE_BUDDY)
    training = one(trainings_for(actor, Permission.JUDGE_BUDDY).where(Training.id == training_id))
    return buddy_to_judge(actor, training.buddy_id).id


def _check(on: date, minutes: int) -> None:
    if not today() - LONGEST_AGO <= on <= today():
        raise Invalid("on", _("Choose a day in the last three years."))
    if not SHORTEST <= minutes <= LONGEST:
        raise Invalid("length", _("A training lasts from a quarter of an hour to a day."))


def _keep(actor: Viewer, buddy_id: int, title: str, on: date, minutes: int, *, seen: bool) -> None:
    assert actor.person_id is not None
    same = {"buddy_id": buddy_id, "on": on, "minutes": minutes, "title": title}
    found = session().query(Training).filter_by(**same).first()
    if found is None:
        found = Training(**same, told_by_id=actor.person_id)
        session().add(found)
    if seen and found.checked_at is None:
        found.checked_at, found.checked_by_id = now(), actor.person_id
