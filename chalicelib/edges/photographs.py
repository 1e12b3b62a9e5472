"""How a photograph is handed out: to a page its bytes, to other software a short-lived address."""

from __future__ import annotations

from chalice.app import Response

from chalicelib.edges.blueprint import JSON, Call, json_response
from chalicelib.services import photograph

PHOTOS = ("image/jpeg", "image/png")
PRODUCED = [JSON, *PHOTOS]


def handed_out(call: Call, event_id: str, sha256: str) -> Response:
    """Bytes where `Accept` begins with a picture, else an address; both are downloads. Raises `NoMatch`."""
    register, blobs = call.office.register, call.office.blobs
    if not str(call.headers.get("accept", "")).strip().startswith("image/"):
        return json_response({"url": photograph.address(event_id, sha256, register=register, blobs=blobs)})
    data, content_type = photograph.content(event_id, sha256, register=register, blobs=blobs)
    return Response(data, headers={"Content-Type": content_type, "Content-Disposition": "attachment"})
