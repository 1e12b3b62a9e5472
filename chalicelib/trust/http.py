"""The published trust lists and status lists over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chalice.app import Response

from chalicelib.http.blueprint import JSON, Blueprint, Call, held
from chalicelib.kernel.countries import COUNTRY_FORM
from chalicelib.kernel.errors import NoMatch
from chalicelib.trust.model.status_list import LIST_NAME
from chalicelib.trust.services.publish_status_lists import CONTENT_TYPE as STATUS_TYPE
from chalicelib.trust.services.publish_trust_list import BUNDLE_PATH, BUNDLE_TYPE, JWKS_PATH

if TYPE_CHECKING:
    pass


blueprint = Blueprint(__name__)


@blueprint.route("/trust-list", public=True, returns="binary", produces=[BUNDLE_TYPE])
def trust_list(call: Call) -> Response:
    """The signed trust lists (FORMAT.md 4), CBOR."""
    return _static(call, BUNDLE_PATH, BUNDLE_TYPE)


@blueprint.route("/trust-list.json", public=True, returns="JWKS")
def trust_list_json(call: Call) -> Response:
    """The usable permit keys as a JWKS, for convenience: unsigned."""
    return _static(call, JWKS_PATH, JSON)


@blueprint.route("/v1/trust-list.json", public=True, returns="JWKS")
def trust_list_json_v1(call: Call) -> Response:
    """The same JWKS."""
    return _static(call, JWKS_PATH, JSON)


@blueprint.route("/s/{name}", public=True, returns="binary", produces=[STATUS_TYPE])
def status_list(call: Call, name: str) -> Response:
    """A signed status list (FORMAT.md 3), by the quarter in which its permits expire."""
    if not LIST_NAME.fullmatch(name):
        raise NoMatch("There is no such status list.")
    return _static(call, f"s/{name}", STATUS_TYPE)


@blueprint.route("/s/{name}/{quarter}", public=True, returns="binary", produces=[STATUS_TYPE])
def party_list(call: Call, name: str, quarter: str) -> Response:
    """Another Party's signed status list as it was fetched and believed here; `name`: the Party, two letters."""
    if not COUNTRY_FORM.fullmatch(name) or not LIST_NAME.fullmatch(quarter):
        raise NoMatch("There is no such status list.")
    return _static(call, f"s/{name}/{quarter}", STATUS_TYPE)


def _static(call: Call, path: str, media_type: str) -> Response:
    """A published object with its ETag; in production the CDN serves it at the same path without this function."""
    found = call.deps.static.read(path)
    if found is None:
        raise NoMatch("Not published yet.")
    data, etag = found
    headers: dict[str, Any] = {
        "Content-Type": media_type,
        "ETag": etag,
        "Cache-Control": "public, max-age=60",
        "Access-Control-Allow-Origin": "*",
    }
    if held(call, etag):
        return Response("", status_code=304, headers={n: v for n, v in headers.items() if n != "Content-Type"})
    return Response(data if media_type != JSON else data.decode(), headers=headers)
