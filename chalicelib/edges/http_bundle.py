"""What devices need offline, over HTTP: the bundle, and its parts that seldom change, each under an ETag of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chalice.app import Response

from chalicelib.core.errors import NoMatch
from chalicelib.edges.blueprint import JSON, Blueprint, Call, held, json_response
from chalicelib.edges.times import to_text, with_times

if TYPE_CHECKING:
    from chalicelib.bundle_parts import BundleDeps

blueprint: Blueprint[BundleDeps] = Blueprint(__name__)


@blueprint.route("/v1/bundle", returns="Bundle", may="bundle")
def bundle(call: Call[BundleDeps]) -> Response:
    """What a device needs to judge offline; `If-None-Match` saves the download.
    The newest uses may be missing from it for a minute; `as_of` says from when it is. `parts` names what is fetched
    beside it, each with its ETag: a device asks for those whose ETag is another than the one it holds."""
    call.actor.need("bundle")
    content, etag = call.office.bundle()
    if held(call, etag):
        return Response("", status_code=304, headers=_headers(etag))
    return json_response(with_times({**content, "as_of": to_text(content["as_of"])}), headers=_headers(etag))


@blueprint.route("/v1/bundle/{part}", returns="BundlePart", may="bundle")
def part(call: Call[BundleDeps], part: str) -> Response:
    """One part of the bundle by its name in `parts`; `If-None-Match` saves the download."""
    call.actor.need("bundle")
    made = call.office.bundle_parts().get(part)
    if made is None:
        raise NoMatch("The bundle has no such part.")
    if held(call, made.etag):
        return Response("", status_code=304, headers=_headers(made.etag))
    return Response(made.text, headers={"Content-Type": JSON, **_headers(made.etag)})


def _headers(etag: str) -> dict[str, Any]:
    return {"ETag": etag, "Cache-Control": "private, no-cache"}
