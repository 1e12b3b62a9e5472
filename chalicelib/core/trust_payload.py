"""What a Party's trust list says: its hosts, keys and root, and how they are written as the payload that a root signs.

    claims   = { 1: iss, 4: exp, 5: nbf, 6: seq, -65538: body }             ; seq = time of issue; RFC 8392 labels
    body     = { 0: zone, 1: [1* host], 2: status-prefix, 3: [* key], 4: COSE_Key }      ; 4: the root itself
    host     = [ name, since, ? until ]                     ; a host speaks in since <= iat < until
    key      = { 0: purpose, 1: COSE_Key, 2: nbf, ? 3: [1* kind], ? 4: retired_at, ? 5: true, ? 6: bstr .size 32 }
    COSE_Key = { 1: 2, 2: kid, 3: -7, -1: 1, -2: bstr .size 32, -3: bstr .size 32 }      ; RFC 9052 s. 7

3 only and always for `permit` (ascending), 6 (SHA-256 of the certificate) only and always for `pdf`, 5 = compromised.
FORMAT.md 4; who signs it and who believes it: `trust_list.py`.
"""

from __future__ import annotations

import re
from collections.abc import Set
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal, NoReturn

from chalicelib.core import cbor, cose
from chalicelib.core.codes import KINDS
from chalicelib.core.errors import DecodeError

DAY = 86_400
LIFETIME = 60 * DAY  # FORMAT.md 4
TIME_MAX = 9_007_199_254_740_991  # 2**53 - 1: the largest whole number that JavaScript keeps
LIST_CAP = 131_072  # bytes; a key takes some 130, so ten years of monthly keys fit well
KEYS_AT_MOST, HOSTS_AT_MOST = 500, 50
DEPTH = 6  # of the schema above
BODY = -65538  # CWT claim label, private use (RFC 8392 s. 9.1)

Purpose = Literal["permit", "status", "pdf"]
PURPOSES: tuple[Purpose, ...] = ("permit", "status", "pdf")

_PARTY = re.compile(r"[A-Z]{2}")
_ZONE = re.compile(r"[A-Za-z][A-Za-z0-9_+-]*(/[A-Za-z0-9_+-]+){0,2}")  # spelling of an IANA name; never looked up here
_LABEL = r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
_HOST = re.compile(rf"(?=.{{1,253}}\Z){_LABEL}(\.{_LABEL})+")
_PREFIX = re.compile(r"https://([^/]+)/s/")


@dataclass(frozen=True, slots=True)
class Host:
    """A lower-case DNS name that the Party's codes carried from `since` and, if it has ended, before `until`."""

    name: str
    since: int
    until: int | None = None


@dataclass(frozen=True, slots=True)
class TrustKey:
    """A P-256 key of one purpose. `public_key`: SubjectPublicKeyInfo, DER. `kinds`: what a `permit` key may sign.

    `retired_at` is compared with the time of signing; `compromised` needs no date and is never taken back.
    """

    kid: bytes
    public_key: bytes
    purpose: Purpose
    kinds: tuple[str, ...]
    not_before: int
    retired_at: int | None = None
    compromised: bool = False
    fingerprint: bytes | None = None  # pdf keys: SHA-256 of the certificate (DER)


@dataclass(frozen=True, slots=True)
class TrustList:
    """What a Party's root says. `root`: that root, SPKI DER. Keys of one purpose stand in the order of their turn."""

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
def loaded(public_key: bytes) -> cose.PublicKey:
    """The key of these SPKI bytes, loaded once. Raises `KeyTrouble`."""
    return cose.load_public_key(public_key)


def read_payload(payload: bytes) -> TrustList:
    """The schema in this module's docstring, to the letter. Raises `DecodeError` T1.

    A list that nobody has signed may be shown and checked, never believed.
    """
    try:
        claims = _map(cbor.decode(payload, cap=LIST_CAP, depth=DEPTH), {1, 4, 5, 6, BODY})
    except cbor.CborError as error:
        refuse(error.detail)
    body = _map(claims[BODY], {0, 1, 2, 3, 4})
    seq, not_before, expires_at = _time(claims[6]), _time(claims[5]), _time(claims[4])
    if not not_before < expires_at or not seq < expires_at <= seq + LIFETIME:
        refuse("it is valid for more than 60 days, or never")
    hosts = tuple(_host(item) for item in _array(body[1], 1, HOSTS_AT_MOST))
    keys = tuple(_key(item) for item in _array(body[3], 0, KEYS_AT_MOST))
    root = _public_key(body[4])
    prefix = _text(body[2], _PREFIX)
    names = [host.name for host in hosts]
    if len(set(names)) != len(names) or prefix.removeprefix("https://").removesuffix("/s/") not in names:
        refuse("a host is named twice, or the status prefix has a host of its own")
    kids = {key.kid for key in keys} | {root[0]}
    if len(kids) != len(keys) + 1:
        refuse("a key is listed twice, or the root has another purpose")
    issuer, zone = _text(claims[1], _PARTY), _text(body[0], _ZONE)
    found = TrustList(issuer, seq, not_before, expires_at, zone, hosts, prefix, keys, root[1])
    if write_payload(found) != payload:
        refuse("a value is not in its one spelling")  # `true` for 1: Python holds them equal
    return found


