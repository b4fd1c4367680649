"""Prints in the terminal what the app printed in the tab.

Runs on CPython. A worker's own console is hidden from most people, and this is where a developer
looks. Only the site's own pages may print here.
"""

import json
import sys
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

_MAX_BYTES = 1024 * 1024


async def relay_log(request: Request) -> Response:
    """Answer POST _tabcorn/dev/log: {"stream": "stdout"|"stderr", "text": "..."}."""
    if urlsplit(request.headers.get("origin", "")).netloc != request.headers.get("host"):
        return PlainTextResponse("Only the site's own pages may write to the log.", 403)
    if int(request.headers.get("content-length") or _MAX_BYTES + 1) > _MAX_BYTES:
        return PlainTextResponse("Too long.", 413)
    try:
        entry = json.loads(await request.body())
        stream, text = entry["stream"], str(entry["text"])
    except (ValueError, TypeError, KeyError):
        return PlainTextResponse('Expected {"stream": ..., "text": ...}.', 400)
    output = sys.stdout if stream == "stdout" else sys.stderr
    print(text.removesuffix("\n"), file=output, flush=True)
    return Response(status_code=204)
