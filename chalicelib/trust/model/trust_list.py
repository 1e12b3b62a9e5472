"""Trust list of a Party: its hosts, keys and root; payload, signature, pins and bundles (FORMAT.md 4).

    claims   = { 1: iss, 4: exp, 5: nbf, 6: seq, -65538: body }             ; seq = time of issue; RFC 8392 labels
    body     = { 0: zone, 1: [1* host], 2: status-prefix, 3: [* key], 4: COSE_Key }      ; 4: the root itself
    host     = [ name, since, ? until ]                     ; a host speaks in since <= iat < until
    key      = { 0: purpose, 1: COSE_Key, 2: nbf, ? 3: [1* kind], ? 4: retired_at, ? 5: true, ? 6: bstr .size 32 }
    COSE_Key = { 1: 2, 2: kid, 3: -7, -1: 1, -2: bstr .size 32, -3: bstr .size 32 }      ; RFC 9052 s. 7

3 only and always for `permit` (ascending), 6 (SHA-256 of the certificate) only and always for `pdf`, 5 = compromised.

A trust list belongs to one Party. It is a COSE_Sign1 by that Party's root over the payload above. The list carries its
root's public key, because the signature cannot be verified without it. The list does not prove that key. Its full JWK
thumbprint (RFC 7638, SHA-256) has to be pinned for the Party that the list names. A bundle is a CBOR array of byte
strings. Each is a signed list and is judged by itself.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence, Set
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Any, NoReturn, cast

from chalicelib.kernel import errors
from chalicelib.kernel.countries import COUNTRY_FORM
from chalicelib.kernel.days import DAY, TIME_MAX
from chalicelib.kernel.document_kinds import KINDS
from chalicelib.kernel.enums import KeyPurpose
from chalicelib.kernel.errors import DecodeError, FieldError, Invalid
from chalicelib.kernel.text import HOST_NAME
from chalicelib.token import cbor, cose

LIFETIME = 60 * DAY  # FORMAT.md 4

LIST_CAP = 131_072  # bytes; a key takes some 130, so ten years of monthly keys fit well

KEYS_AT_MOST, HOSTS_AT_MOST = 500, 50

DEPTH = 6  # of the schema above

BODY = -65538  # CWT claim label, private use (RFC 8392 s. 9.1)

PURPOSES = tuple(KeyPurpose)

_ZONE = re.compile(r"[A-Za-z][A-Za-z0-9_+-]*(/[A-Za-z0-9_+-]+){0,2}")  # spelling of an IANA name; never looked up here

_PREFIX = re.compile(r"https://([^/]+)/s/")


@dataclass(frozen=True, slots=True)
class Host:
    """Host in the codes of a Party's permits, a lower-case DNS name. It counts in `since` <= iat < `until`."""

    name: str
    since: int
    until: int | None = None


@dataclass(frozen=True, slots=True)
class TrustKey:
    """A P-256 key of one purpose. `public_key`: SubjectPublicKeyInfo, DER.

    `kinds` are the kinds of document that a `permit` key may sign, or () for other purposes. `retired_at` is compared
    with the time of signing. `compromised` has no date, because a thief can claim any time of signing. It is never
    taken back.
    """

    kid: bytes
    public_key: bytes
    purpose: KeyPurpose
    kinds: tuple[str, ...]
    not_before: int
    retired_at: int | None = None
    compromised: bool = False
    fingerprint: bytes | None = None  # pdf keys: SHA-256 of the certificate (DER)


@dataclass(frozen=True, slots=True)
class TrustList:
    """Content of a Party's trust list. `root`: SPKI DER. Keys of one purpose are in the order of their turn."""

    issuer: str
    seq: int
    not_before: int
    expires_at: int
    zone: str
    hosts: tuple[Host, ...]
    status_prefix: str
    keys: tuple[TrustKey, ...]
    root: bytes


@lru_cache(maxsize=2048)
def load_key(public_key: bytes) -> cose.PublicKey:
    """Load a key from SPKI bytes, once and then from a cache. Raises `KeyFormatError` if it is not P-256."""
    return cose.load_public_key(public_key)


