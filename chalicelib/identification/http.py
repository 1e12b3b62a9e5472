"""Public routes of the identification aid: its questions, and one candidate in full."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

from chalice.app import Response

from chalicelib.http.blueprint import Blueprint, Call, json_response, matches_etag
from chalicelib.identification import schemas as identification_schemas
from chalicelib.identification import services as identification_services
from chalicelib.identification.schemas import Candidate, Identification
from chalicelib.identification.services import Aid
from chalicelib.kernel.errors import NoMatch

if TYPE_CHECKING:
    from chalicelib.species.services.list_in_use import SpeciesDeps


blueprint: Blueprint[SpeciesDeps] = Blueprint(__name__)


@blueprint.route("/v1/identification", public=True, returns="Identification")
def identification(call: Call[SpeciesDeps]) -> Response:
    """List the questions of the identification aid and all candidates.

    Each answer leads to the next question or to candidates. A candidate is one taxon in one form (a horn, a hide,
    alive). The aid names candidates, never a verdict. Its words are in Kyrgyz, Russian or English. `language` names the
    language. `If-None-Match` saves the download.
    """
    return _kept(call, identification_schemas.overview(_aid(call)))


@blueprint.route("/v1/identification/{candidate}", public=True, returns="Candidate")
def one(call: Call[SpeciesDeps], candidate: str) -> Response:
    """Describe one candidate: how to recognise it, look-alikes, what to measure, first care, whom to call.

    Each statement names its sources. `If-None-Match` saves the download.
    """
    found = identification_schemas.whole(_aid(call), candidate)
    if found is None:
        raise NoMatch("The identification aid has no such candidate.")
    return _kept(call, found)


def _aid(call: Call[SpeciesDeps]) -> Aid:
    return Aid(identification_services.identification(), call.deps.listing, call.language)


def _kept(call: Call[SpeciesDeps], made: Identification | Candidate) -> Response:
    """Response with an ETag that any cache may keep for five minutes, or 304 if the caller has it already.

    So the Appendix in a cached answer may be up to five minutes older than the list in use.
    """
    response = json_response(made)
    etag = f'"{sha256(response.body.encode()).hexdigest()[:32]}"'
    headers: dict[str, str | list[str]] = {
        "ETag": etag,
        "Cache-Control": "public, max-age=300",
        "Vary": "Accept-Language",
    }
    if matches_etag(call, etag):
        return Response("", status_code=304, headers=headers)
    response.headers.update(headers)
    return response
