"""Several processes that serve the application on one listening socket, so that every core handles requests.

A worker finishes its requests and ends when its standard input closes: on our request, or because we died.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from local.engine import ROOT
from local.place import log_to

FINISH_SECONDS = 30  # time limit for running requests when the server stops
THREADS = 4  # of each process: more would only wait for the interpreter's lock


class Workers:
    """`with Workers(port, count, log) as workers:` serves `workers.port` with this process's environment.

    `log`: the file to which the workers append. `running`: a file that exists once the run is ready, if any. Raises
    OSError (EADDRINUSE) for a port that is taken.
    """

    def __init__(self, port: int, count: int, log: Path, running: Path | None = None) -> None:
        from local import server

        self._socket: socket.socket = server.listen(port)
        self.port: int = self._socket.getsockname()[1]
        self._count = count
        self._log = log
        self._running = running
        self.processes: list[subprocess.Popen[bytes]] = []

    def __enter__(self) -> Self:
        fd = self._socket.fileno()
        for _ in range(self._count):
            command = [sys.executable, "-m", "local.workers", str(fd), str(self._log)]
            command += [str(self._running)] if self._running else []
            self.processes.append(
                subprocess.Popen(command, cwd=ROOT, env=os.environ, stdin=subprocess.PIPE, pass_fds=[fd])
            )
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self._socket.close()
        for process in self.processes:
            if process.stdin:
                process.stdin.close()
        for process in self.processes:
            with suppress(subprocess.TimeoutExpired):
                process.wait(FINISH_SECONDS + 5)
            process.kill()
            process.wait()


def main(arguments: list[str]) -> None:
    """Run one worker: `python -m local.workers FD LOG [RUNNING]`."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches every process; the parent stops the workers
    log_to(Path(arguments[1]), mode="a")  # before the application configures its own log
    from app import app
    from local import server

    ready = Path(arguments[2]).exists if len(arguments) > 2 else lambda: True
    made = server.create(app, socket.socket(fileno=int(arguments[0])), threads=THREADS, ready=ready)
    threading.Thread(target=made.run, name="server", daemon=True).start()
    sys.stdin.buffer.read()
    made.task_dispatcher.shutdown(cancel_pending=False, timeout=FINISH_SECONDS)


if __name__ == "__main__":
    main(sys.argv[1:])
