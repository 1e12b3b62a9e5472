"""Measure how long functions take to start and to respond, cold and warm.

Lambda's own client runs them on the package alone.

A stage on the local engine provides data. A permit is applied for, approved and issued through the HTTP function. Then
each function is started `rounds` times, called once (cold) and five times more (warm). Figures are medians, in ms.

`init`: until the process requests its first event. `bare`: the same for a handler that imports nothing. `chalice`: for
an application without a route. Each process compiles what it imports, as on Lambda.
"""

from __future__ import annotations

import base64
import json
import statistics
import time
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from chalicelib.trust.services.publish_status_lists import uris
from local import setup
from local.client import Client, Refused
from local.desk import default_person
from local.engine import Engine
from local.package.runtime_api import Function, FunctionError
from local.place import Place
from local.seed import Seed
from local.stopping import scratch

ROUNDS = 5
WARM = 5
ARN = "arn:aws:execute-api:eu-central-1:000000000000:api/api/GET/v1/permits"
CLOCK = {"version": "0", "id": "1", "detail-type": "Scheduled Event", "source": "aws.events", "account": "0",
         "time": "2026-01-01T00:00:00Z", "region": "eu-central-1", "resources": [], "detail": {}}  # fmt: skip
Check = Callable[[Any], bool]


@dataclass(frozen=True, slots=True)
class Task:
    """One call of a function. `good`: true if the response is the expected one."""

    name: str
    handler: str
    event: Any
    good: Check


@dataclass(frozen=True, slots=True)
class Times:
    """Medians in milliseconds. `cold`: init and the first call together. `first`: the first call alone."""

    name: str
    init: float
    first: float
    cold: float
    warm: float


class DirectClient(Client):
    """A client that calls the HTTP function without a gateway. The event names the caller, and nothing verifies it."""

    def __init__(self, function: Function) -> None:
        super().__init__("", lambda name, role: "")
        self._function = function

    def _send(
        self, who: tuple[str, str] | None, method: str, path: str, data: bytes | None, headers: dict[str, str]
    ) -> bytes:
        answer, _ = self._function.invoke(http_event(method, path, data, headers, who))
        body: bytes = answer["body"].encode() if not answer.get("isBase64Encoded") else base64.b64decode(answer["body"])
        if answer["statusCode"] >= 400:
            raise Refused(f"{method} {path}", answer["statusCode"], body.decode(errors="replace"))
        return body


def http_event(
    method: str, path: str, data: bytes | None = None, headers: Mapping[str, str] | None = None,
    who: tuple[str, str] | None = None,
) -> dict[str, Any]:  # fmt: skip
    """The event that API Gateway sends to the HTTP function. `who`: (name, role), as from the authorizer."""
    from chalice.local import LambdaEventConverter, RouteMatcher

    from app import app

    converter = LambdaEventConverter(RouteMatcher(list(app.routes)), app.api.binary_types)
    event: dict[str, Any] = converter.create_lambda_event(method, path, {"accept": "*/*", **(headers or {})}, data)
    event["body"] = event["body"].decode() if isinstance(event["body"], bytes) else event["body"]
    event["requestContext"] |= {"requestId": "1", "authorizer": {}}
    if who:
        event["requestContext"]["authorizer"] = {"principalId": who[0], "name": who[0], "roles": who[1]}
    return event


def tasks(folder: Path, env: Mapping[str, str], base: Path) -> list[Task]:
    """Make a permit, and return the calls: two of the HTTP function, one of each other function.

    `ask_party` and `fetch_lists` are not measured, because they need other hosts.
    """
    with Function(folder, "app.app", env) as http:
        client = DirectClient(http)
        permit = Seed(client, Place(base)).tour_permit()
        issued = client.post(default_person("preparer"), f"/v1/permits/{permit['id']}/issue")
    with Function(folder, "chalicelib.composition.jobs.print_permit", env) as printer:
        if not _succeeded(printer.invoke({"permit_id": issued["id"]})[0]):
            raise FunctionError("print_permit made no print")
    pdf = _print_of(env)
    code = json.dumps({"qr": issued["qr"]}).encode()
    denied = {"type": "TOKEN", "authorizationToken": "Bearer a.b.c", "methodArn": ARN}
    jobs = "chalicelib.composition.jobs"
    return [
        Task("health", "app.app", http_event("GET", "/v1/health"), _says(200)),
        Task("verify", "app.app", http_event("POST", "/v1/verify", code, {"content-type": "application/json"}),
             lambda answer: _says(200)(answer) and json.loads(answer["body"])["outcome"] == "accept"),
        Task("access", "chalicelib.composition.access.access", denied,
             lambda answer: answer["policyDocument"]["Statement"][0]["Effect"] == "Deny"),
        Task("issue_permit", f"{jobs}.issue_permit", {"permit_id": issued["id"]}, _succeeded),
        Task("print_permit", f"{jobs}.print_permit", {"permit_id": issued["id"], "original": True}, _succeeded),
        Task("publish_status", f"{jobs}.publish_status", {"uri": uris(setup.STAGE, int(time.time()))[0]}, _succeeded),
        Task("publish_due", f"{jobs}.publish_due", CLOCK, lambda answer: "published" in answer),
        Task("sweep", f"{jobs}.sweep", CLOCK, lambda answer: "voided" in answer),
        Task("send_notices", f"{jobs}.send_notices", CLOCK, lambda answer: "sent" in answer),
        Task("read_document", f"{jobs}.read_document",
             {"data": base64.b64encode(pdf).decode(), "content_type": "application/pdf"},
             lambda answer: _succeeded(answer) and "seals" in json.dumps(answer)),
    ]  # fmt: skip


