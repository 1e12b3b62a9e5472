"""Memory used by a child process, where this process is larger than the limit of a child."""

from __future__ import annotations

import resource


def within(most: int, before: resource.struct_rusage) -> bool:
    """True if no child since `before` exceeded `most` bytes.

    The system keeps the size of the largest child so far, and a child begins with the size of its parent. An xdist
    worker that ran many files is itself larger than any limit.
    """
    told = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    forked = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return told <= max(most // 1024, before.ru_maxrss, forked)
