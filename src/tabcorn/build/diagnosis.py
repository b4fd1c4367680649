"""What to tell of uv's failures to resolve: what happened, uv's own words, and what to do.

Runs on CPython at build time.
"""

from __future__ import annotations

from tabcorn.build import uv
from tabcorn.build.ownlock import own_lock
from tabcorn.build.requirements import Requirements, uv_lock
from tabcorn.build.target import PYTHON_VERSION
from tabcorn.errors import ConflictError, ResolveError

# Where uv looks for a package: an index, or the folders of --find-links.
_PLACES = ("package registry", "provided package locations")

# What uv says of a wheel or a source archive that it cannot read.
_DAMAGED = ("Failed to extract archive", "wheel is invalid", "archive is invalid", "dist-info dir")


_OWN = " The versions of your pylock.toml count as requirements: make it anew if it is out of date."


def failure(outcome: uv.Outcome, requirements: Requirements) -> ResolveError:
    """Make the error of a run of uv that failed."""
    what, remedy, is_conflict = _diagnosis(outcome, requirements)
    message = f"{what} uv says:\n{outcome.explanation()}\n{remedy}"
    return ConflictError(message, outcome.explanation()) if is_conflict else ResolveError(message)


def _diagnosis(outcome: uv.Outcome, requirements: Requirements) -> tuple[str, str, bool]:
    """Sort uv's failures: (what happened, what to do, whether other requirements would help)."""
    text = " ".join(outcome.stderr.split())  # uv breaks lines where the terminal ends
    if outcome.offline:
        return (
            "The app's packages cannot be resolved without network.",
            "Connect, or set HTTPS_PROXY or UV_DEFAULT_INDEX if there is a proxy or a mirror. "
            "Requirements that were built once on this machine also build offline.",
            False,
        )
    if "lockfile" in text and "needs to be updated" in text:
        script = requirements.script
        command = f"`uv lock --script {script}`" if script else f"`uv lock` in {requirements.root}"
        return (
            f"{uv_lock(requirements)} does not match {script or requirements.pyproject} any more.",
            f"Run {command}, then build again.",
            False,
        )
    if any(f"was not found in the {place}" in text for place in _PLACES):
        return (
            "A required package does not exist.",
            "Check how its name is spelled. If it is on a private index, tell uv of that index "
            "(UV_INDEX, or [[tool.uv.index]] in pyproject.toml).",
            True,
        )
    if "No space left on device" in text:
        return "The disk is full.", "Make room for uv's cache and temporary files.", False
    if "Distribution not found at" in text:
        return (
            "A required folder or file is not there.",
            f"Check its path. Where it is relative, it starts at {requirements.root}.",
            False,
        )
    if "did not contain valid UTF-8" in text:
        return "A requirements file cannot be read.", "Save it as UTF-8.", False
    if any(words in text for words in _DAMAGED):
        return (
            "The file of a required package is damaged, or is not what its name says.",
            "Get the file anew from where it was made, or require another version.",
            False,
        )
    if "are unsatisfiable" in text or "are incompatible" in text:
        return (
            f"No set of versions satisfies the app's requirements on Python {PYTHON_VERSION}.",
            "Loosen or remove one of the requirements named there."
            + (_OWN if own_lock(requirements) else ""),
            True,
        )
    return (
        "The app's packages could not be resolved.",
        "Correct the requirement named there, then build again.",
        False,
    )
