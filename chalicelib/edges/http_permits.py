"""A permit's life over HTTP, from the first draft to its replacement: one route, one service."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from chalicelib.core.block_5 import as_printed
from chalicelib.core.dossier import Dossier
from chalicelib.core.lifecycle import possible
from chalicelib.edges import models, own_history
from chalicelib.edges.blueprint import FILE_CAP, FILES, KB, Blueprint, Call
from chalicelib.edges.http_public import reader
from chalicelib.edges.parsing import Nothing, version_of
from chalicelib.edges.problems import refusal
from chalicelib.edges.show_permit import dossier as permit_json
from chalicelib.edges.show_permit import entry
from chalicelib.edges.times import with_times
from chalicelib.services import (
    apply_for_permit,
    change_status,
    decide_application,
    find_permits,
    issue_permit,
    publish_status,
    settle_difference,
    store,
)

if TYPE_CHECKING:
    from chalicelib.services.hold_species import SpeciesDeps
    from chalicelib.services.issue_permit import IssueDeps

blueprint: Blueprint[IssueDeps] = Blueprint(__name__)

DRAFT_CAP = 256 * KB  # sixty lines with all their texts
ONE = "/v1/permits/{permit_id}"
PAPER_SECONDS = 300  # that an address for a download lasts


def shown(call: Call[SpeciesDeps], item: Dossier) -> dict[str, Any]:
    whole = permit_json(item, call.now, reader=reader(call))
    told = own_history.permit(whole, call.actor, call.office.stage)
    block_5 = as_printed(item, call.office.stage, call.now)
    difference = with_times(_difference(call, item))
    return {**told, "block_5": block_5, "difference": difference, "steps": list(possible(item, call.actor))}


def _difference(call: Call[SpeciesDeps], item: Dossier) -> dict[str, Any] | None:
    """What the status list says of it and the register does not (T8); None of both agreeing, and for its exporter."""
    office = call.office
    found = settle_difference.described(
        item, call.actor, register=office.register,
        listed=office.own_lists.at(item.status_uri, call.now) if item.status_uri else None,
        issuer=office.stage.issuer, now=call.now,
    )  # fmt: skip
    return None if found is None else asdict(found)


@blueprint.route(
    "/v1/permits", method="POST", body=models.ApplicationBody, cap=DRAFT_CAP, status=201, returns="Permit", may="create"
)
def create(call: Call[SpeciesDeps]) -> dict[str, Any]:
    """A new draft.
    Refuses what is malformed and accepts what is missing. An Idempotency-Key header makes a retry safe."""
    made = apply_for_permit.create(
        call.body.application(),
        call.actor,
        register=call.office.register,
        new_id=call.office.new_id,
        now=call.now,
        idempotency_key=call.headers.get("idempotency-key"),
    )
    return shown(call, made)


@blueprint.route(
    "/v1/permits/check", method="POST", body=models.ApplicationBody, cap=DRAFT_CAP, query=models.CheckQuery,
    returns="Checked", may="submit",
)  # fmt: skip
def check(call: Call[SpeciesDeps]) -> dict[str, Any]:
    """What submitting this application would refuse today, all at once in `errors`; writes nothing.
    `findings_needed`: once nothing stands against it, what it will ask for. `permit`: the draft that it is; what an
    approver let pass on it, as it stands, is no refusal then."""
    application = call.body.application()
    errors = apply_for_permit.check(
        application,
        call.actor,
        register=call.office.register,
        listing=call.office.listing,
        stage=call.office.stage,
        now=call.now,
        permit_id=call.query.permit,
    )
    findings = [] if errors else apply_for_permit.findings_of(application, call.office.listing)
    return {"errors": [refusal(each) for each in errors], "findings_needed": findings}


@blueprint.route("/v1/permits", query=models.PermitsQuery, returns="Permits", may="see")
def find(call: Call[SpeciesDeps]) -> dict[str, Any]:
    """Permits that the caller may see, newest first; `q` is a number, or a part of a name or taxon.
    `order=waiting`: those first that wait longest in their state (`waiting_since`)."""
    found, cursor = find_permits.find(
        call.actor,
        register=call.office.register,
        stage=call.office.stage,
        state=call.query.state,
        words=call.query.q,
        waiting=call.query.order == "waiting",
        cursor=call.query.cursor,
    )
    return {"items": [entry(item, call.now) for item in found], "cursor": cursor}


@blueprint.route(ONE, returns="Permit", may="see")
def see(call: Call[SpeciesDeps], permit_id: str) -> dict[str, Any]:
    """One permit, with its digest from submission on."""
    call.actor.need("see")
    return shown(call, store.load(call.office.register, permit_id, call.actor))


@blueprint.route(ONE, method="PUT", body=models.ApplicationBody, cap=DRAFT_CAP, returns="Permit", may="edit")
def edit(call: Call[SpeciesDeps], permit_id: str) -> dict[str, Any]:
    """Replace the fields of a draft or a returned application as a whole.
    `If-Match` with the `version` that was read makes it 409 `edited-meanwhile` if somebody changed it since. Without it
    the request works for one more release."""
    made = apply_for_permit.edit(
        permit_id,
        call.body.application(),
        call.actor,
        register=call.office.register,
        now=call.now,
        read=version_read(call),
    )
    return shown(call, made)


@blueprint.route(f"{ONE}/submit", method="POST", body=Nothing, returns="Permit", may="submit")
def submit(call: Call[SpeciesDeps], permit_id: str) -> dict[str, Any]:
    """Submit; everything missing and every broken rule is refused at once. `If-Match` as with PUT."""
    made = apply_for_permit.submit(
        permit_id,
        call.actor,
        register=call.office.register,
        listing=call.office.listing,
        stage=call.office.stage,
        now=call.now,
        read=version_read(call),
    )
    return shown(call, made)


@blueprint.route(f"{ONE}/return", method="POST", body=models.ReasonBody, returns="Permit", may="return")
def send_back(call: Call[SpeciesDeps], permit_id: str) -> dict[str, Any]:
    """Return the application to its author, with a reason. `If-Match` as with PUT."""
    made = decide_application.send_back(
        permit_id, call.body.reason, call.actor, register=call.office.register, now=call.now, read=version_read(call)
    )
    return shown(call, made)


@blueprint.route(f"{ONE}/refuse", method="POST", body=models.ReasonBody, returns="Permit", may="refuse")
def refuse(call: Call[SpeciesDeps], permit_id: str) -> dict[str, Any]:
    """Refuse the application, with a reason. `If-Match` as with PUT."""
    made = decide_application.refuse(
        permit_id, call.body.reason, call.actor, register=call.office.register, now=call.now, read=version_read(call)
    )
    return shown(call, made)


@blueprint.route(f"{ONE}/findings", method="POST", body=models.Finding, returns="Permit", may="find")
def finding(call: Call[SpeciesDeps], permit_id: str) -> dict[str, Any]:
    """Record a finding on the submitted application.
    With the `digest` that was read it is 409 `digest-mismatch` if that is not what is submitted by now."""
    made = decide_application.find(
        permit_id,
        call.body.kind,
        call.body.result,
        call.body.note or "",
        call.actor,
        register=call.office.register,
        now=call.now,
        digest=call.body.digest,
    )
    return shown(call, made)


@blueprint.route(
    f"{ONE}/attachments", method="POST", raw=FILES, cap=FILE_CAP, query=models.AttachmentQuery, status=201,
    returns="Attachment", may="attach",
)  # fmt: skip
def attach(call: Call[SpeciesDeps], permit_id: str) -> dict[str, Any]:
    """Add a supporting paper; the same file again is the same paper."""
    made = apply_for_permit.attach(
        permit_id,
        call.body,
        call.content_type,
        call.query.name,
        call.actor,
        register=call.office.register,
        blobs=call.office.blobs,
        now=call.now,
    )
    return {"id": made.id, "name": made.name, "content_type": made.content_type, "size": made.size,
            "sha256": made.sha256, **with_times({"at": made.at})}  # fmt: skip


@blueprint.route(f"{ONE}/attachments/{{attachment_id}}", returns="Download", may="see")
def attachment(call: Call[SpeciesDeps], permit_id: str, attachment_id: str) -> dict[str, Any]:
    """A short-lived address of a supporting paper."""
    made = apply_for_permit.attachment(permit_id, attachment_id, call.actor, register=call.office.register)
    return {"url": call.office.blobs.url(f"papers/{made.sha256}", name=made.file_name, seconds=PAPER_SECONDS)}


@blueprint.route(f"{ONE}/approve", method="POST", body=models.Approve, returns="Permit", may="approve")
def approve(call: Call[SpeciesDeps], permit_id: str) -> dict[str, Any]:
    """Approve what the digest stands for; never by a person who had a hand in it. `If-Match` as with PUT."""
    made = decide_application.approve(
        permit_id, call.body.digest, call.actor, register=call.office.register, listing=call.office.listing,
        stage=call.office.stage, now=call.now, read=version_read(call),
    )  # fmt: skip
    return shown(call, made)


@blueprint.route(f"{ONE}/issue", method="POST", body=Nothing, returns="Permit", may="issue")
def issue(call: Call[IssueDeps], permit_id: str) -> dict[str, Any]:
    """Issue an approved permit: number, signature, check code. `If-Match` as with PUT."""
    made = issue_permit.issue(
        permit_id,
        call.actor,
        register=call.office.register,
        issuer=call.office.issuer,
        blobs=call.office.blobs,
        trust=call.office.trust(),
        listing=call.office.listing,
        stage=call.office.stage,
        random_bytes=call.office.random_bytes,
        now=call.now,
        read=version_read(call),
    )
    return shown(call, made)


@blueprint.route(f"{ONE}/suspend", method="POST", body=models.ReasonBody, returns="Permit", may="suspend")
def suspend(call: Call[SpeciesDeps], permit_id: str) -> dict[str, Any]:
    """Suspend: goods are held until it is reinstated."""
    made = change_status.suspend(permit_id, call.body.reason, call.actor, register=call.office.register, now=call.now)
    return shown(call, _published(call, made))


@blueprint.route(f"{ONE}/reinstate", method="POST", body=models.ReasonBody, returns="Permit", may="reinstate")
def reinstate(call: Call[SpeciesDeps], permit_id: str) -> dict[str, Any]:
    """Take a suspension or a report of loss back."""
    made = change_status.reinstate(permit_id, call.body.reason, call.actor, register=call.office.register, now=call.now)
    return shown(call, _published(call, made))


@blueprint.route(f"{ONE}/revoke", method="POST", body=models.Revoke, returns="Permit", may="revoke")
def revoke(call: Call[SpeciesDeps], permit_id: str) -> dict[str, Any]:
    """Revoke; for cause, goods are held."""
    made = change_status.revoke(
        permit_id, call.body.reason, call.body.for_cause, call.actor, register=call.office.register, now=call.now
    )
    return shown(call, _published(call, made))


@blueprint.route(f"{ONE}/surrender", method="POST", body=models.ReasonBody, returns="Permit", may="surrender")
def surrender(call: Call[SpeciesDeps], permit_id: str) -> dict[str, Any]:
    """Give an unused permit back; it is revoked, not for cause, and that is not undone."""
    made = change_status.surrender(permit_id, call.body.reason, call.actor, register=call.office.register, now=call.now)
    return shown(call, _published(call, made))


@blueprint.route(f"{ONE}/lost", method="POST", body=models.Lost, returns="Permit", may="lost")
def lost(call: Call[SpeciesDeps], permit_id: str) -> dict[str, Any]:
    """Report the paper lost or stolen."""
    made = change_status.report_lost(
        permit_id, call.body.reason, call.body.how, call.actor, register=call.office.register, now=call.now
    )
    return shown(call, _published(call, made))


@blueprint.route(f"{ONE}/replace", method="POST", body=models.ReasonBody, status=201, returns="Permit", may="replace")
def replace(call: Call[SpeciesDeps], permit_id: str) -> dict[str, Any]:
    """A new draft that names the old permit, which ends when the new one is issued."""
    made = change_status.replace_permit(
        permit_id,
        call.body.reason,
        call.actor,
        register=call.office.register,
        new_id=call.office.new_id,
        now=call.now,
    )
    return shown(call, made)


@blueprint.route(f"{ONE}/history", query=models.CursorQuery, returns="History", may="history")
def history(call: Call[SpeciesDeps], permit_id: str) -> dict[str, Any]:
    """Who did what when, first to last.
    An exporter reads what became of their own on which day, and nobody else's name."""
    call.actor.need("history")
    entries, cursor = store.history(call.office.register, permit_id, call.actor, call.query.cursor)
    return {"items": with_times(own_history.told(entries, call.actor, call.office.stage)), "cursor": cursor}


