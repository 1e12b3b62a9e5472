"""Inputs that each decoder accepts or refuses: text, CBOR, COSE, claims."""

from __future__ import annotations

from typing import Any

from vectors import craft as c
from vectors.craft import HOST, Raw

Vector = dict[str, Any]
MARK = "https://tamga.kg/1#"


def vector(name: str, why: str, given: Vector, expect: Vector) -> Vector:
    return {"name": name, "why": why, "input": given, "expect": expect}


def texts() -> list[Vector]:
    """QR texts. expect: {"host", "token"} or {"refused": code}."""
    good = [
        (f"{n} bytes", "7 bytes are 17 digits, the last 1..6 bytes 3, 5, 8, 10, 13, 15", bytes(range(250, 250 - n, -1)))
        for n in (1, 2, 3, 4, 5, 6, 7, 8, 14)
    ]
    good += [("zeros", "leading zeros are kept", bytes(9)), ("largest", "2^56 - 1 fits 17 digits", b"\xff" * 7)]
    rows = [
        vector(name, why, {"text": MARK + c.digits(data)}, {"host": HOST, "token": data.hex()})
        for name, why, data in good
    ]
    rows.append(
        vector("capital host", "hosts are compared in lower case", {"text": "https://TAMGA.kg/1#007"},
               {"host": HOST, "token": "07"})
    )  # fmt: skip
    bad = [
        ("no digits", "an empty token", MARK, "T3"),
        ("group too large", "17 digits of 2^56", MARK + "72057594037927936", "T3"),
        ("last group too large", "3 digits above 255", MARK + "256", "T3"),
        *((f"remainder {n}", "no number of bytes has so many digits", MARK + "0" * n, "T3")
          for n in (1, 2, 4, 6, 7, 9, 11, 12, 14, 16)),
        ("remainder after a group", "17 + 4 digits", MARK + "0" * 21, "T3"),
        ("letter", "only 0-9", MARK + "00x", "T3"),
        ("minus", "int() would take it", MARK + "-07", "T3"),
        ("underscore", "int() would take it", MARK + "0_7", "T3"),
        ("blank inside", "int() would take it", MARK + " 07", "T3"),
        ("trailing newline", "the core strips nothing", MARK + "007\n", "T3"),
        ("arabic digits", "digits, but not ASCII", MARK + "٠٠٧", "T3"),
        ("full-width digits", "digits, but not ASCII", MARK + "００７", "T3"),
        ("superscript", "isdigit() says yes", MARK + "00²", "T3"),
        ("too long", "5,039 characters, before any conversion", MARK + "0" * (5039 - len(MARK)), "T3"),
        ("too long, foreign", "5,039 characters of something else", "9" * 5039, "T4"),
        ("empty", "nothing", "", "T4"),
        ("leading blank", "the core strips nothing", " " + MARK + "007", "T4"),
        ("http", "another scheme", "http://tamga.kg/1#007", "T4"),
        ("capital scheme", "another spelling", "HTTPS://tamga.kg/1#007", "T4"),
        ("version 2", "another form", "https://tamga.kg/2#007", "T4"),
        ("port", "no port", "https://tamga.kg:443/1#007", "T4"),
        ("user", "no user", "https://tamga.kg@evil.example/1#007", "T4"),
        ("query", "no query", "https://tamga.kg/1?x#007", "T4"),
        ("no host", "a host has characters", "https:///1#007", "T4"),
        ("cyrillic host", "а looks like a", "https://tаmga.kg/1#007", "T4"),
        ("health certificate", "another kind of code", "HC1:6BFOXN%TS3DH0YOJ58S S-W5HDC", "T4"),
        ("only digits", "a waybill", "17612345675", "T4"),
    ]  # fmt: skip
    return rows + [vector(name, why, {"text": text}, {"refused": code}) for name, why, text, code in bad]


