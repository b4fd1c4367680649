"""Hand-made shared libraries for WebAssembly: one function each, and what it needs of others.

They are what the WebAssembly tool conventions call dynamic libraries (DynamicLinking.md): a
`dylink.0` section first, which names the libraries that are needed and where to look for them.
"""

from __future__ import annotations

from collections.abc import Sequence

_MEM_INFO, _NEEDED, _RUNTIME_PATH = 1, 2, 5
_I32, _CALL, _CONST, _ADD, _END = 0x7F, b"\x10", b"\x41", b"\x6a", b"\x0b"


def side_module(
    exports: str, value: int, plus: str = "", needs: Sequence[str] = (), look_in: str = ""
) -> bytes:
    """Make a library with the function `int exports(void)`: `value`, and what `plus()` gives."""
    body = bytes([0]) + _CONST + _signed(value) + (_CALL + _leb(0) + _ADD if plus else b"") + _END
    imports = [_name("env") + _name(plus) + b"\x00" + _leb(0)] if plus else []
    sections = [
        _section(0, _name("dylink.0") + _dylink(needs, look_in)),
        _section(1, _vector([b"\x60" + _vector([]) + _vector([bytes([_I32])])])),
        *([_section(2, _vector(imports))] if imports else []),
        _section(3, _vector([_leb(0)])),
        _section(7, _vector([_name(exports) + b"\x00" + _leb(len(imports))])),
        _section(10, _vector([_leb(len(body)) + body])),
    ]
    return b"\x00asm\x01\x00\x00\x00" + b"".join(sections)


def _dylink(needs: Sequence[str], look_in: str) -> bytes:
    parts = [_section(_MEM_INFO, bytes(4))]
    parts += [_section(_NEEDED, _vector([_name(each) for each in needs]))] if needs else []
    parts += [_section(_RUNTIME_PATH, _vector([_name(look_in)]))] if look_in else []
    return b"".join(parts)


def _section(kind: int, content: bytes) -> bytes:
    return bytes([kind]) + _leb(len(content)) + content


def _vector(items: Sequence[bytes]) -> bytes:
    return _leb(len(items)) + b"".join(items)


def _name(text: str) -> bytes:
    return _leb(len(text)) + text.encode()


def _leb(value: int) -> bytes:
    low, rest = value & 0x7F, value >> 7
    return bytes([low | 0x80]) + _leb(rest) if rest else bytes([low])


def _signed(value: int) -> bytes:
    assert 0 <= value < 64  # one byte, its sign bit clear
    return bytes([value])
