"""Roles and operations over HTTP: every cell of the matrix answers as the table of roles says (kernel/roles.py).

Another owner's permit gives 404, a wrong role 403, and nothing gives a 5xx. Some operations are narrower than the
table, as their cell says, because each finding belongs to one authority, endorsing to the bodies of a post.
"""

from __future__ import annotations

import base64
import gzip
import itertools
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from desk import approved, draft, issued, ok, saker, submitted
from enforcing import (
    FOUND,
    USE,
    a_case,
    an_alert,
    an_amended_case,
    an_answered_alert,
    an_entry,
    correction,
    found,
    paper,
    paper_asked,
    paper_at_post,
    paper_stamped,
    paper_used,
    question,
    question_asked,
    watched,
)  # fmt: skip
from http_client import Answer, call
from office import MemoryOffice
from species_files import listing, text
from staff import staffed
from suspecting import OPERATION, flagged

from app import app
from chalicelib.applications.services import draft as applications_draft
from chalicelib.composition import container
from chalicelib.http.blueprint import Blueprint
from chalicelib.kernel import codes
from chalicelib.kernel.days import to_text
from chalicelib.kernel.roles import FINDING_ROLES, OPERATIONS, ROLES
from chalicelib.kernel.rows import Put
from chalicelib.people import services as people
from chalicelib.permits.services import store
from chalicelib.verdict.snapshot import ArrivalReport, ReportedQuantity

POST = "manas-airport"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(32)
KEY = ec.generate_private_key(ec.SECP256R1())
PUBLIC_KEY = base64.b64encode(KEY.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).decode()
_serial = itertools.count()
TERMS = sorted(codes.TERMS)


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


def differing(owner: str) -> dict[str, Any]:
    """Return a permit whose uses were deleted in the table after our status list showed it as used."""
    permit, office = endorsed(owner), container.deps()
    dossier = store.load(office.register, permit["id"])
    office.publish_here(dossier.status_uri or "")
    row = office.register.get(store.dossier_key(dossier.id))
    assert row is not None
    office.register.commit(
        Put(row.key, {**row.data, "uses": [], "version": row.version + 1}, expected_version=row.version)
    )
    return permit


def photographed(owner: str) -> dict[str, Any]:
    event = endorsed(owner)
    path = f"/v1/endorsements/{event['event_id']}/photo"
    return {**event, **ok(call("POST", path, data=PNG, content_type="image/png", token="aizada"), 201)}


def stopped(owner: str) -> dict[str, Any]:
    """Return a draft with a hard stop: a wild saiga for commercial purposes."""
    line = {**saker()["lines"][0], "scientific_name": "Saiga tatarica", "source": "W", "term": "HOR", "quantity": "2"}
    return {"id": draft(owner, purpose="T", lines=[line])}


def override_body(permit: dict[str, Any]) -> dict[str, Any]:
    found = ok(call("GET", f"/v1/permits/{permit['id']}/stops", token="approver"))
    named = [{"field": each["field"], "code": each["code"]} for each in found["items"]]
    return {"stops": named, "reason": "an exception in writing", "digest": found["digest"]}


def on_paper(owner: str) -> dict[str, Any]:
    return endorsed(owner, recorded="paper")


def with_paper(owner: str) -> dict[str, Any]:
    permit = draft(owner)
    paper = ok(call("POST", f"/v1/permits/{permit}/attachments", data=PNG, content_type="image/png", token=owner,
                    query={"name": "cage.png"}), 201)  # fmt: skip
    return {"id": permit, "attachment_id": paper["id"]}


def deputation(deputy: str) -> dict[str, str]:
    today = container.deps().stage.today(container.deps().clock()).isoformat()
    return {"deputy": deputy, "represented": "u-appr2", "first": today, "last": today, "reason": "leave"}


def named_deputy(_: str) -> dict[str, Any]:
    made: dict[str, Any] = ok(call("POST", "/v1/deputies", deputation("u-prep"), token="approver"), 201)
    return made


