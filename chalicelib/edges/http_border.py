"""At the posts: scans and their resolving, endorsements, undo, devices, what was done offline."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from chalice.app import Response

from chalicelib.edges import border_models as models
from chalicelib.edges import people, show
from chalicelib.edges.blueprint import FILE_CAP, FILES, KB, Blueprint, Call, json_response
from chalicelib.edges.http_public import VERIFY_CAP, reader
from chalicelib.edges.models import CursorQuery
from chalicelib.edges.parsing import Nothing
from chalicelib.edges.photographs import PHOTOS, PRODUCED, handed_out
from chalicelib.edges.synced import synced
from chalicelib.edges.times import with_times
from chalicelib.services import (
    confirm_paper,
    devices,
    endorse_permit,
    kept_apart,
    photograph,
    scan_file,
    scan_permit,
    sync_events,
    withdraw_endorsement,
)

if TYPE_CHECKING:
    from chalicelib.services.verify_permit import VerifyDeps
    from chalicelib.services.withdraw_endorsement import EndorseDeps

blueprint: Blueprint[EndorseDeps] = Blueprint(__name__)

SYNC_CAP = 1024 * KB
SCAN, ENDORSEMENT = "/v1/scans/{event_id}", "/v1/endorsements/{event_id}"


@blueprint.route("/v1/scans", method="POST", body=models.ScanBody, cap=VERIFY_CAP, returns="Verdict", may="scan")
def scan(call: Call[VerifyDeps]) -> dict[str, Any]:
    """An officer's scan at a post: the verdict with the officer's detail, kept under its event id.
    What was typed from the page, `number` and `code`, is judged like the codes of all its pages; `number` alone is a
    permit on paper from before Tamga."""
    said, register, checker = call.body, call.office.register, call.office.checker()
    asked = said.of(said.qr, said.other_pages) if said.qr else said.of(*scan_permit.typed(
        said.number or "", said.code or "", call.actor, register=register, checker=checker, now=call.now
    ))  # fmt: skip
    found = scan_permit.scan(asked, call.actor, register=register, checker=checker, now=call.now)
    return {"event_id": asked.event_id, **show.verdict(found, reader(call, asked.direction))}


@blueprint.route(
    "/v1/scans/document", method="POST", raw=FILES, cap=FILE_CAP, query=models.FileLook, returns="Verdict", may="scan"
)
def scan_document(call: Call[VerifyDeps]) -> dict[str, Any]:
    """A PDF, PNG or JPEG opened at a post: the worst verdict of its codes; every permit in it is a scan.
    Read as `/v1/verify/document` reads it, and not kept."""
    look, office = call.query.look(), call.office
    found, document = scan_file.scan_file(
        call.body, call.content_type, look, call.actor, reader=office.reader, register=office.register,
        checker=office.checker(), now=call.now,
    )  # fmt: skip
    return {
        "event_id": look.event_id,
        **show.verdict(found, reader(call, look.direction)),
        "document": show.document(document),
    }


def _resolved(call: Call[VerifyDeps], event_id: str, resolve: Callable[..., dict[str, Any]]) -> dict[str, Any]:
    asked, office = call.body, call.office
    return resolve(
        event_id, asked.code, asked.result, asked.reason or "", call.actor, register=office.register,
        checker=office.checker(), now=call.now,
    )  # fmt: skip


@blueprint.route(f"{SCAN}/resolve", method="POST", body=models.Resolve, returns="Resolution", may="resolve")
def resolve_scan(call: Call[VerifyDeps], event_id: str) -> dict[str, Any]:
    """Clear or confirm a code that a scan's verdict raised."""
    return _resolved(call, event_id, scan_permit.resolve_scan)


@blueprint.route(
    "/v1/endorsements",
    method="POST",
    body=models.EndorsementBody,
    cap=VERIFY_CAP,
    status=201,
    returns="Receipt",
    may="endorse",
)
def endorse(call: Call[VerifyDeps]) -> Response:
    """Block 14: use the permit, exactly once.
    201 with the receipt; the same event again 200 with the same receipt; used already 409 with `first_use`.
    An endorsement that the device's batch brought first and that contradicts an earlier use is 409 `kept-as-conflict`,
    with `receipt` and the address of its `undo`."""
    receipt, new = endorse_permit.endorse(
        call.body.endorsement(),
        call.actor,
        register=call.office.register,
        checker=call.office.checker(),
        listing=call.office.listing,
        now=call.now,
    )
    return json_response(with_times(receipt), 201 if new else 200)


@blueprint.route(f"{ENDORSEMENT}/resolve", method="POST", body=models.Resolve, returns="Resolution", may="resolve")
def resolve_endorsement(call: Call[VerifyDeps], event_id: str) -> dict[str, Any]:
    """Clear or confirm a code that an endorsement gave rise to."""
    return _resolved(call, event_id, scan_permit.resolve_endorsement)


@blueprint.route(f"{ENDORSEMENT}/confirm", method="POST", body=Nothing, returns="Receipt", may="endorse")
def confirm(call: Call[VerifyDeps], event_id: str) -> Any:
    """A second person confirms a hand-stamped endorsement; from then on it counts."""
    receipt = confirm_paper.confirm(
        event_id, call.actor, register=call.office.register, checker=call.office.checker(), now=call.now
    )
    return with_times(receipt)