def longest() -> Vector:
    body = 5038 - len(MARK)
    body -= (body % 17) - max(w for w in (0, *c.WIDTHS[1:7]) if w <= body % 17)
    data = bytes(body // 17 * 7 + c.WIDTHS.index(body % 17))
    return vector("longest", "up to 5,038 characters", {"text": MARK + "0" * body}, {"host": HOST, "token": data.hex()})


def cbor() -> list[Vector]:
    """Strict CBOR, nesting up to 4, up to 64 bytes. expect: {"accepted": true | false}."""
    good = ["00", "17", "1818", "190100", "1a00010000", "1b0000000100000000", "20", "3bffffffffffffffff", "40", "4101",
            "60", "6161", "80", "8101", "a0", "a10102", "a2010220 03".replace(" ", ""), "f4", "f5",
            "81818180", "8181818180", "a3016161200061616162"]  # fmt: skip
    bad = [
        ("empty", ""), ("trailing byte", "0000"), ("cut short", "42 01"), ("integer in 2 bytes, fits in 1", "1817"),
        ("integer in 3 bytes", "1900ff"), ("integer in 5 bytes", "1a0000ffff"), ("integer in 9", "1b00000000ffffffff"),
        ("length in 2 bytes, fits in 1", "5800"), ("indefinite bytes", "5f4101ff"), ("indefinite text", "7f6161ff"),
        ("indefinite array", "9f01ff"), ("indefinite map", "bf0102ff"), ("key twice", "a201020103"),
        ("keys out of order", "a202000100"), ("negative key before positive", "a220000100"),
        ("text key before integer", "a261610001 00".replace(" ", "")), ("bytes as a key", "a1410100"),
        ("true as a key", "a1f500"), ("float", "f93c00"), ("float64", "fb3ff0000000000000"), ("null", "f6"),
        ("undefined", "f7"), ("simple value", "e0"), ("tag", "c100"), ("big number", "c24101"),
        ("self-described", "d9d9f700"), ("shared value", "d81c00"), ("text not UTF-8", "61ff"),
        ("text with half a surrogate pair", "63eda080"), ("overlong UTF-8", "62c080"),
        ("five arrays deep", "818181818100"),
        ("65 bytes", "583f" + "00" * 63), ("reserved head", "1c"), ("break alone", "ff"),
    ]  # fmt: skip
    rows = [vector(f"accepts {data}", "the one spelling", {"cbor": data}, {"accepted": True}) for data in good]
    return rows + [
        vector(name, "no second spelling", {"cbor": d.replace(" ", "")}, {"accepted": False}) for name, d in bad
    ]


def cose() -> list[Vector]:
    """Tokens. expect: {"kid", "payload", "signature"} or {"refused": "T3"}."""
    payload = c.payload()
    good = c.token()
    kid, sig = c.kid("KG permit"), good[-64:]
    protected = c.cbor({1: -7, 4: kid})

    def message(*parts: Any, tag: bytes = b"\xd2") -> bytes:
        return tag + c.cbor(list(parts))

    def header(fields: dict[Any, Any]) -> bytes:
        return message(c.cbor(fields), {}, payload, sig)

    big = 2048 - len(message(protected, {}, bytes(1000), sig)) + 1000
    bad = [
        ("no tag", "tag 18 is required", good[1:]),
        ("another tag", "tag 17 is a MAC", b"\xd1" + good[1:]),
        ("long tag", "tag 18 in two bytes", b"\xd8\x12" + good[1:]),
        ("tag twice", "nothing around the message", b"\xd2" + good),
        ("three parts", "four parts", message(protected, {}, payload)),
        ("five parts", "four parts", message(protected, {}, payload, sig, b"")),
        ("trailing byte", "nothing behind the message", good + b"\0"),
        ("cut short", "whole", good[:-1]),
        ("empty", "something", b""),
        ("alg ES384", "the algorithm is fixed", header({1: -35, 4: kid})),
        ("alg none", "the algorithm is fixed", header({4: kid})),
        ("alg as text", "the algorithm is fixed", header({1: "ES256", 4: kid})),
        ("alg true", "true is not a number", header({1: True, 4: kid})),
        ("no kid", "kid stands in the protected header", header({1: -7})),
        ("kid of 7 bytes", "8 bytes", header({1: -7, 4: kid[:7]})),
        ("kid of 9 bytes", "8 bytes", header({1: -7, 4: kid + b"\0"})),
        ("kid as text", "a byte string", header({1: -7, 4: "12345678"})),
        ("critical header", "unknown header parameters are refused", header({1: -7, 2: [100], 4: kid, 100: 1})),
        ("typ on a permit", "a permit has none", header({1: -7, 4: kid, 16: c.STATUS_LIST})),
        ("empty protected", "a header is there", message(b"", {}, payload, sig)),
        ("protected as a map", "a byte string", message({1: -7, 4: kid}, {}, payload, sig)),
        ("unsorted protected", "deterministic too", message(b"\xa2\x04\x48" + kid + b"\x01\x26", {}, payload, sig)),
        ("unprotected kid", "the unprotected header is empty", message(protected, {4: kid}, payload, sig)),
        ("unprotected as an array", "an empty map", message(protected, [], payload, sig)),
        ("detached payload", "null is no payload", message(protected, {}, Raw(b"\xf6"), sig)),
        ("payload as text", "a byte string", message(protected, {}, "x", sig)),
        ("signature of 63 bytes", "r and s, 32 each", message(protected, {}, payload, sig[:63])),
        ("signature of 65 bytes", "r and s, 32 each", message(protected, {}, payload, sig + b"\0")),
        ("length not minimal", "deterministic", b"\xd2\x84\x59\x00\x0d" + good[3:]),
        ("2,049 bytes", "refused before decoding", message(protected, {}, bytes(big + 1), sig)),
    ]  # fmt: skip
    largest = message(protected, {}, bytes(big), sig)
    accepted = [("falcon", good, payload), ("2,048 bytes", largest, bytes(big))]
    rows = [
        vector(name, "well formed", {"token": data.hex()},
               {"kid": kid.hex(), "payload": inside.hex(), "signature": sig.hex()})
        for name, data, inside in accepted
    ]  # fmt: skip
    return rows + [vector(name, why, {"token": d.hex()}, {"refused": "T3"}) for name, why, d in bad]


LINE = ["Falco cherrug", 2, "C", "LIV", "1"]


def _line(**at: Any) -> list[Any]:
    line: list[Any] = list(LINE)
    for name, value in at.items():
        if name == "extras":
            line.append(value)
        else:
            line[int(name[1:])] = value
    return line


def claims() -> list[Vector]:
    """Payloads. expect: {"accepted": true} or {"refused": "T6"}."""
    base = c.claims()

    def outside(drop: Any = None, **more: Any) -> bytes:
        found = {key: value for key, value in base.items() if key != drop}
        return c.cbor(found | more.get("add", {}))

    def inside(drop: int | None = None, add: dict[Any, Any] | None = None) -> bytes:
        permit = {key: value for key, value in base[-65537].items() if key != drop}
        return c.cbor(base | {-65537: permit | (add or {})})

    def lines(*found: Any) -> bytes:
        return c.payload(p5=list(found))

    def extra(**fields: Any) -> bytes:
        return lines(_line(extras={int(name[1:]): value for name, value in fields.items()}))

    good = [
        ("falcon", c.payload()),
        ("four lines", lines(*[LINE] * 4)),
        ("stamp", c.payload(p6="KG 0001234")),
        ("page 20 of 20", c.payload(p8=[20, 20])),
        ("page 1 of 2", c.payload(p8=[1, 2])),
        ("appendix 0", lines(_line(_1=0))),
        ("smallest quantity", lines(_line(_4="0.000001"))),
        ("largest quantity", lines(_line(_4="999999999.999999"))),
        ("all extras", extra(_0="KGM", _1=[1500, bytes(16)], _2=["KZ", "24KZ1", "2024-02-29"], _3=["AE", "x"], _4="1")),
        ("latest time", c.payload(exp=9007199254740991)),
        ("times and index 0", c.payload(exp=0, iat=0, idx=0)),
        ("letters beyond ASCII", c.payload(p2=["Müller‑Ağaoğlu …", "KG"])),
        ("private letters of a suffix", c.payload(p1="26KG000001/OT")),
    ]
    bad: list[tuple[str, bytes]] = [
        *((f"without {key}", outside(key)) for key in (1, 4, 6, 7, 65535, -65537)),
        ("unknown claim", outside(add={5: 1})),
        ("a text claim", outside(add={"x": 1})),
        *((f"permit without {key}", inside(key)) for key in (0, 1, 2, 3, 4, 5, 7)),
        ("permit with key 9", inside(add={9: 1})),
        ("permit with a negative key", inside(add={-1: 1})),
        ("permit as an array", c.cbor(base | {-65537: []})),
        ("claims as an array", c.cbor([])),
        ("not CBOR", b"\xff"),
        ("trailing byte", c.payload() + b"\0"),
        ("unsorted", b"\xa6" + c.payload()[7:] + c.payload()[1:7]),
        ("too deep", extra(_2=[[[[["KG"]]]]])),
        *((f"iss {value!r}", c.payload(iss=value)) for value in ("kg", "KGZ", "K", "", "К" + "G", 7)),
        *((f"exp {value!r}", c.payload(exp=value)) for value in (-1, 9007199254740992, "1", True, b"1")),
        *((f"iat {value!r}", c.payload(iat=value)) for value in (-1, 9007199254740992, "1", False)),
        *((f"cti {value!r}", c.payload(cti=value)) for value in (bytes(15), bytes(17), "0123456789abcdef")),
        ("status without uri", c.cbor(base | {65535: {"status_list": {"idx": 1}}})),
        ("status with more", c.cbor(base | {65535: {"status_list": {"idx": 1, "uri": c.URI, "x": 1}}})),
        ("status of another kind", c.cbor(base | {65535: {"identifier_list": {"idx": 1, "uri": c.URI}}})),
        ("idx negative", c.payload(idx=-1)),
        ("idx true", c.payload(idx=True)),
        ("uri empty", c.payload(uri="")),
        ("uri as bytes", c.payload(uri=b"https://tamga.kg/s/27q3")),
        *((f"kind {value!r}", c.payload(p0=value)) for value in ("X", "e", "O", "OX", "", 0, ["E"])),
        *((f"number {value!r}", c.payload(p1=value))
          for value in ("26KG00123/E", "26KG0000123/E", "26KG000123", "26KG000123/EEE", "26kg000123/E",
                        "26KG000123/E ", "26KG00012٣/E", "")),
        ("party without country", c.payload(p2=["A"])),
        ("party with more", c.payload(p2=["A", "KG", "B"])),
        ("party without name", c.payload(p3=["", "AE"])),
        ("country in small letters", c.payload(p3=["A", "ae"])),
        *((f"purpose {value!r}", c.payload(p4=value)) for value in ("", "BB", 1)),
        ("no lines", lines()),
        ("five lines", lines(*[LINE] * 5)),
        ("lines as a map", c.payload(p5={0: LINE})),
        ("stamp empty", c.payload(p6="")),
        ("stamp a number", c.payload(p6=1)),
        ("record digest of 15 bytes", c.payload(p7=bytes(15))),
        ("record digest of 32 bytes", c.payload(p7=bytes(32))),
        *((f"page {value!r}", c.payload(p8=value))
          for value in ([0, 2], [3, 2], [1, 1], [1, 21], [21, 21], [1], [1, 2, 3], [True, 2], ["1", 2], "1/2")),
        ("line of four", lines(LINE[:4])),
        ("line of seven", lines([*LINE, {1: "x"}, {}])),
        ("taxon empty", lines(_line(_0=""))),
        ("taxon not text", lines(_line(_0=1))),
        *((f"appendix {value!r}", lines(_line(_1=value))) for value in (4, -1, "II", True)),
        ("source empty", lines(_line(_2=""))),
        *((f"term {value!r}", lines(_line(_3=value))) for value in ("LI", "LIVE", "")),
        *((f"quantity {value!r}", lines(_line(_4=value)))
          for value in ("0", "00", "01", "1.0", "1.", ".5", "0.0", "-1", "+1", "1e3", "1,5", "1 000", "1000000000",
                        "0.0000001", "1.0000001", "", "١", 1)),
        ("extras empty", lines([*LINE, {}])),
        ("extras key 5", extra(_5="x")),
        ("extras as an array", lines([*LINE, ["x"]])),
        ("unit NAR", extra(_0="NAR")),
        *((f"unit {value!r}", extra(_0=value)) for value in ("kgm", "KG", "KGMM", 1)),
        *((f"marks {value!r}", extra(_1=value))
          for value in ("", 1, [1], [-1, bytes(16)], [1, bytes(15)], [True, bytes(16)], [1, bytes(16), 1])),
        *((f"origin {value!r}", extra(_2=value))
          for value in ([], "KG", ["kg"], ["KG", ""], ["KG", "x", "2026-02-29"], ["KG", "x", "2026-1-1"],
                        ["KG", "x", "2026-01-01", "y"], ["KG", "x", ""], ["KG", "x", "0000-01-01"])),
        ("last re-export wrong", extra(_3=["KG", "x", "2026-13-01"])),
        ("operation empty", extra(_4="")),
        *((f"U+{ord(char):04X} in a name", c.payload(p2=[f"a{char}b", "KG"]))
          for char in "\0\n\x1f\x7f\x80\x9f\u061c\u200b\u200f\u2028\u202e\u2060\u2069\ufeff"),
        ("lone surrogate", c.payload(p2=[Raw(b"\x63\xed\xa0\x80"), "KG"])),
        ("null", c.payload(p6=Raw(b"\xf6"))),
        ("float", c.payload(exp=Raw(b"\xfb\x41\xda\x00\x00\x00\x00\x00\x00"))),
        ("tag", c.payload(exp=Raw(b"\xc1\x00"))),
        ("indefinite", c.payload(p5=Raw(b"\x9f" + c.cbor(LINE) + b"\xff"))),
    ]  # fmt: skip
    rows = [vector(n, "within the schema", {"payload": d.hex()}, {"accepted": True}) for n, d in good]
    return rows + [vector(n, "outside of the schema", {"payload": d.hex()}, {"refused": "T6"}) for n, d in bad]
