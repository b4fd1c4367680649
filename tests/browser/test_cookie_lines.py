"""Set-Cookie lines and `document.cookie` writes in the tab and in the browser's own jar.

Where an engine's jar differs from RFC 6265bis (draft 22), the lines that show it are listed with
the step that decides; on all other lines the two must agree.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

import pytest

from tests.browser.known import COOKIES

if TYPE_CHECKING:
    from tests.browser.engines import Engine
    from tests.browser.hosts import Host
    from tests.browser.sites import App
    from tests.browser.tab import Tab

PAST = "Thu, 01 Jan 1970 00:00:00 GMT"
FUTURE = "Thu, 01 Jan 2099 00:00:00 GMT"


class Group(NamedTuple):
    """Lines in which some engines differ from the RFC, and we do not."""

    step: str
    engines: str
    lines: tuple[str, ...]


BOTH = "chromium firefox"
DIFFERENT = (
    Group(
        "5.6.1, 2: a date that cannot be read is ignored, and not the one before it",
        BOTH,
        (f"a=b; expires={PAST}; expires=never",),
    ),
    Group(
        "5.6.2, 2 to 4: a Max-Age with anything but digits is ignored, and not the one before it",
        BOTH,
        ("a=b; max-age=0; max-age=x",),
    ),
    Group(
        "5.6.2, 1 to 4: what follows `-` must be digits",
        "firefox",
        ("a=b; max-age=-", "a=b; max-age=--1", "a=b; max-age=-1x"),
    ),
    Group(
        "5.1.1, 2: tokens may come in any order, and what follows their digits is passed over",
        BOTH,
        ("a=b; expires=10:18:14 2021 june 9th", "a=b; expires=9th Jun 2021 10:18:14"),
    ),
    Group(
        "5.1.1, 2.1: anything that is no digit may follow the digits of a time",
        "chromium",
        ("a=b; expires=9 Jun 2021 10:18:14pm",),
    ),
    Group(
        "5.1.1, 5: a year before 1601, and one of five digits, is none",
        BOTH,
        ("a=b; expires=31 Dec 1600 23:59:59", "a=b; expires=9 Jun 02021 10:18:14"),
    ),
    Group(
        "5.1.1, 2.4: a year has two digits at least; 3: one of three is before 1601",
        "chromium",
        ("a=b; expires=9 Jun 2 10:18:14", "a=b; expires=9 Jun 100 00:00:00"),
    ),
    Group(
        "5.1.1, 5 and 6: no such time or day, or none at all: ignored",
        "firefox",
        (
            "a=b; expires=9 Jun 2021",
            "a=b; expires=0 Jun 2021 10:18:14",
            "a=b; expires=31 Jun 2021 10:18:14",
            "a=b; expires=9 Jun 2021 24:00:00",
            "a=b; expires=9 Jun 2021 23:59:60",
            "a=b; expires=9 Jun 2021 10:18",
            "a=b; expires=9 Jun 2021 10:18:144",
        ),
    ),
    Group("5.6.3, 1 and 5.7, 10: `.` leaves no domain", BOTH, ("a=b; domain=.",)),
    Group(
        "5.6, 1: a tab is no control character here",
        "chromium",
        ("a=b\tc", "a b=b\tc", "a=b; expires=9\tJun/2033,10:18:14"),
    ),
    Group("5.6, 4: only the first `=` divides", BOTH, ("=b=c", "==b")),
    Group("5.6, 4: a name may be empty", "firefox", ("b", "=b", "= b ", '="b"', "=ü", "=b,c")),
    Group(
        "5.7, 9: localhost names itself, and so no domain",
        "chromium",
        ("__Host-a=b; secure; path=/; domain=localhost",),
    ),
    Group("5.7, 22: a nameless value must not begin so", "firefox", ("__Secure-a; secure",)),
)
SAME = (
    *(
        "a=b",
        " \ta \t=\t b ",
        "a=b c",
        'a="b;c"',
        "a==b",
        "a=",
        "",
        "=",
        ";",
        "a=b, c=d",
        "a=%3B%00",
    ),
    *("ü=€", "a=😀", "[a]=b", 'a"=b', "a\t=b", "a=b;;;", "a=b; unknown=c", "a=b; =secure"),
    *("a=b\x01", "a=b\x7f", "a\x1f=b", "a=b; path=/\x01"),
    *("a=" + "x" * 4095, "a=" + "x" * 4096, "ü" * 2048 + "=x", "a=b; path=/" + "x" * 1024),
    *("a=b; secure", "a=b; SECURE=no", "a=b; httponly", "a=b; httponly=0; path=/"),
    *("a=b; path=/", "a=b; Path = /folder ", "a=b; path=/folder/pag", "a=b; path=/Folder"),
    *(
        "a=b; path=/folder/",
        "a=b; path=folder",
        "a=b; path=/x; path",
        'a=b; path="/"',
        "a=b; path=/ü",
    ),
    *("a=b; domain=LOCALHOST", "a=b; domain=.localhost", "a=b; domain=..localhost", "a=b; domain="),
    *("a=b; domain=localhost.", "a=b; domain=x.localhost", "a=b; domain=localhost:80"),
    *("a=b; domain=other.org; domain=localhost", "a=b; domain=localhost; domain=other.org"),
    *(
        "a=b; max-age=0",
        "a=b; max-age=-1",
        "a=b; max-age=1000",
        "a=b; max-age=",
        "a=b; max-age=0x5",
    ),
    *(
        'a=b; max-age="0"',
        "a=b; max-age=-0",
        "a=b; max-age=5.5",
        "a=b; max-age=99999999999999999999",
    ),
    *(f"a=b; expires={PAST}", f"a=b; expires={FUTURE}", "a=b; expires=0", "a=b; expires=never"),
    *(f"a=b; expires={PAST}; max-age=5", f"a=b; max-age=0; expires={FUTURE}"),
    *(
        f'a=b; expires="{PAST}"',
        "a=b; expires=9;Jun(2021)10:18:14",
        "a=b; expires=9 jUNe 2021 1:2:3",
    ),
    *(
        "a=b; samesite=strict",
        "a=b; samesite=none",
        "a=b; samesite=none; secure",
        "a=b; samesite=x",
    ),
    *("__Secure-a=b", "__Secure-a=b; secure", "__Host-a=b; secure", "__Host-a=b; secure; path=/"),
    *("__hOsT-a=b; path=/", "=__Host-a; secure; path=/", "__Http-a=b; secure", "__Secure=b"),
    *("__Http-a=b; secure; httponly", "__Host-Http-a=b; secure; path=/; httponly"),
)

# Each line alone: what a script then sees, and what a request carries.
SEEN = """
    const octets = (line) => String.fromCharCode(...new TextEncoder().encode(line));
    const ways = {
        script: (line) => (document.cookie = line),
        server: (line) =>
            fetch('/folder/lines', { method: 'POST', body: JSON.stringify([octets(line)]) }),
    };
    const forget = async () => {
        for (const pair of document.cookie.split('; '))
            for (const path of ['/', '/folder', '/folder/page'])
                document.cookie = `${pair.split('=')[0]}=x; max-age=0; secure; path=${path}`;
        if (document.cookie) await fetch('/folder/forget');  // what has no name of its own
    };
    const seen = {};
    await fetch('/folder/clear');
    for (const line of args[0]) {
        await ways[args[1]](line);
        seen[line] = [document.cookie];
        if (/httponly/.test(line)) {
            seen[line].push((await (await fetch('/folder/sent')).json()).join('|'));
            await fetch('/folder/clear');
        }
        if (document.cookie) await forget();
    }
    return [seen, document.cookie];