_unanswered: list[Any] = []


def unanswered(_: str) -> Any:
    """Return a flag without an answer. The last one is reused until it is answered.

    Each new run of the patterns would read all data of these tests.
    """
    if (
        not _unanswered
        or call("GET", f"/v1/patterns/{_unanswered[0]['id']}", token="a-enforcement").json != _unanswered[0]
    ):
        _unanswered[:] = [flagged()]
    return _unanswered[0]


def a_run() -> dict[str, str]:
    return {
        "prefix": f"T{chr(65 + next(_serial) % 26)}-",
        "first": f"{next(_serial):05}",
        "last": f"{next(_serial):05}",
    }


def run_of_stamps(_: str) -> dict[str, Any]:
    made: dict[str, Any] = ok(call("POST", "/v1/stamps", a_run(), token="a-admin"), 201)
    return made


def a_quota() -> dict[str, Any]:
    return {"year": 2100 + next(_serial) % 99, "scientific_name": "Ovis ammon", "quantity": "5", "source": "Order 12",
            "terms": [TERMS[next(_serial) % len(TERMS)]], "as_of": "2026-01-15"}  # fmt: skip


def reported(token: str) -> dict[str, Any]:
    """Return an issued permit whose arrival another Party reported."""
    permit, now = issued(token), container.deps().clock()
    report = ArrivalReport("AE", now, (ReportedQuantity("A", "1"),), "d" * 64, "1")
    store.change(permit["id"], store.SYSTEM, lambda old: store.Change(
        old.but(confirmations=(report,)), "confirmed_abroad"), container.deps(), any_owner=True)  # fmt: skip
    return permit


def to_set_aside(token: str) -> dict[str, Any]:
    permit = reported(token)
    body = {"country": "AE", "reason": "because"}
    ok(call("POST", f"/v1/permits/{permit['id']}/exchange/set-aside", body, token="preparer"), 202)
    return permit


def entered_quota(_: str) -> dict[str, Any]:
    made: dict[str, Any] = ok(call("POST", "/v1/quotas", a_quota(), token="a-admin"), 201)
    return made


def proposed_quota(_: str) -> dict[str, Any]:
    made = entered_quota(_)
    higher = {"quantity": "7", "source": "Order 31", "as_of": "2026-06-01", "reason": "count"}
    waits: dict[str, Any] = ok(call("PUT", f"/v1/quotas/{made['id']}", higher, token="a-admin2"), 202)
    return waits


def proposed_desk(_: str) -> dict[str, Any]:
    path = "/v1/duty-desks/customs"
    desk = next(
        each for each in ok(call("GET", "/v1/duty-desks", token="a-admin"))["items"] if each["agency"] == "customs"
    )
    if not desk["addresses"]:
        ok(call("PUT", path, {"notify": {"email": "d@example.kg", "language": "ky"}}, token="a-admin2"))
    waits: dict[str, Any] = ok(call("PUT", path, {"notify": None}, token="a-admin2"), 202)
    return waits


def as_proposed(proposed: dict[str, Any]) -> dict[str, Any]:
    return {"version": proposed["version"]}


def a_list() -> bytes:
    """Return a list with a taxon that no earlier list had."""
    name = "".join("abcdefghij"[int(digit)] for digit in str(next(_serial)))
    return gzip.compress(text([listing(f"9{next(_serial)}", f"Falco novus{name}", "II", Class="Aves")]).encode())


def upload(token: str) -> Answer:
    return call("POST", "/v1/species-lists", data=a_list(), content_type="application/gzip", token=token,
                query={"name": "a.csv", "as_of": "2026-11-20"})  # fmt: skip


def waiting_list(_: str) -> dict[str, Any]:
    """Upload a list and return it, because only one waits at a time."""
    made: dict[str, Any] = ok(upload("a-admin"), 201)
    return made


def registered(_: str) -> dict[str, Any]:
    body = {"public_key": PUBLIC_KEY, "post": POST}
    made: dict[str, Any] = ok(call("POST", "/v1/devices", body, token="aizada"), 201)
    return made


