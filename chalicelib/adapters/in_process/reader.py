"""Document reader that parses a hostile file in a child process without rights, like the reading function on AWS.

A child reads one file and ends. It starts with an empty environment and no descriptors but the three standard ones.
It gives up its other rights itself (`chalicelib/reading/__main__.py`). Its imports take half a second, so a spare child
waits.
"""

from __future__ import annotations

import json
import os
import selectors
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path

import chalicelib
from chalicelib.kernel import errors
from chalicelib.kernel.files import FILE_CAP
from chalicelib.verdict.file_findings import FileFindings, findings_from_json

ROOT = Path(chalicelib.__file__).resolve().parent.parent  # folder of `chalicelib` and `pdf_templates`

ANSWER_BYTES_AT_MOST = 8 * 1024 * 1024  # an attached record of 1 MiB in JSON, and texts

CHUNK = 65_536  # bytes: capacity of a pipe on Linux

WALL_SECONDS = 25.0  # the child limits its processor time; this limits the wait on an overloaded machine

SLOW = frozenset({-signal.SIGPROF, -signal.SIGXCPU})  # signals that end a child over its processor time

COMMAND = (sys.executable, "-E", "-s", "-B", "-X", "utf8", "-m", "chalicelib.reading")


class ProcessReader:
    """`DocumentReader` with child processes. `close` ends the spare child. Without it, the child ends when its input
    closes.

    A file that takes too long gives `trouble="too-large"`, one that crashes the child `trouble="broken"`.
    Raises `errors.Unavailable`: the child does not start, or its answer is malformed, which is our own fault.
    """

    def __init__(
        self, *, spare: bool = True, wall_seconds: float = WALL_SECONDS, command: tuple[str, ...] = COMMAND
    ) -> None:
        self._keep_spare = spare  # False: for a program that reads one file and ends
        self._wall_seconds = wall_seconds
        self._command = command
        self._lock = threading.Lock()
        self._spare: subprocess.Popen[bytes] | None = None

    def read(self, data: bytes, content_type: str) -> FileFindings:
        kind = "pdf" if content_type.partition(";")[0].strip().lower() == "application/pdf" else "image"
        if len(data) > FILE_CAP:
            return FileFindings(kind=kind, trouble="too-large")
        child = self._take()
        try:
            header = content_type.encode("ascii", "replace")[:255].replace(b"\n", b" ")
            answer = _exchange(child, header + b"\n" + data, time.monotonic() + self._wall_seconds)
        except TimeoutError:
            return FileFindings(kind=kind, trouble="too-large")
        except OSError as error:
            raise errors.Unavailable from error
        finally:
            _end(child)
        if child.returncode in SLOW:
            return FileFindings(kind=kind, trouble="too-large")
        if child.returncode < 0:
            return FileFindings(kind=kind, trouble="broken")
        return _findings(answer, child.returncode)

    def close(self) -> None:
        """End the spare child."""
        with self._lock:
            spare, self._spare = self._spare, None
        if spare is not None:
            _end(spare)

    def _take(self) -> subprocess.Popen[bytes]:
        """Take an unused child and start the next spare one. Raises `errors.Unavailable`: none can be started."""
        with self._lock:
            child, self._spare = self._spare, None
            try:
                if child is None or child.poll() is not None:
                    child = self._start()
                self._spare = self._start() if self._keep_spare else None
            except OSError as error:
                if child is not None:
                    _end(child)
                raise errors.Unavailable from error
            return child

    def _start(self) -> subprocess.Popen[bytes]:
        return subprocess.Popen(  # noqa: S603 - our own interpreter and module
            self._command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={},
            cwd=ROOT,
            close_fds=True,
            start_new_session=True,
        )


def _exchange(child: subprocess.Popen[bytes], question: bytes, deadline: float) -> bytes:
    """Send a file to the child and return its answer.

    Raises TimeoutError if no complete answer came before `deadline`, OSError, and `errors.Unavailable` for an answer
    over 8 MiB.
    """
    assert child.stdin is not None
    assert child.stdout is not None
    unsent, answer = memoryview(question), bytearray()
    os.set_blocking(child.stdin.fileno(), False)
    with selectors.DefaultSelector() as pipes:
        pipes.register(child.stdin, selectors.EVENT_WRITE)
        pipes.register(child.stdout, selectors.EVENT_READ)
        while child.stdout in pipes.get_map():
            ready = pipes.select(max(0.0, deadline - time.monotonic()))
            if not ready:
                raise TimeoutError
            for pipe, _ in ready:
                if pipe.fileobj is child.stdin:
                    try:
                        unsent = unsent[os.write(pipe.fd, unsent[:CHUNK]) :]
                    except BrokenPipeError:
                        unsent = unsent[:0]  # the child reads no more; its answer or exit code gives the reason
                    if not unsent:
                        pipes.unregister(child.stdin)
                        child.stdin.close()
                    continue
                chunk = os.read(pipe.fd, CHUNK)
                answer += chunk
                if len(answer) > ANSWER_BYTES_AT_MOST:
                    raise errors.Unavailable
                if not chunk:
                    pipes.unregister(child.stdout)
    try:
        child.wait(max(0.0, deadline - time.monotonic()))
    except subprocess.TimeoutExpired:
        raise TimeoutError from None
    return bytes(answer)


def _findings(answer: bytes, code: int) -> FileFindings:
    """Read the findings as untrusted input, since a hostile file may control the child. Raises `errors.Unavailable`."""
    if code != 0:
        raise errors.Unavailable
    try:
        return findings_from_json(json.loads(answer))
    except (ValueError, RecursionError, errors.DecodeError) as error:
        raise errors.Unavailable from error


def _end(child: subprocess.Popen[bytes]) -> None:
    if child.poll() is None:
        child.kill()
    for pipe in (child.stdin, child.stdout):
        if pipe is not None:
            with suppress(OSError):  # unsent data for a dead child
                pipe.close()
    child.wait()
