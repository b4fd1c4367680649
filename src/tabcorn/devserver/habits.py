"""What static hosts are known to do, each habit with a name that `preview --imitate` takes.

Runs on CPython. A built site has to survive all of them; tests put it before each.
"""

from enum import Enum


class Habit(Enum):
    """One thing that some static hosts do."""

    GITHUB_PAGES = "github-pages"
    SPA = "spa"
    OCTET_STREAM = "octet-stream"
    NO_404 = "no-404"
    REDIRECT_INDEX = "redirect-index"
    CLEAN_URLS = "clean-urls"
    DECODE_GZ = "decode-gz"
    LIMIT_25_MIB = "limit-25-mib"


DESCRIPTIONS = {
    Habit.GITHUB_PAGES: "drop folders beginning with '_' unless there is a .nojekyll; "
    "let everything be cached for ten minutes",
    Habit.SPA: "answer index.html with status 200 for what is missing",
    Habit.OCTET_STREAM: "give .mjs and .wasm as application/octet-stream",
    Habit.NO_404: "answer a page of the host's own for what is missing",
    Habit.REDIRECT_INDEX: "redirect /index.html to /",
    Habit.CLEAN_URLS: "redirect /page.html to /page",
    Habit.DECODE_GZ: "give files named .gz with Content-Encoding: gzip",
    Habit.LIMIT_25_MIB: "refuse files over 25 MiB",
}