def scan_body(permit: dict[str, Any]) -> dict[str, Any]:
    return {"event_id": str(uuid.uuid4()), "qr": permit["qr"], "post": POST, "direction": "export",
            "scanned_at": to_text(container.deps().clock()), "goods_present": True}  # fmt: skip


def endorsement_body(permit: dict[str, Any], **changes: Any) -> dict[str, Any]:
    return {"event_id": str(uuid.uuid4()), "qr": permit["qr"], "post": POST, "direction": "export",
            "endorsed_at": to_text(container.deps().clock()), "lines": [{"line": "A", "quantity": "2"}],
            "transport_document": f"AWB {next(_serial)}", **changes}  # fmt: skip


@dataclass(frozen=True)
class Operation:
    """One call.

    `name`: operation in kernel/roles.py. `state`: makes a permit that fits. `also`: narrower set of roles.
    """

    method: str
    path: str
    name: str
    state: Callable[[str], Any] | None
    body: Callable[[Any], Any] = lambda permit: None
    raw: bool = False
    csv: bool = False
    packed: bool = False
    query: dict[str, str] | None = None
    also: frozenset[str] = frozenset(ROLES)
    accept: str = "*/*"
    owned: bool = True  # False: officers act on permits of any owner


def reason(_: Any) -> Any:
    return {"reason": "because"}


def of_finding(kind: str) -> Callable[[Any], Any]:
    return lambda permit: {"kind": kind, "result": "positive", "note": "seen"}


def ids(state: Callable[..., str]) -> Callable[[str], Any]:
    return lambda owner: {"id": state(owner)}


