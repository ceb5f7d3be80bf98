"""The one source of chance: the same part of the city always gets the same numbers."""

from random import Random

SEED = "zhiyang-2026"


def dice(*part: object) -> Random:
    """Return a generator of its own for one part, so that a change in one leaves the others."""
    return Random("/".join(map(str, (SEED, *part))))
