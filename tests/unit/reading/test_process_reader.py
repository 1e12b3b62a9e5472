"""The child process that reads a file: without rights, ended by hostile files, and harmless to the service."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
import tracemalloc
from collections.abc import Iterator
from functools import cache
from io import BytesIO
from pathlib import Path

import pytest
from issued_files import Issued, issue, pictured
from print_samples import LINES

from chalicelib.adapters.in_process.reader import ANSWER_BYTES_AT_MOST, ProcessReader
from chalicelib.kernel.errors import Unavailable
from chalicelib.kernel.files import FILE_CAP
from chalicelib.reading.read_document import read
from chalicelib.verdict.file_findings import FileFindings, findings_to_json

PATIENCE = 90.0  # seconds; a slow machine is no hostile file


@cache
def issued() -> Issued:
    return issue("E", LINES[:2])


@pytest.fixture(scope="module")
def reader() -> Iterator[ProcessReader]:
    made = ProcessReader(wall_seconds=PATIENCE)
    yield made
    made.close()


def child(program: str, **options: float) -> ProcessReader:
    """A reader whose child processes run this program instead."""
    return ProcessReader(command=(sys.executable, "-E", "-s", "-B", "-c", program), **options)


def answer(reader: ProcessReader, data: bytes = b"%PDF-") -> FileFindings:
    try:
        return reader.read(data, "application/pdf")
    finally:
        reader.close()


@pytest.mark.slow
def test_child_has_the_same_findings_as_the_reader(reader: ProcessReader) -> None:
    """This also proves that everything is imported before the rights are given up."""
    out, jpeg, picture = BytesIO(), BytesIO(), pictured(issued().sealed, 150)
    picture.save(out, "PNG")
    picture.save(jpeg, "JPEG")
    assert read(issued().sealed, "application/pdf").seals[0].intact
    for data, content_type in (
        (issued().sealed, "application/pdf"), (issued().sealed + b"\n", "application/pdf"),
        (out.getvalue(), "image/png"), (jpeg.getvalue(), "image/jpeg"), (b"%PDF-", "application/pdf"),
    ):  # fmt: skip
        assert reader.read(data, content_type) == read(data, content_type)


def test_malformed_content_type_is_unsupported(reader: ProcessReader) -> None:
    assert reader.read(issued().plain, "image/png\napplication/pdf").trouble == "unsupported"
    assert reader.read(issued().plain, "x" * 999).trouble == "unsupported"
    assert reader.read(issued().plain, "приложение/pdf").trouble == "unsupported"


def test_file_above_the_size_limit_starts_no_child() -> None:
    reader = child("raise SystemExit(9)")
    assert reader.read(bytes(FILE_CAP + 1), "application/pdf").trouble == "too-large"
    assert reader.read(bytes(FILE_CAP + 1), "image/png") == FileFindings(kind="image", trouble="too-large")


RIGHTS = """
import json, os, resource, socket, sys
from chalicelib.verdict.file_findings import FileFindings, findings_to_json
from chalicelib.reading.__main__ import _give_up_rights
sys.stdin.buffer.read()
_give_up_rights(2)
said = [f"environment {sorted(set(os.environ) - {'LC_CTYPE'})}"]
tries = {
    "socket": socket.socket,
    "file": lambda: open("/etc/hostname"),
    "pipe": os.pipe,
    "memory": lambda: bytearray(600 << 20),
    "more memory": lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (9, 9)) if os.getuid() else 1 / 0,
}
for name, attempt in tries.items():
    try:
        attempt()
        said.append(f"{name} allowed")
    except Exception as error:
        said.append(f"{name} {type(error).__name__}")
for fd in range(3, 64):
    try:
        os.fstat(fd)
        said.append(f"descriptor {fd}")
    except OSError:
        pass
