"""Routes of scans, endorsements, their verdict codes, confirmation, photographs and undo.

A photograph leaves as bytes for a page and as a short-lived address for other software.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from chalice.app import Response

from chalicelib.endorsement import schemas as endorsement_schemas
from chalicelib.endorsement.schemas import (
    Photo,
    Photographs,
    Receipt,
    Resolution,
    Undone,
    named_photo,
    photo_json,
    receipt_json,
    resolution_json,
    undone_json,
)
from chalicelib.endorsement.services import endorse as endorsement_endorse
from chalicelib.endorsement.services import paper_stamps, photographs, withdraw
from chalicelib.endorsement.services import scan as endorsement_scan
from chalicelib.http.blueprint import FILES, JSON, Blueprint, Call, json_response
from chalicelib.http.requests import Nothing
from chalicelib.kernel.files import FILE_CAP
from chalicelib.people.http import reader
from chalicelib.platform import files
from chalicelib.verification import public_view
from chalicelib.verification.http import VERIFY_CAP
from chalicelib.verification.schemas import Verdict

if TYPE_CHECKING:
    from chalicelib.endorsement.services.withdraw import EndorseDeps
    from chalicelib.kernel.roles import Actor
    from chalicelib.verification.services.verify import VerifyDeps

    type Resolve = Callable[[str, endorsement_scan.Clearing, Actor, VerifyDeps], endorsement_scan.ResolvedCode]


blueprint: Blueprint[EndorseDeps] = Blueprint(__name__)

PHOTOS = ("image/jpeg", "image/png")

PRODUCED = [JSON, *PHOTOS]


def photograph_response(call: Call, event_id: str, sha256: str) -> Response:
    """Return the photograph's bytes where `Accept` begins with `image/`, else a short-lived address.

    Both are downloads, never shown inline. Raises `NoMatch`.
    """
    if not str(call.headers.get("accept", "")).strip().startswith("image/"):
        return json_response({"url": files.address(event_id, sha256, call.deps)})
    data, content_type = files.content(event_id, sha256, call.deps)
    return Response(data, headers={"Content-Type": content_type, "Content-Disposition": "attachment"})


SCAN, ENDORSEMENT = "/v1/scans/{event_id}", "/v1/endorsements/{event_id}"


@blueprint.route(
    "/v1/scans", method="POST", body=endorsement_schemas.ScanBody, cap=VERIFY_CAP, returns="Verdict", may="scan"
)
def scan(call: Call[VerifyDeps]) -> Verdict:
    """Scan a code at a post and return its verdict with the officer's detail.
    The scan is kept under its event id. `number` and `code`, typed from the page, are judged like the codes of all its
    pages. `number` alone is a permit issued on paper before Tamga."""
    said = call.body
    asked = (
        said.of(said.qr, said.other_pages)
        if said.qr
        else said.of(*endorsement_scan.resolve_typed(said.number or "", said.code or "", call.actor, call.deps))
    )
    found = endorsement_scan.scan(asked, call.actor, call.deps)
    return {"event_id": asked.event_id, **public_view.verdict(found, reader(call, asked.direction))}


@blueprint.route(
    "/v1/scans/document",
    method="POST",
    raw=FILES,
    cap=FILE_CAP,
    query=endorsement_schemas.FileLook,
    returns="Verdict",
    may="scan",
)
def scan_document(call: Call[VerifyDeps]) -> Verdict:
    """Scan a PDF, PNG or JPEG at a post and return the worst verdict of its codes.
    Every permit in the file counts as a scan. The file is read as by `/v1/verify/document` and is not kept."""
    look, deps = call.query.look(), call.deps
    found, document = endorsement_scan.scan_file(call.body, call.content_type, look, call.actor, deps)
    return {
        "event_id": look.event_id,
        **public_view.verdict(found, reader(call, look.direction)),
        "document": public_view.document(document),
    }


def _resolved(call: Call[VerifyDeps], event_id: str, resolve: Resolve) -> Resolution:
    asked = endorsement_scan.Clearing(call.body.code, call.body.result, call.body.reason or "")
    return resolution_json(resolve(event_id, asked, call.actor, call.deps))


@blueprint.route(
    f"{SCAN}/resolve", method="POST", body=endorsement_schemas.Resolve, returns="Resolution", may="resolve"
)
def resolve_scan(call: Call[VerifyDeps], event_id: str) -> Resolution:
    """Clear or confirm a code that a scan's verdict raised."""
    return _resolved(call, event_id, endorsement_scan.resolve_scan)


