"""Codes that a phone shows for half a minute (TOTP, RFC 6238), and recovery codes for when there is no phone.

The secret that the phone counts with is not kept: it is made of a salt and the secret of the site, so that a stolen
table opens nothing.
"""

import base64
import hmac
from datetime import datetime

import pyotp

from app.security.secrets import CODE_LETTERS, derived, new_code

ISSUER = "Samenspoor"
DIGITS = 6
SECRET_BYTES = 20  # 160 bits, as RFC 4226 asks
NEIGHBOURS = (0, -1, 1)  # half a minute for clocks that differ, either way
HOW_MANY = 10


def factor_secret(salt: str) -> str:
    """The secret of a phone in base32, as apps take it."""
    return base64.b32encode(derived(salt, b"second-factor", SECRET_BYTES)).decode("ascii")


def step_of(secret: str, digits: str, at: datetime) -> int | None:
    """The time step (of 30 s since 1970) whose code these digits are, near that instant; None when there is none."""
    totp = pyotp.TOTP(secret, digits=DIGITS)
    here = totp.timecode(at)
    found = None
    for away in NEIGHBOURS:  # all of them, so that the time tells nothing
        if hmac.compare_digest(totp.generate_otp(here + away).encode(), digits.encode()) and found is None:
            found = here + away
    return found


def app_address(secret: str, account: str) -> str:
    """The address that an app for codes reads from a square code."""
    return pyotp.TOTP(secret, digits=DIGITS).provisioning_uri(name=account, issuer_name=ISSUER)


def digits_of(code: str) -> str | None:
    """The digits of what was typed when it looks like the code of an app, without blanks; else None."""
    plain = "".join(code.split())
    return plain if len(plain) == DIGITS and plain.isascii() and plain.isdigit() else None


def recovery_codes() -> list[str]:
    """Ten new recovery codes, told once."""
    return [new_code() for _ in range(HOW_MANY)]


def recovery_hash(code: str) -> str:
    """What is kept of a recovery code: keyed, because 49 bits alone could be searched in a stolen table."""
    letters = "".join(letter for letter in code.upper() if letter in CODE_LETTERS)
    return derived(letters, b"recovery").hex()