def _says(status: int) -> Check:
    return lambda answer: answer["statusCode"] == status


def _succeeded(answer: Any) -> bool:
    return isinstance(answer, dict) and "ok" in answer


def _print_of(env: Mapping[str, str]) -> bytes:
    from chalicelib.adapters.aws.client import make_client

    s3 = make_client("s3", region=env["AWS_REGION"], endpoint=env["TAMGA_ENDPOINT"])
    bucket = env["TAMGA_FILES_BUCKET"]
    listed = s3.list_objects_v2(Bucket=bucket, Prefix="prints/")["Contents"]
    data: bytes = s3.get_object(Bucket=bucket, Key=listed[-1]["Key"])["Body"].read()
    return data


def measure(archive: Path, *, rounds: int = ROUNDS, keep: Path | None = None) -> list[Times]:
    """Run all tasks and the two baselines, on an engine of its own. `keep`: a JSON file for the result.

    Raises `FunctionError` if a function does not load or does not respond as it must.
    """
    with scratch("times") as base, Engine(base / "engine") as engine:  # state kept: setup restarts the engine once
        folder = base / "package"
        with zipfile.ZipFile(archive) as opened:
            opened.extractall(folder)
        ready = setup.prepare(Place(base / "stage"), engine)
        found = [_baseline("bare", "def app(event, context):\n    return {}\n", base, rounds)]
        found.append(_baseline("chalice", "from chalice import Chalice\napp = Chalice('bare')\n", base, rounds, folder))
        for task in tasks(folder, ready.env, base):
            found.append(_timed(task, folder, ready.env, rounds))
    if keep:
        about = {"at": datetime.now(UTC).isoformat(timespec="seconds"), "rounds": rounds, "unit": "ms, median"}
        keep.write_text(json.dumps({**about, "functions": [asdict(each) for each in found]}, indent=1))
    return found


def _baseline(name: str, source: str, base: Path, rounds: int, package: Path | None = None) -> Times:
    folder = base / name
    folder.mkdir()
    (folder / "app.py").write_text(source)
    if package:
        for part in ("chalice", "urllib3", "botocore", "jmespath", "dateutil", "six.py"):
            if (package / part).exists():
                (folder / part).symlink_to(package / part)
    inits = []
    for _ in range(rounds):
        with Function(folder, "app.app") as function:
            inits.append(function.init_ms)
    return Times(name, _ms(inits), 0.0, _ms(inits), 0.0)


def _timed(task: Task, folder: Path, env: Mapping[str, str], rounds: int) -> Times:
    inits, firsts, warms = [], [], []
    for _ in range(rounds):
        with Function(folder, task.handler, env) as function:
            inits.append(function.init_ms)
            firsts.append(_call(function, task))
            warms += [_call(function, task) for _ in range(WARM)]
    colds = [init + first for init, first in zip(inits, firsts, strict=True)]
    return Times(task.name, _ms(inits), _ms(firsts), _ms(colds), _ms(warms))


def _call(function: Function, task: Task) -> float:
    answer, took = function.invoke(task.event)
    if not task.good(answer):
        raise FunctionError(f"{task.name}: {json.dumps(answer)[:600]}")
    return took


def _ms(values: list[float]) -> float:
    return round(statistics.median(values), 1)


def table(found: list[Times]) -> str:
    """Format the figures for a terminal."""
    lines = ["milliseconds (median)   init  first call  cold  warm"]
    lines += [
        f"  {each.name:20} {each.init:6.0f} {each.first:9.0f} {each.cold:7.0f} {each.warm:5.0f}" for each in found
    ]
    return "\n".join(lines)
