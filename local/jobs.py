"""The scheduled jobs in a thread: due status lists and notices each minute, the others every five minutes.

On AWS a schedule starts them.
"""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Callable
from types import TracebackType
from typing import Self

from chalicelib.composition import functions
from chalicelib.composition.container import Container
from chalicelib.platform import log

EVERY = {
    "publish_due": 60.0,
    "fetch_lists": 300.0,
    "sweep": 300.0,
    "send_notices": 60.0,
}  # seconds, the same as in composition/jobs.py


class Jobs:
    """`with Jobs(deps):` runs the jobs, the first time at once. A failure is logged, and the job runs again when due.

    `deps`: returns the current container.
    """

    def __init__(self, deps: Callable[[], Container]) -> None:
        self._work: dict[str, Callable[[], object]] = {
            "publish_due": lambda: functions.publish_due(deps()),
            "fetch_lists": lambda: functions.fetch_lists(deps()),
            "sweep": lambda: functions.sweep(deps()),
            "send_notices": lambda: functions.send_notices(deps()),
        }
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="jobs", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        """Stop the thread. Wait up to 30 seconds for the job that is running."""
        self._stop.set()
        self._thread.join(timeout=30)

    def _run(self) -> None:
        due = dict.fromkeys(self._work, 0.0)
        while True:
            for name, work in self._work.items():
                if time.monotonic() >= due[name]:
                    due[name] = time.monotonic() + EVERY[name]
                    try:
                        work()
                    except Exception as error:
                        log.fault(error, name, str(uuid.uuid4()))
            if self._stop.wait(max(0.1, min(due.values()) - time.monotonic())):
                return