ONE = "/v1/permits/{id}"
BODIES = people.posts("KG")[POST].bodies
ALL = [
    Operation("POST", "/v1/permits", "create", None, lambda p: saker(), owned=False),
    Operation("POST", "/v1/permits/check", "submit", None, lambda p: saker(), owned=False),
    Operation("GET", "/v1/permits", "see", None, owned=False),
    Operation("GET", ONE, "see", ids(draft)),
    Operation("PUT", ONE, "edit", ids(draft), lambda p: saker(stamp_number="AB 1")),
    Operation("POST", f"{ONE}/submit", "submit", ids(draft)),
    Operation("POST", f"{ONE}/attachments", "attach", ids(draft), raw=True, query={"name": "a.png"}),
    Operation("GET", ONE + "/attachments/{attachment_id}", "see", with_paper),
    Operation("POST", ONE + "/attachments/{attachment_id}/remove", "detach", with_paper, reason,
              also=frozenset({"applicant"})),  # the ministry removes its own attachments only (test_take_back.py)
    Operation("POST", f"{ONE}/withdraw", "withdraw", submitted, reason, also=frozenset({"applicant"})),
    Operation("GET", f"{ONE}/history", "history", ids(draft)),
    Operation("POST", f"{ONE}/return", "return", submitted, reason),
    Operation("POST", f"{ONE}/refuse", "refuse", submitted, reason),
    Operation("POST", f"{ONE}/findings", "find", submitted, of_finding("legal_acquisition"),
              also=frozenset({"preparer"})),
    Operation("POST", f"{ONE}/findings", "find", submitted, of_finding("bred_or_propagated"),
              also=frozenset({"scientist"})),
    Operation("POST", f"{ONE}/approve", "approve", examined, lambda p: {"digest": p["digest"]}),
    Operation("POST", f"{ONE}/issue", "issue", approved),
    Operation("GET", f"{ONE}/stops", "stops", ids(draft)),
    Operation("POST", f"{ONE}/override", "override", stopped, override_body),
    Operation("GET", "/v1/overrides", "stops", None, owned=False),
    Operation("POST", f"{ONE}/suspend", "suspend", issued, reason),
    Operation("POST", f"{ONE}/reinstate", "reinstate", suspended, reason),
    Operation("POST", f"{ONE}/revoke", "revoke", issued, lambda p: {"reason": "r", "for_cause": True}),
    Operation("POST", f"{ONE}/difference", "settle_difference", differing,
              lambda p: {"choice": "restore", "reason": "compared"}),
    Operation("POST", f"{ONE}/surrender", "surrender", issued, reason),
    Operation("POST", f"{ONE}/lost", "lost", issued, lambda p: {"reason": "r", "how": "stolen"}),
    Operation("POST", f"{ONE}/replace", "replace", issued, reason),
    Operation("GET", f"{ONE}/preview", "preview", submitted, accept="application/pdf"),
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
    Operation("GET", "/v1/endorsements/{event_id}/photos", "see_photos", endorsed, owned=False),
    Operation("GET", "/v1/endorsements/{event_id}/photos/{sha256}", "see_photos", photographed, owned=False),
    Operation("POST", "/v1/endorsements/{event_id}/undo", "undo", endorsed,
              lambda p: {"event_id": str(uuid.uuid4()), "reason": "goods still here"}, also=BODIES | {"approver"},
              owned=False),
    Operation("GET", "/v1/devices", "devices", None, query={"post": POST}, owned=False),
    Operation("GET", "/v1/devices/{device_id}/kept", "devices", registered, owned=False),
    Operation("POST", "/v1/devices", "device", None, lambda p: {"public_key": PUBLIC_KEY, "post": POST}, owned=False),
    Operation("POST", "/v1/devices/{device_id}/revoke", "lose_device", registered, owned=False),
    Operation("GET", "/v1/bundle", "bundle", None, owned=False),
    Operation("GET", "/v1/bundle/{part}", "bundle", lambda owner: {"part": "species"}, owned=False),
    Operation("GET", "/v1/deputies", "deputies", None, owned=False),
    Operation("POST", "/v1/deputies", "name_deputy", None, lambda p: deputation("u-prep"), owned=False),
    Operation("POST", "/v1/deputies/{id}/confirm", "name_deputy", named_deputy, owned=False),
    Operation("POST", "/v1/deputies/{id}/end", "deputies", named_deputy, also=frozenset({"approver", "admin"}),
              owned=False),
    Operation("GET", "/v1/stamps", "stamps", None, owned=False),
    Operation("GET", "/v1/stamps/{id}", "stamps", run_of_stamps, owned=False),
    Operation("POST", "/v1/stamps", "stock", None, lambda p: a_run(), owned=False),
    Operation("POST", f"{ONE}/stamp", "stamp", issued, lambda p: {"number": f"KG-H {uuid.uuid4().hex}"}),
    Operation("POST", "/v1/stamps/spoiled", "write_off", run_of_stamps,
              lambda p: {"number": p["first"], "reason": "torn"}, owned=False),
    Operation("POST", "/v1/foreign-permits", "record_foreign", None, lambda p: paper(), owned=False),
    Operation("GET", "/v1/foreign-permits", "see_foreign", None, owned=False),
    Operation("GET", "/v1/foreign-permits/known", "record_foreign", None,
              query={"issuer": "KZ", "number": "KZ-1"}, owned=False),
    Operation("GET", "/v1/foreign-permits/import-permit", "record_foreign", None,
              query={"number": "26KG000001/I"}, owned=False),
    Operation("GET", "/v1/foreign-permits/{id}", "see_foreign", paper_at_post, owned=False),
    Operation("PUT", "/v1/foreign-permits/{id}", "record_foreign", paper_at_post, correction, owned=False),
    Operation("GET", "/v1/foreign-permits/{id}/history", "see_foreign", paper_at_post, owned=False),
    Operation("POST", "/v1/foreign-permits/{id}/endorse", "record_foreign",
              paper_at_post, lambda p: USE, also=BODIES, owned=False),
    Operation("POST", "/v1/foreign-permits/{id}/confirm", "endorse", paper_stamped, also=BODIES, owned=False),
    Operation("POST", "/v1/foreign-permits/{id}/withdraw", "undo", paper_used, reason,
              also=BODIES | {"approver"}, owned=False),
    Operation("POST", "/v1/foreign-permits/{id}/photos", "record_foreign", paper_at_post, raw=True, owned=False),
    Operation("GET", "/v1/foreign-permits/{id}/photos/{sha256}", "see_foreign", paper_at_post, owned=False),
    Operation("POST", "/v1/foreign-permits/{id}/enquiries", "ask_issuer", paper_at_post, owned=False),
    Operation("POST", "/v1/foreign-permits/{id}/answers", "ask_issuer", paper_asked,
              lambda p: {"result": "confirmed", "text": "ours", "received_on": "2026-11-25"}, owned=False),
    Operation("POST", "/v1/expert-questions", "ask_expert", None, lambda p: question(), owned=False),
    Operation("GET", "/v1/expert-questions", "see_questions", None, query={"post": "dostuk"}, owned=False),
    Operation("GET", "/v1/expert-questions/{id}", "see_questions", question_asked, owned=False),
    Operation("POST", "/v1/expert-questions/{id}/photos", "ask_expert", question_asked, raw=True, owned=False),
    Operation("GET", "/v1/expert-questions/{id}/photos/{sha256}", "see_questions", question_asked, owned=False),
    Operation("POST", "/v1/expert-questions/{id}/answers", "answer_question", question_asked,
              lambda p: {"certain": "certain", "taxon": "Ovis ammon", "text": "rings"}, owned=False),
    Operation("GET", f"{ONE}/epix", "see", issued),
    Operation("GET", f"{ONE}/exchange", "exchange", issued),
    Operation("POST", f"{ONE}/exchange/set-aside", "set_aside_report", reported,
              lambda p: {"country": "AE", "reason": "because"}),
    Operation("POST", f"{ONE}/exchange/set-aside/confirm", "confirm_set_aside", to_set_aside,
              lambda p: {"country": "AE"}),
    Operation("GET", "/v1/exchange/parties", "exchange", None, owned=False),
    Operation("GET", "/v1/exchange/asked", "ask_party", None, query={"country": "UZ", "number": "1"}, owned=False),
    Operation("GET", "/v1/exchange/arrived", "ask_party", None, query={"country": "UZ", "number": "1"}, owned=False),
    Operation("GET", "/v1/exchange/services", "ask_party", None, owned=False),
    Operation("GET", "/v1/exchange/parties/AE/calls", "exchange", None, owned=False),
    Operation("PUT", "/v1/exchange/parties/AE", "parties", None,
              lambda p: {"certificates": ["a" * 64], "may": ["ServiceState"], "active": True}, owned=False),
    Operation("GET", "/v1/quotas", "quotas", None, query={"year": "2026"}, owned=False),
    Operation("POST", "/v1/quotas", "set_quota", None, lambda p: a_quota(), owned=False),
    Operation("PUT", "/v1/quotas/{id}", "set_quota", entered_quota,
              lambda p: {"quantity": "4", "source": "Order 31", "as_of": "2026-06-01", "reason": "count"}, owned=False),
    Operation("POST", "/v1/quotas/{id}/confirm", "set_quota", proposed_quota, as_proposed, owned=False),
    Operation("GET", "/v1/quotas/{id}/history", "quotas", entered_quota, owned=False),
    Operation("GET", "/v1/species-lists", "species_lists", None, owned=False),
    Operation("POST", "/v1/species-lists", "propose_species", None, packed=True, owned=False),
    Operation("GET", "/v1/species-lists/{digest}/changes", "species_lists", waiting_list, owned=False),
    Operation("POST", "/v1/species-lists/{digest}/publish", "publish_species", waiting_list, owned=False),
    Operation("POST", "/v1/species-lists/{digest}/reject", "species_lists", waiting_list, reason,
              also=frozenset({"admin", "approver"}), owned=False),
    Operation("POST", "/v1/cases", "open_case", None, lambda p: found(), owned=False),
    Operation("GET", "/v1/cases", "see_cases", None, owned=False),
    Operation("GET", "/v1/cases/summary", "see_cases", None, owned=False),
    Operation("GET", "/v1/cases/table", "export_cases", None, owned=False),
    Operation("GET", "/v1/cases/table", "export_people", None, query={"people": "true"}, owned=False),
    Operation("POST", "/v1/cases/table", "import_cases", None, csv=True, owned=False),
    Operation("GET", "/v1/cases/{id}", "see_cases", a_case, owned=False),
    Operation("PUT", "/v1/cases/{id}", "amend_case", a_case, lambda p: {**FOUND, "version": 1}, owned=False),
    Operation("POST", "/v1/cases/{id}/custody", "custody", a_case, lambda p: {"what": "4 birds", "taker": "zoo"},
              owned=False),
    Operation("POST", "/v1/cases/{id}/followups", "follow_up", a_case, lambda p: {"kind": "note", "text": "x"},
              owned=False),
    Operation("POST", "/v1/cases/{id}/photos", "open_case", a_case, raw=True,
              also=frozenset({"customs", "enforcement"}), owned=False),
    Operation("GET", "/v1/cases/{id}/photos/{sha256}", "see_cases", a_case, owned=False),
    Operation("GET", "/v1/cases/{id}/history", "case_history", a_case, owned=False),
    Operation("GET", "/v1/cases/{id}/versions/{kept}", "see_cases", an_amended_case, owned=False),
    Operation("GET", "/v1/cases/{id}/abroad", "share_abroad", a_case, owned=False),
    Operation("GET", "/v1/patterns", "patterns", None, owned=False),
    Operation("GET", "/v1/patterns/summary", "patterns", None, owned=False),
    Operation("GET", "/v1/patterns/{id}", "patterns", unanswered, owned=False),
    Operation("POST", "/v1/patterns/{id}/acknowledge", "answer_pattern", unanswered, also=frozenset({"enforcement"}),
              owned=False),
    Operation("POST", "/v1/patterns/{id}/answer", "answer_pattern", unanswered,
              lambda p: {"result": "explained", "reason": "seen"}, also=frozenset({"enforcement"}), owned=False),
    Operation("GET", "/v1/operations", "operations", None, owned=False),
    Operation("POST", "/v1/operations", "set_operation", None, lambda p: OPERATION, owned=False),
    Operation("GET", "/v1/reports/annual-trade", "reports", None, query={"year": "2026"}, owned=False),
    Operation("GET", "/v1/reports/annual-trade/check", "reports", None, query={"year": "2026"}, owned=False),
    Operation("GET", "/v1/reports/illegal-trade", "reports", None, query={"year": "2026"}, owned=False),
    Operation("GET", "/v1/reports/reconciliation", "reports", None, query={"year": "2026"}, owned=False),
    Operation("GET", "/v1/alerts", "see_alerts", None, query={"open": "true"}, owned=False),
    Operation("GET", "/v1/alerts/{id}", "see_alerts", an_alert, owned=False),
    Operation("POST", "/v1/alerts/{id}/acknowledge", "acknowledge", an_alert, lambda p: {"note": "seen"}, owned=False),
    Operation("POST", "/v1/alerts/{id}/reopen", "acknowledge", an_answered_alert, reason, owned=False),
    Operation("GET", "/v1/alerts/{id}/abroad", "share_abroad", an_alert, owned=False),
    Operation("GET", "/v1/watch-list", "see_watch", None, owned=False),
    Operation("POST", "/v1/watch-list", "watch", None, lambda p: watched(), owned=False),
    Operation("POST", "/v1/watch-list/{id}/end", "watch", an_entry, reason, owned=False),
    Operation("GET", "/v1/duty-desks", "see_duty_desks", None, owned=False),
    Operation("PUT", "/v1/duty-desks/{agency}", "duty_desks", lambda p: {"agency": "police"},
              lambda p: {"notify": None}, owned=False),
    Operation("POST", "/v1/duty-desks/{agency}/confirm", "duty_desks", proposed_desk, as_proposed, owned=False),
    Operation("GET", "/v1/duty-desks/{agency}/history", "see_duty_desks", lambda p: {"agency": "police"}, owned=False),
    Operation("GET", "/v1/me", "me", None, owned=False),
    Operation("PUT", "/v1/me", "notify", None, lambda p: {"notify": None}, owned=False),
]  # fmt: skip