def version_read(call: Call) -> int | None:
    """What the caller had read when they decided; None: they do not say."""
    return version_of(call.headers.get("if-match"))


@blueprint.route(
    f"{ONE}/difference", method="POST", body=models.SettleDifference, returns="Settlement", may="settle_difference"
)
def settle(call: Call[SpeciesDeps], permit_id: str) -> dict[str, Any]:
    """Settle a difference between the status list and a permit's file (T8).
    One person proposes a `choice`; a second one who sends the same carries it out."""
    office = call.office
    dossier = store.load(office.register, permit_id, call.actor)
    listed = publish_status.published(
        dossier.status_uri or "", static=office.static, trust=office.trust(), stage=office.stage
    )
    made = settle_difference.settle(
        permit_id, call.body.choice, call.body.reason, call.actor, register=office.register, listed=listed,
        issuer=office.stage.issuer, now=call.now,
    )  # fmt: skip
    if made.settled:
        _published(call, made.dossier)
    return {"value": made.value, "choice": made.choice, "settled": made.settled}


def _published(call: Call[SpeciesDeps], item: Dossier) -> Dossier:
    """The status list says it at once, for those who verify offline; the schedule makes good what fails here."""
    if item.status_uri:
        call.office.publisher.publish(item.status_uri)
    return item
