"""Trust decisions of a verifier: trust lists, bundles and status lists, and also the small digests."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from vectors import craft as c
from vectors.cases_wire import Vector, vector
from vectors.craft import DAY, HOUR, T
from vectors.format_examples import EVENT as SCAN


def trust_lists() -> list[Vector]:
    """One signed list, opened under pins. expect: {"issuer", "seq", "keys"} or {"refused": "T1"}."""
    pins = [c.pin("KG"), c.pin("KZ", "KZ root", "KZ next root")]
    both, nameless = [c.pin("KG", practice=True), c.pin("KZ", practice=True)], c.pin("KG", practice=True)
    rows = [
        vector(name, why, {"list": data.hex(), "pins": found}, {"issuer": party, "seq": T - DAY, "keys": 3})
        for name, why, data, found, party in [
            ("own", "by its pinned root", c.trust_list(), pins, "KG"),
            ("another Party's", "by its own pinned root", c.trust_list("KZ"), pins, "KZ"),
            ("second root", "one of two pinned", c.trust_list("KZ", by="KZ next root", root=c.cose_key("KZ next root")),
             pins, "KZ"),
            ("practice", "a practice host under a practice pin", c.trust_list(host="practice.tamga.kg"),
             [c.pin("KG", practice=True)], "KG"),
            ("another Party's practice", "each Party has a practice host of its own",
             c.trust_list("KZ", host="practice.tamga.kz"), both, "KZ"),
        ]
    ]  # fmt: skip
    good = c.list_claims()

    def body(**at: Any) -> bytes:
        changed = good[-65538] | {int(name[1:]): value for name, value in at.items()}
        return c.sign1("KG root", c.cbor(good | {-65538: changed}), typ=c.TRUST_LIST)

    def keys(*found: Any) -> bytes:
        return c.trust_list(keys=list(found))

    def cose_key(**at: Any) -> bytes:
        one = c.key("KG permit")
        return keys(one | {1: one[1] | {int(n[1:].replace("m", "-")): value for n, value in at.items()}})

    one, printed = c.key("KG permit"), c.key("KG pdf", "pdf")
    signed = c.trust_list()
    bad = [
        ("unknown root", "a list is never believed on a root it carries",
         c.trust_list(by="stranger", root=c.cose_key("stranger"))),
        ("another Party's root", "a root speaks for its own country only",
         c.trust_list(by="KZ root", root=c.cose_key("KZ root"))),
        ("unpinned country", "no pin, no Party", c.trust_list("UZ")),
        ("carries another root", "signed by one, carries the other", c.trust_list(by="stranger")),
        ("bent signature", "the last bit", signed[:-1] + bytes([signed[-1] ^ 1])),
        ("a permit's header", "typ is due", c.sign1("KG root", c.cbor(good))),
        ("a status list's header", "typ is due", c.sign1("KG root", c.cbor(good), typ=c.STATUS_LIST)),
        ("practice host, real pin", "never mixed", c.trust_list(host="practice.tamga.kg")),
        ("not CBOR", "garbage", b"\xff" * 20),
                ("no seq", "all claims", c.sign1("KG root", c.cbor({k: v for k, v in good.items() if k != 6}),
                                         typ=c.TRUST_LIST)),
        ("unknown claim", "no others", c.sign1("KG root", c.cbor(good | {7: 1}), typ=c.TRUST_LIST)),
        ("seq true", "true is no time", c.trust_list(seq=T, nbf=True)),
        ("expires before it begins", "nbf < exp", c.trust_list(exp=T - DAY)),
        ("lives 60 days and a second", "60 days at most", c.trust_list(exp=T - DAY + 60 * DAY + 1)),
        ("zone with a path", "spelling of an IANA name", body(_0="../etc/passwd")),
        ("no host", "one at least", body(_1=[])),
        ("capital host", "lower case", body(_1=[["Tamga.kg", 0]])),
        ("host twice", "once each", body(_1=[["tamga.kg", 0], ["tamga.kg", 5]])),
        ("host ends before it begins", "since < until", body(_1=[["tamga.kg", 5, 5]])),
        ("prefix of a stranger", "one of its hosts", body(_2="https://evil.example/s/")),
        ("prefix without /s/", "one spelling", body(_2="https://tamga.kg/")),
        ("key twice", "once each", keys(one, one)),
        ("key of an unknown purpose", "permit, status, pdf", keys(one | {0: "root"})),
        ("root as a key", "one purpose a key", keys(c.key("KG root"))),
        ("permit key without kinds", "always", keys({k: v for k, v in one.items() if k != 3})),
        ("kinds unsorted", "ascending", keys(c.key("KG permit", kinds=["R", "E"]))),
        ("kind unknown", "known kinds", keys(c.key("KG permit", kinds=["X"]))),
        ("status key with kinds", "permit keys only", keys(c.key("KG status", "status") | {3: ["E"]})),
        ("compromised false", "true or absent", keys(one | {5: False})),
        ("pdf key without fingerprint", "always", keys({k: v for k, v in printed.items() if k != 6})),
        ("fingerprint of 31 bytes", "32", keys(printed | {6: bytes(31)})),
        ("kid of another key", "its own thumbprint", cose_key(_2=c.kid("KG root"))),
        ("off the curve", "a point of P-256", cose_key(_m2=bytes(31) + b"\1")),
        ("another curve", "P-256", cose_key(_m1=2)),
        ("another algorithm", "ES256", cose_key(_3=-35)),
        ("unknown field of a key", "no others", keys(one | {9: 1})),
    ]  # fmt: skip
    rows += [vector(name, why, {"list": d.hex(), "pins": pins}, {"refused": "T1"}) for name, why, d in bad]
    rows += [
        vector(name, why, {"list": d.hex(), "pins": found}, {"refused": "T1"})
        for name, why, d, found in [
            (
                "the other's practice host",
                "a practice host is one Party's",
                c.trust_list(host="practice.tamga.kz"),
                both,
            ),
            ("the reverse", "a practice host is one Party's", c.trust_list("KZ", host="practice.tamga.kg"), both),
            ("the other's practice host, real pin", "never mixed", c.trust_list(host="practice.tamga.kz"), pins),
            (
                "practice pin without a host",
                "none is believed",
                c.trust_list(host="practice.tamga.kg"),
                [nameless | {"practice_host": ""}],
            ),
        ]
    ]
    longer = {"list": signed.hex(), "zeros": 131_073 - len(signed), "pins": pins}
    return [*rows, vector("too long", "131,073 bytes: so many zeros behind it", longer, {"refused": "T1"})]


def bundles() -> list[Vector]:
    """Bundles of trust lists. expect: {"lists": {country: seq}} or {"refused": "T1"}."""
    old, new, kz = c.trust_list(seq=T - 2 * DAY), c.trust_list(), c.trust_list("KZ")
    forged = new[:-1] + bytes([new[-1] ^ 1])
    twin = c.trust_list(zone="UTC")
    later = c.trust_list(seq=T - HOUR, nbf=T + HOUR, exp=T + 9 * DAY)
    pins = [c.pin("KG"), c.pin("KZ")]
    rows: list[tuple[str, str, Any, dict[str, int], Vector]] = [
        ("two Parties", "each by itself", [new, kz], {}, {"lists": {"KG": T - DAY, "KZ": T - DAY}}),
        ("a forged one among them", "a bad list spoils no other", [forged, kz], {}, {"lists": {"KZ": T - DAY}}),
        ("old and new", "the newest counts", [old, new], {}, {"lists": {"KG": T - DAY}}),
        ("not begun yet", "before now a list that has begun", [later, new], {}, {"lists": {"KG": T - DAY}}),
        ("same seq as seen", "not falling", [new], {"KG": T - DAY}, {"lists": {"KG": T - DAY}}),
        ("rolled back", "seq never falls", [old], {"KG": T - 2 * DAY + 1}, {"refused": "T1"}),
        ("two lists, one number", "then neither", [new, twin], {}, {"refused": "T1"}),
        ("only forged", "nothing to believe", [forged], {}, {"refused": "T1"}),
        ("empty", "no list, no refusal", [], {}, {"lists": {}}),
        ("not an array", "a bundle is an array", {}, {}, {"refused": "T1"}),
        ("not of byte strings", "a bundle is an array of byte strings", ["x"], {}, {"refused": "T1"}),
        ("257 lists", "256 at most", [b""] * 257, {}, {"refused": "T1"}),
    ]
    return [
        vector(n, why, {"bundle": c.cbor(items).hex(), "pins": pins, "newest_seq": seq, "now": T}, expect)
        for n, why, items, seq, expect in rows
    ]


def status_lists() -> list[Vector]:
    """Status lists under KG's and KZ's trust lists.

    expect: {"uri", "iat", "values": {index: value}} or {"refused": "T1"}.
    """
    values = {0: 1, 1: 2, 2: 3, 4711: 12, 131070: 14, 131071: 15}
    trust = {"lists": [c.trust_list().hex(), c.trust_list("KZ").hex()], "pins": [c.pin("KG"), c.pin("KZ")]}
    good = c.status_claims(values)
    whole = c.deflate(bytes(65536))

    def signed(found: dict[Any, Any], **how: Any) -> bytes:
        return c.sign1(how.get("by", "KG status"), c.cbor(found), typ=how.get("typ", c.STATUS_LIST))

    def lst(data: bytes, bits: Any = 4) -> bytes:
        return signed(good | {65533: {"bits": bits, "lst": data}})

    proper = {"uri": c.URI, "iat": T - HOUR}
    found = {"values": {str(i): v for i, v in ({5: 0, 3: 0} | values).items()}}
    rows = [
        vector("values", "entry 0 is the low half of byte 0", {"list": signed(good).hex(), "trust": trust},
               proper | found),
        vector("without ttl", "a hint only", {"list": signed({k: v for k, v in good.items() if k != 65534}).hex(),
                                              "trust": trust}, proper | found),
        vector("as new as seen", "not older", {"list": signed(good).hex(), "trust": trust,
                                               "newest_iat": {c.URI: T - HOUR}}, proper),
    ]  # fmt: skip
    bent = signed(good)
    bad: list[tuple[str, str, bytes, dict[str, Any]]] = [
        ("older than seen", "never back", signed(good), {"newest_iat": {c.URI: T - HOUR + 1}}),
        ("permit key", "purpose `status`", signed(good, by="KG permit"), {}),
        ("another Party's key", "of the Party whose prefix it is", signed(good, by="KZ status"), {}),
        ("stranger's key", "listed", signed(good, by="stranger"), {}),
        ("bent signature", "the last bit", bent[:-1] + bytes([bent[-1] ^ 1]), {}),
        ("no typ", "typ is due", c.sign1("KG status", c.cbor(good)), {}),
        ("another typ", "typ is due", signed(good, typ="application/statuslist+jwt"), {}),
        ("stranger's address", "a trusted Party's prefix", signed(good | {2: "https://evil.example/s/27q3"}), {}),
        ("address with more", "one spelling", signed(good | {2: c.URI + "/x"}), {}),
        ("quarter 5", "one spelling", signed(good | {2: "https://tamga.kg/s/27q5"}), {}),
        ("73 hours", "exp = iat + 72 h", signed(good | {4: T + 72 * HOUR}), {}),
        ("no exp", "required here", signed({k: v for k, v in good.items() if k != 4}), {}),
        ("iat true", "a number", signed(good | {6: True}), {}),
        ("ttl 0", "within its life", signed(good | {65534: 0}), {}),
        ("8 bits", "4 bits an entry", lst(whole, 8), {}),
        ("bits 4 as text", "a number", lst(whole, "4"), {}),
        ("unknown claim", "no others", signed(good | {7: 1}), {}),
        ("one byte short", "exactly 65,536", lst(c.deflate(bytes(65535))), {}),
        ("one byte long", "exactly 65,536", lst(c.deflate(bytes(65537))), {}),
        ("a bomb", "inflate no more than that", lst(c.deflate(bytes(5_000_000))), {}),
        ("behind the stream", "nothing follows", lst(whole + b"\0"), {}),
        ("cut stream", "whole", lst(whole[:-1]), {}),
        ("not zlib", "a zlib stream", lst(b"\0" * 40), {}),
        ("raw deflate", "with zlib's head and sum", lst(whole[2:-4]), {}),
        ("too long", "66,561 bytes: so many zeros behind it", bent, {"zeros": 66_561 - len(bent)}),
    ]
    retired = c.key("KG status", "status", retired_at=T - HOUR)
    begins = c.key("KG status", "status", T - HOUR + 1)
    lost = c.key("KG status", "status", compromised=True)
    for name, key in (("retired key", retired), ("key not begun", begins), ("compromised key", lost)):
        other = trust | {"lists": [c.trust_list(keys=[key]).hex()], "pins": [c.pin("KG")]}
        bad.append((name, "nbf <= iat < retired_at, not compromised", signed(good), {"trust": other}))
    still = trust | {
        "lists": [c.trust_list(keys=[c.key("KG status", "status", T - HOUR, retired_at=T - HOUR + 1)]).hex()]
    }
    rows.append(
        vector("the key's only second", "nbf <= iat < retired_at", {"list": signed(good).hex(), "trust": still}, proper)
    )
    return rows + [
        vector(name, why, {"list": d.hex(), "trust": trust} | more, {"refused": "T1"}) for name, why, d, more in bad
    ]


def small() -> list[Vector]:
    """Digests and signatures. expect: {"check_code"}, {"digest"}, {"kid"} or, for a device, {"verified"}."""
    rows = []
    for number in (0, 1, 255):
        cti = bytes([number]) * 16
        bits = int.from_bytes(c.sha256(b"tamga-check-v1" + cti).digest()[:5])
        letters = "".join("0123456789ABCDEFGHJKMNPQRSTVWXYZ"[bits >> 35 - 5 * i & 31] for i in range(8))
        rows.append(
            vector(f"check code of {number:02x}", "40 bits of SHA-256, Crockford base 32", {"cti": cti.hex()},
                   {"check_code": f"{letters[:4]}-{letters[4:]}"})
        )  # fmt: skip
    odd = {"б": "кириллица", "a": '"\\\n\u2028€😀', "Z": {"y": "1", "x": ["2"]}}
    for name, record in (("the falcon's record", c.RECORD), ("awkward characters", odd)):
        digest = c.record_digest(record).hex()
        rows.append(vector(name, "SHA-256 of the RFC 8785 bytes", {"record": record}, {"digest": digest}))
    for name in ("KG root", "KG permit"):
        rows.append(vector(f"kid of {name}", "8 bytes of the JWK thumbprint", {"spki": c.spki(name).hex()},
                           {"kid": c.kid(name).hex()}))  # fmt: skip
    return [*rows, *devices()]


def devices() -> Iterator[Vector]:
    """Body of `POST /v1/sync`: ES256 over the RFC 8785 form of {"device_id", "events"}, exactly as sent."""
    endorsement = {
        "kind": "endorsement", "event_id": "00000000-0000-4000-8000-000000000002", "number": "26KG000123/E",
        "post": "manas-airport", "direction": "export", "endorsed_at": "2027-01-15T08:00:00Z",
        "lines": [{"quantity": "1", "line": "A"}, {"line": "B", "quantity": "0.5"}], "on_behalf_of": "Айзада «Ош»",
        "transport_document": "AWB 176-\"1\"\\\t", "recorded": None,
    }  # fmt: skip
    sent = {"device_id": "d-1", "events": [SCAN, endorsement]}
    turned = {"events": [SCAN, endorsement], "device_id": "d-1"}
    swapped = sent | {"events": [endorsement, SCAN]}

    def signed(what: Any, by: str = "KG device") -> bytes:
        text = json.dumps(what, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return c.signature(by, text.encode())

    good = signed(sent)
    for name, why, what, signature, verified in (
        ("a device's batch", "a scan and an endorsement", sent, good, True),
        ("nothing to send", "an empty array", sent | {"events": []}, signed(sent | {"events": []}), True),
        ("names in another order", "RFC 8785 sorts them", turned, good, True),
        ("events in another order", "they are signed in their order", swapped, good, False),
        ("a member more", "exactly as sent", sent | {"more": True}, good, False),
        ("another device", "its id is signed", sent | {"device_id": "d-2"}, good, False),
        ("another key", "not the registered one", sent, signed(sent, "stranger"), False),
        ("bent", "the last bit", sent, good[:-1] + bytes([good[-1] ^ 1]), False),
        ("63 bytes", "r and s, 32 each", sent, good[:-1], False),
        ("nothing signed", "r and s are 0", sent, bytes(64), False),
    ):
        given = {"spki": c.spki("KG device").hex(), "signed": what, "signature": signature.hex()}
        yield vector(name, why, given, {"verified": verified})
