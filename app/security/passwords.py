"""Passwords: hashed with Argon2id, at least ten characters, not easy to guess."""

import unicodedata
from functools import cache
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from zxcvbn import zxcvbn

SHORTEST = 10
LONGEST = 200
ZXCVBN_LONGEST = 72
_hasher = PasswordHasher()
_turns = BoundedSemaphore(4)  # 64 MiB a hash: bound what a flood of sign-ins can take


def hash_password(password: str) -> str:
    """The Argon2id hash of a password; equal letters in another Unicode form are the same password."""
    with _turns:
        return _hasher.hash(_plain(password))


def password_fits(stored: str | None, password: str) -> bool:
    """Whether the password belongs to that hash. Takes the same time when there is no hash at all."""
    if len(password) > LONGEST:
        return False
    try:
        with _turns:
            _hasher.verify(stored or _nobody(), _plain(password))
    except (VerificationError, InvalidHashError):
        return False
    return stored is not None


def easy_to_guess(password: str, *about: str) -> bool:
    """Whether a guesser would find it soon; `about` are words of the person such as name and address."""
    return bool(zxcvbn(password[:ZXCVBN_LONGEST], user_inputs=[word for word in about if word])["score"] < 2)


def _plain(password: str) -> str:
    return unicodedata.normalize("NFKC", password)


@cache
def _nobody() -> str:
    return _hasher.hash("nobody has this password")
