"""Commands that start with SIGINT ignored, as a shell starts what runs in the background, or with its default."""

from __future__ import annotations

import signal
import sys
from collections.abc import Sequence

_START = """import os, signal, sys
signal.signal(signal.SIGINT, signal.Handlers(int(sys.argv[1])))
os.execv(sys.argv[2], sys.argv[2:])"""


def with_sigint(how: signal.Handlers, command: Sequence[str]) -> list[str]:
    """`command`, its program as a path: its SIGINT is `SIG_DFL` or `SIG_IGN` whatever ours is."""
    return [sys.executable, "-c", _START, str(int(how)), *command]
