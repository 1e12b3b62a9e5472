"""Trust lists: signature by a pinned root, bundles, and validity of keys over time."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from trust_maker import (
    DAY,
    NEXT,
    NOW,
    OTHER_ROOT,
    PDF,
    PERMIT,
    ROOT,
    SPARE_1,
    SPARE_2,
    STATUS,
    key,
    kid,
    pin,
    private,
    public,
    sign,
    trust,
    trust_list,
)  # fmt: skip

from chalicelib.kernel import errors
from chalicelib.kernel.days import TIME_MAX
from chalicelib.kernel.document_kinds import KINDS
from chalicelib.kernel.errors import DecodeError, Invalid, Unavailable
from chalicelib.token import cbor, cose
from chalicelib.trust.model.trust import Trust, active_key, jwks, usable
from chalicelib.trust.model.trust_list import (
    BODY,
    BUNDLE_LISTS,
    LIFETIME,
    LIST_CAP,
    Host,
    Pin,
    TrustKey,
    TrustList,
    encode_bundle,
    encode_trust_list,
    open_bundle,
    open_trust_list,
    thumbprint,
    trust_list_header,
)

BASE = trust_list()


def signed(each: TrustList, by: int = ROOT) -> bytes:
    return sign(by, trust_list_header(public(by)), encode_trust_list(each))


def changed(change: Callable[[dict[int, Any], dict[int, Any]], object]) -> bytes:
    """The base list with changed claims and body, signed by the right root."""
    claims = cbor.decode(encode_trust_list(BASE), cap=LIST_CAP, depth=9)
    change(claims, claims[BODY])
    return sign(ROOT, trust_list_header(public(ROOT)), cbor.encode(claims))


def test_trust_list_roundtrip() -> None:
    assert open_trust_list(signed(BASE), [pin()]) == BASE


def test_key_entry_is_cose_key_under_its_thumbprint() -> None:
    entry = cbor.decode(encode_trust_list(BASE), cap=LIST_CAP, depth=9)[BODY][3][0]
    x, y = cose.coordinates(private(PERMIT).public_key())
    assert entry[1] == {1: 2, 2: thumbprint(public(PERMIT))[:8], 3: -7, -1: 1, -2: x, -3: y}


def test_thumbprint_follows_rfc_7638() -> None:
    # The key is the generator of P-256. Its JSON is written by hand, so no code of ours decides it.
    x = base64.urlsafe_b64encode(
        bytes.fromhex("6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296")
    ).rstrip(b"=").decode()  # fmt: skip
    y = base64.urlsafe_b64encode(
        bytes.fromhex("4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5")
    ).rstrip(b"=").decode()  # fmt: skip
    text = f'{{"crv":"P-256","kty":"EC","x":"{x}","y":"{y}"}}'
    assert thumbprint(public(1)) == hashlib.sha256(text.encode()).digest()


TIMES = st.integers(0, TIME_MAX - LIFETIME)
KEYS = st.builds(
    TrustKey,
    kid=st.just(b""),
    public_key=st.just(b""),
    purpose=st.sampled_from(["permit", "status", "pdf"]),
    kinds=st.sets(st.sampled_from(sorted(KINDS)), min_size=1).map(lambda kinds: tuple(sorted(kinds))),
    not_before=TIMES,
    retired_at=st.none() | TIMES,
    compromised=st.booleans(),
    fingerprint=st.binary(min_size=32, max_size=32),
)


@st.composite
def lists(draw: st.DrawFn) -> TrustList:
    numbers = draw(st.lists(st.integers(10, 40), max_size=6, unique=True))
    keys = []
    for n in numbers:
        one = replace(draw(KEYS), kid=kid(n), public_key=public(n))
        one = one if one.purpose == "permit" else replace(one, kinds=())
        keys.append(one if one.purpose == "pdf" else replace(one, fingerprint=None))
    seq = draw(TIMES)
    names = draw(st.lists(st.from_regex(r"[a-z]{1,8}\.kg", fullmatch=True), min_size=1, max_size=4, unique=True))
    hosts = tuple(Host(name, since, since + 1 if since % 2 else None) for name in names for since in [draw(TIMES)])
    ends = seq + draw(st.integers(1, LIFETIME))
    country = draw(st.from_regex(r"[A-Z]{2}", fullmatch=True))
    begins = draw(st.integers(0, ends - 1))
    return TrustList(
        country, seq, begins, ends, "Asia/Bishkek", hosts, f"https://{names[0]}/s/", tuple(keys), public(1)
    )


@given(lists())
def test_any_trust_list_roundtrip(each: TrustList) -> None:
    assert open_trust_list(signed(each), [pin(each.issuer)]) == each


SIGNED = signed(BASE)


@given(st.binary(max_size=200) | st.builds(lambda end: SIGNED[:end], st.integers(0, len(SIGNED))))
def test_garbage_raises_decode_error(data: bytes) -> None:
    for opened in (open_trust_list, open_bundle):
        if data not in (SIGNED, b"\x80"):
            with pytest.raises(DecodeError, match=r"^Trust list: "):
                opened(data, [pin()])


JUNK = st.recursive(
    st.integers(-(2**63), 2**63) | st.text(max_size=6) | st.binary(max_size=6) | st.booleans(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.integers(-5, 9), inner, max_size=3),
    max_leaves=6,
)


@given(st.sampled_from([1, 4, 5, 6, BODY]), st.integers(0, 4), JUNK, st.booleans())
def test_junk_in_any_field_raises_decode_error_only(claim: int, label: int, junk: Any, deeper: bool) -> None:
    def put(claims: dict[int, Any], body: dict[int, Any]) -> None:
        if deeper:
            body[label] = junk
        else:
            claims[claim] = junk

    try:
        found = open_trust_list(changed(put), [pin()])
    except DecodeError:
        return
    assert encode_trust_list(found) == cose.decode_sign1(changed(put), cap=LIST_CAP, typ=TYP).payload


TYP = "application/vnd.tamga.trust-list+cwt"


def first_key(body: dict[int, Any]) -> dict[int, Any]:
    entry: dict[int, Any] = body[3][0]
    return entry


REFUSED: dict[str, Callable[[dict[int, Any], dict[int, Any]], object]] = {
    "unknown claim": lambda c, b: c.update({2: "x"}),
    "missing claim": lambda c, b: c.pop(5),
    "Party in lower case": lambda c, b: c.update({1: "kg"}),
    "Party with a newline": lambda c, b: c.update({1: "KG\n"}),
    "time below zero": lambda c, b: c.update({5: -1}),
    "time beyond 2^53": lambda c, b: c.update({4: TIME_MAX + 1, 6: TIME_MAX}),
    "time as text": lambda c, b: c.update({6: str(NOW)}),
    "61 days": lambda c, b: c.update({4: NOW + 60 * DAY + 1}),
    "ends before it begins": lambda c, b: c.update({5: NOW + 60 * DAY}),
    "ends before its issue": lambda c, b: c.update({4: NOW, 5: 0}),
    "unknown field": lambda c, b: b.update({5: 1}),
    "zone that is no name": lambda c, b: b.update({0: "Asia/Bishkek/../x"}),
    "zone with bidi": lambda c, b: b.update({0: "Asia/\u202eBishkek"}),
    "no host": lambda c, b: b.update({1: []}),
    "51 hosts": lambda c, b: b.update({1: [["tamga.kg", NOW]] + [[f"h{i}.kg", NOW] for i in range(50)]}),
    "host in upper case": lambda c, b: b.update({1: [["tamga.kg", NOW], ["Tamga.kg", NOW]]}),
    "host with a port": lambda c, b: b.update({1: [["tamga.kg", NOW], ["tamga.kg:443", NOW]]}),
    "host of 254 characters": lambda c, b: b.update({1: [["tamga.kg", NOW], ["a.kg" + ".kgzgz" * 41 + ".kgz", NOW]]}),
    "host twice": lambda c, b: b.update({1: [["tamga.kg", NOW], ["tamga.kg", NOW + 1]]}),
    "host ends as it begins": lambda c, b: b.update({1: [["tamga.kg", NOW, NOW]]}),
    "host that ended in 1970": lambda c, b: b.update({1: [["tamga.kg", NOW, 0]]}),
    "prefix of another host": lambda c, b: b.update({2: "https://tamga.uz/s/"}),
    "prefix without TLS": lambda c, b: b.update({2: "http://tamga.kg/s/"}),
    "prefix with a path": lambda c, b: b.update({2: "https://tamga.kg/x/s/"}),
    "keys as a map": lambda c, b: b.update({3: {}}),
    "key twice": lambda c, b: b[3].append(b[3][0]),
    "root as a permit key": lambda c, b: first_key(b).update({1: b[4]}),
    "purpose unknown": lambda c, b: first_key(b).update({0: "root"}),
    "permit key without kinds": lambda c, b: first_key(b).pop(3),
    "permit key with no kinds": lambda c, b: first_key(b).update({3: []}),
    "unknown kind": lambda c, b: first_key(b).update({3: ["E", "Q"]}),
    "kinds out of order": lambda c, b: first_key(b).update({3: ["I", "E"]}),
    "kind twice": lambda c, b: first_key(b).update({3: ["E", "E"]}),
    "kind as a list": lambda c, b: first_key(b).update({3: [["E"]]}),
    "status key with kinds": lambda c, b: b[3][3].update({3: ["E"]}),
    "pdf key without fingerprint": lambda c, b: b[3][5].pop(6),
    "short fingerprint": lambda c, b: b[3][5].update({6: bytes(31)}),
    "fingerprint of a permit key": lambda c, b: first_key(b).update({6: bytes(32)}),
    "compromised false": lambda c, b: first_key(b).update({5: False}),
    "compromised 1": lambda c, b: first_key(b).update({5: 1}),
    "retired never": lambda c, b: first_key(b).update({4: -1}),
    "unknown key field": lambda c, b: first_key(b).update({7: 1}),
    "RSA": lambda c, b: first_key(b)[1].update({1: 3}),
    "P-384": lambda c, b: first_key(b)[1].update({-1: 2}),
    "curve true": lambda c, b: first_key(b)[1].update({-1: True}),
    "EdDSA": lambda c, b: first_key(b)[1].update({3: -8}),
    "off the curve": lambda c, b: first_key(b)[1].update({-3: bytes(32)}),
    "short coordinate": lambda c, b: first_key(b)[1].update({-2: first_key(b)[1][-2][1:]}),
    "compressed point": lambda c, b: first_key(b)[1].update({-3: True}),
    "another's kid": lambda c, b: first_key(b)[1].update({2: kid(NEXT)}),
    "private part": lambda c, b: first_key(b)[1].update({-4: bytes(32)}),
    "no root": lambda c, b: b.pop(4),
    "root with another kid": lambda c, b: b[4].update({2: kid(NEXT)}),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_malformed_trust_list_is_refused(name: str) -> None:
    with pytest.raises(DecodeError, match=r"^Trust list: ") as caught:
        open_trust_list(changed(REFUSED[name]), [pin()])
    assert (caught.value.code, caught.value.check) == ("T1", 3)


def test_unchanged_list_is_accepted() -> None:
    """The base of the malformed lists is valid, so each refusal comes from its change."""
    assert open_trust_list(changed(lambda c, b: None), [pin()]) == BASE


def test_unreadable_list_is_not_encoded() -> None:
    for broken in (
        replace(BASE, issuer="kg"), replace(BASE, expires_at=NOW), replace(BASE, hosts=()),
        replace(BASE, keys=(replace(BASE.keys[0], kid=kid(NEXT)),)),
        replace(BASE, keys=(replace(BASE.keys[0], fingerprint=bytes(32)),)),
        replace(BASE, keys=(replace(BASE.keys[3], kinds=("E",)),)),
    ):  # fmt: skip
        with pytest.raises(Invalid):
            encode_trust_list(broken)
    with pytest.raises(errors.KeyFormatError):
        encode_trust_list(replace(BASE, root=b"no key"))


def test_unpinned_root_in_list_is_refused() -> None:
    stranger = replace(BASE, root=public(OTHER_ROOT))
    with pytest.raises(DecodeError, match="not pinned"):
        open_trust_list(signed(stranger, OTHER_ROOT), [pin()])
    assert open_trust_list(signed(stranger, OTHER_ROOT), [pin("KG", ROOT, OTHER_ROOT)]) == stranger


def test_root_signs_for_its_own_country_only() -> None:
    pins = [pin("KG", ROOT), pin("UZ", OTHER_ROOT)]
    foreign = trust_list("KG", root=OTHER_ROOT)
    with pytest.raises(DecodeError, match="not pinned"):
        open_trust_list(signed(foreign, OTHER_ROOT), pins)
    with pytest.raises(DecodeError, match="not pinned"):
        open_trust_list(signed(BASE), [])


def test_list_not_signed_by_pinned_root_is_refused() -> None:
    payload, header = encode_trust_list(BASE), trust_list_header(public(ROOT))
    with pytest.raises(DecodeError, match="does not match"):
        open_trust_list(sign(OTHER_ROOT, header, payload), [pin()])
    with pytest.raises(DecodeError, match="kid of the header"):
        open_trust_list(sign(ROOT, trust_list_header(public(OTHER_ROOT)), payload), [pin()])
    with pytest.raises(DecodeError, match="protected header"):
        open_trust_list(sign(ROOT, cose.encode_protected(kid(ROOT)), payload), [pin()])
    with pytest.raises(DecodeError, match="too long"):
        open_trust_list(signed(BASE) + bytes(LIST_CAP), [pin()])


def test_every_flipped_bit_is_refused() -> None:
    data = signed(BASE)
    for place in range(0, len(data) * 8, 7):
        flipped = bytearray(data)
        flipped[place // 8] ^= 1 << place % 8
        with pytest.raises(DecodeError):
            open_trust_list(bytes(flipped), [pin()])


def test_practice_and_production_lists_never_mix() -> None:
    practice = trust_list(host="practice.tamga.kg")
    assert open_trust_list(signed(practice), [pin(practice=True)]) == practice
    with pytest.raises(DecodeError, match="never mixed"):
        open_trust_list(signed(practice), [pin()])
    with pytest.raises(DecodeError, match="never mixed"):
        open_trust_list(signed(BASE), [pin(practice=True)])


@pytest.mark.parametrize(
    "pins", [[pin(), pin("KG", OTHER_ROOT)], [Pin("KG", ())], [Pin("KG", (bytes(32),) * 3)], [Pin("KG", (bytes(8),))]]
)
def test_wrong_pin_configuration_is_reported(pins: list[Pin]) -> None:
    with pytest.raises(Invalid, match="pin"):
        open_trust_list(signed(BASE), pins)


# Bundles


UZ = trust_list("UZ", "tamga.uz", root=OTHER_ROOT)
PINS = [pin("KG", ROOT), pin("UZ", OTHER_ROOT)]


def test_bundle_gives_one_list_per_country_in_order_of_pins() -> None:
    assert open_bundle(encode_bundle([signed(UZ, OTHER_ROOT), signed(BASE)]), PINS) == (BASE, UZ)
    assert open_bundle(encode_bundle([]), PINS) == ()


def test_faulty_list_spoils_no_other_in_bundle() -> None:
    bundle = encode_bundle([b"", signed(UZ, ROOT), signed(BASE), b"\xd2\x84"])
    assert open_bundle(bundle, PINS) == (BASE,)


def test_bundle_without_valid_list_reports_the_reason() -> None:
    with pytest.raises(DecodeError, match="not pinned"):
        open_bundle(encode_bundle([signed(BASE), b"x"]), [pin("UZ")])


def test_newest_seq_in_bundle_counts() -> None:
    newer = replace(BASE, seq=NOW + 1)
    assert open_bundle(encode_bundle([signed(newer), signed(BASE)]), PINS) == (newer,)
    assert open_bundle(encode_bundle([signed(BASE), signed(newer), signed(BASE)]), PINS) == (newer,)


def test_list_not_yet_valid_waits_while_another_serves() -> None:
    later = replace(BASE, seq=NOW + 1, not_before=NOW + DAY)
    bundle = encode_bundle([signed(BASE), signed(later)])
    assert open_bundle(bundle, PINS, now=NOW) == (BASE,)
    assert open_bundle(bundle, PINS, now=NOW + DAY) == (later,)
    assert open_bundle(encode_bundle([signed(later)]), PINS, now=NOW) == (later,)


def test_seq_never_falls() -> None:
    bundle = encode_bundle([signed(BASE), signed(UZ, OTHER_ROOT)])
    assert open_bundle(bundle, PINS, newest_seq={"KG": NOW}) == (BASE, UZ)
    assert open_bundle(bundle, PINS, newest_seq={"KG": NOW + 1}) == (UZ,)
    with pytest.raises(DecodeError, match="lower than one accepted"):
        open_bundle(encode_bundle([signed(BASE)]), PINS, newest_seq={"KG": NOW + 1})


def test_two_lists_with_one_seq_are_both_refused() -> None:
    twin = replace(BASE, keys=BASE.keys[:5])
    assert open_bundle(encode_bundle([signed(BASE), signed(twin), signed(UZ, OTHER_ROOT)]), PINS) == (UZ,)
    with pytest.raises(DecodeError, match="with the same seq"):
        open_bundle(encode_bundle([signed(BASE), signed(twin)]), PINS)
    assert open_bundle(encode_bundle([signed(BASE), signed(BASE)]), PINS) == (BASE,)  # ECDSA: other bytes, same list


@pytest.mark.parametrize(
    "data",
    [b"", b"\xa0", cbor.encode(["x"]), cbor.encode([[]]), cbor.encode([b"x"]) + b"\0", b"\x9f\xff",
     cbor.encode([b"x"] * (BUNDLE_LISTS + 1))],
)  # fmt: skip
def test_malformed_bundle_is_refused(data: bytes) -> None:
    with pytest.raises(DecodeError) as caught:
        open_bundle(data, PINS)
    assert caught.value.code == "T1"


# Validity of keys


def test_key_is_usable_from_nbf_to_retirement_unless_compromised() -> None:
    one = replace(key(PERMIT), retired_at=NOW + 10)
    assert [usable(one, NOW + at) for at in (-1, 0, 9, 10)] == [False, True, True, False]
    assert usable(replace(one, retired_at=None), NOW + 10**9)
    assert not usable(replace(one, compromised=True), NOW)


def test_earliest_usable_key_signs() -> None:
    late, early, twin = key(PERMIT, not_before=NOW + 5), key(SPARE_1), key(SPARE_2)
    spares = replace(BASE, keys=(late, early, twin))
    assert active_key(spares, "permit", NOW + 9) == early
    assert active_key(replace(spares, keys=(late, replace(early, compromised=True), twin)), "permit", NOW + 9) == twin
    gone = replace(early, retired_at=NOW + 7)
    assert active_key(replace(spares, keys=(late, gone)), "permit", NOW + 6) == gone
    assert active_key(replace(spares, keys=(late, gone)), "permit", NOW + 7) == late


def test_signing_key_has_the_purpose_and_kind() -> None:
    exports, certificates = key(PERMIT, kinds=("E", "R")), key(SPARE_1, kinds=("OC",))
    some = replace(BASE, keys=(key(STATUS, "status"), exports, certificates, key(PDF, "pdf")))
    assert active_key(some, "permit", NOW, kind="OC") == certificates
    assert active_key(some, "status", NOW).kid == kid(STATUS)
    assert active_key(some, "pdf", NOW).kid == kid(PDF)
    with pytest.raises(Unavailable, match="permit key for I"):
        active_key(some, "permit", NOW, kind="I")
    with pytest.raises(Unavailable, match="status"):
        active_key(some, "status", NOW - 1)


# Look-ups in the verifier's trust


def test_trust_finds_lists_hosts_and_keys() -> None:
    known = trust(BASE, UZ)
    assert known.list_for("UZ") == UZ
    assert known.list_for("KZ") is None
    assert known.lists_for_host("tamga.kg") == (BASE,)
    assert known.lists_for_host("tamga.kz") == ()
    assert known.find_key(kid(STATUS)) == (BASE, BASE.keys[3])
    assert known.find_key(b"12345678") is None
    assert known.public_key(BASE.keys[0]) == private(PERMIT).public_key()
    assert Trust().find_key(kid(PERMIT)) is None


def test_our_key_or_host_in_other_partys_list_stays_ours() -> None:
    rogue = replace(UZ, hosts=(*UZ.hosts, Host("tamga.kg", 0)), keys=(key(PERMIT, "status"),))
    ours_second, ours_first = trust(rogue, BASE), trust(BASE, rogue)
    assert ours_second.find_key(kid(PERMIT), "KG") == (BASE, BASE.keys[0])
    assert ours_second.find_key(kid(PERMIT), "UZ") == (rogue, rogue.keys[0])
    assert ours_second.find_key(kid(SPARE_1), "UZ") is None
    assert ours_first.lists_for_host("tamga.kg") == (BASE, rogue)


# JWKS


def test_jwks_lists_permit_keys_for_foreign_libraries() -> None:
    found = jwks([BASE], NOW)["keys"]
    assert [each["kid"] for each in found] == [
        base64.urlsafe_b64encode(kid(n)).decode().rstrip("=") for n in (PERMIT, SPARE_1, SPARE_2)
    ]
    assert found[0].keys() == {"kty", "crv", "x", "y", "alg", "use", "kid", "iss", "nbf", "exp"}
    assert (found[0]["iss"], found[0]["nbf"], found[0]["exp"]) == ("KG", NOW, BASE.expires_at)


def test_jwks_leaves_out_keys_that_are_no_longer_valid() -> None:
    old = replace(key(PERMIT), retired_at=NOW + DAY)
    bad, future = replace(key(SPARE_1), compromised=True), key(SPARE_2, not_before=NOW + 59 * DAY)
    never = replace(key(NEXT), retired_at=NOW)
    some = replace(BASE, keys=(old, bad, future, never))
    assert [(each["nbf"], each["exp"]) for each in jwks([some], NOW + 2 * DAY)["keys"]] == [(NOW, NOW + DAY)]
    assert jwks([some], some.expires_at) == {"keys": []}
    much_later = replace(some, seq=NOW + 1100 * DAY, expires_at=NOW + 1150 * DAY)
    assert [each["nbf"] for each in jwks([much_later], NOW + 1120 * DAY)["keys"]] == [NOW + 59 * DAY]
