"""Claims of a permit token, the wire contract (FORMAT.md 1): encode a `Permit`, decode a payload.

    { 1: iss, 4: exp, 6: iat, 7: cti, 65535: {"status_list": {"idx", "uri"}}, -65537: permit }

The schema is checked in both directions. Integer keys keep the token small. A key, type or spelling outside of the
schema is refused, so that every verifier reads the same permit from a token.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Any

from chalicelib.kernel import errors
from chalicelib.kernel.codes import NUMBER as NO_UNIT
from chalicelib.kernel.countries import COUNTRY_FORM
from chalicelib.kernel.days import DAY_FORM, TIME_MAX
from chalicelib.kernel.document_kinds import KINDS
from chalicelib.kernel.errors import DecodeError
from chalicelib.kernel.numbers import NUMBER_FORM
from chalicelib.kernel.quantity import QUANTITY as QUANTITY_FORM
from chalicelib.kernel.text import forbidden_characters
from chalicelib.record.permit import LINES_A_PAGE, MarksDigest, Permit, TokenLine, TokenParty, TokenSource
from chalicelib.token import cbor

ISS, EXP, IAT, CTI = 1, 4, 6, 7  # RFC 8392 s. 3.1

STATUS = 65535  # Token Status List, CWT claim `status`

PERMIT = -65537  # private use (RFC 8392 s. 9.1.1)

KIND, NUMBER, EXPORTER, IMPORTER, PURPOSE, LINES, STAMP, RECORD, PAGE = range(9)

UNIT, MARKS, ORIGIN, LAST_REEXPORT, OPERATION = range(5)

PAYLOAD_CAP = 2048

DEPTH = 6  # claims, permit, lines, line, extras, source document

PAGES_AT_MOST = 20

CODE3 = re.compile(r"[A-Z]{3}")

_CLAIMS = frozenset({ISS, EXP, IAT, CTI, STATUS, PERMIT})

_STATUS, _ENTRY = frozenset({"status_list"}), frozenset({"idx", "uri"})

_BODY = frozenset({KIND, NUMBER, EXPORTER, IMPORTER, PURPOSE, LINES, RECORD})

_BODY_ALLOWED = _BODY | {STAMP, PAGE}

_EXTRAS = frozenset({UNIT, MARKS, ORIGIN, LAST_REEXPORT, OPERATION})


@dataclass(frozen=True, slots=True)
class UnverifiedPermit:
    """Claims of a payload whose signature is not verified yet.

    Only check 5 makes a verified permit of them, after check 4 verified the signature. Other callers may pass only
    tokens of our own register or the signer's own payloads, or use the `cti` alone.
    """

    claims: Permit


def encode_claims(permit: Permit) -> bytes:
    """Encode a permit as a payload. Raises `DecodeError` (T6) for a permit that verifiers would refuse."""
    payload = draft_claims(permit)
    decode_claims(payload)
    return payload


def draft_claims(permit: Permit) -> bytes:
    """Encode a permit that may be too long or incomplete, to measure its size. Never sign the result.

    Raises `DecodeError` (T6) for a value that has no encoding.
    """
    try:
        return cbor.encode(_to_claims(permit))
    except errors.CborError as error:
        raise _unknown(error.detail) from None


def decode_claims(payload: bytes) -> UnverifiedPermit:
    """Decode a payload, as the inverse of `encode_claims`.

    Raises `DecodeError` (T6, check 5) if it is signed, but not a permit that this version knows.
    """
    try:
        return UnverifiedPermit(_from_claims(cbor.decode(payload, cap=PAYLOAD_CAP, depth=DEPTH)))
    except errors.CborError as error:
        raise _unknown(error.detail) from None


def _to_claims(permit: Permit) -> dict[int, Any]:
    body: dict[int, Any] = {
        KIND: permit.kind,
        NUMBER: permit.number,
        EXPORTER: [permit.exporter.name, permit.exporter.country],
        IMPORTER: [permit.importer.name, permit.importer.country],
        PURPOSE: permit.purpose,
        LINES: [_to_line(line) for line in permit.lines],
        RECORD: permit.record_digest,
    }
    if permit.stamp is not None:
        body[STAMP] = permit.stamp
    if permit.page is not None:
        body[PAGE] = list(permit.page)
    return {
        ISS: permit.issuer,
        EXP: permit.expires_at,
        IAT: permit.issued_at,
        CTI: permit.cti,
        STATUS: {"status_list": {"idx": permit.status_idx, "uri": permit.status_uri}},
        PERMIT: body,
    }


def _to_line(line: TokenLine) -> list[Any]:
    marks = line.marks
    extras = {
        UNIT: line.unit,
        MARKS: [marks.count, marks.digest] if isinstance(marks, MarksDigest) else marks,
        ORIGIN: _to_source(line.origin),
        LAST_REEXPORT: _to_source(line.last_reexport),
        OPERATION: line.operation,
    }
    known = {key: value for key, value in extras.items() if value is not None}
    core = [line.taxon, line.appendix, line.source, line.term, line.quantity]
    return [*core, known] if known else core


def _to_source(source: TokenSource | None) -> list[str | None] | None:
    """Return a source document as an array, without unknown items at the end."""
    if source is None:
        return None
    parts = [source.country, source.document, source.date]
    while parts[-1] is None:
        parts.pop()
    return parts  # a date without a document leaves a None inside, which `cbor.encode` refuses


def _from_claims(value: Any) -> Permit:
    """Check the schema: 1 the claims and their types   2 the permit's keys   3 each field   4 lines   5 pages."""
    claims = _keys(value, _CLAIMS, _CLAIMS)  # 1
    status = _keys(_keys(claims[STATUS], _STATUS, _STATUS)["status_list"], _ENTRY, _ENTRY)
    body = _keys(claims[PERMIT], _BODY, _BODY_ALLOWED)  # 2
    lines, page = body[LINES], body.get(PAGE)
    if type(lines) is not list or not 1 <= len(lines) <= LINES_A_PAGE:
        raise _unknown("lines")
    if page is not None:  # 5; never CBOR null, which `cbor.decode` refuses
        if type(page) is not list or len(page) != 2 or any(type(n) is not int for n in page):
            raise _unknown("page")
        if not 2 <= page[1] <= PAGES_AT_MOST or not 1 <= page[0] <= page[1]:
            raise _unknown("page")
    kind = body[KIND]
    if type(kind) is not str or kind not in KINDS:
        raise _unknown("kind")
    return Permit(  # 3
        issuer=_match(claims[ISS], COUNTRY_FORM, "iss"),
        number=_match(body[NUMBER], NUMBER_FORM, "number"),
        kind=kind,
        exporter=_party(body[EXPORTER]),
        importer=_party(body[IMPORTER]),
        purpose=_text(body[PURPOSE], "purpose", size=1),
        lines=tuple(_line(line) for line in lines),  # 4
        record_digest=_bytes16(body[RECORD]),
        cti=_bytes16(claims[CTI]),
        issued_at=_uint(claims[IAT], TIME_MAX),
        expires_at=_uint(claims[EXP], TIME_MAX),
        status_uri=_text(status["uri"], "uri"),
        status_idx=_uint(status["idx"], TIME_MAX),
        stamp=_text(body[STAMP], "stamp") if STAMP in body else None,
        page=(page[0], page[1]) if page is not None else None,
    )


