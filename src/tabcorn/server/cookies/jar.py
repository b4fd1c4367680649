"""The jar: cookies of one origin, kept, replaced, evicted and given out (RFC 6265bis, 5.7, 5.8).

Runs in Pyodide and under pytest. The jar knows one host, so that cookies of no other host can be
in it. Whoever listens is told of every change at once, before anything else can tell of it.
"""

import time
from collections.abc import Callable, Iterable
from heapq import nsmallest
from math import inf

from tabcorn.server.cookies.context import Context
from tabcorn.server.cookies.cookie import Cookie, Key, Source, make_cookie
from tabcorn.server.cookies.matching import domain_matches, is_address, path_matches
from tabcorn.server.cookies.parsing import parse_set_cookie

PER_DOMAIN = 180  # as Chromium; the RFC asks for 50 at least
IN_ALL = 3000
UNSAFE_LAX = 120.0  # seconds that a cookie without SameSite goes with any navigation; 5.6.7.2
TICK = 1e-5  # creation times are told apart, since they decide the order in the header

Changes = dict[Key, Cookie | None]  # None: it is gone


def is_secure(scheme: str, host: str) -> bool:
    """Whether requests to an origin are "secure": by TLS, or to the machine itself."""
    local = host == "localhost" or host.endswith(".localhost") or host == "[::1]"
    return scheme == "https" or local or (is_address(host) and host.startswith("127."))


def _share_hosts(one: str, other: str) -> bool:
    return domain_matches(one, other) or domain_matches(other, one)


class Jar:
    """The cookies of one origin."""

    def __init__(
        self, host: str, secure: bool = True, now: Callable[[], float] = time.time
    ) -> None:
        self._host = host
        self._secure = secure
        self._now = now
        self._cookies: dict[Key, Cookie] = {}
        self._latest = 0.0
        self._first_expiry = inf  # no cookie expires before
        self._listeners: list[Callable[[Changes], None]] = []

    def listen(self, listener: Callable[[Changes], None]) -> None:
        """Have a function called with the changes that one call on this jar made, if any."""
        self._listeners.append(listener)

    def load(self, cookies: Iterable[Cookie]) -> None:
        """Take back what was kept; what is here already is newer."""
        for cookie in sorted(cookies, key=lambda cookie: cookie.created):
            self._latest = max(self._latest, cookie.created)
            if not cookie.expired(self._now()) and cookie.key not in self._cookies:
                self._put(cookie)

    def receive(self, line: str, context: Context) -> None:
        """Receive a Set-Cookie header, or what a script sets."""
        self.receive_all((line,), context)

    def receive_all(self, lines: Iterable[str], context: Context) -> None:
        """Receive several, and tell of them together: an answer may set thousands."""
        changes: Changes = {}
        for line in lines:
            changes |= self._received(line, context)
        self._tell(changes)

    def _received(self, line: str, context: Context) -> Changes:
        now = self._now()
        given = parse_set_cookie(line, now)
        self._latest = max(now, self._latest + TICK)
        source = Source(self._host, self._secure, context)
        cookie = make_cookie(given, source, self._latest) if given else None
        changes = self._expire(now)
        if cookie and not self._overlays_secure(cookie):
            self._insert(cookie, context, changes)
        return changes

    def retrieve(self, context: Context) -> list[Cookie]:
        """Return the cookies that go with a request, or that a script sees, in their order."""
        now = self._now()
        self._tell(self._expire(now))
        found = [cookie for cookie in self._cookies.values() if self._goes(cookie, context, now)]
        for cookie in found:
            cookie.accessed = now
        return sorted(found, key=lambda cookie: (-len(cookie.path), cookie.created))

    def header(self, context: Context) -> str:
        """Return the Cookie header's value; empty when there is none."""
        return "; ".join(
            f"{cookie.name}={cookie.value}" if cookie.name else cookie.value
            for cookie in self.retrieve(context)
        )

    def clear(self) -> None:
        """Forget every cookie, as Clear-Site-Data asks; over an insecure connection it may not."""
        if self._secure:
            self._tell(self._remove(list(self._cookies)))

    def all(self) -> list[Cookie]:
        """Return every cookie that has not expired, longest path first, then oldest."""
        now = self._now()
        kept = [cookie for cookie in self._cookies.values() if not cookie.expired(now)]
        return sorted(kept, key=lambda cookie: (-len(cookie.path), cookie.created))

    def _insert(self, cookie: Cookie, context: Context, changes: Changes) -> None:
        """Steps 23 and 24: at most one cookie of a key, which keeps its place in the order."""
        old = self._cookies.get(cookie.key)
        if old and old.http_only and not context.http:
            return
        if old:
            cookie.created = old.created
        self._put(cookie)
        changes[cookie.key] = cookie
        changes.update(self._expire(self._now()))
        if len(self._cookies) > PER_DOMAIN:
            changes.update(self._evict(cookie.domain))

    def _overlays_secure(self, cookie: Cookie) -> bool:
        """Step 16: over an insecure connection, secure cookies are left alone."""
        if cookie.secure or self._secure:
            return False
        return any(
            old.secure
            and old.name == cookie.name
            and _share_hosts(old.domain, cookie.domain)
            and path_matches(cookie.path, old.path)
            for old in self._cookies.values()
        )

    def _goes(self, cookie: Cookie, context: Context, now: float) -> bool:
        """5.8.3, step 3; the host matches, since no other cookie could be set."""
        return (
            path_matches(context.path, cookie.path)
            and (self._secure or not cookie.secure)
            and (context.http or not cookie.http_only)
            and (context.same_site or self._goes_across(cookie, context, now))
        )

    @staticmethod
    def _goes_across(cookie: Cookie, context: Context, now: float) -> bool:
        if cookie.same_site in ("none", "strict"):
            return cookie.same_site == "none"
        fresh = cookie.same_site == "default" and now - cookie.created <= UNSAFE_LAX
        return context.http and context.top_level and (context.safe or fresh)

    def _expire(self, now: float) -> Changes:
        if now < self._first_expiry:
            return {}
        changes = self._remove(
            [key for key, cookie in self._cookies.items() if cookie.expired(now)]
        )
        expiries = (cookie.expires for cookie in self._cookies.values())
        self._first_expiry = min((at for at in expiries if at is not None), default=inf)
        return changes

    def _put(self, cookie: Cookie) -> None:
        self._cookies[cookie.key] = cookie
        self._first_expiry = min(
            self._first_expiry, inf if cookie.expires is None else cookie.expires
        )

    def _evict(self, domain: str) -> Changes:
        """Remove excess cookies: of a domain with too many, insecure ones first; then of all."""
        sharing = [cookie for cookie in self._cookies.values() if cookie.domain == domain]
        gone = self._oldest(sharing, len(sharing) - PER_DOMAIN)
        changes = self._remove([cookie.key for cookie in gone])
        if len(self._cookies) > IN_ALL:
            rest = sorted(self._cookies.values(), key=lambda cookie: cookie.accessed)
            changes |= self._remove([cookie.key for cookie in rest[: len(rest) - IN_ALL]])
        return changes

    @staticmethod
    def _oldest(cookies: list[Cookie], count: int) -> list[Cookie]:
        return nsmallest(count, cookies, key=lambda cookie: (cookie.secure, cookie.accessed))

    def _remove(self, keys: Iterable[Key]) -> Changes:
        for key in keys:
            del self._cookies[key]
        return dict.fromkeys(keys)

    def _tell(self, changes: Changes) -> None:
        if changes:
            for listener in self._listeners:
                listener(changes)
