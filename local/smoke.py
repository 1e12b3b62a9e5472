"""Smoke test: the life of a permit through a deployed stack's own gateway and functions.

1. Health. A wrong token and an unknown path are refused.
2. Draft, submission, findings, approval by another person. The person who made a finding may not approve.
3. Issue: HTTP function -> issuing function -> KMS.
4. The original through a presigned address. It has one seal over the whole file, by the key in the trust list. The
   gateway returns the same bytes.
5. Verify code, number and file (-> reading function). A changed digit is refused.
6. Endorse at the airport. A second endorsement elsewhere gets 409 with the first use.
7. The scheduled function publishes the status list; a suspension publishes at once. A verifier without the register
   follows both.
8. The scheduled function mails each of these to the applicant.
"""

from __future__ import annotations

import json
import tempfile
import time
import urllib.request
import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from chalicelib.verdict.snapshot import NotAsked
from local import people, token
from local.client import Client, Refused
from local.desk import CUSTOMS, OTHER_CUSTOMS, ZONE, Desk, default_person
from local.mails import sent_mails
from local.ministry import tour_fields
from local.package.times import CLOCK
from local.place import Place
from local.seed import Seed
from local.stack import Stack

TOLD = ("sunkar", "applicant")

if TYPE_CHECKING:
    from chalicelib.composition.container import Container

Say = Callable[[str], None]


class SmokeError(RuntimeError):
    """Raised when a step does not end as it must."""


def run(stack: Stack, pool: people.Pool, say: Say) -> None:
    """Run all steps. Raises `SmokeError`."""
    tokens: dict[tuple[str, str], str] = {}

    def of(name: str, role: str) -> str:
        if not name:
            return role  # without a name, the role is used as an invalid token
        if (name, role) not in tokens:
            tokens[name, role] = token.token(pool, stack.outputs["RegisterTable"], name, [role])
        return tokens[name, role]

    client, deps = Client(stack.address, of), _verifier(stack)
    try:
        _doors(client)  # 1
        say("health 200; refused: a wrong token, an unknown path")
        with tempfile.TemporaryDirectory(prefix="tamga-smoke-") as scratch:
            client.put(TOLD, "/v1/me", {"notify": {"email": "sunkar@example.kg", "language": "en"}})
            permit = Seed(client, Place(Path(scratch))).tour_permit()  # 2
            _two_people(client)
        say("submitted, findings recorded, approved; refused: approval by the person who made a finding")
        issued = client.post(default_person("preparer"), f"/v1/permits/{permit['id']}/issue")  # 3
        _must(issued["state"] == "issued" and len(issued["qr"]) > 300, "issue", issued)
        say(f"issued {issued['number']}: a code of {len(issued['qr'])} characters")
        pdf = _print(client, issued, deps)  # 4
        say(f"PDF of {len(pdf) // 1000} kB by a presigned address, sealed by the listed key; through the gateway too")
        _verified(client, issued, pdf)  # 5
        say("code, number and file accepted; a changed digit is refused, and none of its data are shown")
        _used_once(client, issued)  # 6
        say("endorsed at manas-airport; refused at osh-airport: 409 with the first use")
        _lists(client, issued, stack, deps)  # 7
        say("status list published by the schedule, and at once for a suspension; offline verdicts agree with it")
        _mailed(issued, stack)  # 8
        say("the schedule sends the applicant one mail for each step, and none twice")
    except Refused as error:
        raise SmokeError(str(error)) from error
    except KeyError as error:
        raise SmokeError(f"an answer has no {error}") from error


def _must(good: bool, what: str, seen: Any) -> None:
    if not good:
        raise SmokeError(f"{what}: {json.dumps(seen, ensure_ascii=False, default=str)[:800]}")


