"""What was typed in a form whose writer has to sign in again: kept for that browser, and for nobody else."""

import json
from collections.abc import Mapping, Sequence
from datetime import timedelta

from sqlalchemy import delete, select

from app.clock import now
from app.db import session, transaction
from app.models import KeptForm, SignIn
from app.security.secrets import new_token, token_hash

KEPT = timedelta(days=1)
LARGEST = 60_000  # characters of the fields together
LONGEST_ADDRESS = 300


def keep(
    fields: Mapping[str, Sequence[str]], *, page: str, action: str, sign_in_token: str | None
) -> str | None:
    """Keep what was typed and return the secret that gives it back; None when it is too large.

    `sign_in_token` is that of the sign-in that had ended, if any: then only its person gets it back.
    """
    if len(json.dumps(fields)) > LARGEST or max(len(page), len(action)) > LONGEST_ADDRESS:
        return None
    token = new_token()
    with transaction() as db:
        owner = select(SignIn.person_id).where(SignIn.token_hash == token_hash(sign_in_token or ""))
        db.add(
            KeptForm(
                token_hash=token_hash(token), person_id=db.scalar(owner), page=page, action=action,
                fields={name: list(values) for name, values in fields.items()},
            )
        )  # fmt: skip
    return token


def kept(token: str) -> KeptForm | None:
    """The form of that secret while it is kept."""
    return session().scalars(
        select(KeptForm).where(KeptForm.token_hash == token_hash(token), KeptForm.created_at > now() - KEPT)
    ).one_or_none()  # fmt: skip


def let_go(token: str) -> None:
    """Delete the form of that secret."""
    with transaction() as db:
        db.execute(delete(KeptForm).where(KeptForm.token_hash == token_hash(token)))


def forget_kept_forms() -> int:
    """Delete forms that nobody came back for in a day; returns how many. For the worker, once a day."""
    with transaction() as db:
        gone = db.execute(delete(KeptForm).where(KeptForm.created_at <= now() - KEPT).returning(KeptForm.id))
        return len(gone.all())