def read_payload(payload: bytes) -> TrustList:
    """Decode a payload by exactly the schema above. The signature is not checked here.

    An unsigned list may be shown and checked, never trusted. Raises `DecodeError` (T1) for any deviation.
    """
    try:
        claims = _map(cbor.decode(payload, cap=LIST_CAP, depth=DEPTH), {1, 4, 5, 6, BODY})
    except errors.CborError as error:
        refuse_list(error.detail)
    body = _map(claims[BODY], {0, 1, 2, 3, 4})
    seq, not_before, expires_at = _time(claims[6]), _time(claims[5]), _time(claims[4])
    if not not_before < expires_at or not seq < expires_at <= seq + LIFETIME:
        refuse_list("`exp` must be after `nbf`, and at most 60 days after the seq")
    hosts = tuple(_host(item) for item in _array(body[1], 1, HOSTS_AT_MOST))
    keys = tuple(_key(item) for item in _array(body[3], 0, KEYS_AT_MOST))
    root = _public_key(body[4])
    prefix = _text(body[2], _PREFIX)
    names = [host.name for host in hosts]
    if len(set(names)) != len(names) or prefix.removeprefix("https://").removesuffix("/s/") not in names:
        refuse_list("a host is listed twice, or the host of the status prefix is not listed")
    kids = {key.kid for key in keys} | {root[0]}
    if len(kids) != len(keys) + 1:
        refuse_list("a key is listed twice, or the root key is also a key of the list")
    issuer, zone = _text(claims[1], COUNTRY_FORM), _text(body[0], _ZONE)
    found = TrustList(issuer, seq, not_before, expires_at, zone, hosts, prefix, keys, root[1])
    if write_payload(found) != payload:
        refuse_list("a value is not in its only encoding")  # such as `true` for 1, which are equal in Python
    return found


def _host(item: object) -> Host:
    parts = _array(item, 2, 3)
    host = Host(_text(parts[0], HOST_NAME), _time(parts[1]), _time(parts[2]) if len(parts) == 3 else None)
    if host.until is not None and host.until <= host.since:
        refuse_list("`until` of a host is not after its `since`")
    return host


def _key(item: object) -> TrustKey:
    fields = _map(item, {0, 1, 2}, {3, 4, 5, 6})
    kid, public_key = _public_key(fields[1])
    purpose = next((p for p in PURPOSES if p == fields[0]), None)
    if (
        purpose is None
        or (3 in fields) != (purpose == KeyPurpose.PERMIT)
        or (6 in fields) != (purpose == KeyPurpose.PDF)
    ):
        refuse_list("a key has an unknown purpose, or fields that its purpose does not have")
    kinds = tuple(_array(fields[3], 1, len(KINDS))) if 3 in fields else ()
    if not all(isinstance(kind, str) and kind in KINDS for kind in kinds) or list(kinds) != sorted(set(kinds)):
        refuse_list("the kinds of a key are not known codes in order, each once")
    if fields.get(5, True) is not True:
        refuse_list("`compromised` must be true or absent")
    fingerprint = fields.get(6)
    if 6 in fields and not (isinstance(fingerprint, bytes) and len(fingerprint) == 32):
        refuse_list("a fingerprint must have 32 bytes")
    retired_at = _time(fields[4]) if 4 in fields else None
    return TrustKey(kid, public_key, purpose, kinds, _time(fields[2]), retired_at, 5 in fields, fingerprint)


def _public_key(item: object) -> tuple[bytes, bytes]:
    """Decode a COSE_Key on P-256 to kid and SPKI DER. Refuses a kid that is not the key's own."""
    fields = _map(item, {1, 2, 3, -1, -2, -3})
    x, y = fields[-2], fields[-3]
    if not isinstance(x, bytes) or not isinstance(y, bytes):
        refuse_list("the coordinates of a COSE_Key are not byte strings")
    try:
        public_key = cose.public_key_xy(x, y)
    except errors.KeyFormatError as error:
        refuse_list(error.detail)
    if fields != _cose_key(public_key):
        refuse_list("a COSE_Key is not an ES256 key with the kid of its thumbprint")
    return fields[2], cose.public_bytes(public_key)


def write_payload(trust_list: TrustList) -> bytes:
    """Encode a payload without checks, so `read_payload` may refuse it.

    Raises `KeyFormatError` if a key is not P-256.
    """
    body = {
        0: trust_list.zone,
        1: [[h.name, h.since] if h.until is None else [h.name, h.since, h.until] for h in trust_list.hosts],
        2: trust_list.status_prefix,
        3: [_key_map(key) for key in trust_list.keys],
        4: _cose_key(load_key(trust_list.root)),
    }
    claims = {1: trust_list.issuer, 4: trust_list.expires_at, 5: trust_list.not_before, 6: trust_list.seq, BODY: body}
    return cbor.encode(claims)


