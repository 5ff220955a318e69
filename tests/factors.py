"""The phone of somebody who works here, as a test holds it."""

from dataclasses import dataclass, replace
from datetime import timedelta

import pyotp

from app.clock import now
from app.models import Person
from app.security.one_time import factor_secret
from app.services import second_factors
from tests import factories


@dataclass
class Phone:
    """Shows codes; each newer than the last one, as half a minute later each time."""

    secret: str
    codes: list[str]
    shown: int = 0

    def code(self, steps: int | None = None) -> str:
        """The code of that many half minutes from now; without a number the next one that was not shown."""
        if steps is None:
            self.shown += 1
            steps = self.shown
        return pyotp.TOTP(self.secret).at(now() + timedelta(seconds=30 * steps))


def phone_of(person: Person, *, salt: str = "a salt") -> Phone:
    """Set up the second factor of that person, with the code of the half minute before this one."""
    secret = factor_secret(salt)
    digits = pyotp.TOTP(secret).at(now() - timedelta(seconds=30))
    viewer = replace(factories.viewer(person), sign_in_id=None)
    return Phone(secret, second_factors.turn_on(viewer, salt=salt, digits=digits), shown=-1)
