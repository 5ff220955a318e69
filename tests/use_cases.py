"""What the services offer to whoever acts, so that a table of acts in a test can be seen to be whole."""

import inspect
from collections.abc import Callable
from types import ModuleType
from typing import Any

from app.services import contracts, hours

WHO_ACTS = ("actor", "signer")
# Parts of other use-cases, which have seen to it that the actor may.
PARTS = {contracts.own_newcomer, hours.keep}


def use_cases(*modules: ModuleType) -> set[Callable[..., Any]]:
    """The public functions of these modules that take who acts in front."""
    return {
        found
        for module in modules
        for name, found in inspect.getmembers(module, inspect.isfunction)
        if found.__module__ == module.__name__
        and not name.startswith("_")
        and next(iter(inspect.signature(found).parameters), "") in WHO_ACTS
        and found not in PARTS
    }
