"""microburst, a proxy before the local engine in its own process: it returns AWS's failures in AWS's wording."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import time
import urllib.request
from types import TracebackType
from typing import Any, Self

START_SECONDS = 60


class Burst:
    """A running proxy: `with Burst(engine.endpoint) as burst:` listens on `burst.endpoint`.

    `burst.rules(...)` replaces the calls that fail.
    """

    def __init__(self, upstream: str) -> None:
        self._upstream = upstream
        self._process: subprocess.Popen[bytes] | None = None
        self._ids: list[int] = []

    def rules(self, *rules: dict[str, Any]) -> None:
        self._ids = [rule["id"] for rule in self._ask("POST", "rules", list(rules))]

    def fired(self) -> int:
        """Number of calls that met the last of the rules."""
        return len(self._ask("GET", f"fired?rule_id={self._ids[-1]}")) if self._ids else 0

    def _ask(self, method: str, path: str, body: Any = None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.endpoint}/_microburst/{path}", data, method=method)
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.loads(answer.read())

    def __enter__(self) -> Self:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        self.endpoint = f"http://127.0.0.1:{port}"
        self._process = subprocess.Popen(
            [sys.executable, "-m", "microburst", "--upstream", self._upstream, "--port", str(port), "--no-resign"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        end = time.monotonic() + START_SECONDS
        while True:
            try:
                assert self._ask("GET", "health")["upstream"].rstrip("/") == self._upstream
                return self
            except OSError:
                assert self._process.poll() is None
                assert time.monotonic() < end
                time.sleep(0.1)

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        assert self._process
        self._process.terminate()
        self._process.wait(20)


PASS = {"latency": 1}  # a rule that lets a call through, a millisecond late
