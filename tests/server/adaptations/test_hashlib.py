"""hashlib without OpenSSL, as Pyodide has it: compared with what OpenSSL computes."""

import hashlib
from types import ModuleType
from typing import Any

import pytest

from tabcorn.server.adaptations import hashlib as adaptation


@pytest.mark.parametrize("name", ["sha256", "sha1", "sha512"])
@pytest.mark.parametrize("length", [None, 1, 20, 100])
def test_pbkdf2(name: str, length: int | None) -> None:
    ours = adaptation.pbkdf2_hmac(name, b"password", b"salt", 3, length)
    assert ours == hashlib.pbkdf2_hmac(name, b"password", b"salt", 3, length)


def test_what_hashlib_refuses() -> None:
    with pytest.raises(ValueError, match="greater than 0"):
        adaptation.pbkdf2_hmac("sha256", b"", b"", 0)
    with pytest.raises(ValueError, match="nsupported"):
        adaptation.pbkdf2_hmac("no such hash", b"", b"", 1)
    with pytest.raises(ValueError, match="power of 2"):
        adaptation.scrypt(b"", salt=b"", n=3, r=1, p=1)
    with pytest.raises(ValueError, match="memory limit"):
        adaptation.scrypt(b"", salt=b"", n=2**20, r=8, p=1)


class Recorded:
    """Stands for JavaScript."""

    def pbkdf2(self, *args: Any) -> bytes:
        return repr(args).encode()

    scrypt = pbkdf2


def test_javascript_computes_what_it_can(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(adaptation, "fast", Recorded())
    pbkdf2, scrypt = adaptation.pbkdf2_hmac, adaptation.scrypt
    assert pbkdf2("sha256", b"p", bytearray(b"s"), 9) == b"(b'p', b's', 9, 32)"
    assert pbkdf2("sha1", b"p", b"s", 9) == hashlib.pbkdf2_hmac("sha1", b"p", b"s", 9)
    assert scrypt(b"p", salt=b"s", n=4, r=2, p=1) == b"(b'p', b's', 4, 2, 1, 64)"


def test_nothing_that_is_there_is_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(adaptation, "fast", Recorded())
    module = ModuleType("hashlib")
    module.scrypt = "its own"  # type: ignore[attr-defined]
    adaptation.add_password_hashes(module)
    assert (module.scrypt, module.pbkdf2_hmac) == ("its own", adaptation.pbkdf2_hmac)