"""


@pytest.mark.parametrize("way", ["script", "server"])
def test_lines_have_the_outcome_that_they_have_in_the_browsers_own_jar(
    tab: Tab,
    engine: Engine,
    visit: Callable[[App], Host],
    under_uvicorn: Callable[[App], str],
    way: str,
) -> None:
    if engine.name == "webkit":
        pytest.skip(
            "WebKitGTK's jar is not Safari's, and keeps no Secure cookie for http://localhost"
        )
    listed = {line for group in DIFFERENT for line in group.lines}
    expected = {line for group in DIFFERENT if engine.name in group.engines for line in group.lines}
    # h11 sends no header with these, nor with white space at its ends.
    sendable = [line for line in (*SAME, *sorted(listed)) if way == "script" or is_header(line)]
    tab.load(under_uvicorn(COOKIES) + "folder/page?page")
    try:
        native, left = tab.run(SEEN, sendable, way)
    finally:  # real ones, which every server on this host would get
        tab.driver.delete_all_cookies()
    assert left == ""
    ours, _ = tab.open(visit(COOKIES).url + "folder/page?page").run_in_frame(SEEN, sendable, way)
    different = {line: (native[line], ours[line]) for line in native if native[line] != ours[line]}
    unexpected = {line: seen for line, seen in different.items() if line not in expected}
    assert not unexpected
    assert expected.intersection(sendable) == different.keys()


def is_header(line: str) -> bool:
    return line == line.strip() and not any(
        character < " " for character in line.replace("\t", " ")
    )
