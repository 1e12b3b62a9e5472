"""Role x operation x own/foreign over HTTP: every cell answers as the one table of roles says (core.roles).

Another's permit is 404, a wrong role 403, and nothing is a 5xx. Where the table is not all of it, the cell says why:
findings belong to one authority each, endorsing to the bodies that a post's data name.
"""

from __future__ import annotations

import base64
import itertools
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from desk import approved, draft, issued, ok, saker, submitted
from http_client import Answer, call
from office import MemoryOffice
from staff import staffed

from chalicelib import tables, wiring
from chalicelib.core.roles import FINDING_ROLES, OPERATIONS, ROLES
from chalicelib.edges.times import to_text

POST = "manas-airport"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(32)
KEY = ec.generate_private_key(ec.SECP256R1())
PUBLIC_KEY = base64.b64encode(KEY.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).decode()
_serial = itertools.count()


def suspended(owner: str) -> dict[str, Any]:
    permit = issued(owner)
    return ok(call("POST", f"/v1/permits/{permit['id']}/suspend", {"reason": "doubt"}, token="approver"))


def examined(owner: str) -> dict[str, Any]:
    permit = submitted(owner)
    for kind in permit["findings_needed"]:
        body = {"kind": kind, "result": "positive", "note": ""}
        ok(call("POST", f"/v1/permits/{permit['id']}/findings", body, token=FINDING_ROLES[kind]))
    return permit


def scanned(owner: str) -> dict[str, Any]:
    permit = endorsed(owner)
    event = scan_body(permit)
    ok(call("POST", "/v1/scans", event, token="bekzat"))
    return {**permit, "event_id": event["event_id"]}


def endorsed(owner: str, **changes: Any) -> dict[str, Any]:
    permit = issued(owner)
    event = endorsement_body(permit, **changes)
    ok(call("POST", "/v1/endorsements", event, token="aizada"), 201)
    return {**permit, "event_id": event["event_id"]}


def on_paper(owner: str) -> dict[str, Any]:
    return endorsed(owner, recorded="paper")


def with_paper(owner: str) -> dict[str, Any]:
    permit = draft(owner)
    paper = ok(call("POST", f"/v1/permits/{permit}/attachments", data=PNG, content_type="image/png", token=owner,
                    query={"name": "cage.png"}), 201)  # fmt: skip
    return {"id": permit, "attachment_id": paper["id"]}


def registered(_: str) -> dict[str, Any]:
    body = {"public_key": PUBLIC_KEY, "post": POST}
    made: dict[str, Any] = ok(call("POST", "/v1/devices", body, token="aizada"), 201)
    return made


def scan_body(permit: dict[str, Any]) -> dict[str, Any]:
    return {"event_id": str(uuid.uuid4()), "qr": permit["qr"], "post": POST, "direction": "export",
            "scanned_at": to_text(wiring.office().clock()), "goods_present": True}  # fmt: skip


def endorsement_body(permit: dict[str, Any], **changes: Any) -> dict[str, Any]:
    return {"event_id": str(uuid.uuid4()), "qr": permit["qr"], "post": POST, "direction": "export",
            "endorsed_at": to_text(wiring.office().clock()), "lines": [{"line": "A", "quantity": "2"}],
            "transport_document": f"AWB {next(_serial)}", **changes}  # fmt: skip


@dataclass(frozen=True)
class Operation:
    """`name`: of core.roles; `state`: what makes a permit that the call fits; `also`: roles it is narrowed to."""

    method: str
    path: str
    name: str
    state: Callable[[str], Any] | None
    body: Callable[[Any], Any] = lambda permit: None
    raw: bool = False
    query: dict[str, str] | None = None
    also: frozenset[str] = frozenset(ROLES)
    owned: bool = True  # False: officers act on anybody's


def reason(_: Any) -> Any:
    return {"reason": "because"}


def of_finding(kind: str) -> Callable[[Any], Any]:
    return lambda permit: {"kind": kind, "result": "positive", "note": "seen"}


def ids(state: Callable[..., str]) -> Callable[[str], Any]:
    return lambda owner: {"id": state(owner)}


