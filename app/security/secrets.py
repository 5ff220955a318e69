"""Secrets for links, codes and sign-ins: random, told once, kept only as a hash."""

import hashlib
import secrets

CODE_LETTERS = "ABCDEFGHJKMNPQRSTVWXYZ23456789"  # none that look alike: no I, L, O, U, 0, 1
CODE_LENGTH = 10


_site_key = b""


def bind(secret_key: str) -> None:
    """Let derived() of this process use the secret of the site; done once, when the application is built."""
    global _site_key
    _site_key = hashlib.sha256(secret_key.encode()).digest()


def derived(value: str, purpose: bytes, size: int = 32) -> bytes:
    """Bytes of a value that only who holds the secret of the site can make; others for each purpose (at most 16 bytes).

    Raises RuntimeError unbound.
    """
    if not _site_key:
        raise RuntimeError("no secret is bound")
    return hashlib.blake2b(
        value.encode("utf-8", "replace"), key=_site_key, person=purpose, digest_size=size
    ).digest()


def contact_hash(value: str) -> str:
    """What the block list keeps of an address or number: keyed, because few numbers exist. Raises RuntimeError unbound."""
    return derived(value, b"block").hex()


def new_token() -> str:
    """192 random bits, fit for an address."""
    return secrets.token_urlsafe(24)


def token_hash(token: str) -> str:
    """What is kept of a token; a fast hash suffices for 192 random bits."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def new_code() -> str:
    """A personal code of ten letters and digits (49 bits) in two groups, to be read aloud or copied from a card."""
    letters = "".join(secrets.choice(CODE_LETTERS) for _ in range(CODE_LENGTH))
    return f"{letters[:5]}-{letters[5:]}"


def code_of(token: str, secret_key: str) -> str:
    """The personal code that belongs to a registration: the same each time, so that it is kept nowhere.

    Whoever holds the secret of the registration but not that of the site cannot make it.
    """
    digest = hashlib.blake2b(
        token.encode(), key=hashlib.sha256(secret_key.encode()).digest(), person=b"card"
    ).digest()
    number = int.from_bytes(digest)
    letters = "".join(
        CODE_LETTERS[number // len(CODE_LETTERS) ** at % len(CODE_LETTERS)] for at in range(CODE_LENGTH)
    )
    return f"{letters[:5]}-{letters[5:]}"


def code_hash(code: str, secret_key: str) -> str:
    """What is kept of a personal code: keyed, because 49 bits alone could be searched in a stolen table."""
    letters = "".join(letter for letter in code.upper() if letter in CODE_LETTERS)
    return hashlib.blake2b(
        letters.encode(), key=hashlib.sha256(secret_key.encode()).digest(), digest_size=32
    ).hexdigest()
