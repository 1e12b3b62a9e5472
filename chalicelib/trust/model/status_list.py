"""Signed status lists: the state of each of a Party's permits in four bits (FORMAT.md 3; Token Status List, IETF).

    header = { 1: -7, 4: kid, 16: "application/statuslist+cwt" }
    claims = { 2: uri, 4: exp, 6: iat, 65533: { "bits": 4, "lst": zlib }, ? 65534: ttl }      ; exp = iat + 72 h

2^17 entries of four bits, so exactly 65,536 bytes after inflation; entry 0 is the low half of byte 0.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from types import MappingProxyType
from typing import NoReturn

from chalicelib.kernel import errors
from chalicelib.kernel.days import HOUR, TIME_MAX
from chalicelib.kernel.enums import KeyPurpose
from chalicelib.kernel.errors import DecodeError, FieldError, Invalid
from chalicelib.kernel.rows import Key
from chalicelib.token import cbor, cose
from chalicelib.trust.model.trust import Trust, usable
from chalicelib.trust.model.trust_list import TrustList

VALID, REVOKED, SUSPENDED = 0, 1, 2  # values that the IETF draft fixes (s. 7.1)

USED, IMPORTED, REPLACED, LOST, FOR_CAUSE = 3, 12, 13, 14, 15  # the draft's application-specific values: 3, 12..15

ENTRIES = 1 << 17

NOT_ZERO = re.compile(rb"[^\0]")  # a list has few such bytes; a loop over all would take most of a publication

BITS = 4

SIZE = ENTRIES * BITS // 8  # bytes after inflation

LIFETIME = 72 * HOUR  # FORMAT.md 3

# Seconds before the `iat` of a list. A change noted in that time may be missing from the list: its transaction commits
# up to 120 s after the noted time.
BEFORE_LIST = 600

TTL = 3 * HOUR  # the publisher renews a list at least so often: a hint for caches of other Parties

CAP = SIZE + 1024  # zlib adds some 30 bytes to data that it cannot compress; the rest is for claims and signature

STATUS_LIST_TYPE = "application/statuslist+cwt"

SUB, EXP, IAT, LIST, TTL_CLAIM = 2, 4, 6, 65533, 65534  # RFC 8392 s. 3.1; draft-ietf-oauth-status-list s. 14

LIST_NAME = re.compile(r"[0-9]{2}q[1-4]")  # year and quarter

_URI = re.compile(rf"https://[a-z0-9.-]{{1,253}}/s/{LIST_NAME.pattern}")


@dataclass(frozen=True, slots=True)
class RecordedValue:
    """State of a status entry in the permit's dossier, compared with a signed list (verdict/snapshot_checks.py).

    `value`: to publish. `confirmed`: the dossier confirms the list's value. `explained`: it confirms that value, or
    recorded a withdrawal, reinstatement or correction since the list was signed.
    """

    value: int
    confirmed: bool
    explained: bool


@dataclass(frozen=True, slots=True)
class StatusList:
    """A verified status list. `issuer`: the Party whose key signed it. `values`: 65,536 bytes, two entries each."""

    issuer: str
    uri: str
    issued_at: int
    expires_at: int
    values: bytes

    def value(self, index: int) -> int:
        """Return the value 0..15 of entry 0..131071. Raises `DecodeError` (T6) for an index outside of the list."""
        if not 0 <= index < ENTRIES:
            raise DecodeError("T6", 8, "The status list has no entry with the permit's index")
        return unpack(self.values, index, BITS)

    def entries(self) -> dict[int, int]:
        """Return every entry that is not 0, as `encode_status_list` takes them: index -> value."""
        halves = (
            (2 * place + half, self.values[place] >> 4 * half & 15)
            for place in map(re.Match.start, NOT_ZERO.finditer(self.values))
            for half in (0, 1)
        )
        return {index: value for index, value in halves if value}


def unpack(values: bytes, index: int, bits: int) -> int:
    """Return one entry. The first entry of a byte is in its least significant bits (draft s. 4.1)."""
    place = index * bits
    return values[place >> 3] >> (place & 7) & ((1 << bits) - 1)


def list_uri(host: str, expires_at: int) -> str:
    """Return the list's address for permits that expire then: `https://<host>/s/27q1`, the quarter in UTC.

    Raises `Invalid` for a time outside of the calendar.
    """
    try:
        day = datetime.fromtimestamp(expires_at, UTC)
    except (ValueError, OverflowError, OSError):
        raise Invalid(FieldError("valid_until", "time", "Must be a time in the years 1 to 9999.")) from None
    return f"https://{host}/s/{day.year % 100:02d}q{(day.month + 2) // 3}"


def status_list_header(kid: bytes) -> bytes:
    """Return the protected header for a signature of a `status` key."""
    return cose.encode_protected(kid, typ=STATUS_LIST_TYPE)


def encode_status_list(uri: str, values: Mapping[int, int], issued_at: int) -> bytes:
    """Encode the payload to sign. Entries missing from `values` are 0, valid.

    Other versions of zlib may give other bytes for the same values, so readers compare inflated values only.

    Raises `Invalid` for a wrong address or time, or an entry or value outside of the list.
    """
    if not _URI.fullmatch(uri) or not 0 <= issued_at <= TIME_MAX - LIFETIME:
        raise Invalid(
            FieldError("uri", "status-list", "Must be the address of a status list, with a time it can be issued at.")
        )
    packed = bytearray(SIZE)
    for index, value in values.items():
        if not 0 <= index < ENTRIES or not 0 <= value < 1 << BITS:
            raise Invalid(
                FieldError(
                    "values", "status-list", "Each index must be in the list, and each value must fit in 4 bits."
                )
            )
        packed[index >> 1] |= value << (index & 1) * BITS
    claims = {
        SUB: uri,
        EXP: issued_at + LIFETIME,
        IAT: issued_at,
        LIST: {"bits": BITS, "lst": zlib.compress(bytes(packed))},
        TTL_CLAIM: TTL,
    }
    return cbor.encode(claims)


def open_status_list(
    data: bytes, trust: Trust, *, issuer: str | None = None, newest_iat: Mapping[str, int] = MappingProxyType({})
) -> StatusList:
    """Verify that a trusted Party's `status` key signed a list under that Party's own prefix.

    1 size, CBOR, COSE shape, `typ`   2 claims against the schema   3 Party: its status prefix, and `issuer` if given
    4 key: that Party's, of purpose `status`, nbf <= iat < retired_at, not compromised   5 signature
    6 `iat` not older than `newest_iat` (uri -> newest seen)   7 inflation to exactly 65,536 bytes

    A list past its `exp` or from the future passes, because the verdict judges that (checks 7 and 8).
    Raises `DecodeError` (T1) if a step fails.
    """
    try:
        sign1 = cose.decode_sign1(data, cap=CAP, typ=STATUS_LIST_TYPE)  # 1
    except DecodeError as error:
        _refuse(error.detail.removeprefix("The code is damaged: "))
    uri, issued_at, deflated = _claims(sign1.payload)  # 2
    parties = _parties(uri, trust, issuer)  # 3
    found = next((found for each in parties if (found := trust.find_key(sign1.kid, each.issuer))), None)  # 4
    if found is None or found[1].purpose != KeyPurpose.STATUS or not usable(found[1], issued_at):
        _refuse("its kid is not a status key of that Party at that time")
    if not cose.verify(sign1, trust.public_key(found[1])):  # 5
        _refuse("the signature does not match")
    if issued_at < newest_iat.get(uri, 0):  # 6
        _refuse("its iat is earlier than one accepted before")
    return StatusList(found[0].issuer, uri, issued_at, issued_at + LIFETIME, inflate(deflated, SIZE))  # 7


def inflate(deflated: bytes, size: int) -> bytes:
    """Inflate a whole zlib stream of exactly `size` bytes. Stops one byte after it, against zip bombs.

    Raises `DecodeError` (T1) for another size, a damaged stream, or bytes after the stream.
    """
    stream = zlib.decompressobj()
    try:
        values = stream.decompress(deflated, size + 1)
    except zlib.error:
        _refuse("`lst` is not a zlib stream")
    if len(values) != size or not stream.eof or stream.unused_data:
        _refuse("`lst` does not inflate to its exact size")
    return values


def _claims(payload: bytes) -> tuple[str, int, bytes]:
    """Run step 2 of `open_status_list`: return uri, iat and the compressed list."""
    try:
        claims = cbor.decode(payload, cap=CAP, depth=2)
    except errors.CborError as error:
        _refuse(error.detail)
    if not isinstance(claims, dict) or claims.keys() - {TTL_CLAIM} != {SUB, EXP, IAT, LIST}:
        _refuse("the claims are not those of the schema")
    uri, issued_at, body, ttl = claims[SUB], claims[IAT], claims[LIST], claims.get(TTL_CLAIM, TTL)
    if not isinstance(uri, str) or not _URI.fullmatch(uri):
        _refuse("`sub` is not an address of a status list")
    if type(issued_at) is not int or not 0 <= issued_at <= TIME_MAX - LIFETIME or claims[EXP] != issued_at + LIFETIME:
        _refuse("`exp` is not 72 hours after `iat`")
    if type(ttl) is not int or not 0 < ttl <= LIFETIME:
        _refuse("`ttl` is not within 1 second and 72 hours")
    if not isinstance(body, dict) or body.keys() != {"bits", "lst"} or body["bits"] != BITS:
        _refuse("`status_list` is not a list with 4 bits an entry")
    if not isinstance(body["lst"], bytes):
        _refuse("`lst` is not a zlib stream")
    return uri, issued_at, body["lst"]


def _parties(uri: str, trust: Trust, issuer: str | None) -> list[TrustList]:
    """Run step 3, and return the Parties with this status prefix, mostly one.

    A second Party that claims the same prefix does not block the lists of the first. Raises `DecodeError` (T1) if no
    Party has the prefix.
    """
    found = [each for each in trust.lists if issuer in {None, each.issuer} and uri.startswith(each.status_prefix)]
    if not found:
        _refuse("`sub` is not an address of a trusted Party")
    return found


def _refuse(why: str) -> NoReturn:
    raise DecodeError("T1", 8, f"Status list: {why}")


def status_key(uri: str, index: int) -> Key:
    return Key(f"STATUS#{uri}", f"{index:06d}")
