"""What adaptations add, and whether Pyodide without them still lacks it."""

import hashlib
import importlib.util
import socket
import threading


def _thread_starts() -> bool:
    try:
        threading.Thread(target=int).start()
    except RuntimeError:
        return False
    return True


def _socket_connects() -> bool:
    """Say whether a connection to a closed port ends as on a machine."""
    try:
        socket.create_connection(("127.0.0.1", 1), 1)
    except ConnectionRefusedError:
        return True
    except OSError:
        return False
    return True


LACKING = [
    name
    for name, there in {
        "_multiprocessing": importlib.util.find_spec("_multiprocessing"),
        "hashlib.pbkdf2_hmac": hasattr(hashlib, "pbkdf2_hmac"),
        "hashlib.scrypt": hasattr(hashlib, "scrypt"),
        "sockets": _socket_connects(),
        "threads": _thread_starts(),
    }.items()
    if not there
]
