"""What the app is told when it sends to a page that has left, and how that is known again later.

ASGI 2.4 asks for a server's own subclass of OSError. Frameworks wrap it in their own exceptions
and in exception groups, so that it is looked for in everything an exception hangs together with.
"""

import asyncio


class ClientDisconnected(OSError):
    """The page left, navigated away or aborted before the response was complete."""


def caused_by_disconnect(exc: BaseException) -> bool:
    """Tell whether an app ended only because its page left: no fault of the app's."""
    seen: set[int] = set()
    pending: list[BaseException | None] = [exc]
    while pending:
        current = pending.pop()
        if current is None or id(current) in seen:
            continue
        seen.add(id(current))
        if isinstance(current, (ClientDisconnected, asyncio.CancelledError)):
            return True
        pending += [current.__cause__, current.__context__]
        if isinstance(current, BaseExceptionGroup):
            pending += current.exceptions
    return False
