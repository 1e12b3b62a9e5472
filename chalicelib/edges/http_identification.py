"""The identification aid over HTTP, for anybody: what to ask of goods in the hand, what they may be, how to tell."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from chalice.app import Response

from chalicelib import tables
from chalicelib.core.errors import NoMatch
from chalicelib.edges.blueprint import Blueprint, Call, held, json_response
from chalicelib.services import tell_identification
from chalicelib.services.tell_identification import Aid

if TYPE_CHECKING:
    from chalicelib.services.hold_species import SpeciesDeps

blueprint: Blueprint[SpeciesDeps] = Blueprint(__name__)


@blueprint.route("/v1/identification", public=True, returns="Identification")
def identification(call: Call[SpeciesDeps]) -> Response:
    """What to ask of goods in the hand, each answer leading to the next question or to candidates; all candidates.
    A candidate is one taxon in one form (a horn, a hide, alive). Names candidates, never a verdict. Words in Kyrgyz,
    Russian or English: `language` says which. `If-None-Match` saves the download."""
    return _kept(call, tell_identification.overview(_aid(call)))


@blueprint.route("/v1/identification/{candidate}", public=True, returns="Candidate")
def one(call: Call[SpeciesDeps], candidate: str) -> Response:
    """What tells one candidate, what it is taken for, what to measure, first care, whom to call; the source of each.
    `If-None-Match` saves the download."""
    found = tell_identification.whole(_aid(call), candidate)
    if found is None:
        raise NoMatch("The aid has no such candidate.")
    return _kept(call, found)


def _aid(call: Call[SpeciesDeps]) -> Aid:
    return Aid(tables.identification(), call.office.listing, call.language)


def _kept(call: Call[SpeciesDeps], told: Mapping[str, Any]) -> Response:
    """Anybody may keep it for five minutes: so long an Appendix of the list before may stand in it."""
    made = json_response(told)
    etag = f'"{sha256(made.body.encode()).hexdigest()[:32]}"'
    headers: dict[str, Any] = {"ETag": etag, "Cache-Control": "public, max-age=300", "Vary": "Accept-Language"}
    if held(call, etag):
        return Response("", status_code=304, headers=headers)
    made.headers.update(headers)
    return made