said.append(f"processes {resource.getrlimit(resource.RLIMIT_NPROC)[0]}")
sys.stdout.write(json.dumps(findings_to_json(FileFindings(kind="pdf", codes=tuple(said)))))
"""


def test_child_has_no_environment_file_socket_or_extra_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "nobody's")
    with open(os.devnull) as held, open(os.devnull) as more:
        os.set_inheritable(held.fileno(), True)
        os.set_inheritable(more.fileno(), True)
        said = answer(child(RIGHTS)).codes
    assert said[:4] == ("environment []", "socket OSError", "file OSError", "pipe OSError")
    assert said[4] == "memory MemoryError"
    assert said[6:] == ("processes 0",)  # no descriptor but the three pipes


@pytest.mark.parametrize(
    ("number", "trouble"),
    [
        (signal.SIGSEGV, "broken"), (signal.SIGABRT, "broken"), (signal.SIGKILL, "broken"),
        (signal.SIGPROF, "too-large"), (signal.SIGXCPU, "too-large"),
    ],
)  # fmt: skip
def test_file_that_kills_its_child_is_broken_or_too_large(number: int, trouble: str) -> None:
    program = f"import os, sys; sys.stdin.buffer.read(); os.kill(os.getpid(), {int(number)})"
    assert answer(child(program)) == FileFindings(kind="pdf", trouble=trouble)


def test_reading_without_end_is_stopped_as_too_large() -> None:
    findings = answer(child("import sys, time; sys.stdin.buffer.read(); time.sleep(60)", wall_seconds=0.5))
    assert findings == FileFindings(kind="pdf", trouble="too-large")  # without the clock it would end as a crash


@pytest.mark.parametrize(
    "program",
    [
        "raise SystemExit(3)", "print('{}')", "print('no json')", "print('[' * 100_000)", "print('9' * 9_000_000)",
        "import sys; sys.stdin.buffer.read()", "raise ValueError",
    ],
)  # fmt: skip
def test_child_with_malformed_answer_is_unavailable(program: str) -> None:
    with pytest.raises(Unavailable):
        answer(child(program))


def test_child_that_cannot_start_is_unavailable() -> None:
    with pytest.raises(Unavailable):
        answer(ProcessReader(command=("/nonexistent/python",)))


def test_dead_spare_child_is_replaced() -> None:
    reader = ProcessReader(wall_seconds=PATIENCE)
    reader.read(b"x", "image/png")
    spare = reader._spare
    assert spare is not None
    spare.kill()
    spare.wait()
    assert reader.read(issued().plain, "application/pdf").codes == issued().codes
    reader.close()


def test_closed_reader_leaves_no_child() -> None:
    before = children()
    reader = ProcessReader(wall_seconds=PATIENCE)
    for _ in range(2):
        reader.read(b"x", "image/png")
    reader.close()
    reader.close()
    assert children() == before


def test_reader_without_spare_leaves_no_child() -> None:
    before = children()
    assert (
        ProcessReader(spare=False, wall_seconds=PATIENCE).read(issued().plain, "application/pdf").codes
        == issued().codes
    )
    assert children() == before


def children() -> set[str]:
    path = Path(f"/proc/self/task/{threading.get_native_id()}/children")
    return set(path.read_text().split())


def test_three_files_at_once_are_read(reader: ProcessReader) -> None:
    found: list[FileFindings] = []
    file = issued().plain  # made once, before three threads need it
    threads = [threading.Thread(target=lambda: found.append(reader.read(file, "application/pdf"))) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [each.codes for each in found] == [issued().codes] * 3


def test_endless_output_of_child_is_cut_at_the_limit() -> None:
    """Reading stops at the cap.

    Otherwise the clock would end the child as too large, after the service's memory was used up.
    """
    program = "import sys\nwhile True: sys.stdout.buffer.write(b'[' * 65536)"
    tracemalloc.start()
    with pytest.raises(Unavailable):
        answer(child(program, spare=False, wall_seconds=60.0))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 3 * ANSWER_BYTES_AT_MOST


def test_answer_of_child_that_reads_nothing_is_accepted() -> None:
    found = FileFindings(kind="image", trouble="unsupported")
    program = f"import json, os\nos.close(0)\nprint(json.dumps({findings_to_json(found)!r}))"
    assert answer(child(program, spare=False), bytes(FILE_CAP)) == found


def test_child_that_closes_its_pipes_and_stays_is_ended_by_the_clock() -> None:
    program = "import os, time\nos.close(0); os.close(1)\ntime.sleep(60)"
    used = time.process_time()
    assert answer(child(program, spare=False, wall_seconds=1.0), bytes(FILE_CAP)).trouble == "too-large"
    assert time.process_time() - used < 0.5  # the wait is not a busy loop