@pytest.fixture(scope="module")
def ministry() -> Iterator[MemoryOffice]:
    made = staffed()
    container.replace_deps(made)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(applications_draft, "DRAFTS_AT_MOST", 10_000)  # each cell makes its own draft
        yield made
    container.replace_deps(None)


def ask(operation: Operation, role: str, permit: Any) -> Answer:
    path = operation.path.format(**(permit or {}))
    options: dict[str, Any] = {"token": f"a-{role}", "query": operation.query, "ACCEPT": operation.accept}
    if operation.packed:
        return upload(f"a-{role}")
    if operation.csv:
        return call(operation.method, path, data=b"database_id\n", content_type="text/csv", **options)
    if operation.raw:
        return call(operation.method, path, data=PNG, content_type="image/png", **options)
    return call(operation.method, path, operation.body(permit), **options)


def title(operation: Operation) -> str:
    return f"{operation.method} {operation.path.removeprefix('/v1/')} {operation.name}"


@pytest.mark.parametrize("whose", ["own", "foreign"])
@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("operation", ALL, ids=title)
def test_cell(ministry: MemoryOffice, operation: Operation, role: str, whose: str) -> None:
    """One cell of the matrix: operation, role, own or foreign permit."""
    if operation.state is None and whose == "foreign":
        return  # the operation has no owned object
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
        assert answer.status in {200, 201, 202}, answer.body


