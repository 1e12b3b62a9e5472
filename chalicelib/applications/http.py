"""A permit's life over HTTP, from the first draft to its replacement: one route, one service.

Hard stops over HTTP: what stops an application, an approver's override with its reason, and the auditor's count.

What is taken back over HTTP before anybody has decided: the application, or a paper of it.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from chalicelib.applications import schemas as applications_schemas
from chalicelib.applications.services import decide, draft, overrides
from chalicelib.http import requests
from chalicelib.http.blueprint import FILES, KB, Blueprint, Call
from chalicelib.http.problems import refusal
from chalicelib.http.requests import Nothing
from chalicelib.kernel.days import to_text, with_times
from chalicelib.kernel.errors import FieldError
from chalicelib.kernel.files import FILE_CAP
from chalicelib.permits import schemas as permits_schemas
from chalicelib.permits.http import shown, version_read
from chalicelib.permits.model.dossier import Override

if TYPE_CHECKING:
    from chalicelib.species.services.list_in_use import SpeciesDeps


blueprint: Blueprint[SpeciesDeps] = Blueprint(__name__)

ONE = "/v1/permits/{permit_id}"

DRAFT_CAP = 256 * KB  # sixty lines with all their texts

PAPER_SECONDS = 300  # that an address for a download lasts


@blueprint.route(
    "/v1/permits",
    method="POST",
    body=applications_schemas.ApplicationBody,
    cap=DRAFT_CAP,
    status=201,
    returns="Permit",
    may="create",
)
def create(call: Call[SpeciesDeps]) -> dict[str, Any]:
    """A new draft.
    Refuses what is malformed and accepts what is missing. An Idempotency-Key header makes a retry safe."""
    made = draft.create(
        call.body.application(), call.actor, call.deps, idempotency_key=call.headers.get("idempotency-key")
    )
    return shown(call, made)


@blueprint.route(
    "/v1/permits/check",
    method="POST",
    body=applications_schemas.ApplicationBody,
    cap=DRAFT_CAP,
    query=applications_schemas.CheckQuery,
    returns="Checked",
    may="submit",
)
def check(call: Call[SpeciesDeps]) -> dict[str, Any]:
    """What submitting this application would refuse today, all at once in `errors`; writes nothing.
    `findings_needed`: once nothing stands against it, what it will ask for. `permit`: the draft that it is; what an
    approver let pass on it, as it stands, is no refusal then."""
    application = call.body.application()
    errors = draft.check(application, call.actor, call.deps, permit_id=call.query.permit)
    findings = [] if errors else draft.findings_of(application, call.deps.listing)
    return {"errors": [refusal(each) for each in errors], "findings_needed": findings}


@blueprint.route(
    ONE, method="PUT", body=applications_schemas.ApplicationBody, cap=DRAFT_CAP, returns="Permit", may="edit"
)
def edit(call: Call[SpeciesDeps], permit_id: str) -> dict[str, Any]:
    """Replace the fields of a draft or a returned application as a whole.
    `If-Match` with the `version` that was read makes it 409 `edited-meanwhile` if somebody changed it since. Without it
    the request works for one more release."""
    made = draft.edit(permit_id, call.body.application(), call.actor, call.deps, read=version_read(call))
    return shown(call, made)


@blueprint.route(f"{ONE}/submit", method="POST", body=Nothing, returns="Permit", may="submit")
def submit(call: Call[SpeciesDeps], permit_id: str) -> dict[str, Any]:
    """Submit; everything missing and every broken rule is refused at once. `If-Match` as with PUT."""
    made = draft.submit(permit_id, call.actor, call.deps, read=version_read(call))
    return shown(call, made)


@blueprint.route(f"{ONE}/return", method="POST", body=permits_schemas.ReasonBody, returns="Permit", may="return")
def send_back(call: Call[SpeciesDeps], permit_id: str) -> dict[str, Any]:
    """Return the application to its author, with a reason. `If-Match` as with PUT."""
    made = decide.send_back(permit_id, call.body.reason, call.actor, call.deps, read=version_read(call))
    return shown(call, made)


@blueprint.route(f"{ONE}/refuse", method="POST", body=permits_schemas.ReasonBody, returns="Permit", may="refuse")
def refuse(call: Call[SpeciesDeps], permit_id: str) -> dict[str, Any]:
    """Refuse the application, with a reason. `If-Match` as with PUT."""
    made = decide.refuse(permit_id, call.body.reason, call.actor, call.deps, read=version_read(call))
    return shown(call, made)


@blueprint.route(f"{ONE}/findings", method="POST", body=applications_schemas.Finding, returns="Permit", may="find")
def finding(call: Call[SpeciesDeps], permit_id: str) -> dict[str, Any]:
    """Record a finding on the submitted application.
    With the `digest` that was read it is 409 `digest-mismatch` if that is not what is submitted by now."""
    made = decide.find(
        permit_id,
        call.body.kind,
        call.body.result,
        call.body.note or "",
        call.actor,
        call.deps,
        digest=call.body.digest,
    )
    return shown(call, made)


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
def attach(call: Call[SpeciesDeps], permit_id: str) -> dict[str, Any]:
    """Add a supporting paper; the same file again is the same paper."""
    made = draft.attach(permit_id, call.body, call.content_type, call.query.name, call.actor, call.deps)
    return {
        "id": made.id,
        "name": made.name,
        "content_type": made.content_type,
        "size": made.size,
        "sha256": made.sha256,
        **with_times({"at": made.at}),
    }


@blueprint.route(f"{ONE}/attachments/{{attachment_id}}", returns="Download", may="see")
def attachment(call: Call[SpeciesDeps], permit_id: str, attachment_id: str) -> dict[str, Any]:
    """A short-lived address of a supporting paper."""
    made = draft.attachment(permit_id, attachment_id, call.actor, register=call.deps.register)
    return {"url": call.deps.blobs.url(f"papers/{made.sha256}", name=made.file_name, seconds=PAPER_SECONDS)}


@blueprint.route(f"{ONE}/approve", method="POST", body=applications_schemas.Approve, returns="Permit", may="approve")
def approve(call: Call[SpeciesDeps], permit_id: str) -> dict[str, Any]:
    """Approve what the digest stands for; never by a person who had a hand in it. `If-Match` as with PUT."""
    made = decide.approve(permit_id, call.body.digest, call.actor, call.deps, read=version_read(call))
    return shown(call, made)


@blueprint.route(f"{ONE}/stops", returns="Stops", may="stops")
def stops(call: Call[SpeciesDeps], permit_id: str) -> dict[str, Any]:
    """The hard stops that stand against an application today, and who let which of them pass.
    `digest`: of what was read; an override speaks for it alone. `identity`: which stop of its field and code it is.
    `asked_again`: what was let pass under this field and code was another stop, or less above the limit.
    `same_import_permit`: other Appendix I exports, applied for or issued, that name this one's import permit."""
    found = overrides.stops(permit_id, call.actor, call.deps)
    items = [{**_stop(each, passed), "asked_again": each in found.asked_again} for each, passed in found.stops]
    same = [{"id": each.id, "number": each.number, "state": each.state} for each in found.same_import_permit]
    return {"digest": found.digest, "items": items, "same_import_permit": same}


