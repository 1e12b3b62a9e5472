"""Our other functions, each with a role of its own: issue, print, publish lists, read a stranger's file, ask
another Party, fetch other Parties' lists, sweep, notify.

On AWS each is loaded alone: no `app.py`, no middleware. A function that is called answers an envelope
(`core.envelope`); a fault is logged by its place and answered as `unavailable`, because its caller finds in the
register what was done. Which function may do what is in `infra/stage/` (`functions.yaml`, `reader.yaml`,
`exchange.yaml`, `fetcher.yaml`): `issue_permit` alone may use the permit keys, `print_permit` the `pdf` key,
`publish_status` and `publish_due` the status keys, `send_notices` the mail, `ask_party` our client certificate;
`fetch_lists` keeps what it fetched and reads no row; `read_document` may do nothing.
"""

from __future__ import annotations

import base64
import binascii
import functools
import uuid
from collections.abc import Callable
from typing import Any

from chalice.app import Blueprint, CloudWatchEvent, Rate

from chalicelib.adapters.aws import envelope
from chalicelib.composition import container, functions
from chalicelib.kernel.errors import OURS, FieldError, Invalid, TamgaError, TooLarge, Unavailable
from chalicelib.kernel.files import FILE_CAP
from chalicelib.platform import log
from chalicelib.platform.config import KID
from chalicelib.trust.services.publish_status_lists import uris
from chalicelib.verdict.file_findings import findings_to_json

blueprint = Blueprint(__name__)

JsonObject = dict[str, Any]


def answering(work: Callable[[JsonObject], Any]) -> Callable[[JsonObject, Any], JsonObject]:
    """A handler that answers an envelope whatever happens."""

    @functools.wraps(work)
    def handler(event: JsonObject, context: Any) -> JsonObject:
        log.set_up()
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
        log.set_up()
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
    functions.issue(_text(event, "permit_id"), container.deps())
    return True


@blueprint.lambda_function(name="print_permit")
@answering
def print_permit(event: JsonObject) -> bool | str:
    """Make and seal the print of `{"permit_id", "original"}` if it is not there.

    `{"certificate_of": kid}`: a certificate for that `pdf` key, DER in base64. Only this function may use the key, and
    a certificate that the trust list does not name is worth nothing.
    """
    if "certificate_of" in event:
        kid = _text(event, "certificate_of")
        if not KID.fullmatch(kid):
            raise Invalid(FieldError("certificate_of", "kid", "16 hex digits."))
        return base64.b64encode(functions.certificate_of(bytes.fromhex(kid), container.deps())).decode()
    functions.print_permit(_text(event, "permit_id"), event.get("original") is True, container.deps())
    return True


@blueprint.lambda_function(name="publish_status")
@answering
def publish_status(event: JsonObject) -> bool:
    """Publish the list `{"uri"}` now; an address that is not one of ours is refused."""
    deps, uri = container.deps(), _text(event, "uri")
    if uri not in uris(deps.stage, deps.now):
        raise Invalid(FieldError("uri", "unknown", "No status list of ours."))
    functions.publish_status(uri, deps)
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


@blueprint.lambda_function(name="ask_party")
@answering
def ask_party(event: JsonObject) -> Any:
    """What the service of the Party `{"country", "operation", "number", "token", "lines"}` answers to our client
    certificate, which this function alone can read."""
    from chalicelib.adapters.aws.functions import to_json

    country, lines = _text(event, "country"), event.get("lines") or []
    services = container.deps().ports.epix
    if country not in services.countries:
        raise Invalid(FieldError("country", "unknown", "No service of this Party is known."))
    answer = services.send(
        country,
        _text(event, "operation"),
        _text(event, "number"),
        token=str(event.get("token") or ""),
        lines=[(str(line), str(quantity)) for line, quantity in lines],
    )
    return to_json(answer)


@blueprint.schedule(Rate(1, Rate.MINUTES), name="publish_due", description="Publish status lists that are due")
@scheduled
def publish_due() -> dict[str, int]:
    """How many, and what the alarms watch: the age of the oldest list that is out, the life of the trust list."""
    published = len(functions.publish_due(container.deps()))
    return {"published": published, **functions.freshness(container.deps())}


@blueprint.schedule(Rate(5, Rate.MINUTES), name="fetch_lists", description="Fetch other Parties' status lists")
@scheduled
def fetch_lists() -> dict[str, int]:
    """How many are new, of how many Parties something was wrong, and how old the oldest is that is kept."""
    done = functions.fetch_lists(container.deps())
    return {"kept": done.kept, "parties_failed": done.failed, "oldest_party_list": done.oldest}


@blueprint.schedule(Rate(5, Rate.MINUTES), name="sweep", description="Give up signings that were cut off")
@scheduled
def sweep() -> dict[str, int]:
    done = functions.sweep(container.deps())
    return {
        "voided": len(done.voided),
        "lapsed": len(done.lapsed),
        "escalated": done.escalated,
        "flags": done.flags,
        "flags_escalated": done.flags_escalated,
        "stamps_escalated": done.stamps_escalated,
        "differences": done.differences,
    }


@blueprint.schedule(Rate(1, Rate.MINUTES), name="send_notices", description="Mail applicants what became of theirs")
@scheduled
def send_notices() -> dict[str, int]:
    """How many were sent, how many were left for good, and for how many seconds the oldest waits."""
    done = functions.send_notices(container.deps())
    return {"sent": done.sent, "left": done.left, "oldest_notice": done.oldest}