def _key_map(key: TrustKey) -> dict[int, Any]:
    optional = {3: list(key.kinds) or None, 4: key.retired_at, 5: key.compromised or None, 6: key.fingerprint}
    fields = {0: str(key.purpose), 1: _cose_key(load_key(key.public_key)), 2: key.not_before}
    return fields | {label: value for label, value in optional.items() if value is not None}


def _cose_key(public_key: cose.PublicKey) -> dict[int, Any]:
    x, y = cose.coordinates(public_key)
    return {1: 2, 2: cose.key_id(public_key), 3: cose.ES256, -1: 1, -2: x, -3: y}


def _map(item: object, required: Set[int], optional: Set[int] = frozenset()) -> dict[int, Any]:
    if not isinstance(item, dict) or not required <= item.keys() <= required | optional:
        refuse_list("a map does not have the fields of the schema")
    return item


def _array(item: object, least: int, most: int) -> list[Any]:
    if not isinstance(item, list) or not least <= len(item) <= most:
        refuse_list("an array is missing, too short or too long")
    return item


def _text(item: object, pattern: re.Pattern[str]) -> str:
    if not isinstance(item, str) or not pattern.fullmatch(item):
        refuse_list("a text does not have the form of its field")
    return item


def _time(item: object) -> int:
    if type(item) is not int or not 0 <= item <= TIME_MAX:
        refuse_list("a time is not a whole number of seconds")
    return item


def refuse_list(why: str) -> NoReturn:
    """Refuse a list or bundle, with `DecodeError` (T1, check 3)."""
    raise DecodeError("T1", 3, f"Trust list: {why}")


TRUST_LIST_TYPE = "application/vnd.tamga.trust-list+cwt"  # COSE `typ`, RFC 9596

BUNDLE_CAP = 16 * 1_048_576  # bytes

BUNDLE_LISTS = 256  # more than there are Parties (185)


@dataclass(frozen=True, slots=True)
class Pin:
    """Pin in a verifier's configuration: a country and its one or two roots, as full 32-byte JWK thumbprints.

    `practice`: the roots are of its practice register. `practice_host`: host of that register, "" if not known. A pin
    of a real root names it too, so that a practice sheet gives T7 and not F6.
    """

    country: str
    thumbprints: tuple[bytes, ...]
    practice: bool = False
    practice_host: str = ""


def thumbprint(public_key: bytes) -> bytes:
    """Return a key's JWK thumbprint, as in a pin: RFC 7638, SHA-256, 32 bytes. `public_key`: SPKI DER.

    Raises `KeyFormatError` if it is not a P-256 key.
    """
    return cose.thumbprint(load_key(public_key))


def trust_list_header(root: bytes) -> bytes:
    """Return the protected header for a signature of this root (SPKI DER).

    Pass it to `cose.to_be_signed` and `cose.encode_sign1`.
    """
    return cose.encode_protected(cose.key_id(load_key(root)), typ=TRUST_LIST_TYPE)


def encode_trust_list(trust_list: TrustList) -> bytes:
    """Encode the payload to sign. Raises `Invalid` or `KeyFormatError`: for a list that `read_payload` would refuse."""
    payload = write_payload(trust_list)
    try:
        if read_payload(payload) != trust_list:
            refuse_list("its encoding decodes to another list")
    except DecodeError as error:
        raise Invalid(FieldError("trust_list", "trust-list", error.detail)) from None
    return payload


def open_trust_list(data: bytes, pins: Sequence[Pin]) -> TrustList:
    """Verify that a pinned root signed a list. An expired list passes, because check 3 of the verdict judges
    that.

    1 size, CBOR, COSE shape, `typ`   2 claims against the schema   3 the Party is pinned, with the root in the list
    4 the header's kid is that root's   5 signature
    6 under a practice pin, only that Party's practice host; under a real pin, no practice host at all

    Raises `DecodeError` (T1) if a step fails. Raises `Invalid` for faulty pins.
    """
    try:
        sign1 = cose.decode_sign1(data, cap=LIST_CAP, typ=TRUST_LIST_TYPE)  # 1
    except DecodeError as error:
        refuse_list(error.detail.removeprefix("The code is damaged: "))
    found = read_payload(sign1.payload)  # 2
    pin = _check_root(found, pins)  # 3
    if sign1.kid != thumbprint(found.root)[: cose.KID_BYTES]:  # 4
        refuse_list("the kid of the header is not that of its root")
    if not cose.verify(sign1, load_key(found.root)):  # 5
        refuse_list("the root's signature does not match")
    _check_hosts(found, pin, pins)  # 6
    return found


