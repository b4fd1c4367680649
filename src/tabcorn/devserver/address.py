"""The address a server listens on, taken before the long work that leads up to it.

Runs on CPython.
"""

import errno
import ipaddress
import socket

from tabcorn.errors import ServeError

NOT_LOCAL = (
    "Browsers allow service workers only on https and on localhost: from another machine, "
    "http://{host}:{port} shows the site's failure page. Use an https proxy or an SSH tunnel."
)


def bind(host: str, port: int) -> socket.socket:
    """Take the address without answering on it yet. Raises ServeError."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    sock = socket.socket(family)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        sock.bind((host, port))
        sock.listen()  # on some systems only this finds out that the port is in use
    except (OSError, OverflowError) as error:
        sock.close()
        raise ServeError(_explain(host, port, error)) from error
    return sock


def url_of(sock: socket.socket, path: str = "") -> str:
    """Give the URL that reaches a bound socket."""
    host, port = sock.getsockname()[:2]
    return f"http://{f'[{host}]' if ':' in host else host}:{port}{path}"


def is_local(host: str) -> bool:
    """Tell whether browsers treat http://<host> as a secure origin."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def _explain(host: str, port: int, error: Exception) -> str:
    number = error.errno if isinstance(error, OSError) else None
    if number == errno.EADDRINUSE:
        return (
            f"Port {port} on {host} is in use by another program. "
            "Choose another with --port, or --port 0 for any that is free."
        )
    if number == errno.EACCES:
        return f"Port {port} needs special rights. Choose one above 1023 with --port."
    return f"{host}:{port} cannot be used: {error}. Choose another address with --host and --port."
