"""At the posts: scans and their resolving, endorsements, undo, devices, what was done offline, the offline bundle."""

from __future__ import annotations

from typing import Any

from chalice.app import Response

from chalicelib.edges import border_models as models
from chalicelib.edges import people, show
from chalicelib.edges.blueprint import FILE_CAP, KB, Blueprint, Call, json_response
from chalicelib.edges.http_public import VERIFY_CAP, reader
from chalicelib.edges.parsing import Nothing
from chalicelib.edges.times import to_text, with_times
from chalicelib.services import (
    confirm_paper,
    devices,
    endorse_permit,
    photograph,
    scan_permit,
    sync_events,
    withdraw_endorsement,
)

blueprint = Blueprint(__name__)

SYNC_CAP = 1024 * KB
PHOTOS = ("image/jpeg", "image/png")
SCAN, ENDORSEMENT = "/v1/scans/{event_id}", "/v1/endorsements/{event_id}"


@blueprint.route("/v1/scans", method="POST", body=models.ScanBody, cap=VERIFY_CAP, returns="Verdict")
def scan(call: Call) -> dict[str, Any]:
    """An officer's scan at a post: the verdict with the officer's detail, kept under its event id."""
    asked = call.body.scan()
    found = scan_permit.scan(
        asked, call.actor, register=call.office.register, checker=call.office.checker(), now=call.now
    )
    return {"event_id": asked.event_id, **show.verdict(found, reader(call, asked.direction))}


@blueprint.route(f"{SCAN}/resolve", method="POST", body=models.Resolve, returns="Resolution")
def resolve_scan(call: Call, event_id: str) -> dict[str, Any]:
    """Clear or confirm a code that a scan's verdict raised."""
    return scan_permit.resolve_scan(
        event_id,
        call.body.code,
        call.body.result,
        call.body.reason or "",
        call.actor,
        register=call.office.register,
        checker=call.office.checker(),
        now=call.now,
    )


@blueprint.route(
    "/v1/endorsements", method="POST", body=models.EndorsementBody, cap=VERIFY_CAP, status=201, returns="Receipt"
)
def endorse(call: Call) -> Response:
    """Block 14: use the permit, exactly once.
    201 with the receipt; the same event again 200 with the same receipt; used already 409 with `first_use`."""
    receipt, new = endorse_permit.endorse(
        call.body.endorsement(),
        call.actor,
        register=call.office.register,
        checker=call.office.checker(),
        now=call.now,
    )
    return json_response(with_times(receipt), 201 if new else 200)


@blueprint.route(f"{ENDORSEMENT}/resolve", method="POST", body=models.Resolve, returns="Resolution")
def resolve_endorsement(call: Call, event_id: str) -> dict[str, Any]:
    """Clear or confirm a code that an endorsement gave rise to."""
    return scan_permit.resolve_endorsement(
        event_id,
        call.body.code,
        call.body.result,
        call.body.reason or "",
        call.actor,
        register=call.office.register,
        checker=call.office.checker(),
        now=call.now,
    )


@blueprint.route(f"{ENDORSEMENT}/confirm", method="POST", body=Nothing, returns="Receipt")
def confirm(call: Call, event_id: str) -> Any:
    """A second person confirms a hand-stamped endorsement; from then on it counts."""
    receipt = confirm_paper.confirm(
        event_id, call.actor, register=call.office.register, checker=call.office.checker(), now=call.now
    )
    return with_times(receipt)


@blueprint.route(f"{ENDORSEMENT}/photo", method="POST", raw=PHOTOS, cap=FILE_CAP, status=201, returns="Photo")
def photo(call: Call, event_id: str) -> Any:
    """Keep a photograph of block 14 with an endorsement; the same picture again is the same photograph."""
    made = photograph.add(
        event_id,
        call.body,
        call.content_type,
        call.actor,
        register=call.office.register,
        blobs=call.office.blobs,
        checker=call.office.checker(),
        now=call.now,
    )
    return with_times(made)


@blueprint.route(f"{ENDORSEMENT}/undo", method="POST", body=models.UndoBody, returns="Undone")
def undo(call: Call, event_id: str) -> Any:
    """Withdraw an endorsement: another person of the post within 24 hours, an approver later."""
    receipt = withdraw_endorsement.undo(
        event_id,
        call.body.event_id,
        call.body.reason,
        call.actor,
        register=call.office.register,
        checker=call.office.checker(),
        now=call.now,
    )
    return with_times(receipt)


@blueprint.route("/v1/devices", method="POST", body=models.DeviceBody, status=201, returns="Device")
def register_device(call: Call) -> dict[str, Any]:
    """Put a device's public key under a post."""
    made = devices.register_device(
        call.body.public_key,
        call.body.post,
        call.body.name or "",
        call.actor,
        register=call.office.register,
        posts=call.office.posts,
        new_id=call.office.new_id,
        now=call.now,
    )
    return {"device_id": made.id, "post": made.post, "name": made.name}


@blueprint.route("/v1/devices/{device_id}/revoke", method="POST", body=Nothing, returns="Device")
def revoke_device(call: Call, device_id: str) -> dict[str, Any]:
    """Report a device lost: nothing that it signs is taken from now on."""
    made = devices.revoke_device(device_id, call.actor, register=call.office.register, posts=call.office.posts)
    return {"device_id": made.id, "post": made.post, "name": made.name, "revoked": True}


@blueprint.route("/v1/sync", method="POST", body=models.SyncBody, cap=SYNC_CAP, returns="Synced")
def sync(call: Call) -> Any:
    """What a device did offline: each event answered by itself, none lost.
    One bad event never refuses the batch."""
    answers = sync_events.sync(
        call.body.device_id,
        call.body.events,
        call.body.signature,
        models.synced,
        call.actor,
        register=call.office.register,
        checker=call.office.checker(),
        person=lambda person_id: people.person(person_id, call.office.register),
        now=call.now,
        more=call.body.more,
    )
    return {"results": with_times(answers)}


@blueprint.route("/v1/bundle", returns="Bundle")
def bundle(call: Call) -> Response:
    """What a device needs to judge offline; `If-None-Match` saves the download.
    The newest uses may be missing from it for a minute; `as_of` says from when it is."""
    call.actor.need("bundle")
    content, etag = call.office.bundle()
    headers: dict[str, Any] = {"ETag": etag, "Cache-Control": "private, no-cache"}
    if etag in {tag.strip() for tag in call.headers.get("if-none-match", "").split(",")}:
        return Response("", status_code=304, headers=headers)
    return json_response(with_times({**content, "as_of": to_text(content["as_of"])}), headers=headers)
