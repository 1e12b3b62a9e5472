"""The local AWS engine (ministack) as a child process: start it, verify that it is ours, stop it so that it saves.

Crash safety: the engine writes its state to disk only when it stops gracefully (SIGTERM). After a power cut or a
SIGKILL the state is that of the last graceful stop. Only S3 writes its files at once. Objects may then be newer than
the register, which is harmless because their names derive from their content. A parent that dies without stopping the
engine leaves it running. The next start on the same directory finds it by its pid file and stops it gracefully, so
nothing is lost.
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

ROOT = Path(__file__).parents[1]
PYTHON = ROOT / ".venv-engine" / "bin" / "python"
HOST = "127.0.0.1"
REGION = "eu-central-1"
START_SECONDS = 30.0
STOP_SECONDS = 60.0  # the engine writes its whole state
READ_SECONDS = 30.0  # time limit for a service's first response on a busy machine
# The AWS SDK needs credentials; the engine accepts any pair.
CREDENTIALS = {"AWS_ACCESS_KEY_ID": "local", "AWS_SECRET_ACCESS_KEY": "local"}


class EngineError(RuntimeError):
    """Raised when the engine does not start, is not ours, or does not stop."""


class Engine:
    """`with Engine(state) as engine:` runs it on 127.0.0.1. Clients need `engine.endpoint` and `engine.env`.

    `state` is a directory kept between runs. With None nothing is kept, and the engine is killed at the end. `port=0`
    takes a free port. Raises `EngineError`.
    """

    def __init__(
        self, state: Path | None = None, *, port: int = 0, region: str = REGION, python: Path = PYTHON
    ) -> None:
        self._kept = state
        self._python = python
        self.port = port
        self.region = region
        self._process: subprocess.Popen[bytes] | None = None
        self._scratch: tempfile.TemporaryDirectory[str] | None = None

    @property
    def endpoint(self) -> str:
        return f"http://{HOST}:{self.port}"

    @property
    def env(self) -> dict[str, str]:
        """Environment for a client: endpoint, region, and credentials that are valid nowhere."""
        return {**CREDENTIALS, "AWS_DEFAULT_REGION": self.region, "AWS_ENDPOINT_URL": self.endpoint}

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    def start(self) -> Self:
        """Start the engine.

        1. Stop an engine of ours that was left running on this state.
        2. Choose a port.
        3. Start the child process.
        4. Wait until the port answers with the nonce of this start.
        """
        if self._process:
            return self
        if not self._python.exists():
            raise EngineError(f"{self._python} is missing. Install the engine with: make setup")
        if self._kept is None:
            self._scratch = tempfile.TemporaryDirectory(prefix="tamga-engine-", ignore_cleanup_errors=True)
        state = Path(self._scratch.name) if self._scratch else self._kept
        assert state is not None
        state.mkdir(parents=True, exist_ok=True)
        _stop_leftover(state / "engine.pid")  # 1
        shutil.rmtree(_scratch_of(state), ignore_errors=True)
        _scratch_of(state).mkdir()
        self.port = self.port or _free_port()  # 2
        nonce = secrets.token_hex(8)
        with (state / "engine.log").open("wb") as log:
            self._process = subprocess.Popen(  # 3
                [str(self._python), "-m", "ministack"],
                cwd=state,
                env=_child_env(state, self.port, self.region, nonce, keep=self._kept is not None),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # so that Ctrl-C reaches only this process, which then stops the engine
            )
        (state / "engine.pid").write_text(str(self._process.pid))
        try:
            self._wait(nonce, state / "engine.log")  # 4
        except BaseException:
            self.stop()
            raise
        return self

    def stop(self) -> None:
        """Send SIGTERM and wait until the state is on disk. After STOP_SECONDS send SIGKILL and raise `EngineError`."""
        process, self._process = self._process, None
        if process:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
                raise EngineError(
                    f"The engine did not stop in {STOP_SECONDS:.0f} s and was killed; unsaved changes are lost."
                ) from None
            finally:
                if process.returncode is not None:
                    _end_functions(process.pid)
            if self._kept:
                (self._kept / "engine.pid").unlink(missing_ok=True)
        if self._scratch:
            self._scratch.cleanup()
            self._scratch = None

    def kill(self) -> None:
        """End the engine at once without saving, for a state that is thrown away."""
        if self._process:
            self._process.kill()
        self.stop()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        if self._kept:
            self.stop()
        else:
            self.kill()  # a graceful stop would finish open requests and save

    def _wait(self, nonce: str, log: Path) -> None:
        """Wait until the engine is healthy and ours. Its health page repeats the nonce that only our child has."""
        assert self._process
        end = time.monotonic() + START_SECONDS
        while time.monotonic() < end:
            if self._process.poll() is not None:
                raise EngineError(
                    f"The engine ended with exit code {self._process.returncode}. Its log:\n{log.read_text()[-2000:]}"
                )
            answer = _health(self.endpoint)
            if answer is not None:
                if answer.get("version") != nonce:
                    raise EngineError(
                        f"Another program answers at {self.endpoint}. Repeat the command; it takes another port."
                    )
                return
            time.sleep(0.05)
        raise EngineError(f"The engine did not answer in {START_SECONDS:.0f} s. Its log:\n{log.read_text()[-2000:]}")


def _child_env(state: Path, port: int, region: str, nonce: str, *, keep: bool) -> dict[str, str]:
    inherited = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return {
        **inherited,
        "TMPDIR": str(_scratch_of(state)),
        **CREDENTIALS,
        "BIND_HOST": HOST,  # the engine's default is every interface
        "GATEWAY_PORT": str(port),
        "MINISTACK_HOST": HOST,
        "MINISTACK_REGION": region,
        "AWS_DEFAULT_REGION": region,
        "MINISTACK_VERSION": nonce,
        "PERSIST_STATE": "1" if keep else "0",
        "STATE_DIR": str(state / "services"),
        "S3_PERSIST": "1" if keep else "0",
        "S3_DATA_DIR": str(state / "s3"),
        "LOG_LEVEL": "WARNING",
    }


def _scratch_of(state: Path) -> Path:
    """The folder in which the engine unpacks functions. The engine never removes them, so each start empties it."""
    return state / "tmp"


def _end_functions(engine: int) -> None:
    """Kill the processes in which the engine ran functions. They outlive it, in its process group."""
    with suppress(ProcessLookupError):
        os.killpg(engine, signal.SIGKILL)


def _health(endpoint: str) -> dict[str, object] | None:
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with direct.open(f"{endpoint}/_ministack/health", timeout=2) as answer:
            body: dict[str, object] = json.loads(answer.read(1_000_000))
            return body
    except (OSError, ValueError):
        return None


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port


def _stop_leftover(pid_file: Path) -> None:
    """Stop an engine whose parent died, if the pid is still an engine's. Raises `EngineError` if it does not stop."""
    try:
        pid = int(pid_file.read_text())
    except (OSError, ValueError):
        return
    end = time.monotonic() + STOP_SECONDS
    signalled = False
    while _is_engine(pid):
        if not signalled:
            os.kill(pid, signal.SIGTERM)
            signalled = True
        if time.monotonic() > end:
            raise EngineError(
                f"The engine of an earlier run (pid {pid}) does not stop. End that process, then repeat the command."
            )
        time.sleep(0.1)
    pid_file.unlink(missing_ok=True)


def _is_engine(pid: int) -> bool:
    found = subprocess.run(["ps", "-p", str(pid), "-o", "stat=,command="], capture_output=True, text=True, check=False)
    return "ministack" in found.stdout and not found.stdout.startswith("Z")


def main() -> None:
    """`python -m local.engine [STATE]`: run the engine until SIGINT (Ctrl-C), SIGTERM or SIGHUP.

    SIGINT works too where a script started it in the background and so ignores SIGINT.
    """
    for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(each, signal.default_int_handler)
    with suppress(KeyboardInterrupt), Engine(Path(sys.argv[1]) if len(sys.argv) > 1 else None) as running:
        print(running.endpoint, flush=True)
        signal.pause()


if __name__ == "__main__":
    main()
