"""How a Party's trust list is signed and believed: roots, pins, bundles.

A trust list is ONE Party's, a COSE_Sign1 by that Party's root over the payload of `trust_payload.py` (FORMAT.md 4).
The list carries its root's public key because the signature cannot be checked without it, but is never believed on it:
the key's full JWK thumbprint (RFC 7638, SHA-256) must be pinned for the Party that the list names.
A bundle is a CBOR array of byte strings, each one signed list, each judged by itself.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from types import MappingProxyType
from typing import cast

from chalicelib.core import cbor, cose
from chalicelib.core.errors import DecodeError, FieldError, Invalid
from chalicelib.core.trust_payload import (
    BODY,
    DAY,
    LIFETIME,
    LIST_CAP,
    PURPOSES,
    TIME_MAX,
    Host,
    Purpose,
    TrustKey,
    TrustList,
    loaded,
    read_payload,
    refuse,
    write_payload,
)

__all__ = [
    "BODY", "BUNDLE_LISTS", "DAY", "LIFETIME", "LIST_CAP", "PURPOSES", "TIME_MAX", "Host", "Pin",
    "Purpose", "TrustKey", "TrustList", "check_pinned", "encode_bundle", "encode_trust_list", "loaded", "open_bundle",
    "open_trust_list", "read_payload", "thumbprint", "trust_list_header",
]  # fmt: skip

TRUST_LIST_TYPE = "application/vnd.tamga.trust-list+cwt"  # COSE `typ`, RFC 9596
BUNDLE_CAP = 16 * 1_048_576  # bytes
BUNDLE_LISTS = 256  # more than there are Parties (185)


@dataclass(frozen=True, slots=True)
class Pin:
    """What a verifier is configured with: a country and its one or two roots, as full 32-byte JWK thumbprints.

    `practice`: they are roots of its practice register. `practice_host`: where that register speaks, "" if it is not
    known; named under a real root, too, so that a practice sheet is told from a forgery (T7).
    """

    country: str
    thumbprints: tuple[bytes, ...]
    practice: bool = False
    practice_host: str = ""


def thumbprint(public_key: bytes) -> bytes:
    """JWK thumbprint (RFC 7638, SHA-256), 32 bytes, of a key in SPKI DER: what a pin holds. Raises `KeyTrouble`."""
    return cose.thumbprint(loaded(public_key))


def trust_list_header(root: bytes) -> bytes:
    """The protected header under which this root (SPKI DER) signs: pass it to `cose.to_be_signed`, `encode_sign1`."""
    return cose.protect(cose.key_id(loaded(root)), typ=TRUST_LIST_TYPE)


def encode_trust_list(trust_list: TrustList) -> bytes:
    """The payload to sign. Raises `Invalid` (or `KeyTrouble`) for a list that `open_trust_list` would refuse."""
    payload = write_payload(trust_list)
    try:
        if read_payload(payload) != trust_list:
            refuse("it does not read back as what was meant")
    except DecodeError as error:
        raise Invalid(FieldError("trust_list", "trust-list", error.detail)) from None
    return payload


def open_trust_list(data: bytes, pins: Sequence[Pin]) -> TrustList:
    """One signed list, believed because a pinned root signed it. Whether it has expired is the verdict's to say.

    1 size, CBOR, COSE shape, `typ`   2 claims against the schema   3 the Party pinned, with the root that is carried
    4 the header's kid is that root's   5 signature
    6 under a practice pin that Party's practice host alone, under a real one nobody's
    Raises `DecodeError` T1.
    """
    try:
        sign1 = cose.decode_sign1(data, cap=LIST_CAP, typ=TRUST_LIST_TYPE)  # 1
    except DecodeError as error:
        refuse(error.detail.removeprefix("The code is damaged: "))
    found = read_payload(sign1.payload)  # 2
    pin = _check_root(found, pins)  # 3
    if sign1.kid != thumbprint(found.root)[: cose.KID_BYTES]:  # 4
        refuse("it names another key than its root")
    if not cose.verify(sign1, loaded(found.root)):  # 5
        refuse("the root's signature does not match")
    _check_hosts(found, pin, pins)  # 6
    return found


def claimed_issuer(data: bytes) -> str | None:
    """The Party that a list says it is of, believed or not; None where it cannot be read."""
    try:
        return read_payload(cose.decode_sign1(data, cap=LIST_CAP, typ=TRUST_LIST_TYPE).payload).issuer
    except DecodeError:
        return None


def check_pinned(trust_list: TrustList, pins: Sequence[Pin]) -> None:
    """What a verifier's pins demand of a list before anybody signs it: checks 3 and 6. Raises `DecodeError` T1."""
    _check_hosts(trust_list, _check_root(trust_list, pins), pins)


