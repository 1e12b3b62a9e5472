"""Public routes that verify a code, a file or a number."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.http.blueprint import FILES, KB, Blueprint, Call
from chalicelib.kernel.files import FILE_CAP
from chalicelib.people.http import reader
from chalicelib.token.qr_text import strip_keyboard_suffix
from chalicelib.verdict.verdict import Verdict
from chalicelib.verification import public_view
from chalicelib.verification import schemas as verification_schemas
from chalicelib.verification.services import verify as verification_verify

if TYPE_CHECKING:
    from chalicelib.verification.services.verify import VerifyDeps


blueprint: Blueprint[VerifyDeps] = Blueprint(__name__)

VERIFY_CAP = 128 * KB  # twenty pages of a permit


@blueprint.route(
    "/v1/verify", method="POST", public=True, body=verification_schemas.Verify, cap=VERIFY_CAP, returns="Verdict"
)
def verify(call: Call[VerifyDeps]) -> verification_schemas.Verdict:
    """Verify the text of a QR code.

    Reads only, so no alert is sent, and nothing is stored.
    """
    asked: verification_schemas.Verify = call.body
    found = verification_verify.verify(
        strip_keyboard_suffix(asked.qr),
        call.deps,
        place=asked.place(),
        other_pages=verification_schemas.trimmed_pages(asked.other_pages),
    )
    return public_view.verdict(found, reader(call, asked.direction or "none"))


@blueprint.route(
    "/v1/verify/document",
    method="POST",
    public=True,
    raw=FILES,
    cap=FILE_CAP,
    query=verification_schemas.PlaceQuery,
    returns="Verdict",
)
def verify_document(call: Call[VerifyDeps]) -> verification_schemas.Verdict:
    """Verify every code in a PDF, PNG or JPEG, and return the gravest verdict.

    The file is parsed in a function without any rights in the account, and is not stored.
    """
    direction = call.query.direction or "none"
    found, document = verification_verify.verify_document(
        call.body, call.content_type, call.deps, place=call.query.place()
    )
    return {
        **public_view.verdict(found, reader(call, direction)),
        "document": public_view.document(document),
    }


@blueprint.route("/v1/verify/number", public=True, query=verification_schemas.NumberQuery, returns="Verdict")
def verify_number(call: Call[VerifyDeps]) -> verification_schemas.Verdict:
    """Verify a number and its check code, as typed from the page.

    An unknown number and a wrong code give the same 404. Each number has 1,000 tries an hour for all strangers
    together, right or wrong, then 429. The code itself (`/v1/verify`) is never limited by number. Without a check code
    it is a permit on paper from before Tamga (`form: legacy`, D4). Officials ask by number alone. Anybody else also
    sends `valid_until`, the day in box 2 of the paper, and gets an answer without names. Without the day the answer is
    422, with another day 404.
    """
    direction = call.query.direction or "none"
    found: Verdict = verification_verify.verify_number(
        call.query.number,
        call.query.code,
        call.deps,
        actor=call.caller,
        valid_until=call.query.valid_until or "",
        place=call.query.place(),
    )
    return public_view.verdict(found, reader(call, direction))
