"""The settings that programmes match by: proposed with their evidence, compared with the one in force, adopted by a person."""

from datetime import timedelta
from typing import Any

from sqlalchemy import Update, select, update
from sqlalchemy.exc import IntegrityError

from app.clock import now, today
from app.db import after_commit, lock, transaction
from app.errors import Invalid, Moved, NotFound, Refusal
from app.extensions import queue
from app.i18n import lazy_gettext as _
from app.models import Programme, ProgrammeVersion, Run
from app.queries.network_programmes import last_runs
from app.queries.programmes import versions_for
from app.queries.reach import one
from app.security.permissions import Permission
from app.security.predicates import demand
from app.security.viewer import Viewer
from app.services import matchmaking
from app.services.records import audit, move
from app.vocabulary.records import RunState

LARGEST = 256 * 1024
LONGEST_VERSION = 40
SILENT_FOR = timedelta(minutes=2)
UNDER_WAY = (RunState.QUEUED, RunState.RUNNING)


class NotCompared(Refusal):
    """Nobody could see yet what a setting changes."""

    code = "not_compared"
    message = _("Compare this setting first. Then decide.")


def propose(actor: Viewer, programme_id: int, *, weights: bytes | None, evidence: bytes | None) -> int:
    """Keep a proposed setting with its evidence, if there is any, and have it compared. Returns its key.

    Both are judged by what stands in them. Raises Invalid that names the field, NotFound for no such programme.
    """
    demand(actor, Permission.SET_WEIGHTS)
    setting = matchmaking.read_setting(_text(weights, "weights"))
    facts = matchmaking.read_evidence(_text(evidence, "evidence")) if evidence is not None else {}
    version = setting["version"]
    if len(version) > LONGEST_VERSION:
        raise Invalid("weights", _("The name of the version is too long."))
    if facts and facts["proposed_version"] != version:
        raise Invalid("evidence", _("This evidence belongs to another version."))
    try:
        with transaction() as db:
            if db.get(Programme, programme_id) is None:
                raise NotFound()
            kept = ProgrammeVersion(
                programme_id=programme_id, version=version, weights=setting, evidence=facts,
                by_person_id=actor.person_id,
            )  # fmt: skip
            db.add(kept)
            db.flush()
            audit(actor, "weights-proposed", "programme", programme_id, version=version)
            version_id = kept.id
            after_commit(lambda: queue.put("compare_weights", version_id))
    except IntegrityError as error:
        raise Invalid(
            "weights", _("There is a version with this name already. Give yours another name.")
        ) from error
    return version_id


def _text(data: bytes | None, field: str) -> str:
    """A file as text, judged by its bytes. Raises Invalid."""
    if not data:
        raise Invalid(field, _("Choose a file."))
    if len(data) > LARGEST:
        raise Invalid(field, _("This file is too large. At most 256 KB is read."))
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Invalid(field, _("This is not a text file.")) from error
    if "\0" in text:
        raise Invalid(field, _("This is not a text file."))
    return text


def compare_again(actor: Viewer, version_id: int) -> None:
    """Compare a proposed setting once more with who waits now. Raises Moved while that is being done or after."""
    demand(actor, Permission.SET_WEIGHTS)
    with transaction():
        found = one(versions_for(actor).where(ProgrammeVersion.id == version_id))
        if found.since or (found.state in UNDER_WAY and now() - found.touched_at < SILENT_FOR):
            raise Moved
        found.state, found.touched_at, found.compared = RunState.QUEUED, now(), 0
        after_commit(lambda: queue.put("compare_weights", version_id))


def compare(version_id: int) -> None:
    """Work out what a proposed setting would change. Does nothing when nobody waits for it; a fault marks it so."""
    taken = _take_up(version_id)
    if taken is None:
        return
    attempt, current, proposed, runs = taken

    def tell(_stage: str, done: int, total: int | None) -> None:
        with transaction():
            move(_ours(version_id, attempt).values(compared=done - 1, to_compare=total, touched_at=now()))

    try:
        found = matchmaking.compare(runs, current, proposed, tell)
        _end(version_id, attempt, state=RunState.DONE, comparison=found)
    except Moved:
        return
    except Exception:
        _end(version_id, attempt, state=RunState.FAILED)
        raise


def _ours(version_id: int, attempt: int) -> Update:
    return update(ProgrammeVersion).where(
        ProgrammeVersion.id == version_id, ProgrammeVersion.state == RunState.RUNNING,
        ProgrammeVersion.attempt == attempt,
    )  # fmt: skip


def _end(version_id: int, attempt: int, **values: Any) -> None:
    with transaction():
        move(_ours(version_id, attempt).values(touched_at=now(), **values))


def _take_up(version_id: int) -> tuple[int, dict[str, Any], dict[str, Any], list[Run]] | None:
    """The attempt, both settings, and the last finished run of each network of the programme."""
    with transaction() as db:
        taken = db.execute(
            update(ProgrammeVersion)
            .where(ProgrammeVersion.id == version_id, ProgrammeVersion.state == RunState.QUEUED)
            .values(state=RunState.RUNNING, attempt=ProgrammeVersion.attempt + 1, touched_at=now())
            .returning(ProgrammeVersion.attempt, ProgrammeVersion.programme_id, ProgrammeVersion.weights)
        ).first()  # fmt: skip
        if taken is None:
            return None
        current = db.get_one(Programme, taken.programme_id).weights
        last = last_runs().where(Run.programme_id == taken.programme_id)
        runs = list(db.scalars(select(Run).where(Run.id.in_(last)).order_by(Run.network_slug)))
    return taken.attempt, current, taken.weights, runs


def adopt(actor: Viewer, version_id: int) -> None:
    """From today on the programme matches by this setting; runs that were made keep theirs.

    Raises NotCompared before its comparison was there to see, Moved when it is in force or was before.
    """
    demand(actor, Permission.SET_WEIGHTS)
    with transaction() as db:
        programme_id = one(versions_for(actor).where(ProgrammeVersion.id == version_id)).programme_id
        lock(Programme, programme_id)
        found = db.get_one(ProgrammeVersion, version_id, populate_existing=True)
        if found.since:
            raise Moved
        if found.state is not RunState.DONE:
            raise NotCompared
        programme = db.get_one(Programme, programme_id, populate_existing=True)
        before = programme.weights_version
        found.since, found.adopted_by_id = today(), actor.person_id
        programme.weights, programme.weights_version = found.weights, found.version
        audit(actor, "weights-adopted", "programme", programme_id, version=found.version, before=before)
