"""httpx: its transports ask the browser. (httpx2 has transports of its own for the browser.)

Runs in Pyodide.
"""

from collections.abc import AsyncIterator, Iterator
from types import ModuleType
from typing import Any

from tabcorn.server import outside
from tabcorn.server.adaptations.model import Adaptation


def go_through_the_browser(module: ModuleType) -> None:
    """Replace what the two transports do; their options are the browser's business."""

    def handle_request(self: Any, request: Any) -> Any:  # noqa: ARG001
        body = b"".join(request.stream)
        with _translated(request, module.ConnectError, module.ReadTimeout):
            reply = outside.request(*_asked(request, body))
        return _response(module, reply, _stream(module, reply, request))

    async def handle_async_request(self: Any, request: Any) -> Any:  # noqa: ARG001
        body = b"".join([part async for part in request.stream])
        with _translated(request, module.ConnectError, module.ReadTimeout):
            reply = await outside.request_async(*_asked(request, body))
        return _response(module, reply, _async_stream(module, reply, request))

    module.HTTPTransport.__init__ = _take_no_options
    module.HTTPTransport.__enter__ = _the_same
    module.HTTPTransport.__exit__ = module.HTTPTransport.close = _nothing
    module.HTTPTransport.handle_request = handle_request
    module.AsyncHTTPTransport.__init__ = _take_no_options
    module.AsyncHTTPTransport.__aenter__ = _the_same_async
    module.AsyncHTTPTransport.__aexit__ = module.AsyncHTTPTransport.aclose = _nothing_async
    module.AsyncHTTPTransport.handle_async_request = handle_async_request


def _take_no_options(self: Any, *args: Any, **options: Any) -> None:
    del self, args, options


def _the_same(self: Any) -> Any:
    return self


async def _the_same_async(self: Any) -> Any:
    return self


def _nothing(*args: Any) -> None:
    del args


async def _nothing_async(*args: Any) -> None:
    del args


def _asked(request: Any, body: bytes) -> tuple[Any, ...]:
    timeout = request.extensions.get("timeout", {}).get("read")
    return request.method, str(request.url), request.headers.multi_items(), body, timeout


class _translated:
    """Raise httpx's errors for ours."""

    def __init__(self, request: Any, failed: Any, late: Any) -> None:
        self._request, self._failed, self._late = request, failed, late

    def __enter__(self) -> None:
        """Nothing to prepare."""

    def __exit__(self, kind: Any, exc: Any, traceback: Any) -> None:
        if isinstance(exc, TimeoutError):
            raise self._late(str(exc), request=self._request) from exc
        if isinstance(exc, OSError):
            raise self._failed(str(exc), request=self._request) from exc


def _response(module: ModuleType, reply: outside.Reply, stream: Any) -> Any:
    headers = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in reply.headers]
    said = {"http_version": b"HTTP/1.1", "reason_phrase": reply.reason.encode("latin-1")}
    return module.Response(reply.status, headers=headers, stream=stream, extensions=said)


def _stream(module: ModuleType, reply: outside.Reply, request: Any) -> Any:
    class Stream(module.SyncByteStream):  # type: ignore[misc,name-defined]
        def __iter__(self) -> Iterator[bytes]:
            with _translated(request, module.ReadError, module.ReadTimeout):
                while chunk := reply.read():
                    yield chunk

        def close(self) -> None:
            reply.close()

    return Stream()


def _async_stream(module: ModuleType, reply: outside.Reply, request: Any) -> Any:
    class Stream(module.AsyncByteStream):  # type: ignore[misc,name-defined]
        async def __aiter__(self) -> AsyncIterator[bytes]:
            with _translated(request, module.ReadError, module.ReadTimeout):
                while chunk := await reply.read_async():
                    yield chunk

        async def aclose(self) -> None:
            reply.close()

    return Stream()


ADAPTATIONS = (
    Adaptation(
        package="httpx",
        versions=">=0.24,<0.29",
        module="httpx._transports.default",
        reason="opens sockets",
        apply=go_through_the_browser,
    ),
)
