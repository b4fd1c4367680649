"""The cookie jar: what a browser would keep of an app's cookies, and send back.

Runs in Pyodide and under pytest. The rules are RFC 6265bis (draft-ietf-httpbis-rfc6265bis, 5.1 to
5.8) with the prefixes of draft-ietf-httpbis-layered-cookies. No library does: `http.cookiejar` is
made for RFC 2965 and knows neither SameSite nor prefixes, and the jars of HTTP clients build on it:
docs/server-behavior.md names those that were considered.

All text here holds octets, one character each (Latin-1), as headers do in this server.
"""

from tabcorn.server.cookies.context import Context, request_context, script_context
from tabcorn.server.cookies.exchange import CookieExchange
from tabcorn.server.cookies.jar import Jar

__all__ = ["Context", "CookieExchange", "Jar", "request_context", "script_context"]
