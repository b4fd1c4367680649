"""Every change made to somebody else's package, in one place. None is made yet."""


def install() -> None:
    """Apply each adaptation when its package is imported."""
