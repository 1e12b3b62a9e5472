"""A permit on paper over HTTP: the form as it would print, and the print."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalice.app import Response

from chalicelib.edges import models, problems
from chalicelib.edges.blueprint import JSON, Blueprint, Call, json_response
from chalicelib.services import preview_permit, print_permit

if TYPE_CHECKING:
    from chalicelib.services.issue_permit import IssueDeps

blueprint: Blueprint[IssueDeps] = Blueprint(__name__)

ONE = "/v1/permits/{permit_id}"
PDF = "application/pdf"
PDF_SECONDS = 300  # that an address for a download lasts


@blueprint.route(f"{ONE}/preview", returns="binary", produces=[PDF], may="preview")
def preview(call: Call[IssueDeps], permit_id: str) -> Response:
    """The form as it would print, before issue, for `Accept: application/pdf`.
    PREVIEW across it; no code, number, day, signature or seal. 422 names what the form still lacks."""
    if _first_accepted(call) != PDF:
        raise problems.NotAcceptable(f"The answer is {PDF}.")
    data = preview_permit.preview(
        permit_id,
        call.actor,
        register=call.office.register,
        listing=call.office.listing,
        stage=call.office.stage,
        render=call.office.render_preview,
        now=call.now,
    )
    name = preview_permit.FILE_NAME
    return Response(data, headers={"Content-Type": PDF, "Content-Disposition": f'inline; filename="{name}"'})


@blueprint.route(f"{ONE}/pdf", query=models.PdfQuery, returns="Download", produces=[JSON, PDF], may="see")
def pdf(call: Call[IssueDeps], permit_id: str) -> Response:
    """The print: bytes for `Accept: application/pdf`, else a short-lived address (browsers' first Accept is HTML).
    `original=true` is the one that gets stamp and ink, for the ministry; every other download says COPY."""
    made = print_permit.fetch(
        permit_id,
        call.actor,
        register=call.office.register,
        blobs=call.office.blobs,
        printer=call.office.printer,
        trust=call.office.trust,
        stage=call.office.stage,
        now=call.now,
        original=call.query.original == "true",
    )
    if _first_accepted(call) != PDF:
        return json_response({"url": call.office.blobs.url(made.key, name=made.name, seconds=PDF_SECONDS)})
    data = print_permit.content(made, blobs=call.office.blobs)
    return Response(data, headers={"Content-Type": PDF, "Content-Disposition": f'attachment; filename="{made.name}"'})


def _first_accepted(call: Call[IssueDeps]) -> str:
    """API Gateway looks at the first type of Accept only, when it decides whether an answer is bytes."""
    return str(call.headers.get("accept", "")).split(",")[0].partition(";")[0].strip().lower()
