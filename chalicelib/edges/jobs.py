"""Our other functions, each with a role of its own: issue, print, publish status lists, read a stranger's file, sweep.

On AWS each is loaded alone: no `app.py`, no middleware. A function that is called answers an envelope
(`core.envelope`); a fault is logged by its place and answered as `unavailable`, because its caller finds in the
register what was done. Which function may do what is in `.chalice/config.json` and the policies it names:
`issue_permit` alone may use the permit keys, `print_permit` the `pdf` key, `publish_status` and `publish_due` the
status keys; `read_document` may do nothing.
"""

from __future__ import annotations

import base64
import binascii
import functools
import uuid
from collections.abc import Callable
from typing import Any

from chalice.app import Blueprint, CloudWatchEvent, Rate

from chalicelib import log, wiring
from chalicelib.core import envelope
from chalicelib.core.document import findings_to_json
from chalicelib.core.errors import FieldError, Invalid, TamgaError, TooLarge, Unavailable
from chalicelib.edges.problems import OURS
from chalicelib.services.publish_status import uris

blueprint = Blueprint(__name__)

FILE_CAP = 4 * 1024 * 1024  # bytes, as at the HTTP edge
JsonObject = dict[str, Any]


def answering(work: Callable[[JsonObject], Any]) -> Callable[[JsonObject, Any], JsonObject]:
    """A handler that answers an envelope whatever happens."""

    @functools.wraps(work)
    def handler(event: JsonObject, context: Any) -> JsonObject:
        try:
            return envelope.succeeded(work(event))
        except Exception as error:
            if isinstance(error, TamgaError) and not isinstance(error, OURS):
                return envelope.failed(error)
            log.fault(error, work.__name__, str(getattr(context, "aws_request_id", "") or uuid.uuid4()))
            return envelope.failed(Unavailable())

    return handler


def scheduled(work: Callable[[], dict[str, int]]) -> Callable[[CloudWatchEvent], dict[str, int]]:
    """A handler on the clock: what it did goes to the log in numbers; a fault is raised, so that an alarm sees it."""

    @functools.wraps(work)
    def handler(event: CloudWatchEvent) -> dict[str, int]:
        try:
            counts = work()
        except Exception as error:
            log.fault(error, work.__name__, str(uuid.uuid4()))
            raise
        log.done(work.__name__, **counts)
        return counts

    return handler


def _text(event: JsonObject, name: str) -> str:
    value = event.get(name)
    if not isinstance(value, str) or not 0 < len(value) <= 200:
        raise Invalid(FieldError(name, "required", "A text."))
    return value


@blueprint.lambda_function(name="issue_permit")
@answering
def issue_permit(event: JsonObject) -> bool:
    """Sign the intent of `{"permit_id"}`; the caller's word counts for nothing else."""
    wiring.office().issue_here(_text(event, "permit_id"))
    return True


@blueprint.lambda_function(name="print_permit")
@answering
def print_permit(event: JsonObject) -> bool:
    """Make and seal the print of `{"permit_id", "original"}` if it is not there."""
    wiring.office().print_here(_text(event, "permit_id"), event.get("original") is True)
    return True


@blueprint.lambda_function(name="publish_status")
@answering
def publish_status(event: JsonObject) -> bool:
    """Publish the list `{"uri"}` now; an address that is not one of ours is refused."""
    office, uri = wiring.office(), _text(event, "uri")
    if uri not in uris(office.stage, office.clock()):
        raise Invalid(FieldError("uri", "unknown", "No status list of ours."))
    office.publish_here(uri)
    return True


@blueprint.lambda_function(name="read_document")
@answering
def read_document(event: JsonObject) -> Any:
    """Facts about the file `{"data": base64, "content_type"}`."""
    from chalicelib.reading.read_document import read

    try:
        data = base64.b64decode(event.get("data", ""), validate=True)
    except (TypeError, ValueError, binascii.Error):
        raise Invalid(FieldError("data", "base64", "A file in base64.")) from None
    if len(data) > FILE_CAP:
        raise TooLarge
    return findings_to_json(read(data, _text(event, "content_type")))


@blueprint.schedule(Rate(1, Rate.MINUTES), name="publish_due", description="Publish status lists that are due")
@scheduled
def publish_due() -> dict[str, int]:
    return {"published": len(wiring.office().publish_due())}


@blueprint.schedule(Rate(5, Rate.MINUTES), name="sweep", description="Give up signings that were cut off")
@scheduled
def sweep() -> dict[str, int]:
    from chalicelib.services.sweep import sweep as ended

    office = wiring.office()
    return {"voided": len(ended(register=office.register, now=office.clock()))}
