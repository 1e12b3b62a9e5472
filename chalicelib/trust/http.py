"""Routes of the published trust lists and status lists."""

from __future__ import annotations

from chalice.app import Response

from chalicelib.http.blueprint import JSON, Blueprint, Call, matches_etag
from chalicelib.kernel.countries import COUNTRY_FORM
from chalicelib.kernel.errors import NoMatch
from chalicelib.trust.model.status_list import LIST_NAME
from chalicelib.trust.services.publish_status_lists import CONTENT_TYPE as STATUS_TYPE
from chalicelib.trust.services.publish_trust_list import BUNDLE_PATH, BUNDLE_TYPE, JWKS_PATH

blueprint = Blueprint(__name__)


@blueprint.route("/trust-list", public=True, returns="binary", produces=[BUNDLE_TYPE])
def trust_list(call: Call) -> Response:
    """Get the signed trust lists.

    A bundle in CBOR (FORMAT.md 4).
    """
    return _static(call, BUNDLE_PATH, BUNDLE_TYPE)


@blueprint.route("/trust-list.json", public=True, returns="JWKS")
def trust_list_json(call: Call) -> Response:
    """Get the permit keys as a JWKS.

    For libraries that read JWK sets (RFC 7517). The set is not signed, so rely on the signed trust lists.
    """
    return _static(call, JWKS_PATH, JSON)


@blueprint.route("/v1/trust-list.json", public=True, returns="JWKS")
def trust_list_json_v1(call: Call) -> Response:
    """Get the permit keys as a JWKS.

    The same as /trust-list.json.
    """
    return _static(call, JWKS_PATH, JSON)


@blueprint.route("/s/{name}", public=True, returns="binary", produces=[STATUS_TYPE])
def status_list(call: Call, name: str) -> Response:
    """Get a signed status list.

    `name`: year and quarter in which its permits expire, for example 27q1 (FORMAT.md 3).
    """
    if not LIST_NAME.fullmatch(name):
        raise NoMatch("There is no status list at this address.")
    return _static(call, f"s/{name}", STATUS_TYPE)


@blueprint.route("/s/{name}/{quarter}", public=True, returns="binary", produces=[STATUS_TYPE])
def party_list(call: Call, name: str, quarter: str) -> Response:
    """Get another Party's signed status list.

    The bytes are as that Party published them. They were verified before they were stored here. `name`: the Party, two
    letters. `quarter`: year and quarter in which the permits expire, for example 27q1.
    """
    if not COUNTRY_FORM.fullmatch(name) or not LIST_NAME.fullmatch(quarter):
        raise NoMatch("There is no status list at this address.")
    return _static(call, f"s/{name}/{quarter}", STATUS_TYPE)


def _static(call: Call, path: str, media_type: str) -> Response:
    """Respond with a published object and its ETag. In production the CDN serves the same path instead."""
    found = call.deps.static.read(path)
    if found is None:
        raise NoMatch("The trust list is not published yet.")
    data, etag = found
    headers: dict[str, str | list[str]] = {
        "Content-Type": media_type,
        "ETag": etag,
        "Cache-Control": "public, max-age=60",
        "Access-Control-Allow-Origin": "*",
    }
    if matches_etag(call, etag):
        return Response("", status_code=304, headers={n: v for n, v in headers.items() if n != "Content-Type"})
    return Response(data if media_type != JSON else data.decode(), headers=headers)
