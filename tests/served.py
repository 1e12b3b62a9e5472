"""Whole service over HTTP on the local engine, as `make run` serves it, without example data: for load and figures."""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Mapping
from contextlib import ExitStack
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from process import Process

from chalicelib.adapters.aws.register import DynamoRegister
from chalicelib.platform.config import from_env
from chalicelib.platform.deps import PermitRegister
from local import people, setup, token
from local.engine import CREDENTIALS, Engine
from local.place import Place
from local.workers import Workers


class StageOffice(Process):
    """Container of a stage on the engine, for tests/life.py. `now` is the clock, the register has no restore lock."""

    @cached_property
    def register(self) -> PermitRegister:  # type: ignore[override]  # without the restore lock, whose rows tests write too
        return DynamoRegister(self.config.table, region=self.config.region, endpoint=self.config.endpoint)

    @property
    def now(self) -> int:
        return self.clock()


class Served:
    """`with Served(workers=2) as served:` engine, stage, and so many processes on `served.port`."""

    def __init__(self, *, workers: int = 2) -> None:
        self._workers = workers
        self._tokens: dict[tuple[str, str], str] = {}

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            self.folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="tamga-served-")))
            self._before = dict(os.environ)
            stack.callback(self._restore)
            os.environ.update(CREDENTIALS)
            self.engine = Engine(self.folder / "engine").start()
            stack.callback(self.engine.kill)
            self.ready = setup.prepare(Place(self.folder), self.engine)
            os.environ.update(self.ready.env)
            self.office = StageOffice(from_env(self.ready.env))
            self.workers = stack.enter_context(Workers(0, self._workers, self.folder / "service.log"))
            self.port = self.workers.port
            self._stack = stack.pop_all()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self._stack.close()

    def _restore(self) -> None:
        os.environ.clear()
        os.environ.update(self._before)

    @property
    def pids(self) -> Mapping[str, list[int]]:
        """Process ids whose processor time counts: `service` and `engine`."""
        return {"service": [each.pid for each in self.workers.processes], "engine": [self.engine.pid or 0]}

    def engine_memory(self) -> int:
        """Bytes of memory of the engine."""
        status = Path(f"/proc/{self.engine.pid}/status").read_text()
        return int(status.partition("VmRSS:")[2].split()[0]) * 1024

    def token(self, role: str, name: str = "") -> str:
        """An access token of a person in this role, at every post."""
        name = name or people.name_of("", (role,))
        if (name, role) not in self._tokens:
            self._tokens[name, role] = token.token(self.ready.pool, self.ready.table, name, [role])
        return self._tokens[name, role]


def processor_seconds(pids: list[int]) -> float:
    """User and system time of these processes so far: independent of other load on the machine."""
    ticks = 0
    for pid in pids:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split()
        ticks += int(fields[11]) + int(fields[12])  # proc(5): utime, stime
    return ticks / os.sysconf("SC_CLK_TCK")


def machine() -> dict[str, Any]:
    """The machine, load and commit of the figures."""
    model = next((line.partition(": ")[2] for line in Path("/proc/cpuinfo").read_text().splitlines()
                  if line.startswith("model name")), "unknown processor")  # fmt: skip
    load = os.getloadavg()[0]
    commit = subprocess.run(["git", "rev-parse", "--short=12", "HEAD"], capture_output=True, text=True, check=False)
    return {"processor": model, "cores": os.cpu_count(), "load": round(load, 1), "commit": commit.stdout.strip()}
