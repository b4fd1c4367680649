"""hashlib: the two password hashes that come from OpenSSL, which Pyodide has not.

Runs in Pyodide. Django's and Werkzeug's passwords stand on them. The loops run in JavaScript
(runtime/host/passwords.js), where it is there, since they take millions of steps.
"""

import hmac
from types import ModuleType
from typing import Any, Protocol

from tabcorn.server.adaptations.model import Adaptation


class Passwords(Protocol):
    """What JavaScript computes."""

    def pbkdf2(self, password: bytes, salt: bytes, iterations: int, length: int) -> bytes:
        """Compute PBKDF2-HMAC-SHA-256."""

    def scrypt(self, password: bytes, salt: bytes, n: int, r: int, p: int, length: int) -> bytes:
        """Compute scrypt."""


fast: Passwords | None = None
"""Given by the bridge, at every start."""


def add_password_hashes(module: ModuleType) -> None:
    """Add `pbkdf2_hmac` and `scrypt`, unless they are there."""
    if not hasattr(module, "pbkdf2_hmac"):
        module.pbkdf2_hmac = pbkdf2_hmac  # type: ignore[attr-defined]
    if not hasattr(module, "scrypt"):
        module.scrypt = scrypt  # type: ignore[attr-defined]


def pbkdf2_hmac(
    hash_name: str, password: Any, salt: Any, iterations: int, dklen: int | None = None
) -> bytes:
    """Derive a key, as hashlib.pbkdf2_hmac does."""
    size = hmac.new(b"", b"", hash_name).digest_size
    length = size if dklen is None else dklen
    if iterations < 1 or length < 1:
        raise ValueError("iteration value and key length must be greater than 0.")
    password, salt = bytes(password), bytes(salt)
    if fast and hash_name.lower() in ("sha256", "sha-256"):
        return fast.pbkdf2(password, salt, iterations, length)
    blocks = range(1, -(-length // size) + 1)
    return b"".join(_block(hash_name, password, salt, iterations, n) for n in blocks)[:length]


def _block(hash_name: str, password: bytes, salt: bytes, iterations: int, n: int) -> bytes:
    mac = hmac.digest(password, salt + n.to_bytes(4, "big"), hash_name)
    size, total = len(mac), int.from_bytes(mac, "big")
    for _ in range(iterations - 1):
        mac = hmac.digest(password, mac, hash_name)
        total ^= int.from_bytes(mac, "big")
    return total.to_bytes(size, "big")


def scrypt(
    password: Any, *, salt: Any, n: int, r: int, p: int, maxmem: int = 0, dklen: int = 64
) -> bytes:
    """Derive a key, as hashlib.scrypt does."""
    if n < 2 or n & (n - 1):
        raise ValueError("n must be a power of 2.")
    if 128 * n * r > (maxmem or 32 * 1024 * 1024 + 1):
        raise ValueError("memory limit exceeded")
    assert fast
    return fast.scrypt(bytes(password), bytes(salt), n, r, p, dklen)


ADAPTATIONS = (
    Adaptation(
        package="hashlib",
        versions=">=3.11,<3.15",
        module="hashlib",
        reason="pbkdf2_hmac and scrypt are missing: CPython takes them from OpenSSL",
        apply=add_password_hashes,
    ),
)