def _refused(what: str, statuses: tuple[int, ...], work: Callable[[], Any]) -> Any:
    """Require that `work` is refused with one of these statuses, and return the problem."""
    try:
        seen = work()
    except Refused as error:
        _must(error.status in statuses, f"{what}: {error.status} is none of {statuses}", error.problem)
        return error.problem
    raise SmokeError(f"{what} was not refused: {json.dumps(seen)[:400]}")


def _verifier(stack: Stack) -> Container:
    """A verifier outside the stack, with the pinned root and the published lists, and without keys."""
    from chalicelib.composition.container import container_of
    from chalicelib.platform.config import from_env

    return container_of(from_env({
        "TAMGA_PINS": stack.parameters["Pins"],
        "TAMGA_TABLE": stack.outputs["RegisterTable"],
        "TAMGA_STATIC_BUCKET": stack.outputs["StaticBucket"],
        "TAMGA_ENDPOINT": stack.engine.endpoint,
        "AWS_REGION": stack.engine.region,
        "TAMGA_HOST": stack.parameters["PublicHost"],
    }))  # fmt: skip


def _doors(client: Client) -> None:
    anybody = ("", "no.such.token")
    _must(client.get(default_person("preparer"), "/v1/health")["status"] == "ok", "health", "not ok")
    # On AWS 401 and 404, from infra/gateway_responses.py. The engine does not use those responses.
    _refused("a list without a token of the pool", (401, 403), lambda: client.get(anybody, "/v1/permits"))
    _refused("an unknown path", (403, 404), lambda: client.get(default_person("preparer"), "/v1/nothing-here"))


def _two_people(client: Client) -> None:
    """Check that the person who made a finding cannot approve, even with the role of an approver."""
    applicant, (name, _) = default_person("applicant"), default_person("preparer")
    draft = Desk(client).draft("smoke", applicant[0], tour_fields(datetime.now(ZONE).date()))
    path = f"/v1/permits/{draft['id']}"
    submitted = client.post(applicant, f"{path}/submit")
    finding = {"kind": "legal_acquisition", "result": "positive", "note": "Breeder's papers seen."}
    client.post((name, "preparer"), f"{path}/findings", finding)
    body = {"digest": submitted["digest"]}
    problem = _refused("approving one's own", (403,), lambda: client.post((name, "approver"), f"{path}/approve", body))
    _must("two-people" in str(problem), "approving one's own", problem)


def _print(client: Client, issued: Any, deps: Container) -> bytes:
    from chalicelib.reading.read_document import read

    path = f"/v1/permits/{issued['id']}/pdf?original=true"
    address = client.get(default_person("preparer"), path)["url"]
    with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(address, timeout=60) as answer:
        pdf: bytes = answer.read()
    _must(pdf.startswith(b"%PDF-"), "the download is a PDF", pdf[:20])
    found = read(pdf, "application/pdf")
    listed = deps.trust().list_for(deps.stage.issuer)
    assert listed is not None
    prints = {key.fingerprint.hex() for key in listed.keys if key.purpose == "pdf" and key.fingerprint}
    seal = found.seals[0] if len(found.seals) == 1 else None
    good = seal is not None and seal.intact and seal.whole_file and seal.certified and seal.fingerprint in prints
    _must(good, "one seal by the listed key over the whole file", found.seals)
    through = client.pdf(default_person("preparer"), path)
    _must(sha256(through).digest() == sha256(pdf).digest(), "the same bytes through the gateway", through[:60])
    return pdf


def _verified(client: Client, issued: Any, pdf: bytes) -> None:
    anybody = default_person("preparer")
    found = client.post(anybody, "/v1/verify", {"qr": issued["qr"]})
    _must(found["outcome"] == "accept", "verify the code", found)
    number = f"/v1/verify/number?number={issued['number'].replace('/', '%2F')}&code={issued['check_code']}"
    _must(client.get(anybody, number)["outcome"] == "accept", "verify the number", number)
    other = "1" if issued["qr"][-40] != "1" else "2"
    forged = client.post(anybody, "/v1/verify", {"qr": issued["qr"][:-40] + other + issued["qr"][-39:]})
    _must(forged["outcome"] != "accept" and not forged.get("permit"), "a changed digit", forged)
    read = json.loads(client._send(anybody, "POST", "/v1/verify/document", pdf, {"Content-Type": "application/pdf"}))
    _must(read["outcome"] == "accept", "verify the file", read)


