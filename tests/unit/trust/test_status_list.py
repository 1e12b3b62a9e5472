"""Status lists: encoding after the IETF draft, signature by the Party's own status key."""

from __future__ import annotations

import base64
import random
import tracemalloc
import zlib
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import cbor2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from trust_maker import DAY, NOW, OTHER_ROOT, PDF, PERMIT, ROOT, STATUS, key, kid, sign, trust, trust_list

from chalicelib.kernel.days import TIME_MAX
from chalicelib.kernel.errors import DecodeError, Invalid
from chalicelib.token import cbor, cose
from chalicelib.trust.model.status_list import (
    BITS,
    CAP,
    ENTRIES,
    FOR_CAUSE,
    IMPORTED,
    LIFETIME,
    LOST,
    REPLACED,
    REVOKED,
    SIZE,
    SUSPENDED,
    USED,
    VALID,
    encode_status_list,
    inflate,
    list_uri,
    open_status_list,
    status_list_header,
    unpack,
)

URI = "https://tamga.kg/s/27q1"
TRUST = trust()
VALUES = {0: REVOKED, 1: USED, 2: FOR_CAUSE, 77: IMPORTED, ENTRIES - 1: LOST}


def signed(payload: bytes, by: int = STATUS) -> bytes:
    return sign(by, status_list_header(kid(by)), payload)


SIGNED = signed(encode_status_list(URI, VALUES, NOW))


def changed(change: Callable[[dict[int, Any]], object]) -> bytes:
    claims = cbor.decode(encode_status_list(URI, VALUES, NOW), cap=CAP, depth=3)
    change(claims)
    return signed(cbor.encode(claims))


# Examples of the IETF draft (Token Status List, s. 4.1, 4.3 and 5.2)


