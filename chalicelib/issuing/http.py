"""Routes to issue a permit, preview its form and download its print."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from chalice.app import Response

from chalicelib.http import problems
from chalicelib.http.answers import Download
from chalicelib.http.blueprint import JSON, Blueprint, Call, json_response
from chalicelib.http.requests import Model, Nothing
from chalicelib.issuing.services import print_permit, reserve
from chalicelib.permits.http import permit_response, version_read
from chalicelib.permits.schemas import Permit

if TYPE_CHECKING:
    from chalicelib.issuing.services.ports import IssueDeps


blueprint: Blueprint[IssueDeps] = Blueprint(__name__)

ONE = "/v1/permits/{permit_id}"


class PdfQuery(Model):
    """Query of the print. `original=true` asks for the ministry's print, which gets stamp and ink."""

    original: Literal["true", "false"] | None = None


@blueprint.route(f"{ONE}/issue", method="POST", body=Nothing, returns="Permit", may="issue")
def issue(call: Call[IssueDeps], permit_id: str) -> Permit:
    """Issue an approved permit with number, signature and check code.

    `If-Match` names the version that was read, as with PUT.
    """
    made = reserve.issue(permit_id, call.actor, call.deps, read=version_read(call))
    return permit_response(call, made)


PDF = "application/pdf"

PDF_SECONDS = 300  # a download address expires after this time


@blueprint.route(f"{ONE}/preview", returns="binary", produces=[PDF], may="preview")
def preview(call: Call[IssueDeps], permit_id: str) -> Response:
    """Preview the form of an application before issue.

    Needs `Accept: application/pdf`. The sheet bears PREVIEW and has no code, number, day, signature or seal.
    422 names each field that the form still lacks.
    """
    if _first_accepted(call) != PDF:
        raise problems.NotAcceptable(f"The answer is {PDF}. Name this type in the Accept header.")
    data = print_permit.preview(permit_id, call.actor, call.deps, render=call.deps.render_preview)
    name = print_permit.FILE_NAME
    return Response(data, headers={"Content-Type": PDF, "Content-Disposition": f'inline; filename="{name}"'})


@blueprint.route(f"{ONE}/pdf", query=PdfQuery, returns="Download", produces=[JSON, PDF], may="see")
def pdf(call: Call[IssueDeps], permit_id: str) -> Response:
    """Download the print of a permit.

    With `Accept: application/pdf` the answer is the file, else an address that expires after five minutes.
    A browser gets the address, since its first Accept type is HTML. `original=true` is the print that gets stamp
    and ink, for the ministry. Every other download of a paper permit bears COPY.
    The print of a revoked, replaced or lost permit bears VOID.
    """
    made = print_permit.fetch(permit_id, call.actor, call.deps, original=call.query.original == "true")
    if _first_accepted(call) != PDF:
        answer: Download = {"url": call.deps.blobs.url(made.key, name=made.name, seconds=PDF_SECONDS)}
        return json_response(answer)
    data = print_permit.content(made, blobs=call.deps.blobs)
    return Response(data, headers={"Content-Type": PDF, "Content-Disposition": f'attachment; filename="{made.name}"'})


def _first_accepted(call: Call[IssueDeps]) -> str:
    """Return the first media type of Accept. API Gateway decides by it alone whether a response is binary."""
    return str(call.headers.get("accept", "")).split(",")[0].partition(";")[0].strip().lower()
