"""Run one handler of an unpacked package as Lambda does.

Lambda's runtime client (awslambdaric) polls this module for events.

The process's path has only Python, the package and that client. Its environment is the one given. No bytecode is kept
between two processes, as on Lambda, where /var/task is read-only.

Source: "Using the Lambda runtime API", AWS Lambda Developer Guide, version 2018-06-01.
"""

from __future__ import annotations

import json
import queue
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Any, Self

VERSION = "/2018-06-01/runtime"
CLIENT = ("awslambdaric", "simplejson", "snapshot_restore_py")  # and the compiled module runtime_client
INIT_SECONDS = 60.0
CALL_SECONDS = 120.0
START = (
    "import sys; sys.path[:0] = sys.argv[1:3]; sys.argv = sys.argv[2:]\n"
    "from awslambdaric.__main__ import main; main(sys.argv)"
)


class FunctionError(RuntimeError):
    """Raised when the handler does not load, does not respond, or ends a call with an error."""


class Function:
    """A running handler: `with Function(folder, "app.app", env) as function: function.invoke(event)`.

    `init_ms`: milliseconds from the start of the process until it requests its first event. Raises `FunctionError`.
    """

    def __init__(self, folder: Path, handler: str, env: Mapping[str, str] | None = None) -> None:
        self._folder, self._handler, self._env = folder, handler, dict(env or {})
        self._events: queue.Queue[tuple[str, bytes] | None] = queue.Queue()
        self._answers: queue.Queue[tuple[bool, bytes, float]] = queue.Queue()
        self._ready = threading.Event()
        self._ready_at = 0.0
        self._count = 0
        self.init_ms = 0.0

    def __enter__(self) -> Self:
        self._server = _Server(("127.0.0.1", 0), _handler_of(self))
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()
        self._scratch = tempfile.TemporaryDirectory(prefix="tamga-runtime-")
        self._log = Path(self._scratch.name, "log").open("w+b")
        env = {
            "AWS_LAMBDA_RUNTIME_API": f"127.0.0.1:{self._server.server_address[1]}",
            "AWS_LAMBDA_FUNCTION_NAME": self._handler,
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "1024",
            "LAMBDA_TASK_ROOT": str(self._folder),
            "PATH": "",
            "LANG": "en_US.UTF-8",
            **self._env,
        }
        client = _client(Path(self._scratch.name))
        command = [sys.executable, "-I", "-S", "-B", "-c", START, str(self._folder), str(client), self._handler]
        began = time.perf_counter()
        self._process = subprocess.Popen(
            command, env=env, cwd=self._folder, stdin=subprocess.DEVNULL, stdout=self._log, stderr=self._log
        )
        end = time.monotonic() + INIT_SECONDS
        try:
            while not self._ready.wait(0.05):
                if self._process.poll() is not None or not self._answers.empty() or time.monotonic() > end:
                    raise FunctionError(f"{self._handler} does not load: {self._said()}")
        except BaseException:
            self.__exit__(None, None, None)
            raise
        self.init_ms = (self._ready_at - began) * 1000
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self._process.kill()
        self._process.wait()
        self._events.put(None)
        self._server.shutdown()
        self._server.server_close()
        self._log.close()
        self._scratch.cleanup()

    def invoke(self, event: Any) -> tuple[Any, float]:
        """Call the handler. Return its response and the milliseconds it took. Raises `FunctionError`."""
        self._count += 1
        sent = json.dumps(event).encode()
        began = time.perf_counter()
        self._events.put((f"request-{self._count}", sent))
        try:
            good, body, at = self._answers.get(timeout=CALL_SECONDS)
        except queue.Empty:
            raise FunctionError(f"{self._handler} did not answer: {self._said()}") from None
        if not good:
            raise FunctionError(f"{self._handler}: {body.decode()[:2000]} {self._said()}")
        return json.loads(body), (at - began) * 1000

    def _said(self) -> str:
        self._log.flush()
        self._log.seek(0)
        text = self._log.read().decode(errors="replace")[-1500:]
        return text + ("" if self._answers.empty() else self._answers.get()[1].decode(errors="replace")[:1500])


class _Server(ThreadingHTTPServer):
    def handle_error(self, request: Any, client_address: Any) -> None:
        """Ignore the error, because a process that we killed leaves its connection open."""


def _client(scratch: Path) -> Path:
    """A folder with the runtime client and nothing else of this environment."""
    import awslambdaric

    site = Path(awslambdaric.__file__).parents[1]
    folder = scratch / "client"
    folder.mkdir()
    for path in (*(site / name for name in CLIENT), *site.glob("runtime_client*.so")):
        (folder / path.name).symlink_to(path)
    return folder


def _handler_of(function: Function) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True  # else the second half of a response waits 40 ms for the first one's ACK

        def do_GET(self) -> None:  # GET .../invocation/next waits for an event
            if not function._ready.is_set():
                function._ready_at = time.perf_counter()
                function._ready.set()
            event = function._events.get()
            if event is None:
                self.close_connection = True
                return
            request_id, body = event
            self._answer(
                200, body, {
                    "Lambda-Runtime-Aws-Request-Id": request_id,
                    "Lambda-Runtime-Deadline-Ms": str(int((time.time() + CALL_SECONDS) * 1000)),
                    "Lambda-Runtime-Invoked-Function-Arn": "arn:aws:lambda:eu-central-1:000000000000:function:here",
                    "Content-Type": "application/json",
                },
            )  # fmt: skip

        def do_POST(self) -> None:  # .../response, .../error, .../init/error
            at = time.perf_counter()
            body = self._body()
            function._answers.put((self.path.endswith("/response"), body, at))
            self._answer(202, b'{"status":"OK"}', {})

        def _body(self) -> bytes:
            if self.headers.get("Transfer-Encoding", "").lower() != "chunked":
                return self.rfile.read(int(self.headers.get("Content-Length") or 0))
            parts = []
            while size := int(self.rfile.readline().split(b";")[0], 16):
                parts.append(self.rfile.read(size))
                self.rfile.readline()
            self.rfile.readline()
            return b"".join(parts)

        def _answer(self, status: int, body: bytes, headers: Mapping[str, str]) -> None:
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class's name
            """Log nothing, because only the function's own lines matter."""

    return Handler
