"""Applications over HTTP: drafts, submission, findings, decisions, hard stops and overrides, withdrawal.

One route calls one service.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.applications import schemas as applications_schemas
from chalicelib.applications.schemas import (
    Checked,
    OptionOfWarning,
    OverrideOfYear,
    Overrides,
    PermitOfStop,
    StopLetPass,
    StopOfApplication,
    Stops,
    WarningOfField,
)
from chalicelib.applications.services import decide, draft, overrides
from chalicelib.http import requests
from chalicelib.http.answers import Download
from chalicelib.http.blueprint import FILES, KB, Blueprint, Call
from chalicelib.http.problems import refusal
from chalicelib.http.requests import Nothing
from chalicelib.kernel.days import to_text
from chalicelib.kernel.errors import FieldError, FieldWarning
from chalicelib.kernel.files import FILE_CAP
from chalicelib.kernel.rows import RowData
from chalicelib.permits import schemas as permits_schemas
from chalicelib.permits.http import permit_response, version_read
from chalicelib.permits.model.dossier import Override
from chalicelib.permits.schemas import Attachment, Permit

if TYPE_CHECKING:
    from chalicelib.species.services.list_in_use import SpeciesDeps


blueprint: Blueprint[SpeciesDeps] = Blueprint(__name__)

ONE = "/v1/permits/{permit_id}"

DRAFT_CAP = 256 * KB  # sixty lines with all their texts

PAPER_SECONDS = 300  # lifetime of a download address


@blueprint.route(
    "/v1/permits",
    method="POST",
    body=applications_schemas.ApplicationBody,
    cap=DRAFT_CAP,
    status=201,
    returns="Permit",
    may="create",
)
def create(call: Call[SpeciesDeps]) -> Permit:
    """Make a draft.

    Malformed fields are refused, but missing fields are accepted. An Idempotency-Key header makes a retry safe.
    """
    made = draft.create(
        call.body.application(), call.actor, call.deps, idempotency_key=call.headers.get("idempotency-key")
    )
    return permit_response(call, made)


@blueprint.route(
    "/v1/permits/check",
    method="POST",
    body=applications_schemas.ApplicationBody,
    cap=DRAFT_CAP,
    query=applications_schemas.CheckQuery,
    returns="Checked",
    may="submit",
)
def check(call: Call[SpeciesDeps]) -> Checked:
    """Check an application without writing anything.

    `errors`: all that submission would refuse today. `findings_needed`: the findings that it will require, once
    `errors` is empty. `permit`: the draft that the application belongs to. A hard stop that a valid override on it lets
    pass is then not in `errors`. `warnings`: remarks that refuse nothing.
    """
    application = call.body.application()
    errors = draft.check(application, call.actor, call.deps, permit_id=call.query.permit)
    findings = [] if errors else draft.findings_of(application, call.deps)
    return {
        "errors": [refusal(each) for each in errors],
        "findings_needed": findings,
        "warnings": [_warning(each) for each in draft.warnings_of(application, call.deps)],
    }


@blueprint.route(
    ONE, method="PUT", body=applications_schemas.ApplicationBody, cap=DRAFT_CAP, returns="Permit", may="edit"
)
def edit(call: Call[SpeciesDeps], permit_id: str) -> Permit:
    """Replace all fields of a draft or a returned application.

    With `If-Match` and the `version` that was read, a change by somebody else since then gives 409 `edited-meanwhile`.
    A request without it works for one more release.
    """
    made = draft.edit(permit_id, call.body.application(), call.actor, call.deps, read=version_read(call))
    return permit_response(call, made)


@blueprint.route(f"{ONE}/submit", method="POST", body=Nothing, returns="Permit", may="submit")
def submit(call: Call[SpeciesDeps], permit_id: str) -> Permit:
    """Submit an application.
    All missing fields and broken rules are refused at once.

    `If-Match` as with PUT.
    """
    made = draft.submit(permit_id, call.actor, call.deps, read=version_read(call))
    return permit_response(call, made)


@blueprint.route(f"{ONE}/return", method="POST", body=permits_schemas.ReasonBody, returns="Permit", may="return")
def send_back(call: Call[SpeciesDeps], permit_id: str) -> Permit:
    """Return the application to its author, with a reason.

    `If-Match` as with PUT.
    """
    made = decide.send_back(permit_id, call.body.reason, call.actor, call.deps, read=version_read(call))
    return permit_response(call, made)


@blueprint.route(f"{ONE}/refuse", method="POST", body=permits_schemas.ReasonBody, returns="Permit", may="refuse")
def refuse(call: Call[SpeciesDeps], permit_id: str) -> Permit:
    """Refuse the application, with a reason.

    `If-Match` as with PUT.
    """
    made = decide.refuse(permit_id, call.body.reason, call.actor, call.deps, read=version_read(call))
    return permit_response(call, made)


@blueprint.route(f"{ONE}/findings", method="POST", body=applications_schemas.Finding, returns="Permit", may="find")
def finding(call: Call[SpeciesDeps], permit_id: str) -> Permit:
    """Record a finding on the submitted application.

    Send the `digest` that was read. Another submitted application then gives 409 `digest-mismatch`.
    """
    body = call.body
    asked = decide.NewFinding(body.kind, body.result, body.note or "", body.digest)
    return permit_response(call, decide.find(permit_id, asked, call.actor, call.deps))


@blueprint.route(
    f"{ONE}/attachments",
    method="POST",
    raw=FILES,
    cap=FILE_CAP,
    query=applications_schemas.AttachmentQuery,
    status=201,
    returns="Attachment",
    may="attach",
)
def attach(call: Call[SpeciesDeps], permit_id: str) -> Attachment:
    """Add a supporting document.
    The same file again is the same document."""
    made = draft.attach(
        permit_id, draft.NewDocument(call.query.name, call.content_type, call.body), call.actor, call.deps
    )
    return permits_schemas.attachment(made)


@blueprint.route(f"{ONE}/attachments/{{attachment_id}}", returns="Download", may="see")
def attachment(call: Call[SpeciesDeps], permit_id: str, attachment_id: str) -> Download:
    """Get a short-lived address of a supporting document."""
    made = draft.attachment(permit_id, attachment_id, call.actor, register=call.deps.register)
    return {"url": call.deps.blobs.url(f"papers/{made.sha256}", name=made.file_name, seconds=PAPER_SECONDS)}


@blueprint.route(f"{ONE}/approve", method="POST", body=applications_schemas.Approve, returns="Permit", may="approve")
def approve(call: Call[SpeciesDeps], permit_id: str) -> Permit:
    """Approve the application with this digest.

    Nobody who wrote, submitted or judged any part of it can approve it. `If-Match` as with PUT.
    """
    made = decide.approve(permit_id, call.body.digest, call.actor, call.deps, read=version_read(call))
    return permit_response(call, made)


@blueprint.route(f"{ONE}/stops", returns="Stops", may="stops")
def stops(call: Call[SpeciesDeps], permit_id: str) -> Stops:
    """List the hard stops of an application as of today, with the override that lets each pass.

    `digest`: of what was read. An override is valid for this digest only. `identity`: distinguishes stops of the same
    field and code. `asked_again`: an override names this field and code, but covers another stop or a smaller
    excess.
    `same_import_permit`: other Appendix I exports, applied for or issued, that name the same import permit.
    `warnings`: remarks that refuse nothing, as in `POST /v1/permits/check`.
    """
    found = overrides.stops(permit_id, call.actor, call.deps)
    items = [_stop(each, passed, again=each in found.asked_again) for each, passed in found.stops]
    same: list[PermitOfStop] = [
        {"id": each.id, "number": each.number, "state": each.state} for each in found.same_import_permit
    ]
    noted = [_warning(each) for each in found.warnings]
    return {"digest": found.digest, "items": items, "same_import_permit": same, "warnings": noted}


@blueprint.route(
    f"{ONE}/override", method="POST", body=applications_schemas.OverrideBody, returns="Permit", may="override"
)
def override(call: Call[SpeciesDeps], permit_id: str) -> Permit:
    """Let hard stops of an application pass, with a reason that stays on record.

    Nobody who wrote, submitted or judged any part of the application can do this. An override is valid for the digest
    that was read, so a changed application is stopped again.
    """
    body = call.body
    asked = overrides.OverrideRequest([each.named for each in body.stops], body.reason, body.digest)
    return permit_response(call, overrides.override(permit_id, asked, call.actor, call.deps))


@blueprint.route("/v1/overrides", query=applications_schemas.YearQuery, returns="Overrides", may="stops")
def listed(call: Call[SpeciesDeps]) -> Overrides:
    """List every override of a year, newest first, with its reason.

    `people`: the number of overrides by each person.
    """
    year = int(call.query.year or call.deps.stage.today(call.now).year)
    rows, people = overrides.of_year(year, call.actor, register=call.deps.register)
    return {
        "year": year,
        "items": [_of_year(each) for each in rows],
        "people": [{"by": by, "by_name": name, "count": count} for by, name, count in people],
        "cursor": None,
    }


def _of_year(row: RowData) -> OverrideOfYear:
    shown: OverrideOfYear = {
        "permit_id": row["permit_id"],
        "stops": [list(stop) for stop in row["stops"]],
        "rules": list(row["rules"]),
        "reason": row["reason"],
        "by": row["by"],
        "by_name": row["by_name"],
        "at": to_text(row["at"]),
    }
    if "identities" in row:  # an earlier release wrote none
        shown["identities"] = list(row["identities"])
    return shown


def _warning(each: FieldWarning) -> WarningOfField:
    options: list[OptionOfWarning] = [{"value": one.value, "words": one.words} for one in each.options]
    return {"field": each.field, "code": each.code, "words": each.words, "options": options}


def _stop(each: FieldError, passed: Override | None, *, again: bool) -> StopOfApplication:
    override: StopLetPass | None = None
    if passed:
        override = {
            "by": passed.by,
            "by_name": passed.by_name,
            "at": to_text(passed.at),
            "reason": passed.reason,
        }
    assert each.stop is not None  # a hard stop is a refusal that has one
    return {
        "field": each.field,
        "code": each.code,
        "detail": each.detail,
        "identity": permits_schemas.hard_stop(each.stop),
        "asked_again": again,
        "override": override,
    }


@blueprint.route(f"{ONE}/withdraw", method="POST", body=requests.Why, returns="Permit", may="withdraw")
def withdraw(call: Call[SpeciesDeps], permit_id: str) -> Permit:
    """Withdraw an application that nobody has approved yet.

    An applicant withdraws their own. The ministry withdraws, with a reason, its own draft, or a replacement that is not
    returned. The application becomes void and stays in the register. `If-Match` as with PUT.
    """
    made = draft.withdraw(permit_id, call.actor, call.deps, call.body.reason or "", read=version_read(call))
    return permit_response(call, made)


@blueprint.route(
    f"{ONE}/attachments/{{attachment_id}}/remove", method="POST", body=requests.Why, returns="Permit", may="detach"
)
def detach(call: Call[SpeciesDeps], permit_id: str, attachment_id: str) -> Permit:
    """Remove a supporting document from a draft or a returned application.

    Only the person who added it can remove it. The ministry gives a reason. The history keeps the document. Findings
    recorded while it was attached are no longer `current`, except negative ones.
    """
    made = draft.detach(permit_id, attachment_id, call.actor, call.deps, call.body.reason or "")
    return permit_response(call, made)
