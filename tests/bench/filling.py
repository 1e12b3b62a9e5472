"""Fill a register to any size with copies of one permit under other ids, numbers and status entries.

The rows go to BatchWriteItem of the local engine, unsigned, 25 at a time: some thousand rows a second. A copy has the
rows that reading a permit touches (dossier, number, status entry), but no history. Its tokens are the original's.
"""

from __future__ import annotations

import http.client
import json
from collections.abc import Iterator

from chalicelib.permits.model.dossier import Dossier
from chalicelib.permits.services import store
from chalicelib.trust.model.status_list import ENTRIES

FIRST = 900_000_000_000  # serials that no permit has: more digits than real ones
BATCH = 25  # the limit of BatchWriteItem
LISTS = 16  # a million permits in lists of 131,072 entries


def fill(endpoint: str, table: str, permit: Dossier, begin: int, end: int) -> int:
    """Write the copies numbered begin..end-1, and return the number of rows written."""
    connection = http.client.HTTPConnection(endpoint.removeprefix("http://"))
    headers = {
        "X-Amz-Target": "DynamoDB_20120810.BatchWriteItem", "Content-Type": "application/x-amz-json-1.0",
        "Authorization": "AWS4-HMAC-SHA256 Credential=local/20260101/eu-central-1/dynamodb/aws4_request",
    }  # fmt: skip
    written = 0
    batch: list[str] = []

    def send() -> None:
        nonlocal written
        body = f'{{"RequestItems":{{"{table}":[{",".join(batch)}]}}}}'.encode()
        connection.request("POST", "/", body, headers)
        answer = connection.getresponse()
        told = json.loads(answer.read())
        assert answer.status == 200, told
        assert not told["UnprocessedItems"]
        written += len(batch)
        batch.clear()

    for row in copies(permit, begin, end):
        batch.append(row)
        if len(batch) == BATCH:
            send()
    if batch:
        send()
    connection.close()
    return written


def copies(permit: Dossier, begin: int, end: int) -> Iterator[str]:
    """Yield the rows as PutRequests in JSON."""
    data = json.dumps(store.dossier_put(permit, expected_version=0).data, ensure_ascii=False, separators=(",", ":"))
    id_, number = permit.id, permit.number or ""
    for n in range(begin, end):
        new_id, new_number = f"{n:026d}", f"{number[:4]}{FIRST + n}{number[10:]}"
        text = data.replace(id_, new_id).replace(number, new_number)
        indexed = {"idx_state": permit.state, "idx_owner": permit.owner or "", "idx_shelf": store.SHELF}
        yield _put(f"PERMIT#{new_id}", "DOSSIER", text, n, {name: v for name, v in indexed.items() if v})
        yield _put(f"NUMBER#{number[2:4]}", new_number, f'{{"permit_id":"{new_id}"}}', n, {})
        uri = f"https://practice.tamga.kg/s/{27 + n % LISTS // 4}q{n % 4 + 1}"
        yield _put(f"STATUS#{uri}", f"{n // LISTS * 2 % ENTRIES:06d}", '{"value":0}', n, {})


def _put(partition: str, sort: str, data: str, n: int, indexed: dict[str, str]) -> str:
    item = {"pk": {"S": partition}, "sk": {"S": sort}, "version": {"N": "8"}, "data": {"S": data},
            "born": {"S": f"{n:020d}"}, **{name: {"S": text} for name, text in indexed.items()}}  # fmt: skip
    return f'{{"PutRequest":{{"Item":{json.dumps(item)}}}}}'
