import pytest
from hypothesis import given
from hypothesis import strategies as st

from tabcorn.server.headers import HeaderError, flatten, parse

names = st.text("abcdefghijklmnopqrstuvwxyz-_", min_size=1).map(lambda s: f"x-{s}".encode())
values = st.binary().map(
    lambda raw: raw.translate(None, b"\0\n\r\v\f").strip(),
)


@given(st.lists(st.tuples(names, values)))
def test_a_list_of_headers_survives_the_bridge(headers: list[tuple[bytes, bytes]]) -> None:
    assert parse(flatten(headers)[0]) == headers


def test_no_headers_are_an_empty_string() -> None:
    assert parse("") == []
    assert flatten([]) == ("", None)


def test_names_are_lowered_and_duplicates_keep_their_order() -> None:
    headers = [(b"Set-Cookie", b"a=1"), (b"X-One", b""), (b"set-cookie", b"b=2")]
    assert flatten(headers)[0] == "set-cookie\na=1\nx-one\n\nset-cookie\nb=2"


def test_latin_1_values_pass() -> None:
    assert parse(flatten([(b"x", "Zoë".encode("latin-1"))])[0]) == [(b"x", b"Zo\xeb")]


def test_ascii_text_passes_as_it_does_in_h11() -> None:
    assert flatten([("X-Text", "yes")])[0] == "x-text\nyes"  # type: ignore[list-item]


@pytest.mark.parametrize("name", [b"", b"a b", b"a:", b"a\n", b"a\0", b"\xe4", b"(x)"])
def test_names_that_http_does_not_allow(name: bytes) -> None:
    with pytest.raises(HeaderError, match="Illegal header name"):
        flatten([(name, b"")])


@pytest.mark.parametrize("value", [b"a\nb", b"a\r\nx: y", b"a\0", b" a", b"a ", b"a\t", b"\x0b"])
def test_values_that_http_does_not_allow(value: bytes) -> None:
    with pytest.raises(HeaderError, match="Illegal header value"):
        flatten([(b"x", value)])


def test_the_length_is_told() -> None:
    assert flatten([(b"Content-Length", b"12")]) == ("content-length\n12", 12)


def test_equal_lengths_become_one() -> None:
    headers = [(b"content-length", b"5"), (b"x", b"y"), (b"content-length", b"5, 5")]
    assert flatten(headers) == ("content-length\n5\nx\ny", 5)


def test_chunking_is_taken_out_and_overrides_the_length() -> None:
    headers = [(b"content-length", b"5"), (b"transfer-encoding", b"Chunked"), (b"x", b"y")]
    assert flatten(headers) == ("x\ny", None)


@pytest.mark.parametrize(
    ("headers", "words"),
    [
        ([(b"content-length", b"5"), (b"content-length", b"6")], "conflicting Content-Length"),
        ([(b"content-length", b"5, 6")], "conflicting Content-Length"),
        ([(b"content-length", b"-1")], "bad Content-Length"),
        ([(b"content-length", b"\xb2")], "bad Content-Length"),
        ([(b"content-length", b"9" * 21)], "bad Content-Length"),
        ([(b"transfer-encoding", b"gzip")], "Only Transfer-Encoding: chunked is supported"),
        ([(b"transfer-encoding", b"chunked")] * 2, "multiple Transfer-Encoding headers"),
    ],
)
def test_framing_that_contradicts_itself(headers: list[tuple[bytes, bytes]], words: str) -> None:
    with pytest.raises(HeaderError, match=words):
        flatten(headers)