ONE = "/v1/permits/{id}"
BODIES = tables.posts()[POST].bodies
ALL = [
    Operation("POST", "/v1/permits", "create", None, lambda p: saker(), owned=False),
    Operation("GET", "/v1/permits", "see", None, owned=False),
    Operation("GET", ONE, "see", ids(draft)),
    Operation("PUT", ONE, "edit", ids(draft), lambda p: saker(stamp_number="AB 1")),
    Operation("POST", f"{ONE}/submit", "submit", ids(draft)),
    Operation("POST", f"{ONE}/attachments", "attach", ids(draft), raw=True, query={"name": "a.png"}),
    Operation("GET", ONE + "/attachments/{attachment_id}", "see", with_paper),
    Operation("GET", f"{ONE}/history", "history", ids(draft)),
    Operation("POST", f"{ONE}/return", "return", submitted, reason),
    Operation("POST", f"{ONE}/refuse", "refuse", submitted, reason),
    Operation("POST", f"{ONE}/findings", "find", submitted, of_finding("legal_acquisition"),
              also=frozenset({"preparer"})),
    Operation("POST", f"{ONE}/findings", "find", submitted, of_finding("bred_or_propagated"),
              also=frozenset({"scientist"})),
    Operation("POST", f"{ONE}/approve", "approve", examined, lambda p: {"digest": p["digest"]}),
    Operation("POST", f"{ONE}/issue", "issue", approved),
    Operation("POST", f"{ONE}/suspend", "suspend", issued, reason),
    Operation("POST", f"{ONE}/reinstate", "reinstate", suspended, reason),
    Operation("POST", f"{ONE}/revoke", "revoke", issued, lambda p: {"reason": "r", "for_cause": True}),
    Operation("POST", f"{ONE}/lost", "lost", issued, lambda p: {"reason": "r", "how": "stolen"}),
    Operation("POST", f"{ONE}/replace", "replace", issued, reason),
    Operation("GET", f"{ONE}/pdf", "see", issued),
    Operation("GET", f"{ONE}/pdf", "original", issued, query={"original": "true"}),
    Operation("POST", "/v1/scans", "scan", issued, scan_body, owned=False),
    Operation("POST", "/v1/scans/{event_id}/resolve", "resolve", scanned,
              lambda p: {"code": "U5", "result": "cleared", "reason": "the same birds"}, owned=False),
    Operation("POST", "/v1/endorsements", "endorse", issued, endorsement_body, also=BODIES, owned=False),
    Operation("POST", "/v1/endorsements/{event_id}/resolve", "resolve", endorsed,
              lambda p: {"code": "U5", "result": "confirmed", "reason": "asked"}, owned=False),
    Operation("POST", "/v1/endorsements/{event_id}/confirm", "endorse", on_paper, also=BODIES, owned=False),
    Operation("POST", "/v1/endorsements/{event_id}/photo", "endorse", endorsed, raw=True, owned=False),
    Operation("POST", "/v1/endorsements/{event_id}/undo", "undo", endorsed,
              lambda p: {"event_id": str(uuid.uuid4()), "reason": "goods still here"}, also=BODIES | {"approver"},
              owned=False),
    Operation("POST", "/v1/devices", "device", None, lambda p: {"public_key": PUBLIC_KEY, "post": POST}, owned=False),
    Operation("POST", "/v1/devices/{device_id}/revoke", "device", registered, owned=False),
    Operation("GET", "/v1/bundle", "bundle", None, owned=False),
]  # fmt: skip


@pytest.fixture(scope="module")
def ministry() -> Iterator[MemoryOffice]:
    made = staffed()
    wiring.use(made)
    yield made
    wiring.use(None)


def ask(operation: Operation, role: str, permit: Any) -> Answer:
    path = operation.path.format(**(permit or {}))
    options: dict[str, Any] = {"token": f"a-{role}", "query": operation.query}
    if operation.raw:
        return call(operation.method, path, data=PNG, content_type="image/png", **options)
    return call(operation.method, path, operation.body(permit), **options)


def title(operation: Operation) -> str:
    return f"{operation.method} {operation.path.removeprefix('/v1/')} {operation.name}"


@pytest.mark.parametrize("whose", ["own", "foreign"])
@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("operation", ALL, ids=title)
def test_cell(ministry: MemoryOffice, operation: Operation, role: str, whose: str) -> None:
    if operation.state is None and whose == "foreign":
        return  # there is nothing that could be another's
    owner = "a-applicant" if whose == "own" else "other"
    permit = operation.state(owner) if operation.state else None
    answer = ask(operation, role, permit)
    may = role in OPERATIONS[operation.name]
    if not may:
        assert (answer.status, answer.slug) == (403, "forbidden")
    elif role == "applicant" and whose == "foreign" and operation.owned:
        assert (answer.status, answer.slug) == (404, "no-match")
    elif role not in operation.also:
        assert (answer.status, answer.slug) == (403, "forbidden")
    else:
        assert answer.status in {200, 201}, answer.body


def test_every_route_that_asks_who_is_in_the_matrix() -> None:
    from app import app

    def shape(path: str) -> str:
        return "/".join("{}" if part.startswith("{") else part for part in path.split("/"))

    covered = {(operation.method, shape(operation.path)) for operation in ALL}
    asked = {
        (method, shape(path)) for path, methods in app.routes.items() for method, entry in methods.items()
        if entry.authorizer is not None
    }  # fmt: skip
    assert asked - covered == {("POST", "/v1/sync")}  # test_sync.py
