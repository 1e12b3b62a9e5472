"""Ctrl-C during long work: what runs is stopped, what is half made goes, and there is one line and no traceback."""

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
SAID = "stopped: what was half made is gone, nothing is left running"


def until_stopped(work: Callable[[], int]) -> int:
    """`work()`'s exit code; or that of the signal as shells have it, 128 + its number (Ctrl-C: 130)."""
    before = {each: signal.signal(each, _unwind) for each in SIGNALS}
    try:
        code = work()
    except KeyboardInterrupt as stopped:
        print(SAID, file=sys.stderr)
        return 128 + int(stopped.args[0])  # signals stay ignored until the end, which is near
    for each, handler in before.items():
        signal.signal(each, handler)
    return code


@contextmanager
def scratch(name: str) -> Iterator[Path]:
    """A folder for the time of the work, which goes even if its going is interrupted."""
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
    """The first signal unwinds; those that follow must not interrupt that."""
    for each in SIGNALS:
        signal.signal(each, signal.SIG_IGN)
    raise KeyboardInterrupt(number)
