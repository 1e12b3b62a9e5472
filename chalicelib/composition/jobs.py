"""Entry points of our other functions: issue, print, publish lists, read an untrusted file, ask another Party, fetch
other Parties' lists, sweep, notify.

On AWS each function is loaded alone, without `app.py` and middleware. A called function answers with an envelope
(`adapters/aws/envelope.py`). A fault is logged with its place and answered as `unavailable`. The caller finds in the
register what was done.

Each function has its own IAM role (`functions.yaml`, `reader.yaml`, `exchange.yaml`, `fetcher.yaml` in `infra/stage/`):

* only `issue_permit` may use the permit keys, only `print_permit` the `pdf` key
* only `publish_status` and `publish_due` may use the status keys
* only `send_notices` may send mail, only `ask_party` may read our client certificate
* `fetch_lists` stores the lists that it fetched and reads no row; `read_document` has no rights
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
from chalicelib.kernel.errors import INTERNAL_FAULTS, FieldError, Invalid, TamgaError, TooLarge, Unavailable
from chalicelib.kernel.files import FILE_CAP
from chalicelib.platform import log
from chalicelib.platform.config import KID
from chalicelib.trust.services.publish_status_lists import uris
from chalicelib.verdict.file_findings import findings_to_json

blueprint = Blueprint(__name__)

JsonObject = dict[str, Any]


def answering(work: Callable[[JsonObject], Any]) -> Callable[[JsonObject, Any], JsonObject]:
    """Make a handler of a called function. It answers with an envelope after any exception too."""

    @functools.wraps(work)
    def handler(event: JsonObject, context: Any) -> JsonObject:
        log.set_up()
        try:
            return envelope.success(work(event))
        except Exception as error:
            if isinstance(error, TamgaError) and not isinstance(error, INTERNAL_FAULTS):
                return envelope.failure(error)
            log.fault(error, work.__name__, str(getattr(context, "aws_request_id", "") or uuid.uuid4()))
            return envelope.failure(Unavailable())

    return handler


def scheduled(work: Callable[[], dict[str, int]]) -> Callable[[CloudWatchEvent], dict[str, int]]:
    """Make a handler of a scheduled job. It logs the counts, and raises a fault so that an alarm sees it."""

    @functools.wraps(work)
    def handler(event: CloudWatchEvent) -> dict[str, int]:
        log.set_up()
        try:
            counts = work()
        except Exception as error:
            log.fault(error, work.__name__, str(uuid.uuid4()))
            raise
        log.job_done(work.__name__, **counts)
        return counts

    return handler


def _text(event: JsonObject, name: str) -> str:
    value = event.get(name)
    if not isinstance(value, str) or not 0 < len(value) <= 200:
        raise Invalid(FieldError(name, "required", "Must be a text."))
    return value


@blueprint.lambda_function(name="issue_permit")
@answering
def issue_permit(event: JsonObject) -> bool:
    """Sign the intent of `{"permit_id"}`. Everything else comes from the register, not from the caller."""
    functions.issue(_text(event, "permit_id"), container.deps())
    return True


@blueprint.lambda_function(name="print_permit")
@answering
def print_permit(event: JsonObject) -> bool | str:
    """Make and seal the print of `{"permit_id", "original"}` unless it exists. Answer True either way.

    `{"certificate_of": kid}`: answer with a new certificate of that `pdf` key, DER in base64. Only this function may
    use the key. A certificate has no effect unless the trust list names it.
    """
    if "certificate_of" in event:
        kid = _text(event, "certificate_of")
        if not KID.fullmatch(kid):
            raise Invalid(FieldError("certificate_of", "kid", "Must be 16 hex digits."))
        return base64.b64encode(functions.certificate_of(bytes.fromhex(kid), container.deps())).decode()
    functions.print_permit(_text(event, "permit_id"), event.get("original") is True, container.deps())
    return True


@blueprint.lambda_function(name="publish_status")
@answering
def publish_status(event: JsonObject) -> bool:
    """Publish the status list `{"uri"}` now. Another address than those of our lists is refused."""
    deps, uri = container.deps(), _text(event, "uri")
    if uri not in uris(deps.stage, deps.now):
        raise Invalid(FieldError("uri", "unknown", "Must be the address of one of our status lists."))
    functions.publish_status(uri, deps)
    return True


@blueprint.lambda_function(name="read_document")
@answering
def read_document(event: JsonObject) -> Any:
    """Read the file `{"data": base64, "content_type"}` and answer with the facts found in it."""
    from chalicelib.reading.read_document import read

    try:
        data = base64.b64decode(event.get("data", ""), validate=True)
    except (TypeError, ValueError, binascii.Error):
        raise Invalid(FieldError("data", "base64", "Must be a file in base64.")) from None
    if len(data) > FILE_CAP:
        raise TooLarge
    return findings_to_json(read(data, _text(event, "content_type")))


@blueprint.lambda_function(name="ask_party")
@answering
def ask_party(event: JsonObject) -> Any:
    """Ask a Party's service: `{"country", "operation", "number", "token", "lines"}`, and answer with its answer.

    Only this function can read our client certificate, which that service requires.
    """
    from chalicelib.adapters.aws.functions import to_json

    country, lines = _text(event, "country"), event.get("lines") or []
    services = container.deps().ports.epix
    if country not in services.countries:
        raise Invalid(FieldError("country", "unknown", "Tamga has no address of a service of this Party."))
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
    """Publish due status lists. Return their number, and the figures of `functions.freshness` that alarms watch."""
    published = len(functions.publish_due(container.deps()))
    return {"published": published, **functions.freshness(container.deps())}


@blueprint.schedule(Rate(5, Rate.MINUTES), name="fetch_lists", description="Fetch other Parties' status lists")
@scheduled
def fetch_lists() -> dict[str, int]:
    """Fetch other Parties' lists.

    Return the count of new lists, the count of Parties with a fault, and the age of the oldest kept list in seconds.
    """
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
    """Send due mails. Return the number sent, the number left for good, and the longest wait in seconds."""
    done = functions.send_notices(container.deps())
    return {"sent": done.sent, "left": done.left, "oldest_notice": done.oldest}
