"""What adaptations add, and whether Pyodide without them still lacks it."""

import hashlib
import importlib.util
import threading


def _thread_starts() -> bool:
    try:
        threading.Thread(target=int).start()
    except RuntimeError:
        return False
    return True


LACKING = [
    name
    for name, there in {
        "_multiprocessing": importlib.util.find_spec("_multiprocessing"),
        "hashlib.pbkdf2_hmac": hasattr(hashlib, "pbkdf2_hmac"),
        "hashlib.scrypt": hasattr(hashlib, "scrypt"),
        "threads": _thread_starts(),
    }.items()
    if not there
]
