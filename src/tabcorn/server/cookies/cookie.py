"""A cookie as the jar keeps it, made from a Set-Cookie header (RFC 6265bis, 5.7, steps 5 to 22).

Runs in Pyodide and under pytest. Each step that refuses a cookie is a line of `_REFUSALS`.
"""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any, Self

from tabcorn.server.cookies.context import Context
from tabcorn.server.cookies.matching import default_path, domain_matches, is_public_suffix
from tabcorn.server.cookies.parsing import SetCookie

Key = tuple[str, str, bool, str]  # name, domain, host-only, path: no two cookies share it


@dataclass
class Cookie:
    """The fields of RFC 6265bis, 5.7; times are seconds since the epoch."""

    name: str
    value: str
    domain: str
    host_only: bool
    path: str
    expires: float | None  # None: until the session ends
    created: float
    accessed: float
    secure: bool
    http_only: bool
    same_site: str  # "none", "lax", "strict" or "default"

    @property
    def key(self) -> Key:
        return self.name, self.domain, self.host_only, self.path

    def expired(self, now: float) -> bool:
        return self.expires is not None and self.expires <= now

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_dict(cls, fields: Any) -> Self | None:
        """Take back what `to_dict` gave; None for what is no cookie, whatever has become of it."""
        try:
            cookie = cls(**fields)
            sum((cookie.created, cookie.accessed, cookie.expires or 0.0))
            "".join((*cookie.key[:2], cookie.path, cookie.value, cookie.same_site)).encode(
                "latin-1"
            )
        except (TypeError, UnicodeEncodeError):
            return None
        return cookie


@dataclass(frozen=True)
class Source:
    """Where a cookie comes from: the jar's host, and the request or script."""

    host: str
    secure: bool
    context: Context


def make_cookie(given: SetCookie, source: Source, created: float) -> Cookie | None:
    """Make the cookie that was given, or None when it is to be ignored."""
    attributes = given.attributes
    domain, named = _domain(attributes.domain, source.host)
    if domain is None:
        return None
    cookie = Cookie(
        name=given.name,
        value=given.value,
        domain=domain,
        host_only=not named,
        path=attributes.path or default_path(source.context.path),
        expires=attributes.expiry,
        created=created,
        accessed=created,
        secure=attributes.secure,
        http_only=attributes.http_only,
        same_site=attributes.same_site,
    )
    refused = any(refuses(cookie, given, source) for refuses in _REFUSALS)
    return None if refused else cookie


def _domain(attribute: str, host: str) -> tuple[str | None, bool]:
    """Return the cookie's domain and whether its Domain attribute named it; steps 8 to 10."""
    if not attribute.isascii():
        return None, True
    if not attribute or (attribute == host and is_public_suffix(attribute)):
        return host, False
    if is_public_suffix(attribute) or not domain_matches(host, attribute):
        return None, True
    return attribute, True


def _starts(text: str, *prefixes: str) -> bool:
    return text.lower().startswith(prefixes)


def _is_empty(cookie: Cookie, _given: SetCookie, _source: Source) -> bool:
    return not cookie.name and not cookie.value


def _is_insecurely_sent(cookie: Cookie, _given: SetCookie, source: Source) -> bool:
    return cookie.secure and not source.secure


def _is_hidden_from_its_script(cookie: Cookie, _given: SetCookie, source: Source) -> bool:
    return cookie.http_only and not source.context.http


def _is_from_another_site(cookie: Cookie, _given: SetCookie, source: Source) -> bool:
    context = source.context
    return cookie.same_site != "none" and not (context.same_site or context.top_level)


def _is_cross_site_but_insecure(cookie: Cookie, _given: SetCookie, _source: Source) -> bool:
    return cookie.same_site == "none" and not cookie.secure


def _is_partitioned_but_insecure(cookie: Cookie, given: SetCookie, _source: Source) -> bool:
    return given.attributes.partitioned and not cookie.secure


def _breaks_secure_prefix(cookie: Cookie, _given: SetCookie, _source: Source) -> bool:
    return _starts(cookie.name, "__secure-") and not cookie.secure


def _breaks_host_prefix(cookie: Cookie, given: SetCookie, _source: Source) -> bool:
    kept = cookie.secure and cookie.host_only and cookie.path == "/"
    return _starts(cookie.name, "__host-") and not (kept and given.attributes.path is not None)


def _breaks_http_prefix(cookie: Cookie, _given: SetCookie, _source: Source) -> bool:
    kept = cookie.secure and cookie.http_only
    return _starts(cookie.name, "__http-", "__host-http-") and not kept


def _hides_prefix_in_value(cookie: Cookie, _given: SetCookie, _source: Source) -> bool:
    return not cookie.name and _starts(cookie.value, "__secure-", "__host-", "__http-")


_REFUSALS: tuple[Callable[[Cookie, SetCookie, Source], bool], ...] = (
    _is_empty,  # step 2
    _is_insecurely_sent,  # 13
    _is_hidden_from_its_script,  # 15
    _is_from_another_site,  # 18
    _is_cross_site_but_insecure,  # 19
    _is_partitioned_but_insecure,  # CHIPS; Chromium and Firefox refuse it
    _breaks_secure_prefix,  # 20
    _breaks_host_prefix,  # 21
    _breaks_http_prefix,  # layered cookies, "Store a Cookie"
    _hides_prefix_in_value,  # 22
)