def _line(value: Any) -> TokenLine:
    if type(value) is not list or len(value) not in {5, 6}:
        raise _unknown("line")
    taxon, appendix, source, term, quantity = value[:5]
    extras: dict[Any, Any] = {}
    if len(value) == 6:
        extras = _keys(value[5], frozenset(), _EXTRAS)
        if not extras:
            raise _unknown("extras")
    unit = extras.get(UNIT)
    if UNIT in extras and (_match(unit, CODE3, "unit") == NO_UNIT):
        raise _unknown("unit")
    return TokenLine(
        taxon=_text(taxon, "taxon"),
        appendix=_uint(appendix, 3),
        source=_text(source, "source"),
        term=_text(term, "term", size=3),
        quantity=_quantity(quantity),
        unit=unit,
        marks=_marks(extras[MARKS]) if MARKS in extras else None,
        origin=_source(extras[ORIGIN]) if ORIGIN in extras else None,
        last_reexport=_source(extras[LAST_REEXPORT]) if LAST_REEXPORT in extras else None,
        operation=_text(extras[OPERATION], "operation") if OPERATION in extras else None,
    )


def _keys(value: Any, needed: frozenset[Any], allowed: frozenset[Any]) -> dict[Any, Any]:
    """Check a map's keys. `cbor.decode` allows int and text keys only, so True never passes for 1."""
    if type(value) is not dict or not needed <= value.keys() or not value.keys() <= allowed:
        raise _unknown("map keys")
    return value


def _text(value: Any, name: str, *, size: int | None = None) -> str:
    """Check that a text is not empty and has no forbidden characters.

    `size`: bytes of UTF-8, as in CDDL (RFC 8610 s. 3.8.1).
    """
    if type(value) is not str or not value or forbidden_characters(value):
        raise _unknown(name)
    if size is not None and len(value.encode()) != size:
        raise _unknown(name)
    return value


def _match(value: Any, form: re.Pattern[str], name: str) -> str:
    if type(value) is not str or form.fullmatch(value) is None:
        raise _unknown(name)
    return value


def _quantity(value: Any) -> str:
    quantity = _match(value, QUANTITY_FORM, "quantity")
    if quantity == "0":
        raise _unknown("quantity")
    return quantity


def _uint(value: Any, at_most: int) -> int:
    if type(value) is not int or not 0 <= value <= at_most:
        raise _unknown("unsigned integer")
    return value


def _bytes16(value: Any) -> bytes:
    if type(value) is not bytes or len(value) != 16:
        raise _unknown("16-byte string")
    return value


def _party(value: Any) -> TokenParty:
    if type(value) is not list or len(value) != 2:
        raise _unknown("party")
    return TokenParty(_text(value[0], "name"), _match(value[1], COUNTRY_FORM, "country"))


def _marks(value: Any) -> str | MarksDigest:
    if type(value) is list:
        if len(value) != 2:
            raise _unknown("marks")
        return MarksDigest(_uint(value[0], TIME_MAX), _bytes16(value[1]))
    return _text(value, "marks")


def _source(value: Any) -> TokenSource:
    if type(value) is not list or not 1 <= len(value) <= 3:
        raise _unknown("source document")
    return TokenSource(
        _match(value[0], COUNTRY_FORM, "country"),
        _text(value[1], "document") if len(value) > 1 else None,
        _date(value[2]) if len(value) > 2 else None,
    )


def _date(value: Any) -> str:
    text = _match(value, DAY_FORM, "date")
    try:
        date.fromisoformat(text)
    except ValueError:
        raise _unknown("date") from None
    return text


def _unknown(name: str) -> DecodeError:
    return DecodeError("T6", 5, f"The signed claims do not match the schema of this version: {name}.")
