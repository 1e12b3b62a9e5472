"""Properties of each entry point for foreign bytes, valid for any input: target name -> check(bytes).

A check returns nothing and raises for a fault: an unknown error, a second spelling, acceptance without a signature. It
needs no fuzzer, because `test_fuzz_targets.py` runs the same checks on seeds, mutations and past finds.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from functools import cache

import cbor2
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from issued_files import Issued, issue, trust_list
from print_samples import LINES
from vectors import craft, read, scenes
from vectors.craft import T

from chalicelib.applications import schemas as applications_schemas
from chalicelib.endorsement import schemas as endorsement_schemas
from chalicelib.exchange.epix.permit_xml import decode_permit, encode_permit
from chalicelib.exchange.epix.soap import CONFIRM, NON_FINAL, read_answer, read_question
from chalicelib.foreign_permits import schemas as foreign_permits_schemas
from chalicelib.http import requests
from chalicelib.kernel import errors
from chalicelib.kernel.errors import DecodeError, Invalid, TamgaError, TooLarge
from chalicelib.kernel.files import MAGIC
from chalicelib.offline import schemas as offline_schemas
from chalicelib.offline.schemas import synced
from chalicelib.permits import schemas as permits_schemas
from chalicelib.reading.read_document import read as read_file
from chalicelib.token import cbor, claims, cose, qr_text
from chalicelib.trust.model.status_list import open_status_list
from chalicelib.trust.model.trust_list import open_bundle, open_trust_list
from chalicelib.verdict.file_checks import check_seal, compare_with_signed
from chalicelib.verdict.file_findings import findings_from_json, findings_to_json
from chalicelib.verdict.verdict import judge
from chalicelib.verification import schemas as verification_schemas

GREEN = {"accept", "accept_offline"}
TRUST = read.trust(scenes.trust())
REGISTER = read.register(scenes.snapshot())
PINS = read.pins([craft.pin("KG")])
JSON_CAP = 128 * 1024
MODELS = (
    applications_schemas.ApplicationBody,
    verification_schemas.Verify,
    applications_schemas.Finding,
    applications_schemas.Approve,
    permits_schemas.Revoke,
    permits_schemas.Lost,
    endorsement_schemas.ScanBody,
    endorsement_schemas.EndorsementBody,
    endorsement_schemas.UndoBody,
    offline_schemas.DeviceBody,
    offline_schemas.SyncBody,
    foreign_permits_schemas.ForeignPermitBody,
)


def judged(text: str) -> None:
    """Accept only the payload that the register has."""
    found = judge(text, trust=TRUST, status={}, register=REGISTER, now=T)
    if found.outcome in GREEN:
        assert cose.decode_sign1(qr_text.decode_qr(text)[1], cap=2048).payload == craft.payload()
    assert found.permit is not None or len(found.check_results) == 1


def qr(data: bytes) -> None:
    text = data.decode("utf-8", "surrogatepass") if data.isascii() else data.decode("utf-8", "replace")
    judged(text)
    try:
        host, token = qr_text.decode_qr(text)
    except DecodeError:
        return
    at = text.index("#")
    assert qr_text.encode_qr(host, token) == text[:at].lower() + text[at:]


def strict_cbor(data: bytes) -> None:
    with suppress(errors.CborError):
        assert cbor.encode(cbor.decode(data, cap=2048, depth=6)) == data


def token(data: bytes) -> None:
    """A whole message, and the same bytes as a payload signed by the right key."""
    with suppress(DecodeError):
        sign1 = cose.decode_sign1(data, cap=2048)
        assert cose.encode_sign1(sign1.protected, sign1.payload, sign1.signature) == data
    with suppress(DecodeError):
        assert claims.encode_claims(claims.decode_claims(data).claims) == data
    judged(qr_text.encode_qr(craft.HOST, data[:2048]))
    if data:
        judged(qr_text.encode_qr(craft.HOST, craft.sign1("KG permit", data[:1900])))


def lists(data: bytes) -> None:
    """Lists and bundles as received, and as payloads signed by the right key."""
    for message in (data, craft.sign1("KG root", data, typ=craft.TRUST_LIST)):
        with suppress(DecodeError):
            assert open_trust_list(message, PINS).issuer == "KG"
            assert signed_by("KG root", message)
    with suppress(DecodeError):
        open_bundle(data, PINS, now=T)
    for message in (data, craft.sign1("KG status", data, typ=craft.STATUS_LIST)):
        with suppress(DecodeError):
            assert len(open_status_list(message, TRUST).values) == 65536
            assert signed_by("KG status", message)


def signed_by(name: str, message: bytes) -> bool:
    """Verify without our own verifier."""
    protected, _, payload, signature = cbor2.loads(message).value
    der = encode_dss_signature(int.from_bytes(signature[:32]), int.from_bytes(signature[32:]))
    signed = craft.cbor(["Signature1", protected, b"", payload])
    try:
        craft.private(name).public_key().verify(der, signed, ec.ECDSA(hashes.SHA256()))
    except InvalidSignature:
        return False
    return True


def json(data: bytes) -> None:
    """Request bodies: the strict parser, then every model."""
    try:
        value = requests.parse_json(data, JSON_CAP)
    except (Invalid, TooLarge):
        return
    for model in MODELS:
        with suppress(TamgaError):
            body = requests.parse(model, value)
            if isinstance(body, applications_schemas.ApplicationBody):
                body.application()
            if isinstance(body, endorsement_schemas.EndorsementBody):
                body.endorsement()
            if isinstance(body, endorsement_schemas.ScanBody):
                body.of(body.qr or "")
    with suppress(TamgaError):
        synced(value)


@cache
def own() -> Issued:
    return issue("E", LINES[:1])


def pdf(data: bytes) -> None:
    """Findings survive their JSON form, and only the original file counts as ours."""
    file(data, "application/pdf")


def image(data: bytes) -> None:
    file(data, "image/jpeg" if data.startswith(MAGIC["image/jpeg"]) else "image/png")


def file(data: bytes, content_type: str) -> None:
    found = read_file(data, content_type)
    assert findings_from_json(findings_to_json(found)) == found
    compare_with_signed(found, own().permits, trust_list())
    if check_seal(found, own().permits, trust_list()) is None:
        assert data.upper() == own().sealed.upper()  # a signature's hex digits have two cases


def xml(data: bytes) -> None:
    """Messages of other Parties: a permit that was read has the same content when written again."""
    with suppress(TamgaError):
        read_question(data)
    for operation in (NON_FINAL, CONFIRM):
        with suppress(TamgaError):
            permit = read_answer(data, operation).permit
            if permit is not None:
                again = decode_permit(encode_permit(permit))
                assert replace(again, version=permit.version) == replace(permit, other=())


TARGETS: Mapping[str, Callable[[bytes], None]] = {
    "qr": qr, "cbor": strict_cbor, "token": token, "lists": lists, "json": json, "pdf": pdf, "image": image, "xml": xml,
}  # fmt: skip
