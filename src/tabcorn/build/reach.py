"""Whether files of Pyodide's distribution can be had now, found out by fetching them.

Runs on CPython at build time.
"""

from __future__ import annotations

from collections.abc import Sequence

from tabcorn.build.cache import Cache
from tabcorn.build.distribution import Distribution, Offer
from tabcorn.build.fetch import fetch
from tabcorn.build.origins import remote_of
from tabcorn.build.progress import Progress
from tabcorn.build.select import Choice
from tabcorn.errors import UnreachableError


def why_out_of_reach(
    distribution: Distribution, offers: Sequence[Offer], cache: Cache, progress: Progress
) -> str:
    """Fetch packages into the cache; say why that is not possible, or nothing.

    A file that comes and is the wrong one is an error all the same. Raises DownloadError.
    """
    choices = [
        Choice(each.name, each.version, distribution.wheel(each), "pyodide") for each in offers
    ]
    try:
        fetch([remote_of(each, distribution.root, {}) for each in choices], cache, progress, 1)
    except UnreachableError as error:
        return str(error).partition("\n")[0].rstrip(".")
    return ""
