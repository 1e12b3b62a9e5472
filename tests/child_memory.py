"""How much memory a child process took, where this process is larger than a child may be."""

from __future__ import annotations

import resource


def within(most: int, before: resource.struct_rusage) -> bool:
    """Whether no child since `before` passed `most` bytes.

    The system keeps the largest child so far, and a child begins with the size of who forks it: an xdist worker that
    ran many files is itself larger than any bound.
    """
    told = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    forked = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return told <= max(most // 1024, before.ru_maxrss, forked)
