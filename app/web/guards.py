"""Every route says which permission it asks for; a route without a guard is refused at start."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from flask import Flask, redirect, url_for
from werkzeug.wrappers import Response

from app.errors import Forbidden
from app.security.permissions import Permission
from app.web.viewing import ask_to_sign_in, the_viewer

Params = ParamSpec("Params")
Answer = TypeVar("Answer")
UNGUARDED = {"static"}


def guard(
    permission: Permission,
) -> Callable[[Callable[Params, Answer]], Callable[Params, Answer | Response]]:
    """Let in only who has that permission at all; how far it reaches is up to query and service.

    An anonymous visitor is asked to sign in, who owes a second factor to set it up; a known person without the right
    gets 403.
    """

    def decorate(view: Callable[Params, Answer]) -> Callable[Params, Answer | Response]:
        @wraps(view)
        def guarded(*args: Params.args, **kwargs: Params.kwargs) -> Answer | Response:
            viewer = the_viewer()
            if not viewer.can(permission):
                if not viewer.signed_in:
                    return ask_to_sign_in()
                if viewer.owes_factor:
                    return redirect(url_for("second_factors.own"), 303)
                raise Forbidden()
            return view(*args, **kwargs)

        guarded.permission = permission  # type: ignore[attr-defined]
        return guarded

    return decorate


def refuse_unguarded(app: Flask) -> None:
    """Raise RuntimeError that names each route without a guard."""
    bare = sorted(
        endpoint for endpoint, view in app.view_functions.items()
        if not hasattr(view, "permission") and endpoint not in UNGUARDED
    )  # fmt: skip
    if bare:
        raise RuntimeError(f"routes without a guard: {', '.join(bare)}")
