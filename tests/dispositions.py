"""Commands started with SIGINT ignored, as a shell starts background processes, or with its default."""

from __future__ import annotations

import signal
import sys
from collections.abc import Sequence

_START = """import os, signal, sys
signal.signal(signal.SIGINT, signal.Handlers(int(sys.argv[1])))
os.execv(sys.argv[2], sys.argv[2:])"""


def with_sigint(how: signal.Handlers, command: Sequence[str]) -> list[str]:
    """`command` (its program as a path) with SIGINT set to `SIG_DFL` or `SIG_IGN`, independent of this process."""
    return [sys.executable, "-c", _START, str(int(how)), *command]