def encode_bundle(lists: Sequence[bytes]) -> bytes:
    """Signed lists as one file."""
    return cbor.encode(list(lists))


def open_bundle(
    data: bytes, pins: Sequence[Pin], *, newest_seq: Mapping[str, int] = MappingProxyType({}), now: int | None = None
) -> tuple[TrustList, ...]:
    """The lists of a bundle that can be believed, one a country, in the order of the pins.

    Each is checked by itself, and a bad one spoils no other. `newest_seq`: country -> highest seq seen; older is
    refused (rollback). Of several lists of a country the newest counts, but before `now` a list that has begun;
    two different ones with the same seq count for nothing. Raises `DecodeError` T1 when the bundle is no bundle, or
    when it holds lists and none can be believed (then the reason of the first).
    """
    try:
        items = cbor.decode(data, cap=BUNDLE_CAP, depth=1)
    except cbor.CborError as error:
        refuse(error.detail)
    if not isinstance(items, list) or len(items) > BUNDLE_LISTS or not all(isinstance(i, bytes) for i in items):
        refuse("a bundle is an array of at most 256 signed lists")
    found: dict[str, list[TrustList]] = {}
    refusals: list[DecodeError] = []
    for item in dict.fromkeys(cast(list[bytes], items)):
        try:
            each = open_trust_list(item, pins)
            if each.seq < newest_seq.get(each.issuer, 0):
                refuse("it is older than one seen before")
            found.setdefault(each.issuer, []).append(each)
        except DecodeError as error:
            refusals.append(error)
    newest = [_newest(found[pin.country], now) for pin in pins if pin.country in found]
    believed = tuple(each for each in newest if each is not None)
    if items and not believed:
        raise refusals[0] if refusals else DecodeError("T1", 3, "Trust list: one root signed two under one number")
    return believed


def signed_list(data: bytes, country: str, pins: Sequence[Pin]) -> tuple[bytes, TrustList]:
    """A Party's newest list that the pins believe, as it is signed and read, out of a bundle that others published.

    Raises `DecodeError` T1: no bundle, or the reason why its list is not believed.
    """
    believed = open_bundle(data, [pin for pin in pins if pin.country == country])
    if not believed:
        refuse(f"no list of {country} in it")
    for item in cast(list[bytes], cbor.decode(data, cap=BUNDLE_CAP, depth=1)):
        with suppress(DecodeError):
            if open_trust_list(item, pins) == believed[0]:
                return item, believed[0]
    raise AssertionError  # what open_bundle believed is in it


def _newest(lists: Sequence[TrustList], now: int | None) -> TrustList | None:
    begun = [each for each in lists if now is None or each.not_before <= now] or lists
    seq = max(each.seq for each in begun)
    best = [each for each in begun if each.seq == seq]
    return best[0] if all(each == best[0] for each in best) else None


def _check_root(found: TrustList, pins: Sequence[Pin]) -> Pin:
    pin = _pin(pins, found.issuer)
    if pin is None or thumbprint(found.root) not in pin.thumbprints:
        refuse("its root is not pinned for that country")
    return pin


def _check_hosts(found: TrustList, pin: Pin, pins: Sequence[Pin]) -> None:
    practice = {each.practice_host for each in ((pin,) if pin.practice else pins)}
    if any((host.name in practice) != pin.practice for host in found.hosts):
        refuse("practice and real hosts are never mixed")


def _pin(pins: Sequence[Pin], country: str) -> Pin | None:
    found = [pin for pin in pins if pin.country == country]
    if len(found) > 1 or any(
        not 1 <= len(p.thumbprints) <= 2 or {len(t) for t in p.thumbprints} != {32} for p in found
    ):
        raise Invalid(
            FieldError("pins", "pin", f"{country}: pin one country once, with one or two 32-byte thumbprints")
        )
    return found[0] if found else None