def _used_once(client: Client, issued: Any) -> None:
    lines = [{"line": "A", "quantity": issued["lines"][0]["quantity"]}]

    def endorse(who: tuple[str, str], post: str) -> Any:
        body = {
            "event_id": str(uuid.uuid4()),
            "qr": issued["qr"],
            "post": post,
            "direction": "export",
            "endorsed_at": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "lines": lines,
            "transport_document": "AWB 176-12345675",
        }
        return client.post(who, "/v1/endorsements", body)

    receipt = endorse(CUSTOMS, "manas-airport")
    _must(receipt["post"] == "manas-airport", "endorse", receipt)
    problem = _refused("a second endorsement", (409,), lambda: endorse(OTHER_CUSTOMS, "osh-airport"))
    _must(problem["first_use"]["post"] == "manas-airport", "the loser is told of the winner", problem)
    leaving = client.post(CUSTOMS, "/v1/verify", {"qr": issued["qr"], "direction": "export"})
    _must(any(each["code"].startswith("U") for each in leaving["codes"]), "used, at the next post", leaving)


def _lists(client: Client, issued: Any, stack: Stack, deps: Container) -> None:
    made = stack.client("lambda").invoke(FunctionName="tamga-practice-publish_due", Payload=json.dumps(CLOCK).encode())
    answer = json.loads(made["Payload"].read())
    _must("FunctionError" not in made and "published" in answer, "publish_due", answer)
    fetched = stack.client("lambda").invoke(
        FunctionName="tamga-practice-fetch_lists", Payload=json.dumps(CLOCK).encode()
    )
    answer = json.loads(fetched["Payload"].read())
    _must(
        answer == {"kept": 0, "parties_failed": 0, "oldest_party_list": 0}, "fetch_lists", answer
    )  # no Party is pinned
    used = _offline(issued["qr"], deps)
    _must(used in {"hold", "check"}, "a used permit, offline", used)
    reason = {"reason": "A ring number occurs twice in the breeder's book."}
    client.post(default_person("approver"), f"/v1/permits/{issued['id']}/suspend", reason)
    suspended = _offline(issued["qr"], deps)
    _must(suspended in {"hold", "reject"}, "a suspended permit, offline", suspended)


def _mailed(issued: Any, stack: Stack) -> None:
    for _ in range(2):  # the second run sends nothing: each mail goes out once
        asked = {"FunctionName": "tamga-practice-send_notices", "Payload": json.dumps(CLOCK).encode()}
        answer = json.loads(stack.client("lambda").invoke(**asked)["Payload"].read())
        _must(answer.get("left") == 0 and "sent" in answer, "send_notices", answer)
    said = [mail["Subject"] for mail in sent_mails(stack.engine.endpoint) if issued["number"] in mail["Subject"]]
    told = ["Document issued", "Document suspended", "Document used at a border post"]
    _must(sorted(each.rpartition(" · ")[2] for each in said) == told, "the mails", said)


def _offline(qr: str, deps: Container) -> str:
    """The outcome for a verifier that has the published lists and no register."""
    from chalicelib.trust.services.publish_status_lists import published, uris
    from chalicelib.verdict import verdict

    now, trust = int(time.time()), deps.trust()
    found = {uri: published(uri, deps) for uri in uris(deps.stage, now)}
    lists = {uri: each for uri, each in found.items() if each is not None}
    return str(verdict.judge(qr, trust=trust, status=lists, register=NotAsked(), now=now).outcome)
