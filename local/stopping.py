"""Ctrl-C during long work: stop child processes, remove partial results, print one line instead of a traceback."""

from __future__ import annotations

import shutil
import signal
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
STOPPED_MESSAGE = "Stopped: unfinished files are deleted, and all started processes have ended."


def until_stopped(work: Callable[[], int]) -> int:
    """Return the exit code of `work()`, or after a signal 128 + its number, as shells do (Ctrl-C: 130)."""
    before = {each: signal.signal(each, _unwind) for each in SIGNALS}
    try:
        code = work()
    except KeyboardInterrupt as stopped:
        print(STOPPED_MESSAGE, file=sys.stderr)
        return 128 + int(stopped.args[0])  # signals stay ignored: the process is about to end
    for each, handler in before.items():
        signal.signal(each, handler)
    return code


@contextmanager
def scratch(name: str) -> Iterator[Path]:
    """A temporary folder, removed at the end even if the removal is interrupted."""
    folder = Path(tempfile.mkdtemp(prefix=f"tamga-{name}-"))
    try:
        yield folder
    finally:
        try:
            shutil.rmtree(folder)
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise


def _unwind(number: int, frame: object) -> NoReturn:
    """Handle the first signal: ignore the ones that follow, which must not interrupt the clean-up, and unwind."""
    for each in SIGNALS:
        signal.signal(each, signal.SIG_IGN)
    raise KeyboardInterrupt(number)