@blueprint.route(
    f"{ONE}/override", method="POST", body=applications_schemas.OverrideBody, returns="Permit", may="override"
)
def override(call: Call[SpeciesDeps], permit_id: str) -> dict[str, Any]:
    """Let hard stops pass, with a reason that stays on record; never by a person who had a hand in the application.
    It speaks for the digest that was read: a changed application is stopped again."""
    made = overrides.override(
        permit_id, [each.named for each in call.body.stops], call.body.reason, call.body.digest, call.actor, call.deps
    )
    return shown(call, made)


@blueprint.route("/v1/overrides", query=applications_schemas.YearQuery, returns="Overrides", may="stops")
def listed(call: Call[SpeciesDeps]) -> dict[str, Any]:
    """Every override of a year, newest first, with its reason; `people`: how many each person made."""
    year = int(call.query.year or call.deps.stage.today(call.now).year)
    rows, people = overrides.of_year(year, call.actor, register=call.deps.register)
    return {"year": year, "items": with_times(rows), "people": people, "cursor": None}


def _stop(each: FieldError, passed: Override | None) -> dict[str, Any]:
    said = (
        {"by": passed.by, "by_name": passed.by_name, "at": to_text(passed.at), "reason": passed.reason}
        if passed
        else None
    )
    identity = asdict(each.stop) if each.stop else None
    return {"field": each.field, "code": each.code, "detail": each.detail, "identity": identity, "override": said}


@blueprint.route(f"{ONE}/withdraw", method="POST", body=requests.Why, returns="Permit", may="withdraw")
def withdraw(call: Call[SpeciesDeps], permit_id: str) -> dict[str, Any]:
    """End an application of one's own that nobody has approved yet.
    The ministry, with a reason, a draft of its own or a replacement that is not returned. It is void from then on, and
    stays in the register. `If-Match` as with PUT."""
    made = draft.withdraw(permit_id, call.actor, call.deps, call.body.reason or "", read=version_read(call))
    return shown(call, made)


@blueprint.route(
    f"{ONE}/attachments/{{attachment_id}}/remove", method="POST", body=requests.Why, returns="Permit", may="detach"
)
def detach(call: Call[SpeciesDeps], permit_id: str, attachment_id: str) -> dict[str, Any]:
    """Take a supporting paper that one put there out of a draft or a returned application.
    The ministry says why. The history keeps it; what was found for the application meanwhile is no longer `current`."""
    made = draft.detach(permit_id, attachment_id, call.actor, call.deps, call.body.reason or "")
    return shown(call, made)