def _host(item: object) -> Host:
    parts = _array(item, 2, 3)
    host = Host(_text(parts[0], _HOST), _time(parts[1]), _time(parts[2]) if len(parts) == 3 else None)
    if host.until is not None and host.until <= host.since:
        refuse("a host ends before it begins")
    return host


def _key(item: object) -> TrustKey:
    fields = _map(item, {0, 1, 2}, {3, 4, 5, 6})
    kid, public_key = _public_key(fields[1])
    purpose = next((p for p in PURPOSES if p == fields[0]), None)
    if purpose is None or (3 in fields) != (purpose == "permit") or (6 in fields) != (purpose == "pdf"):
        refuse("a key has an unknown purpose, or fields of another one")
    kinds = tuple(_array(fields[3], 1, len(KINDS))) if 3 in fields else ()
    if not all(isinstance(kind, str) and kind in KINDS for kind in kinds) or list(kinds) != sorted(set(kinds)):
        refuse("a key's kinds are not known ones in order")
    if fields.get(5, True) is not True:
        refuse("`compromised` is true or absent")
    fingerprint = fields.get(6)
    if 6 in fields and not (isinstance(fingerprint, bytes) and len(fingerprint) == 32):
        refuse("a fingerprint has 32 bytes")
    retired_at = _time(fields[4]) if 4 in fields else None
    return TrustKey(kid, public_key, purpose, kinds, _time(fields[2]), retired_at, 5 in fields, fingerprint)


def _public_key(item: object) -> tuple[bytes, bytes]:
    """kid and SPKI DER of a COSE_Key on P-256 whose kid is its own."""
    fields = _map(item, {1, 2, 3, -1, -2, -3})
    x, y = fields[-2], fields[-3]
    if not isinstance(x, bytes) or not isinstance(y, bytes):
        refuse("a key's coordinates are not bytes")
    try:
        public_key = cose.public_key_xy(x, y)
    except cose.KeyTrouble as error:
        refuse(error.detail)
    if fields != _cose_key(public_key):
        refuse("a key is not an ES256 key under its own kid")
    return fields[2], cose.public_bytes(public_key)


def write_payload(trust_list: TrustList) -> bytes:
    """The bytes of what was given, whether or not `read_payload` would take them. Raises `KeyTrouble`."""
    body = {
        0: trust_list.zone,
        1: [[h.name, h.since] if h.until is None else [h.name, h.since, h.until] for h in trust_list.hosts],
        2: trust_list.status_prefix,
        3: [_key_map(key) for key in trust_list.keys],
        4: _cose_key(loaded(trust_list.root)),
    }
    claims = {1: trust_list.issuer, 4: trust_list.expires_at, 5: trust_list.not_before, 6: trust_list.seq, BODY: body}
    return cbor.encode(claims)


def _key_map(key: TrustKey) -> dict[int, Any]:
    optional = {3: list(key.kinds) or None, 4: key.retired_at, 5: key.compromised or None, 6: key.fingerprint}
    fields = {0: key.purpose, 1: _cose_key(loaded(key.public_key)), 2: key.not_before}
    return fields | {label: value for label, value in optional.items() if value is not None}


def _cose_key(public_key: cose.PublicKey) -> dict[int, Any]:
    x, y = cose.coordinates(public_key)
    return {1: 2, 2: cose.key_id(public_key), 3: cose.ES256, -1: 1, -2: x, -3: y}


def _map(item: object, required: Set[int], optional: Set[int] = frozenset()) -> dict[int, Any]:
    if not isinstance(item, dict) or not required <= item.keys() <= required | optional:
        refuse("a map has other fields than the schema's")
    return item


def _array(item: object, least: int, most: int) -> list[Any]:
    if not isinstance(item, list) or not least <= len(item) <= most:
        refuse("an array is missing, too short or too long")
    return item


def _text(item: object, pattern: re.Pattern[str]) -> str:
    if not isinstance(item, str) or not pattern.fullmatch(item):
        refuse("a text is not in its one spelling")
    return item


def _time(item: object) -> int:
    if type(item) is not int or not 0 <= item <= TIME_MAX:
        refuse("a time is not a whole number of seconds")
    return item


def refuse(why: str) -> NoReturn:
    """Raises `DecodeError` T1."""
    raise DecodeError("T1", 3, f"Trust list: {why}")
