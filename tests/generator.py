"""Load generator in its own process: sends requests when they are due, or as fast as responses arrive.

    with Generator(port, connections=16) as generator:
        answers = generator.send([Call.post("/v1/verify", {"qr": text})] * 1000)          # as fast as possible
        answers = generator.send([replace(call, due=i / 60) for i, call in enumerate(calls)])   # 60 a second

A due call is sent even if earlier ones still wait (an open loop), and its time runs from when it was due. A stalled
service therefore counts as slow also for the calls that it delays. `python tests/generator.py` is the other process.
"""

from __future__ import annotations

import asyncio
import json
import math
import pickle
import subprocess
import sys
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

TIMEOUT = 15.0  # seconds that a client waits
NO_ANSWER = 0


@dataclass(frozen=True, slots=True)
class Call:
    """One request, ready to send. `due`: seconds after the start, or None: as soon as a connection is free."""

    raw: bytes
    due: float | None = None

    @classmethod
    def make(cls, method: str, path: str, body: Any = None, *, token: str = "", due: float | None = None) -> Self:
        data = b"" if body is None else json.dumps(body).encode()
        head = f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {len(data)}\r\n"
        head += "Content-Type: application/json\r\n" if data else ""
        head += f"Authorization: Bearer {token}\r\n" if token else ""
        return cls(f"{head}\r\n".encode() + data, due)

    @classmethod
    def post(cls, path: str, body: Any = None, **options: Any) -> Self:
        return cls.make("POST", path, {} if body is None else body, **options)


@dataclass(frozen=True, slots=True)
class Answer:
    """A response. `status` 0: none within TIMEOUT, or a broken connection. `seconds`: since it was due or sent."""

    status: int
    seconds: float
    headers: bytes = b""
    body: bytes = b""

    @property
    def json(self) -> Any:
        return json.loads(self.body)


def percentile(answers: Sequence[Answer], share: float) -> float:
    """Seconds within which this share of the responses came, by nearest rank."""
    times = sorted(answer.seconds for answer in answers)
    return times[max(0, math.ceil(share * len(times)) - 1)]


class Generator:
    """The generator. `connections`: number of open connections.

    A closed loop has at most so many calls at a time, an open loop opens more.
    """

    def __init__(self, port: int, *, connections: int = 16) -> None:
        self._port = port
        self._connections = connections
        self.seconds = 0.0  # of the last `send`, first call to last response

    def __enter__(self) -> Self:
        self._process = subprocess.Popen([sys.executable, __file__], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe:
                pipe.close()

    def send(self, calls: Sequence[Call]) -> list[Answer]:
        """The responses, in the order of the calls."""
        self.start(calls)
        return self.finish()

    def start(self, calls: Sequence[Call]) -> None:
        assert self._process.stdin
        pickle.dump((self._port, self._connections, [(call.raw, call.due) for call in calls]), self._process.stdin)
        self._process.stdin.flush()

    def finish(self) -> list[Answer]:
        assert self._process.stdout
        self.seconds, answers = pickle.load(self._process.stdout)
        return [Answer(*answer) for answer in answers]


Link = tuple[asyncio.StreamReader, asyncio.StreamWriter]
Result = tuple[int, float, bytes, bytes]


class _Links:
    """Connections to one port, reused for later calls."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._free: deque[Link] = deque()  # the longest unused first: each connection is its own client

    async def ask(self, raw: bytes, began: float) -> Result:
        status, headers, body = NO_ANSWER, b"", b""
        try:
            async with asyncio.timeout(TIMEOUT):
                link = self._free.popleft() if self._free else await asyncio.open_connection("127.0.0.1", self._port)
                status, headers, body = await _ask(link, raw)
                if b"connection: close" in headers.lower():
                    link[1].close()
                else:
                    self._free.append(link)
        except (OSError, asyncio.IncompleteReadError, TimeoutError):
            status = NO_ANSWER
        return status, time.perf_counter() - began, headers, body


async def _ask(link: Link, raw: bytes) -> tuple[int, bytes, bytes]:
    reader, writer = link
    writer.write(raw)
    headers = await reader.readuntil(b"\r\n\r\n")
    length = headers.lower().partition(b"content-length:")[2].partition(b"\r\n")[0]
    body = await reader.readexactly(int(length)) if length else b""
    return int(headers[9:12]), headers, body


async def _run(port: int, connections: int, calls: list[tuple[bytes, float | None]]) -> tuple[float, list[Result]]:
    links = _Links(port)
    answers: list[Result] = [(NO_ANSWER, 0.0, b"", b"")] * len(calls)
    began = time.perf_counter()

    async def one(number: int, raw: bytes, at: float) -> None:
        answers[number] = await links.ask(raw, at)

    waiting = iter([(number, raw) for number, (raw, due) in enumerate(calls) if due is None])

    async def closed() -> None:
        for number, raw in waiting:
            await one(number, raw, time.perf_counter())

    running = [asyncio.create_task(closed()) for _ in range(connections)]
    for due, number, raw in sorted((due, number, raw) for number, (raw, due) in enumerate(calls) if due is not None):
        rest = began + due - time.perf_counter()
        if rest > 0:
            await asyncio.sleep(rest)
        running.append(asyncio.create_task(one(number, raw, began + due)))
    await asyncio.gather(*running)
    return time.perf_counter() - began, answers


def main() -> None:
    while True:
        try:
            port, connections, calls = pickle.load(sys.stdin.buffer)
        except EOFError:
            return
        pickle.dump(asyncio.run(_run(port, connections, calls)), sys.stdout.buffer)
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
