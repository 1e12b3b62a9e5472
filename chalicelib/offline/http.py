"""Routes of devices and their offline work: registration, loss, sync, and the bundle with its parts under ETags."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from chalice.app import Response

from chalicelib.http.blueprint import JSON, KB, Blueprint, Call, json_response, matches_etag
from chalicelib.http.requests import CursorQuery, Nothing
from chalicelib.kernel.errors import NoMatch
from chalicelib.offline import schemas as offline_schemas
from chalicelib.offline.schemas import (
    Device,
    DeviceOfPost,
    Devices,
    KeptApart,
    Synced,
    bundle_json,
    device_json,
    event_json,
    kept_json,
    synced,
)
from chalicelib.offline.services import devices, quarantine
from chalicelib.offline.services import sync as offline_sync
from chalicelib.people import services as people

if TYPE_CHECKING:
    from chalicelib.endorsement.services.withdraw import EndorseDeps
    from chalicelib.offline.services.bundle import BundleDeps
    from chalicelib.verification.services.verify import VerifyDeps

    class OfflineDeps(EndorseDeps, BundleDeps, Protocol):
        """Dependencies of the routes of devices, bundle and sync."""


blueprint: Blueprint[OfflineDeps] = Blueprint(__name__)

SYNC_CAP = 1024 * KB


@blueprint.route(
    "/v1/devices", method="POST", body=offline_schemas.DeviceBody, status=201, returns="Device", may="device"
)
def register_device(call: Call[VerifyDeps]) -> Device:
    """Register a device's public key at a post."""
    made = devices.register_device(call.body.public_key, call.body.post, call.body.name or "", call.actor, call.deps)
    return {"device_id": made.id, "post": made.post, "name": made.name}


@blueprint.route("/v1/devices", query=offline_schemas.DevicesQuery, returns="Devices", may="devices")
def list_devices(call: Call[VerifyDeps]) -> Devices:
    """List the devices of a post, with their registration, last contact and loss.
    `synced_at`: when the device last sent all that it had. `heard_at`: its last batch or sign of life."""
    found, cursor = devices.devices_of(call.query.post, call.actor, call.deps, cursor=call.query.cursor or "")
    return {"items": [_shown(each, call) for each in found], "cursor": cursor}


def _shown(device: devices.Device, call: Call[VerifyDeps]) -> DeviceOfPost:
    """A device for the caller, with what the caller may do with it."""
    steps = []
    if not device.revoked and call.actor.may("lose_device"):
        steps.append("revoke")
    if device.revoked and quarantine.has_quarantined(device.id, register=call.deps.register):
        steps.append("kept")
    return device_json(device, now=call.now, steps=steps)


@blueprint.route("/v1/devices/{device_id}/revoke", method="POST", body=Nothing, returns="Device", may="lose_device")
def revoke_device(call: Call[VerifyDeps], device_id: str) -> Device:
    """Report a device lost.
    Nothing that it signs counts from now on.
    For officers of its post or of the duty desk, and for an admin."""
    made = devices.revoke_device(device_id, call.actor, call.deps)
    return {"device_id": made.id, "post": made.post, "name": made.name, "revoked": True}


@blueprint.route("/v1/devices/{device_id}/kept", query=CursorQuery, returns="KeptApart", may="devices")
def list_kept(call: Call[VerifyDeps], device_id: str) -> KeptApart:
    """List the quarantine of a lost device, which are the events that it sent after the report.
    They are stored for investigation, never applied, and use no permit."""
    register, posts = call.deps.register, call.deps.posts
    device = devices.load_device(device_id, register=register)
    devices.check_post_access(call.actor, device.post, posts)
    found, cursor = quarantine.list_quarantined(device_id, register=register, cursor=call.query.cursor or "")
    return {"items": [kept_json(each) for each in found], "cursor": cursor}


@blueprint.route("/v1/sync", method="POST", body=offline_schemas.SyncBody, cap=SYNC_CAP, returns="Synced", may="sync")
def sync(call: Call[EndorseDeps]) -> Synced:
    """Upload what a device recorded offline.
    Each event has its own result, and none is lost.
    One bad event never refuses the batch."""
    body = call.body
    answers = offline_sync.sync(
        offline_sync.Batch(body.device_id, body.events, body.signature, body.more, body.alive),
        synced,
        call.actor,
        call.deps,
        person=lambda person_id: people.person(person_id, call.deps.register),
    )
    return {"results": [event_json(each) for each in answers]}


@blueprint.route("/v1/bundle", returns="Bundle", may="bundle")
def bundle(call: Call[BundleDeps]) -> Response:
    """Download the data with which a device judges offline.
    `If-None-Match` saves the download.
    The newest uses may be missing for a minute. `as_of` is the time of the data. `parts` names what is downloaded
    beside it, each with its ETag. A device downloads the parts whose ETag differs from its own."""
    call.actor.require("bundle")
    content, etag = call.deps.bundle()
    if matches_etag(call, etag):
        return Response("", status_code=304, headers={**_headers(etag)})
    return json_response(bundle_json(content), headers=_headers(etag))


@blueprint.route("/v1/bundle/{part}", returns="BundlePart", may="bundle")
def part(call: Call[BundleDeps], part: str) -> Response:
    """Download one part of the bundle, by its name in `parts`.
    `If-None-Match` saves the download."""
    call.actor.require("bundle")
    made = call.deps.bundle_parts().get(part)
    if made is None:
        raise NoMatch("The bundle has no such part.")
    if matches_etag(call, made.etag):
        return Response("", status_code=304, headers={**_headers(made.etag)})
    return Response(made.text, headers={"Content-Type": JSON, **_headers(made.etag)})


def _headers(etag: str) -> dict[str, str]:
    return {"ETag": etag, "Cache-Control": "private, no-cache"}