@pytest.mark.parametrize(
    ("encoded", "raw", "statuses"),
    [
        ("a2646269747301636c73744a78dadbb918000217015d", "b9a3", [1, 0, 0, 1, 1, 1, 0, 1, 1, 1, 0, 0, 0, 1, 0, 1]),
        ("a2646269747302636c73744b78da3be9f2130003df0207", "c944f9", [1, 2, 0, 3, 0, 1, 0, 1, 1, 2, 3, 3]),
    ],
)
def test_ietf_draft_examples_unpack_to_draft_statuses(encoded: str, raw: str, statuses: list[int]) -> None:
    body = cbor2.loads(bytes.fromhex(encoded))
    values = inflate(body["lst"], len(raw) // 2)
    assert values == bytes.fromhex(raw)
    assert [unpack(values, i, body["bits"]) for i in range(len(statuses))] == statuses


def test_ietf_draft_signed_list_verifies_but_is_refused() -> None:
    """Our COSE and CBOR code verifies the draft's signed example. It names no trusted Party, so it is refused."""
    data = bytes.fromhex(
        "d2845820a2012610781a6170706c69636174696f6e2f7374617475736c6973742b637774a1044231325850a502782168747470733a2f"
        "2f6578616d706c652e636f6d2f7374617475736c697374732f31061a648c5bea041a8898dfea19fffe19a8c019fffda2646269747301"
        "636c73744a78dadbb918000217015d584093fa4d01032b18c35e2fe1101b77fd6cc9440022caa4694450c4e4e9feab4e99d1fa6d9772"
        "ce2bf3a12e0323ded7c982c5e101a5e67f0cbc1e2b6f57ce99c279"
    )
    x, y = (
        base64.urlsafe_b64decode(text + "=")
        for text in ("I3HWm_0Ds1dPMI-IWmf4mBmH-YaeAVbPVu7vB27CxXo", "6N_d5Elj9bs1htgV3okJKIdbHEpkgTmAluYKJemzn1M")
    )
    protected, _, payload, signature = cbor2.loads(data).value
    assert cose.verify_raw(cose.to_be_signed(protected, payload), signature, cose.public_key_xy(x, y))
    ours = cbor.decode(cose.decode_sign1(SIGNED, cap=CAP, typ=TYP).payload, cap=CAP, depth=3)
    assert cbor2.loads(payload).keys() == ours.keys()
    assert cbor2.loads(protected)[16] == TYP
    with pytest.raises(DecodeError):
        open_status_list(data, TRUST)


TYP = "application/statuslist+cwt"

# Round trips


def test_status_list_roundtrip() -> None:
    found = open_status_list(SIGNED, TRUST)
    assert (found.issuer, found.uri, found.issued_at, found.expires_at) == ("KG", URI, NOW, NOW + 72 * 3600)
    assert {i: found.value(i) for i in (0, 1, 2, 3, 76, 77, 78, ENTRIES - 1)} == {
        0: 1, 1: 3, 2: 15, 3: 0, 76: 0, 77: 12, 78: 0, ENTRIES - 1: 14,
    }  # fmt: skip
    assert len(found.values) == SIZE == 65_536


def test_entry_0_is_low_half_of_byte_0() -> None:
    assert open_status_list(SIGNED, TRUST).values[:2] == b"\x31\x0f"


def test_status_constants_match_format() -> None:
    values = (VALID, REVOKED, SUSPENDED, USED, IMPORTED, REPLACED, LOST, FOR_CAUSE)
    assert (values, ENTRIES, LIFETIME) == ((0, 1, 2, 3, 12, 13, 14, 15), 131_072, 259_200)


@settings(max_examples=40)
@given(
    st.dictionaries(st.integers(0, ENTRIES - 1), st.integers(0, 15), max_size=60),
    st.integers(NOW, TIME_MAX - LIFETIME),
)
def test_any_values_roundtrip(values: dict[int, int], issued_at: int) -> None:
    found = open_status_list(signed(encode_status_list(URI, values, issued_at)), TRUST)
    assert found.entries() == {index: value for index, value in values.items() if value}
    assert found.issued_at == issued_at
    assert sum(byte != 0 for byte in found.values) <= len(values)
    for index in {*values, *(i + 1 for i in values if i + 1 < ENTRIES)}:
        assert found.value(index) == values.get(index, 0)


def test_incompressible_list_fits_under_cap() -> None:
    noise = {i: (i * 2654435761 >> 13 ^ i * i) % 16 for i in range(ENTRIES)}
    data = signed(encode_status_list(URI, noise, NOW))
    raw = zlib.compress(random.Random(1).randbytes(SIZE))
    assert len(raw) + 250 < CAP
    assert open_status_list(data, TRUST).value(77) == noise[77]


@pytest.mark.parametrize("index", [-1, ENTRIES])
def test_index_outside_list_is_refused(index: int) -> None:
    with pytest.raises(DecodeError) as caught:
        open_status_list(SIGNED, TRUST).value(index)
    assert (caught.value.code, caught.value.check) == ("T6", 8)


@pytest.mark.parametrize(
    ("uri", "values", "issued_at"),
    [
        (URI, {ENTRIES: 1}, NOW), (URI, {-1: 1}, NOW), (URI, {0: 16}, NOW), (URI, {0: -1}, NOW), (URI, {}, -1),
        (URI, {}, TIME_MAX), ("https://tamga.kg/s/27q5", {}, NOW), ("http://tamga.kg/s/27q1", {}, NOW),
    ],
)  # fmt: skip
def test_unreadable_list_is_not_encoded(uri: str, values: dict[int, int], issued_at: int) -> None:
    with pytest.raises(Invalid):
        encode_status_list(uri, values, issued_at)


@pytest.mark.parametrize(
    ("at", "quarter"),
    [
        (1_798_761_600, "27q1"),  # 2027-01-01T00:00:00Z
        (1_798_761_599, "26q4"),
        (1_798_740_000, "26q4"),  # midnight of New Year in Bishkek (UTC+6)
        (1_806_537_599, "27q1"), (1_806_537_600, "27q2"),  # 2027-04-01
        (1_814_400_000, "27q3"), (1_830_297_599, "27q4"), (1_830_297_600, "28q1"), (946_684_800, "00q1"),
    ],
)  # fmt: skip
def test_list_uri_names_quarter_in_utc(at: int, quarter: str) -> None:
    assert list_uri("tamga.kg", at) == f"https://tamga.kg/s/{quarter}"
    encode_status_list(list_uri("tamga.kg", at), {}, NOW)


@pytest.mark.parametrize("at", [TIME_MAX, -(10**18)])
def test_list_uri_for_time_without_calendar_day_is_refused(at: int) -> None:
    with pytest.raises(Invalid):
        list_uri("tamga.kg", at)


# Rejections


def lst(data: bytes, bits: Any = BITS) -> Callable[[dict[int, Any]], object]:
    return lambda claims: claims.update({65533: {"bits": bits, "lst": data}})


ZEROS = zlib.compress(bytes(SIZE))

REFUSED: dict[str, Callable[[dict[int, Any]], object]] = {
    "unknown claim": lambda c: c.update({1: "KG"}),
    "no exp": lambda c: c.pop(4),
    "exp too late": lambda c: c.update({4: NOW + LIFETIME + 1}),
    "exp too early": lambda c: c.update({4: NOW + LIFETIME - 1}),
    "iat below zero": lambda c: c.update({6: -1, 4: LIFETIME - 1}),
    "iat beyond 2^53": lambda c: c.update({6: TIME_MAX, 4: TIME_MAX + LIFETIME}),
    "iat as text": lambda c: c.update({6: str(NOW)}),
    "iat true": lambda c: c.update({6: True, 4: 1 + LIFETIME}),
    "uri as bytes": lambda c: c.update({2: URI.encode()}),
    "uri with a query": lambda c: c.update({2: URI + "?x"}),
    "uri with a newline": lambda c: c.update({2: URI + "\n"}),
    "uri of a stranger": lambda c: c.update({2: "https://tamga.kz/s/27q1"}),
    "uri in upper case": lambda c: c.update({2: "https://TAMGA.kg/s/27q1"}),
    "ttl 0": lambda c: c.update({65534: 0}),
    "ttl true": lambda c: c.update({65534: True}),
    "ttl past exp": lambda c: c.update({65534: LIFETIME + 1}),
    "two bits": lst(ZEROS, 2),
    "bits as text": lst(ZEROS, "4"),
    "list as text": lambda c: c.update({65533: {"bits": 4, "lst": "x"}}),
    "list as array": lambda c: c.update({65533: [4, ZEROS]}),
    "aggregation": lambda c: c.update({65533: {"bits": 4, "lst": ZEROS, "aggregation_uri": URI}}),
    "one byte short": lst(zlib.compress(bytes(SIZE - 1))),
    "one byte long": lst(zlib.compress(bytes(SIZE + 1))),
    "empty": lst(b""),
    "not zlib": lst(b"\x1f\x8b" + bytes(40)),
    "raw deflate": lst(zlib.compress(bytes(SIZE), wbits=-15)),
    "gzip": lst(zlib.compress(bytes(SIZE), wbits=31)),
    "cut": lst(ZEROS[:-1]),
    "wrong checksum": lst(ZEROS[:-1] + bytes([ZEROS[-1] ^ 1])),
    "trailing byte": lst(ZEROS + b"\0"),
    "two streams": lst(ZEROS + ZEROS),
    "a bomb": lst(zlib.compress(bytes(50_000_000), 9)),
}


@pytest.mark.parametrize("name", REFUSED)
def test_malformed_status_list_is_refused(name: str) -> None:
    with pytest.raises(DecodeError, match=r"^Status list: ") as caught:
        open_status_list(changed(REFUSED[name]), TRUST)
    assert (caught.value.code, caught.value.check) == ("T1", 8)


def test_status_list_without_ttl_is_accepted() -> None:
    """The ttl is a hint only."""
    assert open_status_list(changed(lambda c: c.pop(65534)), TRUST) == open_status_list(SIGNED, TRUST)


@pytest.mark.parametrize("at", [0, TIME_MAX - LIFETIME])
def test_first_and_last_issue_times_are_accepted(at: int) -> None:
    ever = trust(replace(trust_list(), keys=(key(STATUS, "status", 0),)))
    assert open_status_list(signed(encode_status_list(URI, {}, at)), ever).issued_at == at


def test_ttl_equal_to_lifetime_is_accepted() -> None:
    assert open_status_list(changed(lambda c: c.update({65534: LIFETIME})), TRUST).uri == URI


def test_other_compression_of_same_values_is_accepted() -> None:
    values = open_status_list(SIGNED, TRUST).values
    assert open_status_list(changed(lst(zlib.compress(values, 0))), TRUST).values == values


def test_decompression_bomb_is_not_inflated() -> None:
    bomb = zlib.compress(bytes(50_000_000), 9)
    assert len(bomb) < CAP
    tracemalloc.start()
    with pytest.raises(DecodeError):
        inflate(bomb, SIZE)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 1_000_000


def test_oversized_list_is_refused_first() -> None:
    with pytest.raises(DecodeError, match="too long"):
        open_status_list(SIGNED + bytes(CAP), TRUST)


def test_other_type_in_header_is_refused() -> None:
    payload = encode_status_list(URI, VALUES, NOW)
    for protected in (
        cose.encode_protected(kid(STATUS)),
        cose.encode_protected(kid(STATUS), typ="application/statuslist+jwt"),
    ):
        with pytest.raises(DecodeError, match="protected header"):
            open_status_list(sign(STATUS, protected, payload), TRUST)


def test_list_not_signed_by_partys_status_key_is_refused() -> None:
    payload = encode_status_list(URI, VALUES, NOW)
    for stranger in (PERMIT, PDF, ROOT, 33):
        with pytest.raises(DecodeError, match="not a status key"):
            open_status_list(signed(payload, stranger), TRUST)
    with pytest.raises(DecodeError, match="does not match"):
        open_status_list(sign(PERMIT, status_list_header(kid(STATUS)), payload), TRUST)


def test_party_signs_lists_under_its_own_prefix_only() -> None:
    uz = replace(trust_list("UZ", "tamga.uz", root=OTHER_ROOT), keys=(key(50, "status"),))
    both = trust(trust_list(), uz)
    with pytest.raises(DecodeError, match="not a status key"):
        open_status_list(signed(encode_status_list(URI, {}, NOW), 50), both)
    own = signed(encode_status_list("https://tamga.uz/s/27q1", {}, NOW), 50)
    assert open_status_list(own, both).issuer == "UZ"
    with pytest.raises(DecodeError, match="not an address of a trusted Party"):
        open_status_list(own, both, issuer="KG")
    thief = replace(uz, hosts=(*uz.hosts, *trust_list().hosts), status_prefix="https://tamga.kg/s/")
    assert open_status_list(SIGNED, trust(thief, trust_list()), issuer="KG").issuer == "KG"


def test_status_key_outside_its_validity_is_refused() -> None:
    def with_key(**change: Any) -> Any:
        known = trust_list()
        return trust(replace(known, keys=(replace(key(STATUS, "status"), **change),)))

    assert open_status_list(SIGNED, with_key(retired_at=NOW + 1)).issued_at == NOW
    for change in ({"retired_at": NOW}, {"not_before": NOW + 1}, {"compromised": True}):
        with pytest.raises(DecodeError, match="at that time"):
            open_status_list(SIGNED, with_key(**change))


def test_list_older_than_newest_seen_is_refused() -> None:
    assert open_status_list(SIGNED, TRUST, newest_iat={URI: NOW, "https://tamga.kg/s/27q2": NOW + DAY}).uri == URI
    with pytest.raises(DecodeError, match="earlier than one accepted"):
        open_status_list(SIGNED, TRUST, newest_iat={URI: NOW + 1})


def test_every_flipped_bit_is_refused() -> None:
    for place in range(len(SIGNED) * 8):
        flipped = bytearray(SIGNED)
        flipped[place // 8] ^= 1 << place % 8
        with pytest.raises(DecodeError):
            open_status_list(bytes(flipped), TRUST)


JUNK = st.recursive(
    st.integers(-(2**63), 2**63) | st.text(max_size=6) | st.binary(max_size=6) | st.booleans(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)


@given(st.sampled_from([2, 4, 6, 65533, 65534, 7]), JUNK)
def test_junk_in_any_claim_raises_decode_error_only(claim: int, junk: Any) -> None:
    try:
        found = open_status_list(changed(lambda c: c.update({claim: junk})), TRUST)
    except DecodeError:
        return
    assert claim == 65534
    assert found == open_status_list(SIGNED, TRUST)


@given(st.binary(max_size=300) | st.builds(lambda end: SIGNED[:end], st.integers(0, len(SIGNED) - 1)))
def test_garbage_raises_decode_error(data: bytes) -> None:
    with pytest.raises(DecodeError):
        open_status_list(data, TRUST)


def test_foreign_cbor_reader_finds_draft_shape() -> None:
    message = cbor2.loads(SIGNED)
    protected, unprotected, payload, _ = message.value
    claims = cbor2.loads(payload)
    assert message.tag == 18
    assert cbor2.loads(protected) == {1: -7, 4: kid(STATUS), 16: TYP}
    assert (unprotected, claims[2], claims[4] - claims[6], claims[65534]) == ({}, URI, 259_200, 10_800)
    assert claims[65533]["bits"] == 4
    assert zlib.decompress(claims[65533]["lst"])[38] >> 4 == IMPORTED
