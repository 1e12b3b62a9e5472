"""Reader of one hostile file in a process that can do nothing else: `python -m chalicelib.reading`.

Input: the content type and a line feed, then the file up to the end of standard input. Output: `findings_to_json`.

1 import everything that may be needed
2 give up rights: no new file, socket, process or file growth; memory limited
3 read the file from standard input
4 start the timer of processor time; when it expires, the kernel ends the process

The parent limits the elapsed (wall clock) time. It treats a death between step 4 and the answer as the fault of the
file.
"""

from __future__ import annotations

import json
import os
import resource
import signal
import sys

from chalicelib.kernel.files import FILE_CAP
from chalicelib.reading.limits import CPU_SECONDS, MEMORY_BYTES, MORE_CPU_SECONDS, PAGES_AT_ONCE
from chalicelib.reading.read_document import preload, read
from chalicelib.verdict.file_findings import findings_to_json


def main() -> None:
    answer = os.fdopen(os.dup(1), "w", encoding="utf-8")  # a parser that prints cannot spoil the answer
    os.dup2(2, 1)
    preload()  # 1
    _give_up_rights(answer.fileno())  # 2
    content_type = sys.stdin.buffer.readline(256).decode("ascii", "replace").strip()  # 3
    data = sys.stdin.buffer.read(FILE_CAP + 1)
    _allow(CPU_SECONDS)  # 4
    findings = read(data, content_type, on_pages=_allow_pages)
    signal.setitimer(signal.ITIMER_PROF, 0)
    json.dump(findings_to_json(findings), answer)
    answer.flush()
    os._exit(0)  # skip the clean-up of the parsers; the kernel frees everything


def _give_up_rights(highest: int) -> None:
    os.closerange(highest + 1, 1024)
    for limit, value in (
        (resource.RLIMIT_NOFILE, highest + 1),
        (resource.RLIMIT_NPROC, 0),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_AS, MEMORY_BYTES),
    ):
        resource.setrlimit(limit, (value, value))


def _allow(seconds: float) -> None:
    signal.setitimer(signal.ITIMER_PROF, seconds)  # SIGPROF ends the process


def _allow_pages(count: int) -> None:
    if count > PAGES_AT_ONCE:
        _allow(CPU_SECONDS + MORE_CPU_SECONDS * (count - PAGES_AT_ONCE))


if __name__ == "__main__":
    main()
