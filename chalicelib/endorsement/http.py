"""At the posts: scans and their resolving, endorsements, undo, devices, what was done offline.

How a photograph is handed out: to a page its bytes, to other software a short-lived address.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from chalice.app import Response

from chalicelib.endorsement import schemas as endorsement_schemas
from chalicelib.endorsement.services import endorse as endorsement_endorse
from chalicelib.endorsement.services import paper_stamps, photographs, withdraw
from chalicelib.endorsement.services import scan as endorsement_scan
from chalicelib.http.blueprint import FILES, JSON, Blueprint, Call, json_response
from chalicelib.http.requests import Nothing
from chalicelib.kernel.days import with_times
from chalicelib.kernel.files import FILE_CAP
from chalicelib.people.http import reader
from chalicelib.platform import files
from chalicelib.verification import public_view
from chalicelib.verification.http import VERIFY_CAP

if TYPE_CHECKING:
    from chalicelib.endorsement.services.withdraw import EndorseDeps
    from chalicelib.verification.services.verify import VerifyDeps


blueprint: Blueprint[EndorseDeps] = Blueprint(__name__)

PHOTOS = ("image/jpeg", "image/png")

PRODUCED = [JSON, *PHOTOS]


def handed_out(call: Call, event_id: str, sha256: str) -> Response:
    """Bytes where `Accept` begins with a picture, else an address; both are downloads. Raises `NoMatch`."""
    if not str(call.headers.get("accept", "")).strip().startswith("image/"):
        return json_response({"url": files.address(event_id, sha256, call.deps)})
    data, content_type = files.content(event_id, sha256, call.deps)
    return Response(data, headers={"Content-Type": content_type, "Content-Disposition": "attachment"})


SCAN, ENDORSEMENT = "/v1/scans/{event_id}", "/v1/endorsements/{event_id}"


@blueprint.route(
    "/v1/scans", method="POST", body=endorsement_schemas.ScanBody, cap=VERIFY_CAP, returns="Verdict", may="scan"
)
def scan(call: Call[VerifyDeps]) -> dict[str, Any]:
    """An officer's scan at a post: the verdict with the officer's detail, kept under its event id.
    What was typed from the page, `number` and `code`, is judged like the codes of all its pages; `number` alone is a
    permit on paper from before Tamga."""
    said = call.body
    asked = (
        said.of(said.qr, said.other_pages)
        if said.qr
        else said.of(*endorsement_scan.typed(said.number or "", said.code or "", call.actor, call.deps))
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
def scan_document(call: Call[VerifyDeps]) -> dict[str, Any]:
    """A PDF, PNG or JPEG opened at a post: the worst verdict of its codes; every permit in it is a scan.
    Read as `/v1/verify/document` reads it, and not kept."""
    look, deps = call.query.look(), call.deps
    found, document = endorsement_scan.scan_file(call.body, call.content_type, look, call.actor, deps)
    return {
        "event_id": look.event_id,
        **public_view.verdict(found, reader(call, look.direction)),
        "document": public_view.document(document),
    }


def _resolved(call: Call[VerifyDeps], event_id: str, resolve: Callable[..., dict[str, Any]]) -> dict[str, Any]:
    asked, deps = call.body, call.deps
    return resolve(
        event_id,
        asked.code,
        asked.result,
        asked.reason or "",
        call.actor,
        register=deps.register,
        checker=deps.checker(),
        now=call.now,
    )


@blueprint.route(
    f"{SCAN}/resolve", method="POST", body=endorsement_schemas.Resolve, returns="Resolution", may="resolve"
)
def resolve_scan(call: Call[VerifyDeps], event_id: str) -> dict[str, Any]:
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
)
def endorse(call: Call[VerifyDeps]) -> Response:
    """Block 14: use the permit, exactly once.
    201 with the receipt; the same event again 200 with the same receipt; used already 409 with `first_use`.
    An endorsement that the device's batch brought first and that contradicts an earlier use is 409 `kept-as-conflict`,
    with `receipt` and the address of its `undo`."""
    receipt, new = endorsement_endorse.endorse(call.body.endorsement(), call.actor, call.deps)
    return json_response(with_times(receipt), 201 if new else 200)


@blueprint.route(
    f"{ENDORSEMENT}/resolve", method="POST", body=endorsement_schemas.Resolve, returns="Resolution", may="resolve"
)
def resolve_endorsement(call: Call[VerifyDeps], event_id: str) -> dict[str, Any]:
    """Clear or confirm a code that an endorsement gave rise to."""
    return _resolved(call, event_id, endorsement_scan.resolve_endorsement)


@blueprint.route(f"{ENDORSEMENT}/confirm", method="POST", body=Nothing, returns="Receipt", may="endorse")
def confirm(call: Call[VerifyDeps], event_id: str) -> Any:
    """A second person confirms a hand-stamped endorsement; from then on it counts."""
    receipt = paper_stamps.confirm(event_id, call.actor, call.deps)
    return with_times(receipt)


@blueprint.route(
    f"{ENDORSEMENT}/photo", method="POST", raw=PHOTOS, cap=FILE_CAP, status=201, returns="Photo", may="endorse"
)
def photo(call: Call[VerifyDeps], event_id: str) -> Any:
    """Keep a photograph of block 14 with an endorsement; the same picture again is the same photograph."""
    made = photographs.add(event_id, call.body, call.content_type, call.actor, call.deps)
    return with_times(made)


@blueprint.route(f"{ENDORSEMENT}/photos", returns="Photographs", may="see_photos")
def photos(call: Call[VerifyDeps], event_id: str) -> dict[str, Any]:
    """The photographs of block 14 that were kept with an endorsement, who added each and when."""
    deps = call.deps
    photographs.need_sight(event_id, call.actor, deps)
    return {"items": with_times(files.listed(event_id, register=deps.register))}


@blueprint.route(f"{ENDORSEMENT}/photos/{{sha256}}", returns="Download", produces=PRODUCED, may="see_photos")
def picture(call: Call[VerifyDeps], event_id: str, sha256: str) -> Response:
    """One of its photographs: bytes where `Accept` begins with a picture, else a short-lived address."""
    deps = call.deps
    photographs.need_sight(event_id, call.actor, deps)
    return handed_out(call, event_id, sha256)


@blueprint.route(f"{ENDORSEMENT}/undo", method="POST", body=endorsement_schemas.UndoBody, returns="Undone", may="undo")
def undo(call: Call[EndorseDeps], event_id: str) -> Any:
    """Withdraw an endorsement: another person of the post within 24 hours, an approver later."""
    receipt = withdraw.undo(
        event_id, call.body.event_id, call.body.reason, call.actor, call.deps, undo_paper=call.deps.undo_paper
    )
    return with_times(receipt)
