"""Rows a second that the engine serves to processes that only read: the upper limit for the service.

`python tests/bench/reading.py COUNT PERMIT_ID...` is one such process. It prints `ready`, waits for a line, reads COUNT
dossiers through the register's adapter and prints the seconds taken.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import ExitStack

from generator import Call
from served import Served


def by_adapter(processes: int, count: int, permit_ids: Sequence[str]) -> float:
    """Return the rows a second read by these processes through PynamoDB and botocore, `count` each."""
    command = [sys.executable, __file__, str(count), *permit_ids]
    with ExitStack() as stack:
        started = [
            stack.enter_context(subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True))
            for _ in range(processes)
        ]
        for each in started:
            assert each.stdout
            each.stdout.readline()
        for each in started:
            assert each.stdin
            each.stdin.write("\n")
            each.stdin.flush()
        return processes * count / max(float(each.stdout.readline()) for each in started if each.stdout)


def bare(served: Served, permit_id: str) -> Call:
    """Return one GetItem of a dossier as bytes, for `Generator`.

    The engine does its full work, the client almost none.
    """
    from chalicelib.permits.services.store import dossier_key

    key = dossier_key(permit_id)
    body = json.dumps(
        {"TableName": served.office.config.table, "ConsistentRead": True,
         "Key": {"pk": {"S": key.partition}, "sk": {"S": key.sort}}}
    ).encode()  # fmt: skip
    head = (
        f"POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {len(body)}\r\n"
        "Content-Type: application/x-amz-json-1.0\r\nX-Amz-Target: DynamoDB_20120810.GetItem\r\n"
        "Authorization: AWS4-HMAC-SHA256 Credential=local/20260101/eu-central-1/dynamodb/aws4_request\r\n\r\n"
    )
    return Call(head.encode() + body)


def main(arguments: Sequence[str]) -> None:
    from chalicelib.adapters.aws.register import DynamoRegister
    from chalicelib.permits.services import store
    from chalicelib.platform.config import from_env

    count, keys = int(arguments[0]), [store.dossier_key(each) for each in arguments[1:]]
    config = from_env(os.environ)
    register = DynamoRegister(config.table, region=config.region, endpoint=config.endpoint)
    assert all(register.get(key) for key in keys)
    print("ready", flush=True)
    sys.stdin.readline()
    began = time.perf_counter()
    for n in range(count):
        register.get(keys[n % len(keys)])
    print(time.perf_counter() - began, flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
