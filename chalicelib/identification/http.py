"""The identification aid over HTTP, for anybody: what to ask of goods in the hand, what they may be, how to tell."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from chalice.app import Response

from chalicelib.http.blueprint import Blueprint, Call, held, json_response
from chalicelib.identification import services as identification_services
from chalicelib.identification.services import Aid
from chalicelib.kernel.errors import NoMatch

if TYPE_CHECKING:
    from chalicelib.species.services.list_in_use import SpeciesDeps


blueprint: Blueprint[SpeciesDeps] = Blueprint(__name__)


@blueprint.route("/v1/identification", public=True, returns="Identification")
def identification(call: Call[SpeciesDeps]) -> Response:
    """What to ask of goods in the hand, each answer leading to the next question or to candidates; all candidates.
    A candidate is one taxon in one form (a horn, a hide, alive). Names candidates, never a verdict. Words in Kyrgyz,
    Russian or English: `language` says which. `If-None-Match` saves the download."""
    return _kept(call, identification_services.overview(_aid(call)))


@blueprint.route("/v1/identification/{candidate}", public=True, returns="Candidate")
def one(call: Call[SpeciesDeps], candidate: str) -> Response:
    """What tells one candidate, what it is taken for, what to measure, first care, whom to call; the source of each.
    `If-None-Match` saves the download."""
    found = identification_services.whole(_aid(call), candidate)
    if found is None:
        raise NoMatch("The aid has no such candidate.")
    return _kept(call, found)


def _aid(call: Call[SpeciesDeps]) -> Aid:
    return Aid(identification_services.identification(), call.deps.listing, call.language)


def _kept(call: Call[SpeciesDeps], told: Mapping[str, Any]) -> Response:
    """Anybody may keep it for five minutes: so long an Appendix of the list before may stand in it."""
    made = json_response(told)
    etag = f'"{sha256(made.body.encode()).hexdigest()[:32]}"'
    headers: dict[str, Any] = {"ETag": etag, "Cache-Control": "public, max-age=300", "Vary": "Accept-Language"}
    if held(call, etag):
        return Response("", status_code=304, headers=headers)
    made.headers.update(headers)
    return made