@blueprint.route(
    f"{ENDORSEMENT}/photo", method="POST", raw=PHOTOS, cap=FILE_CAP, status=201, returns="Photo", may="endorse"
)
def photo(call: Call[VerifyDeps], event_id: str) -> Any:
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


@blueprint.route(f"{ENDORSEMENT}/photos", returns="Photographs", may="see_photos")
def photos(call: Call[VerifyDeps], event_id: str) -> dict[str, Any]:
    """The photographs of block 14 that were kept with an endorsement, who added each and when."""
    office = call.office
    photograph.need_sight(event_id, call.actor, register=office.register, checker=office.checker())
    return {"items": with_times(photograph.listed(event_id, register=office.register))}


@blueprint.route(f"{ENDORSEMENT}/photos/{{sha256}}", returns="Download", produces=PRODUCED, may="see_photos")
def picture(call: Call[VerifyDeps], event_id: str, sha256: str) -> Response:
    """One of its photographs: bytes where `Accept` begins with a picture, else a short-lived address."""
    office = call.office
    photograph.need_sight(event_id, call.actor, register=office.register, checker=office.checker())
    return handed_out(call, event_id, sha256)


@blueprint.route(f"{ENDORSEMENT}/undo", method="POST", body=models.UndoBody, returns="Undone", may="undo")
def undo(call: Call[EndorseDeps], event_id: str) -> Any:
    """Withdraw an endorsement: another person of the post within 24 hours, an approver later."""
    receipt = withdraw_endorsement.undo(
        event_id,
        call.body.event_id,
        call.body.reason,
        call.actor,
        register=call.office.register,
        checker=call.office.checker(),
        now=call.now,
        undo_paper=call.office.undo_paper,
    )
    return with_times(receipt)


@blueprint.route("/v1/devices", method="POST", body=models.DeviceBody, status=201, returns="Device", may="device")
def register_device(call: Call[VerifyDeps]) -> dict[str, Any]:
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


@blueprint.route("/v1/devices", query=models.DevicesQuery, returns="Devices", may="devices")
def list_devices(call: Call[VerifyDeps]) -> dict[str, Any]:
    """The devices of a post: who put them there, when each was last heard of, and which were reported lost.
    `synced_at`: when it last sent what it had; `heard_at`: a sign of life, too."""
    found, cursor = devices.devices_of(
        call.query.post,
        call.actor,
        register=call.office.register,
        posts=call.office.posts,
        cursor=call.query.cursor or "",
    )
    return {"items": [with_times(_shown(each, call)) for each in found], "cursor": cursor}


def _shown(device: devices.Device, call: Call[VerifyDeps]) -> dict[str, Any]:
    """`sending`: a backlog of it is under way. `steps`: what the caller may do with it, as a permit has them."""
    steps = []
    if not device.revoked and call.actor.may("lose_device"):
        steps.append("revoke")
    if device.revoked and kept_apart.any_kept(device.id, register=call.office.register):
        steps.append("kept")
    return {
        "device_id": device.id,
        "post": device.post,
        "name": device.name,
        "registered_at": device.registered_at,
        "registered_by": device.registered_by,
        "synced_at": device.synced_at if device.synced_by or device.begun_at else None,
        "synced_by": device.synced_by,
        "heard_at": device.heard_at or None,
        "heard_by": device.heard_by,
        "sending": bool(device.begun_at) and call.now <= device.open_until,
        "revoked": device.revoked,
        "revoked_at": device.revoked_at or None,
        "revoked_by": device.revoked_by,
        "steps": steps,
    }


@blueprint.route("/v1/devices/{device_id}/revoke", method="POST", body=Nothing, returns="Device", may="lose_device")
def revoke_device(call: Call[VerifyDeps], device_id: str) -> dict[str, Any]:
    """Report a device lost: nothing that it signs counts from now on.
    By an officer of its post or of the duty desk, or by an admin."""
    made = devices.revoke_device(
        device_id, call.actor, register=call.office.register, posts=call.office.posts, now=call.now
    )
    return {"device_id": made.id, "post": made.post, "name": made.name, "revoked": True}


@blueprint.route("/v1/devices/{device_id}/kept", query=CursorQuery, returns="KeptApart", may="devices")
def list_kept(call: Call[VerifyDeps], device_id: str) -> dict[str, Any]:
    """What a device sent after it was reported lost: kept, not believed, and no use of any permit."""
    register, posts = call.office.register, call.office.posts
    device = devices.load_device(device_id, register=register)
    devices.reached(call.actor, device.post, posts)
    found, cursor = kept_apart.kept_of(device_id, register=register, cursor=call.query.cursor or "")
    items = [{**asdict(each), "at": each.at or None} for each in found]
    return {"items": with_times(items), "cursor": cursor}


@blueprint.route("/v1/sync", method="POST", body=models.SyncBody, cap=SYNC_CAP, returns="Synced", may="sync")
def sync(call: Call[VerifyDeps]) -> Any:
    """What a device did offline: each event answered by itself, none lost.
    One bad event never refuses the batch."""
    answers = sync_events.sync(
        call.body.device_id,
        call.body.events,
        call.body.signature,
        synced,
        call.actor,
        register=call.office.register,
        checker=call.office.checker(),
        listing=call.office.listing,
        person=lambda person_id: people.person(person_id, call.office.register),
        now=call.now,
        more=call.body.more,
        alive=call.body.alive,
    )
    return {"results": with_times(answers)}
