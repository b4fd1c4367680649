"""Which cookie belongs to which host and path (RFC 6265bis, 5.1.2 to 5.1.4).

Runs in Pyodide and under pytest. Hosts come from the browser's own URLs: they are canonical.
"""

import re

_IPV4 = re.compile(r"[0-9]{1,3}(\.[0-9]{1,3}){3}")


def is_address(host: str) -> bool:
    """Tell an IP address from a name, as a URL's host writes them."""
    return host.startswith("[") or _IPV4.fullmatch(host) is not None


def domain_matches(host: str, domain: str) -> bool:
    """Whether a host lies in a domain."""
    return host == domain or (host.endswith(f".{domain}") and not is_address(host))


def is_public_suffix(domain: str) -> bool:
    """Whether nobody may set cookies for all of a domain.

    By the default rule of the Public Suffix List's algorithm, "*": a single label is a suffix, so
    `localhost` and `org` are. The list itself is not here: a jar holds the cookies of one origin
    only, and none of another host could ever be sent to it. An address counts as one too: what
    names it in Domain is a cookie of that host alone, as in browsers.
    """
    return "." not in domain or is_address(domain)


def default_path(path: str) -> str:
    """Return the path of a cookie that names none: the request's folder."""
    if not path.startswith("/") or path.count("/") == 1:
        return "/"
    return path.rpartition("/")[0]


def path_matches(path: str, cookie_path: str) -> bool:
    """Whether a request's path lies at or below a cookie's."""
    if not path.startswith(cookie_path):
        return False
    rest = path[len(cookie_path) :]
    return rest == "" or cookie_path.endswith("/") or rest.startswith("/")
