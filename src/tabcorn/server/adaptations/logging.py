"""logging: records for a queue's listener are handled when they are logged, without a thread.

Runs in Pyodide. A listener takes records off its queue in a thread, so that slow handlers delay
nobody; here they are handled where they are logged. (Litestar's own logging stands on it.)
"""

from types import ModuleType
from typing import Any

from tabcorn.server.adaptations.model import Adaptation


def listen_inline(module: ModuleType) -> None:
    """Let each listener that is started handle at once what is put into its queue."""
    listeners: dict[int, Any] = {}  # by the queue's identity: a listener keeps its queue
    enqueue = module.QueueHandler.enqueue

    def start(self: Any) -> None:
        if id(self.queue) in listeners:
            raise RuntimeError("Listener already started")
        listeners[id(self.queue)] = self
        while not self.queue.empty():
            self.handle(self.dequeue(block=False))

    def stop(self: Any) -> None:
        listeners.pop(id(self.queue), None)

    def enqueue_or_handle(self: Any, record: Any) -> None:
        listener = listeners.get(id(self.queue))
        if listener:
            listener.handle(record)
        else:
            enqueue(self, record)

    module.QueueListener.start, module.QueueListener.stop = start, stop
    module.QueueHandler.enqueue = enqueue_or_handle


ADAPTATIONS = (
    Adaptation(
        package="logging",
        versions=">=3.11,<3.15",
        module="logging.handlers",
        reason="QueueListener starts a thread",
        apply=listen_inline,
    ),
)
