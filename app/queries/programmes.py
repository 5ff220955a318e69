"""Programmes with the versions of their setting: in force, earlier, and proposed."""

from collections import defaultdict
from dataclasses import dataclass

from sqlalchemy import Select, select

from app.db import session
from app.models import Programme, ProgrammeVersion
from app.queries.reach import one, reach, rows
from app.security.permissions import Permission
from app.security.viewer import Viewer


def versions_for(viewer: Viewer) -> Select[ProgrammeVersion]:
    """The versions that the viewer may decide about."""
    return select(ProgrammeVersion).where(reach(viewer, Permission.SET_WEIGHTS, {}))


@dataclass(frozen=True)
class Settings:
    """A programme with the version in force, earlier ones (newest first), and proposals (newest first)."""

    programme: Programme
    now: ProgrammeVersion | None
    earlier: list[ProgrammeVersion]
    proposed: list[ProgrammeVersion]


def settings_of(viewer: Viewer) -> list[Settings]:
    """The open programmes whose setting the viewer may see: the shared one, then by network and name."""
    found = []
    programmes = select(Programme).where(
        reach(viewer, Permission.SET_WEIGHTS, {}), Programme.closed_on.is_(None)
    )
    of_all: dict[int, list[ProgrammeVersion]] = defaultdict(list)
    for version in rows(
        versions_for(viewer).order_by(ProgrammeVersion.since.desc(), ProgrammeVersion.id.desc())
    ):
        of_all[version.programme_id].append(version)
    in_order = programmes.order_by(
        Programme.network_slug.is_not(None), Programme.network_slug, Programme.name
    )
    for programme in rows(in_order):
        versions = of_all[programme.id]
        adopted = [item for item in versions if item.since]
        current = next((item for item in adopted if item.version == programme.weights_version), None)
        found.append(
            Settings(
                programme=programme,
                now=current,
                earlier=[item for item in adopted if item is not current],
                proposed=[item for item in versions if not item.since],
            )
        )
    return found


@dataclass(frozen=True)
class VersionPage:
    """A version beside the setting that its programme has now."""

    version: ProgrammeVersion
    programme: Programme


def version_page(viewer: Viewer, version_id: int) -> VersionPage:
    """A version that the viewer may see. Raises NotFound."""
    found = one(versions_for(viewer).where(ProgrammeVersion.id == version_id))
    return VersionPage(found, session().get_one(Programme, found.programme_id))
