"""What devices need offline, over HTTP: the bundle, and its parts that seldom change, each under an ETag of its own."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Protocol

from chalice.app import Response

from chalicelib.http.blueprint import JSON, KB, Blueprint, Call, held, json_response
from chalicelib.http.requests import CursorQuery, Nothing
from chalicelib.kernel.days import to_text, with_times
from chalicelib.kernel.errors import NoMatch
from chalicelib.offline import schemas as offline_schemas
from chalicelib.offline.schemas import synced
from chalicelib.offline.services import devices, quarantine
from chalicelib.offline.services import sync as offline_sync
from chalicelib.people import services as people

if TYPE_CHECKING:
    from chalicelib.offline.services.bundle import BundleDeps
    from chalicelib.verification.services.verify import VerifyDeps

    class OfflineDeps(VerifyDeps, BundleDeps, Protocol):
        """What the routes of devices, of the bundle and of what was done off line need."""


blueprint: Blueprint[OfflineDeps] = Blueprint(__name__)

SYNC_CAP = 1024 * KB


@blueprint.route(
    "/v1/devices", method="POST", body=offline_schemas.DeviceBody, status=201, returns="Device", may="device"
)
def register_device(call: Call[VerifyDeps]) -> dict[str, Any]:
    """Put a device's public key under a post."""
    made = devices.register_device(call.body.public_key, call.body.post, call.body.name or "", call.actor, call.deps)
    return {"device_id": made.id, "post": made.post, "name": made.name}


@blueprint.route("/v1/devices", query=offline_schemas.DevicesQuery, returns="Devices", may="devices")
def list_devices(call: Call[VerifyDeps]) -> dict[str, Any]:
    """The devices of a post: who put them there, when each was last heard of, and which were reported lost.
    `synced_at`: when it last sent what it had; `heard_at`: a sign of life, too."""
    found, cursor = devices.devices_of(call.query.post, call.actor, call.deps, cursor=call.query.cursor or "")
    return {"items": [with_times(_shown(each, call)) for each in found], "cursor": cursor}


def _shown(device: devices.Device, call: Call[VerifyDeps]) -> dict[str, Any]:
    """`sending`: a backlog of it is under way. `steps`: what the caller may do with it, as a permit has them."""
    steps = []
    if not device.revoked and call.actor.may("lose_device"):
        steps.append("revoke")
    if device.revoked and quarantine.any_kept(device.id, register=call.deps.register):
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
    made = devices.revoke_device(device_id, call.actor, call.deps)
    return {"device_id": made.id, "post": made.post, "name": made.name, "revoked": True}


@blueprint.route("/v1/devices/{device_id}/kept", query=CursorQuery, returns="KeptApart", may="devices")
def list_kept(call: Call[VerifyDeps], device_id: str) -> dict[str, Any]:
    """What a device sent after it was reported lost: kept, not believed, and no use of any permit."""
    register, posts = call.deps.register, call.deps.posts
    device = devices.load_device(device_id, register=register)
    devices.reached(call.actor, device.post, posts)
    found, cursor = quarantine.list_quarantined(device_id, register=register, cursor=call.query.cursor or "")
    items = [{**asdict(each), "at": each.at or None} for each in found]
    return {"items": with_times(items), "cursor": cursor}


@blueprint.route("/v1/sync", method="POST", body=offline_schemas.SyncBody, cap=SYNC_CAP, returns="Synced", may="sync")
def sync(call: Call[VerifyDeps]) -> Any:
    """What a device did offline: each event answered by itself, none lost.
    One bad event never refuses the batch."""
    answers = offline_sync.sync(
        call.body.device_id,
        call.body.events,
        call.body.signature,
        synced,
        call.actor,
        call.deps,
        person=lambda person_id: people.person(person_id, call.deps.register),
        more=call.body.more,
        alive=call.body.alive,
    )
    return {"results": with_times(answers)}


@blueprint.route("/v1/bundle", returns="Bundle", may="bundle")
def bundle(call: Call[BundleDeps]) -> Response:
    """What a device needs to judge offline; `If-None-Match` saves the download.
    The newest uses may be missing from it for a minute; `as_of` says from when it is. `parts` names what is fetched
    beside it, each with its ETag: a device asks for those whose ETag is another than the one it holds."""
    call.actor.need("bundle")
    content, etag = call.deps.bundle()
    if held(call, etag):
        return Response("", status_code=304, headers=_headers(etag))
    return json_response(with_times({**content, "as_of": to_text(content["as_of"])}), headers=_headers(etag))


@blueprint.route("/v1/bundle/{part}", returns="BundlePart", may="bundle")
def part(call: Call[BundleDeps], part: str) -> Response:
    """One part of the bundle by its name in `parts`; `If-None-Match` saves the download."""
    call.actor.need("bundle")
    made = call.deps.bundle_parts().get(part)
    if made is None:
        raise NoMatch("The bundle has no such part.")
    if held(call, made.etag):
        return Response("", status_code=304, headers=_headers(made.etag))
    return Response(made.text, headers={"Content-Type": JSON, **_headers(made.etag)})


def _headers(etag: str) -> dict[str, Any]:
    return {"ETag": etag, "Cache-Control": "private, no-cache"}