@blueprint.route(
    "/v1/endorsements",
    method="POST",
    body=endorsement_schemas.EndorsementBody,
    cap=VERIFY_CAP,
    status=201,
    returns="Receipt",
    may="endorse",
    repeats=True,
)
def endorse(call: Call[VerifyDeps]) -> Response:
    """Endorse a permit (block 14), exactly once.
    201 with the receipt. The same event again is answered with 200 and the same receipt. A permit used before gives 409
    with `first_use`. 409 `kept-as-conflict`: the device's batch brought this endorsement first, and it contradicts an
    earlier use. That answer has `receipt` and the address of its `undo`."""
    receipt, new = endorsement_endorse.endorse(call.body.endorsement(), call.actor, call.deps)
    return json_response(receipt_json(receipt), 201 if new else 200)


@blueprint.route(
    f"{ENDORSEMENT}/resolve", method="POST", body=endorsement_schemas.Resolve, returns="Resolution", may="resolve"
)
def resolve_endorsement(call: Call[VerifyDeps], event_id: str) -> Resolution:
    """Clear or confirm a code that an endorsement raised."""
    return _resolved(call, event_id, endorsement_scan.resolve_endorsement)


@blueprint.route(f"{ENDORSEMENT}/confirm", method="POST", body=Nothing, returns="Receipt", may="endorse")
def confirm(call: Call[VerifyDeps], event_id: str) -> Receipt:
    """Confirm a hand-stamped endorsement as its second person.
    From then on the endorsement counts."""
    return receipt_json(paper_stamps.confirm(event_id, call.actor, call.deps))


@blueprint.route(
    f"{ENDORSEMENT}/photo", method="POST", raw=PHOTOS, cap=FILE_CAP, status=201, returns="Photo", may="endorse"
)
def photo(call: Call[VerifyDeps], event_id: str) -> Photo:
    """Keep a photograph of block 14 with an endorsement.
    The same picture again is the same photograph."""
    return photo_json(photographs.add(event_id, call.body, call.content_type, call.actor, call.deps))


@blueprint.route(f"{ENDORSEMENT}/photos", returns="Photographs", may="see_photos")
def photos(call: Call[VerifyDeps], event_id: str) -> Photographs:
    """List the photographs of block 14 kept with an endorsement.
    Each has the person who added it and the time."""
    deps = call.deps
    photographs.need_sight(event_id, call.actor, deps)
    return {"items": [named_photo(each) for each in files.photographs_of(event_id, register=deps.register)]}


@blueprint.route(f"{ENDORSEMENT}/photos/{{sha256}}", returns="Download", produces=PRODUCED, may="see_photos")
def picture(call: Call[VerifyDeps], event_id: str, sha256: str) -> Response:
    """Download one photograph of an endorsement.
    Bytes where `Accept` begins with `image/`, else a short-lived address."""
    deps = call.deps
    photographs.need_sight(event_id, call.actor, deps)
    return photograph_response(call, event_id, sha256)


@blueprint.route(f"{ENDORSEMENT}/undo", method="POST", body=endorsement_schemas.UndoBody, returns="Undone", may="undo")
def undo(call: Call[EndorseDeps], event_id: str) -> Undone:
    """Withdraw an endorsement.
    Another person of the post may do this within 24 hours, an approver at any time."""
    asked = withdraw.Undo(event_id, call.body.event_id, call.body.reason)
    return undone_json(withdraw.undo(asked, call.actor, call.deps))
