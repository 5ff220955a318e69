"""The outside of a backup file: pieces of at most a megabyte, sealed one by one when a key is given.

After the first line comes the salt, then each piece behind its length. A sealed piece is ChaCha20-Poly1305 (RFC 8439)
with its number and whether it is the last one in the nonce, so that a piece that is missing, moved or cut off is seen.
"""

from __future__ import annotations

import hashlib
import io
import os
from collections.abc import Callable
from typing import BinaryIO, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from app.config import SHORTEST_KEY

PLAIN = b"samenspoor backup 1 plain\n"
SEALED = b"samenspoor backup 1 sealed\n"
SALT = 16
PIECE = 1024 * 1024
SEAL = 16  # bytes that a seal adds to a piece
# scrypt as RFC 7914 proposes for files: 32 MB and about a tenth of a second for each key that is tried.
COST, BLOCK, LANES = 2**15, 8, 1


class BadBackup(Exception):
    """A file that is no whole backup, or a place that must not be overwritten; the text is one line."""


class Cipher(Protocol):
    """What closes a piece and opens it again, raising InvalidTag where it was changed."""

    def encrypt(self, nonce: bytes, data: bytes, associated_data: bytes) -> bytes:
        """The closed piece, longer by SEAL bytes."""

    def decrypt(self, nonce: bytes, data: bytes, associated_data: bytes) -> bytes:
        """What was closed."""


class Unsealed:
    """No secret: a sum behind each piece, so that damage is seen."""

    def encrypt(self, nonce: bytes, data: bytes, associated_data: bytes) -> bytes:
        return data + hashlib.blake2b(nonce + associated_data + data, digest_size=SEAL).digest()

    def decrypt(self, nonce: bytes, data: bytes, associated_data: bytes) -> bytes:
        if self.encrypt(nonce, data[:-SEAL], associated_data) != data:
            raise InvalidTag
        return data[:-SEAL]


def _cipher(key: str, salt: bytes) -> Cipher:
    if not key:
        return Unsealed()
    if len(key) < SHORTEST_KEY:
        raise BadBackup(
            f"The key of a backup has at least {SHORTEST_KEY} characters, for example from `openssl rand -hex 32`."
        )
    made = hashlib.scrypt(
        key.encode(), salt=salt, n=COST, r=BLOCK, p=LANES, maxmem=64 * 1024 * 1024, dklen=32
    )
    return ChaCha20Poly1305(made)


def _nonce(number: int, *, last: bool) -> bytes:
    return number.to_bytes(11, "big") + (b"\1" if last else b"\0")


class Sealing(io.RawIOBase):
    """Takes bytes and writes them to `file` in pieces; finish() writes the last one. Raises BadBackup for a poor key."""

    def __init__(self, file: BinaryIO, key: str) -> None:
        self._file = file
        self._salt = os.urandom(SALT)
        self._cipher = _cipher(key, self._salt)
        self._held = bytearray()
        self._number = 0
        file.write((SEALED if key else PLAIN) + self._salt)

    def writable(self) -> bool:
        return True

    def write(self, data: bytes | memoryview) -> int:  # type: ignore[override]
        self._held += data
        while len(self._held) > PIECE:
            self._piece(bytes(self._held[:PIECE]), last=False)
            del self._held[:PIECE]
        return len(data)

    def finish(self) -> None:
        """Write what is held as the last piece; nothing may be written after it."""
        self._piece(bytes(self._held), last=True)
        self._held.clear()

    def _piece(self, content: bytes, *, last: bool) -> None:
        mark = _nonce(self._number, last=last)
        content = self._cipher.encrypt(mark, content, self._salt)
        self._file.write(len(content).to_bytes(4, "big") + mark[-1:] + content)
        self._number += 1


class Opening(io.RawIOBase):
    """Gives back what Sealing took. Raises BadBackup for another key, and for a file that is damaged or cut off.

    With a key an unsealed file is refused: anybody can write one, and only who has the key writes a sealed one.
    """

    def __init__(self, file: BinaryIO, key: str) -> None:
        first = file.readline(len(SEALED))
        if first not in (PLAIN, SEALED):
            raise BadBackup("This is no backup of Samenspoor.")
        if first == SEALED and not key:
            raise BadBackup("This backup is sealed: give its key by BACKUP_KEY or --key-file.")
        if first == PLAIN and key:
            raise BadBackup(
                "This backup is not sealed, so anybody can have made it: say --unsealed to trust it."
            )
        self._file = file
        self._salt = _exactly(file.read, SALT)
        self._cipher = _cipher(key, self._salt)
        self._held = b""
        self._number = 0
        self._ended = False

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        while not self._held and not self._ended:
            self._held = self._piece()
        count = min(len(buffer), len(self._held))
        buffer[:count], self._held = self._held[:count], self._held[count:]
        return count

    def _piece(self) -> bytes:
        head = _exactly(self._file.read, 5)
        length, self._ended = int.from_bytes(head[:4], "big"), head[4:] == b"\1"
        if length > PIECE + SEAL or head[4] > 1:
            raise BadBackup("This backup is damaged.")
        content = _exactly(self._file.read, length)
        try:
            content = self._cipher.decrypt(_nonce(self._number, last=self._ended), content, self._salt)
        except InvalidTag as error:
            raise BadBackup("This backup has another key, or it is damaged.") from error
        if self._ended and self._file.read(1):
            raise BadBackup("This backup is damaged: something stands behind its end.")
        self._number += 1
        return content


def _exactly(read: Callable[[int], bytes], count: int) -> bytes:
    content = read(count)
    if len(content) < count:
        raise BadBackup("This backup is cut off: its end is missing.")
    return content