def shape(path: str) -> str:
    return "/".join("{}" if part.startswith("{") else part for part in path.split("/"))


def test_every_route_with_authorizer_is_in_matrix() -> None:
    covered = {(operation.method, shape(operation.path.replace("/AE", "/{country}"))) for operation in ALL}
    asked = {
        (method, shape(path)) for path, methods in app.routes.items() for method, entry in methods.items()
        if entry.authorizer is not None
    }  # fmt: skip
    # tested in test_sync.py, test_exchange_tls.py, test_arrived.py, test_looked_at.py
    elsewhere = {"/v1/sync", "/v1/exchange/ask", "/v1/exchange/arrived", "/v1/scans/document"}
    assert asked - covered == {("POST", path) for path in elsewhere}


def test_every_route_declares_its_roles_as_in_contract(ministry: MemoryOffice) -> None:
    contract = ok(call("GET", "/v1/openapi.json"))
    for path, item in contract["paths"].items():
        for method, described in item.items():
            entry = app.routes[path][method.upper()].view_function.operation
            assert entry.public == (entry.may == "") == ({} in described["security"])
            if entry.may:
                assert described["x-roles"] == sorted(OPERATIONS[entry.may])
            names = {each.name for each in ALL if (each.method, shape(each.path)) == (method.upper(), shape(path))}
            assert not names or entry.may in names, path
            assert all(OPERATIONS[name] <= OPERATIONS[entry.may] for name in names), path


def test_wrong_role_is_refused_before_body_is_parsed(ministry: MemoryOffice) -> None:
    for operation in ALL:
        strangers = set(ROLES) - OPERATIONS[operation.name]
        if strangers and operation.name != "original":
            path = operation.path.replace("{", "").replace("}", "")
            answer = call(operation.method, path, {"nonsense": 1}, token=f"a-{min(strangers)}")
            assert (answer.status, answer.slug) == (403, "forbidden"), operation


def test_route_without_operation_or_with_both_is_refused() -> None:
    for options in ({}, {"may": "fly"}, {"may": "see", "public": True}):
        with pytest.raises(ValueError, match="an operation of kernel"):
            Blueprint(__name__).route("/x", **options)
