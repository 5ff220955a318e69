"""The registration that a browser holds the secret of."""

from sqlalchemy import func, select

from app.clock import start_of_day, today
from app.db import session
from app.models import Network, Newcomer, Registration
from app.security.secrets import token_hash
from app.security.viewer import Viewer
from app.vocabulary import Role


def registration_by_token(viewer: Viewer, role: Role, token: str) -> Registration | None:
    """The registration of that secret, for who fills it in: the visitor herself, or the helper who began it."""
    return session().scalars(
        select(Registration).where(
            Registration.token_hash == token_hash(token), Registration.role == role, Registration.helped_by_id == viewer.person_id
        )
    ).one_or_none()  # fmt: skip


def helped_this_month(viewer: Viewer) -> int:
    """How many newcomers the viewer registered together with since the first of this month; a count, no names."""
    since = start_of_day(today().replace(day=1))
    helped = select(func.count()).select_from(Newcomer).where(
        Newcomer.helped_by_id == viewer.person_id, Newcomer.registered_at >= since
    )  # fmt: skip
    return session().scalar(helped) or 0


def was_helped(viewer: Viewer) -> bool:
    """Whether somebody registered together with the viewer."""
    return (
        session().scalar(
            select(Newcomer.id).where(
                Newcomer.person_id == viewer.person_id, Newcomer.helped_by_id.is_not(None)
            )
        )
        is not None
    )


def network_of(slug: str) -> Network:
    """The network with its settings: who calls, within how many days, and when."""
    return session().get_one(Network, slug)