def claimed_issuer(data: bytes) -> str | None:
    """Return the Party that a signed list names, without verifying it, or None if the list cannot be read."""
    try:
        return read_payload(cose.decode_sign1(data, cap=LIST_CAP, typ=TRUST_LIST_TYPE).payload).issuer
    except DecodeError:
        return None


def check_pinned(trust_list: TrustList, pins: Sequence[Pin]) -> None:
    """Check a list that is not signed yet against a verifier's pins: steps 3 and 6 of `open_trust_list`.

    Raises `DecodeError` (T1) if one fails.
    """
    _check_hosts(trust_list, _check_root(trust_list, pins), pins)


def encode_bundle(lists: Sequence[bytes]) -> bytes:
    """Encode signed lists as one bundle."""
    return cbor.encode(list(lists))


def open_bundle(
    data: bytes, pins: Sequence[Pin], *, newest_seq: Mapping[str, int] = MappingProxyType({}), now: int | None = None
) -> tuple[TrustList, ...]:
    """Verify a bundle. Return the lists that verify, one for each country, in the order of the pins.

    Each list is verified by itself, so a bad list does not affect others. `newest_seq` maps a country to the highest
    seq seen. An older list is refused, against rollback. Of several lists of a country the newest counts that has begun
    by `now`. If none has begun, or without `now`, it is the newest. Two different lists with that seq count for
    nothing.

    Raises `DecodeError` (T1) if it is not a bundle, or has lists and none verifies (then the first reason).
    """
    try:
        items = cbor.decode(data, cap=BUNDLE_CAP, depth=1)
    except errors.CborError as error:
        refuse_list(error.detail)
    if not isinstance(items, list) or len(items) > BUNDLE_LISTS or not all(isinstance(i, bytes) for i in items):
        refuse_list("a bundle must be an array of at most 256 signed lists")
    found: dict[str, list[TrustList]] = {}
    refusals: list[DecodeError] = []
    for item in dict.fromkeys(cast(list[bytes], items)):
        try:
            each = open_trust_list(item, pins)
            if each.seq < newest_seq.get(each.issuer, 0):
                refuse_list("its seq is lower than one accepted before")
            found.setdefault(each.issuer, []).append(each)
        except DecodeError as error:
            refusals.append(error)
    newest = [_newest(found[pin.country], now) for pin in pins if pin.country in found]
    believed = tuple(each for each in newest if each is not None)
    if items and not believed:
        raise (
            refusals[0]
            if refusals
            else DecodeError("T1", 3, "Trust list: one root signed two different lists with the same seq")
        )
    return believed


def signed_list(data: bytes, country: str, pins: Sequence[Pin]) -> tuple[bytes, TrustList]:
    """Return a Party's newest list that verifies under the pins, from a published bundle: signed bytes and content.

    Raises `DecodeError` (T1) if it is not a bundle, has no list of that Party, or the list does not verify.
    """
    believed = open_bundle(data, [pin for pin in pins if pin.country == country])
    if not believed:
        refuse_list(f"the bundle has no list of {country}")
    for item in cast(list[bytes], cbor.decode(data, cap=BUNDLE_CAP, depth=1)):
        with suppress(DecodeError):
            if open_trust_list(item, pins) == believed[0]:
                return item, believed[0]
    raise AssertionError  # `open_bundle` returned it, so the bundle has it


def _newest(lists: Sequence[TrustList], now: int | None) -> TrustList | None:
    begun = [each for each in lists if now is None or each.not_before <= now] or lists
    seq = max(each.seq for each in begun)
    best = [each for each in begun if each.seq == seq]
    return best[0] if all(each == best[0] for each in best) else None


def _check_root(found: TrustList, pins: Sequence[Pin]) -> Pin:
    pin = _pin(pins, found.issuer)
    if pin is None or thumbprint(found.root) not in pin.thumbprints:
        refuse_list("its root is not pinned for that country")
    return pin


def _check_hosts(found: TrustList, pin: Pin, pins: Sequence[Pin]) -> None:
    practice = {each.practice_host for each in ((pin,) if pin.practice else pins)}
    if any((host.name in practice) != pin.practice for host in found.hosts):
        refuse_list("practice and real hosts are never mixed")


def _pin(pins: Sequence[Pin], country: str) -> Pin | None:
    found = [pin for pin in pins if pin.country == country]
    if len(found) > 1 or any(
        not 1 <= len(p.thumbprints) <= 2 or {len(t) for t in p.thumbprints} != {32} for p in found
    ):
        raise Invalid(
            FieldError("pins", "pin", f"{country}: pin each country once, with one or two 32-byte thumbprints")
        )
    return found[0] if found else None
