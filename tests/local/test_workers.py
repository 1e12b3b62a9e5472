"""Worker processes: several serve one address, and all end with their parent."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from generator import Call, Generator
from served import Served

from local import server
from local.engine import ROOT

pytestmark = [pytest.mark.engine, pytest.mark.slow]

PARENT = """
import sys, time
from pathlib import Path
from local.workers import Workers
with Workers(0, 2, Path(sys.argv[1])) as workers:
    print(*(each.pid for each in workers.processes), flush=True)
    time.sleep(60)
"""


def test_both_workers_serve_and_exit_cleanly() -> None:
    with Served(workers=2) as served, Generator(served.port, connections=8) as generator:
        log = served.folder / "service.log"
        answers = generator.send([Call.make("GET", "/v1/health")] * 200)
        assert {answer.status for answer in answers} == {200}
        assert log.read_text().count('"route": "/v1/health"') == 200  # whole lines
        processes = served.workers.processes
    assert [each.returncode for each in processes] == [0, 0]
    server.listen(served.port).close()  # the port is free again


def test_workers_end_when_parent_is_killed(tmp_path: Path) -> None:
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT, str(tmp_path / "log")], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert parent.stdout
    pids = [int(pid) for pid in parent.stdout.readline().split()]
    parent.send_signal(signal.SIGKILL)
    parent.communicate()
    end = time.monotonic() + 60
    while time.monotonic() < end and any(_runs(pid) for pid in pids):
        time.sleep(0.1)
    assert not any(_runs(pid) for pid in pids)


def _runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2][0] != "Z"
