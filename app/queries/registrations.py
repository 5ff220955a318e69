"""The registration that a browser holds the secret of."""

from sqlalchemy import select

from app.db import session
from app.models import Network, Registration
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


def network_of(slug: str) -> Network:
    """The network with its settings: who calls, within how many days, and when."""
    return session().get_one(Network, slug)
